# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl+C and SIGTERM in the middle of writes: real processes, and requests that the emulator holds back."""

from __future__ import annotations

import collections
import json
import signal
import typing as t

import pytest
from batch_emulator.client import until

from .clouds import JOB_ID, PATIENT, Cloud
from .reports import BUCKET, Report
from .test_create import OPTIONS

COUNT = 20
WIDTH = 4
DONE = 6
HELD = 3600.0
"""Seconds for which a request is held back: longer than any test."""
IDS = [f"job-{number:05}" for number in range(COUNT)]
TASKS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "jobs": ("batch_job_priority", {"jobs": [{"job_id": job_id, "priority": 50} for job_id in IDS]}),
    "select": ("batch_job_priority", {"select": {"min_priority": 1}, "matches": "some", "priority": 50}),
    "rules": ("batch_queue", {"rules": [{"priority": 50}]}),
    "order": ("batch_queue", {"order": [IDS], "min_priority": 50, "max_priority": 50}),
}


def seed(cloud: Cloud, **job: t.Any) -> None:
    cloud.seed(*[{"job_id": job_id, "priority": 10, "status": "Ready", **job} for job_id in IDS])


def hold(cloud: Cloud, operation: str, skip: int = 0, applied: bool = False) -> None:
    """Hold all further requests of an operation back, before or after they are carried out."""
    cloud.fault("late" if applied else "late_before", operation=operation, skip=skip, count=None, seconds=HELD)


def interrupted(
    cloud: Cloud, module: str, awaited: str, arrived: int, how: signal.Signals = signal.SIGINT, **options: t.Any
) -> dict[str, t.Any]:
    """Run a module, interrupt it when so many requests of an operation have arrived, and return what it printed."""
    with cloud.started(module, **{**PATIENT, **options}) as process:
        assert until(lambda: cloud.operations().count(awaited) >= arrived or process.poll() is not None)
        assert process.poll() is None, process.stdout and process.stdout.read()
        process.send_signal(how)
        printed = process.communicate()[0]
        assert process.returncode == 1
    result = t.cast("dict[str, t.Any]", json.loads(cloud.names.decode(printed)))
    assert (result["failed"], result["error"]["kind"]) == (True, "interrupted"), result
    assert result["msg"].startswith("The task was interrupted") and "Traceback" not in printed
    return result


def outcomes(result: dict[str, t.Any]) -> dict[str, int]:
    return dict(collections.Counter(job["outcome"] for job in result["jobs"]))


def stored(cloud: Cloud) -> dict[str, int]:
    return {job["job_id"]: job["priority"] for job in cloud.emulator.jobs(provider=cloud.provider)}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "TERM"])
@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("task", TASKS)
def test_what_was_done_is_told(cloud: Cloud, task: str, applied: bool, how: signal.Signals) -> None:
    seed(cloud)
    hold(cloud, "UpdateJobPriority", skip=DONE, applied=applied)
    module, options = TASKS[task]
    # As many as may be under way at once have arrived, so the ones before them have been answered.
    result = interrupted(cloud, module, "UpdateJobPriority", DONE + WIDTH, how, concurrency=WIDTH, **options)
    assert result["changed"] is True
    left = COUNT - DONE - WIDTH
    assert outcomes(result) == {"changed": DONE, "failed": WIDTH, "skipped": left}
    assert (
        f"{DONE} of {COUNT} jobs were changed, the result is unknown for {WIDTH}, and {left} were not changed"
        in (result["msg"])
    )
    numbers = stored(cloud)
    for job in result["jobs"]:
        if job["outcome"] != "failed":
            assert numbers[job["job_id"]] == job["priority"] == (50 if job["outcome"] == "changed" else 10)
        else:
            assert job["error"]["kind"] == "interrupted"
            assert "is 10 or 50, and the update can still take effect" in job["reason"]
            assert numbers[job["job_id"]] == (50 if applied else 10)
    assert result["calls"]["sent"]["UpdateJobPriority"] == DONE + WIDTH
    assert cloud.operations().count("UpdateJobPriority") == DONE + WIDTH, "nothing is sent after the report"
    if task in ("rules", "order"):
        assert result["plan_hash"] and len(result["plan"]) == COUNT
    cloud.emulator.clear_faults()
    again = cloud.run(module, **options)
    assert (again["rc"], set(stored(cloud).values())) == (0, {50}), again


@pytest.mark.parametrize("task", TASKS)
def test_interrupted_before_the_first_write(cloud: Cloud, task: str) -> None:
    seed(cloud)
    hold(cloud, "ListJobs")
    module, options = TASKS[task]
    result = interrupted(cloud, module, "ListJobs", 1, **options)
    assert (result["changed"], result["jobs"], cloud.writes()) == (False, [], [])
    assert result["msg"] == "The task was interrupted. No changes were made. Run the task again."


