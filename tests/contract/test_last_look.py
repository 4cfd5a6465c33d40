# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list that a task reads after its writes: what lags behind is no other writer, and what is missing is read."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._updates import verify

from .clouds import Cloud

IDS = ["job-a", "job-b", "job-c"]
WAYS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "jobs": ("batch_job_priority", {"jobs": [{"job_id": job_id, "priority": 50} for job_id in IDS[:2]]}),
    "select": ("batch_job_priority", {"select": {"job_ids": IDS[:2]}, "priority": 50, "matches": "some"}),
    "rules": ("batch_queue", {"rules": [{"match": {"job_ids": IDS[:2]}, "priority": 50}]}),
    "order": ("batch_queue", {"order": [IDS[:2]], "min_priority": 50, "max_priority": 50}),
    "approved": (
        "batch_queue",
        {
            "rules": [{"match": {"job_ids": IDS[:2]}, "priority": 50}],
            "approved": [{"job_id": job_id, "from": 10, "to": 50} for job_id in IDS[:2]],
        },
    ),
}
"""Each sets job-a and job-b to 50, and leaves job-c alone."""

ways = pytest.mark.parametrize("way", WAYS)


def seed(cloud: Cloud, priority: int = 10) -> None:
    cloud.seed(*[{"job_id": job_id, "priority": priority, "status": "Ready"} for job_id in IDS])


def run(cloud: Cloud, way: str, **options: t.Any) -> dict[str, t.Any]:
    module, own = WAYS[way]
    return cloud.run(module, **{**own, **options})


def stored(cloud: Cloud) -> list[int]:
    return [cloud.priority_of(job_id) for job_id in IDS]


def outcomes(result: dict[str, t.Any]) -> list[str]:
    found = {job["job_id"]: job["outcome"] for job in result["jobs"]}
    return [found[job_id] for job_id in IDS[:2]]


def warnings(result: dict[str, t.Any]) -> str:
    return json.dumps(result.get("warnings", []))


def described(cloud: Cloud) -> int:
    return cloud.operations().count("DescribeJob")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[t.Callable[[], t.Any]], None]:
    """Let something happen between the writes of a task and its last look."""

    def arrange(happening: t.Callable[[], t.Any]) -> None:
        look = verify.verify

        def later(*arguments: t.Any) -> t.Any:
            happening()
            return look(*arguments)

        monkeypatch.setattr(verify, "verify", later)

    return arrange


@ways
def test_one_list_that_lags_behind_is_read_again(cloud: Cloud, way: str) -> None:
    seed(cloud)
    cloud.fault("stale_read", operation="ListJobs", skip=1)
    result = run(cloud, way)
    assert (result["rc"], result["changed"], outcomes(result)) == (0, True, ["changed"] * 2), result
    assert [job["priority"] for job in result["jobs"] if job["job_id"] in IDS[:2]] == [50, 50]
    assert (stored(cloud), described(cloud)) == ([50, 50, 10], 2)
    assert "job-a" not in warnings(result)


@ways
def test_reads_that_lag_behind_for_long_are_no_failure(cloud: Cloud, way: str) -> None:
    """The answer to the update counts; both numbers are told, once for each job, after a bounded number of reads."""
    seed(cloud)
    cloud.fault("stale_read", skip=1, count=None)
    result = run(cloud, way)
    assert (result["rc"], result["changed"], outcomes(result)) == (0, True, ["changed"] * 2), result
    assert described(cloud) == 2 * 3
    for job_id in IDS[:2]:
        assert (
            f"Job {job_id} was updated to priority 50, but 3 more reads still return 10, its previous priority"
            in warnings(result)
        )
    assert stored(cloud) == [50, 50, 10]


@ways
@pytest.mark.parametrize("lasting", [False, True])
def test_a_list_without_priorities_is_no_other_writer(cloud: Cloud, way: str, lasting: bool) -> None:
    seed(cloud)
    cloud.fault("no_priority", **({"count": None} if lasting else {"skip": 1}))
    result = run(cloud, way)
    assert (result["rc"], outcomes(result), stored(cloud)) == (0, ["changed"] * 2, [50, 50, 10]), result
    assert described(cloud) == 2 + (3 if lasting else 0)
    assert "job-a" not in warnings(result)


