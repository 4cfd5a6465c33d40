# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of the clouds, as documented and as seen, read into jobs."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.parse_job_xml import (
    ResponseError,
    parse_described,
    parse_error,
    parse_page,
    parse_updated_priority,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Manifest, Progress, Report

UTC = datetime.timezone.utc

DESCRIBED = b"""<?xml version="1.0" encoding="UTF-8"?>
<DescribeJobResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Job>
  <JobId>53dc6228-c50b-46f7-8ad7-65e7159f1aae</JobId>
  <ConfirmationRequired>true</ConfirmationRequired>
  <Description> nightly &amp; more </Description>
  <JobArn>arn:aws:s3:us-east-1:111122223333:job/53dc6228</JobArn>
  <Status>Suspended</Status>
  <Operation><S3InitiateRestoreObject><ExpirationInDays>7</ExpirationInDays></S3InitiateRestoreObject></Operation>
  <Priority>0</Priority>
  <ProgressSummary><TotalNumberOfTasks>10</TotalNumberOfTasks>
    <NumberOfTasksSucceeded>3</NumberOfTasksSucceeded><NumberOfTasksFailed>1</NumberOfTasksFailed></ProgressSummary>
  <FailureReasons><member/><JobFailure><FailureCode></FailureCode><FailureReason></FailureReason></JobFailure>
    <JobFailure><FailureCode>403</FailureCode><FailureReason>no manifest</FailureReason></JobFailure></FailureReasons>
  <CreationTime>2026-01-31T03:00:00.123Z</CreationTime>
  <SuspendedDate>soon</SuspendedDate>
  <SuspendedCause>Awaiting confirmation</SuspendedCause>
  <Novelty><Inner>1</Inner><Other>2</Other></Novelty>
</Job></DescribeJobResult>"""


def test_described():
    job = parse_described(DESCRIBED)
    assert job.job_id == "53dc6228-c50b-46f7-8ad7-65e7159f1aae"
    assert (job.status, job.priority, job.operation) == ("Suspended", 0, "S3InitiateRestoreObject")
    assert job.description == " nightly & more "
    assert job.confirmation_required is True
    assert job.progress == Progress(10, 3, 1)
    assert job.failure_reasons == ({"code": "403", "reason": "no manifest"},)
    assert job.created == datetime.datetime(2026, 1, 31, 3, 0, 0, 123000, UTC)
    assert job.suspended_cause == "Awaiting confirmation"


def test_unknown_nodes_and_odd_times_are_passed_on():
    assert parse_described(DESCRIBED).extra == {
        "JobArn": "arn:aws:s3:us-east-1:111122223333:job/53dc6228",
        "SuspendedDate": "soon",
        "Novelty": {"Inner": "1", "Other": "2"},
    }


def test_a_missing_priority_is_not_zero():
    job = parse_described(b"<DescribeJobResult><Job><JobId>abc</JobId></Job></DescribeJobResult>")
    assert job.priority is None
    assert job.progress == Progress(None, None, None)
    assert (job.created, job.confirmation_required, job.failure_reasons) == (None, None, ())


@pytest.mark.parametrize("text", ["", "five", "-1", "1.5", "٣"])
def test_a_priority_that_is_no_number_is_unknown(text):
    body = f"<DescribeJobResult><Job><JobId>abc</JobId><Priority>{text}</Priority></Job></DescribeJobResult>"
    assert parse_described(body.encode()).priority is None


def test_page():
    jobs, token = parse_page(
        b"<ListJobsResult><NextToken>t+/=</NextToken><Jobs>"
        b"<member><JobId>one</JobId><Operation>COSDeleteObject</Operation><Status>Hibernating</Status></member>"
        b"<member/><member><JobId>two</JobId><Priority>7</Priority></member></Jobs></ListJobsResult>"
    )
    assert token == "t+/="
    assert [(job.job_id, job.operation, job.status, job.priority) for job in jobs] == [
        ("one", "COSDeleteObject", "Hibernating", None),
        ("two", "", "", 7),
    ]


