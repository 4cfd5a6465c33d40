# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs under a clock that only the tests turn."""

from __future__ import annotations

import time
from typing import Any

import psutil
import pytest
from batch_emulator.accounts import AWS_ACCOUNT
from batch_emulator.client import Emulator, EmulatorError, Process, start, until
from botocore.exceptions import ClientError

from .clients import Cos, code_of, create_request, text

DAY = 86400


def seed(emulator: Emulator, job_id: str, **fields: Any) -> None:
    emulator.seed({"provider": "aws", "job_id": job_id, "tasks_total": 100, "tasks_per_second": 1} | fields)


def status(emulator: Emulator, job_id: str) -> str:
    return str(emulator.job(job_id)["status"])


def way(emulator: Emulator, job_id: str) -> list[str]:
    return [word for _unused, word in emulator.job(job_id)["history"]]


def test_whole_life(aws: Any, emulator: Emulator) -> None:
    job_id = aws.create_job(**create_request())["JobId"]
    seen = []
    for _unused in range(4):
        job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]
        seen.append((job["Status"], job["ProgressSummary"]["NumberOfTasksSucceeded"]))
        emulator.advance(1)
    assert seen == [("New", 0), ("Preparing", 0), ("Ready", 0), ("Active", 0)]
    emulator.advance(49)
    job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]
    assert job["ProgressSummary"]["NumberOfTasksSucceeded"] == 500
    assert job["ProgressSummary"]["Timers"]["ElapsedTimeInActiveSeconds"] == 50
    emulator.advance(50)
    assert status(emulator, job_id) == "Completing"
    emulator.advance(1)
    job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]
    assert job["Status"] == "Complete"
    assert job["ProgressSummary"]["NumberOfTasksSucceeded"] == 1000
    assert job["TerminationDate"].timestamp() == pytest.approx(emulator.clock()["now"], abs=1.01)


def test_one_big_step_is_as_many_small_ones(emulator: Emulator) -> None:
    seed(emulator, "a", status="New", priority=1)
    seed(emulator, "b", status="New", priority=2)
    emulator.advance(3600)
    assert way(emulator, "a") == way(emulator, "b")
    assert way(emulator, "a") == ["New", "Preparing", "Ready", "Active", "Completing", "Complete"]
    a, b = emulator.job("a"), emulator.job("b")
    assert b["ended"] < a["ended"]


def test_nothing_moves_while_the_clock_stands(emulator: Emulator) -> None:
    seed(emulator, "a", status="Ready")
    time.sleep(0.05)
    assert status(emulator, "a") == "Ready"


def test_confirmation(aws: Any, emulator: Emulator) -> None:
    job_id = aws.create_job(**create_request(ConfirmationRequired=True))["JobId"]
    emulator.advance(DAY)
    job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]
    assert job["Status"] == "Suspended"
    assert job["SuspendedDate"].timestamp() < emulator.clock()["now"] - DAY + 10
    aws.update_job_status(AccountId=AWS_ACCOUNT, JobId=job_id, RequestedJobStatus="Ready")
    emulator.advance(1)
    assert status(emulator, job_id) == "Active"


def test_confirmation_expires(emulator: Emulator) -> None:
    seed(emulator, "a", status="Suspended")
    emulator.advance(30 * DAY - 1)
    assert status(emulator, "a") == "Suspended"
    emulator.advance(1)
    assert status(emulator, "a") == "Failed"
    assert emulator.job("a")["failure_reasons"][0]["code"] == "ConfirmationExpired"


def test_highest_priority_first_then_the_oldest(emulator: Emulator) -> None:
    seed(emulator, "low", priority=1, created=50)
    seed(emulator, "young", priority=5, created=10)
    seed(emulator, "old", priority=5, created=20)
    started = []
    for _unused in range(500):
        emulator.advance(1)
        active = emulator.jobs(status="Active")
        assert len(active) <= 1
        if active and active[0]["job_id"] not in started:
            started.append(active[0]["job_id"])
    assert started == ["old", "young", "low"]


def test_preemption(aws: Any, emulator: Emulator) -> None:
    seed(emulator, "running", priority=10)
    seed(emulator, "waiting", priority=5)
    emulator.advance(1)
    assert [status(emulator, job_id) for job_id in ("running", "waiting")] == ["Active", "Ready"]
    emulator.advance(40)
    aws.update_job_priority(AccountId=AWS_ACCOUNT, JobId="waiting", Priority=11)
    emulator.advance(1)
    assert [status(emulator, job_id) for job_id in ("running", "waiting")] == ["Pausing", "Ready"]
    emulator.advance(1)
    assert status(emulator, "running") == "Paused"
    emulator.advance(1)
    assert [status(emulator, job_id) for job_id in ("running", "waiting")] == ["Paused", "Active"]
    assert emulator.job("running")["tasks_done"] == 41
    emulator.advance(1000)
    assert way(emulator, "running") == ["Ready", "Active", "Pausing", "Paused", "Active", "Completing", "Complete"]
    assert emulator.job("running")["active_seconds"] == pytest.approx(100)
    assert emulator.job("waiting")["ended"] < emulator.job("running")["ended"]


