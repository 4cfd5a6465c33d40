# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confirm one write from its first try to a known result, whatever it writes.

A write can be repeated without harm, so doubt is settled by looking again and deciding again by the rules of the plan:
what is wanted is there, it has to be sent again, or the job ended or was changed meanwhile. Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
import typing as t

from .._core import batch_jobs, errors, plans, providers
from .._requests import senders, sessions

_REREADS: t.Final = 3
"""Reads that may lag behind a write before the answer counts as wrong."""


class Change(abc.ABC):
    """What is to be written about one job, and all that differs between one kind of write and another.

    :param planned: the decision that calls for it.
    """

    operation: t.ClassVar[str]
    verb: t.ClassVar[str] = "changed"
    race_text: t.ClassVar[str] = "it was live when it was read, and the update was then refused"

    def __init__(self, planned: plans.Decision) -> None:
        self.planned = planned
        self.job_id = planned.desired.job_id
        self.about = self.job_id or self.operation

    @abc.abstractmethod
    def send(self, provider: providers.Provider) -> t.Union[int, str]:
        """Send the one request; return what its answer names."""

    @abc.abstractmethod
    def accepts(self, answered: t.Union[int, str]) -> bool:
        """Whether an answer that names this says that the change is done."""

    @abc.abstractmethod
    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        """Return the job as it is once the answer names this, or as it would be where nothing is sent."""

    @abc.abstractmethod
    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> plans.Decision:
        """Look again, and decide again by the rules of the plan."""

    @abc.abstractmethod
    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        """Say what is wrong with an answer that names something else."""

    @abc.abstractmethod
    def state_text(self, job: batch_jobs.Job) -> str:
        """Say what the job still shows after such an answer."""

    @abc.abstractmethod
    def rejection(self, failure: errors.Failure, now: plans.Decision) -> errors.Failure:
        """Return what a refusal means where the rules of the plan still allow the change.

        Of the kind invalid it is final; of any other kind looking again may explain it.
        """

    @abc.abstractmethod
    def unknown_result_text(self) -> str:
        """Say what may still happen after an answer was lost."""


def written(change: Change, outcome: plans.FinalOutcome, job: t.Optional[batch_jobs.Job]) -> plans.Outcome:
    """Return the outcome of a change that is done, or in check mode would be."""
    job_id = job.job_id if job else change.job_id
    return plans.Outcome(job_id, outcome, True, job, change.planned.before, change.planned.desired.reason)


def interrupted(change: Change, sent: bool) -> plans.Outcome:
    """Return the outcome of a change in a task that is interrupted before it is settled.

    :param sent: whether it may have been carried out, or may be yet; else it surely is not.
    """
    before, job_id = change.planned.before, change.job_id
    name = f"job {job_id}" if job_id else "the job"
    if not sent:
        text = f"{name} was not {change.verb}, since the task was interrupted"
        return plans.Outcome(job_id, "skipped", False, before, before, text)
    text = f"{name} may have been {change.verb} when the task was interrupted: {change.unknown_result_text()}"
    failure = errors.Failure("interrupted", text, operation=change.operation)
    return plans.Outcome(job_id, "failed", True, before, before, text, failure)


class Ledger:
    """What became of changes so far, for the report of a task that is interrupted."""

    def __init__(self, sender: senders.Sender) -> None:
        self._sender = sender
        self._done: dict[str, plans.Outcome] = {}

    def note(self, change: Change, outcome: plans.Outcome) -> plans.Outcome:
        """Keep an outcome, and return it."""
        self._done[change.about] = outcome
        return outcome

    def so_far(self, change: Change) -> plans.Outcome:
        """Return what is known of a change by now, also where none is called for."""
        if change.planned.outcome != "update":
            return plans.reconcile(change.planned, change.planned)
        done = self._done.get(change.about)
        return done or interrupted(change, self._sender.may_have_written(change.about))


