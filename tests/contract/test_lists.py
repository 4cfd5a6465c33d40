# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs in one task of batch_job_priority, on every cloud."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import Cloud

if t.TYPE_CHECKING:
    from .moments import Clock


def seed(cloud: Cloud, count: int, priority: int = 10, **job: t.Any) -> list[str]:
    return cloud.seed(
        *[{"job_id": f"job-{number:05}", "priority": priority, "status": "Ready", **job} for number in range(count)]
    )


def wanted(ids: list[str], priority: int = 100) -> list[dict[str, t.Any]]:
    return [{"job_id": job_id, "priority": priority + number} for number, job_id in enumerate(ids)]


def run(cloud: Cloud, jobs: list[dict[str, t.Any]], **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job_priority", jobs=jobs, **options)


def priorities(cloud: Cloud) -> dict[str, int]:
    return {job["job_id"]: job["priority"] for job in cloud.emulator.jobs()}


def test_one_read_and_a_write_a_job(cloud: Cloud) -> None:
    ids = seed(cloud, 5)
    result = run(cloud, wanted(ids))
    assert (result["rc"], result["changed"]) == (0, True), result
    assert "job" not in result
    assert [job["job_id"] for job in result["jobs"]] == ids
    assert {job["outcome"] for job in result["jobs"]} == {"changed"}
    assert [job["rank"] for job in result["jobs"]] == [5, 4, 3, 2, 1]
    assert [job["previous_rank"] for job in result["jobs"]] == [1, 2, 3, 4, 5]
    assert priorities(cloud) == {item["job_id"]: item["priority"] for item in wanted(ids)}
    assert cloud.operations() == ["ListJobs"] + ["UpdateJobPriority"] * 5 + ["ListJobs"]
    assert result["msg"] == "5 jobs: 5 changed."
    cloud.emulator.clear_log()
    again = run(cloud, wanted(ids))
    assert (again["changed"], cloud.operations()) == (False, ["ListJobs"])


def test_a_thousand_jobs_cost_pages_and_writes(cloud: Cloud) -> None:
    ids = seed(cloud, 1000)
    seed_more = [{"job_id": f"other-{number:05}", "priority": 1, "status": "Ready"} for number in range(1500)]
    cloud.seed(*seed_more)
    result = run(cloud, wanted(ids))
    assert (result["rc"], result["msg"]) == (0, "1000 jobs: 1000 changed.")
    operations = cloud.operations()
    assert operations[:3] == ["ListJobs"] * 3
    assert operations[3:] == ["UpdateJobPriority"] * 1000 + ["ListJobs"] * 3
    cloud.emulator.clear_log()
    assert run(cloud, wanted(ids))["changed"] is False
    assert cloud.operations() == ["ListJobs"] * 3


def test_check_mode_and_diff(cloud: Cloud) -> None:
    ids = seed(cloud, 4)
    planned = run(cloud, wanted(ids), check_mode=True, diff=True)
    assert {job["outcome"] for job in planned["jobs"]} == {"would_change"}
    assert cloud.operations() == ["ListJobs"]
    done = run(cloud, wanted(ids), diff=True)
    assert planned["diff"] == done["diff"]
    assert [job["rank"] for job in planned["jobs"]] == [job["rank"] for job in done["jobs"]]
    assert [line.split()[2] for line in done["diff"]["after"].splitlines()] == list(reversed(ids))


def test_ended_and_missing_jobs_stop_everything(cloud: Cloud) -> None:
    ids = seed(cloud, 2)
    cloud.seed(job_id="ended-1", status="Complete")
    jobs = wanted([*ids, "ended-1", "missing-1"])
    for check_mode in (True, False):
        cloud.emulator.clear_log()
        result = run(cloud, jobs, check_mode=check_mode)
        assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "job_ended")
        outcomes = [job["outcome"] for job in result["jobs"]]
        assert outcomes == ["skipped", "skipped", "failed", "failed"]
        assert "because job ended-1 failed (on_error=stop)" in result["jobs"][0]["reason"]
        assert sorted(cloud.operations()) == ["DescribeJob", "DescribeJob", "ListJobs"]
    going = run(cloud, jobs, on_error="continue")
    assert (going["rc"], going["changed"]) == (1, True)
    assert [job["outcome"] for job in going["jobs"]] == ["changed", "changed", "failed", "failed"]
    assert going["msg"].startswith("4 jobs: 2 changed, 2 failed. Job ended-1 has ended (Complete, priority ")
    ended = [job["error"]["kind"] for job in going["jobs"] if job["error"]]
    assert ended == ["job_ended", "not_found"]


