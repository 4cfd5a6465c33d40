# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate what a job that is waited for has come to: reached, failed, or still on its way.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, statuses


@dataclasses.dataclass(frozen=True)
class WaitCondition:
    """What is waited for.

    :param statuses: any of these, or one further on; empty for the end.
    :param suspended: fail or wait: what to do about a job that waits for a confirmation.
    :param max_failed_tasks: failed tasks with which a Complete job still counts as a success; None for any number.
    :param max_failed_ratio: the same as a share of the tasks that were done.
    """

    statuses: tuple[str, ...] = ()
    suspended: str = "fail"
    max_failed_tasks: t.Optional[int] = 0
    max_failed_ratio: t.Optional[float] = None

    @property
    def end(self) -> bool:
        """Whether a job has to be Complete, so that its failed tasks count."""
        return not self.statuses or "Complete" in self.statuses

    def __str__(self) -> str:
        return " or ".join(self.statuses) or "the end"


WaitState = t.Literal["reached", "waiting", "failed"]


@dataclasses.dataclass(frozen=True)
class WaitStatus:
    """What a job has come to.

    :param state: reached, waiting or failed.
    :param job: None where the cloud knows none of this id.
    :param reason: a sentence for a person.
    """

    job_id: str
    state: WaitState
    job: t.Optional[batch_jobs.Job]
    reason: str
    failure: t.Optional[errors.Failure] = None


def evaluate(job: batch_jobs.Job, goal: WaitCondition) -> WaitStatus:
    """Return what a job that was read has come to."""
    status = job.status
    if status == "Complete" and goal.end:
        return _completed(job, goal)
    if status in goal.statuses:
        return _reached(job, f"is {status}")
    passed = [item for item in goal.statuses if statuses.is_beyond(status, item)]
    if passed:
        return _reached(job, f"is {status}, which is beyond {' or '.join(passed)}")
    if status in statuses.ENDED:
        why = f": {_reasons(job)}" if job.failure_reasons or job.status_reason else ""
        done = _done(job.progress)
        text = (
            f"{_named(job)} is {status}{why}; {done}"
            if not goal.statuses
            else f"{_named(job)} is {status} and will never be {goal}"
        )
        return _failed(job, "ended", text, "")
    if status == "Suspended" and goal.suspended == "fail":
        hint = "Confirm it (status Ready) or cancel it; with suspended=wait the task waits until somebody else does."
        return _failed(job, "conflict", f"{_named(job)} is Suspended and will not move without a confirmation", hint)
    return WaitStatus(job.job_id, "waiting", job, f"is {status or 'in no status'}, {_done(job.progress)}")


def missing(job_id: str, failure: errors.Failure) -> WaitStatus:
    """Return the verdict on a job that cannot be found."""
    return WaitStatus(job_id, "failed", None, failure.message, failure)


def out_of_time(verdict: WaitStatus, timeout: float, trouble: str = "") -> WaitStatus:
    """Return the verdict on a job that is still on its way when the time is over."""
    name = _named(verdict.job) if verdict.job else f"job {verdict.job_id}"
    text = f"{name} {verdict.reason} after {timeout:g} s (timeout)"
    if trouble:
        text += f"; the last look failed: {trouble}"
    hint = "The job goes on untouched; wait again, or raise timeout."
    return dataclasses.replace(verdict, state="failed", failure=errors.Failure("timeout", text, hint=hint))


def settled(verdicts: t.Iterable[WaitStatus], on_error: str) -> bool:
    """Whether there is nothing more to wait for."""
    states = [verdict.state for verdict in verdicts]
    return "waiting" not in states or (on_error == "stop" and "failed" in states)


def task_result(job: batch_jobs.Job) -> t.Optional[str]:
    """Return how many of the tasks of an ended job were done: full, partial or none; None where nothing tells.

    Complete says nothing about it: a job of which every task failed can be Complete.
    """
    if not job.is_ended:
        return None
    total, succeeded, failed = job.progress.total, job.progress.succeeded, job.progress.failed
    if succeeded is None and failed is None:
        return None if job.status == "Complete" and total != 0 else "full" if job.status == "Complete" else "none"
    # A cloud may leave out a count of 0.
    succeeded, failed = succeeded or 0, failed or 0
    if not failed and succeeded >= (total or 0) and (succeeded or job.status == "Complete"):
        return "full"
    return "partial" if succeeded else "none"


def failed_ratio(progress: batch_jobs.Progress) -> float:
    """Return the share of failed tasks among those that were done, 0.0 where none was."""
    done = (progress.succeeded or 0) + (progress.failed or 0)
    return (progress.failed or 0) / done if done else 0.0


def _completed(job: batch_jobs.Job, goal: WaitCondition) -> WaitStatus:
    """Return the verdict on a Complete job: its failed tasks decide."""
    failed, ratio = job.progress.failed or 0, failed_ratio(job.progress)
    broken = []
    if goal.max_failed_tasks is not None and failed > goal.max_failed_tasks:
        broken.append(f"max_failed_tasks allows {goal.max_failed_tasks}")
    if goal.max_failed_ratio is not None and ratio > goal.max_failed_ratio:
        broken.append(f"{ratio:.2%} is more than max_failed_ratio allows, {goal.max_failed_ratio:.2%}")
    if not broken:
        return _reached(job, f"is Complete, {_done(job.progress)}")
    hint = "The job's report, if it has one, names the objects and why they failed."
    done = failed + (job.progress.succeeded or 0)
    text = f"{_named(job)} is Complete, but {failed} of {done} tasks failed: {' and '.join(broken)}"
    return _failed(job, "conflict", text, hint)


def _reached(job: batch_jobs.Job, reason: str) -> WaitStatus:
    return WaitStatus(job.job_id, "reached", job, reason)


def _failed(job: batch_jobs.Job, kind: errors.Kind, text: str, hint: str) -> WaitStatus:
    return WaitStatus(job.job_id, "failed", job, text, errors.Failure(kind, text, hint=hint))


def _named(job: batch_jobs.Job) -> str:
    return f"job {job.job_id}"


def _reasons(job: batch_jobs.Job) -> str:
    reasons = [": ".join(part for part in (item["code"], item["reason"]) if part) for item in job.failure_reasons]
    return "; ".join(reasons).rstrip(".") or repr(job.status_reason)


def _done(progress: batch_jobs.Progress) -> str:
    """Return the counts in words; the total may be unknown, and so may all of them."""
    if progress.succeeded is None and progress.failed is None:
        return "with no counts of tasks from the cloud"
    succeeded, failed = progress.succeeded or 0, progress.failed or 0
    total = f" of {progress.total}" if progress.total is not None else ""
    return (
        f"{succeeded + failed}{total} tasks done, {failed} of them failed"
        if failed
        else f"{succeeded}{total} tasks done"
    )
