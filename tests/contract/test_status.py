# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_status: every pair of status and request, reasons, races and faults, on every cloud."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Credentials, Options

from .clouds import JOB_ID, Cloud
from .playbooks import ROOT
from .test_faults import LASTING, PASSING, name_of
from .test_priority import JOB_KEYS

if t.TYPE_CHECKING:
    from .moments import Clock

# Status: what a request for ready and one for cancelled come to.
TABLE = {
    "New": ("not_updatable", "changed"),
    "Preparing": ("not_updatable", "changed"),
    "Ready": ("unchanged", "changed"),
    "Active": ("unchanged", "changed"),
    "Pausing": ("unchanged", "changed"),
    "Paused": ("unchanged", "changed"),
    "Suspended": ("changed", "changed"),
    "Completing": ("unchanged", "not_updatable"),
    "Complete": ("unchanged", "not_updatable"),
    "Cancelling": ("not_updatable", "unchanged"),
    "Cancelled": ("not_updatable", "unchanged"),
    "Failing": ("not_updatable", "not_updatable"),
    "Failed": ("not_updatable", "not_updatable"),
}
ON_OSS = {**TABLE, "Preparing": ("changed", "changed")}
"""OSS also takes Ready of a job whose manifest is still being read."""
REQUESTS = ("ready", "cancelled")
AFTER = {"ready": "Ready", "cancelled": "Cancelling"}
PAIRS = [(status, request) for status in TABLE for request in REQUESTS]


def move(cloud: Cloud, status: str = "cancelled", job_id: str = JOB_ID, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job_status", job_id=job_id, status=status, **options)


def status_of(cloud: Cloud) -> str:
    return t.cast(str, cloud.emulator.job(JOB_ID)["status"])


def refused_by_the_cloud(cloud: Cloud, request: str) -> bool:
    """Whether the cloud itself refuses the request, asked without the rules of the module."""
    account = cloud.account.connection
    keys = Credentials(account["access_key"], account["secret_key"])
    place = {name: account.get(name, "") for name in ("region", "account_id", "app_id")}
    provider = PROVIDERS[cloud.provider]()(Options(endpoint_url=cloud.emulator.url, credentials=keys, **place))
    try:
        provider.update_status(cloud.names.encode(JOB_ID, "job_id"), request.capitalize(), "")
    except BatchError:
        return True
    return False


def table(cloud: Cloud) -> dict[str, tuple[str, str]]:
    return ON_OSS if cloud.provider == "oss" else TABLE


@pytest.mark.parametrize(("status", "request_"), PAIRS, ids=lambda value: value)
def test_every_pair(cloud: Cloud, status: str, request_: str) -> None:
    expected = table(cloud)[status][REQUESTS.index(request_)]
    cloud.seed(status=status)
    planned = move(cloud, request_, check_mode=True, diff=True)
    assert status_of(cloud) == status
    result = move(cloud, request_, diff=True)
    now = AFTER[request_] if expected == "changed" else status
    assert status_of(cloud) == now
    assert set(result["job"]) == {*JOB_KEYS, "previous_status"}
    assert (result["job"]["previous_status"], result["job"]["status"]) == (status, now)
    assert result["jobs"] == [result["job"]]
    assert (planned["diff"], planned["changed"], planned["rc"]) == (result["diff"], result["changed"], result["rc"])
    if expected == "changed":
        assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed")
        assert {**planned["job"], "outcome": "changed"} == result["job"]
        assert result["msg"] == f"Job {JOB_ID}: status changed from {status} to {now}."
        assert cloud.operations() == ["DescribeJob", "DescribeJob", "UpdateJobStatus"]
        assert move(cloud, request_)["job"]["outcome"] == "unchanged"
        return
    assert cloud.operations() == ["DescribeJob", "DescribeJob"]
    assert result["changed"] is False
    if expected == "unchanged":
        assert (result["rc"], result["job"]["outcome"]) == (0, "unchanged")
        assert result["msg"] == f"Job {JOB_ID}: status is already {status}."
    else:
        assert (result["rc"], result["error"]["kind"], result["job"]["outcome"]) == (1, expected, "failed")
        assert re.search(rf"\b{status}\b", result["msg"])
        assert result["error"]["hint"]
        assert refused_by_the_cloud(cloud, request_)


def test_the_documented_table_is_the_tested_one(cloud: Cloud) -> None:
    title = PROVIDERS[cloud.provider]().traits.title
    page = (ROOT / "docs" / "status-table.md").read_text(encoding="utf-8")
    section = page.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| `(\w+)` \|$", section, re.MULTILINE)
    assert {status: (ready, cancelled) for status, ready, cancelled in rows} == table(cloud)


@pytest.mark.parametrize("request_", REQUESTS)
def test_unknown_status(cloud: Cloud, request_: str) -> None:
    cloud.seed(status="Hibernating")
    result = move(cloud, request_)
    assert (result["rc"], result["error"]["kind"], result["job"]["status"]) == (1, "not_updatable", "Hibernating")
    assert "'Hibernating'" in result["msg"]
    assert cloud.writes() == []


def test_no_such_job(cloud: Cloud) -> None:
    result = move(cloud)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "not_found")
    assert (result["job"]["job_id"], result["job"]["previous_status"]) == (JOB_ID, None)
    assert cloud.operations() == ["DescribeJob"]


