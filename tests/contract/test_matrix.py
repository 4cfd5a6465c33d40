# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, on every request of every module, once and lasting: what is reported is what happened, and in time."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from batch_emulator.fault_effects import EFFECTS

from .clouds import ACCOUNTS, JOB_ID, Cloud, on
from .test_create import OPTIONS

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

    from .moments import Clock

pytestmark = pytest.mark.slow

OTHER_ID = JOB_ID[:-1] + "2"
LIMITS = {"request_timeout": 10.0, "retry_deadline": 60.0, "max_attempts": 4}
"""Limits of a task, by the tests' own clock: what the machine takes counts for nothing."""
SLACK = 5.0
"""Seconds that a task may take beyond its own deadlines."""
HOUR = 3600.0
MEMORY = 200 * 2**20
SWELLING: dict[str, dict[str, t.Any]] = {"huge": {}, "gzip_bomb": {}, "nested": {"depth": 200_000}}
"""Answers that would take much memory, and their arguments."""

# Name, arguments, and whether a task succeeds in the end when it meets the fault once.
FAULTS: list[tuple[str, dict[str, t.Any], bool]] = [
    ("throttle", {}, True),
    ("throttle", {"http_status": 429, "code": "Unheard"}, True),
    ("throttle", {"retry_after": 86400}, False),
    ("unavailable", {"retry_after": 86400}, False),
    ("internal_error", {"applied": False}, True),
    ("internal_error", {"applied": True}, True),
    ("unavailable", {}, True),
    ("denied", {}, False),
    ("clock_skew", {}, False),
    ("expired_token", {}, False),
    ("redirect", {}, False),
    ("raw", {"code": "Odd"}, False),
    ("bare_error", {}, True),
    ("drop_before", {}, True),
    ("drop_after", {}, True),
    ("late", {"seconds": HOUR}, True),
    ("late_before", {"seconds": HOUR}, True),
    ("late_write", {"seconds": HOUR}, True),
    ("truncated", {}, True),
    ("truncated", {"midway": True}, True),
    ("html", {"http_status": 502}, True),
    ("html", {"http_status": 200, "applied": True}, True),
    ("empty_body", {"applied": True}, True),
    ("empty_body", {"applied": False}, True),
    ("error_200", {"code": "InternalError"}, True),
    ("error_200", {"code": "AccessDenied"}, False),
    ("error_200", {"code": "SlowDown"}, True),
    ("drip", {"seconds": 5.0}, False),
    ("huge", {"megabytes": 40}, True),
    ("gzip_bomb", {"megabytes": 40}, True),
    ("nested", {"depth": 3000}, True),
    ("doctype", {"megabytes": 0, "uses": 3}, True),
    ("other_xml", {}, True),
    ("echo", {}, False),
]
PAGES: list[tuple[str, dict[str, t.Any], bool]] = [
    ("repeated_token", {}, True),
    ("repeated_page", {}, True),
    ("empty_page", {}, True),
    ("stale_read", {}, True),
    ("no_priority", {}, True),
]
LATE = {"late_before", "late_write"}
"""What comes to pass when a test says so."""
ELSEWHERE = {
    *(
        "ended_in_between",
        "wrong_priority",
        "stale_read",
        "late_write",
        "shifted_page",
        "no_range",
        "odd_list",
        "barrier",
    ),
    *("keys_expire", "odd_keys"),
}
"""Faults of single operations, of later pages, or of keys that roles hand out, which have tests of their own."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One module, and the requests that it sends."""

    module: str
    options: dict[str, t.Any]
    operations: tuple[str, ...]
    write: str = ""

    def __str__(self) -> str:
        return f"{self.module}-{'-'.join(self.operations)}"


