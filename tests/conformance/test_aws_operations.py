# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""boto3's s3control client against the AWS dialect."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from batch_emulator.accounts import AWS_ACCOUNT
from batch_emulator.client import Emulator
from batch_emulator.operations import aws_fault
from botocore.exceptions import ClientError

from .clients import NAMESPACE, aws_by_hand, create_request, error_of

JOB = {"AccountId": AWS_ACCOUNT, "JobId": "job-12345"}
MAX = 2147483647


def seed(emulator: Emulator, **fields: Any) -> None:
    emulator.seed({"provider": "aws", "job_id": "job-12345", "frozen": True} | fields)


def refusal(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return error_of(caught.value)


def test_create_and_describe(aws: Any, emulator: Emulator) -> None:
    job_id = aws.create_job(**create_request())["JobId"]
    job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]
    assert job["Status"] == "New"
    assert job["Priority"] == 42
    assert job["Description"] == "re-tag <everything>"
    assert job["Operation"] == {"S3PutObjectTagging": {"TagSet": [{"Key": "team", "Value": "a & b"}]}}
    assert job["Manifest"] == create_request()["Manifest"]
    assert job["Report"] == {"Enabled": False}
    assert job["RoleArn"] == create_request()["RoleArn"]
    assert job["JobArn"] == f"arn:aws:s3:eu-central-1:{AWS_ACCOUNT}:job/{job_id}"
    assert job["CreationTime"].timestamp() == pytest.approx(emulator.clock()["now"], abs=2)


def test_create_with_generated_manifest(aws: Any) -> None:
    generator = {"S3JobManifestGenerator": {"SourceBucket": "arn:aws:s3:::b", "EnableManifestOutput": False}}
    request = create_request(ManifestGenerator=generator)
    assert refusal(aws.create_job, **request) == ("BadRequestException", 400)
    del request["Manifest"]
    job_id = aws.create_job(**request)["JobId"]
    job = aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]
    assert job["ManifestGenerator"] == generator
    assert "Manifest" not in job


def test_same_token_same_request_is_the_same_job(aws: Any, emulator: Emulator) -> None:
    first = aws.create_job(**create_request())["JobId"]
    assert aws.create_job(**create_request())["JobId"] == first
    assert len(emulator.jobs()) == 1
    assert refusal(aws.create_job, **create_request(Priority=43)) == ("IdempotencyException", 400)


@pytest.mark.parametrize(
    "changes",
    [
        {"Priority": MAX + 1},
        {"ClientRequestToken": "t" * 65},
        {"Description": "d" * 257},
        {"RoleArn": "arn:aws:iam::12:role/x"},
        {"Operation": {}},
        {"Report": {"Enabled": True}},
        {"Report": {"Enabled": True, "Bucket": "arn:aws:s3:::r", "Format": "Report_CSV_V1", "ReportScope": "AllTasks"}},
        {"Manifest": {"Spec": {"Format": "Other"}, "Location": {"ObjectArn": "arn:aws:s3:::m/m", "ETag": "e"}}},
        {"Tags": [{"Key": "k" * 129, "Value": "v"}]},
    ],
)
def test_create_refuses(aws: Any, emulator: Emulator, changes: dict[str, Any]) -> None:
    assert refusal(aws.create_job, **create_request(**changes)) == ("BadRequestException", 400)
    assert emulator.jobs() == []


def test_describe_shows_everything(aws: Any, emulator: Emulator) -> None:
    seed(
        emulator,
        status="Failed",
        priority=0,
        description="café & <co>",
        operation="S3NewFangledThing",
        created="2019-12-19T18:00:30Z",
        ended=60,
        tasks_total=100,
        tasks_done=40,
        tasks_failed=30,
        failure_reasons=[{"code": "AccessDenied", "reason": "no & no"}],
        suspended_cause="waiting",
        status_update_reason="because",
    )
    job = aws.describe_job(**JOB)["Job"]
    assert job["Status"] == "Failed"
    assert job["Priority"] == 0
    assert job["Description"] == "café & <co>"
    assert job["CreationTime"].isoformat().startswith("2019-12-19T18:00:30")
    assert job["TerminationDate"].timestamp() == pytest.approx(emulator.clock()["now"] - 60, abs=2)
    progress = job["ProgressSummary"]
    assert (progress["TotalNumberOfTasks"], progress["NumberOfTasksSucceeded"]) == (100, 10)
    assert progress["NumberOfTasksFailed"] == 30
    assert job["FailureReasons"] == [{"FailureCode": "AccessDenied", "FailureReason": "no & no"}]
    assert (job["SuspendedCause"], job["StatusUpdateReason"]) == ("waiting", "because")
    assert aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]["Operation"] == "S3NewFangledThing"


def test_unknown_words_and_nodes_are_delivered(aws: Any, emulator: Emulator) -> None:
    seed(
        emulator, status="Hibernating", omit_priority=True, tasks_total=None, extra_xml="<Fresh><Node>1</Node></Fresh>"
    )
    for job in (aws.describe_job(**JOB)["Job"], aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]):
        assert job["Status"] == "Hibernating"
        assert "Priority" not in job
        assert "TotalNumberOfTasks" not in job["ProgressSummary"]
        assert "Fresh" not in job


