# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a declared state holds, and what would restore it."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._events import order_drift
from ansible_collections.objectstore.batch.plugins.module_utils._events.source_options import parse

QUEUE = QueueId("aws", "eu-central-1", "111122223333")
NAME = "aws-111122223333-eu-central-1"
NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)


def drift(jobs, **declared):
    accounts = [{"provider": "aws", "account_id": "111122223333", "regions": ["eu-central-1"]}]
    options = parse({"accounts": accounts, "declarations": {NAME: declared}})
    return order_drift.find(options.declared[NAME], QUEUE, jobs, NOW)


def jobs(**priorities):
    return [Job(f"job-{name}", "Ready", priority, f"about {name}") for name, priority in priorities.items()]


ORDER = ["job-a", "job-b"]


@pytest.mark.parametrize(
    ("listed", "moves"),
    [
        (jobs(a=20, b=10), []),
        (jobs(a=20, b=10, c=5), []),
        (jobs(a=10, b=20), [("job-a", 10, 30)]),
        # A job that is gone or has ended does not matter.
        (jobs(b=10), []),
        ([*jobs(b=10), Job("job-a", "Complete", 1)], []),
        ([], []),
    ],
)
def test_an_order(listed, moves):
    found = drift(listed, order=ORDER)
    assert [(move["job_id"], move["from"], move["to"]) for move in found.values.get("plan", [])] == moves
    assert bool(found.digest) == bool(moves)


def test_rules():
    found = drift(jobs(a=10, b=20), rules=[{"match": {"description": "about a"}, "priority": 50}])
    assert found.values["plan"] == [{"job_id": "job-a", "from": 10, "to": 50}]
    assert "priority would change for 1 of 2 live jobs" in found.values["plan_text"]


def test_equal_queues_have_equal_digests():
    one, other = drift(jobs(a=10, b=20), order=ORDER), drift(jobs(a=11, b=20), order=ORDER)
    assert one.digest == drift(jobs(a=10, b=20), order=ORDER).digest
    assert one.digest != other.digest


def test_an_order_that_cannot_be_planned_is_a_drift_with_the_reason():
    found = drift(jobs(a=10, b=20), order=ORDER, max_priority=20, protect=[{"job_ids": ["job-b"]}])
    assert found.digest
    assert found.values["plan"] == []
    assert "priority" in found.values["plan_text"]