def test_lowered_priority_gives_way(cos: Cos, emulator: Emulator) -> None:
    common = {"provider": "cos", "region": "ap-chengdu", "tasks_per_second": 1}
    emulator.seed({**common, "job_id": "first", "priority": 10}, {**common, "job_id": "second", "priority": 5})
    emulator.advance(10)
    assert cos.priority("first", 1).status_code == 200
    emulator.advance(3)
    assert text(cos("GET", "/jobs/first"), "Job/Status") == "Paused"
    assert text(cos("GET", "/jobs/second"), "Job/Status") == "Active"


def test_equal_priority_does_not_preempt(emulator: Emulator) -> None:
    seed(emulator, "running", priority=10)
    emulator.advance(5)
    seed(emulator, "waiting", priority=10, created=1000)
    emulator.advance(20)
    assert [status(emulator, job_id) for job_id in ("running", "waiting")] == ["Active", "Ready"]


def test_capacity(emulator: Emulator) -> None:
    emulator.settings(capacity=2)
    for number in range(5):
        seed(emulator, f"job-{number}", priority=number)
    emulator.advance(5)
    assert {job["job_id"] for job in emulator.jobs(status="Active")} == {"job-3", "job-4"}
    emulator.settings(capacity=4)
    emulator.advance(5)
    assert {job["job_id"] for job in emulator.jobs(status="Active")} == {"job-1", "job-2", "job-3", "job-4"}
    # Two better ones push out the two weakest.
    seed(emulator, "best", priority=9)
    seed(emulator, "next", priority=8)
    emulator.advance(5)
    assert {job["job_id"] for job in emulator.jobs(status="Active")} == {"best", "next", "job-3", "job-4"}
    assert {job["job_id"] for job in emulator.jobs(status="Paused")} == {"job-1", "job-2"}
    # A slot that is about to become free is promised already, so nobody else had to pause for it.
    assert way(emulator, "job-3") == ["Ready", "Active"]


def test_queues_do_not_compete(emulator: Emulator) -> None:
    seed(emulator, "here", priority=1)
    seed(emulator, "there", priority=2, region="eu-west-1")
    seed(emulator, "theirs", priority=3, account="444455556666")
    emulator.seed({"provider": "cos", "job_id": "cloud", "priority": 4})
    emulator.advance(1)
    assert len(emulator.jobs(status="Active")) == 4


@pytest.mark.parametrize(
    ("share", "total", "end", "done"),
    [
        (0.6, 5000, "Failed", 1000),
        (1.0, 5000, "Failed", 1000),
        (0.5, 5000, "Complete", 5000),
        (1.0, 999, "Complete", 999),
    ],
)
def test_failure_threshold(emulator: Emulator, share: float, total: int, end: str, done: int) -> None:
    seed(emulator, "a", tasks_total=total, tasks_per_second=100, failing_share=share)
    emulator.advance(1000)
    job = emulator.job("a")
    assert way(emulator, "a")[-2:] == (["Failing", "Failed"] if end == "Failed" else ["Completing", "Complete"])
    assert (job["status"], job["tasks_done"]) == (end, done)
    assert job["tasks_failed"] == int(done * share)
    # Failed objects alone are not a reason: FailureReasons is about the job.
    assert [why["code"] for why in job["failure_reasons"]] == (["FailureRateExceeded"] if end == "Failed" else [])


@pytest.mark.parametrize(("share", "done"), [(1.0, 4000), (0.6, 12_000)])
def test_failure_threshold_later_than_at_1000(emulator: Emulator, share: float, done: int) -> None:
    seed(emulator, "a", tasks_total=20_000, tasks_done=2000, tasks_per_second=100, failing_share=share)
    emulator.advance(1000)
    job = emulator.job("a")
    assert job["status"] == "Failed"
    assert done < job["tasks_done"] < done + 20


def test_cancel(aws: Any, emulator: Emulator) -> None:
    seed(emulator, "a-job")
    seed(emulator, "another", priority=1)
    emulator.advance(5)
    aws.update_job_status(AccountId=AWS_ACCOUNT, JobId="a-job", RequestedJobStatus="Cancelled")
    emulator.advance(1)
    assert [status(emulator, job_id) for job_id in ("a-job", "another")] == ["Cancelled", "Active"]
    assert emulator.job("a-job")["tasks_done"] == 4