def test_healthy_job_has_no_failure_reasons(aws: Any, emulator: Emulator) -> None:
    seed(emulator)
    assert "FailureReasons" not in aws.describe_job(**JOB)["Job"]


@pytest.mark.parametrize("status", ["New", "Preparing", "Ready", "Active", "Pausing", "Paused", "Suspended", "Odd"])
@pytest.mark.parametrize("priority", [0, 1, MAX])
def test_update_priority(aws: Any, emulator: Emulator, status: str, priority: int) -> None:
    seed(emulator, status=status)
    answer = aws.update_job_priority(**JOB, Priority=priority)
    assert (answer["JobId"], answer["Priority"]) == ("job-12345", priority)
    assert aws.describe_job(**JOB)["Job"]["Priority"] == priority
    assert aws.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"][0]["Priority"] == priority


@pytest.mark.parametrize("status", ["Completing", "Complete", "Cancelling", "Cancelled", "Failing", "Failed"])
def test_update_priority_of_ended_and_ending_jobs(aws: Any, emulator: Emulator, status: str) -> None:
    seed(emulator, status=status, priority=3)
    assert refusal(aws.update_job_priority, **JOB, Priority=4) == ("InvalidRequest", 400)
    assert emulator.job("job-12345")["priority"] == 3


@pytest.mark.parametrize("priority", [MAX + 1, True])
def test_update_priority_refuses(aws: Any, emulator: Emulator, priority: int) -> None:
    # boto3 lets both of them out, the latter as "True".
    seed(emulator, priority=3)
    assert refusal(aws.update_job_priority, **JOB, Priority=priority) == ("BadRequestException", 400)
    assert emulator.job("job-12345")["priority"] == 3


def test_update_status(aws: Any, emulator: Emulator) -> None:
    seed(emulator, status="Suspended")
    answer = aws.update_job_status(**JOB, RequestedJobStatus="Ready", StatusUpdateReason="a b+c/ü&d")
    assert (answer["Status"], answer["StatusUpdateReason"]) == ("Ready", "a b+c/ü&d")
    assert aws.describe_job(**JOB)["Job"]["StatusUpdateReason"] == "a b+c/ü&d"
    assert aws.update_job_status(**JOB, RequestedJobStatus="Cancelled")["Status"] == "Cancelling"


@pytest.mark.parametrize(
    ("status", "wanted", "refused"),
    [
        *[(status, "Ready", True) for status in ("New", "Preparing", "Ready", "Active", "Paused", "Complete")],
        *[(status, "Cancelled", False) for status in ("New", "Preparing", "Ready", "Active", "Paused", "Suspended")],
        *[(status, "Cancelled", True) for status in ("Completing", "Cancelling", "Failing", "Complete", "Failed")],
    ],
)
def test_update_status_rules(aws: Any, emulator: Emulator, status: str, wanted: str, refused: bool) -> None:
    seed(emulator, status=status)
    if refused:
        assert refusal(aws.update_job_status, **JOB, RequestedJobStatus=wanted) == ("InvalidRequest", 400)
        emulator.settings(status_error_code="JobStatusException")
        assert refusal(aws.update_job_status, **JOB, RequestedJobStatus=wanted) == ("JobStatusException", 400)
    else:
        aws.update_job_status(**JOB, RequestedJobStatus=wanted)
    assert emulator.job("job-12345")["status"] == (status if refused else "Cancelling")


def test_update_status_refuses(aws: Any, emulator: Emulator) -> None:
    seed(emulator)
    call = aws.update_job_status
    assert refusal(call, **JOB, RequestedJobStatus="Paused") == ("BadRequestException", 400)
    reason = "r" * 257
    assert refusal(call, **JOB, RequestedJobStatus="Cancelled", StatusUpdateReason=reason) == (
        "BadRequestException",
        400,
    )


def test_typed_exceptions(aws: Any, emulator: Emulator) -> None:
    seed(emulator, status="Complete")
    emulator.settings(status_error_code="JobStatusException")
    with pytest.raises(aws.exceptions.JobStatusException):
        aws.update_job_status(**JOB, RequestedJobStatus="Cancelled")
    with pytest.raises(aws.exceptions.NotFoundException):
        aws.describe_job(AccountId=AWS_ACCOUNT, JobId="no-such-job")


@pytest.mark.parametrize(
    ("code", "status"), [("NotFoundException", 400), ("NoSuchJobException", 404), ("NoSuchJob", 404)]
)
@pytest.mark.parametrize("job_id", ["no-such-job", "x" * 37, "a b c d e"])
def test_not_found(aws: Any, emulator: Emulator, code: str, status: int, job_id: str) -> None:
    emulator.settings(not_found_code=code)
    missing = {"AccountId": AWS_ACCOUNT, "JobId": job_id}
    expected = (code, status)
    assert refusal(aws.describe_job, **missing) == expected
    assert refusal(aws.update_job_priority, **missing, Priority=1) == expected
    assert refusal(aws.update_job_status, **missing, RequestedJobStatus="Cancelled") == expected
    assert refusal(aws.get_job_tagging, **missing) == expected
    assert refusal(aws.put_job_tagging, **missing, Tags=[]) == expected
    assert refusal(aws.delete_job_tagging, **missing) == expected


