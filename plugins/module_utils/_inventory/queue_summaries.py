# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Summarize a queue. Private to this collection."""

from __future__ import annotations

import collections
import datetime
import re
import typing as t

from .._core import batch_jobs, job_values, statuses

STATES: t.Final = ("idle", "waiting", "running", "stalled", "awaiting_confirmation")
UNREACHABLE: t.Final = "unreachable"
"""The state of a queue that could not be read."""
_COUNTS: t.Final = ("live", "awaiting_confirmation", "failed_tasks", "stalled")
_NULLABLE: t.Final = ("oldest_waiting", "highest_priority")
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
        "state": "awaiting_confirmation" if suspended and not active and not waiting else state,
    }


def unknown() -> job_values.Values:
    """Return the summary of a queue that could not be read; null does not mean zero."""
    return {**dict.fromkeys((*_COUNTS, *_NULLABLE, "statuses")), "state": UNREACHABLE}


def restored(kept: t.Any) -> t.Optional[job_values.Values]:
    """Return a stored summary, None if it is damaged or from a different release."""
    if not isinstance(kept, t.Mapping) or set(kept) != set(unknown()):
        return None
    statuses, oldest = kept["statuses"], kept["oldest_waiting"]
    sound = (
        all(_is_count(kept[name]) for name in _COUNTS)
        and isinstance(statuses, t.Mapping)
        and all(isinstance(word, str) and word == _word(word) and _is_count(statuses[word]) for word in statuses)
        and (oldest is None or (isinstance(oldest, str) and bool(_TIME.fullmatch(oldest))))
        and (kept["highest_priority"] is None or _is_count(kept["highest_priority"]))
        and kept["state"] in STATES
    )
    return {**kept, "statuses": dict(statuses)} if sound else None


def _word(status: str) -> str:
    """Return a status as a variable key: one word and never a template, for any response."""
    return _NO_WORD.sub("_", status[:_LONGEST]) or "unknown"


def _is_count(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _finished(job: batch_jobs.Job) -> int:
    return (job.progress.succeeded or 0) + (job.progress.failed or 0)
