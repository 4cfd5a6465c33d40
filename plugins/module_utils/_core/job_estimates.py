# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimate how fast a job is, and when it will end.

The rate is that of the provider's timer, or else that of several polls. A timer and the counts next to it come from one
machine, and polls are compared by one clock, so the clocks of two machines are never compared. What is not known, or
cannot be true, is None. Private to this collection.
"""

from __future__ import annotations

import datetime
import math
import typing as t

from . import batch_jobs, job_values

Basis = t.Literal["timer", "polls"]
Poll = t.Sequence[float]
"""Seconds by one clock, and the number of finished tasks at this time."""

LONGEST: t.Final = 365 * 86400
"""Maximum number of seconds until an estimated end: beyond a year, an estimate has no meaning."""
_LONGEST_ACTIVE: t.Final = 10 * LONGEST
_MOST_TASKS: t.Final = 10**15
"""No job has as many objects: AWS accepts up to 20 billion."""
_DIGITS: t.Final = 4
"""Significant digits of a rate."""


class Estimate(t.NamedTuple):
    """The speed of a job; None if unknown.

    :param active_seconds: how long the job has been Active, by the clock of the provider.
    :param rate: finished tasks per second, including failed ones.
    :param seconds_left: until all tasks are finished, if the rate stays the same; only for an Active job.
    :param basis: the source of the rate.
    """

    active_seconds: t.Optional[int] = None
    rate: t.Optional[float] = None
    seconds_left: t.Optional[float] = None
    basis: t.Optional[Basis] = None


def estimate(job: batch_jobs.Job, polls: t.Sequence[Poll] = ()) -> Estimate:
    """Return the speed of a job.

    :param polls: what one task saw while the job was Active, the oldest first; used if the provider has no timer.
    """
    active = job.active_seconds
    if active is not None and not 0 <= active <= _LONGEST_ACTIVE:
        active = None
    done = _done(job.progress)
    if done is None:
        return Estimate(active)
    rate: t.Optional[float] = None
    basis: t.Optional[Basis] = None
    is_active = job.status == "Active"
    if active:
        rate, basis = done / active, "timer"
    elif is_active:
        rate = _polled_rate(polls)
        basis = None if rate is None else "polls"
    left = _seconds_left(job.progress.total, done, rate) if is_active else None
    return Estimate(active, rate, left, basis)


def render_estimate(found: Estimate, now: datetime.datetime) -> job_values.Values:
    """Return the speed of a job as a module returns it.

    :param now: by the clock of the host that runs the task.
    """
    return {
        "active_seconds": found.active_seconds,
        "rate": None if found.rate is None else round_rate(found.rate),
        "estimated_end": job_values.render_time(_moment(found.seconds_left, now)),
        "estimate_basis": found.basis,
    }


def round_rate(rate: float) -> float:
    """Return a rate without digits that only look exact; a rate of many hours per object stays above 0."""
    return float(f"{rate:.{_DIGITS}g}")


def _done(progress: batch_jobs.Progress) -> t.Optional[int]:
    """Return the number of finished tasks; None if it is not known, or not possible."""
    if progress.succeeded is None and progress.failed is None:
        return None
    counts = [progress.succeeded or 0, progress.failed or 0]
    done = sum(counts)
    most = _MOST_TASKS if progress.total is None else min(progress.total, _MOST_TASKS)
    return done if min(counts) >= 0 and done <= most else None


def _polled_rate(polls: t.Sequence[Poll]) -> t.Optional[float]:
    """Return the tasks per second of the last polls between which no count went backwards."""
    row: list[Poll] = []
    for seconds, done in polls:
        if not (0 <= seconds <= _LONGEST_ACTIVE and 0 <= done <= _MOST_TASKS):
            row = []
            continue
        if row and (seconds <= row[-1][0] or done < row[-1][1]):
            row = []
        row.append((seconds, done))
    if len(row) < 2:
        return None
    rate = (row[-1][1] - row[0][1]) / (row[-1][0] - row[0][0])
    return rate if math.isfinite(rate) else None


def _seconds_left(total: t.Optional[int], done: int, rate: t.Optional[float]) -> t.Optional[float]:
    if total is None or not rate or total > _MOST_TASKS:
        return None
    left = (total - done) / rate
    return left if left <= LONGEST else None


def _moment(seconds: t.Optional[float], now: datetime.datetime) -> t.Optional[datetime.datetime]:
    if seconds is None:
        return None
    try:
        return now + datetime.timedelta(seconds=seconds)
    except OverflowError:
        # A clock in December 9999.
        return None
