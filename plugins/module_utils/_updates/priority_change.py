# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set another priority of a job, and tell whether it took effect. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, providers
from .._requests import senders, sessions
from . import confirm


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

    def state_text(self, job: batch_jobs.Job) -> str:
        return f"the job shows {job.priority}"

    def rejection(self, failure: errors.Failure, now: plans.Decision) -> errors.Failure:
        """Explain a rejection; a job that is there and live is never reported as missing."""
        status = now.before.status if now.before else ""
        text = f"{failure.message.rstrip('.')}; job {self.job_id} is {status} and was not changed"
        # A public test fixture that ran against AWS says that Suspended jobs refuse priority changes.
        kind: errors.Kind = "invalid" if failure.kind == "invalid" and status != "Suspended" else "not_updatable"
        return dataclasses.replace(failure, kind=kind, message=text)

    def unknown_result_text(self) -> str:
        old = self.planned.before.priority if self.planned.before else None
        return (
            f"the answer to an update was lost, so its priority is {old} or {self._target},"
            f" and may still become {self._target}"
        )
