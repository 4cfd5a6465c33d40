# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute what time does to a job: since when it waits, until when it may be confirmed, until when it is available.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from . import batch_jobs, job_values, providers, statuses

Moment = t.Optional[datetime.datetime]


@dataclasses.dataclass(frozen=True)
class Deadlines:
    """Moments in the life of a job; None where they do not apply, or where the cloud does not say enough.

    :param waiting_since: since when a Suspended job waits for a confirmation; of one that never ran, its creation.
    :param confirm_until: when the cloud fails a Suspended job that nobody confirms.
    :param shown_until: when an ended job disappears.
    """

    waiting_since: Moment = None
    confirm_until: Moment = None
    shown_until: Moment = None


def find_deadlines(job: batch_jobs.Job, traits: providers.Traits) -> Deadlines:
    """Return the moments of a job on its cloud."""
    if job.status == "Suspended":
        return Deadlines(
            waiting_since=job.suspended, confirm_until=_later(job.suspended, traits.jobs.confirmation_days)
        )
    if job.status in statuses.WAITING and not statuses.BY_NAME[job.status].has_run:
        return Deadlines(waiting_since=job.created)
    if job.is_ended:
        start = job.created if traits.jobs.retention_start == "creation" else job.ended
        return Deadlines(shown_until=_later(start, traits.jobs.retention_days))
    return Deadlines()


def days_left(moment: Moment, now: datetime.datetime) -> t.Optional[float]:
    """Return the days until a moment, to a tenth, 0.0 where it is over."""
    if moment is None:
        return None
    return round(max(0.0, (moment - now).total_seconds() / 86400), 1)


def report(job: batch_jobs.Job) -> t.Optional[dict[str, str]]:
    """Return where the job's report goes; None where it writes none, or where the answer does not say (as in lists)."""
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
        # Of a moment in December 9999; no cloud keeps a job until then.
        return None


def render_deadlines(deadlines: Deadlines, now: datetime.datetime) -> job_values.Values:
    """Return the moments of a job, and the days that are left until they come."""
    return {
        "waiting_since": job_values.render_time(deadlines.waiting_since),
        "confirm_until": job_values.render_time(deadlines.confirm_until),
        "confirm_days_left": days_left(deadlines.confirm_until, now),
        "shown_until": job_values.render_time(deadlines.shown_until),
        "shown_days_left": days_left(deadlines.shown_until, now),
    }
