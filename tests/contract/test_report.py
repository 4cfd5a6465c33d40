# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_report_info: what a report says, what is no report, and what costs what, on every cloud."""

from __future__ import annotations

import gzip
import json
import typing as t

import pytest

from .clouds import JOB_ID, Cloud
from .reports import BUCKET, Report, resource

if t.TYPE_CHECKING:
    from .moments import Clock

GOOD = (
    b"archive,a%2520b,null,succeeded,200,,Successful\r\n"
    b'archive,c,\\N,succeeded,200,,"{""checksum_hex"": ""00"",\r\n""etag"": ""x""}"\r\n'
)
TAIL = (
    b"(Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: R1+/=;"
    b" S3 Extended Request ID: x=; Proxy: null)"
)
BAD = (
    b'archive,d%2C1,,failed,403,AccessDenied,"Access Denied ' + TAIL + b'"\r\n'
    b"archive,e,v1,failed,500,SrcObjectNotFound,Object versionID is invalid\r\n"
    # As it is declared: the code before the status.
    b"archive,f,v2,failed,InternalError,500,Please try again\r\n"
    b"archive,g,,failed,409,RestoreAlreadyInProgress,Object restore is already in progress\r\n"
)
COUNTS = {"tasks_total": 6, "tasks_done": 6, "tasks_failed": 4, "operation": "S3InitiateRestoreObject"}


