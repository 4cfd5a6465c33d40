# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the deadlines of a job: when it began to wait, when it fails without a confirmation, and when it expires.

Private to this collection.
"""

from __future__ import annotations

import datetime
import typing as t

from . import batch_jobs, job_values, providers, statuses

Moment = t.Optional[datetime.datetime]


class Deadlines(t.NamedTuple):
    """Moments in the life of a job; None if they do not apply, or if the provider does not return enough.

    :param waiting_since: when a Suspended job began to wait; the creation of a job that never ran.
    :param confirmation_deadline: when the provider fails a Suspended job without a confirmation.
    :param expires_at: when an ended job expires.
    """

    waiting_since: Moment = None
    confirmation_deadline: Moment = None
    expires_at: Moment = None


def find_deadlines(job: batch_jobs.Job, traits: providers.Traits) -> Deadlines:
    """Return the moments of a job for its provider."""
    if job.status == "Suspended":
        return Deadlines(
            waiting_since=job.suspended, confirmation_deadline=_later(job.suspended, traits.jobs.confirmation_days)
        )
    if job.status in statuses.WAITING and not statuses.BY_NAME[job.status].has_run:
        return Deadlines(waiting_since=job.created)
    if job.is_ended:
        start = job.created if traits.jobs.retention_start == "creation" else job.ended
        return Deadlines(expires_at=_later(start, traits.jobs.retention_days))
    return Deadlines()


def days_left(moment: Moment, now: datetime.datetime) -> t.Optional[float]:
    """Return the days until a moment, to a tenth; 0.0 if it is over."""
    if moment is None:
        return None
    return round(max(0.0, (moment - now).total_seconds() / 86400), 1)


def report(job: batch_jobs.Job) -> t.Optional[dict[str, str]]:
    """Return the location of a job's report; None if it writes none, or if the response does not state it (lists)."""
    found = job.report
    if found is None or not found.enabled:
        return None
    return {"bucket": found.bucket, "prefix": found.prefix.strip(), "scope": found.scope, "format": found.format}


def _later(moment: Moment, days: t.Optional[int]) -> Moment:
    if moment is None or days is None:
        return None
    try:
        return moment + datetime.timedelta(days=days)
    except OverflowError:
        # The moment is in December 9999. No provider keeps a job until then.
        return None


def render_deadlines(deadlines: Deadlines, now: datetime.datetime) -> job_values.Values:
    """Return the moments of a job, and the remaining days."""
    return {
        "waiting_since": job_values.render_time(deadlines.waiting_since),
        "confirmation_deadline": job_values.render_time(deadlines.confirmation_deadline),
        "days_until_deadline": days_left(deadlines.confirmation_deadline, now),
        "expires_at": job_values.render_time(deadlines.expires_at),
        "days_until_expiration": days_left(deadlines.expires_at, now),
    }
