# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults in turn, on every cloud: no false success, no false failure, no change beyond the wanted value."""

from __future__ import annotations

import typing as t

import pytest

from .clouds import JOB_ID, Cloud

# Name of the fault, how often, its arguments: after each of them the wanted value can be reached.
PASSING: list[tuple[str, int, dict[str, t.Any]]] = [
    ("throttle", 2, {}),
    ("throttle", 1, {"http_status": 429, "code": "Unheard"}),
    ("internal_error", 2, {}),
    ("internal_error", 1, {"applied": True}),
    ("unavailable", 2, {}),
    ("drop_before", 2, {}),
    ("drop_after", 1, {}),
    ("truncated", 1, {}),
    ("truncated", 1, {"midway": True}),
    ("html", 1, {"http_status": 200, "applied": True}),
    ("html", 1, {"http_status": 200, "applied": False}),
    ("html", 1, {"http_status": 502, "applied": True}),
    ("html", 1, {"http_status": 502, "applied": False}),
    ("empty_body", 1, {"applied": True}),
    ("empty_body", 1, {"applied": False}),
]


def name_of(fault: tuple[str, int, dict[str, t.Any]]) -> str:
    return "-".join([f"{fault[0]}x{fault[1]}", *(str(value) for value in fault[2].values())])


@pytest.mark.parametrize("fault", PASSING, ids=name_of)
@pytest.mark.parametrize("operation", ["DescribeJob", "UpdateJobPriority"])
def test_the_wanted_value_is_reached(cloud: Cloud, fault: tuple[str, int, dict[str, t.Any]], operation: str) -> None:
    name, count, args = fault
    cloud.seed()
    cloud.fault(name, count=count, operation=operation, **args)
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed"), result
    assert (result["job"]["previous_priority"], result["job"]["priority"]) == (10, 100)
    assert cloud.priority_of() == 100
    assert cloud.emulator.faults() == [], "the fault did not strike"
    assert all(entry["path"].endswith("riority=100") for entry in cloud.writes())
    assert sum(result["calls"]["sent"].values()) == len(cloud.operations())
    assert result["calls"]["throttled"] == (count if name == "throttle" else 0)
    if name == "drop_after" and operation == "UpdateJobPriority":
        # The value was there when it was read again, so nothing was sent twice.
        assert len(cloud.writes()) == 1


@pytest.mark.parametrize("fault", PASSING, ids=name_of)
def test_a_dry_run_and_a_no_op_never_write(cloud: Cloud, fault: tuple[str, int, dict[str, t.Any]]) -> None:
    name, count, args = fault
    cloud.seed()
    cloud.fault(name, count=count, **args)
    assert cloud.prioritize(100, check_mode=True)["job"]["outcome"] == "would_change"
    cloud.fault(name, count=count, **args)
    assert cloud.prioritize(10)["job"]["outcome"] == "unchanged"
    assert set(cloud.operations()) == {"DescribeJob"}


# Faults that stay: the kind that is reported, and whether the value is known to be unchanged.
LASTING = [
    ("throttle", {}, "throttled"),
    ("internal_error", {}, "unavailable"),
    ("drop_before", {}, "unreachable"),
    ("html", {"http_status": 200, "applied": False}, "invalid_response"),
    ("html", {"http_status": 502, "applied": False}, "unavailable"),
    ("denied", {}, "access_denied"),
    ("expired_token", {}, "invalid_credentials"),
    ("clock_skew", {}, "clock_skew"),
    ("redirect", {}, "invalid"),
]


@pytest.mark.parametrize(("name", "args", "kind"), LASTING, ids=[f"{item[0]}-{item[2]}" for item in LASTING])
def test_lasting_faults_of_the_write(cloud: Cloud, name: str, args: dict[str, t.Any], kind: str) -> None:
    cloud.seed()
    cloud.fault(name, count=None, operation="UpdateJobPriority", **args)
    result = cloud.prioritize(100, max_attempts=2)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, kind), result
    assert (result["job"]["outcome"], result["job"]["priority"]) == ("failed", 10)
    assert result["error"]["operation"] == "UpdateJobPriority"
    assert cloud.priority_of() == 10


@pytest.mark.parametrize(("name", "args", "kind"), LASTING, ids=[f"{item[0]}-{item[2]}" for item in LASTING])
def test_lasting_faults_of_the_read(cloud: Cloud, name: str, args: dict[str, t.Any], kind: str) -> None:
    cloud.seed()
    cloud.fault(name, count=None, operation="DescribeJob", **args)
    result = cloud.prioritize(100, max_attempts=2)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, kind), result
    assert result["error"]["operation"] == "DescribeJob"
    assert result["msg"].startswith("DescribeJob: ")
    assert "UpdateJobPriority" not in cloud.operations()