CASES = [
    Case("batch_job_priority", {"job_id": JOB_ID, "priority": 100}, ("DescribeJob",), "UpdateJobPriority"),
    Case(
        "batch_job_priority",
        {"jobs": [{"job_id": JOB_ID, "priority": 100}, {"job_id": OTHER_ID, "priority": 90}]},
        ("ListJobs",),
        "UpdateJobPriority",
    ),
    Case("batch_job_status", {"job_id": JOB_ID, "status": "cancelled"}, ("DescribeJob",), "UpdateJobStatus"),
    Case("batch_queue", {"order": [JOB_ID, OTHER_ID], "min_priority": 90}, ("ListJobs",), "UpdateJobPriority"),
    Case("batch_job", {"priority": 100, "description": "a restore"}, ("ListJobs",), "CreateJob"),
    Case("batch_job_info", {}, ("ListJobs",)),
    Case("batch_job_info", {"job_id": JOB_ID}, ("DescribeJob",)),
    Case("batch_job_wait", {"job_id": [JOB_ID], "status": ["Active"], "timeout": 120, "interval": 1}, ("ListJobs",)),
]


TAGS = Case("batch_job_tags", {"job_id": JOB_ID, "tags": {"team": "storage"}}, ("GetJobTagging",), "PutJobTagging")
"""Only jobs of AWS have tags."""


def state(cloud: Cloud) -> dict[str, tuple[t.Any, ...]]:
    jobs = cloud.emulator.jobs(provider=cloud.provider)
    return {job["job_id"]: (job["priority"], job["status"], job["tags"]) for job in jobs}


def landed(cloud: Cloud, before: dict[str, t.Any]) -> dict[str, tuple[t.Any, ...]]:
    """What has changed, with all that was still under way."""
    cloud.emulator.release()
    return {job_id: found for job_id, found in state(cloud).items() if before.get(job_id) != found}


def judge(
    case: Case, result: dict[str, t.Any], changed: dict[str, t.Any], seconds: float, deadline: float
) -> list[str]:
    """Return what is wrong with a result, given what really changed in the cloud."""
    text = json.dumps(result)
    told = {job["job_id"] for job in result["jobs"] if job.get("outcome") == "changed"}
    doubt = "Result unknown: " in result["msg"] if "msg" in result else False
    wrong = {
        "neither success nor failure": (result["rc"] == 0) is bool(result.get("failed")),
        "a traceback": "Traceback" in text,
        "several lines": not all(sign.isprintable() for sign in result.get("msg", "")),
        "a false success": bool(told - set(changed)),
        "a success without its work": bool(case.write and result["rc"] == 0 and not changed),
        "a lost report": bool(set(changed) - told and not doubt and not result["changed"]),
        "too long": seconds > 3 * deadline + case.options.get("timeout", 0) + SLACK,
    }
    return [name for name, holds in wrong.items() if holds]


def prepare(cloud: Cloud) -> None:
    cloud.emulator.reset()
    cloud.seed({"job_id": JOB_ID, "priority": 10, "status": "Active"}, {"job_id": OTHER_ID, "priority": 5})


def meet(
    cloud: Cloud, clock: Clock, case: Case, operation: str, fault: tuple[str, dict[str, t.Any], bool], once: bool
) -> None:
    """Have a task meet a fault; what is late lands after the task, and once more between its tries."""
    late = fault[0] in LATE
    for landing in ("after the task", "between its tries") if late else ("",):
        clock.at_each_sleep = cloud.emulator.release if landing == "between its tries" else lambda: None
        meet_once(cloud, clock, case, operation, fault, once, landing)


def meet_once(
    cloud: Cloud,
    clock: Clock,
    case: Case,
    operation: str,
    fault: tuple[str, dict[str, t.Any], bool],
    once: bool,
    landing: str,
) -> None:
    name, args, passes = fault
    prepare(cloud)
    before = state(cloud)
    cloud.fault(name, count=1 if once else None, operation=operation, **args)
    options = {**case.options, **(OPTIONS[cloud.provider] if case.module == "batch_job" else {})}
    if operation == "GetCallerIdentity":
        options["account_id"] = None
    began = clock.now()
    result = cloud.run(case.module, **{**LIMITS, **options})
    seconds = clock.now() - began
    where = (case.module, operation, name, args, "once" if once else "lasting", landing)
    assert any(entry["fault"] == name for entry in cloud.emulator.log()), (where, "the fault did not strike")
    changed = landed(cloud, before)
    wrong = judge(case, result, changed, seconds, LIMITS["retry_deadline"])
    assert not wrong, (where, wrong, result, changed, seconds)
    if once and passes:
        assert result["rc"] == 0, (where, result)
    # A write whose answers all drip is done when it is read again.
    if not passes and not once and name != "drip":
        assert result["rc"] == 1, (where, result)