@pytest.mark.parametrize("reason", ["why not?", "+ & = % # ü 界", "a" * 256, None, ""])
def test_reasons_arrive_as_they_are_written(cloud: Cloud, reason: str | None) -> None:
    cloud.seed()
    assert move(cloud, reason=reason)["changed"] is True
    # OSS wants a reason for each cancellation.
    told = reason or ("no reason given" if cloud.provider == "oss" else "")
    assert (cloud.emulator.job(JOB_ID)["status_update_reason"] or "") == told
    query = parse_qs(urlsplit(cloud.emulator.log()[-1]["path"]).query)
    assert ("statusUpdateReason" in query) is bool(told)


@pytest.mark.parametrize(
    ("reason", "clouds"),
    [
        ("a" * 257, {"aws", "cos", "oss"}),
        ("界" * 86, {"cos"}),  # 258 bytes
        ("界" * 256, {"cos"}),
        ("界" * 257, {"aws", "cos", "oss"}),
        ("😀" * 65, {"cos"}),
        ("😀" * 256, {"cos"}),
        ("a\nb", {"aws", "cos", "oss"}),
        ("a\x07b", {"aws", "cos", "oss"}),
    ],
    ids=["257", "86-wide", "256-wide", "257-wide", "65-astral", "256-astral", "newline", "bell"],
)
def test_reasons_are_measured_as_the_cloud_does(cloud: Cloud, reason: str, clouds: set[str]) -> None:
    cloud.seed()
    result = move(cloud, reason=reason)
    if cloud.provider in clouds:
        assert (result["rc"], cloud.operations()) == (1, []), result
        assert result["error"]["kind"] == "invalid"
        assert result["msg"].startswith("value of reason must ")
    else:
        assert result["changed"] is True


@pytest.mark.parametrize("options", [{"job_id": ".."}, {"job_id": ""}, {"job_id": "a" * 65}])
def test_bad_options_cost_no_request(cloud: Cloud, options: dict[str, t.Any]) -> None:
    result = move(cloud, **options)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert move(cloud, status="paused")["rc"] == 1
    assert cloud.operations() == []


@pytest.mark.parametrize("code", ["JobStatusException", "InvalidRequest"])
@pytest.mark.parametrize(
    ("end", "outcome"), [("Complete", "failed"), ("Failing", "failed"), ("Cancelled", "unchanged")]
)
def test_the_job_moved_between_read_and_write(cloud: Cloud, code: str, end: str, outcome: str) -> None:
    cloud.emulator.settings(status_error_code=code)
    cloud.seed()
    cloud.fault("ended_in_between", operation="UpdateJobStatus", status=end)
    result = move(cloud)
    assert (result["changed"], result["job"]["outcome"], result["job"]["status"]) == (False, outcome, end)
    assert result["rc"] == (1 if outcome == "failed" else 0)
    assert cloud.operations() == ["DescribeJob", "UpdateJobStatus", "DescribeJob"]
    if outcome == "failed":
        assert (result["error"]["kind"], result["error"]["operation"]) == ("not_updatable", "UpdateJobStatus")
        assert result["error"]["code"]
        assert end in result["msg"]


def test_confirmed_by_somebody_else_meanwhile(cloud: Cloud) -> None:
    cloud.seed(status="Suspended")
    cloud.fault("ended_in_between", operation="UpdateJobStatus", status="Active")
    result = move(cloud, "ready")
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, False, "unchanged")
    assert (result["job"]["previous_status"], result["job"]["status"]) == ("Suspended", "Active")


