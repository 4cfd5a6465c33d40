# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_priority: the table of situations, on every cloud."""

from __future__ import annotations

import re

import pytest

from .clouds import JOB_ID, Cloud

JOB_KEYS = {
    "provider",
    "region",
    "account_id",
    "job_id",
    "status",
    "priority",
    "class",
    "previous_priority",
    "rank",
    "previous_rank",
    "description",
    "operation",
    "progress",
    "created",
    "outcome",
    "reason",
    "error",
}
ENDED = ["Complete", "Cancelled", "Failed"]
ENDING = ["Completing", "Cancelling", "Failing"]
PREFIX = {"aws": "s3", "cos": "cos", "oss": "oss"}


def test_unchanged(cloud: Cloud) -> None:
    cloud.seed(priority=100)
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, False, "unchanged")
    assert result["job"]["priority"] == result["job"]["previous_priority"] == 100
    assert cloud.operations() == ["DescribeJob"]
    assert result["calls"] == {"sent": {"DescribeJob": 1}, "retried": 0, "throttled": 0}
    assert result["msg"] == f"Job {JOB_ID}: priority is already 100."


@pytest.mark.parametrize("status", ENDED + ENDING)
def test_unchanged_on_an_ended_job(cloud: Cloud, status: str) -> None:
    cloud.seed(priority=100, status=status)
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["job"]["status"]) == (0, False, status)
    assert cloud.operations() == ["DescribeJob"]


@pytest.mark.parametrize("status", ["New", "Preparing", "Ready", "Active", "Pausing", "Paused", "Suspended"])
@pytest.mark.parametrize("wanted", [0, 100, 2147483647])
def test_changed(cloud: Cloud, status: str, wanted: int) -> None:
    cloud.seed(priority=10, status=status)
    result = cloud.prioritize(wanted)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed")
    assert (result["job"]["previous_priority"], result["job"]["priority"]) == (10, wanted)
    assert result["jobs"] == [result["job"]]
    assert set(result["job"]) == {*JOB_KEYS, "overtaken", "overtaken_count"}
    assert cloud.priority_of() == wanted
    assert cloud.operations() == ["DescribeJob", "UpdateJobPriority"]


def test_the_second_run_changes_nothing(cloud: Cloud) -> None:
    cloud.seed()
    assert cloud.prioritize("100")["changed"] is True
    assert cloud.prioritize("100")["changed"] is False
    assert len(cloud.writes()) == 1


def test_check_mode(cloud: Cloud) -> None:
    cloud.seed(description="nightly")
    planned = cloud.prioritize(100, check_mode=True, diff=True)
    assert (planned["rc"], planned["changed"], planned["job"]["outcome"]) == (0, True, "would_change")
    assert cloud.operations() == ["DescribeJob"]
    assert cloud.priority_of() == 10
    done = cloud.prioritize(100, diff=True)
    assert planned["diff"] == done["diff"]
    assert set(planned) == set(done)
    assert set(planned["job"]) == set(done["job"])
    assert {**planned["job"], "outcome": "changed"} == done["job"]


def test_diff(cloud: Cloud) -> None:
    cloud.seed(description="nightly", operation="Copy")
    diff = cloud.prioritize(100, diff=True)["diff"]
    account = cloud.account.connection
    place = [cloud.provider, *(account[name] for name in ("account_id", "region") if name in account)]
    header = f"{' '.join(place)} (highest priority first)"
    assert diff == {
        "before_header": header,
        "after_header": header,
        "before": f"        10  Active      {JOB_ID}  Copy  nightly\n",
        "after": f"       100  Active      {JOB_ID}  Copy  nightly\n",
    }
    same = cloud.prioritize(100, diff=True)["diff"]
    assert same["before"] == same["after"]
    assert "diff" not in cloud.prioritize(100)


@pytest.mark.parametrize(("statuses", "kind"), [(ENDED, "job_ended"), (ENDING, "not_updatable")])
@pytest.mark.parametrize("check_mode", [False, True])
def test_ended(cloud: Cloud, statuses: list[str], kind: str, check_mode: bool) -> None:
    for status in statuses:
        job_id = f"job-{status}"
        cloud.seed(status=status, job_id=job_id)
        result = cloud.prioritize(100, job_id, check_mode=check_mode)
        assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, kind)
        assert (result["job"]["outcome"], result["job"]["status"]) == ("failed", status)
        assert f"({status}, priority 10), so its priority cannot be set to 100" in result["msg"]
        ignored = cloud.prioritize(100, job_id, when_ended="ignore", check_mode=check_mode)
        assert (ignored["rc"], ignored["changed"], ignored["job"]["outcome"]) == (0, False, "skipped")
        assert status in ignored["job"]["reason"]
    assert set(cloud.operations()) == {"DescribeJob"}


