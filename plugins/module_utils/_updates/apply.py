# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one writer: carries out the actions of a plan, each of them settled to a certain end.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, providers
from .._requests import parallel, senders, sessions
from . import confirm


class Application:
    """A plan that is carried out, and what has become of it so far."""

    def __init__(self, session: sessions.Session, plan: plans.Plan) -> None:
        self._session = session
        self._plan = plan
        self._ledger = confirm.Ledger(session.sender)
        updates = [item for item in plan.decisions if item.outcome == "update"]
        self._changes = {item.desired.job_id: PriorityChange(item, plan.policy) for item in updates}
        self._failed_id = ""

    def run(self) -> list[plans.Outcome]:
        """Carry the plan out; return one outcome for each decision, in order.

        What was done is never lost: a job that fails is an outcome among the others.
        """
        for wave in self._plan.waves:
            changes = [self._changes[job_id] for job_id in wave]
            parallel.in_parallel(self._write, changes, self._session.sender.width)
        return self.outcomes()

    def outcomes(self) -> list[plans.Outcome]:
        """Return what has become of each decision by now, in order; a write that is under way is in doubt."""
        return [
            self._ledger.so_far(self._changes[item.desired.job_id])
            if item.desired.job_id in self._changes
            else plans.reconcile(item, item)
            for item in self._plan.decisions
        ]

    def report(
        self,
        render: t.Callable[[t.Sequence[plans.Outcome]], dict[str, t.Any]],
        cut_short: t.Callable[[dict[str, t.Any], t.Sequence[plans.Outcome], int], dict[str, t.Any]],
    ) -> t.Callable[[], dict[str, t.Any]]:
        """Return what makes a result of the outcomes by now.

        :param render: makes a result of outcomes.
        :param cut_short: makes that the result of a task that was interrupted, given how many jobs it was to write to.
        """

        def unfinished() -> dict[str, t.Any]:
            outcomes = self.outcomes()
            return cut_short(render(outcomes), outcomes, len(self._changes))

        return unfinished

    def _write(self, change: PriorityChange) -> None:
        """Bring one job to its wanted priority, unless another one has failed where that stops the others."""
        if self._failed_id and self._plan.policy.on_error == "stop":
            held = plans.withheld(change.planned, self._failed_id)
            self._ledger.note(change, plans.reconcile(change.planned, held))
            return
        outcome = self._ledger.note(change, confirm.WriteConfirmer(self._session, change).run())
        if outcome.failure:
            self._failed_id = outcome.job_id


def apply_plan(session: sessions.Session, plan: plans.Plan) -> list[plans.Outcome]:
    """Carry out a plan; return one outcome for each decision, in order."""
    return Application(session, plan).run()


def apply_change(
    session: sessions.Session, change: confirm.Change, check_mode: bool, ledger: confirm.Ledger
) -> plans.Outcome:
    """Carry out one change if its decision calls for it, or in check mode say what it would do."""
    if change.planned.outcome != "update":
        return plans.reconcile(change.planned, change.planned)
    if check_mode:
        return confirm.written(change, "would_change", change.after())
    return ledger.note(change, confirm.WriteConfirmer(session, change).run())


class PriorityChange(confirm.Change):
    """Another priority for a job."""

    operation = "UpdateJobPriority"

    def __init__(self, planned: plans.Decision, policy: plans.Policy) -> None:
        super().__init__(planned)
        self._policy = policy
        self._target = planned.desired.priority or 0

    def send(self, provider: providers.Provider) -> int:
        return provider.update_priority(self.job_id, self._target)

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return answered == self._target

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        before = self.planned.before
        return None if before is None else dataclasses.replace(before, priority=self.planned.desired.priority)

    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> plans.Decision:
        return plans.decide(self.planned.desired, session.describe(self.job_id, budget), self._policy)

    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        return f"the answer names priority {answered} for job {self.job_id} instead of {self._target}"

    def shown(self, job: batch_jobs.Job) -> str:
        return f"the job shows {job.priority}"

    def refused(self, failure: errors.Failure, now: plans.Decision) -> errors.Failure:
        """A job that is there and live is never reported as missing."""
        status = now.before.status if now.before else ""
        text = f"{failure.message.rstrip('.')}; job {self.job_id} is {status} and was not changed"
        # A public test fixture that ran against AWS says that Suspended jobs refuse priority changes.
        kind = "invalid" if failure.kind == "invalid" and status != "Suspended" else "not_updatable"
        return dataclasses.replace(failure, kind=kind, message=text)

    def unknown_result_text(self) -> str:
        old = self.planned.before.priority if self.planned.before else None
        return (
            f"the answer to an update was lost, so its priority is {old} or {self._target},"
            f" and may still become {self._target}"
        )