def info(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job_report_info", **{"job_id": JOB_ID, **options})


def refused(answer: dict[str, t.Any]) -> str:
    assert answer["rc"] == 1, answer
    return str(answer["error"]["kind"])


@pytest.mark.parametrize("prefix", ["some/where", "some/where/", ""])
def test_what_a_report_says(cloud: Cloud, prefix: str) -> None:
    key = Report({"succeeded": GOOD, "failed": BAD}, prefix=prefix, job=COUNTS).put(cloud)
    answer = info(cloud)
    assert answer["rc"] == 0, answer
    report = answer["report"]
    assert (report["manifest"], report["bucket"]) == (cloud.names.decode(key), BUCKET)
    assert (report["rows"], report["files"], report["complete"], report["checksums"]) == (6, 2, True, True)
    assert (answer["succeeded"], answer["failed_tasks"], answer["benign"], answer["never_attempted"]) == (2, 4, 1, 0)
    assert {
        item["code"]: (item["http_status"], item["count"], item["retry_class"], item["benign"])
        for item in answer["codes"]
    } == {
        "AccessDenied": (403, 1, "after_fix", False),
        "SrcObjectNotFound": (500, 1, "permanent", False),
        "InternalError": (500, 1, "retryable", False),
        "RestoreAlreadyInProgress": (409, 1, "not_needed", True),
    }
    denied = next(item["sample"] for item in answer["codes"] if item["code"] == "AccessDenied")
    assert (denied["message"], denied["request_id"]) == ("Access Denied", "R1+/=")
    assert (denied["key"], denied["decoded_key"]) == ("d%2C1", "d,1")
    assert [item["key"] for item in answer["failures"]] == ["d%2C1", "e", "f", "g"]
    assert answer["jobs"] == [answer["job"]]
    assert cloud.operations() == ["DescribeJob", "GetObject", "GetObject", "GetObject"]
    assert answer["calls"]["sent"] == {"DescribeJob": 1, "GetObject": 3}
    assert not answer["changed"] and not cloud.writes()


def test_limits_and_benign_codes(cloud: Cloud) -> None:
    Report({"failed": BAD}, job={**COUNTS, "operation": "S3PutObjectCopy", "tasks_done": 4}).put(cloud)
    answer = info(cloud, limit=1)
    assert ([item["key"] for item in answer["failures"]], answer["benign"]) == (["d%2C1"], 0)
    answer = info(cloud, limit=0, benign=["AccessDenied"])
    assert (answer["failures"], answer["benign"], answer["failed_tasks"]) == ([], 1, 4)


def test_what_is_missing_is_said(cloud: Cloud) -> None:
    Report({"failed": BAD}, job={**COUNTS, "tasks_total": 1000}).put(cloud)
    answer = info(cloud)
    assert (answer["report"]["complete"], answer["never_attempted"]) == (False, 994)
    assert "it has 4 rows, expected 6" in answer["msg"]
    assert "994 tasks never started" in answer["msg"]
    cloud.emulator.reset()
    Report({"failed": BAD}, scope="FailedTasksOnly", job=COUNTS).put(cloud)
    answer = info(cloud)
    assert (answer["report"]["complete"], answer["succeeded"], answer["failed_tasks"]) == (True, 0, 4)


def test_a_job_that_the_cloud_has_forgotten(cloud: Cloud) -> None:
    key = Report({"failed": BAD}, job=COUNTS).put(cloud)
    answer = info(cloud, location={"bucket": resource(cloud), "prefix": "some/where"})
    assert (answer["failed_tasks"], answer["report"]["complete"], answer["jobs"]) == (4, None, [])
    answer = info(cloud, job_id=None, location={"bucket": BUCKET, "manifest": key, "scope": "FailedTasksOnly"})
    assert (answer["failed_tasks"], answer["report"]["scope"]) == (4, "FailedTasksOnly")
    assert "DescribeJob" not in cloud.operations()


def test_no_report(cloud: Cloud) -> None:
    cloud.seed(status="Complete")
    assert refused(info(cloud)) == "report_not_found"


def test_no_report_yet(cloud: Cloud) -> None:
    Report({}, job={**COUNTS, "status": "Active"}).put(cloud)
    answer = info(cloud)
    assert (refused(answer), answer["error"]["retryable"]) == ("not_ready", True)
    assert "is Active" in answer["msg"]
    assert cloud.operations() == ["DescribeJob"]
    gone = info(cloud, location={"bucket": BUCKET, "prefix": "else/where"})
    assert refused(gone) == "not_ready"
    assert "else/where/job-" in gone["msg"]
    assert refused(info(cloud, location={"bucket": "no-such-bucket", "prefix": "x"})) == "not_found"


def test_no_failure_is_no_report_but_no_error(cloud: Cloud) -> None:
    place = cloud.account.connection
    cloud.emulator.make_bucket(cloud.provider, BUCKET, place.get("account_id", "1000000000000001"), place["region"])
    text = f"<Report><Enabled>true</Enabled><Bucket>{resource(cloud)}</Bucket>"
    text += "<ReportScope>FailedTasksOnly</ReportScope></Report>"
    cloud.seed(status="Complete", tasks_total=5, tasks_done=5, extra_xml=text)
    answer = info(cloud)
    assert (answer["rc"], answer["failed_tasks"], answer["report"]["complete"]) == (0, 0, True)
    cloud.emulator.patch(JOB_ID, tasks_failed=1)
    assert refused(info(cloud)) == "not_ready"
    cloud.emulator.patch(
        JOB_ID, tasks_done=0, tasks_failed=0, status="Failed", failure_reasons=[{"code": "C", "reason": "why"}]
    )
    answer = info(cloud)
    assert (refused(answer), "C: why" in answer["msg"]) == ("report_not_found", True)


def test_a_report_that_lies_about_its_md5(cloud: Cloud) -> None:
    report = Report({"failed": BAD}, job=COUNTS)
    report.put(cloud)
    key = next(key for key in cloud.emulator.objects(cloud.provider, BUCKET) if key.endswith(".csv"))
    cloud.emulator.put_object(cloud.provider, BUCKET, key, BAD.replace(b"403", b"404"))
    answer = info(cloud)
    assert (refused(answer), answer["error"]["retryable"]) == ("invalid_response", False)
    assert "has the MD5" in answer["msg"]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"Results": "none"}, "has no list named Results or files"),
        ({"Results": [{"Bucket": BUCKET}]}, "a file without a key"),
        ({"Results": [{"Key": "x", "Bucket": "elsewhere"}]}, "a file in a different bucket, 'elsewhere'"),
        ({"Results": [{"Key": "x", "MD5Checksum": "zz"}]}, "an invalid MD5 checksum, 'zz'"),
        ({"Results": [7]}, "a file without a key"),
        ({"ReportSchema": "Color, Size"}, "Columns found: 'Color', 'Size'"),
    ],
    ids=str,
)
def test_reports_of_another_shape(cloud: Cloud, manifest: dict[str, t.Any], words: str) -> None:
    Report({"failed": BAD}, job=COUNTS, manifest=manifest).put(cloud)
    answer = info(cloud)
    assert (refused(answer), words in answer["msg"]) == ("unrecognized_format", True), answer["msg"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"archive,a,,maybe,403,AccessDenied,no\r\n", "expected succeeded or failed as the task status, found 'maybe'"),
        (b"archive;a;;failed;403;AccessDenied;no\r\n", "expected 7 columns in the first row, found 1"),
        (b"archive,,,failed,403,AccessDenied,no\r\n", "the first row has no key"),
        (b'archive,"' + b"x" * 200_000 + b'",,failed,403,AccessDenied,no\r\n', "is not valid CSV"),
        (b"\x00\x01\x02\r\n", ""),
    ],
    ids=["word", "columns", "key", "field", "binary"],
)
def test_files_of_another_shape(cloud: Cloud, body: bytes, words: str) -> None:
    Report({"failed": body}, job=COUNTS).put(cloud)
    answer = info(cloud)
    assert (refused(answer), words in answer["msg"]) == ("unrecognized_format", True), answer["msg"]


