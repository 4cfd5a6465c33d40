# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far an active job has come, and when it will stop being active. Arithmetic only."""

from __future__ import annotations

import math

from .jobs import Job

# From this many tasks on, a failure rate above one half fails the job (S3 user guide, batch-ops-job-status).
THRESHOLD_TASKS = 1000

# Float noise must not hold back a task that is due at exactly this moment.
_NOISE = 1e-6


def tasks(job: Job, now: float) -> tuple[int, int]:
    """Finished tasks, and the failed ones among them."""
    if job.active_since is None:
        return job.tasks_done, job.tasks_failed
    moved = int((now - job.active_since) * job.tasks_per_second + _NOISE)
    if job.tasks_total is not None:
        moved = max(0, min(moved, job.tasks_total - job.tasks_done))
    return job.tasks_done + moved, job.tasks_failed + int(moved * job.failing_share)


def active_seconds(job: Job, now: float) -> float:
    return job.active_seconds + (0.0 if job.active_since is None else now - job.active_since)


def settle(job: Job, now: float) -> None:
    """Write down what the job has done so far and stop its progress."""
    job.tasks_done, job.tasks_failed = tasks(job, now)
    job.active_seconds = active_seconds(job, now)
    job.active_since = None


def outcome(job: Job) -> tuple[float, str] | None:
    """Seconds of activity until the job leaves Active, and for which status; None if it never does."""
    if job.tasks_total is not None and job.tasks_done >= job.tasks_total:
        return 0.0, "Completing"
    if job.tasks_per_second <= 0:
        return None
    left = None if job.tasks_total is None else job.tasks_total - job.tasks_done
    failing = _moves_to_threshold(job)
    if failing is not None and (left is None or failing <= left):
        return failing / job.tasks_per_second, "Failing"
    return None if left is None else (left / job.tasks_per_second, "Completing")


def _moves_to_threshold(job: Job) -> int | None:
    first = max(0, THRESHOLD_TASKS - job.tasks_done)
    if job.tasks_failed + int(first * job.failing_share) > (job.tasks_done + first) / 2:
        return first
    if job.failing_share <= 0.5:
        return None
    # One task more than the line requires, because failed tasks are counted as integers.
    moves = math.ceil((job.tasks_done / 2 - job.tasks_failed + 1) / (job.failing_share - 0.5)) + 1
    return max(first, moves)
