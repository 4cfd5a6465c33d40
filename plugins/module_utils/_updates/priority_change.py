# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Update the priority of a job, and confirm the result. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, providers
from .._requests import senders, sessions
from . import confirm


class PriorityChange(confirm.Change[plans.DesiredPriority]):
    """Another priority for a job."""

    operation = "UpdateJobPriority"

    def __init__(self, planned: plans.PriorityDecision, desired: plans.DesiredPriority, policy: plans.Policy) -> None:
        super().__init__(planned, desired)
        self._policy = policy

    def send(self, provider: providers.Provider) -> int:
        return provider.update_priority(self.job_id, self.desired.priority)

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return answered == self.desired.priority

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        before = self.planned.before
        return None if before is None else dataclasses.replace(before, priority=self.desired.priority)

    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> plans.PriorityDecision:
        return plans.decide(self.desired, session.describe(self.job_id, budget), self._policy)

    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        return f"the response contains priority {answered} for job {self.job_id}, expected {self.desired.priority}"

    def state_text(self, job: batch_jobs.Job) -> str:
        return f"the job has priority {job.priority}"

    def rejection(self, failure: errors.Failure, now: plans.PriorityDecision) -> errors.Failure:
        """Explain a rejection; a live job is never reported as missing."""
        status = now.before.status if now.before else ""
        # A public test fixture that ran against AWS states that Suspended jobs reject priority changes.
        kind: errors.Kind = "invalid" if failure.kind == "invalid" and status != "Suspended" else "not_updatable"
        return dataclasses.replace(failure, kind=kind, message=self.rejected_text(failure, now))

    def unknown_result_text(self) -> str:
        old = self.planned.before.priority if self.planned.before else None
        new = self.desired.priority
        return f"The priority of job {self.job_id} is {old} or {new}, and the update can still take effect"
