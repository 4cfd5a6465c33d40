# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which requested status is possible for a job in which status. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, plans, providers, statuses

REQUESTS: t.Final[dict[str, str]] = {"ready": "Ready", "cancelled": "Cancelled"}
"""What can be requested, by option value, in the clouds' own words; no other status can."""

FIRST: t.Final[dict[str, str]] = {"ready": "Ready", "cancelled": "Cancelling"}
"""The status that a job has right after a request: cancelling takes a while on every cloud."""

ARRIVED: t.Final[dict[str, str]] = {"ready": "Ready", "cancelled": "Cancelled"}
"""The status that a job has to come to, or to go beyond, until a request has done its work."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What a task asks of one job.

    :param status: ready or cancelled.
    :param reason: kept by the cloud; empty for none.
    :param patience: seconds to wait until the job is there; None to leave once it is requested.
    """

    job_id: str
    status: str
    reason: str = ""
    patience: t.Optional[float] = None


def decide(request: Request, job: batch_jobs.Job, traits: providers.Traits) -> plans.Decision:
    """Return what shall happen to the job: update, unchanged or failed."""
    wanted = plans.DesiredState(request.job_id, None)
    if job.status in statuses.fulfilled(request.status):
        return plans.Decision(wanted, "unchanged", job)
    if job.status in traits.jobs.transitions[request.status]:
        return plans.Decision(wanted, "update", job)
    text, hint = _refusal(request, job, traits)
    failure = traits.failure("not_updatable", text, hint=hint)
    return plans.Decision(wanted, "failed", job, text, failure)


def _refusal(request: Request, job: batch_jobs.Job, traits: providers.Traits) -> tuple[str, str]:
    """Return why a job cannot take the request, and what to do next."""
    name = f"job {job.job_id}"
    if not job.is_known:
        text = f"{name} has the unknown status {job.status!r}; nothing is requested of it"
        return (
            text,
            "A newer release of objectstore.batch may know the status; the cloud's console shows what it means.",
        )
    verb = "confirmed" if request.status == "ready" else "cancelled"
    if job.is_ended:
        return f"{name} has ended ({job.status}) and cannot be {verb}", "Nothing will happen to this job any more."
    if job.is_ending:
        return f"{name} is ending ({job.status}) and cannot be {verb}", "Wait until it has ended."
    sources = " or ".join(sorted(traits.jobs.transitions[request.status]))
    text = f"{name} is {job.status} and cannot be {verb}: only a job that is {sources} can"
    return text, "A job that waits for its confirmation becomes Suspended once the cloud has read its manifest."
