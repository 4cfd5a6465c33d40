# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The admin API, the request log, the settings."""

from __future__ import annotations

import time
from typing import Any

import pytest
from batch_emulator.accounts import AWS_ACCOUNT, AWS_OTHER_ACCOUNT, AWS_TEMP_KEY, COS_TEMP_KEY, COS_UIN, CREDENTIALS
from batch_emulator.client import Emulator, EmulatorError
from botocore.exceptions import ClientError

from .clients import COS_REGION, PLAIN, Cos, boto, code_of, error_of


def test_health(emulator: Emulator) -> None:
    emulator.seed({"provider": "aws"})
    assert emulator.health() == {"status": "ok", "jobs": 1}


def test_no_proxy_comes_between(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert Emulator(emulator.url).health()["status"] == "ok"


def test_bodies_of_any_size(emulator: Emulator) -> None:
    assert len(emulator.seed(*[{"provider": "aws", "description": "d" * 1000} for _unused in range(3000)])) == 3000


def test_seed_defaults(emulator: Emulator) -> None:
    aws_id, cos_id = emulator.seed({"provider": "aws"}, {"provider": "cos"})
    job = emulator.job(aws_id)
    assert (job["account"], job["region"], job["operation"]) == (AWS_ACCOUNT, "eu-central-1", "S3PutObjectCopy")
    assert (job["priority"], job["status"], job["previous_priority"]) == (10, "Ready", None)
    job = emulator.job(cos_id)
    assert (job["account"], job["region"], job["operation"]) == (COS_UIN, "ap-guangzhou", "COSPutObjectCopy")


def test_seed_everything_and_look_at_it(emulator: Emulator) -> None:
    fields = {
        "provider": "aws",
        "account": AWS_OTHER_ACCOUNT,
        "region": "eu-west-1",
        "job_id": "a/b c",
        "priority": 5,
        "status": "Odd",
        "description": "d",
        "operation": "LambdaInvoke",
        "confirmation_required": True,
        "failure_reasons": [{"code": "c", "reason": "r"}],
        "tags": {"a": "b"},
        "status_update_reason": "why",
        "suspended_cause": "cause",
        "role_arn": "arn:aws:iam::444455556666:role/x",
        "tasks_total": 9,
        "tasks_done": 5,
        "tasks_failed": 2,
        "tasks_per_second": 0.5,
        "failing_share": 0.1,
        "frozen": True,
        "omit_priority": True,
        "extra_xml": "<a/>",
    }
    emulator.seed({**fields, "created": "2026-01-02T03:04:05+01:00"})
    job = emulator.job("a/b c")
    assert {name: job[name] for name in fields} == fields
    assert job["created"] == "2026-01-02T02:04:05Z"
    assert emulator.jobs(account=AWS_OTHER_ACCOUNT, region="eu-west-1", status="Odd") == [job]
    assert emulator.jobs(provider="cos") == []


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        ({}, "provider must be one of aws, cos, oss"),
        ({"provider": "gcs"}, "provider must be one of aws, cos, oss"),
        ({"provider": "aws", "color": 1}, "Unknown field color; known fields: provider, "),
        ({"provider": "aws", "priority": "5"}, "priority must be of type int"),
        ({"provider": "aws", "priority": True}, "priority must be of type int"),
        ({"provider": "aws", "account": "1"}, "Unknown account '1' of aws"),
        ({"provider": "aws", "operation": "a b"}, "must be a valid XML name"),
        ({"provider": "aws", "extra_xml": "<a>"}, "not well-formed"),
        ({"provider": "aws", "created": "yesterday"}, "must be an ISO time or a number of seconds ago"),
        ({"provider": "aws", "job_id": "taken"}, "Job 'taken' already exists."),
    ],
)
def test_seeding_is_all_or_nothing(emulator: Emulator, job: dict[str, Any], sentence: str) -> None:
    emulator.seed({"provider": "aws", "job_id": "taken"})
    with pytest.raises(EmulatorError) as caught:
        emulator.seed({"provider": "aws"}, job)
    assert sentence in str(caught.value)
    assert len(emulator.jobs()) == 1