@pytest.mark.parametrize("everywhere", [False, True])
def test_priorities_of_0_that_a_cloud_leaves_out(cloud: Cloud, everywhere: bool) -> None:
    """COS may leave out a 0, as its own client does when it writes one."""
    seed(cloud)
    cloud.fault("no_priority", zero_only=True, count=None)
    if everywhere:
        cloud.fault("no_priority", zero_only=True, count=None, operation="DescribeJob")
    result = cloud.run("batch_job_priority", jobs=[{"job_id": job_id, "priority": 0} for job_id in IDS])
    assert (result["rc"], stored(cloud)) == (0, [0, 0, 0]), result
    assert {job["outcome"] for job in result["jobs"]} == {"changed"}
    assert "job-a" not in warnings(result)
    # One by one, nothing is compared afterwards.
    seed_again = {"job_id": "job-d", "priority": 10, "status": "Ready"}
    cloud.seed(seed_again)
    assert cloud.prioritize(0, "job-d")["rc"] == 0


def test_a_number_that_no_answer_names_is_told(cloud: Cloud) -> None:
    seed(cloud)
    cloud.fault("no_priority", skip=1)
    cloud.fault("no_priority", operation="DescribeJob", count=None)
    result = run(cloud, "rules")
    assert (result["rc"], outcomes(result)) == (0, ["changed"] * 2), result
    assert "Job job-a was updated to priority 50, but later responses do not contain its priority" in warnings(result)
    assert described(cloud) == 2


@ways
def test_another_number_is_another_writer(cloud: Cloud, way: str, meanwhile: t.Any) -> None:
    seed(cloud)
    meanwhile(lambda: cloud.emulator.patch("job-a", priority=77))
    result = run(cloud, way)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, True, "conflict"), result
    assert outcomes(result) == ["conflict", "changed"]
    assert "Job job-a has priority 77 after this task, expected 50. Another user or process changed it" in result["msg"]
    assert {job["job_id"]: job["priority"] for job in result["jobs"]}["job-a"] == 77


@ways
def test_a_job_that_the_task_is_not_about(cloud: Cloud, way: str, meanwhile: t.Any) -> None:
    seed(cloud)
    meanwhile(lambda: cloud.emulator.patch("job-c", priority=5))
    result = run(cloud, way)
    assert (result["rc"], outcomes(result)) == (0, ["changed"] * 2), result
    assert "after this task, expected" not in json.dumps(result) and described(cloud) == 0


def test_a_job_that_was_right_already_and_is_not_any_more(cloud: Cloud, meanwhile: t.Any) -> None:
    seed(cloud)
    cloud.emulator.patch("job-c", priority=50)
    meanwhile(lambda: cloud.emulator.patch("job-c", priority=5))
    result = cloud.run("batch_queue", rules=[{"priority": 50}])
    assert (result["rc"], result["error"]["kind"]) == (1, "conflict"), result
    assert {job["job_id"]: job["outcome"] for job in result["jobs"]} == {
        "job-a": "changed",
        "job-b": "changed",
        "job-c": "conflict",
    }


@ways
@pytest.mark.parametrize("change", [{"status": "Complete"}, {"status": "Complete", "priority": 10}], ids=str)
def test_a_job_that_ended_meanwhile(cloud: Cloud, way: str, change: dict[str, t.Any], meanwhile: t.Any) -> None:
    seed(cloud)
    meanwhile(lambda: cloud.emulator.patch("job-a", **change))
    result = run(cloud, way)
    assert (result["rc"], outcomes(result), described(cloud)) == (0, ["changed"] * 2, 0), result


@ways
def test_a_job_that_ended_between_list_and_description(cloud: Cloud, way: str) -> None:
    """The list shows an old number, and by the time of the second read the job is gone, or has ended."""
    seed(cloud)
    cloud.fault("stale_read", operation="ListJobs", skip=1)
    cloud.fault("raw", operation="DescribeJob", job_id="job-a", code="NoSuchJob", http_status=404)
    result = run(cloud, way)
    assert (result["rc"], outcomes(result)) == (0, ["changed"] * 2), result


@ways
def test_a_second_look_that_fails_takes_nothing_back(cloud: Cloud, way: str) -> None:
    seed(cloud)
    cloud.fault("stale_read", operation="ListJobs", skip=1)
    cloud.fault("denied", operation="DescribeJob", count=None)
    result = run(cloud, way)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, True, "access_denied"), result
    assert outcomes(result) == ["changed"] * 2
    assert "The priorities were updated, but the final verification (DescribeJob) failed: " in result["msg"]