def test_a_refusal_that_no_rule_explains(cloud: Cloud) -> None:
    """Seen on AWS a few seconds after the creation: the status that is shown allows it, the cloud does not."""
    cloud.seed()
    cloud.fault("raw", operation="UpdateJobStatus", code="InvalidRequest", message="Requested job status forbidden")
    result = move(cloud)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "not_updatable")
    assert (result["error"]["code"], result["job"]["status"]) == ("InvalidRequest", "Active")
    assert "Requested job status forbidden" in result["msg"]
    assert f"Job {JOB_ID} (Active) was not changed: UpdateJobStatus was rejected: " in result["msg"]


@pytest.mark.parametrize("fault", PASSING, ids=name_of)
@pytest.mark.parametrize("operation", ["DescribeJob", "UpdateJobStatus"])
@pytest.mark.parametrize("request_", REQUESTS)
def test_the_request_is_carried_out(cloud: Cloud, fault: t.Any, operation: str, request_: str) -> None:
    name, count, args = fault
    cloud.seed(status="Suspended")
    cloud.fault(name, count=count, operation=operation, **args)
    result = move(cloud, request_)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed"), result
    assert (result["job"]["previous_status"], result["job"]["status"]) == ("Suspended", AFTER[request_])
    assert status_of(cloud) == AFTER[request_]
    assert cloud.emulator.faults() == [], "the fault did not strike"
    assert len(cloud.writes()) == 1
    assert sum(result["calls"]["sent"].values()) == len(cloud.operations())


@pytest.mark.parametrize(("name", "args", "kind"), LASTING, ids=[f"{item[0]}-{item[2]}" for item in LASTING])
def test_lasting_faults_of_the_write(cloud: Cloud, name: str, args: dict[str, t.Any], kind: str) -> None:
    cloud.seed()
    cloud.fault(name, count=None, operation="UpdateJobStatus", **args)
    result = move(cloud, max_attempts=2)
    assert (result["rc"], result["changed"], status_of(cloud)) == (1, False, "Active"), result
    assert (result["job"]["outcome"], result["job"]["status"]) == ("failed", "Active")
    assert result["error"]["operation"] == "UpdateJobStatus"
    assert result["error"]["kind"] == kind


def test_applied_and_then_no_more_answers(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("drop_after", operation="UpdateJobStatus")
    cloud.fault("drop_before", operation="DescribeJob", skip=1, count=None)
    result = move(cloud, max_attempts=3)
    assert (result["rc"], result["error"]["kind"]) == (1, "unreachable")
    assert f"The status of job {JOB_ID} is Active or Cancelling" in result["msg"]


def test_applied_and_gone_on_before_it_is_read_again(cloud: Cloud) -> None:
    cloud.seed(status="Suspended", frozen=False)
    cloud.fault("drop_after", operation="UpdateJobStatus")
    cloud.fault("ended_in_between", operation="UpdateJobStatus", status="Suspended", skip=0)
    assert move(cloud, "ready")["changed"] is True


def test_denied(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("denied", operation="UpdateJobStatus")
    result = move(cloud)
    assert (result["rc"], result["error"]["kind"]) == (1, "access_denied")
    assert "UpdateJobStatus" in result["error"]["hint"]


def test_waits_until_the_job_is_cancelled(cloud: Cloud, clock: Clock) -> None:
    cloud.seed()

    def change(turn: int) -> None:
        if turn > 1 and status_of(cloud) == "Cancelling":
            cloud.emulator.patch(JOB_ID, status="Cancelled")

    with clock.meanwhile(change):
        result = move(cloud, wait=True, wait_timeout=600, diff=True)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed"), result
    assert (result["job"]["previous_status"], result["job"]["status"]) == ("Active", "Cancelled")
    assert result["msg"] == f"Job {JOB_ID}: status changed from Active to Cancelled."
    assert "Cancelled" in result["diff"]["after"]
    # Three pauses: the job ends in the third one.
    assert (result["waited"], len(clock.slept)) == (round(sum(clock.slept), 1), 3)
    assert cloud.operations() == ["DescribeJob", "UpdateJobStatus"] + ["ListJobs"] * 4
    assert sum(result["calls"]["sent"].values()) == len(cloud.operations())
    again = move(cloud, wait=True)
    assert (again["rc"], again["changed"], again["waited"]) == (0, False, 0)
    assert again["calls"]["sent"] == {"DescribeJob": 1}


def test_waits_for_what_somebody_else_requested(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="Cancelling")
    with clock.meanwhile(lambda turn: turn > 0 and cloud.emulator.patch(JOB_ID, status="Cancelled")):
        result = move(cloud, wait=True, wait_timeout=600)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, False, "unchanged"), result
    assert (result["job"]["previous_status"], result["job"]["status"]) == ("Cancelling", "Cancelled")
    assert result["waited"] > 0
    assert cloud.writes() == []


def test_a_list_that_still_shows_the_confirmed_job_suspended(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="Suspended")
    cloud.fault("ended_in_between", operation="ListJobs", job_ids=[JOB_ID], status="Suspended")
    with clock.meanwhile(lambda turn: turn > 1 and cloud.emulator.patch(JOB_ID, status="Active")):
        result = move(cloud, "ready", wait=True, wait_timeout=600)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed"), result
    assert (result["job"]["previous_status"], result["job"]["status"]) == ("Suspended", "Active")
    assert cloud.operations().count("ListJobs") > 1
    assert not cloud.emulator.faults()


@pytest.mark.parametrize("status", ["Ready", "Active", "Pausing", "Paused", "Completing", "Complete"])
def test_a_confirmed_job_is_not_waited_for(cloud: Cloud, status: str) -> None:
    cloud.seed(status=status)
    result = move(cloud, "ready", wait=True, wait_timeout=0)
    assert (result["rc"], result["changed"], result["job"]["status"]) == (0, False, status)
    assert cloud.operations() == ["DescribeJob"]


@pytest.mark.parametrize("status", ["Active", "Cancelling"])
def test_the_waiting_has_an_end(cloud: Cloud, clock: Clock, status: str) -> None:
    cloud.seed(status=status, tasks_total=100, tasks_done=10)
    result = move(cloud, wait=True, wait_timeout=0.3)
    changed = status == "Active"
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, changed, "timeout"), result
    assert (result["job"]["outcome"], result["job"]["status"]) == ("failed", "Cancelling")
    assert result["job"]["previous_status"] == status
    state = "The provider accepted the status request" if changed else "No status was requested"
    text = f"Job {JOB_ID} is Cancelling, 10 of 100 tasks done after 0.3 s (timeout). {state}."
    assert result["msg"].startswith(text)
    assert "wait_timeout" in result["error"]["hint"]
    assert result["waited"] == 0.3
    assert len(cloud.writes()) == (1 if changed else 0)


