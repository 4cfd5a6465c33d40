# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_info: by id, filtered, ranked, over all pages, on every cloud."""

from __future__ import annotations

import pytest

from .clouds import JOB_ID, Cloud

QUEUE = [
    {"job_id": "low-1", "priority": 1, "status": "Ready", "description": "nightly re-tagging", "operation": "Tag"},
    {"job_id": "top-1", "priority": 900, "status": "Active", "description": "restore 2024", "operation": "Restore"},
    {"job_id": "mid-1", "priority": 50, "status": "Paused", "description": "restore 2025", "operation": "Restore"},
    {"job_id": "hold-1", "priority": 70, "status": "Suspended", "description": "to confirm", "operation": "Copy"},
    {"job_id": "done-1", "priority": 999, "status": "Complete", "description": "restore 2023", "operation": "Restore"},
    {"job_id": "stop-1", "priority": 998, "status": "Cancelling", "description": "copy", "operation": "Copy"},
]


CLOCK_DRIFT = 0.5
"""Days that a test may take: the emulated clock stands still meanwhile."""


def ids(result: dict) -> list[str]:
    return [job["job_id"] for job in result["jobs"]]


def test_one_job(cloud: Cloud) -> None:
    cloud.seed(description="nightly", status="Suspended", priority=0)
    result = cloud.info(job_id=[JOB_ID])
    job = result["job"]
    assert result["jobs"] == [job]
    assert (job["job_id"], job["priority"], job["status"], job["rank"]) == (JOB_ID, 0, "Suspended", None)
    assert job["created"].endswith("Z")
    assert job["description"] == "nightly"
    assert (result["changed"], result["missing"]) == (False, [])
    assert cloud.operations() == ["DescribeJob"]


def test_missing_jobs_are_no_failure(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    one = cloud.info(job_id="nothing")
    assert (one["rc"], one["jobs"], one["missing"]) == (0, [], ["nothing"])
    assert "job" not in one
    cloud.emulator.clear_log()
    several = cloud.info(job_id=["low-1", "nothing", "done-1", "low-1"])
    assert (ids(several), several["missing"]) == (["low-1", "done-1"], ["nothing"])
    assert several["jobs"][0]["rank"] == 4
    assert cloud.operations() == ["ListJobs", "DescribeJob", "DescribeJob"]


def test_everything_by_rank(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    result = cloud.info()
    assert ids(result) == ["top-1", "hold-1", "mid-1", "low-1", "done-1", "stop-1"]
    assert [job["rank"] for job in result["jobs"]] == [1, 2, 3, 4, None, None]
    assert cloud.operations() == ["ListJobs"]


def test_blocked_by(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    jobs = {job["job_id"]: job for job in cloud.info()["jobs"]}
    blocked = {job_id: job["blocked_by"] for job_id, job in jobs.items()}
    assert blocked["low-1"] == ["top-1", "mid-1"]
    assert blocked["mid-1"] == ["top-1"]
    assert [blocked[job_id] for job_id in ("top-1", "hold-1", "done-1", "stop-1")] == [[]] * 4
    assert jobs["low-1"]["blocked_by_count"] == 2


def test_equal_priorities_block_nobody_and_many_are_cut(cloud: Cloud) -> None:
    cloud.seed(*[{"job_id": f"job-{number}", "priority": 5, "status": "Ready"} for number in range(3)])
    assert [job["blocked_by_count"] for job in cloud.info()["jobs"]] == [0, 0, 0]
    cloud.seed(*[{"job_id": f"top-{number:02}", "priority": 100 - number, "status": "Ready"} for number in range(30)])
    last = cloud.info()["jobs"][-1]
    assert last["blocked_by_count"] == 30
    assert last["blocked_by"] == [f"top-{number:02}" for number in range(20)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"statuses": ["live"]}, ["top-1", "hold-1", "mid-1", "low-1"]),
        ({"statuses": ["ended"]}, ["done-1"]),
        ({"statuses": ["ending", "Active"]}, ["top-1", "stop-1"]),
        ({"statuses": ["Suspended"]}, ["hold-1"]),
        ({"operations": ["Restore"]}, ["top-1", "mid-1", "done-1"]),
        ({"description": "restore 202[45]"}, ["top-1", "mid-1"]),
        ({"description": "^copy$"}, ["stop-1"]),
        ({"min_priority": 50, "max_priority": "70"}, ["hold-1", "mid-1"]),
        ({"statuses": ["live"], "operations": ["Restore"], "max_priority": 50}, ["mid-1"]),
        ({"max_priority": 0}, []),
    ],
    ids=str,
)
def test_filters(cloud: Cloud, filters: dict, expected: list[str]) -> None:
    cloud.seed(*QUEUE)
    result = cloud.info(**filters)
    assert (result["rc"], ids(result)) == (0, expected)
    ranks = {"top-1": 1, "hold-1": 2, "mid-1": 3, "low-1": 4}
    assert [job["rank"] for job in result["jobs"]] == [ranks.get(job_id) for job_id in expected]
    assert cloud.operations() == ["ListJobs"]


