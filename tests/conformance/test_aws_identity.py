# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may do what on AWS: signatures, accounts, tokens, regions and the ways to reach the emulator."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from unittest import mock

import botocore.auth
import pytest
from batch_emulator import accounts
from batch_emulator.accounts import AWS_ACCOUNT, AWS_KEY, AWS_OTHER_ACCOUNT, AWS_OTHER_KEY, AWS_TEMP_KEY, Credential
from batch_emulator.client import Emulator
from botocore.exceptions import ClientError

from .clients import aws_by_hand, boto, create_request, error_of, flipped

CALLS: dict[str, dict[str, Any]] = {
    "create_job": create_request(),
    "describe_job": {"AccountId": AWS_ACCOUNT, "JobId": "job-12345"},
    "list_jobs": {"AccountId": AWS_ACCOUNT, "JobStatuses": ["Ready", "Active"], "MaxResults": 5},
    "update_job_priority": {"AccountId": AWS_ACCOUNT, "JobId": "job-12345", "Priority": 1},
    "update_job_status": {
        "AccountId": AWS_ACCOUNT,
        "JobId": "job-12345",
        "RequestedJobStatus": "Cancelled",
        "StatusUpdateReason": "a b",
    },
    "put_job_tagging": {"AccountId": AWS_ACCOUNT, "JobId": "job-12345", "Tags": [{"Key": "a", "Value": "b"}]},
    "get_job_tagging": {"AccountId": AWS_ACCOUNT, "JobId": "job-12345"},
    "delete_job_tagging": {"AccountId": AWS_ACCOUNT, "JobId": "job-12345"},
}


@pytest.fixture(autouse=True)
def _job(emulator: Emulator) -> None:
    emulator.seed({"provider": "aws", "job_id": "job-12345", "frozen": True, "priority": 10})