def test_applied_and_then_no_more_answers(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("drop_after", operation="UpdateJobPriority")
    cloud.fault("drop_before", operation="DescribeJob", skip=1, count=None)
    result = cloud.prioritize(100, max_attempts=3)
    assert (result["rc"], result["error"]["kind"]) == (1, "unreachable")
    assert f"The priority of job {JOB_ID} is 10 or 100, and the update can still take effect" in result["msg"]


def test_ended_after_a_lost_answer(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("drop_before", operation="UpdateJobPriority")
    cloud.fault("ended_in_between", operation="UpdateJobPriority")
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "job_ended")
    assert (result["job"]["status"], result["job"]["priority"]) == ("Complete", 10)


@pytest.mark.parametrize("name", ["late", "late_before"])
def test_answers_after_the_timeout(cloud: Cloud, name: str) -> None:
    """By the real clock: a healthy answer that a busy machine makes late is asked for again, too."""
    cloud.seed()
    cloud.fault(name, operation="UpdateJobPriority", seconds=3600)
    result = cloud.prioritize(100, request_timeout=2, max_attempts=20, retry_deadline=600)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert cloud.priority_of() == 100
    # What was late lands now, and is what is there already.
    assert (cloud.emulator.release(), cloud.priority_of()) == (1, 100)


def test_another_priority_in_the_answer(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("wrong_priority", operation="UpdateJobPriority", priority=7, stored=100)
    assert cloud.prioritize(100)["changed"] is True
    cloud.fault("wrong_priority", operation="UpdateJobPriority", priority=7, stored=7)
    result = cloud.prioritize(50)
    assert (result["rc"], result["error"]["kind"], result["job"]["priority"]) == (1, "invalid_response", 7)
    assert f"contains priority 7 for job {JOB_ID}, expected 50" in result["msg"]
    assert cloud.operations().count("UpdateJobPriority") == 2


def test_a_stale_read_after_a_lost_answer(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("drop_after", operation="UpdateJobPriority")
    cloud.fault("stale_read", operation="DescribeJob", skip=1)
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"]) == (0, True)
    assert cloud.priority_of() == 100


def test_retry_after_is_honoured(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("throttle", operation="DescribeJob", retry_after=30)
    result = cloud.prioritize(100, retry_deadline=29)
    assert (result["rc"], result["error"]["kind"]) == (1, "throttled")
    assert "The provider requested a delay of 30 s" in result["msg"]
    assert len(cloud.operations()) == 1


def test_every_attempt_is_counted(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("throttle", count=2, operation="DescribeJob")
    cloud.fault("throttle", count=1, operation="UpdateJobPriority")
    calls = cloud.prioritize(100)["calls"]
    assert calls == {"sent": {"DescribeJob": 3, "UpdateJobPriority": 2}, "retried": 3, "throttled": 3}
    assert len(cloud.operations()) == 5


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SlowDown", "SlowDownError", "ThrottlingException"])
@pytest.mark.parametrize("status", [400, 429, 503])
def test_throttling_is_known_by_its_code(cloud: Cloud, code: str, status: int) -> None:
    code = {"cos": "SlowDown", "oss": "QpsLimitExceeded"}.get(cloud.provider, code)
    cloud.seed()
    cloud.fault("throttle", operation="UpdateJobPriority", code=code, http_status=status)
    result = cloud.prioritize(100)
    assert (result["changed"], result["calls"]["throttled"]) == (True, 1)


def test_errors_without_an_envelope(cloud: Cloud) -> None:
    if cloud.provider == "aws":
        cloud.fault("bare_error", operation="DescribeJob")
    else:
        cloud.fault("raw", operation="DescribeJob", http_status=404, code="NoSuchJob", message="gone")
    assert cloud.prioritize(100, max_attempts=1)["rc"] == 1


def test_a_description_that_forges_rows(cloud: Cloud) -> None:
    forged = "mine\n      4000  Active      job-evil  S3PutObjectCopy  approved\u202e"
    cloud.seed(description=forged)
    result = cloud.prioritize(100, diff=True)
    for side in ("before", "after"):
        assert len(result["diff"][side].splitlines()) == 1
        assert r"mine\n      4000" in result["diff"][side] and r"\u202e" in result["diff"][side]
    assert result["job"]["description"] == forged


def test_a_message_that_never_ends(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("raw", code="Odd", message="line\nbreak " + "x" * 50_000)
    result = cloud.prioritize(100)
    assert (result["rc"], len(result["error"]["message"]) <= 1010, len(result["msg"]) < 2000) == (1, True, True)
    assert r"line\nbreak" in result["msg"]