def test_all_pages(cloud: Cloud) -> None:
    jobs = [{"job_id": f"job-{number:04}", "priority": number % 7, "status": "Ready"} for number in range(2345)]
    cloud.seed(*jobs)
    result = cloud.info()
    assert len(result["jobs"]) == 2345
    assert len(set(ids(result))) == 2345
    assert [job["rank"] for job in result["jobs"]] == list(range(1, 2346))
    assert cloud.operations() == ["ListJobs"] * 3


def test_unknown_words_and_nodes_are_passed_on(cloud: Cloud) -> None:
    cloud.seed(
        status="Hibernating",
        operation="TeleportObject",
        extra_xml="<Novelty><Color>blue</Color></Novelty>",
        omit_priority=True,
    )
    for result in (cloud.info(), cloud.info(job_id=JOB_ID)):
        job = result["jobs"][0]
        assert (job["status"], job["operation"], job["priority"]) == ("Hibernating", "TeleportObject", None)
        assert job["extra"]["Novelty"] == {"Color": "blue"}


def test_progress_and_failures(cloud: Cloud) -> None:
    cloud.seed(
        status="Failed",
        tasks_total=10,
        tasks_done=7,
        tasks_failed=2,
        failure_reasons=[{"code": "403", "reason": "no access to the manifest"}],
    )
    job = cloud.info(job_id=JOB_ID)["job"]
    assert job["progress"]["total"] == 10
    assert job["progress"]["failed"] == 2
    assert job["failure_reasons"] == [{"code": "403", "reason": "no access to the manifest"}]
    assert job["ended"].endswith("Z")


def test_check_mode_is_the_same(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    assert cloud.info(check_mode=True)["jobs"] == cloud.info()["jobs"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"description": "("}, "value of description must be a Python regular expression, got: '('"),
        (
            {"min_priority": 5, "max_priority": 4},
            "value of min_priority must ... max_priority, which is 4, got: 5",
        ),
        ({"min_priority": -1}, "value of min_priority must be an integer from 0 to 2147483647, got: -1"),
        ({"max_priority": True}, "value of max_priority must be an integer from 0 to 2147483647, got: True"),
        ({"job_id": [""]}, "value of job_id must ... , got: ''"),
        ({"job_id": ["a-job"], "statuses": ["live"]}, "parameters are mutually exclusive"),
        ({"statuses": ["Actve"]}, "value of statuses must be one or more of"),
    ],
    ids=str,
)
def test_bad_options_cost_no_request(cloud: Cloud, options: dict, text: str) -> None:
    result = cloud.info(**options)
    assert result["rc"] == 1
    assert all(part in result["msg"] for part in text.split(" ... ")), result["msg"]
    assert cloud.operations() == []