def refusal(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return error_of(caught.value)


@pytest.mark.parametrize("index", [0, 12, -1])
@pytest.mark.parametrize("name", CALLS)
def test_wrong_secret(emulator: Emulator, name: str, index: int) -> None:
    client = boto(emulator.url, secret=flipped(AWS_KEY.secret, index))
    assert refusal(getattr(client, name), **CALLS[name]) == ("SignatureDoesNotMatch", 403)
    job = emulator.job("job-12345")
    assert (job["priority"], job["status"], job["tags"]) == (10, "Ready", {})
    assert len(emulator.jobs()) == 1


@pytest.mark.parametrize("key", [AWS_KEY, AWS_TEMP_KEY], ids=["permanent", "temporary"])
@pytest.mark.parametrize("name", CALLS)
def test_right_secret(emulator: Emulator, name: str, key: Credential) -> None:
    getattr(boto(emulator.url, key=key), name)(**CALLS[name])


def test_unknown_key(emulator: Emulator) -> None:
    stranger = Credential("aws", AWS_ACCOUNT, "EMULATORNOBODY", AWS_KEY.secret)
    client = boto(emulator.url, key=stranger)
    assert refusal(client.list_jobs, AccountId=AWS_ACCOUNT) == ("InvalidAccessKeyId", 403)


@pytest.mark.parametrize(
    ("token", "expected"),
    [(None, ("InvalidAccessKeyId", 403)), (flipped(AWS_TEMP_KEY.token or ""), ("InvalidToken", 400))],
)
def test_temporary_key_needs_its_token(emulator: Emulator, token: str | None, expected: tuple[str, int]) -> None:
    key = Credential("aws", AWS_ACCOUNT, AWS_TEMP_KEY.key_id, AWS_TEMP_KEY.secret, token)
    assert refusal(boto(emulator.url, key=key).list_jobs, AccountId=AWS_ACCOUNT) == expected


def test_permanent_key_takes_no_token(emulator: Emulator) -> None:
    key = Credential("aws", AWS_ACCOUNT, AWS_KEY.key_id, AWS_KEY.secret, AWS_TEMP_KEY.token)
    assert refusal(boto(emulator.url, key=key).list_jobs, AccountId=AWS_ACCOUNT) == ("InvalidToken", 400)


@pytest.mark.parametrize("account", [AWS_OTHER_ACCOUNT, "999999999999", "123"])
def test_wrong_account(aws: Any, account: str) -> None:
    assert refusal(aws.list_jobs, AccountId=account) == ("AccessDenied", 403)
    assert refusal(aws.update_job_priority, AccountId=account, JobId="job-12345", Priority=1) == ("AccessDenied", 403)


def test_queues_are_apart(emulator: Emulator) -> None:
    other_account = boto(emulator.url, key=AWS_OTHER_KEY)
    assert not other_account.list_jobs(AccountId=AWS_OTHER_ACCOUNT).get("Jobs")
    missing = ("NotFoundException", 400)
    assert refusal(other_account.describe_job, AccountId=AWS_OTHER_ACCOUNT, JobId="job-12345") == missing
    other_region = boto(emulator.url, region="eu-west-1")
    assert refusal(other_region.describe_job, AccountId=AWS_ACCOUNT, JobId="job-12345") == missing


@pytest.mark.parametrize(
    "host",
    [
        "s3-control.eu-west-1.amazonaws.com",
        "s3-control-fips.eu-west-1.amazonaws.com",
        "s3-control.dualstack.eu-west-1.amazonaws.com",
        "s3-control.cn-north-1.amazonaws.com.cn",
    ],
)
def test_region_of_the_host(emulator: Emulator, host: str) -> None:
    client = boto(emulator.url, region="us-east-1", endpoint=f"http://{host}")
    assert refusal(client.list_jobs, AccountId=AWS_ACCOUNT) == ("AuthorizationHeaderMalformed", 400)
    region = "cn-north-1" if host.endswith(".cn") else "eu-west-1"
    boto(emulator.url, region=region, endpoint=f"http://{host}").list_jobs(AccountId=AWS_ACCOUNT)


@pytest.mark.parametrize("name", CALLS)
def test_direct_form(emulator: Emulator, name: str) -> None:
    client = boto(emulator.url, direct=True)
    getattr(client, name)(**CALLS[name])
    assert emulator.log()[-1]["http_status"] == 200


@pytest.mark.parametrize("name", CALLS)
def test_account_label_before_an_address(emulator: Emulator, name: str) -> None:
    client = boto(emulator.url, endpoint=emulator.url)
    getattr(client, name)(**CALLS[name])


def test_label_and_header_must_agree(aws: Any, emulator: Emulator) -> None:
    client = boto(emulator.url)
    client.meta.events.register(
        "before-sign.s3-control",
        lambda request, **_unused: setattr(request, "url", request.url.replace(AWS_ACCOUNT, AWS_OTHER_ACCOUNT)),
    )
    assert refusal(client.list_jobs, AccountId=AWS_ACCOUNT) == ("InvalidRequest", 400)


def _query(request: Any) -> None:
    request.url = request.url.replace("priority=1", "priority=2")


def _path(request: Any) -> None:
    request.url = request.url.replace("job-12345", "job-12346")


def _method(request: Any) -> None:
    request.method = "PUT" if request.url.endswith("tagging") else "GET"
    request.url = request.url.partition("?")[0].replace("/priority", "")


def _account(request: Any) -> None:
    request.headers["x-amz-account-id"] = AWS_OTHER_ACCOUNT


def _extra_header(request: Any) -> None:
    request.headers["x-amz-something"] = "new"


def _date(request: Any) -> None:
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=90)
    request.headers["X-Amz-Date"] = now.strftime("%Y%m%dT%H%M%SZ")


def _host(request: Any) -> None:
    request.url = request.url.replace("s3-control.eu-central-1", "s3-control.dualstack.eu-central-1")


def _signature(request: Any) -> None:
    value = request.headers["Authorization"]
    value = value.decode() if isinstance(value, bytes) else value
    request.headers["Authorization"] = value[:-1] + ("0" if value[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_query, "SignatureDoesNotMatch"),
        (_path, "SignatureDoesNotMatch"),
        (_method, "SignatureDoesNotMatch"),
        (_account, "SignatureDoesNotMatch"),
        (_date, "SignatureDoesNotMatch"),
        (_host, "SignatureDoesNotMatch"),
        (_signature, "SignatureDoesNotMatch"),
        (_extra_header, "AccessDenied"),
    ],
)
def test_changed_after_signing(emulator: Emulator, change: Callable[[Any], None], code: str) -> None:
    client = boto(emulator.url)
    client.meta.events.register("before-send.s3-control", lambda request, **_unused: change(request))
    assert refusal(client.update_job_priority, **CALLS["update_job_priority"]) == (code, 403)
    assert emulator.job("job-12345")["priority"] == 10