@pytest.mark.parametrize("code", ["NotFoundException", "NoSuchJobException", "NoSuchJob"])
def test_no_such_job(cloud: Cloud, code: str) -> None:
    if cloud.provider == "aws":
        cloud.emulator.settings(not_found_code=code)
    elif cloud.provider == "oss":
        code = code if code == "NoSuchJob" else "InvalidArgument"
        cloud.emulator.settings(oss_not_found_code=code)
    else:
        code = "NoSuchJob"
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "not_found")
    connection = cloud.account.connection
    place = f"job_id, region ({connection['region']}), and account_id"
    place += f" ({connection['account_id']})" if "account_id" in connection else ""
    for cause in (f"Check {place}. Jobs expire", "new jobs can take a few seconds to appear"):
        assert cause in result["error"]["hint"]
        assert cause in result["msg"]
    assert result["error"]["code"] == code
    assert result["error"]["request_id"]
    assert result["error"]["operation"] == "DescribeJob"
    assert result["jobs"][0]["priority"] is None
    assert cloud.operations() == ["DescribeJob"]


def test_ended_between_read_and_write(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("ended_in_between", operation="UpdateJobPriority")
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "job_ended")
    assert result["error"]["code"] == cloud.account.write_refused
    assert result["job"]["status"] == "Complete"
    assert cloud.priority_of() == 10
    cloud.seed(job_id="other")
    cloud.fault("ended_in_between", operation="UpdateJobPriority")
    result = cloud.prioritize(100, "other", when_ended="ignore")
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, False, "skipped")


def test_expect_current(cloud: Cloud) -> None:
    cloud.seed()
    result = cloud.prioritize(100, expect_current=5)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "conflict")
    assert result["job"]["outcome"] == "conflict"
    assert "was not changed: its priority is 10, expect_current is 5" in result["msg"]
    assert cloud.operations() == ["DescribeJob"]
    assert cloud.prioritize(100, expect_current="10")["changed"] is True
    assert cloud.prioritize(100, expect_current=10)["job"]["outcome"] == "unchanged"


@pytest.mark.parametrize(("direction", "allowed"), [("raise_only", 11), ("lower_only", 9)])
def test_direction(cloud: Cloud, direction: str, allowed: int) -> None:
    cloud.seed()
    result = cloud.prioritize(20 - allowed, direction=direction)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, False, "skipped")
    assert f"direction={direction} does not allow " in result["job"]["reason"]
    assert cloud.writes() == []
    assert cloud.prioritize(allowed, direction=direction)["changed"] is True


@pytest.mark.parametrize(
    "value", [2147483648, "2147483648", -1, "-1", True, 1.5, "1e3", "0x10", "", " 5", "+5", None], ids=repr
)
def test_bad_priorities_cost_no_request(cloud: Cloud, value: object) -> None:
    result = cloud.prioritize(value)
    assert result["rc"] == 1
    if value is not None:  # Ansible itself refuses a missing one
        assert result["error"]["kind"] == "invalid"
        assert result["msg"].startswith("value of priority must be an integer from 0 to 2147483647")
        assert f", got: {value!r}" in result["msg"]
        assert result["jobs"] == []
    assert cloud.operations() == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("job_id", ""),
        ("job_id", "a" * 65),
        ("job_id", ".."),
        ("account_id", "1"),
        ("region", "../x"),
        ("endpoint_url", "ftp://127.0.0.1"),
        ("expect_current", "x"),
        ("max_attempts", 0),
        ("session_token", " token"),
    ],
)
def test_bad_options_cost_no_request(cloud: Cloud, option: str, value: object) -> None:
    result = cloud.prioritize(**{"priority": 1, option: value})
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid")
    assert result["msg"].startswith(f"value of {option} must ")
    assert (f", got: {value!r}"[:80] in result["msg"]) is (option != "session_token"), "a secret is not shown"
    assert cloud.operations() == []


