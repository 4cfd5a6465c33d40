# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault does what its name says, and nothing else."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from batch_emulator.accounts import AWS_ACCOUNT, AWS_TEMP_KEY, COS_APPID, COS_UIN, Credential
from batch_emulator.client import Emulator, EmulatorError, until
from batch_emulator.fault_effects import EFFECTS
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from .clients import COS_REGION, Cos, aws_by_hand, boto, code_of, error_of, text

AWS_JOB = {"AccountId": AWS_ACCOUNT, "JobId": "aws-job"}


@pytest.fixture(autouse=True)
def _jobs(emulator: Emulator) -> None:
    emulator.seed(
        {"provider": "aws", "job_id": "aws-job", "priority": 10, "frozen": True},
        {"provider": "cos", "region": COS_REGION, "job_id": "cos-job", "priority": 10, "frozen": True},
    )


def aws_update(aws: Any, priority: int = 20) -> Any:
    return aws.update_job_priority(**AWS_JOB, Priority=priority)


def aws_refusal(aws: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        aws_update(aws)
    return error_of(caught.value)


def priority(emulator: Emulator, job_id: str) -> int:
    return int(emulator.job(job_id)["priority"])


def last(emulator: Emulator) -> tuple[Any, ...]:
    """What the log says of the latest request."""
    entry = emulator.log()[-1]
    return entry["fault"], entry["http_status"], entry["code"], entry["applied"]


def test_throttle(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("throttle", count=2)
    assert aws_refusal(aws) == ("TooManyRequestsException", 400)
    assert last(emulator) == ("throttle", 400, "TooManyRequestsException", False)
    assert code_of(cos.priority("cos-job", 20)) == ("SlowDown", 503)
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 10
    assert aws_update(aws)["Priority"] == 20


def test_throttle_arguments(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("throttle", code="SlowDownError", http_status=429, retry_after=7, count=2)
    assert aws_refusal(aws) == ("SlowDownError", 429)
    answer = cos.priority("cos-job", 20)
    assert code_of(answer) == ("SlowDownError", 429)
    assert answer.headers["Retry-After"] == "7"


@pytest.mark.parametrize("applied", [True, False])
def test_internal_error(aws: Any, cos: Cos, emulator: Emulator, applied: bool) -> None:
    emulator.fault("internal_error", count=2, applied=applied)
    assert aws_refusal(aws) == ("InternalServiceException", 500)
    assert last(emulator) == ("internal_error", 500, "InternalServiceException", applied)
    assert code_of(cos.priority("cos-job", 20)) == ("InternalError", 500)
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == (20 if applied else 10)


def test_unavailable(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("unavailable", count=2, retry_after=3)
    assert aws_refusal(aws) == ("ServiceUnavailable", 503)
    answer = cos.priority("cos-job", 20)
    assert (code_of(answer), answer.headers["Retry-After"]) == (("ServiceUnavailable", 503), "3")
    # COS's own table of batch errors prints 500.
    emulator.fault("unavailable", http_status=500)
    assert code_of(cos.priority("cos-job", 20)) == ("ServiceUnavailable", 500)
    assert priority(emulator, "cos-job") == 10


@pytest.mark.parametrize(("name", "stored"), [("drop_before", 10), ("drop_after", 20)])
def test_drops(cos: Cos, emulator: Emulator, name: str, stored: int) -> None:
    # Without a proxy: botocore blames the proxy for every connection that it loses to one.
    aws = boto(emulator.url, direct=True)
    emulator.fault(name, count=2)
    with pytest.raises(ConnectionClosedError):
        aws_update(aws)
    assert last(emulator) == (name, None, None, stored == 20)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        cos.priority("cos-job", 20)
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == stored
    assert aws_update(aws, 30)["Priority"] == 30


@pytest.mark.parametrize("name", ["late", "late_before"])
def test_late_for_a_patient_client(cos: Cos, emulator: Emulator, name: str) -> None:
    emulator.fault(name, seconds=0.3, provider="cos")
    begin = time.monotonic()
    assert text(cos.priority("cos-job", 20), "Priority") == "20"
    assert time.monotonic() - begin >= 0.3


def give_up(cos: Cos, emulator: Emulator, name: str) -> None:
    """Both clients time out before the answer comes."""
    emulator.fault(name, seconds=3600, count=2)
    with pytest.raises(ReadTimeoutError):
        aws_update(boto(emulator.url, timeout=0.1))
    with pytest.raises(requests.ReadTimeout):
        cos.priority("cos-job", 20, timeout=0.1)
    # A busy emulator may read a request only after its client has gone.
    assert until(lambda: [entry["fault"] for entry in emulator.log()] == [name] * 2)


def test_late(cos: Cos, emulator: Emulator) -> None:
    give_up(cos, emulator, "late")
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 20


def test_late_before(cos: Cos, emulator: Emulator) -> None:
    """The change comes to pass only after the client has given up."""
    give_up(cos, emulator, "late_before")
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 10
    assert emulator.release() == 2
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 20


def test_truncated(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("truncated", count=2)
    with pytest.raises(ResponseParserError):
        aws_update(aws)
    answer = cos.priority("cos-job", 20)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(ET.ParseError):
        ET.fromstring(answer.content)
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 20


def test_truncated_midway(cos: Cos, emulator: Emulator) -> None:
    emulator.fault("truncated", midway=True)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        cos.priority("cos-job", 20)
    assert priority(emulator, "cos-job") == 20
    assert cos("GET", "/jobs").status_code == 200


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("http_status", [200, 502])
def test_html(cos: Cos, emulator: Emulator, http_status: int, applied: bool) -> None:
    emulator.fault("html", http_status=http_status, applied=applied)
    answer = cos.priority("cos-job", 20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (http_status, "text/html")
    assert answer.text.startswith("<html>")
    assert priority(emulator, "cos-job") == (20 if applied else 10)


def test_html_for_boto3(aws: Any, emulator: Emulator) -> None:
    emulator.fault("html")
    assert aws_refusal(aws)[1] == 502


@pytest.mark.parametrize("applied", [True, False])
def test_empty_body(aws: Any, cos: Cos, emulator: Emulator, applied: bool) -> None:
    emulator.fault("empty_body", count=2, applied=applied)
    assert "Priority" not in aws_update(aws)
    answer = cos.priority("cos-job", 20)
    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", "0")
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == (20 if applied else 10)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clock_skew", ("RequestTimeTooSkewed", 403)),
        ("denied", ("AccessDenied", 403)),
        ("expired_token", ("ExpiredToken", 400)),
    ],
)
def test_refusals(aws: Any, cos: Cos, emulator: Emulator, name: str, expected: tuple[str, int]) -> None:
    emulator.fault(name, count=2)
    assert aws_refusal(aws) == expected
    assert code_of(cos.priority("cos-job", 20)) == expected
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 10


@pytest.mark.parametrize("http_status", [301, 307])
def test_redirect(aws: Any, cos: Cos, emulator: Emulator, http_status: int) -> None:
    emulator.fault("redirect", count=2, http_status=http_status, location="http://elsewhere.invalid/x")
    answer = cos.priority("cos-job", 20)
    assert code_of(answer) == ("PermanentRedirectControlError", http_status)
    assert answer.headers["Location"] == "http://elsewhere.invalid/x"
    assert aws_refusal(aws) == ("PermanentRedirectControlError", http_status)


def test_ended_in_between(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("ended_in_between", count=2)
    assert text(cos("GET", "/jobs/cos-job"), "Job/Status") == "Ready"
    assert code_of(cos.priority("cos-job", 20)) == ("NoSuchJob", 404)
    assert text(cos("GET", "/jobs/cos-job"), "Job/Status") == "Complete"
    assert aws_refusal(aws) == ("InvalidRequest", 400)
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == 10


def test_ended_in_between_names_jobs_and_status(aws: Any, emulator: Emulator) -> None:
    emulator.fault("ended_in_between", job_ids=["cos-job", "aws-job"], status="Failed", operation="ListJobs")
    assert aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]["Status"] == "Failed"
    assert emulator.job("cos-job")["status"] == "Failed"


@pytest.mark.parametrize("stored", [None, 15])
def test_wrong_priority(aws: Any, cos: Cos, emulator: Emulator, stored: int | None) -> None:
    emulator.fault("wrong_priority", count=2, priority=99, stored=stored)
    aws.describe_job(**AWS_JOB)
    assert aws_update(aws)["Priority"] == 99
    assert last(emulator) == ("wrong_priority", 200, None, stored is not None)
    assert text(cos.priority("cos-job", 20), "Priority") == "99"
    assert priority(emulator, "aws-job") == priority(emulator, "cos-job") == (stored or 10)


def test_stale_read(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("stale_read", count=4)
    aws_update(aws)
    cos.priority("cos-job", 20)
    assert aws.describe_job(**AWS_JOB)["Job"]["Priority"] == 10
    assert aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]["Priority"] == 10
    assert text(cos("GET", "/jobs/cos-job"), "Job/Priority") == "10"
    assert text(cos("GET", "/jobs"), "Jobs/member/Priority") == "10"
    assert aws.describe_job(**AWS_JOB)["Job"]["Priority"] == 20


def test_bare_error(aws: Any, emulator: Emulator) -> None:
    emulator.fault("bare_error", code="TooManyRequestsException", http_status=429, count=2)
    assert aws_refusal(aws) == ("TooManyRequestsException", 429)
    answer = aws_by_hand(emulator.url, "GET", "/v20180820/jobs")
    assert [child.tag for child in ET.fromstring(answer.content)] == ["Code", "Message", "RequestId"]
    assert ET.fromstring(answer.content).tag == "Error"


def test_raw(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("raw", count=2, http_status=418, code="Teapot", message="short & <stout>")
    assert aws_refusal(aws) == ("Teapot", 418)
    answer = cos.priority("cos-job", 20)
    assert code_of(answer) == ("Teapot", 418)
    assert ET.fromstring(answer.content).findtext("Message") == "short & <stout>"


def test_count_and_skip(cos: Cos, emulator: Emulator) -> None:
    emulator.fault("denied", skip=2, count=3)
    assert [cos.priority("cos-job", n).status_code for n in range(7)] == [200, 200, 403, 403, 403, 200, 200]
    assert emulator.faults() == []
    emulator.fault("denied", count=None)
    assert {cos.priority("cos-job", n).status_code for n in range(10)} == {403}
    assert emulator.faults()[0]["hits"] == 10
    emulator.clear_faults()
    assert cos.priority("cos-job", 1).status_code == 200


def test_aim(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("denied", provider="cos", operation="UpdateJobPriority", job_id="cos-job")
    assert aws_update(aws)["Priority"] == 20
    assert cos("GET", "/jobs/cos-job").status_code == 200
    assert cos.status("cos-job", "Ready").status_code == 400
    assert code_of(cos.priority("other-job", 1)) == ("NoSuchJob", 404)
    assert code_of(cos.priority("cos-job", 1)) == ("AccessDenied", 403)


def test_identity_comes_before_faults(emulator: Emulator) -> None:
    emulator.fault("empty_body")
    assert code_of(Cos(emulator.url, secret="wrong").priority("cos-job", 1)) == ("SignatureDoesNotMatch", 403)
    assert len(emulator.faults()) == 1


def test_helpers_are_hit_only_by_name(aws: Any, emulator: Emulator) -> None:
    """A fault without an operation is meant for jobs, not for the look-up of the account before."""
    sts = boto(emulator.url, "sts")
    emulator.fault("denied", provider="aws")
    assert sts.get_caller_identity()["Account"] == AWS_ACCOUNT
    assert aws_refusal(aws) == ("AccessDenied", 403)
    emulator.fault("throttle", operation="GetCallerIdentity")
    with pytest.raises(ClientError) as caught:
        sts.get_caller_identity()
    assert error_of(caught.value) == ("Throttling", 400)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"name": "thunder"}, "Unknown fault 'thunder'; known faults: bare_error, "),
        ({"name": "late", "minutes": 1}, "Unknown argument minutes of late; known arguments: seconds."),
        ({"name": "drop_before", "x": 1}, "known arguments: none."),
        ({"name": "late", "seconds": "2"}, "must be of type float"),
        ({"name": "html", "http_status": True}, "must be of type int"),
        ({"name": "late", "count": 0}, "count must be"),
        ({"name": "late", "skip": -1}, "skip an integer"),
        ({"name": "late", "provider": "gcs"}, "known providers: aws, cos, oss."),
        ({"name": "late", "operation": "Dance"}, "known operations: "),
    ],
)
def test_nonsense_is_refused(emulator: Emulator, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EmulatorError) as caught:
        emulator.fault(**arguments)
    assert sentence in str(caught.value)
    assert emulator.faults() == []


def test_error_200(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("error_200", code="AccessDenied", applied=True, count=2)
    answer = cos.priority("cos-job", 20)
    assert (answer.status_code, ET.fromstring(answer.content).findtext("Code")) == (200, "AccessDenied")
    assert "Priority" not in aws_update(aws), "botocore takes it for an empty answer"
    assert priority(emulator, "cos-job") == 20


def test_late_write(cos: Cos, emulator: Emulator) -> None:
    emulator.fault("late_write", seconds=0.3)
    begin = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        cos.priority("cos-job", 20)
    assert until(lambda: priority(emulator, "cos-job") == 20)
    assert time.monotonic() - begin >= 0.3


def test_drip(cos: Cos, emulator: Emulator) -> None:
    emulator.fault("drip", seconds=0.001)
    started = time.monotonic()
    answer = cos.priority("cos-job", 20)
    assert text(answer, "Priority") == "20"
    assert time.monotonic() - started > 0.001 * len(answer.content)


@pytest.mark.parametrize("name", ["huge", "gzip_bomb"])
def test_large_bodies(cos: Cos, emulator: Emulator, name: str) -> None:
    emulator.fault(name, megabytes=3)
    assert len(cos.priority("cos-job", 20).content) >= 3 * 2**20
    assert priority(emulator, "cos-job") == 10


@pytest.mark.parametrize("path", ["/jobs", "/jobs/cos-job"])
def test_nested(cos: Cos, emulator: Emulator, path: str) -> None:
    emulator.fault("nested", depth=100)
    tree = ET.fromstring(cos("GET", path).content)
    [start] = tree.iter("New")
    depth = 0
    while len(start):
        start, depth = start[0], depth + 1
    assert depth == 100


def test_other_xml(cos: Cos, emulator: Emulator) -> None:
    emulator.fault("other_xml")
    assert ET.fromstring(cos("GET", "/jobs").content).tag == "SomethingElse"


def test_echo(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("echo", count=2)
    assert "q-signature=" in cos.priority("cos-job", 20).text
    with pytest.raises(ClientError, match="Signature="):
        aws_update(aws)
    assert priority(emulator, "cos-job") == 10


def pages(aws: Any, size: int = 1, most: int = 5) -> list[tuple[str | None, list[str], str | None]]:
    """Token asked with, jobs, and token got, page by page."""
    found: list[tuple[str | None, list[str], str | None]] = []
    token = None
    while len(found) < most:
        answer = aws.list_jobs(AccountId=AWS_ACCOUNT, MaxResults=size, **({"NextToken": token} if token else {}))
        found.append((token, [job["JobId"] for job in answer.get("Jobs", [])], answer.get("NextToken")))
        token = answer.get("NextToken")
        if not token:
            break
    return found


def test_faults_of_pages(aws: Any, emulator: Emulator) -> None:
    emulator.seed({"provider": "aws", "job_id": "aws-two"}, {"provider": "aws", "job_id": "aws-three"})
    whole = ["aws-job", "aws-two", "aws-three"]
    assert [job for _asked, jobs, _next in pages(aws) for job in jobs] == whole
    emulator.fault("empty_page", skip=1)
    found = pages(aws)
    assert [jobs for _asked, jobs, _next in found] == [["aws-job"], [], ["aws-two"], ["aws-three"]]
    emulator.fault("repeated_page", skip=1)
    found = pages(aws)
    assert [job for _asked, jobs, _next in found for job in jobs] == ["aws-job", "aws-two", "aws-two", "aws-three"]
    assert len({following for _asked, _jobs, following in found}) == len(found)
    emulator.fault("repeated_token", skip=1, count=None)
    found = pages(aws)
    assert found[1][0] == found[1][2]
    emulator.clear_faults()
    emulator.fault("repeated_token", count=None)
    found = pages(aws)
    assert found[0][2] == found[1][2]
    assert [jobs for _asked, jobs, _next in found[:2]] == [["aws-job"], ["aws-job"]]


def test_a_page_of_another_order(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.seed(*[{"provider": "aws", "job_id": f"aws-{name}"} for name in ("two", "three", "four")])
    emulator.seed(
        *[{"provider": "cos", "region": COS_REGION, "job_id": f"cos-{name}"} for name in ("two", "three", "four")]
    )
    emulator.settings(page_jobs=2)
    assert len(aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"]) == 2
    emulator.fault("shifted_page", skip=1, count=1)
    found = pages(aws, 1000)
    assert [jobs for _asked, jobs, _next in found] == [["aws-job", "aws-two"], ["aws-two", "aws-three"]]
    emulator.fault("shifted_page", jobs=2)
    second = cos("GET", "/jobs", {"nextToken": "cos-two"})
    assert [node.text for node in ET.fromstring(second.content).findall("Jobs/member/JobId")] == ["cos-job", "cos-two"]


def test_no_priority(aws: Any, cos: Cos, emulator: Emulator) -> None:
    emulator.fault("no_priority", provider="aws")
    assert "Priority" not in aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]
    assert aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]["Priority"] == 10
    emulator.seed({"provider": "cos", "region": COS_REGION, "job_id": "cos-two", "priority": 0})
    emulator.fault("no_priority", provider="cos", zero_only=True)
    members = ET.fromstring(cos("GET", "/jobs").content).findall("Jobs/member")
    assert [member.findtext("Priority") for member in members] == ["10", None]


def test_faults_of_sts(emulator: Emulator) -> None:
    client = boto(emulator.url, "sts")
    role = {"RoleArn": f"arn:aws:iam::{AWS_ACCOUNT}:role/batch", "RoleSessionName": "session"}
    keys = client.assume_role(**role)["Credentials"]
    assert keys["AccessKeyId"] == AWS_TEMP_KEY.key_id
    emulator.fault("throttle", operation="AssumeRole")
    with pytest.raises(ClientError) as caught:
        client.assume_role(**role)
    assert error_of(caught.value) == ("Throttling", 400)
    emulator.fault("other_xml", operation="AssumeRole")
    with pytest.raises(KeyError):  # botocore's own answer to it
        client.assume_role(**role)


def test_doctype(cos: Cos, emulator: Emulator) -> None:
    """The document type stands after the declaration, and the entity in a text; an error may have both."""
    emulator.fault("doctype", provider="cos", megabytes=0, uses=3)
    body = cos("GET", "/jobs").text
    assert '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE a [<!ENTITY e "">]>' in body.replace("\n", "")
    assert body.count("&e;") == 3 and body.rstrip().endswith("</ListJobsResult>")
    emulator.fault("doctype", provider="cos", megabytes=1, uses=2, http_status=403)
    refused = cos("GET", "/jobs")
    assert (refused.status_code, refused.text.count("&e;"), len(refused.content) > 2**20) == (403, 2, True)
    emulator.fault("doctype", provider="cos", megabytes=0, encoding="utf-16")
    assert "<!DOCTYPE" in cos("GET", "/jobs").content.decode("utf-16")


def role_keys(emulator: Emulator) -> dict[str, Any]:
    """What Tencent's metadata service hands out, through the proxy."""
    session = requests.Session()
    session.trust_env = False
    session.proxies = {"http": emulator.url}
    address = "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/emulator-role"
    given: dict[str, Any] = session.get(address, timeout=600).json()
    return given


def jobs_with(emulator: Emulator, given: dict[str, Any]) -> requests.Response:
    key = Credential("cos", COS_UIN, given["TmpSecretId"], given["TmpSecretKey"], given["Token"], COS_APPID)
    return Cos(emulator.url, key=key)("GET", "/jobs")


def test_keys_expire(emulator: Emulator, cos: Cos) -> None:
    """Keys of the instance's role end; the next ones are others and good, and long-term keys stay good."""
    first = role_keys(emulator)
    assert jobs_with(emulator, first).status_code == 200
    emulator.fault("keys_expire", provider="cos", operation="ListJobs")
    assert [code_of(jobs_with(emulator, first)) for _request in range(2)] == [("ExpiredToken", 400)] * 2
    second = role_keys(emulator)
    assert second["TmpSecretId"] != first["TmpSecretId"]
    assert jobs_with(emulator, second).status_code == 200
    assert cos("GET", "/jobs").status_code == 200


def test_odd_keys(emulator: Emulator) -> None:
    good = role_keys(emulator)
    emulator.fault("odd_keys", operation="InstanceRole", changes={"TmpSecretId": 7, "Token": None})
    odd = role_keys(emulator)
    # When they end is counted from the moment at which they are handed out.
    same = good.keys() - {"TmpSecretId", "Token", "ExpiredTime", "Expiration"}
    assert {name: odd[name] for name in same} == {name: good[name] for name in same}
    assert (odd["TmpSecretId"], odd["Token"], set(odd)) == (7, None, set(good))


def test_every_fault_has_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8").partition("def test_every_fault_has_a_test")[0]
    for other in ("test_barrier.py", "test_objects.py"):
        source += Path(__file__).with_name(other).read_text(encoding="utf-8")
    for name in EFFECTS:
        assert f'"{name}"' in source


def test_a_request_that_is_under_way_at_a_reset_does_nothing_after_it(emulator: Emulator, cos: Cos) -> None:
    (job_id,) = emulator.seed({"provider": "cos", "priority": 5, "status": "Ready"})
    emulator.fault("late_before", seconds=3600)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(cos, "POST", f"/jobs/{job_id}/priority", {"priority": "9"})
        emulator.until_waiting()
        emulator.reset()
        emulator.seed({"provider": "cos", "job_id": job_id, "priority": 5, "status": "Ready"})
        with pytest.raises(requests.ConnectionError):
            late.result()
    assert emulator.job(job_id)["priority"] == 5