class WriteConfirmer:
    """Brings one change to a certain end."""

    def __init__(self, session: sessions.Session, change: Change) -> None:
        self._session = session
        self._sender = session.sender
        self._change = change
        self._planned = change.planned
        self._budget = session.sender.budget()
        self._known = change.planned.before
        self._lost = False  # a write was sent whose answer did not arrive, and which may be applied at any time
        self._acknowledged = False  # a write was answered with 200

    def run(self) -> plans.Outcome:
        """Return what became of the change; a failure is an outcome, too."""
        try:
            while True:
                outcome = self._attempt()
                if outcome is not None:
                    return self._with_unknown_result(outcome)
        except errors.BatchError as error:
            return self._with_unknown_result(self._failed(error.failure))

    def _attempt(self) -> t.Optional[plans.Outcome]:
        """Write once; return the outcome, or None when it has to be sent again."""
        request = functools.partial(self._change.send, self._session.provider)
        try:
            # Only a throttled write was surely not applied; the others are read again before they are resent.
            answered = self._sender.send(
                self._change.operation, request, self._budget, retry=("throttled",), about=self._change.about
            )
        except errors.BatchError as error:
            if error.failure.is_ambiguous:
                self._lost = True
                return self._confirm_lost(error.failure)
            if error.failure.kind in errors.REJECTED:
                return self._confirm_rejected(error.failure)
            raise
        self._acknowledged, self._lost = True, False
        if self._change.accepts(answered):
            return written(self._change, "changed", self._change.after(answered))
        return self._confirm_mismatch(answered)

    def _confirm_lost(self, failure: errors.Failure) -> t.Optional[plans.Outcome]:
        """Read after a lost response: done if the wanted state is there, else wait and send again."""
        now = self._decide_again()
        if now.outcome == "unchanged":
            return written(self._change, "changed", now.before)
        if now.outcome != "update":
            return plans.reconcile(self._planned, now)
        self._sender.wait(self._budget, failure)
        return None

    def _confirm_rejected(self, failure: errors.Failure) -> t.Optional[plans.Outcome]:
        """Read after a 4xx: the job may have ended since it was read, and COS says NoSuchJob then."""
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
        """Read a few times after a response that names something else, since reads may lag."""
        change = self._change
        text = change.mismatch_text(answered)
        failure = self._session.provider.traits.failure("bad_answer", text, operation=change.operation)
        for attempt in range(_REREADS):
            now = self._decide_again()
            if now.outcome == "unchanged":
                return written(change, "changed", now.before)
            if now.before and (now.before.is_ended or now.before.is_ending):
                # The job ended between the last read and the write, which had no effect.
                return plans.reconcile(self._planned, now)
            if attempt < _REREADS - 1:
                self._sender.wait(self._budget, failure)
        text += f", and after {_REREADS} more reads " + (
            change.state_text(now.before) if now.before else "it is not there"
        )
        return self._failed(dataclasses.replace(failure, message=text))

    def _decide_again(self) -> plans.Decision:
        now = self._change.decide(self._session, self._budget)
        self._known = now.before
        return now

    def _explained(self, now: plans.Decision, refusal: errors.Failure) -> plans.Outcome:
        """Return the new decision's outcome, keeping the cloud's own words about the refusal."""
        outcome = plans.reconcile(self._planned, now)
        if outcome.failure is None:
            return outcome
        answer = {name: getattr(refusal, name) for name in ("code", "http_status", "request_id", "operation")}
        text = f"{outcome.failure.message}; {self._change.race_text}"
        return dataclasses.replace(outcome, failure=dataclasses.replace(outcome.failure, message=text, **answer))

    def _with_unknown_result(self, outcome: plans.Outcome) -> plans.Outcome:
        """Say of a write whose answer was lost that it may still be applied: reading the old value does not settle it.

        What settles it is the wanted value, a later write that is answered, or the end of the job.
        """
        settled = outcome.outcome in ("changed", "unchanged") or (outcome.job is not None and outcome.job.is_ended)
        if not self._lost or settled:
            return outcome
        reason = f"{outcome.reason.rstrip('.')}; {self._change.unknown_result_text()}"
        failure = outcome.failure and dataclasses.replace(outcome.failure, message=reason)
        return dataclasses.replace(outcome, reason=reason, failure=failure)

    def _failed(self, failure: errors.Failure) -> plans.Outcome:
        """Return a failure that says what is known of the job."""
        before = self._planned.before
        moved = self._known and before and self._change.state_text(self._known) != self._change.state_text(before)
        changed = bool(self._acknowledged and moved)
        return plans.Outcome(self._change.job_id, "failed", changed, self._known, before, failure.message, failure)
