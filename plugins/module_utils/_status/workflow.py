# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_status: check, read, decide, apply, wait if requested, render. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, job_outcomes, job_values, plans, priority_classes, providers, validation
from .._requests import sessions
from .._select import read_jobs, selections
from .._updates import apply, confirm
from .._wait import job_waiter, wait_conditions
from . import allowed_transitions, status_change

_INTERVAL: t.Final = 5.0
_MAX_INTERVAL: t.Final = 60.0
"""Shortest and longest polling interval, in seconds."""


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """Checked options of a task.

    :param request: with a selection, one request without an ID, which applies to each selected job.
    """

    request: allowed_transitions.Request
    selection: t.Optional[selections.Selection] = None


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Check the options of a task.

    :raises OptionError: an option breaks its rule.
    """
    job_id, selection = "", None
    if params["select"] is not None:
        selection = selections.parse_selection(
            params, traits, priority_classes.parse_classes(params["classes"], traits)
        )
    else:
        job_id = traits.check_job_id("job_id", params["job_id"])
    patience = params["wait_timeout"]
    if not patience >= 0:
        raise validation.invalid_value("wait_timeout", patience, "must be 0 or more")
    reason = traits.check_length("reason", params["reason"] or "")
    return TaskOptions(
        allowed_transitions.Request(job_id, params["status"], reason, patience if params["wait"] else None), selection
    )


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Request the status of each job, one after another, and return the module's result."""
    if task.selection:
        reading = read_jobs.read(session, task.selection, queue_id)
        requests = [dataclasses.replace(task.request, job_id=job_id) for job_id in reading.jobs]
    else:
        reading = session.find([task.request.job_id])
        requests = [task.request]
    changes = [_change(session, request, reading) for request in requests]
    work = _Work(session, changes, check_mode)

    def render(outcomes: t.Sequence[plans.Outcome]) -> job_values.Values:
        result = job_outcomes.render_result(queue_id, reading.queue, outcomes, job_outcomes.STATUS)
        for job, outcome in zip(result["jobs"], outcomes):
            job["previous_status"] = outcome.before.status if outcome.before else None
        if len(requests) == 1:
            result["job"] = result["jobs"][0]
        if work.waited is not None:
            result["waited"] = round(work.waited, 1)
        return result

    if not check_mode:
        session.unfinished = lambda: job_outcomes.cut_short(render(work.so_far()), work.so_far(), work.planned)
    work.run(task.request.patience)
    return render(work.so_far())


class _Work:
    """The requests of a task, one after another, and their outcomes so far.

    :ivar waited: seconds; None if the task does not wait.
    """

    def __init__(
        self, session: sessions.Session, changes: t.Sequence[status_change.StatusChange], check_mode: bool
    ) -> None:
        self._session = session
        self._changes = changes
        self._check_mode = check_mode
        self._ledger = confirm.Ledger(session.sender)
        self._outcomes: list[plans.Outcome] = []
        self.planned = sum(change.planned.outcome == "update" for change in changes)
        self.waited: t.Optional[float] = None

    def so_far(self) -> list[plans.Outcome]:
        """Return the outcome of each request; the result of a request in flight is unknown."""
        asked = list(self._outcomes)
        return asked + [self._ledger.so_far(change) for change in self._changes[len(asked) :]]

    def run(self, patience: t.Optional[float]) -> None:
        """Send all requests, then wait this many seconds for all jobs; do not wait if patience is None."""
        for change in self._changes:
            self._outcomes.append(apply.apply_change(self._session, change, self._check_mode, self._ledger))
        for number, change in enumerate(self._changes):
            outcome = self._outcomes[number]
            if patience is not None and not self._check_mode and not outcome.failure and outcome.job:
                left = dataclasses.replace(change.desired, patience=max(0.0, patience - (self.waited or 0.0)))
                self._outcomes[number], seconds = _follow(self._session, left, outcome, outcome.job)
                self.waited = (self.waited or 0.0) + seconds


def _change(
    session: sessions.Session, request: allowed_transitions.Request, reading: sessions.Reading
) -> status_change.StatusChange:
    """Return the change of one job, if a change is required."""
    if request.job_id in reading.missing:
        failure = reading.missing[request.job_id]
        planned = allowed_transitions.StatusDecision(request.job_id, "failed", None, failure.message, failure)
    else:
        planned = allowed_transitions.decide(request, reading.jobs[request.job_id], session.provider.traits)
    return status_change.StatusChange(planned, request)


def _follow(
    session: sessions.Session, request: allowed_transitions.Request, outcome: plans.Outcome, job: batch_jobs.Job
) -> tuple[plans.Outcome, float]:
    """Wait until the job reaches the requested status; return the outcome and the waiting time in seconds."""
    goal = wait_conditions.WaitCondition((allowed_transitions.ARRIVED[request.status],), suspended="wait")
    if not outcome.changed and wait_conditions.evaluate(job, goal).state == "reached":
        return outcome, 0.0  # the job had this status when it was read
    timing = job_waiter.Timing(request.patience or 0.0, _INTERVAL, _MAX_INTERVAL)
    # The job has been read already, so temporary errors of a poll do not end the waiting.
    memory = job_waiter.PollState(answered=True, statuses={job.job_id: job.status})
    waiter = job_waiter.Waiter(session, [job.job_id], goal, timing, memory=memory)
    try:
        waiter.run()
    except errors.BatchError as error:
        return _unfinished(outcome, waiter.verdicts[job.job_id], error.failure), waiter.elapsed()
    verdict = waiter.verdicts[job.job_id]
    if verdict.failure:
        return _unfinished(outcome, verdict, verdict.failure), waiter.elapsed()
    return dataclasses.replace(outcome, job=verdict.job or job), waiter.elapsed()


def _unfinished(outcome: plans.Outcome, verdict: wait_conditions.WaitStatus, failure: errors.Failure) -> plans.Outcome:
    """Return the outcome of a request whose job did not reach the requested status."""
    job = verdict.job or outcome.job
    state = "The provider accepted the status request" if outcome.changed else "No status was requested"
    text = f"{failure.message.rstrip('.')}. {state}"
    hint = failure.hint
    if failure.kind == "timeout":
        hint = "The job keeps running. Run the task again to continue waiting, or raise wait_timeout."
    elif not verdict.job and job:
        text += f". The last known status is {job.status}"
    failure = dataclasses.replace(failure, message=text, hint=hint)
    return dataclasses.replace(outcome, outcome="failed", job=job, reason=text, failure=failure)