def test_list_refuses(aws: Any) -> None:
    call = aws.list_jobs
    for size in (0, 1001):
        assert refusal(call, AccountId=AWS_ACCOUNT, MaxResults=size) == ("InvalidRequestException", 400)
    assert refusal(call, AccountId=AWS_ACCOUNT, JobStatuses=["Odd"]) == ("InvalidRequestException", 400)
    for token in ("garbage", "=", "x" * 1025):
        assert refusal(call, AccountId=AWS_ACCOUNT, NextToken=token) == ("InvalidNextTokenException", 400)


def test_tags(aws: Any, emulator: Emulator) -> None:
    seed(emulator, tags={"seeded": "yes"})
    assert aws.get_job_tagging(**JOB)["Tags"] == [{"Key": "seeded", "Value": "yes"}]
    tags = [{"Key": f"k{number}", "Value": "a & <b>"} for number in range(50)]
    aws.put_job_tagging(**JOB, Tags=tags)
    assert aws.get_job_tagging(**JOB)["Tags"] == tags
    too_many = [*tags, {"Key": "one", "Value": "more"}]
    assert refusal(aws.put_job_tagging, **JOB, Tags=too_many) == ("TooManyTagsException", 400)
    aws.delete_job_tagging(**JOB)
    assert aws.get_job_tagging(**JOB)["Tags"] == []


def test_shape_of_the_answers(emulator: Emulator) -> None:
    """Roots, namespaces and request ids as documented, before any client has smoothed them."""
    seed(emulator, status="Suspended")
    jobs = "/v20180820/jobs"
    for method, path, root in (
        ("GET", jobs, "ListJobsResult"),
        ("GET", f"{jobs}/job-12345", "DescribeJobResult"),
        ("POST", f"{jobs}/job-12345/priority?priority=1", "UpdateJobPriorityResult"),
        ("POST", f"{jobs}/job-12345/status?requestedJobStatus=Ready", "UpdateJobStatusResult"),
        ("GET", f"{jobs}/job-12345/tagging", "GetJobTaggingResult"),
    ):
        answer = aws_by_hand(emulator.url, method, path)
        assert ET.fromstring(answer.content).tag == f"{{{NAMESPACE}}}{root}"
        assert answer.headers["Content-Type"] == "application/xml"
        assert answer.headers["x-amz-request-id"]
    answer = aws_by_hand(emulator.url, "GET", f"{jobs}/no-such-job")
    error = ET.fromstring(answer.content)
    # As on the wire log of aws-sdk-java-v2#3085.
    assert [element.tag for element in error.iter()] == [
        *("ErrorResponse", "Error", "Code", "Message"),
        *("RequestId", "HostId"),
    ]
    assert error.findtext("RequestId") == answer.headers["x-amz-request-id"]
    assert error.findtext("HostId") == answer.headers["x-amz-id-2"]
    assert aws_by_hand(emulator.url, "PATCH", jobs).status_code == 405


def test_a_job_waits_for_its_confirmation_unless_told_otherwise(aws: Any, emulator: Emulator) -> None:
    request = create_request()
    del request["ConfirmationRequired"]
    job_id = aws.create_job(**request)["JobId"]
    emulator.advance(10)
    assert aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]["Status"] == "Suspended"


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("<S3PutObjectTagging><TagSet><Tag><Key>a</Key><Value/></Tag></TagSet></S3PutObjectTagging>", "and not member"),
        ("<S3PutObjectTagging><TagSet><member><Key>a</Key></member></TagSet></S3PutObjectTagging>", "lacks Value"),
        ("<S3PutObjectTagging><Tags/></S3PutObjectTagging>", "does not know Tags"),
        ("<S3InitiateRestoreObject><ExpirationInDays><a/></ExpirationInDays></S3InitiateRestoreObject>", "a value"),
    ],
)
def test_operations_are_read_by_the_model(operation: str, text: str) -> None:
    assert text in aws_fault(ET.fromstring(f"<Operation>{operation}</Operation>"))


@pytest.mark.parametrize("fields", [["Bucket"], ["Bucket", "Key", "Key"], ["Bucket", "Key", "Name"], []])
def test_manifests_have_a_bucket_and_a_key(aws: Any, fields: list[str]) -> None:
    request = create_request()
    request["Manifest"]["Spec"]["Fields"] = fields
    assert refusal(aws.create_job, **request) == ("BadRequestException", 400)


def test_created_tags(aws: Any) -> None:
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
    job_id = aws.create_job(**create_request(Tags=tags))["JobId"]
    assert aws.get_job_tagging(AccountId=AWS_ACCOUNT, JobId=job_id)["Tags"] == tags
