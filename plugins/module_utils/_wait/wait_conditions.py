# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate a job that a task waits for: reached, failed, or still waiting.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, display, errors, statuses


@dataclasses.dataclass(frozen=True)
class WaitCondition:
    """The status to wait for.

    :param statuses: any of these, or a later one; empty for completion.
    :param suspended: fail or wait, if a job awaits confirmation.
    :param max_failed_tasks: maximum number of failed tasks in a successful Complete job; None for any number.
    :param max_failed_ratio: the same as a share of the finished tasks.
    """

    statuses: tuple[str, ...] = ()
    suspended: str = "fail"
    max_failed_tasks: t.Optional[int] = 0
    max_failed_ratio: t.Optional[float] = None

    @property
    def end(self) -> bool:
        """Whether a job must become Complete, so that its failed tasks count."""
        return not self.statuses or "Complete" in self.statuses

    @property
    def target(self) -> str:
        """What a task waits for, in words."""
        return f"status {self}" if self.statuses else str(self)

    def __str__(self) -> str:
        return " or ".join(self.statuses) or "completion"


WaitState = t.Literal["reached", "waiting", "failed"]


@dataclasses.dataclass(frozen=True)
class WaitStatus:
    """The state of a job that a task waits for.

    :param state: reached, waiting, or failed.
    :param job: None if no job has this ID.
    :param reason: the rest of a sentence that begins with the job; empty if the failure has the sentence.
    """

    job_id: str
    state: WaitState
    job: t.Optional[batch_jobs.Job]
    reason: str
    failure: t.Optional[errors.Failure] = None


def evaluate(job: batch_jobs.Job, goal: WaitCondition) -> WaitStatus:
    """Return the state of a job that was read."""
    status = job.status
    if status == "Complete" and goal.end:
        return _completed(job, goal)
    if status in goal.statuses:
        return _reached(job, f"is {status}")
    passed = [item for item in goal.statuses if statuses.is_beyond(status, item)]
    if passed:
        return _reached(job, f"is {status}, which is past {' or '.join(passed)}")
    if status in statuses.ENDED:
        why = f": {_reasons(job)}" if job.failure_reasons or job.status_reason else ""
        done = _done(job.progress)
        text = (
            f"{_named(job)} is {status}{why}; {done}"
            if not goal.statuses
            else f"{_named(job)} is {status} and can no longer become {goal}"
        )
        return _failed(job, "job_ended", text, "")
    if status == "Suspended" and goal.suspended == "fail":
        hint = (
            "Confirm the job (batch_job_status, status=ready), or cancel it. Set suspended=wait to wait until another"
            " user does so."
        )
        return _failed(job, "conflict", f"{_named(job)} is Suspended and awaiting confirmation", hint)
    return WaitStatus(job.job_id, "waiting", job, f"is {status or 'without a status'}, {_done(job.progress)}")


def missing(job_id: str, failure: errors.Failure) -> WaitStatus:
    """Return the state of a job that cannot be found."""
    return WaitStatus(job_id, "failed", None, "", failure)


def out_of_time(verdict: WaitStatus, timeout: float, trouble: str = "") -> WaitStatus:
    """Return the state of a job that has not reached the status within the timeout."""
    name = _named(verdict.job) if verdict.job else f"job {verdict.job_id}"
    text = f"{name} {verdict.reason} after {timeout:g} s (timeout)"
    if trouble:
        text += f"; the last poll failed: {trouble}"
    hint = "The job is unchanged and keeps running. Wait again, or raise timeout."
    return dataclasses.replace(verdict, state="failed", reason="", failure=errors.Failure("timeout", text, hint=hint))


def settled(verdicts: t.Iterable[WaitStatus], on_error: str) -> bool:
    """Whether there is nothing more to wait for."""
    states = [verdict.state for verdict in verdicts]
    return "waiting" not in states or (on_error == "stop" and "failed" in states)


def task_result(job: batch_jobs.Job) -> t.Optional[str]:
    """Return how many tasks of an ended job succeeded: full, partial, or none; None if unknown.

    A job can be Complete although every task failed.
    """
    if not job.is_ended:
        return None
    total, succeeded, failed = job.progress.total, job.progress.succeeded, job.progress.failed
    if succeeded is None and failed is None:
        return None if job.status == "Complete" and total != 0 else "full" if job.status == "Complete" else "none"
    # A provider can omit a count of 0.
    succeeded, failed = succeeded or 0, failed or 0
    if not failed and succeeded >= (total or 0) and (succeeded or job.status == "Complete"):
        return "full"
    return "partial" if succeeded else "none"


def failed_ratio(progress: batch_jobs.Progress) -> float:
    """Return the share of failed tasks among the finished tasks; 0.0 if no task has finished."""
    done = (progress.succeeded or 0) + (progress.failed or 0)
    return (progress.failed or 0) / done if done else 0.0


def _completed(job: batch_jobs.Job, goal: WaitCondition) -> WaitStatus:
    """Return the state of a Complete job, which depends on its failed tasks."""
    failed, ratio = job.progress.failed or 0, failed_ratio(job.progress)
    broken = []
    if goal.max_failed_tasks is not None and failed > goal.max_failed_tasks:
        broken.append(f"max_failed_tasks: {goal.max_failed_tasks}")
    if goal.max_failed_ratio is not None and ratio > goal.max_failed_ratio:
        broken.append(f"max_failed_ratio: {goal.max_failed_ratio:.2%}, failed: {ratio:.2%}")
    if not broken:
        return _reached(job, f"is Complete, {_done(job.progress)}")
    hint = "Run batch_job_report_info to see which objects failed and why. It requires a completion report."
    done = failed + (job.progress.succeeded or 0)
    text = f"{_named(job)} is Complete, but {failed} of {display.count(done, 'task')} failed ({'; '.join(broken)})"
    return _failed(job, "conflict", text, hint)


def _reached(job: batch_jobs.Job, reason: str) -> WaitStatus:
    return WaitStatus(job.job_id, "reached", job, reason)


def _failed(job: batch_jobs.Job, kind: errors.Kind, text: str, hint: str) -> WaitStatus:
    return WaitStatus(job.job_id, "failed", job, "", errors.Failure(kind, text, hint=hint))


def _named(job: batch_jobs.Job) -> str:
    return f"job {job.job_id}"


def _reasons(job: batch_jobs.Job) -> str:
    reasons = [": ".join(part for part in (item["code"], item["reason"]) if part) for item in job.failure_reasons]
    return "; ".join(reasons).rstrip(".") or repr(job.status_reason)


def _done(progress: batch_jobs.Progress) -> str:
    """Return the counts in words; the total can be unknown, and so can all of them."""
    if progress.succeeded is None and progress.failed is None:
        return "task counts unknown"
    failed = progress.failed or 0
    done = (progress.succeeded or 0) + failed
    if progress.total is None:
        tasks = display.count(done, "task")
    else:
        tasks = f"{done} of {display.count(progress.total, 'task')}"
    return f"{tasks} done ({failed} failed)" if failed else f"{tasks} done"
