# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognize a plan by a digest. Private to this collection."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from .._core import job_values, plans


def plan_hash(queue_id: job_values.QueueId, plan: plans.Plan) -> str:
    """Return a digest of what a plan was made from and what it does: the same plan for the same jobs, the same digest.

    Every job that the declaration matches counts, also where it keeps its number: moved by somebody else, it makes
    another plan. Ages, statuses and reasons do not count, since they change by themselves.
    """
    jobs = sorted(
        [decision.desired.job_id, decision.before.priority if decision.before else None, decision.desired.priority]
        for decision in plan.decisions
        if decision.listed
    )
    text = json.dumps([dataclasses.astuple(queue_id), jobs], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