def test_body_changed_after_signing(emulator: Emulator) -> None:
    def change(request: Any, **_unused: Any) -> None:
        request.body = request.body.replace(b">42<", b">43<")

    client = boto(emulator.url)
    client.meta.events.register("before-send.s3-control", change)
    assert refusal(client.create_job, **create_request()) == ("XAmzContentSHA256Mismatch", 400)


@pytest.mark.parametrize(
    ("signer", "service", "status", "code"),
    [
        (botocore.auth.S3SigV4Auth, "s3", 200, ""),
        (botocore.auth.S3SigV4Auth, "s3-control", 400, "AuthorizationHeaderMalformed"),
        # The signer of most other services does not send the hash of the body.
        (botocore.auth.SigV4Auth, "s3", 400, "x-amz-content-sha256"),
        (botocore.auth.S3SigV4QueryAuth, "s3", 403, "The request is not signed"),
    ],
)
def test_way_of_signing(emulator: Emulator, signer: Any, service: str, status: int, code: str) -> None:
    answer = aws_by_hand(emulator.url, "GET", "/v20180820/jobs", signer, service)
    assert (answer.status_code, code in answer.text) == (status, True)


@pytest.mark.parametrize(("minutes", "refused"), [(-16, True), (-14, False), (14, False), (16, True)])
def test_clock_difference(emulator: Emulator, minutes: int, refused: bool) -> None:
    client = boto(emulator.url)
    moment = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(minutes=minutes)
    # Newer releases of botocore ask a function of theirs, older ones datetime itself.
    if hasattr(botocore.auth, "get_current_datetime"):
        turned = mock.patch.object(botocore.auth, "get_current_datetime", lambda *_unused, **__: moment)
    else:
        turned = mock.patch.object(botocore.auth, "datetime", mock.Mock(datetime=mock.Mock(utcnow=lambda: moment)))
    with turned:
        if refused:
            assert refusal(client.list_jobs, AccountId=AWS_ACCOUNT) == ("RequestTimeTooSkewed", 403)
        else:
            client.list_jobs(AccountId=AWS_ACCOUNT)


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize(
    ("key", "arn"),
    [
        (AWS_KEY, f"arn:aws:iam::{AWS_ACCOUNT}:user/emulator"),
        (AWS_TEMP_KEY, f"arn:aws:sts::{AWS_ACCOUNT}:assumed-role/emulator/session"),
        (AWS_OTHER_KEY, f"arn:aws:iam::{AWS_OTHER_ACCOUNT}:user/emulator"),
    ],
)
def test_caller_identity(emulator: Emulator, key: Credential, arn: str, direct: bool) -> None:
    sts = boto(emulator.url, "sts", key=key, direct=direct)
    answer = sts.get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == (key.account, arn)


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [
        (AWS_KEY, flipped(AWS_KEY.secret), "SignatureDoesNotMatch"),
        (Credential("aws", AWS_ACCOUNT, "NOBODY", "x"), None, "InvalidClientTokenId"),
        (Credential("aws", AWS_ACCOUNT, AWS_TEMP_KEY.key_id, AWS_TEMP_KEY.secret), None, "InvalidClientTokenId"),
    ],
)
def test_caller_identity_refused(emulator: Emulator, key: Credential, secret: str | None, code: str) -> None:
    sts = boto(emulator.url, "sts", key=key, secret=secret)
    assert refusal(sts.get_caller_identity) == (code, 403)


def test_secrets_are_made_up() -> None:
    for key in accounts.CREDENTIALS.values():
        assert key.secret.endswith("-not-real")
        assert key.key_id.startswith("EMULATOR")


def test_the_regions_of_an_account(emulator: Emulator) -> None:
    emulator.settings(regions=["eu-central-1", "ap-south-1"])
    answer = boto(emulator.url, "ec2").describe_regions()
    assert [item["RegionName"] for item in answer["Regions"]] == ["eu-central-1", "ap-south-1"]
    wrong = boto(emulator.url, "ec2", secret=flipped(AWS_KEY.secret, 3))
    assert refusal(wrong.describe_regions) == ("AuthFailure", 401)
    emulator.fault("denied", operation="DescribeRegions")
    assert refusal(boto(emulator.url, "ec2").describe_regions) == ("UnauthorizedOperation", 403)
