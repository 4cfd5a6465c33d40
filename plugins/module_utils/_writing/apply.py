# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one writer: carries out the actions of a plan, each of them settled to a certain end.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    job as _job,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._planning import plan as _plan
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    parallel as _parallel,
    retry as _retry,
    session as _session,
)
from ansible_collections.objectstore.batch.plugins.module_utils._writing import settle as _settle


def apply_plan(session: _session.Session, plan: _plan.Plan) -> list[_plan.Outcome]:
    """Carry out a plan; return one outcome for each decision, in order.

    What was done is never lost: a job that fails is an outcome among the others.
    """
    updates = {item.wanted.job_id: item for item in plan.decisions if item.outcome == "update"}
    writer = _Writer(session, plan.policy)
    done: dict[str, _plan.Outcome] = {}
    for wave in plan.waves:
        outcomes = _parallel.in_parallel(writer.write, [updates[job_id] for job_id in wave], session.caller.width)
        done.update((outcome.job_id, outcome) for outcome in outcomes)
    return [done.get(item.wanted.job_id) or _plan.settled(item, item) for item in plan.decisions]


def apply_change(session: _session.Session, change: _settle.Change, check_mode: bool) -> _plan.Outcome:
    """Carry out one change if its decision calls for it, or in check mode say what it would do."""
    if change.planned.outcome != "update":
        return _plan.settled(change.planned, change.planned)
    if check_mode:
        return _settle.written(change, "would_change", change.after())
    return _settle.Settler(session, change).run()


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
        outcome = _settle.Settler(self._session, PriorityChange(decision, self._policy)).run()
        if outcome.failure:
            self._failed_id = outcome.job_id
        return outcome


class PriorityChange(_settle.Change):
    """Another priority for a job."""

    operation = "UpdateJobPriority"

    def __init__(self, planned: _plan.Decision, policy: _plan.Policy) -> None:
        super().__init__(planned)
        self._policy = policy
        self._target = planned.wanted.priority or 0

    def send(self, provider: _provider.Provider) -> int:
        return provider.update_priority(self.job_id, self._target)

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return answered == self._target

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[_job.Job]:
        before = self.planned.before
        return None if before is None else dataclasses.replace(before, priority=self.planned.wanted.priority)

    def decide(self, session: _session.Session, budget: _retry.Budget) -> _plan.Decision:
        return _plan.decide(self.planned.wanted, session.describe(self.job_id, budget), self._policy)

    def unexpected(self, answered: t.Union[int, str]) -> str:
        return f"the answer names priority {answered} for job {self.job_id} instead of {self._target}"

    def shown(self, job: _job.Job) -> str:
        return f"the job shows {job.priority}"

    def refused(self, failure: _errors.Failure, now: _plan.Decision) -> _errors.Failure:
        """A job that is there and live is never reported as missing."""
        status = now.before.status if now.before else ""
        text = f"{failure.message.rstrip('.')}; job {self.job_id} is {status} and was not changed"
        # A public test fixture that ran against AWS says that Suspended jobs refuse priority changes.
        kind = "invalid" if failure.kind == "invalid" and status != "Suspended" else "not_updatable"
        return dataclasses.replace(failure, kind=kind, message=text)

    def doubt(self) -> str:
        old = self.planned.before.priority if self.planned.before else None
        return (
            f"the answer to an update was lost, so its priority is {old} or {self._target},"
            f" and may still become {self._target}"
        )