@pytest.mark.parametrize("task", TASKS)
def test_interrupted_in_the_last_look(cloud: Cloud, task: str) -> None:
    seed(cloud)
    hold(cloud, "ListJobs", skip=1)
    module, options = TASKS[task]
    result = interrupted(cloud, module, "ListJobs", 2, **options)
    assert (result["changed"], outcomes(result)) == (True, {"changed": COUNT})
    assert f"{COUNT} of {COUNT} jobs were changed" in result["msg"]


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_single_job(cloud: Cloud, applied: bool) -> None:
    cloud.seed(priority=10)
    hold(cloud, "UpdateJobPriority", applied=applied)
    result = interrupted(cloud, "batch_job_priority", "UpdateJobPriority", 1, job_id=JOB_ID, priority=50)
    assert (result["changed"], result["job"]["outcome"], result["jobs"]) == (True, "failed", [result["job"]])
    assert f"The priority of job {JOB_ID} is 10 or 50" in result["job"]["reason"]


def test_an_answer_that_was_lost_is_still_in_doubt(cloud: Cloud) -> None:
    """The answer is lost, and reading again is held back: it is not known whether the job was changed."""
    cloud.seed(priority=10)
    cloud.fault("drop_after", operation="UpdateJobPriority")
    hold(cloud, "DescribeJob", skip=1)
    result = interrupted(cloud, "batch_job_priority", "DescribeJob", 2, job_id=JOB_ID, priority=50)
    assert (result["changed"], result["job"]["outcome"]) == (True, "failed")


def test_a_dry_run_has_changed_nothing(cloud: Cloud) -> None:
    seed(cloud)
    hold(cloud, "ListJobs")
    result = interrupted(cloud, "batch_queue", "ListJobs", 1, rules=[{"priority": 50}], _ansible_check_mode=True)
    assert (result["changed"], result["jobs"]) == (False, [])


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_requests_of_a_status(cloud: Cloud, applied: bool) -> None:
    seed(cloud)
    hold(cloud, "UpdateJobStatus", skip=2, applied=applied)
    options = {"select": {"min_priority": 1}, "matches": "some", "status": "cancelled"}
    result = interrupted(cloud, "batch_job_status", "UpdateJobStatus", 3, **options)
    assert (result["changed"], outcomes(result)) == (True, {"changed": 2, "failed": 1, "skipped": COUNT - 3})
    assert [job["previous_status"] for job in result["jobs"]] == ["Ready"] * COUNT
    assert (
        " is Ready or Cancelling, and the request can still take effect"
        in next(j for j in result["jobs"] if j["outcome"] == "failed")["reason"]
    )
    assert len(cloud.writes()) == 2 + applied


def test_the_wait_after_a_request(cloud: Cloud) -> None:
    """What was requested stands, whatever becomes of the waiting."""
    cloud.seed(status="Suspended", priority=10)
    hold(cloud, "ListJobs")
    options = {"job_id": JOB_ID, "status": "cancelled", "wait": True}
    result = interrupted(cloud, "batch_job_status", "ListJobs", 1, **options)
    assert (result["changed"], result["job"]["outcome"], result["job"]["status"]) == (True, "changed", "Cancelling")


def test_a_wait_writes_nothing(cloud: Cloud) -> None:
    cloud.seed(priority=10)
    hold(cloud, "ListJobs", skip=1)
    result = interrupted(cloud, "batch_job_wait", "ListJobs", 2, job_id=[JOB_ID], interval=0.1)
    assert (result["changed"], cloud.writes()) == (False, [])
    assert result["msg"] == "The task was interrupted. No changes were made. Run the task again."


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_a_job_that_was_being_created(cloud: Cloud, applied: bool) -> None:
    hold(cloud, "CreateJob", applied=applied)
    options = {"priority": 9, "description": "a restore", **OPTIONS[cloud.provider]}
    result = interrupted(cloud, "batch_job", "CreateJob", 1, **options)
    assert (result["changed"], result["job"]["outcome"], result["jobs"]) == (True, "failed", [result["job"]])
    assert (
        "Result unknown: no response to CreateJob. The job exists, can still appear, or was not created"
        in result["job"]["reason"]
    )
    assert result["client_request_token"]
    cloud.emulator.clear_faults()
    again = cloud.run("batch_job", **options)
    assert (again["rc"], again["changed"], len(cloud.emulator.jobs())) == (0, not applied, 1), again


def test_a_job_that_was_not_created_yet(cloud: Cloud) -> None:
    hold(cloud, "ListJobs")
    result = interrupted(cloud, "batch_job", "ListJobs", 1, priority=9, description="x", **OPTIONS[cloud.provider])
    assert (result["changed"], result["jobs"], cloud.emulator.jobs()) == (False, [], [])


@pytest.mark.parametrize("operation", ["PutObject", "GetObject"])
def test_a_manifest_that_was_being_written(cloud: Cloud, operation: str) -> None:
    row = b"archive,a,,failed,500,InternalError,x\r\n"
    report = Report({"failed": row}, job={"tasks_done": 1, "tasks_failed": 1})
    report.put(cloud)
    hold(cloud, operation)
    options = {"job_id": JOB_ID, "manifest_bucket": BUCKET}
    result = interrupted(cloud, "batch_retry_manifest", operation, 1, **options)
    assert result["changed"] is (operation == "PutObject")
    assert ("Some changes can have been made" in result["msg"]) is (operation == "PutObject")
