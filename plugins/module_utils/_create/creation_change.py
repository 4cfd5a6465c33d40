# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create a job, and tell whether it is there. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, providers
from .._requests import senders, sessions
from .._updates import confirm
from . import recognition

_CANDIDATES: t.Final = 20
"""Jobs with the mark that are described at the most, a request each; a copied mark must not cost thousands."""


def look(
    session: sessions.Session, creation: recognition.Creation, budget: t.Optional[senders.RetryBudget] = None
) -> tuple[plans.Decision, str]:
    """List the jobs, have those described that may be this one until one is, and decide; say what is odd about it."""
    found = recognition.with_marker(creation, session.list_jobs(budget=budget))
    candidates = [number for number, job in enumerate(found) if recognition.is_candidate(creation, job)]
    for number in candidates[:_CANDIDATES]:
        found[number] = session.describe(found[number].job_id, budget)
        if not recognition.first_difference(creation, found[number]):
            break
    decision = recognition.decide(creation, found)
    return decision, recognition.duplicates_warning(found, decision)


class CreationChange(confirm.Change):
    """A new job."""

    operation = "CreateJob"
    verb = "created"
    race_text = "no such job was listed at first, and the request was then refused"

    def __init__(self, planned: plans.Decision, creation: recognition.Creation, traits: providers.Traits) -> None:
        super().__init__(planned)
        self._creation = creation
        self._traits = traits

    def send(self, provider: providers.Provider) -> str:
        return provider.create(self._creation.request)

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return bool(answered)

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        return self._creation.job(str(answered or ""))

    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> plans.Decision:
        return look(session, self._creation, budget)[0]

    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        return "the answer names no job"

    def state_text(self, job: batch_jobs.Job) -> str:
        return f"job {job.job_id} is there"

    def rejection(self, failure: errors.Failure, now: plans.Decision) -> errors.Failure:
        """Explain a used token whose job is not listed (yet), or a request that the provider does not take."""
        if 300 <= (failure.http_status or 0) < 400:
            return failure  # another endpoint; the request has nothing to do with it
        if failure.code not in self._traits.failures.token_used:
            hint = "Compare the options with the cloud's documentation of CreateJob, the operation's parameters first."
            return dataclasses.replace(failure, kind="invalid", hint=hint)
        text = f"{failure.message.rstrip('.')}; no job with this token is listed"
        hint = (
            "The token may have been used for a job that is no longer listed, or was created moments ago: look at"
            " the list, then run the task again, or give another client_request_token to create the job once more."
        )
        return dataclasses.replace(failure, kind="conflict", message=text, hint=hint)

    def unknown_result_text(self) -> str:
        return (
            "the answer to CreateJob was lost, so the job may be there, or may still appear;"
            " the next run of this task finds it, or creates it"
        )