def test_rows_that_are_broken_are_counted(cloud: Cloud) -> None:
    Report({"failed": BAD + b"\r\nonly,two\r\n"}, job={**COUNTS, "tasks_done": 4}).put(cloud)
    answer = info(cloud)
    assert (answer["report"]["malformed_rows"], answer["report"]["complete"], answer["failed_tasks"]) == (1, False, 4)
    assert "Ignored 1 malformed report row (unexpected number of columns" in answer["msg"]


def test_an_empty_file_and_keys_of_strangers(cloud: Cloud) -> None:
    evil = (
        "archive,\u202egnp.exe%0A\x1b[31m,,failed,403,<script>\u2028,\x07\r\n".encode()
        + b"archive,\xff\xfe,,failed,403,X,\r\n"
    )
    Report({"succeeded": b"", "failed": evil}, job={**COUNTS, "tasks_done": 2, "tasks_failed": 2}).put(cloud)
    answer = info(cloud)
    assert answer["rc"] == 0, answer
    text = json.dumps([answer["failures"], answer["codes"], answer["msg"]], ensure_ascii=False)
    assert not {"\u202e", "\x1b", "\u2028", "\x07", "\udcff"} & set(json.loads(json.dumps(text)))
    assert answer["report"]["complete"] is True


def test_a_report_that_comes_late(cloud: Cloud, clock: Clock) -> None:
    report = Report({"failed": BAD}, job=COUNTS)
    key = report.put(cloud)
    cloud.fault("denied", operation="GetObject", code="NoSuchKey", message="not yet", count=1)
    answer = info(cloud, wait_for_report="10s")
    assert answer["rc"] == 0 and answer["report"]["manifest"] == cloud.names.decode(key)
    # The others list what is there, and find it at once.
    assert clock.slept == ([2.0] if cloud.provider == "aws" else [])


@pytest.mark.parametrize("fault", ["throttle", "unavailable", "drop_before", "truncated"])
def test_a_part_that_fails_is_asked_for_again(cloud: Cloud, fault: str) -> None:
    Report({"succeeded": GOOD, "failed": BAD}, job=COUNTS).put(cloud)
    cloud.fault(fault, operation="GetObject", skip=1)
    answer = info(cloud)
    assert (answer["rc"], answer["failed_tasks"], answer["report"]["complete"]) == (0, 4, True), answer["msg"]
    assert cloud.operations().count("GetObject") == 4


