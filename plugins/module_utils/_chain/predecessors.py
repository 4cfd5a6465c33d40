# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a job that another job waits for: its result is accepted, is not accepted, or is not known yet.

A wrong "accepted" starts a job, so everything that is unclear is not accepted. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import fractions
import typing as t

from .._core import batch_jobs, display

ACCEPT: t.Final = ("complete", "partial", "any")
Verdict = t.Literal["accepted", "pending", "rejected"]


@dataclasses.dataclass(frozen=True)
class Acceptance:
    """Which results of the jobs before it a job accepts.

    :param accept: complete (all tasks succeeded), partial (a limited number of tasks failed), or any (any end).
    :param max_failed: maximum number of failed tasks; only with partial.
    :param max_share: maximum share of failed tasks, from 0 to 1; only with partial.
    """

    accept: str = "complete"
    max_failed: t.Optional[int] = None
    max_share: t.Optional[fractions.Fraction] = None

    @property
    def limit(self) -> str:
        """The limit in words."""
        return f"{self.max_failed}" if self.max_share is None else f"{float(self.max_share * 100):g}%"


@dataclasses.dataclass(frozen=True)
class Judgment:
    """The verdict about one job, and the reason, which names the job.

    :param final: whether a rejected job has ended with a known result. A job that was not found can still appear.
    """

    verdict: Verdict
    reason: str
    final: bool = False


class _Tasks(t.NamedTuple):
    """The tasks of a job that has ended.

    :param failed: all tasks that did not succeed.
    """

    total: int
    failed: int


def judge(job: batch_jobs.Job, acceptance: Acceptance) -> Judgment:
    """Return whether the result of a job is accepted.

    A status that is not documented never counts as an end.
    """
    if not job.is_ended:
        state = f"is {job.status}" if job.is_known else f"has the unknown status {job.status!r}"
        return Judgment("pending", f"job {job.job_id} {state}")
    tasks = _count(job.progress)
    text = f"job {job.job_id} is {job.status}{_counts(tasks)}"
    if acceptance.accept == "any":
        return Judgment("accepted", text)
    if job.status != "Complete":
        return Judgment("rejected", text, final=True)
    if tasks is None:
        return Judgment("rejected", f"{text}, but its task counts are unknown")
    return _by_tasks(text, tasks, acceptance)


def _by_tasks(text: str, tasks: _Tasks, acceptance: Acceptance) -> Judgment:
    if not tasks.failed:
        return Judgment("accepted", text)
    if acceptance.accept == "complete":
        return Judgment("rejected", f"{text} (accept=complete)", final=True)
    if acceptance.max_share is None:
        within = acceptance.max_failed is not None and tasks.failed <= acceptance.max_failed
    else:
        within = tasks.failed <= acceptance.max_share * tasks.total
    text = f"{text} (max_failed={acceptance.limit})"
    return Judgment("accepted", text) if within else Judgment("rejected", text, final=True)


def _count(progress: batch_jobs.Progress) -> t.Optional[_Tasks]:
    """Return the tasks of an ended job; None if they cannot be known.

    A provider can omit a count of 0, so one of the counts is enough. Tasks without a result count as failed.
    """
    total, succeeded, failed = progress
    if succeeded is None and failed is None:
        return _Tasks(0, 0) if total == 0 else None
    done, lost = succeeded or 0, failed or 0
    everything = max(total or 0, done + lost)
    if min(done, lost, everything) < 0:
        return None
    return _Tasks(everything, everything - done)


def _counts(tasks: t.Optional[_Tasks]) -> str:
    if tasks is None:
        return ""
    return f", {tasks.failed} of {display.count(tasks.total, 'task')} failed"
