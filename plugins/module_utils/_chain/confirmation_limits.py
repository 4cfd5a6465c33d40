# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warn about jobs that wait for a confirmation so long that the provider fails them. Private to this collection."""

from __future__ import annotations

import datetime
import math
import typing as t

from .._core import batch_jobs, display, job_values, providers

_SHARE: t.Final = 0.25
"""The warning begins when less than this share of the time is left."""
_UNDOCUMENTED: t.Final = 14
"""Days after which a job gets a warning if its provider documents no limit: the shortest limit of another provider."""


def warn(jobs: t.Iterable[batch_jobs.Job], traits: providers.Traits, now: datetime.datetime) -> list[str]:
    """Return a sentence for each Suspended job that has waited too long."""
    found = (_sentence(job, traits, now) for job in jobs if job.status == "Suspended")
    return job_values.few([text for text in found if text])


def _sentence(job: batch_jobs.Job, traits: providers.Traits, now: datetime.datetime) -> str:
    # Lists and some providers omit the time of the suspension. A job is never suspended before its creation.
    since = job.suspended or job.created
    if since is None:
        return ""
    days = (now - since).total_seconds() / 86400
    limit = traits.jobs.confirmation_days
    text = f"Job {job.job_id} has waited for a confirmation for up to {display.count(math.ceil(days), 'day')}"
    if limit is None:
        unknown = f"{text}. {traits.title} does not document how long a job can wait."
        return unknown if days >= _UNDOCUMENTED else ""
    if limit - days > limit * _SHARE:
        return ""
    return f"{text}. {traits.title} fails a job that has waited for {limit} days."
