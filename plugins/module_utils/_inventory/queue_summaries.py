# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summarize a queue. Private to this collection."""

from __future__ import annotations

import collections
import datetime
import math
import re
import typing as t

from .._core import batch_jobs, job_estimates, job_values, statuses

STATES: t.Final = ("idle", "waiting", "running", "stalled", "awaiting_confirmation")
UNREACHABLE: t.Final = "unreachable"
"""The state of a queue that could not be read."""
_COUNTS: t.Final = ("live", "awaiting_confirmation", "failed_tasks", "stalled")
_NULLABLE: t.Final = ("oldest_waiting", "highest_priority")
_ESTIMATE: t.Final = ("active_seconds", "rate", "estimated_end", "estimate_basis")
_STALLED: t.Final = datetime.timedelta(hours=1)
"""After which an Active job without a single finished task counts as stalled."""
_NO_WORD: t.Final = re.compile("[^A-Za-z0-9 _-]")
_LONGEST: t.Final = 64
_TIME: t.Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def summarize(jobs: t.Iterable[batch_jobs.Job], now: datetime.datetime) -> job_values.Values:
    """Return the summary of a queue; only live jobs count."""
    live = [job for job in jobs if job.is_live]
    waiting = sorted(job.created for job in live if job.status in statuses.WAITING and job.created)
    active = [job for job in live if job.status == "Active"]
    stalled = [job for job in active if job.created and now - job.created > _STALLED and not _finished(job)]
    suspended = sum(job.status == "Suspended" for job in live)
    state = "stalled" if stalled else "running" if active else "waiting" if waiting else "idle"
    return {
        "live": len(live),
        "statuses": dict(sorted(collections.Counter(_word(job.status) for job in live).items())),
        "oldest_waiting": job_values.render_time(waiting[0]) if waiting else None,
        "awaiting_confirmation": suspended,
        "failed_tasks": sum(job.progress.failed or 0 for job in live),
        "stalled": len(stalled),
        "highest_priority": max((job.priority for job in live if job.priority is not None), default=None),
        **_estimate(active, now),
        "state": "awaiting_confirmation" if suspended and not active and not waiting else state,
    }


def _estimate(active: t.Sequence[batch_jobs.Job], now: datetime.datetime) -> job_values.Values:
    """Return the estimate for the Active jobs together; null if a part of it is unknown, because a part misleads."""
    found = [job_estimates.estimate(job) for job in active]
    times = [item.active_seconds for item in found if item.active_seconds is not None]
    rates = [item.rate for item in found if item.rate is not None]
    lefts = [item.seconds_left for item in found if item.seconds_left is not None]
    whole = bool(found) and len(rates) == len(found)
    together = job_estimates.Estimate(
        max(times) if times and len(times) == len(found) else None,
        sum(rates) if whole else None,
        max(lefts) if lefts and len(lefts) == len(found) else None,
        found[0].basis if whole else None,
    )
    return job_estimates.render_estimate(together, now)


def unknown() -> job_values.Values:
    """Return the summary of a queue that could not be read; null does not mean zero."""
    return {**dict.fromkeys((*_COUNTS, *_NULLABLE, *_ESTIMATE, "statuses")), "state": UNREACHABLE}


def restored(kept: t.Any) -> t.Optional[job_values.Values]:
    """Return a stored summary, None if it is damaged or from a different release."""
    if not isinstance(kept, t.Mapping) or set(kept) != set(unknown()):
        return None
    statuses = kept["statuses"]
    sound = (
        all(_is_count(kept[name]) for name in _COUNTS)
        and isinstance(statuses, t.Mapping)
        and all(isinstance(word, str) and word == _word(word) and _is_count(statuses[word]) for word in statuses)
        and all(_is_time(kept[name]) for name in ("oldest_waiting", "estimated_end"))
        and all(kept[name] is None or _is_count(kept[name]) for name in ("highest_priority", "active_seconds"))
        and _is_rate(kept["rate"])
        and kept["estimate_basis"] == (None if kept["rate"] is None else "timer")
        and kept["state"] in STATES
    )
    return {**kept, "statuses": dict(statuses)} if sound else None


def _word(status: str) -> str:
    """Return a status as a variable key: one word and never a template, for any response."""
    return _NO_WORD.sub("_", status[:_LONGEST]) or "unknown"


def _is_count(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_time(value: t.Any) -> bool:
    return value is None or (isinstance(value, str) and bool(_TIME.fullmatch(value)))


def _is_rate(value: t.Any) -> bool:
    return value is None or (isinstance(value, float) and math.isfinite(value) and value >= 0)


def _finished(job: batch_jobs.Job) -> int:
    return (job.progress.succeeded or 0) + (job.progress.failed or 0)
