# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Never another account: what a task names is what it works on, or it fails before it asks for anything else."""

from __future__ import annotations

import json
import time
import types
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss import provider
from batch_emulator.accounts import AWS_OTHER_KEY, COS_OTHER_KEY, OSS_KEY, OSS_OTHER_KEY, OSS_TEMP_KEY

from .clouds import ACCOUNTS, JOB_ID, Cloud

if t.TYPE_CHECKING:
    import pathlib

    from batch_emulator.client import Emulator

OTHER = {"aws": AWS_OTHER_KEY, "cos": COS_OTHER_KEY, "oss": OSS_OTHER_KEY}
CREATE: dict[str, t.Any] = {
    "operation": {"PutObjectTagging": {"TagSet": [{"Key": "a", "Value": "b"}]}},
    "manifest": {"object_arn": "oss://lists/manifest.csv", "etag": "d41d8cd98f00b204e9800998ecf8427e"},
    "report": {"bucket": "lists"},
    "role_arn": "acs:ram::1000000000000001:role/batch",
    "priority": 1,
    "confirmation_required": False,
}
TASKS: dict[str, dict[str, t.Any]] = {
    "batch_job_priority": {"job_id": JOB_ID, "priority": 100},
    "batch_job_status": {"job_id": JOB_ID, "status": "cancelled"},
    "batch_job_chain": {"links": [{"job": JOB_ID, "after": ["job-a"]}]},
    "batch_queue": {"rules": [{"match": {"statuses": ["Active"]}, "priority": 100}]},
    "batch_job_info": {"job_id": [JOB_ID]},
    "batch_job_wait": {"job_id": [JOB_ID], "timeout": 0},
    "batch_job_report_info": {"job_id": JOB_ID},
    "batch_retry_manifest": {"job_id": JOB_ID},
    "batch_job": CREATE,
}


@pytest.fixture
def aws(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[0], emulator, capsys)


@pytest.fixture
def oss(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[2], emulator, capsys)


@pytest.mark.parametrize("module", TASKS)
def test_keys_of_another_account_ask_for_nothing(oss: Cloud, module: str) -> None:
    oss.seed()
    result = oss.run(module, account_id=OSS_OTHER_KEY.account, **TASKS[module])
    assert (result["rc"], result["error"]["kind"], result["error"]["retryable"]) == (1, "access_denied", False), result
    assert oss.operations() == ["GetCallerIdentity"]
    assert f"belong to account {OSS_KEY.account}, but account_id is {OSS_OTHER_KEY.account}" in result["msg"]
    assert "No changes were made." in result["msg"]
    assert result["jobs"] == []


@pytest.mark.parametrize("module", TASKS)
def test_a_dry_run_asks_for_nothing_either(oss: Cloud, module: str) -> None:
    oss.seed()
    result = oss.run(module, check_mode=True, account_id=OSS_OTHER_KEY.account, **TASKS[module])
    assert (result["rc"], result["error"]["kind"], oss.operations()) == (1, "access_denied", ["GetCallerIdentity"])


@pytest.mark.parametrize("keys", [OSS_KEY, OSS_TEMP_KEY], ids=["own", "temporary"])
def test_an_account_that_is_named_is_confirmed_once(oss: Cloud, keys: t.Any) -> None:
    oss.seed()
    names = {"access_key": keys.key_id, "secret_key": keys.secret, "session_token": keys.token}
    result = oss.prioritize(100, account_id=OSS_KEY.account, **names)
    assert (result["rc"], result["changed"], result["job"]["account_id"]) == (0, True, OSS_KEY.account), result
    assert result["calls"]["sent"] == {"GetCallerIdentity": 1, "DescribeJob": 1, "UpdateJobPriority": 1}


def test_an_account_that_is_not_named_costs_no_request(oss: Cloud) -> None:
    oss.seed()
    result = oss.prioritize(100)
    assert (result["rc"], result["job"]["account_id"]) == (0, "")
    assert oss.operations() == ["DescribeJob", "UpdateJobPriority"]


@pytest.mark.parametrize("module", ["batch_job_priority", "batch_job_status", "batch_queue", "batch_job_info"])
def test_every_cloud_refuses_the_account_of_somebody_else(cloud: Cloud, module: str) -> None:
    other = OTHER[cloud.provider]
    cloud.seed(account=other.account)
    named = {"account_id": other.account, "app_id": other.app_id or None}
    result = cloud.run(module, **named, **TASKS[module])
    assert (result["rc"], result["error"]["kind"]) == (1, "access_denied"), result
    assert not cloud.writes()