@pytest.mark.parametrize("fault", ["throttle", "internal_error", "drop_before", "truncated", "html"])
def test_lists_survive_faults(cloud: Cloud, fault: str) -> None:
    cloud.seed(*QUEUE)
    cloud.fault(fault, operation="ListJobs")
    result = cloud.info()
    assert (result["rc"], len(result["jobs"])) == (0, 6)
    assert cloud.operations() == ["ListJobs"] * 2


def days_ago(days: float) -> float:
    return days * 86400


def test_how_long_a_suspended_job_has_left(cloud: Cloud) -> None:
    cloud.seed(status="Suspended", created=days_ago(12), suspended=days_ago(10), frozen=True)
    known = cloud.info(job_id=JOB_ID)["job"]
    assert known["waiting_since"] == known["suspended"] != known["created"]
    # OSS does not say since when a job is suspended.
    assert (known["suspended"] is None) is (cloud.provider == "oss")
    if cloud.provider == "aws":
        assert known["confirmation_deadline"].endswith("Z")
        assert abs(known["days_until_deadline"] - 20) <= CLOCK_DRIFT
    else:
        assert (known["confirmation_deadline"], known["days_until_deadline"]) == (None, None)
    listed = cloud.info()["jobs"][0]
    assert (listed["waiting_since"], listed["confirmation_deadline"], listed["days_until_deadline"]) == (
        None,
        None,
        None,
    )


def test_how_long_an_ended_job_is_shown(cloud: Cloud) -> None:
    cloud.seed(status="Complete", created=days_ago(40), ended=days_ago(10))
    left = {"aws": 80, "cos": 50, "oss": None}[cloud.provider]
    for job in (cloud.info(job_id=JOB_ID)["job"], cloud.info()["jobs"][0]):
        shown = job["days_until_expiration"]
        assert shown is None if left is None else abs(shown - left) <= CLOCK_DRIFT
        assert job["waiting_since"] is None


def test_jobs_that_wait_for_their_turn_wait_since_their_creation(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    jobs = {job["job_id"]: job for job in cloud.info()["jobs"]}
    assert jobs["low-1"]["waiting_since"] == jobs["low-1"]["created"]
    assert [jobs[job_id]["waiting_since"] for job_id in ("top-1", "mid-1", "stop-1")] == [None] * 3
    shown = [job_id for job_id, job in jobs.items() if job["expires_at"]]
    assert shown == ([] if cloud.provider == "oss" else ["done-1"])


def test_where_the_report_goes(cloud: Cloud) -> None:
    cloud.seed()
    assert cloud.info(job_id=JOB_ID)["job"]["report"] is None
    parts = "<Bucket>a-bucket</Bucket><Format>F</Format><Prefix>some/where</Prefix><ReportScope>AllTasks</ReportScope>"
    cloud.emulator.patch(JOB_ID, extra_xml=f"<Report><Enabled>true</Enabled>{parts}</Report>")
    expected = {"bucket": "a-bucket", "prefix": "some/where", "scope": "AllTasks", "format": "F"}
    assert cloud.info(job_id=JOB_ID)["job"]["report"] == expected


def test_tags_on_request_only(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    if cloud.provider != "aws":
        refused = cloud.info(tags=True)
        assert (refused["rc"], refused["error"]["kind"]) == (1, "unsupported")
        assert cloud.operations() == []
        return
    cloud.emulator.patch("top-1", tags={"team": "restore"})
    assert {job["tags"] for job in cloud.info()["jobs"]} == {None}
    assert cloud.operations() == ["ListJobs"]
    asked = cloud.info(statuses=["Active", "Paused"], tags=True)
    assert [job["tags"] for job in asked["jobs"]] == [{"team": "restore"}, {}]
    assert sorted(cloud.operations()) == ["GetJobTagging"] * 2 + ["ListJobs"] * 2
