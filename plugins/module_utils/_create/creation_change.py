# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create a job, and confirm that it exists. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, providers
from .._requests import senders, sessions
from .._updates import confirm
from . import recognition

_CANDIDATES: t.Final = 20
"""Most jobs with the marker that are described, one request each; a copied marker must not cost thousands."""


def look(
    session: sessions.Session, creation: recognition.Creation, budget: t.Optional[senders.RetryBudget] = None
) -> tuple[recognition.CreationDecision, str]:
    """List the jobs, describe the candidates until one matches, and decide; return a warning about duplicates, too."""
    found = recognition.with_marker(creation, session.list_jobs(budget=budget))
    candidates = [number for number, job in enumerate(found) if recognition.is_candidate(creation, job)]
    for number in candidates[:_CANDIDATES]:
        found[number] = session.describe(found[number].job_id, budget)
        if not recognition.first_difference(creation, found[number]):
            break
    decision = recognition.decide(creation, found)
    return decision, recognition.duplicates_warning(found, decision)


class CreationChange(confirm.Change[recognition.Creation]):
    """A new job."""

    operation = "CreateJob"
    verb = "created"
    race_text = "The job was not listed at first, and the provider then rejected the request"
    confirm_hint = "Run the task again: it finds the job or creates it, but never creates a duplicate."

    def __init__(
        self, planned: recognition.CreationDecision, desired: recognition.Creation, traits: providers.Traits
    ) -> None:
        super().__init__(planned, desired)
        self._traits = traits

    def send(self, provider: providers.Provider) -> str:
        return provider.create(self.desired.request)

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return bool(answered)

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        return self.desired.job(str(answered or ""))

    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> recognition.CreationDecision:
        return look(session, self.desired, budget)[0]

    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        return "the response contains no job ID"

    def state_text(self, job: batch_jobs.Job) -> str:
        return f"job {job.job_id} exists"

    def rejection(self, failure: errors.Failure, now: recognition.CreationDecision) -> errors.Failure:
        """Explain a used token whose job is not listed (yet), or a request that the provider does not accept."""
        if 300 <= (failure.http_status or 0) < 400:
            return failure  # the request needs another endpoint; its content is not the cause
        if failure.code not in self._traits.failures.token_used:
            text = f"CreateJob was rejected: {failure.message.rstrip('.')}. The request created no job"
            hint = (
                "Compare the options with the provider's documentation of CreateJob, starting with the parameters of"
                " the operation."
            )
            return dataclasses.replace(failure, kind="invalid", message=text, hint=hint)
        text = f"client_request_token was used before, but no listed job has it: {failure.message}"
        hint = (
            "If the job was created moments ago, run the task again. If the job is no longer listed, set another"
            " client_request_token to create it again."
        )
        return dataclasses.replace(failure, kind="conflict", message=text, hint=hint)

    def unknown_result_text(self) -> str:
        return "The job exists, can still appear, or was not created"