@pytest.mark.parametrize("body", [b"<ListJobsResult/>", b"<ListJobsResult><Jobs/><NextToken/></ListJobsResult>"])
def test_empty_page(body):
    assert parse_page(body) == ([], "")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "the response is empty"),
        (b"  \n", "the response is empty"),
        (b"<DescribeJobResult><Job><JobId>a", "the response is not valid XML"),
        (b"<html><body>Sign in</body></html>", "the response is <html>, expected <DescribeJobResult>"),
        (b"<DescribeJobResult/>", "the response does not contain a <Job>"),
        (b"<DescribeJobResult><Job><Status>New</Status></Job></DescribeJobResult>", "has no <JobId>"),
    ],
)
def test_bad_answers(body, text):
    with pytest.raises(ResponseError, match=text):
        parse_described(body)


def test_updated_priority():
    body = b"<UpdateJobPriorityResult><JobId>abc</JobId><Priority>%s</Priority></UpdateJobPriorityResult>"
    assert parse_updated_priority(body % b"2147483647") == ("abc", 2147483647)
    assert parse_updated_priority(body % b"") == ("abc", None)


@pytest.mark.parametrize(
    "body",
    [
        b"<Error><Code>NoSuchJob</Code><Message>gone</Message><RequestId>r1</RequestId></Error>",
        b"<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchJob</Code><Message>gone</Message></Error>"
        b"<RequestId>r1</RequestId></ErrorResponse>",
        b'<e:ErrorResponse xmlns:e="urn:x"><e:Error><e:Code>NoSuchJob</e:Code><e:Message>gone</e:Message></e:Error>'
        b"<e:RequestId>r1</e:RequestId></e:ErrorResponse>",
    ],
)
def test_errors_with_and_without_envelope(body):
    nothing = {"detail": "", "server_time": ""}
    assert parse_error(body) == {"code": "NoSuchJob", "message": "gone", "request_id": "r1", **nothing}


def test_errors_of_oss_say_more():
    body = (
        b"<Error><Code>RequestTimeTooSkewed</Code><Message>late</Message><RequestId>r1</RequestId><HostId>h</HostId>"
        b"<ServerTime>2024-08-28T01:23:02.000Z</ServerTime><EC>0002-00000504</EC></Error>"
    )
    assert parse_error(body) == {
        "code": "RequestTimeTooSkewed",
        "message": "late",
        "request_id": "r1",
        "detail": "0002-00000504",
        "server_time": "2024-08-28T01:23:02.000Z",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1749983400", datetime.datetime(2025, 6, 15, 10, 30, tzinfo=datetime.timezone.utc)),
        ("0", datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)),
        ("999999999999", None),
        ("17499834000000", None),
        ("-5", None),
        ("\u0661", None),
    ],
)
def test_unix_seconds(text, expected):
    body = f"<DescribeJobResult><Job><JobId>j</JobId><CreationTime>{text}</CreationTime></Job></DescribeJobResult>"
    job = parse_described(body.encode())
    assert job.created == expected
    assert job.extra == ({} if expected else {"CreationTime": text})


@pytest.mark.parametrize("body", [b"", b"<html/>", b"Bad Gateway"])
def test_no_error(body):
    assert parse_error(body) is None


@pytest.mark.parametrize(("depth", "most"), [(60, 50), (3000, 50), (200_000, 1000)])
def test_nodes_inside_one_another_without_end(depth, most):
    body = b"<DescribeJobResult><Job><JobId>job-1</JobId><New>%s%s</New></Job></DescribeJobResult>"
    with pytest.raises(ResponseError, match=f"more than {most} nested nodes"):
        parse_described(body % (b"<a>" * depth, b"</a>" * depth))


def test_more_nodes_than_any_list_has():
    with pytest.raises(ResponseError, match="larger than any job list"):
        parse_page(b"<ListJobsResult><Jobs>%s</Jobs></ListJobsResult>" % (b"<a/>" * 500_000))