@pytest.mark.parametrize(
    "job_id", ["../jobs", "abc/def", "abc?priority=9", "abc#def", "%2e%2e%2e", "a;b&c=d+e", "a%2Fpriority"]
)
def test_an_id_never_changes_the_url(cloud: Cloud, job_id: str) -> None:
    cloud.seed(job_id=job_id)
    result = cloud.prioritize(100, job_id)
    if (cloud.provider, job_id) == ("oss", "abc/def"):
        assert (result["changed"], cloud.priority_of(job_id)) == (True, 100)
        assert all("batchJobId=abc%2Fdef" in entry["path"] for entry in cloud.emulator.log())
        return
    assert (result["error"]["kind"], cloud.operations()) == ("invalid", [])


def test_denied(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("denied", operation="UpdateJobPriority")
    result = cloud.prioritize(100)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "access_denied")
    assert result["error"]["http_status"] == 403
    assert (result["job"]["priority"], result["job"]["outcome"]) == (10, "failed")
    if cloud.provider == "aws":
        assert "s3:RequestJobPriority" in result["msg"]
        assert "s3:ExistingJobPriority" in result["msg"]
    connection = cloud.account.connection
    number = " with APPID 1250000000" if cloud.provider == "cos" else ""
    caller, allowed = (
        f"access key {connection['access_key']}",
        f"policies of the caller allow {PREFIX[cloud.provider]}:",
    )
    if "account_id" in connection:
        # The likeliest cause comes first: keys of another account. OSS takes the account from the key.
        text = f"Check that the caller, {caller}, belongs to account {connection['account_id']}{number}, and that the "
    else:
        text = f"The caller is {caller}. Check that the "
    assert re.search(rf"\. {re.escape(text)}\w+ {allowed}UpdateJobPriority", result["msg"]), result["msg"]
    assert not re.search("ListJobs|DescribeJob|CreateJob|DescribeRegions", result["msg"]), result["msg"]
    assert text in result["error"]["hint"]
    assert len(cloud.operations()) == 2


def test_temporary_credentials(cloud: Cloud) -> None:
    cloud.seed()
    assert cloud.prioritize(100, **cloud.account.temporary)["changed"] is True


@pytest.mark.parametrize("place", range(3))
def test_a_flipped_bit_in_a_secret_is_refused(cloud: Cloud, place: int) -> None:
    cloud.seed()
    keys = dict(cloud.account.temporary)
    name = ("secret_key", "session_token", "access_key")[place]
    keys[name] = chr(ord(keys[name][0]) ^ 1) + keys[name][1:]
    result = cloud.prioritize(100, **keys)
    # COS has no code of its own for a wrong token.
    kind = "access_denied" if (cloud.provider, name) == ("cos", "session_token") else "invalid_credentials"
    assert (result["rc"], result["error"]["kind"]) == (1, kind)
    assert result["error"]["http_status"] in (400, 403)
    assert keys["secret_key"] not in str(result)
    assert keys["session_token"] not in str(result)
    assert cloud.priority_of() == 10


def test_wrong_account(cloud: Cloud) -> None:
    cloud.seed()
    wrong = {
        "aws": {"account_id": "444455556666"},
        "cos": {"app_id": "1250000002"},
        # Nothing but the key names an account.
        "oss": {"access_key": "EMULATOROSSOTHERID", "secret_key": "emulator-oss-other-secret-not-real"},
    }[cloud.provider]
    result = cloud.prioritize(100, **wrong)
    assert (result["rc"], result["error"]["kind"]) == (1, "not_found" if cloud.provider == "oss" else "access_denied")


def test_unknown_status(cloud: Cloud) -> None:
    cloud.seed(status="Hibernating")
    result = cloud.prioritize(100)
    assert (result["rc"], result["error"]["kind"], result["job"]["status"]) == (1, "not_updatable", "Hibernating")
    assert "'Hibernating'" in result["msg"]
    assert cloud.writes() == []


def test_nobody_listens(cloud: Cloud) -> None:
    result = cloud.prioritize(100, endpoint_url="http://127.0.0.1:9", max_attempts=2)
    assert (result["rc"], result["error"]["kind"], result["error"]["retryable"]) == (1, "unreachable", True)
    assert result["calls"] == {"sent": {"DescribeJob": 2}, "retried": 1, "throttled": 0}
    assert "endpoint_url" in result["msg"]
