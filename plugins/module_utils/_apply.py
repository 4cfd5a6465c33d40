# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one writer: carries out the actions of a plan, and settles every answer that leaves a doubt.

A write is idempotent by value, so doubt is settled by reading the job again and deciding again by the
same rules: the value is there, it has to be sent again, or the job ended or was changed meanwhile.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils import _errors, _job, _parallel, _plan, _session

_OPERATION: t.Final = "UpdateJobPriority"
_REREADS: t.Final = 3
"""Reads that may lag behind a write before the answer counts as wrong."""


def apply_plan(session: _session.Session, plan: _plan.Plan) -> list[_plan.Outcome]:
    """Carry out a plan; return one outcome for each decision, in order.

    What was done is never lost: a job that fails is an outcome among the others.
    """
    updates = {item.wanted.job_id: item for item in plan.decisions if item.outcome == "update"}
    writer = _Writer(session, plan.policy)
    done: dict[str, _plan.Outcome] = {}
    for wave in plan.waves:
        outcomes = _parallel.in_parallel(writer.write, [updates[job_id] for job_id in wave], session.concurrency)
        done.update((outcome.job_id, outcome) for outcome in outcomes)
    return [done.get(item.wanted.job_id) or _plan.settled(item, item) for item in plan.decisions]


class _Writer:
    """Writes to one job after another, from several threads, until one fails where that stops the others."""

    def __init__(self, session: _session.Session, policy: _plan.Policy) -> None:
        self._session = session
        self._policy = policy
        self._failed_id = ""

    def write(self, decision: _plan.Decision) -> _plan.Outcome:
        """Bring one job to its wanted priority."""
        if self._failed_id and self._policy.on_error == "stop":
            return _plan.settled(decision, _plan.held_back(decision, self._failed_id))
        outcome = _Update(self._session, decision, self._policy).run()
        if outcome.failure:
            self._failed_id = outcome.job_id
        return outcome


class _Update:
    """One job's way from its present priority to the wanted one."""

    def __init__(self, session: _session.Session, decision: _plan.Decision, policy: _plan.Policy) -> None:
        self._session = session
        self._caller = session.caller
        self._planned = decision
        self._policy = policy
        self._wanted = decision.wanted
        self._target = decision.wanted.priority or 0
        self._budget = session.caller.budget()
        self._known = decision.before
        self._lost = False  # a write was sent whose answer did not arrive
        self._acknowledged = False  # a write was answered with 200

    def run(self) -> _plan.Outcome:
        try:
            while True:
                outcome = self._attempt()
                if outcome is not None:
                    return outcome
        except _errors.BatchError as error:
            return self._failed(error.failure)

    def _attempt(self) -> t.Optional[_plan.Outcome]:
        """Write once; return the outcome, or None when it has to be sent again."""
        request = functools.partial(self._session.provider.update_priority, self._wanted.job_id, self._target)
        try:
            # Only a throttled write was surely not applied; the others are read again before they are resent.
            answered = self._caller.send(_OPERATION, request, self._budget, retry=("throttled",))
        except _errors.BatchError as error:
            if error.failure.kind in _errors.IN_DOUBT:
                self._lost = True
                return self._settle_lost(error.failure)
            if error.failure.kind in _errors.REFUSED:
                return self._settle_refused(error.failure)
            raise
        self._acknowledged = True
        if answered == self._target:
            return _plan.written(self._planned, "changed")
        return self._settle_other(answered)

    def _settle_lost(self, failure: _errors.Failure) -> t.Optional[_plan.Outcome]:
        """The answer is lost: done if the value is there, else wait and send again."""
        now = self._decide_again()
        if now.outcome == "unchanged":
            return _plan.written(self._planned, "changed", now.before)
        if now.outcome != "update":
            return _plan.settled(self._planned, now)
        self._caller.wait(self._budget, failure)
        return None

    def _settle_refused(self, failure: _errors.Failure) -> t.Optional[_plan.Outcome]:
        """A 4xx: the job may have ended since it was read, and COS says NoSuchJob then."""
        for attempt in range(_REREADS):
            now = self._decide_again()
            if now.outcome == "unchanged" and self._lost:
                return _plan.written(self._planned, "changed", now.before)
            if now.outcome != "update":
                return self._explained(now, failure)
            refusal = self._refusal(failure, now)
            if refusal.kind == "invalid":
                break
            if attempt < _REREADS - 1:
                self._caller.wait(self._budget, refusal)
        raise _errors.BatchError(refusal)

    def _refusal(self, failure: _errors.Failure, now: _plan.Decision) -> _errors.Failure:
        """Return what a refusal means of a job that is there and live: never that it is not found."""
        status = now.before.status if now.before else ""
        text = f"{failure.message.rstrip('.')}; job {self._wanted.job_id} is {status} and was not changed"
        # A public test fixture that ran against AWS says that Suspended jobs refuse priority changes.
        kind = "invalid" if failure.kind == "invalid" and status != "Suspended" else "not_updatable"
        hint = self._session.provider.facts.hint(kind)
        return dataclasses.replace(failure, kind=kind, message=text, hint=hint)

    def _settle_other(self, answered: int) -> _plan.Outcome:
        """The answer names another priority: reads may lag, so look a few times before calling it wrong."""
        facts = self._session.provider.facts
        text = f"the answer names priority {answered} for job {self._wanted.job_id} instead of {self._target}"
        failure = facts.failure("bad_answer", text, operation=_OPERATION)
        for attempt in range(_REREADS):
            job = self._read()
            if job.priority == self._target:
                return _plan.written(self._planned, "changed", job)
            if attempt < _REREADS - 1:
                self._caller.wait(self._budget, failure)
        text += f", and after {_REREADS} more reads the job shows {job.priority}"
        return self._failed(dataclasses.replace(failure, message=text))

    def _decide_again(self) -> _plan.Decision:
        return _plan.decide(self._wanted, self._read(), self._policy)

    def _read(self) -> _job.Job:
        self._known = self._session.describe(self._wanted.job_id, self._budget)
        return self._known

    def _explained(self, now: _plan.Decision, refusal: _errors.Failure) -> _plan.Outcome:
        """Return the new decision's outcome, keeping the cloud's own words about the refusal."""
        outcome = _plan.settled(self._planned, now)
        if outcome.failure is None:
            return outcome
        answer = {name: getattr(refusal, name) for name in ("code", "http_status", "request_id", "operation")}
        text = f"{outcome.failure.message}; it was live when it was read, and the update was then refused"
        return dataclasses.replace(outcome, failure=dataclasses.replace(outcome.failure, message=text, **answer))

    def _failed(self, failure: _errors.Failure) -> _plan.Outcome:
        """Return a failure that says what is known of the priority."""
        if self._lost and self._known is self._planned.before:
            old = self._known.priority if self._known else None
            text = (
                f"{failure.message.rstrip('.')}; the answer to an update was lost and the job could not be read again,"
                f" so its priority is {old} or {self._target}"
            )
            failure = dataclasses.replace(failure, message=text)
        before = self._planned.before
        changed = bool(self._acknowledged and self._known and before and self._known.priority != before.priority)
        return _plan.Outcome(self._wanted.job_id, "failed", changed, self._known, before, failure.message, failure)