def test_patch(emulator: Emulator) -> None:
    emulator.seed({"provider": "aws", "job_id": "a-job", "priority": 1})
    job = emulator.patch("a-job", priority=7, description="changed", tasks_done=3)
    assert (job["priority"], job["previous_priority"], job["description"], job["tasks_done"]) == (7, 1, "changed", 3)
    with pytest.raises(EmulatorError, match="Unknown field account"):
        emulator.patch("a-job", account="1")
    with pytest.raises(EmulatorError, match="Job 'nobody' not found"):
        emulator.patch("nobody", priority=1)


def test_reset(emulator: Emulator) -> None:
    emulator.seed({"provider": "aws"})
    emulator.fault("denied")
    emulator.settings(capacity=7, not_found_code="NoSuchJob")
    before = emulator.clock()["now"]
    emulator.advance(50)
    emulator.reset()
    assert emulator.jobs() == emulator.faults() == emulator.log() == []
    assert (emulator.settings()["capacity"], emulator.settings()["not_found_code"]) == (1, "NotFoundException")
    assert emulator.clock()["now"] >= before + 50


def test_unknown_calls_and_bodies(emulator: Emulator) -> None:
    answer = PLAIN.get(f"{emulator.url}/_emulator/nothing", timeout=600)
    assert answer.status_code == 404
    assert "known calls: GET health" in answer.json()["error"]
    answer = PLAIN.post(f"{emulator.url}/_emulator/jobs", data="{", timeout=600)
    assert answer.status_code == 400
    assert "not valid JSON" in answer.json()["error"]
    for call, sentence in (
        (lambda: emulator.advance(-1), "must not be negative"),
        (lambda: emulator.clock(mode="lunar"), "known modes: real, manual"),
        (lambda: emulator.clock(speed=0), "speed must be greater than 0"),
        (lambda: emulator.clock(pace=1), "known fields: advance, mode, speed, sync"),
        (lambda: emulator.settings(color=1), "known settings: latency_ms"),
        (lambda: emulator.settings(capacity="2"), "capacity must be an integer"),
        (lambda: emulator.settings(page_jobs=0), "page_jobs must be from 1 to 1000"),
        (lambda: emulator.settings(not_found_code="Gone"), "not_found_code must be one of"),
        (lambda: emulator.settings(rate_limit={"rate": 0}), "a rate above 0"),
        (lambda: emulator.settings(rate_limit={"rate": 1, "size": 2}), "Unknown part of rate_limit"),
        (lambda: emulator.settings(rate_limit={"rate": 1, "emulated": 1}), "rate_limit.emulated must be true or false"),
        (lambda: emulator.jobs(color="red"), "known filters"),
    ):
        with pytest.raises(EmulatorError) as caught:
            call()
        assert sentence in str(caught.value)