def test_a_job_that_ends_elsewhere_ends_the_waiting(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="Cancelling")
    with clock.meanwhile(lambda turn: cloud.emulator.patch(JOB_ID, status="Complete")):
        result = move(cloud, wait=True, wait_timeout=600)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "job_ended")
    assert "is Complete and can no longer become Cancelled" in result["msg"]


def test_waiting_bears_with_looks_that_fail_for_a_while(cloud: Cloud, clock: Clock) -> None:
    cloud.seed()
    cloud.fault("unavailable", operation="ListJobs", count=2)
    with clock.meanwhile(lambda turn: cloud.emulator.patch(JOB_ID, status="Cancelled")):
        result = move(cloud, wait=True, wait_timeout=600, max_attempts=1)
    assert (result["rc"], result["changed"], result["job"]["status"]) == (0, True, "Cancelled"), result
    assert not cloud.emulator.faults()


def test_a_change_is_not_forgotten_when_nobody_may_look(cloud: Cloud, clock: Clock) -> None:
    cloud.seed()
    cloud.fault("denied", operation="ListJobs", count=None)
    result = move(cloud, wait=True)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, True, "access_denied")
    assert (result["job"]["outcome"], result["job"]["status"]) == ("failed", "Cancelling")
    assert "The provider accepted the status request. The last known status is Cancelling" in result["msg"]


def test_a_dry_run_and_a_refusal_wait_for_nothing(cloud: Cloud) -> None:
    cloud.seed()
    planned = move(cloud, wait=True, check_mode=True)
    assert (planned["rc"], planned["job"]["outcome"], planned["job"]["status"]) == (0, "would_change", "Cancelling")
    cloud.emulator.patch(JOB_ID, status="Failed")
    refused = move(cloud, wait=True)
    assert (refused["rc"], refused["error"]["kind"]) == (1, "not_updatable")
    assert cloud.operations() == ["DescribeJob"] * 2
    assert "waited" not in planned
    assert "waited" not in refused


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_wait_timeout_that_makes_no_sense(cloud: Cloud, seconds: float) -> None:
    result = move(cloud, wait=True, wait_timeout=seconds)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"].startswith("value of wait_timeout must be 0 or more")
