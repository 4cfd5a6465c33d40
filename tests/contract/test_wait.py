# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_wait: verdicts, costs, faults and time, on every cloud."""

from __future__ import annotations

import typing as t

import pytest

from .clouds import JOB_ID, Cloud

if t.TYPE_CHECKING:
    from .moments import Clock

# A wait of seconds or hours takes no time here.
pytestmark = pytest.mark.usefixtures("clock")

DONE = {"tasks_total": 100, "tasks_done": 100}


@pytest.mark.parametrize(
    ("job", "options", "outcome", "result", "kind"),
    [
        ({"status": "Complete", **DONE}, {}, "unchanged", "full", None),
        ({"status": "Complete", **DONE, "tasks_failed": 3}, {}, "failed", "partial", "conflict"),
        ({"status": "Complete", **DONE, "tasks_failed": 3}, {"max_failed_tasks": 3}, "unchanged", "partial", None),
        (
            {"status": "Complete", **DONE, "tasks_failed": 3},
            {"max_failed_ratio": 0.02},
            "failed",
            "partial",
            "conflict",
        ),
        ({"status": "Complete", **DONE, "tasks_failed": 100}, {}, "failed", "none", "conflict"),
        ({"status": "Complete", **DONE, "tasks_failed": 100}, {"max_failed_ratio": 1}, "unchanged", "none", None),
        ({"status": "Complete", "tasks_total": None, "tasks_done": 7}, {}, "unchanged", "full", None),
        ({"status": "Failed", "tasks_done": 7, "tasks_failed": 2}, {}, "failed", "partial", "job_ended"),
        ({"status": "Failed", "tasks_total": None}, {}, "failed", "none", "job_ended"),
        ({"status": "Cancelled"}, {}, "failed", "none", "job_ended"),
        ({"status": "Cancelled"}, {"status": ["Cancelled", "Complete"]}, "unchanged", "none", None),
        ({"status": "Suspended"}, {}, "failed", None, "conflict"),
        ({"status": "Suspended"}, {"status": ["Suspended"]}, "unchanged", None, None),
        ({"status": "Active"}, {"status": ["Ready"]}, "unchanged", None, None),
        ({"status": "Complete", **DONE, "tasks_failed": 3}, {"status": ["Active"]}, "unchanged", "partial", None),
        ({"status": "Complete", **DONE}, {"status": ["Paused"]}, "failed", "full", "job_ended"),
    ],
    ids=str,
)
def test_jobs_that_need_no_waiting(
    cloud: Cloud, job: dict, options: dict, outcome: str, result: str | None, kind: str | None
) -> None:
    cloud.seed(**job)
    answer = cloud.wait(**options)
    assert answer["rc"] == (1 if kind else 0)
    assert answer["changed"] is False
    assert answer["jobs"] == [answer["job"]]
    assert (answer["job"]["outcome"], answer["job"]["result"]) == (outcome, result)
    assert ((answer.get("error") or {}).get("kind"), (answer["job"]["error"] or {}).get("kind")) == (kind, kind)
    assert JOB_ID in answer["msg"]
    if kind:
        # Each sentence is in a job once: what happened in the error, and nothing of it in the reason.
        message, hint = answer["error"]["message"], answer["error"]["hint"]
        assert (answer["job"]["reason"], message in hint) == (None, False)
        assert [str(answer["job"]).count(text) for text in (message, hint) if text] == [1] * (1 + bool(hint))
        assert [answer["msg"].count(text) for text in (message[1:], hint) if text] == [1] * (1 + bool(hint))
    assert set(cloud.operations()[:1]) == {"ListJobs"}
    assert not cloud.writes()


def test_a_failed_job_tells_why(cloud: Cloud) -> None:
    cloud.seed(status="Failed", failure_reasons=[{"code": "403", "reason": "no access to the manifest"}])
    answer = cloud.wait()
    assert answer["msg"].startswith(f"Job {JOB_ID} is Failed: 403: no access to the manifest; ")
    assert answer["job"]["failure_reasons"] == [{"code": "403", "reason": "no access to the manifest"}]
    assert cloud.operations() == ["ListJobs", "DescribeJob"]