@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_reads(cloud: Cloud, clock: Clock, case: Case, once: bool) -> None:
    for operation in case.operations:
        for fault in FAULTS + (PAGES if operation == "ListJobs" else []):
            if fault[0] not in ELSEWHERE - {"stale_read"}:
                meet(cloud, clock, case, operation, fault, once)


@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
@pytest.mark.parametrize("case", [case for case in CASES if case.write], ids=str)
def test_writes(cloud: Cloud, clock: Clock, case: Case, once: bool) -> None:
    for fault in FAULTS:
        if fault[0] != "late_write" or case.write in EFFECTS["late_write"].on:
            meet(cloud, clock, case, case.write, fault, once)


@on("aws")
@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
def test_tags(cloud: Cloud, clock: Clock, once: bool) -> None:
    for fault in FAULTS:
        for operation in (*TAGS.operations, TAGS.write):
            if fault[0] not in ELSEWHERE and (fault[0] != "late_write" or operation in EFFECTS["late_write"].on):
                meet(cloud, clock, TAGS, operation, fault, once)


@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
@pytest.mark.parametrize("case", [CASES[0], CASES[1], CASES[-1]], ids=str)
def test_sts(emulator: Emulator, clock: Clock, capsys: pytest.CaptureFixture[str], case: Case, once: bool) -> None:
    cloud = Cloud(ACCOUNTS[0], emulator, capsys)
    for fault in FAULTS:
        if fault[0] not in ELSEWHERE:
            # botocore reads what STS answers: a 200 with an error, or nodes that nobody knows, are its own affair.
            known = (fault[0], fault[1], False if fault[0] == "raw" else fault[2])
            meet(cloud, clock, case, "GetCallerIdentity", known, once)


def test_every_fault_is_in_the_matrix() -> None:
    assert {name for name, *_rest in FAULTS + PAGES} | ELSEWHERE == set(EFFECTS)


def memory_cases() -> list[tuple[Case, str, str]]:
    """Return the swelling answers: of every kind where several jobs are changed, else of the two worst."""
    every = [(CASES[1], operation, fault) for operation in ("ListJobs", "UpdateJobPriority") for fault in SWELLING]
    # One place reads the answers to an operation, whichever module has asked.
    askers = {operation: case for case in CASES for operation in (*case.operations, case.write) if operation}
    others = [(case, operation) for operation, case in askers.items() if operation not in {one[1] for one in every}]
    return every + [(*pair, fault) for pair in others for fault in ("huge", "gzip_bomb")]


@pytest.mark.parametrize(("case", "operation", "fault"), memory_cases(), ids=str)
def test_memory(cloud: Cloud, case: Case, operation: str, fault: str) -> None:
    prepare(cloud)
    cloud.fault(fault, count=None, operation=operation, **SWELLING[fault])
    options = {**case.options, **(OPTIONS[cloud.provider] if case.module == "batch_job" else {})}
    result, peak = cloud.weighed(case.module, **options, max_attempts=2)
    assert 0 < peak < MEMORY, f"{peak >> 20} MiB"
    if (fault, operation) != ("nested", "UpdateJobPriority"):
        assert (result["failed"], result["error"]["kind"]) == (True, "invalid_response"), result


def test_memory_of_many_failures(cloud: Cloud) -> None:
    """What one failed request held is gone before the next one, and so is what 40 of them held."""
    ids = [f"job-{number}" for number in range(40)]
    cloud.seed(*({"job_id": job_id, "priority": 5, "status": "Ready"} for job_id in ids))
    cloud.fault("huge", count=None, operation="UpdateJobPriority", megabytes=8)
    jobs = [{"job_id": job_id, "priority": 7} for job_id in ids]
    limits = {"concurrency": 2, "max_attempts": 1, "on_error": "continue"}
    result, peak = cloud.weighed("batch_job_priority", jobs=jobs, **limits)
    assert [job["outcome"] for job in result["jobs"]] == ["failed"] * 40, result
    assert result["error"]["kind"] == "invalid_response"
    assert 0 < peak < MEMORY, f"{peak >> 20} MiB"
