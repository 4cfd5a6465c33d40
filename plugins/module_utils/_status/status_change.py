# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Request another status of a job, and confirm the result. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, providers, statuses
from .._requests import senders, sessions
from .._updates import confirm
from . import allowed_transitions


class StatusChange(confirm.Change[allowed_transitions.Request]):
    """Another status for a job."""

    operation = "UpdateJobStatus"

    def send(self, provider: providers.Provider) -> str:
        return provider.update_status(
            self.job_id, allowed_transitions.REQUESTS[self.desired.status], self.desired.reason
        )

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return answered in statuses.fulfilled(self.desired.status)

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        before = self.planned.before
        status = str(answered or allowed_transitions.FIRST[self.desired.status])
        return before and dataclasses.replace(before, status=status, status_reason=self.desired.reason)

    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> allowed_transitions.StatusDecision:
        return allowed_transitions.decide(self.desired, session.describe(self.job_id, budget), session.provider.traits)

    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        requested = allowed_transitions.REQUESTS[self.desired.status]
        return f"the response contains status {answered!r} for job {self.job_id} after a request for {requested}"

    def state_text(self, job: batch_jobs.Job) -> str:
        return f"the job has status {job.status}"

    def rejection(self, failure: errors.Failure, now: allowed_transitions.StatusDecision) -> errors.Failure:
        """Explain a rejection that the rules do not explain: the status is changing, or the provider's rules differ."""
        if 300 <= (failure.http_status or 0) < 400:
            return failure  # the request needs another endpoint; the job is not the cause
        hint = "The status of the job can be changing. Check the job, then run the task again."
        return dataclasses.replace(failure, kind="not_updatable", message=self.rejected_text(failure, now), hint=hint)

    def unknown_result_text(self) -> str:
        old = self.planned.before.status if self.planned.before else None
        new = allowed_transitions.FIRST[self.desired.status]
        return f"The status of job {self.job_id} is {old} or {new}, and the request can still take effect"
