# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render jobs as a module returns them. Private to this collection."""

from __future__ import annotations

import datetime
import typing as t

from . import batch_jobs, display, priority_classes

Values = dict[str, t.Any]
_SHOWN: t.Final = 10


class QueueId(t.NamedTuple):
    """The queue of jobs: the part of a result that is the same for all of them."""

    provider: str
    region: str
    account_id: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.provider, self.account_id, self.region)))


def unknown_job_warnings(jobs: t.Iterable[batch_jobs.Job]) -> list[str]:
    """Return a sentence for each live job that cannot be planned."""
    odd = [job for job in jobs if job.is_live and (job.priority is None or not job.is_known)]
    why = {
        job.job_id: f"the unknown status {job.status!r}" if not job.is_known else "no priority in the responses"
        for job in odd
    }
    shown = [
        f"Job {job_id} has {text}. It keeps its position in the queue and is never changed."
        for job_id, text in why.items()
    ]
    return few(shown)


def few(sentences: t.Sequence[str], rest: str = "jobs are affected") -> list[str]:
    """Return the first of many similar sentences, and how many more there are.

    :param rest: the end of the sentence about the others.
    """
    more = len(sentences) - _SHOWN
    first = [display.escape(text) for text in sentences[:_SHOWN]]
    return first + ([f"{more} more {rest}."] if more > 0 else [])


def name_classes(result: Values, classes: priority_classes.PriorityClasses) -> Values:
    """Return a result whose jobs have the class of their priority; null if no class has exactly this priority."""
    for job in [*result.get("jobs", ()), result.get("job") or {}]:
        if "job_id" in job:
            job["class"] = classes.name(job["priority"])
    return result


def render_time(value: t.Optional[datetime.datetime]) -> t.Optional[str]:
    """Return a time as ISO 8601 in UTC, to the second."""
    if value is None:
        return None
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_job(queue_id: QueueId, job: batch_jobs.Job) -> Values:
    """Return the stable keys of a job that was read."""
    return {
        **queue_id._asdict(),
        "job_id": job.job_id,
        "status": job.status,
        "priority": job.priority,
        "description": job.description,
        "operation": job.operation,
        "progress": job.progress._asdict(),
        "created": render_time(job.created),
    }


def render_details(job: batch_jobs.Job) -> Values:
    """Return the further keys of a job in batch_job_info."""
    return {
        "ended": render_time(job.ended),
        "suspended": render_time(job.suspended),
        "suspended_cause": job.suspended_cause,
        "status_reason": job.status_reason,
        "confirmation_required": job.confirmation_required,
        "failure_reasons": list(job.failure_reasons),
        "extra": dict(job.extra),
    }