def test_a_failure_halfway_keeps_what_was_done(cloud: Cloud) -> None:
    ids = seed(cloud, 6)
    cloud.fault("denied", operation="UpdateJobPriority", job_id=ids[2])
    result = run(cloud, wanted(ids), concurrency=1)
    # Raises go from the top down, so the last of the list were first.
    assert [job["outcome"] for job in result["jobs"]] == [
        "skipped",
        "skipped",
        "failed",
        "changed",
        "changed",
        "changed",
    ]
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, True, "access_denied")
    assert list(priorities(cloud).values()) == [10, 10, 10, 103, 104, 105]
    cloud.fault("denied", operation="UpdateJobPriority", job_id=ids[2])
    result = run(cloud, wanted(ids), concurrency=1, on_error="continue")
    assert [job["outcome"] for job in result["jobs"]] == [
        "changed",
        "changed",
        "failed",
        "unchanged",
        "unchanged",
        "unchanged",
    ]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "internal_error", "truncated", "html", "throttle"])
def test_faults_among_many(cloud: Cloud, fault: str) -> None:
    ids = seed(cloud, 20)
    cloud.fault(fault, operation="UpdateJobPriority", count=5)
    result = run(cloud, wanted(ids))
    assert (result["rc"], result["msg"]) == (0, "20 jobs: 20 changed.")
    assert priorities(cloud) == {item["job_id"]: item["priority"] for item in wanted(ids)}


@pytest.mark.parametrize(
    ("code", "status"), [("TooManyRequestsException", 400), ("TooManyRequestsException", 429), ("SlowDown", 503)]
)
def test_a_limit_far_below_the_concurrency(cloud: Cloud, clock: Clock, code: str, status: int) -> None:
    """The cloud's tokens come again while the task sleeps, and only then: however slow the machine, it is too fast."""
    ids = seed(cloud, 90)
    code = {"cos": "SlowDown", "oss": "QpsLimitExceeded"}.get(cloud.provider, code)
    cloud.emulator.settings(rate_limit={"rate": 60, "burst": 5, "code": code, "http_status": status, "emulated": True})
    clock.move(cloud.emulator)
    result = run(cloud, wanted(ids), concurrency=32)
    assert (result["rc"], result["msg"]) == (0, "90 jobs: 90 changed."), result["msg"]
    throttled = sum(entry["code"] == code for entry in cloud.emulator.log())
    assert result["calls"]["throttled"] == throttled > 0
    assert sum(result["calls"]["sent"].values()) == len(cloud.operations())


def test_the_same_job_twice(cloud: Cloud) -> None:
    ids = seed(cloud, 2)
    twice = [*wanted(ids), wanted(ids)[0]]
    assert len(run(cloud, twice)["jobs"]) == 2
    cloud.emulator.clear_log()
    result = run(cloud, [*wanted(ids), {"job_id": ids[0], "priority": 7}])
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid")
    assert result["msg"] == (
        f"value of jobs[2].job_id must be listed only once, or each time with the same values, got: '{ids[0]}'."
        " The job is listed with priority 100 and with priority 7. Keep one of the two entries."
    )
    assert cloud.operations() == []


@pytest.mark.parametrize(
    ("jobs", "text"),
    [
        ([{"job_id": "job-1", "priority": True}], "value of jobs[0].priority must be an integer ... , got: True"),
        (
            [{"job_id": "job-1", "priority": 1}, {"job_id": "", "priority": 1}],
            "value of jobs[1].job_id must ... , got: ''",
        ),
        (
            [{"job_id": "job-1", "priority": 1, "expect_current": -1}],
            "value of jobs[0].expect_current must be ... , got: -1",
        ),
        ([{"job_id": "job-1"}], "missing required arguments: priority found in jobs"),
    ],
)
def test_bad_lists_cost_no_request(cloud: Cloud, jobs: list[dict[str, t.Any]], text: str) -> None:
    result = run(cloud, jobs)
    assert (result["rc"], cloud.operations()) == (1, [])
    assert all(part in result["msg"] for part in text.split(" ... ")), result["msg"]


def test_an_empty_list_is_nothing_to_do(cloud: Cloud) -> None:
    result = run(cloud, [])
    assert (result["rc"], result["changed"], result["jobs"]) == (0, False, [])
    assert cloud.operations() == []


