# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply and confirm the updates of a plan; nothing else in the collection updates jobs.

Private to this collection.
"""

from __future__ import annotations

import typing as t

from .._core import plans
from .._requests import parallel, sessions
from . import confirm, priority_change


class Application:
    """A plan that is applied, and its outcomes so far."""

    def __init__(self, session: sessions.Session, plan: plans.Plan) -> None:
        self._session = session
        self._plan = plan
        self._ledger = confirm.Ledger(session.sender)
        self._changes = {
            item.job_id: priority_change.PriorityChange(item, item.desired, plan.policy)
            for item in plan.decisions
            if item.outcome == "update" and item.desired
        }
        self._failed_id = ""

    def run(self) -> list[plans.Outcome]:
        """Apply the plan; return one outcome for each decision, in order.

        A job that fails is one of the outcomes, so that the changes of the other jobs are reported, too.
        """
        for wave in self._plan.waves:
            changes = [self._changes[job_id] for job_id in wave]
            parallel.in_parallel(self._write, changes, self._session.sender.width)
        return self.outcomes()

    def outcomes(self) -> list[plans.Outcome]:
        """Return the outcome of each decision so far, in order; the result of an update in flight is unknown."""
        return [
            self._ledger.so_far(self._changes[item.job_id])
            if item.job_id in self._changes
            else plans.reconcile(item, item)
            for item in self._plan.decisions
        ]

    def report(
        self,
        render: t.Callable[[t.Sequence[plans.Outcome]], dict[str, t.Any]],
        cut_short: t.Callable[[dict[str, t.Any], t.Sequence[plans.Outcome], int], dict[str, t.Any]],
    ) -> t.Callable[[], dict[str, t.Any]]:
        """Return a function that renders the outcomes so far.

        :param render: renders outcomes as a result.
        :param cut_short: turns it into the result of an interrupted task, given the number of planned updates.
        """

        def unfinished() -> dict[str, t.Any]:
            outcomes = self.outcomes()
            return cut_short(render(outcomes), outcomes, len(self._changes))

        return unfinished

    def _write(self, change: priority_change.PriorityChange) -> None:
        """Update one job, unless another job has failed and on_error is stop."""
        if self._failed_id and self._plan.policy.on_error == "stop":
            held = plans.withheld(change.planned, self._failed_id)
            self._ledger.note(change, plans.reconcile(change.planned, held))
            return
        outcome = self._ledger.note(change, confirm.WriteConfirmer(self._session, change).run())
        if outcome.failure:
            self._failed_id = outcome.job_id


def apply_plan(session: sessions.Session, plan: plans.Plan) -> list[plans.Outcome]:
    """Apply a plan; return one outcome for each decision, in order."""
    return Application(session, plan).run()


def apply_change(
    session: sessions.Session, change: confirm.Change[t.Any], check_mode: bool, ledger: confirm.Ledger
) -> plans.Outcome:
    """Apply one change if its decision requires it; in check mode, return what would change."""
    if change.planned.outcome != "update":
        return plans.reconcile(change.planned, change.planned)
    if check_mode:
        return confirm.written(change, "would_change", change.after())
    return ledger.note(change, confirm.WriteConfirmer(session, change).run())