def test_the_operation_with_its_parameters():
    operation = b"<Tag><TagSet><COSTag><Key>a</Key></COSTag><COSTag><Key>b</Key></COSTag></TagSet></Tag>"
    job = parse_described(
        b"<DescribeJobResult><Job><JobId>j</JobId><Operation>%s</Operation></Job></DescribeJobResult>" % operation
    )
    assert (job.operation, job.parameters) == ("Tag", {"TagSet": [{"Key": "a"}, {"Key": "b"}]})
    entries = b"<Map><entry><key>a</key><value>b</value></entry></Map><One/><Two>1</Two><Two>2</Two>"
    job = parse_described(
        b"<DescribeJobResult><Job><JobId>j</JobId><Operation><Put>%s</Put></Operation></Job></DescribeJobResult>"
        % entries
    )
    assert job.parameters == {"Map": {"a": "b"}, "One": "", "Two": ["1", "2"]}


@pytest.mark.parametrize(
    ("xml", "report"),
    [
        ("", None),
        ("<Report/>", None),
        ("<Report><Enabled>false</Enabled><Bucket>b</Bucket></Report>", Report(False, "b")),
        (
            "<Report><Bucket> arn:aws:s3:::b </Bucket><Format>F</Format><Enabled> TRUE </Enabled><Prefix>p</Prefix>"
            "<ReportScope>AllTasks</ReportScope><ExpectedBucketOwner>1</ExpectedBucketOwner></Report>",
            Report(True, "arn:aws:s3:::b", "p", "AllTasks", "F", "1"),
        ),
    ],
)
def test_the_report_of_a_job(xml, report):
    assert (
        parse_described(f"<DescribeJobResult><Job><JobId>j</JobId>{xml}</Job></DescribeJobResult>".encode()).report
        == report
    )


@pytest.mark.parametrize(
    ("location", "fields", "manifest"),
    [
        ('<ObjectArn>arn:aws:s3:::in/k</ObjectArn><ETag>"e"</ETag>', "", Manifest("in", "k", "e")),
        (
            "<Bucket>in</Bucket><Object>k</Object>",
            "<Fields>Bucket, Key</Fields>",
            Manifest("in", "k", "", ("Bucket", "Key")),
        ),
        ("<ObjectArn>arn:aws:s3:::in</ObjectArn>", "", None),
        ("", "", None),
    ],
)
def test_the_manifest_of_a_job(location, fields, manifest):
    xml = f"<Manifest><Spec><Format>F</Format>{fields}</Spec><Location>{location}</Location></Manifest>"
    job = parse_described(f"<DescribeJobResult><Job><JobId>j</JobId>{xml}</Job></DescribeJobResult>".encode())
    assert job.manifest == manifest
    assert job.role == ""


@pytest.mark.parametrize(
    ("timers", "seconds"),
    [
        ("", None),
        ("<Timers/>", None),
        ("<Timers><ElapsedTimeInActiveSeconds/></Timers>", None),
        ("<Timers><ElapsedTimeInActiveSeconds>90</ElapsedTimeInActiveSeconds></Timers>", 90),
        ("<Timers><ElapsedTimeInActiveSeconds> 0 </ElapsedTimeInActiveSeconds></Timers>", 0),
        ("<Timers><ElapsedTimeInActiveSeconds>-5</ElapsedTimeInActiveSeconds></Timers>", None),
        ("<Timers><ElapsedTimeInActiveSeconds>1e3</ElapsedTimeInActiveSeconds></Timers>", None),
    ],
)
def test_the_timer_of_a_job(timers, seconds):
    counts = "<TotalNumberOfTasks>10</TotalNumberOfTasks>"
    body = f"<Job><JobId>a</JobId><ProgressSummary>{counts}{timers}</ProgressSummary></Job>"
    job = parse_described(f"<DescribeJobResult>{body}</DescribeJobResult>".encode())
    assert (job.active_seconds, job.progress.total, job.extra) == (seconds, 10, {})
    listed, token = parse_page(f"<ListJobsResult><Jobs>{body}</Jobs></ListJobsResult>".encode())
    assert (listed[0].active_seconds, token) == (seconds, "")