@pytest.mark.parametrize(
    "task",
    [
        {"module": "batch_job_priority", "job_id": JOB_ID, "priority": 100},
        {"module": "batch_job_status", "job_id": JOB_ID, "status": "cancelled"},
    ],
    ids=lambda task: task["module"],
)
def test_a_uin_that_is_not_that_of_the_job(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], task: dict[str, t.Any]
) -> None:
    """Keys and APPID are of one account, and the UIN, which an endpoint of another name cannot check, of another."""
    cos = Cloud(ACCOUNTS[1], emulator, capsys)
    cos.seed()
    result = cos.run(**task, account_id=COS_OTHER_KEY.account)
    assert (result["rc"], result["error"]["kind"]) == (1, "access_denied"), result
    assert f"has a role of account 100000000001, but account_id is {COS_OTHER_KEY.account}" in result["msg"]
    assert not cos.writes()


def test_a_host_that_names_the_uin_refuses_it(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cos = Cloud(ACCOUNTS[1], emulator, capsys)
    cos.seed()
    monkeypatch.setenv("HTTP_PROXY", emulator.url)
    url = f"http://{COS_OTHER_KEY.account}.cos-control.ap-guangzhou.myqcloud.com"
    result = cos.prioritize(100, account_id=COS_OTHER_KEY.account, endpoint_url=url)
    assert (result["rc"], result["error"]["kind"], cos.writes()) == (1, "access_denied", [])


FAULTS: dict[str, tuple[dict[str, t.Any], str]] = {
    "throttle": ({}, "throttled"),
    "internal_error": ({}, "unavailable"),
    "unavailable": ({}, "unavailable"),
    "drop_before": ({}, "unreachable"),
    "truncated": ({}, "invalid_response"),
    "html": ({}, "unavailable"),
    "empty_body": ({}, "invalid_response"),
    "other_xml": ({}, "invalid_response"),
    "denied": ({"code": "NoPermission"}, "access_denied"),
    "expired_token": ({}, "invalid_credentials"),
    "redirect": ({}, "invalid"),
    "raw": ({"http_status": 404, "code": "InvalidAccessKeyId.NotFound"}, "invalid_credentials"),
    "huge": ({}, "invalid_response"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_account_that_cannot_be_confirmed(oss: Cloud, fault: str) -> None:
    """Nothing else is sent; what passes by itself is tried again, and then the task goes on."""
    details, kind = FAULTS[fault]
    oss.seed()
    oss.fault(fault, operation="GetCallerIdentity", count=2, **details)
    limits = {"account_id": OSS_KEY.account, "retry_deadline": 600}
    result = oss.prioritize(100, **limits, max_attempts=2)
    assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (1, kind, "GetCallerIdentity")
    assert set(oss.operations()) == {"GetCallerIdentity"}
    assert OSS_KEY.secret not in json.dumps(result)
    oss.emulator.clear_faults()
    oss.fault(fault, operation="GetCallerIdentity", **details)
    passes = result["error"]["retryable"]
    assert oss.prioritize(100, **limits)["rc"] == (0 if passes else 1)


def test_sts_names_no_account(oss: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared import http_client

    for body in (b"[]", b"{}", b'{"AccountId": 1000000000000001}', b'{"AccountId": ""}', b'{"AccountId": "x"}'):
        answer = http_client.Response(200, {}, body)
        monkeypatch.setattr(http_client.Client, "fetch", lambda *arguments, answer=answer: answer)
        result = oss.prioritize(100, account_id=OSS_KEY.account, max_attempts=1)
        assert (result["rc"], result["error"]["kind"]) == (1, "invalid_response"), result


@pytest.mark.parametrize("hours", [-2, 2])
def test_sts_tells_the_time(oss: Cloud, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """A clock that is off is learnt from the first refusal, whichever service refuses."""
    monkeypatch.setattr(provider, "time", types.SimpleNamespace(time=lambda: time.time() + hours * 3600))
    oss.seed()
    result = oss.prioritize(100, account_id=OSS_KEY.account)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert oss.operations() == ["GetCallerIdentity"] * 2 + ["DescribeJob", "UpdateJobPriority"]


def test_a_role_of_another_account(aws: Cloud) -> None:
    role = "arn:aws:iam::444455556666:role/batch"
    result = aws.prioritize(100, assume_role_arn=role)
    assert (result["rc"], result["error"]["kind"], aws.operations()) == (1, "invalid", [])
    assert "value of account_id must be the account of assume_role_arn" in result["msg"]
    assert ", got: '111122223333'" in result["msg"]


ARN = "arn:aws:s3:{region}:{account}:job/" + JOB_ID
HERE = {"region": "eu-central-1", "account": "111122223333"}
ELSEWHERE = {
    "region": {**HERE, "region": "us-east-1"},
    "account": {**HERE, "account": "444455556666"},
}
PLACES: dict[str, tuple[str, t.Callable[[str], dict[str, t.Any]]]] = {
    "job_id": ("batch_job_priority", lambda arn: {"job_id": arn, "priority": 100}),
    "jobs": ("batch_job_priority", lambda arn: {"jobs": [{"job_id": arn, "priority": 100}]}),
    "priority select": (
        "batch_job_priority",
        lambda arn: {"select": {"job_ids": [arn]}, "priority": 100},
    ),
    "status": ("batch_job_status", lambda arn: {"job_id": arn, "status": "cancelled"}),
    "status select": ("batch_job_status", lambda arn: {"select": {"job_ids": [arn]}, "status": "cancelled"}),
    "info": ("batch_job_info", lambda arn: {"job_id": [arn]}),
    "info select": ("batch_job_info", lambda arn: {"select": {"job_ids": [arn]}}),
    "wait": ("batch_job_wait", lambda arn: {"job_id": [arn], "timeout": 0}),
    "wait select": ("batch_job_wait", lambda arn: {"select": {"job_ids": [arn]}, "timeout": 0}),
    "chain": ("batch_job_chain", lambda arn: {"links": [{"job": arn, "after": ["job-b"]}]}),
    "chain after": ("batch_job_chain", lambda arn: {"links": [{"job": "job-b", "after": [arn]}]}),
    "report": ("batch_job_report_info", lambda arn: {"job_id": arn}),
    "retry": ("batch_retry_manifest", lambda arn: {"job_id": arn}),
    "order": ("batch_queue", lambda arn: {"order": [arn]}),
    "tier": ("batch_queue", lambda arn: {"order": [["job-b", arn]]}),
    "order selector": ("batch_queue", lambda arn: {"order": [{"job_ids": [arn]}]}),
    "rule": ("batch_queue", lambda arn: {"rules": [{"match": {"job_ids": [arn]}, "priority": 100}]}),
    "protect": ("batch_queue", lambda arn: {"order": ["job-b"], "protect": [arn]}),
    "protect selector": ("batch_queue", lambda arn: {"order": ["job-b"], "protect": [{"job_ids": [arn]}]}),
    "approved": (
        "batch_queue",
        lambda arn: {"order": ["job-b"], "approved": [{"job_id": arn, "from": 10, "to": 100}]},
    ),
}
SOURCES = ("option", "environment", "profile", "sts")


def _reached(aws: Cloud, source: str, monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path) -> dict[str, t.Any]:
    """Return the options of a task whose region and account come from somewhere."""
    if source == "option":
        return {}
    if source == "environment":
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
    if source == "profile":
        (folder / "config").write_text("[default]\nregion = eu-central-1\n", encoding="utf-8")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    if source == "sts":
        return {"account_id": None}
    return {"region": None, "account_id": None}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("wrong", ELSEWHERE)
@pytest.mark.parametrize("place", PLACES)
def test_an_arn_of_another_queue_is_refused(
    aws: Cloud, place: str, wrong: str, source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    aws.seed({"job_id": JOB_ID, "priority": 10, "status": "Active"}, {"job_id": "job-b", "priority": 5})
    options = _reached(aws, source, monkeypatch, tmp_path)
    module, arguments = PLACES[place]
    result = aws.run(module, **arguments(ARN.format(**ELSEWHERE[wrong])), **options)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid"), result
    assert f"must be a job in {'region' if wrong == 'region' else 'account_id'} {HERE[wrong]}" in result["msg"]
    assert set(aws.operations()) <= {"GetCallerIdentity"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("place", PLACES)
def test_an_arn_of_the_queue_itself_is_taken(
    aws: Cloud, place: str, source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    aws.seed({"job_id": JOB_ID, "priority": 10, "status": "Active"}, {"job_id": "job-b", "priority": 5})
    options = _reached(aws, source, monkeypatch, tmp_path)
    module, arguments = PLACES[place]
    result = aws.run(module, **arguments(ARN.format(**HERE)), **options)
    assert (result.get("error") or {}).get("kind") != "invalid", result
    assert set(aws.operations()) - {"GetCallerIdentity"}
