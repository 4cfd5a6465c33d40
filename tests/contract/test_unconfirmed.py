# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Suspended job takes a priority, and starts only after somebody has confirmed it: whoever raises it is told."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import JOB_ID, Cloud
from .test_select import place

WORDS = "it starts only after it is confirmed. To confirm, run batch_job_status with status=ready"
WAYS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "job_id": ("batch_job_priority", {"job_id": JOB_ID, "priority": 4000}),
    "jobs": ("batch_job_priority", {"jobs": [{"job_id": JOB_ID, "priority": 4000}]}),
    "select": ("batch_job_priority", {"select": {"description": "INC-4711"}, "priority": 4000}),
    "rules": ("batch_queue", {"rules": [{"priority": 4000}]}),
    "order": ("batch_queue", {"order": [JOB_ID], "min_priority": 4000}),
}


def told(result: dict[str, t.Any]) -> tuple[bool, bool]:
    """Return whether the message and a warning say so."""
    return WORDS in result["msg"], f"Job {JOB_ID} is Suspended: {WORDS}." in json.dumps(result.get("warnings", []))


@pytest.mark.parametrize("way", WAYS)
def test_whoever_raises_a_suspended_job_is_told(cloud: Cloud, way: str) -> None:
    cloud.seed(priority=80, status="Suspended", description="restore INC-4711")
    module, options = WAYS[way]
    for check_mode, outcome in ((True, "would_change"), (False, "changed"), (False, "unchanged")):
        result = cloud.run(module, check_mode=check_mode, **options)
        assert (result["rc"], result["jobs"][0]["outcome"], told(result)) == (0, outcome, (True, True)), result
    assert f"{place(cloud)}: Job {JOB_ID} is Suspended" in json.dumps(result["warnings"])
    assert cloud.run("batch_job_status", job_id=JOB_ID, status="ready")["rc"] == 0
    assert cloud.priority_of() == 4000


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", ["New", "Ready", "Active", "Paused"])
def test_of_other_jobs_nothing_is_said(cloud: Cloud, way: str, status: str) -> None:
    cloud.seed(priority=80, status=status, description="restore INC-4711")
    module, options = WAYS[way]
    result = cloud.run(module, **options)
    assert (result["rc"], result["changed"], told(result)) == (0, True, (False, False))


def test_a_job_that_is_lowered_is_not_expected_to_start(cloud: Cloud) -> None:
    cloud.seed(priority=80, status="Suspended")
    assert told(cloud.prioritize(5)) == (False, False)
    assert told(cloud.prioritize(5)) == (True, True)


def test_a_job_that_no_rule_matches_is_not_the_task_s(cloud: Cloud) -> None:
    cloud.seed(priority=80, status="Suspended")
    result = cloud.run("batch_queue", rules=[{"match": {"description": "other"}, "priority": 5}], unmatched="ignore")
    assert told(result) == (False, False)


@pytest.mark.parametrize("count", [2, 5])
def test_many_get_one_sentence(cloud: Cloud, count: int) -> None:
    ids = [f"job-{number}" for number in range(count)]
    cloud.seed(*[{"job_id": job_id, "priority": 1, "status": "Suspended"} for job_id in ids])
    cloud.seed({"job_id": "job-x", "priority": 1, "status": "Ready"})
    result = cloud.run("batch_queue", rules=[{"priority": 5}])
    assert (result["rc"], result["changed"]) == (0, True)
    warned = json.dumps(result["warnings"])
    sentence = f"{count} jobs are Suspended ("
    assert warned.count("Suspended") == 1 and f"{place(cloud)}: {sentence}" in warned
    if count > 3:
        assert result["msg"].count("Suspended") == 1
        assert sentence in result["msg"] and "job-2 and 2 more" in result["msg"]