def test_an_id_that_the_cloud_does_not_know(cloud: Cloud) -> None:
    cloud.seed(status="Complete", **DONE)
    answer = cloud.wait([JOB_ID, "no-such-job"])
    assert (answer["rc"], answer["error"]["kind"]) == (1, "not_found")
    assert [job["outcome"] for job in answer["jobs"]] == ["unchanged", "failed"]
    assert "job" not in answer
    assert cloud.operations() == ["ListJobs", "DescribeJob", "DescribeJob"]


def test_where_the_report_of_an_ended_job_is(cloud: Cloud) -> None:
    parts = "<Bucket>a-bucket</Bucket><Format>F</Format><Prefix>some/where</Prefix><ReportScope>AllTasks</ReportScope>"
    report = {"extra_xml": f"<Report><Enabled>true</Enabled>{parts}</Report>"}
    cloud.seed(
        {"job_id": "job-1", "status": "Complete", **DONE, **report},
        {"job_id": "job-2", "status": "Complete", **DONE},
        {"job_id": "job-3", "status": "Failed", **report},
        {"job_id": "job-4", "status": "Active"},
    )
    ids = ["job-1", "job-2", "job-3", "job-4"]
    expected = {"bucket": "a-bucket", "prefix": "some/where", "scope": "AllTasks", "format": "F"}
    assert [job["report"] for job in cloud.wait(ids)["jobs"]] == [expected, None, expected, None]
    assert sorted(cloud.operations()) == ["DescribeJob"] * 3 + ["ListJobs"]


def test_a_job_that_cannot_be_described_has_been_waited_for_all_the_same(cloud: Cloud) -> None:
    cloud.seed(status="Complete", **DONE)
    cloud.fault("unavailable", operation="DescribeJob", count=None)
    answer = cloud.wait()
    assert (answer["rc"], answer["job"]["outcome"], answer["job"]["report"]) == (0, "unchanged", None)


def test_a_job_is_followed_through_every_status(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="New", **DONE)
    way = ["Preparing", "Ready", "Active", "Pausing", "Paused", "Active", "Hibernating", "Completing", "Complete"]
    with clock.meanwhile(lambda turn: cloud.emulator.patch(JOB_ID, status=way[turn])):
        answer = cloud.wait()
    assert (answer["rc"], answer["job"]["status"], answer["job"]["result"]) == (0, "Complete", "full")
    assert cloud.operations() == ["ListJobs"] * 10 + ["DescribeJob"]


@pytest.mark.parametrize(("through", "last"), [("Cancelling", "Cancelled"), ("Failing", "Failed")])
def test_the_wait_ends_on_every_end(cloud: Cloud, clock: Clock, through: str, last: str) -> None:
    cloud.seed(status="Active")
    with clock.meanwhile(lambda turn: cloud.emulator.patch(JOB_ID, status=through if turn < 2 else last)):
        answer = cloud.wait(on_error="continue")
    assert (answer["rc"], answer["error"]["kind"], answer["job"]["status"]) == (1, "job_ended", last)


def test_a_suspended_job_is_left_to_somebody_else_on_request(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="Suspended")
    answer = cloud.wait()
    assert "is Suspended and awaiting confirmation" in answer["msg"]
    assert "Confirm the job (batch_job_status, status=ready)" in answer["error"]["hint"]
    with clock.meanwhile(lambda turn: cloud.emulator.patch(JOB_ID, status="Ready" if turn < 2 else "Complete", **DONE)):
        assert cloud.wait(suspended="wait")["rc"] == 0


def test_two_hundred_jobs_cost_one_page_a_look(cloud: Cloud, clock: Clock) -> None:
    cloud.emulator.settings(capacity=50)
    jobs = [
        {"job_id": f"job-{number:03}", "status": "Ready", "tasks_total": 100, "frozen": False, "failing_share": 0.1}
        for number in range(200)
    ]
    cloud.seed(*jobs)
    with clock.meanwhile(lambda turn: cloud.emulator.advance(3)):
        answer = cloud.wait([job["job_id"] for job in jobs], max_failed_ratio=0.2, timeout=60)
    assert answer["rc"] == 0, answer["msg"]
    assert {(job["status"], job["result"]) for job in answer["jobs"]} == {("Complete", "partial")}
    assert [job["job_id"] for job in answer["jobs"]] == [job["job_id"] for job in jobs]
    assert answer["msg"] == "200 jobs: 200 Complete."
    looks = len(cloud.operations()) - 200
    # Four times fifty jobs of ten seconds each, and a look every three seconds.
    assert looks == 1 + len(clock.slept) > 13
    assert cloud.operations()[:looks] == ["ListJobs"] * looks
    assert answer["calls"] == {"sent": {"ListJobs": looks, "DescribeJob": 200}, "retried": 0, "throttled": 0}
    assert not [entry for entry in cloud.emulator.log() if "nextToken" in entry["path"]]