def test_deleted_jobs_leave_the_queue(cos: Cos, emulator: Emulator) -> None:
    for number in range(4):
        emulator.seed({"provider": "cos", "region": "ap-chengdu", "job_id": f"job-{number}", "priority": 9 - number})
    emulator.advance(5)
    for job_id in ("job-0", "job-1"):
        assert cos("DELETE", f"/jobs/{job_id}").status_code == 204
    emulator.advance(5)
    assert [job["status"] for job in emulator.jobs()] == ["Active", "Ready"]
    emulator.advance(1000)
    assert [job["status"] for job in emulator.jobs()] == ["Complete", "Complete"]


def test_finished_cos_job_is_no_such_job_for_updates(cos: Cos, emulator: Emulator) -> None:
    emulator.seed({"provider": "cos", "region": "ap-chengdu", "job_id": "a", "tasks_total": 10, "tasks_per_second": 1})
    emulator.advance(5)
    assert cos.priority("a", 7).status_code == 200
    emulator.advance(6)
    assert text(cos("GET", "/jobs/a"), "Job/Status") == "Completing"
    assert code_of(cos.priority("a", 8)) == ("InvalidRequest", 400)
    emulator.advance(1)
    assert code_of(cos.priority("a", 8)) == ("NoSuchJob", 404)
    assert text(cos("GET", "/jobs/a"), "Job/Priority") == "7"


def test_ended_jobs_vanish(aws: Any, cos: Cos, emulator: Emulator) -> None:
    """AWS forgets a job 90 days after its end, COS 90 days after its creation."""
    common = {"status": "Complete", "created": 80 * DAY, "ended": 10 * DAY}
    emulator.seed({"provider": "aws", "job_id": "aws-job", **common})
    emulator.seed({"provider": "cos", "region": "ap-chengdu", "job_id": "cos-job", **common})
    emulator.advance(10 * DAY - 1)
    assert text(cos("GET", "/jobs/cos-job"), "Job/Status") == "Complete"
    emulator.advance(1)
    assert code_of(cos("GET", "/jobs/cos-job")) == ("NoSuchJob", 404)
    emulator.advance(70 * DAY - 1)
    assert len(aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"]) == 1
    emulator.advance(1)
    with pytest.raises(ClientError, match="NotFoundException"):
        aws.describe_job(AccountId=AWS_ACCOUNT, JobId="aws-job")


def test_frozen_jobs_stay_as_they_are(aws: Any, emulator: Emulator) -> None:
    for word in ("New", "Ready", "Active", "Pausing", "Suspended", "Complete"):
        seed(emulator, f"job-{word}", status=word, frozen=True)
    seed(emulator, "mover")
    emulator.advance(200 * DAY)
    assert [job["status"] for job in emulator.jobs()] == ["New", "Ready", "Active", "Pausing", "Suspended", "Complete"]
    emulator.patch("job-Ready", frozen=False)
    emulator.advance(1)
    assert status(emulator, "job-Ready") == "Active"


def test_outsider(aws: Any, emulator: Emulator) -> None:
    seed(emulator, "a-job", priority=1)
    emulator.patch("a-job", status="Complete", priority=99)
    job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId="a-job")["Job"]
    assert (job["Status"], job["Priority"]) == ("Complete", 99)
    emulator.advance(1000)
    assert status(emulator, "a-job") == "Complete"


def test_ten_thousand_jobs() -> None:
    """Five times the jobs cost five times the processor; seconds on the wall would count what else the machine does."""
    costs = []
    process = Process()
    try:
        emulator, server = process.emulator, psutil.Process(process.pid)
        for count in (2_000, 10_000):
            emulator.reset()
            emulator.settings(capacity=100)
            emulator.seed(*[{"provider": "aws", "priority": number % 50, "tasks_total": 10} for number in range(count)])
            before = server.cpu_times()
            emulator.advance(DAY)
            costs.append(server.cpu_times().user + server.cpu_times().system - before.user - before.system)
            assert len(emulator.jobs(status="Complete")) == count
    finally:
        process.stop()
    # The kernel counts in hundredths of a second.
    assert costs[1] < 12 * max(costs[0], 0.05), costs


def test_the_clock_is_set_by_the_wall_clock(emulator: Emulator) -> None:
    emulator.advance(40 * DAY)
    seed(emulator, "a")
    with pytest.raises(EmulatorError, match="jobs cannot go back in time"):
        emulator.clock(sync=True)
    emulator.reset()
    before = time.time()
    assert before <= emulator.clock(sync=True)["now"] <= time.time()
    assert emulator.clock()["mode"] == "manual"


def test_real_clock() -> None:
    with start(clock="real") as emulator:
        emulator.clock(speed=100)
        seed(emulator, "a", status="New")
        assert until(lambda: status(emulator, "a") == "Complete")
        assert way(emulator, "a") == ["New", "Preparing", "Ready", "Active", "Completing", "Complete"]