def test_log(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.seed({"provider": "aws", "job_id": "aws-job", "frozen": True})
    start = time.time()
    aws.update_job_priority(AccountId=AWS_ACCOUNT, JobId="aws-job", Priority=3)
    aws.list_jobs(AccountId=AWS_ACCOUNT, JobStatuses=["Ready", "Active"], MaxResults=7)
    cos("GET", "/jobs/missing", headers={"User-Agent": "somebody"})
    first, second, third = emulator.log()
    assert (first["seq"] + 1, second["seq"] + 1) == (second["seq"], third["seq"])
    assert start - 1 < first["time"] < time.time() + 1
    assert "Boto3/" in first.pop("user_agent")
    expected = {
        "provider": "aws",
        "account": AWS_ACCOUNT,
        "region": "eu-central-1",
        "operation": "UpdateJobPriority",
        "method": "POST",
        "path": "/v20180820/jobs/aws-job/priority?priority=3",
        "job_id": "aws-job",
        "http_status": 200,
        "code": None,
        "fault": None,
        "write": True,
        "applied": True,
    }
    assert {name: value for name, value in first.items() if name not in ("seq", "time")} == expected
    assert second["path"] == "/v20180820/jobs?jobStatuses=Ready&jobStatuses=Active&maxResults=7"
    assert (second["write"], second["applied"]) == (False, False)
    assert (third["provider"], third["region"], third["user_agent"]) == ("cos", COS_REGION, "somebody")
    assert (third["http_status"], third["code"]) == (404, "NoSuchJob")
    assert emulator.log(since=second["seq"]) == [third]
    emulator.clear_log()
    assert emulator.log() == []
    cos("GET", "/jobs")
    assert emulator.log()[0]["seq"] == third["seq"] + 1


def test_log_of_refused_requests(emulator: Emulator) -> None:
    Cos(emulator.url, secret="wrong").priority("cos-job", 1)
    entry = emulator.log()[-1]
    assert (entry["operation"], entry["job_id"], entry["account"]) == ("UpdateJobPriority", "cos-job", None)
    assert (entry["http_status"], entry["code"], entry["applied"]) == (403, "SignatureDoesNotMatch", False)


def test_log_holds_no_secrets(emulator: Emulator) -> None:
    boto(emulator.url, key=AWS_TEMP_KEY).list_jobs(AccountId=AWS_ACCOUNT)
    boto(emulator.url, "sts", key=AWS_TEMP_KEY).get_caller_identity()
    Cos(emulator.url, key=COS_TEMP_KEY)("GET", "/jobs", {"nextToken": "visible"})
    token, signature = COS_TEMP_KEY.token, "0123456789abcdef"
    PLAIN.get(f"{emulator.url}/jobs?x-cos-security-token={token}&q-signature={signature}&a=b", timeout=600)
    words = PLAIN.get(f"{emulator.url}/_emulator/log", timeout=600).text
    assert "nextToken=visible" in words
    assert "q-signature=***&a=b" in words
    secrets = [key.secret for key in CREDENTIALS.values()] + [key.token for key in CREDENTIALS.values() if key.token]
    for secret in [*secrets, signature, "Signature"]:
        assert secret not in words


def test_latency(cos: Cos, emulator: Emulator) -> None:
    emulator.settings(latency_ms=150)
    begin = time.monotonic()
    cos("GET", "/jobs")
    assert time.monotonic() - begin >= 0.15


def test_rate_limit(aws: Any, cos: Cos, emulator: Emulator) -> None:
    # A token comes again after longer than any test takes.
    emulator.settings(rate_limit={"rate": 1e-6, "burst": 3})
    assert [cos("GET", "/jobs").status_code for _unused in range(5)] == [200, 200, 200, 503, 503]
    assert code_of(cos("GET", "/jobs")) == ("SlowDown", 503)
    assert emulator.log()[-1]["fault"] == "rate_limit"
    # Each queue has a bucket of its own.
    for _unused in range(3):
        aws.list_jobs(AccountId=AWS_ACCOUNT)
    with pytest.raises(ClientError) as caught:
        aws.list_jobs(AccountId=AWS_ACCOUNT)
    assert error_of(caught.value) == ("TooManyRequestsException", 400)
    emulator.settings(rate_limit={"rate": 1e-6, "burst": 1, "code": "Odd", "http_status": 429, "retry_after": 9})
    cos("GET", "/jobs")
    answer = cos("GET", "/jobs")
    assert (code_of(answer), answer.headers["Retry-After"]) == (("Odd", 429), "9")
    boto(emulator.url, "sts").get_caller_identity()
    boto(emulator.url, "sts").get_caller_identity()
    emulator.settings(rate_limit={"rate": 50, "burst": 1})
    cos("GET", "/jobs")
    time.sleep(0.05)
    assert cos("GET", "/jobs").status_code == 200
    emulator.settings(rate_limit={"rate": 0.1, "burst": 2, "emulated": True})
    assert [cos("GET", "/jobs").status_code for _unused in range(3)] == [200, 200, 503]
    emulator.advance(9)
    assert cos("GET", "/jobs").status_code == 503
    emulator.advance(1)
    assert [cos("GET", "/jobs").status_code for _unused in range(2)] == [200, 503]
    emulator.settings(rate_limit=None)
    assert {cos("GET", "/jobs").status_code for _unused in range(10)} == {200}
