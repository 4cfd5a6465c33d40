# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confirm one update, from the first attempt to a known result, for every kind of update.

An update can be repeated without harm. If its result is unknown, the job is read again, and the rules of the plan
decide again: the update is done, it must be sent again, or the job has ended or was changed in the meantime.
Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
import typing as t

from .._core import batch_jobs, errors, plans, providers
from .._requests import senders, sessions

_REREADS: t.Final = 3
"""Reads that can lag behind an update before the response counts as wrong."""


D = t.TypeVar("D")


class Change(abc.ABC, t.Generic[D]):
    """The update of one job, and all differences between one kind of update and another.

    :param planned: the decision that requires the update, or that no update is required.
    :param desired: the state after the update.
    """

    operation: t.ClassVar[str]
    verb: t.ClassVar[str] = "changed"
    race_text: t.ClassVar[str] = "The job was live when the task read it, and the provider then rejected the update"
    confirm_hint: t.ClassVar[str] = "Run the task again to confirm the result."

    def __init__(self, planned: plans.Decision[D], desired: D) -> None:
        self.planned = planned
        self.desired = desired
        self.job_id = planned.job_id
        self.about = self.job_id or self.operation

    @abc.abstractmethod
    def send(self, provider: providers.Provider) -> t.Union[int, str]:
        """Send the request; return the value in its response."""

    @abc.abstractmethod
    def accepts(self, answered: t.Union[int, str]) -> bool:
        """Whether a response with this value confirms the change."""

    @abc.abstractmethod
    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        """Return the job after a response with this value, or as it would be in check mode."""

    @abc.abstractmethod
    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> plans.Decision[D]:
        """Read the job again, and decide again by the rules of the plan."""

    @abc.abstractmethod
    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        """Describe a response with an unexpected value."""

    @abc.abstractmethod
    def state_text(self, job: batch_jobs.Job) -> str:
        """Describe the state of the job after such a response."""

    @abc.abstractmethod
    def rejection(self, failure: errors.Failure, now: plans.Decision[D]) -> errors.Failure:
        """Return the meaning of a rejection if the rules of the plan still allow the change.

        A failure of the kind invalid is final; any other kind can be explained by reading the job again.
        """

    @abc.abstractmethod
    def unknown_result_text(self) -> str:
        """Describe the last known state after a lost response."""

    def rejected_text(self, failure: errors.Failure, now: plans.Decision[D]) -> str:
        """Return a message that names the unchanged job and the provider's own words."""
        status = now.before.status if now.before else ""
        return f"job {self.job_id} ({status}) was not changed: {self.operation} was rejected: {failure.message}"


def written(change: Change[D], outcome: plans.FinalOutcome, job: t.Optional[batch_jobs.Job]) -> plans.Outcome:
    """Return the outcome of a change that is done, or that check mode would make."""
    job_id = job.job_id if job else change.job_id
    return plans.Outcome(job_id, outcome, True, job, change.planned.before, change.planned.reason)


def interrupted(change: Change[D], sent: bool) -> plans.Outcome:
    """Return the outcome of a change in a task that is interrupted before the result is known.

    :param sent: whether the change can have been applied, or can still be; otherwise, it was not applied.
    """
    before, job_id = change.planned.before, change.job_id
    name = f"job {job_id}" if job_id else "the job"
    if not sent:
        text = f"{name} was not {change.verb} because the task was interrupted"
        return plans.Outcome(job_id, "skipped", False, before, before, text)
    text = (
        f"{name} was possibly {change.verb} before the task was interrupted. Result unknown: no response to"
        f" {change.operation}. {change.unknown_result_text()}"
    )
    failure = errors.Failure("interrupted", text, operation=change.operation)
    return plans.Outcome(job_id, "failed", True, before, before, text, failure)


class Ledger:
    """Outcomes so far, for the report of a task that is interrupted."""

    def __init__(self, sender: senders.Sender) -> None:
        self._sender = sender
        self._done: dict[str, plans.Outcome] = {}

    def note(self, change: Change[t.Any], outcome: plans.Outcome) -> plans.Outcome:
        """Keep an outcome, and return it."""
        self._done[change.about] = outcome
        return outcome

    def so_far(self, change: Change[t.Any]) -> plans.Outcome:
        """Return the outcome of a change so far, also if no change is required."""
        if change.planned.outcome != "update":
            return plans.reconcile(change.planned, change.planned)
        done = self._done.get(change.about)
        return done or interrupted(change, self._sender.may_have_written(change.about))


