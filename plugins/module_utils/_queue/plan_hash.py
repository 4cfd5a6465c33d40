# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognize a plan by a digest. Private to this collection."""

from __future__ import annotations

import hashlib
import json

from .._core import job_values, plans


def plan_hash(queue_id: job_values.QueueId, plan: plans.Plan) -> str:
    """Return a digest of the current and planned priorities: equal plans for equal jobs have equal digests.

    Every job that the declaration matches counts, also if its priority stays: if another user or process changes it,
    the plan is a different one. Ages, statuses, and reasons do not count, because they change by themselves.
    """
    jobs = sorted(
        [
            decision.job_id,
            decision.before.priority if decision.before else None,
            decision.desired.priority if decision.desired else None,
        ]
        for decision in plan.decisions
        if decision.listed
    )
    text = json.dumps([queue_id, jobs], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