def test_failed_jobs_among_many_are_described_once_at_the_end(cloud: Cloud, clock: Clock) -> None:
    jobs = [{"job_id": f"job-{number}", "status": "Failed" if number < 5 else "Active"} for number in range(20)]
    cloud.seed(*jobs)
    ids = [job["job_id"] for job in jobs]
    with clock.meanwhile(lambda turn: turn == 2 and [cloud.emulator.patch(item, status="Failed") for item in ids[5:]]):
        answer = cloud.wait(ids, on_error="continue")
    assert (answer["rc"], answer["error"]["kind"]) == (1, "job_ended")
    assert answer["msg"].startswith("20 jobs: 20 Failed. Job job-0 is Failed; ")
    assert answer["msg"].endswith(" 17 more jobs failed the task.")
    assert cloud.operations().count("DescribeJob") == 20
    assert "DescribeJob" not in cloud.operations()[:-20]


def test_one_failed_job_stops_the_wait_for_others(cloud: Cloud, clock: Clock) -> None:
    cloud.seed({"job_id": "job-1", "status": "Active"}, {"job_id": "job-2", "status": "Cancelled"})
    answer = cloud.wait(["job-1", "job-2"])
    assert [job["outcome"] for job in answer["jobs"]] == ["skipped", "failed"]
    assert (answer["waited"], clock.slept) == (0.0, [])


def test_the_timeout_says_where_each_job_stands(cloud: Cloud) -> None:
    cloud.seed(
        {"job_id": "job-1", "status": "Active", "tasks_total": 100, "tasks_done": 40, "tasks_failed": 1},
        {"job_id": "job-2", "status": "Ready", "tasks_total": None},
    )
    before = cloud.emulator.jobs()
    answer = cloud.wait(["job-1", "job-2"], timeout=0.5)
    assert (answer["rc"], answer["error"]["kind"], answer["error"]["retryable"]) == (1, "timeout", True)
    assert "Job job-1 is Active, 40 of 100 tasks done (1 failed) after 0.5 s (timeout)." in answer["msg"]
    assert "Job job-2 is Ready, 0 tasks done after 0.5 s" in answer["msg"]
    assert "unchanged and keeps running" in answer["error"]["hint"]
    assert answer["waited"] == 0.5
    assert (cloud.emulator.jobs(), cloud.writes()) == (before, [])


def test_check_mode_looks_once(cloud: Cloud) -> None:
    cloud.seed(
        {"job_id": "job-1", "status": "Active"},
        {"job_id": "job-2", "status": "Suspended"},
        {"job_id": "job-3", "status": "Complete", **DONE},
    )
    answer = cloud.wait(["job-1", "job-2", "job-3"], check_mode=True)
    assert answer["rc"] == 0
    assert [job["outcome"] for job in answer["jobs"]] == ["skipped", "skipped", "unchanged"]
    assert "the task would wait for completion" in answer["jobs"][0]["reason"]
    assert cloud.operations() == ["ListJobs"]
    assert cloud.wait("no-such-job", check_mode=True)["rc"] == 1


@pytest.mark.parametrize("fault", ["throttle", "internal_error", "drop_before", "truncated", "html", "unavailable"])
def test_looks_that_fail_for_a_while_end_no_wait(cloud: Cloud, clock: Clock, fault: str) -> None:
    cloud.seed(status="Active", **DONE)
    cloud.fault(fault, operation="ListJobs", skip=1, count=3)
    with clock.meanwhile(lambda turn: turn > 1 and cloud.emulator.patch(JOB_ID, status="Complete")):
        answer = cloud.wait(max_attempts=1, max_interval=0.2)
    assert (answer["rc"], answer["job"]["result"]) == (0, "full")
    assert not cloud.emulator.faults()