class WriteConfirmer(t.Generic[D]):
    """Apply one change, and confirm its result."""

    def __init__(self, session: sessions.Session, change: Change[D]) -> None:
        self._session = session
        self._sender = session.sender
        self._change = change
        self._planned = change.planned
        self._budget = session.sender.budget()
        self._known = change.planned.before
        self._lost = ""  # why the result of an update is unknown, which can still be applied at any time
        self._acknowledged = False  # an update got a response with status 200

    def run(self) -> plans.Outcome:
        """Return the outcome of the change, which can be a failure."""
        try:
            while True:
                outcome = self._attempt()
                if outcome is not None:
                    return self._with_unknown_result(outcome)
        except errors.BatchError as error:
            return self._with_unknown_result(self._failed(error.failure))

    def _attempt(self) -> t.Optional[plans.Outcome]:
        """Send the update once; return the outcome, or None if the update must be sent again."""
        request = functools.partial(self._change.send, self._session.provider)
        try:
            # Only a throttled update was surely not applied; in all other cases the job is read before a retry.
            answered = self._sender.send(
                self._change.operation, request, self._budget, retry=("throttled",), about=self._change.about
            )
        except errors.BatchError as error:
            if error.failure.is_ambiguous:
                self._lost = "no response" if error.failure.http_status is None else "no valid response"
                return self._confirm_lost(error.failure)
            if error.failure.kind in errors.REJECTED:
                return self._confirm_rejected(error.failure)
            raise
        self._acknowledged, self._lost = True, ""
        if self._change.accepts(answered):
            return written(self._change, "changed", self._change.after(answered))
        return self._confirm_mismatch(answered)

    def _confirm_lost(self, failure: errors.Failure) -> t.Optional[plans.Outcome]:
        """Read the job after a lost response: the change is done, or the update must be sent again after a delay."""
        now = self._decide_again()
        if now.outcome == "unchanged":
            return written(self._change, "changed", now.before)
        if now.outcome != "update":
            return plans.reconcile(self._planned, now)
        self._sender.wait(self._budget, failure)
        return None

    def _confirm_rejected(self, failure: errors.Failure) -> t.Optional[plans.Outcome]:
        """Read the job after a 4xx response: it can have ended since then, for which COS returns NoSuchJob."""
        for attempt in range(_REREADS):
            now = self._decide_again()
            if now.outcome == "unchanged" and self._lost:
                return written(self._change, "changed", now.before)
            if now.outcome != "update":
                return self._explained(now, failure)
            refusal = self._change.rejection(failure, now)
            if refusal.kind == "invalid":
                break
            if attempt < _REREADS - 1:
                self._sender.wait(self._budget, refusal)
        if refusal.kind != failure.kind and refusal.hint == failure.hint:
            refusal = dataclasses.replace(refusal, hint=self._session.provider.traits.hint(refusal.kind))
        raise errors.BatchError(refusal)

    def _confirm_mismatch(self, answered: t.Union[int, str]) -> plans.Outcome:
        """Read the job a few times after a response with an unexpected value, because reads can lag behind."""
        change = self._change
        text = change.mismatch_text(answered)
        failure = self._session.provider.traits.failure("invalid_response", text, operation=change.operation)
        for attempt in range(_REREADS):
            now = self._decide_again()
            if now.outcome == "unchanged":
                return written(change, "changed", now.before)
            if now.before and (now.before.is_ended or now.before.is_ending):
                # The job ended between the last read and the update, which had no effect.
                return plans.reconcile(self._planned, now)
            if attempt < _REREADS - 1:
                self._sender.wait(self._budget, failure)
        state = change.state_text(now.before) if now.before else "the job is not found"
        text += f". After {_REREADS} more reads, {state}"
        return self._failed(dataclasses.replace(failure, message=text))

    def _decide_again(self) -> plans.Decision[D]:
        now = self._change.decide(self._session, self._budget)
        self._known = now.before
        return now

    def _explained(self, now: plans.Decision[D], refusal: errors.Failure) -> plans.Outcome:
        """Return the outcome of the new decision, with the provider's own code and request ID."""
        outcome = plans.reconcile(self._planned, now)
        if outcome.failure is None:
            return outcome
        answer = {name: getattr(refusal, name) for name in ("code", "http_status", "request_id", "operation")}
        text = f"{outcome.failure.message.rstrip('.')}. {self._change.race_text}"
        return dataclasses.replace(outcome, failure=dataclasses.replace(outcome.failure, message=text, **answer))

    def _with_unknown_result(self, outcome: plans.Outcome) -> plans.Outcome:
        """Add that an update without a response can still take effect: the old value does not prove the opposite.

        The requested value, a response to a later update, or the end of the job confirm the result.
        """
        settled = outcome.outcome in ("changed", "unchanged") or (outcome.job is not None and outcome.job.is_ended)
        if not self._lost or settled:
            return outcome
        change = self._change
        state = f"Result unknown: {self._lost} to {change.operation}. {change.unknown_result_text()}"
        failure = outcome.failure
        cause = f"{failure.operation}: " if failure and failure.operation not in ("", change.operation) else ""
        reason = f"{state}. Details: {cause}{outcome.reason.rstrip('.')}"
        if failure:
            hint = f"{change.confirm_hint} {failure.hint}".strip()
            failure = dataclasses.replace(failure, message=reason, hint=hint)
        return dataclasses.replace(outcome, reason=reason, failure=failure)

    def _failed(self, failure: errors.Failure) -> plans.Outcome:
        """Return a failure with the last known state of the job."""
        before = self._planned.before
        moved = self._known and before and self._change.state_text(self._known) != self._change.state_text(before)
        changed = bool(self._acknowledged and moved)
        return plans.Outcome(self._change.job_id, "failed", changed, self._known, before, failure.message, failure)
