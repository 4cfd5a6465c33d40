# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide whether a job in a given status can take the requested status. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, plans, providers, statuses

REQUESTS: t.Final[dict[str, str]] = {"ready": "Ready", "cancelled": "Cancelled"}
"""Statuses that can be requested, by option value, in the words of the providers."""

FIRST: t.Final[dict[str, str]] = {"ready": "Ready", "cancelled": "Cancelling"}
"""The status of a job right after a request: cancelling takes some time on all providers."""

ARRIVED: t.Final[dict[str, str]] = {"ready": "Ready", "cancelled": "Cancelled"}
"""The status that a job must reach or pass before a request is complete."""


@dataclasses.dataclass(frozen=True)
class Request:
    """A requested status of one job.

    :param status: ready or cancelled.
    :param reason: stored by the provider; empty for none.
    :param patience: seconds to wait for the status; None to return after the request.
    """

    job_id: str
    status: str
    reason: str = ""
    patience: t.Optional[float] = None


StatusDecision = plans.Decision[Request]


def decide(request: Request, job: batch_jobs.Job, traits: providers.Traits) -> StatusDecision:
    """Return the decision about the job: update, unchanged, or failed."""
    if job.status in statuses.fulfilled(request.status):
        return StatusDecision(request.job_id, "unchanged", job, desired=request)
    if job.status in traits.jobs.transitions[request.status]:
        return StatusDecision(request.job_id, "update", job, desired=request)
    text, hint = _refusal(request, job, traits)
    failure = traits.failure("not_updatable", text, hint=hint)
    return StatusDecision(request.job_id, "failed", job, text, failure, desired=request)


def _refusal(request: Request, job: batch_jobs.Job, traits: providers.Traits) -> tuple[str, str]:
    """Return why a job cannot take the request, and what to do next."""
    name = f"job {job.job_id}"
    verb = "confirmed" if request.status == "ready" else "canceled"
    if not job.is_known:
        text = f"{name} cannot be {verb}: its status {job.status!r} is unknown. The job was not changed"
        hint = "Check the status in the provider's console, and whether a newer release of this collection supports it."
        return text, hint
    if job.is_ended:
        text = f"{name} cannot be {verb}: it has ended ({job.status}). The job was not changed"
        return text, "Check job_id, or create a new job."
    if job.is_ending:
        text = f"{name} cannot be {verb}: it is ending ({job.status}). The job was not changed"
        return text, "Wait until the job has ended."
    sources = " or ".join(sorted(traits.jobs.transitions[request.status]))
    text = f"{name} cannot be {verb}: its status is {job.status}, expected {sources}. The job was not changed"
    if request.status == "ready":
        hint = "A job that must be confirmed becomes Suspended after the provider has read its manifest."
        return text, f"{hint} Run the task again then."
    return text, "Run the task again when the job has one of these statuses."