def test_a_first_look_that_fails_ends_the_task(cloud: Cloud) -> None:
    cloud.seed(status="Active")
    cloud.fault("unavailable", operation="ListJobs", count=None)
    answer = cloud.wait(max_attempts=2)
    assert (answer["rc"], answer["error"]["kind"]) == (1, "unavailable")
    assert len(cloud.operations()) == 2


def test_a_refusal_in_the_middle_ends_the_task(cloud: Cloud) -> None:
    cloud.seed(status="Active")
    cloud.fault("denied", operation="ListJobs", skip=2)
    answer = cloud.wait()
    assert (answer["rc"], answer["error"]["kind"]) == (1, "access_denied")
    assert len(cloud.operations()) == 3


def test_more_than_one_page_is_read_as_far_as_needed(cloud: Cloud) -> None:
    cloud.seed(*[{"job_id": f"job-{number:04}", "status": "Complete", **DONE} for number in range(2500)])
    assert cloud.wait("job-0001")["rc"] == 0
    assert cloud.operations().count("ListJobs") == 1
    assert cloud.wait(["job-0001", "job-1500"])["rc"] == 0
    assert cloud.operations().count("ListJobs") == 3


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"job_id": []}, "value of job_id must contain at least one job ID, got: []"),
        ({"job_id": ["a b"]}, "value of job_id must be ...got: 'a b'"),
        ({"timeout": -1}, "value of timeout must be 0 ...got: -1.0"),
        ({"timeout": float("nan")}, "value of timeout must be 0 ...got: nan"),
        ({"interval": 0}, "value of interval must be 0.1 ...got: 0.0"),
        (
            {"interval": 30, "max_interval": 20},
            "value of max_interval must be at least interval, which is 30, got: 20.0",
        ),
        ({"max_failed_tasks": -1}, "value of max_failed_tasks must be 0 or more, got: -1"),
        ({"max_failed_ratio": 5}, "value of max_failed_ratio must be a share from 0 to 1, got: 5.0"),
        ({"status": ["Done"]}, "value of status must be one or more of"),
    ],
    ids=str,
)
def test_bad_options_cost_no_request(cloud: Cloud, options: dict, text: str) -> None:
    answer = cloud.wait(**options)
    assert answer["rc"] == 1
    assert all(part in answer["msg"] for part in text.split("...")), answer["msg"]
    assert cloud.operations() == []


def test_slices_are_short_and_carry_on(cloud: Cloud) -> None:
    cloud.seed(status="Active", tasks_total=100, tasks_done=10)
    first = cloud.wait(interval=12, timeout=90, _watch={"elapsed": 0, "label": "[host] "})
    assert first["lines"] == [
        f"[host] Job {JOB_ID}",
        "[host] Waiting for completion (timeout: 1m30s)",
        "[host] Press Ctrl+C to stop waiting. The job keeps running.",
        "[host] 00000000  Active       10 %  10/100, 0 failed",
    ]
    assert 10 < first["next"].pop("pause") < 14
    cloud.emulator.patch(JOB_ID, tasks_done=60)
    second = cloud.wait(interval=12, timeout=90, _watch={**first["next"], "elapsed": 15.0, "label": "[host] "})
    assert second["lines"][0].startswith("[host] 00000000  Active       60 %  60/100, 0 failed  ")
    assert second["lines"][0].endswith("s left")
    cloud.emulator.patch(JOB_ID, status="Complete", tasks_done=100)
    second["next"].pop("pause")
    last = cloud.wait(interval=12, timeout=90, _watch={**second["next"], "elapsed": 30.0, "label": "[host] "})
    assert last["lines"] == ["[host] 00000000  Complete    100 %  100/100, 0 failed  result full"]
    assert (last["rc"], last["job"]["outcome"], last["waited"] >= 30) == (0, "unchanged", True)
    assert last["calls"]["sent"] == {"ListJobs": 3, "DescribeJob": 1}
    assert cloud.operations() == ["ListJobs"] * 3 + ["DescribeJob"]
    silent = cloud.wait(progress=False, _watch={"elapsed": 0})
    assert silent["lines"] == []