def test_a_list_of_one_is_described(cloud: Cloud) -> None:
    ids = seed(cloud, 1)
    result = run(cloud, wanted(ids))
    assert (result["changed"], cloud.operations()) == (True, ["DescribeJob", "UpdateJobPriority"])


def test_somebody_else_writes_meanwhile(cloud: Cloud) -> None:
    ids = seed(cloud, 3)
    jobs = [{**item, "expect_current": 10} for item in wanted(ids)]
    # The emulator applies another number to the last job and answers with ours: as if somebody wrote right after.
    cloud.fault("wrong_priority", operation="UpdateJobPriority", job_id=ids[2], priority=102, stored=77)
    result = run(cloud, jobs)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, True, "conflict")
    assert [job["outcome"] for job in result["jobs"]] == ["changed", "changed", "conflict"]
    assert f"Job {ids[2]} has priority 77 after this task, expected 102. Another user or process" in result["msg"]
    # Before somebody is blamed, the job is described, and not once only.
    assert cloud.operations()[-4:] == ["ListJobs", *["DescribeJob"] * 3]


def test_jobs_that_nobody_knows_how_to_write(cloud: Cloud) -> None:
    """A status of the future and a job without a number keep their places, are named, and are never written to."""
    cloud.seed(
        {"job_id": "odd-1", "priority": 50, "status": "Hibernating"},
        {"job_id": "bare-1", "priority": 40, "status": "Ready", "omit_priority": True},
        {"job_id": "job-1", "priority": 10, "status": "Ready"},
    )
    for options in ({"order": [{}]}, {"rules": [{"priority": 99}]}):
        result = cloud.run("batch_queue", **options)
        assert result["rc"] == 0, result
        found = {job["job_id"]: job for job in result["jobs"]}
        assert set(found) == {"odd-1", "bare-1", "job-1"}
        assert (found["odd-1"]["priority"], found["bare-1"]["priority"]) == (50, None)
        assert all(
            found[name]["outcome"] in ("unchanged", "skipped") and found[name]["rank"] for name in ("odd-1", "bare-1")
        )
        named = json.dumps(result["warnings"])
        assert "odd-1 has the unknown status 'Hibernating'" in named and "bare-1 has no priority" in named
    assert {entry["job_id"] for entry in cloud.writes()} <= {"job-1"}
    live = cloud.info(statuses=["live"])
    assert {job["job_id"] for job in live["jobs"]} == {"odd-1", "bare-1", "job-1"}
    assert all(job["rank"] for job in live["jobs"])
    assert "odd-1" in json.dumps(live["warnings"])
    # The job without a number is looked at once more, in each run.
    assert cloud.operations().count("DescribeJob") == 2


@pytest.mark.parametrize("several", [False, True])
def test_a_job_without_a_priority_is_named_once_and_with_advice(cloud: Cloud, several: bool) -> None:
    cloud.seed({"job_id": "bare-1", "priority": 40, "status": "Ready", "omit_priority": True})
    jobs = [{"job_id": "bare-1", "priority": 5}]
    options: dict[str, t.Any] = (
        {"jobs": [*jobs, *wanted(seed(cloud, 2))]} if several else {"job_id": "bare-1", "priority": 5}
    )
    result = cloud.run("batch_job_priority", **options)
    assert (result["rc"], result["error"]["kind"], result["error"]["hint"] != "") == (1, "invalid_response", True)
    assert "Job bare-1 was not changed: the response does not contain its priority." in result["msg"]
    assert result["msg"].partition(".")[0].count("bare-1") == 1 and cloud.writes() == []


@pytest.mark.parametrize("fault", ["repeated_token", "repeated_page"])
def test_a_list_that_leads_back(cloud: Cloud, fault: str) -> None:
    ids = seed(cloud, 3)
    cloud.fault(fault, count=None)
    for module, options in (
        ("batch_queue", {"order": ids}),
        ("batch_job_info", {}),
        ("batch_job_priority", {"jobs": wanted(ids)}),
    ):
        result = cloud.run(module, max_attempts=2, **options)
        assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (
            1,
            "invalid_response",
            "ListJobs",
        ), result
    assert cloud.writes() == []
    cloud.emulator.clear_faults()
    cloud.fault(fault)
    assert cloud.run("batch_queue", order=ids[::-1])["rc"] == 0


def test_an_empty_page_is_no_end(cloud: Cloud) -> None:
    ids = seed(cloud, 3)
    cloud.fault("empty_page", count=2)
    assert [job["job_id"] for job in cloud.info()["jobs"]] == ids
    assert cloud.operations() == ["ListJobs"] * 3
