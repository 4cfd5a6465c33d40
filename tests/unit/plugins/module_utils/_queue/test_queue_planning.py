# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole queue becomes a plan: which jobs get a decision, and in which order the updates are sent."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Reading
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, Failure
from ansible_collections.objectstore.batch.plugins.module_utils._queue.declarations import prepare
from ansible_collections.objectstore.batch.plugins.module_utils._queue.queue_planning import plan_queue

MOMENT = (datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc), {})
OPTIONS = {
    **dict.fromkeys(
        ("order", "rules", "min_priority", "max_priority", "max_updates", "protect", "expect_plan", "approved")
    ),
    "classes": None,
    "direction": "any",
    "out_of_bounds": "fail",
    "min_delta": 0,
    "spacing": 1,
    "when_ended": "fail",
    "on_error": "continue",
    "verify": True,
    "unmatched": "ignore",
    "approval_mode": "exact",
}
LIVE = [Job("job-a", "Ready", 10), Job("job-b", "Active", 20)]


def planned(order, queue, jobs=(), missing=(), **options):
    failures = {job_id: Failure("not_found", "gone") for job_id in missing}
    reading = Reading({job.job_id: job for job in jobs}, failures, list(queue), [])
    return plan_queue(prepare({**OPTIONS, "order": order, **options}, TRAITS), reading, MOMENT)


def outcomes(found):
    return {decision.job_id: decision.outcome for decision in found.decisions}


def test_each_live_job_has_a_decision():
    found = planned(["job-a"], LIVE)
    assert outcomes(found) == {"job-a": "update", "job-b": "unchanged"}
    assert found.plan.waves == (("job-a",),)
    assert [target.job.job_id for target in found.targets] == ["job-a", "job-b"]


@pytest.mark.parametrize(
    ("jobs", "missing", "outcome", "kind"),
    [
        ([], ["job-c"], "failed", "not_found"),
        ([Job("job-c", "Complete", 5)], [], "failed", "job_ended"),
        ([Job("job-c", "Ready", 5)], [], "failed", "invalid_response"),
    ],
)
def test_a_listed_job_that_is_not_in_the_queue(jobs, missing, outcome, kind):
    found = planned(["job-a", "job-c"], LIVE, jobs, missing)
    [decision] = [item for item in found.decisions if item.job_id == "job-c"]
    assert (decision.outcome, decision.failure.kind, decision.desired) == (outcome, kind, None)


def test_a_job_without_a_priority_is_shown_and_never_planned():
    found = planned(["job-a"], [*LIVE, Job("job-c", "Ready")])
    assert outcomes(found)["job-c"] == "skipped"
    assert "job-c" not in {target.job.job_id for target in found.targets}


def test_an_impossible_order_is_a_conflict():
    with pytest.raises(BatchError) as caught:
        planned(["job-a"], LIVE, max_priority=20)
    assert caught.value.failure.kind == "conflict"
    assert caught.value.failure.hint.endswith("No changes were made.")