def test_denied_says_what_is_needed(cloud: Cloud) -> None:
    Report({"failed": BAD}, job=COUNTS).put(cloud)
    cloud.fault("denied", operation="GetObject")
    answer = info(cloud)
    assert refused(answer) == "access_denied"
    assert "GetObject" in answer["error"]["hint"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"job_id": None}, "one of the following is required: job_id, location"),
        ({"limit": -1}, "value of limit must be an integer from 0 to 10000, got: -1"),
        ({"limit": 10_001}, "value of limit must be an integer from 0 to 10000, got: 10001"),
        ({"wait_for_report": -1}, "value of wait_for_report must be 0...got: -1"),
        ({"wait_for_report": "soon"}, "value of wait_for_report must be ...got: 'soon'"),
        ({"columns": []}, "value of columns must ...got: []"),
        ({"columns": ["Bucket"]}, "value of columns must contain at least Key and TaskStatus, got: ['Bucket']"),
        ({"location": {"bucket": ""}}, "value of location.bucket must not be empty, got: ''"),
        ({"job_id": None, "location": {"bucket": "b", "prefix": "p"}}, "job_id is required with location"),
        (
            {"location": {"bucket": "b", "manifest": "a/../b"}},
            "value of location.manifest must not have a path segment . or .., because URLs drop them, got: 'a/../b'",
        ),
        ({"job_id": "a b"}, "value of job_id must be ...got: 'a b'"),
    ],
    ids=str,
)
def test_bad_options_cost_no_request(cloud: Cloud, options: dict[str, t.Any], words: str) -> None:
    answer = info(cloud, **options)
    assert (answer["rc"], all(part in answer["msg"] for part in words.split("..."))) == (1, True), answer["msg"]
    assert cloud.operations() == []


@pytest.mark.parametrize("packed", [False, True], ids=["csv", "gzip"])
def test_a_report_that_is_looked_for(cloud: Cloud, packed: bool) -> None:
    """Where nothing says where it is: by the job's id below the prefix, with a header and columns of its own."""
    Report({}, job={**COUNTS, "tasks_done": 4}).put(cloud)
    body = b"Object Name,Status,Error Code,Error Message\nd,Failed,AccessDenied,no\ne,Success,,\n"
    manifest = next(iter(cloud.emulator.objects(cloud.provider, BUCKET)))
    folder = manifest.rpartition("/")[0].replace("some/where/", "some/of/2026/")
    cloud.emulator.reset()
    Report({}, prefix="other", job={**COUNTS, "tasks_done": 2, "tasks_failed": 1}).put(cloud)
    cloud.emulator.patch(
        JOB_ID,
        extra_xml=f"<Report><Enabled>true</Enabled><Bucket>{resource(cloud)}</Bucket><Prefix>some</Prefix><ReportScope>AllTasks</ReportScope></Report>",
    )
    key = f"{folder}/part-1.csv" + (".gz" if packed else "")
    cloud.emulator.put_object(cloud.provider, BUCKET, key, gzip.compress(body) if packed else body)
    cloud.emulator.put_object(cloud.provider, BUCKET, "some/other-job/part-1.csv", BAD)
    answer = info(cloud)
    if cloud.provider == "aws":
        assert refused(answer) == "not_ready"
        return
    assert answer["rc"] == 0, answer
    assert (answer["failed_tasks"], answer["succeeded"], answer["report"]["complete"]) == (1, 1, True)
    assert answer["codes"][0]["code"] == "AccessDenied"
    named = info(cloud, columns=["Key", "TaskStatus", "Other", "Another"])
    assert named["rc"] == 0
    cloud.emulator.put_object(cloud.provider, BUCKET, key, b"not,a,report\n")
    if not packed:
        unknown = info(cloud)
        assert (refused(unknown), "Set columns" in unknown["msg"]) == ("unrecognized_format", True)
