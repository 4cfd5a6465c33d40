# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: whose they are, and whether they are whole; what is not is never taken for a report."""

from __future__ import annotations

import gzip
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests import downloads as requests_objects
from batch_emulator.accounts import OSS_UID

from .clouds import JOB_ID, Cloud
from .reports import BUCKET, Report, resource
from .test_report import info, refused
from .test_retry import made, make

if t.TYPE_CHECKING:
    from .moments import Clock

ROW = b"archive,%s,,failed,500,InternalError,x\r\n"
SCOPE = "<ReportScope>AllTasks</ReportScope>"


def reporting(cloud: Cloud, job_id: str, prefix: str = "rep", **job: t.Any) -> None:
    """Seed a job that writes a report, and none of its files."""
    place = cloud.account.connection
    cloud.emulator.make_bucket(cloud.provider, BUCKET, place.get("account_id", OSS_UID), place["region"])
    inside = f"<Prefix>{prefix}</Prefix>" if prefix else ""
    text = f"<Report><Enabled>true</Enabled><Bucket>{resource(cloud)}</Bucket>{inside}{SCOPE}</Report>"
    counts = {"tasks_total": 1, "tasks_done": 1, "tasks_failed": 1}
    cloud.seed({"job_id": job_id, "status": "Complete", "extra_xml": text, **counts, **job})


def own(cloud: Cloud, job_id: str) -> str:
    """An id as the cloud writes it into keys."""
    return str(cloud.names.encode(job_id, "job_id"))


def put(cloud: Cloud, key: str, body: bytes = ROW % b"a") -> None:
    cloud.emulator.put_object(cloud.provider, BUCKET, key, body)


@pytest.mark.parametrize(
    ("job_id", "folder"),
    [
        ("restore-1", "rep/2026/job-restore-10/report"),
        ("restore-1", "rep/2026/job-old-restore-1/report"),
        ("restore-1", "rep/restore-1/report"),
        ("job-restore-1", "rep/2026/job-restore-1/report"),
        ("job-restore-1", "rep/my-job-restore-1-x/report"),
        ("2026-01", "rep/2026-01/report"),
        ("12345", "rep/1234567890/report"),
        (JOB_ID, f"rep/retry-of-{JOB_ID}"),
        (JOB_ID, f"rep/job-{JOB_ID}0/report"),
        (JOB_ID, f"rep/x{JOB_ID}/report"),
    ],
)
def test_the_report_of_another_job_is_never_taken(cloud: Cloud, job_id: str, folder: str) -> None:
    reporting(cloud, job_id)
    put(cloud, f"{folder.replace(JOB_ID, own(cloud, JOB_ID))}/a.csv")
    answer = info(cloud, job_id=job_id)
    assert refused(answer) == "not_ready", answer
    assert refused(make(cloud, job_id=job_id)) == "not_ready"
    assert "PutObject" not in cloud.operations()


@pytest.mark.parametrize("path", ["rep/2026/job-{}/a.csv", "rep/{}/a.csv", "rep/{}.csv", "rep/x/job-{}.csv"])
def test_a_report_is_found_by_the_whole_id(cloud: Cloud, path: str) -> None:
    if cloud.provider == "aws":
        pytest.skip("S3 documents where reports are, so nothing is listed")
    # As each cloud makes ids: a UUID, and Base64 of 32 hexadecimal digits.
    job_id = "MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzU5OTM5YTcxYWU=" if cloud.provider == "oss" else JOB_ID
    names = ["34cde64d7a694da191ffac59939a71ae", job_id] if cloud.provider == "oss" else [job_id]
    for name in names:
        cloud.emulator.reset()
        reporting(cloud, job_id)
        put(cloud, path.format(name))
        put(cloud, path.format(f"{name}9"), ROW % b"b" * 2)
        answer = info(cloud, job_id=job_id)
        assert (answer["rc"], answer["failed_tasks"], answer["report"]["complete"]) == (0, 1, True), answer


def test_two_reports_of_one_job_are_not_chosen_from(cloud: Cloud) -> None:
    if cloud.provider == "aws":
        pytest.skip("S3 documents where reports are, so nothing is listed")
    reporting(cloud, JOB_ID)
    put(cloud, "rep/a.csv")
    for year in ("2025", "2026"):
        put(cloud, f"rep/{year}/job-{own(cloud, JOB_ID)}/manifest.json", b'{"Results": [{"Key": "rep/a.csv"}]}')
    answer = info(cloud)
    assert (answer["rc"], answer["failed_tasks"], answer["report"]["complete"]) == (0, 1, True), "two copies of one"
    put(cloud, f"rep/2026/job-{own(cloud, JOB_ID)}/manifest.json", b'{"Results": [{"Key": "rep/b.csv"}]}')
    answer = info(cloud)
    assert (refused(answer), "location.manifest" in answer["msg"]) == ("unrecognized_format", True), answer


def test_a_list_of_keys_that_stops_decides_nothing(cloud: Cloud, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of a report may be in the pages that were read, and the rest behind them."""
    if cloud.provider == "aws":
        pytest.skip("S3 documents where reports are, so nothing is listed")
    monkeypatch.setattr(requests_objects, "_MOST_PAGES", 2)
    reporting(cloud, JOB_ID, tasks_total=2, tasks_done=2, tasks_failed=2)
    put(cloud, f"rep/2025/job-{own(cloud, JOB_ID)}/a.csv")
    for number in range(2000):
        put(cloud, f"rep/2025/z/{number:04}", b"")
    put(cloud, f"rep/2026/job-{own(cloud, JOB_ID)}/b.csv", ROW % b"b")
    cloud.emulator.clear_log()
    for answer in (info(cloud), make(cloud), info(cloud, location={"bucket": BUCKET, "prefix": "rep"})):
        assert (answer["rc"], answer["error"]["kind"], answer["changed"]) == (1, "unsupported", False), answer
        assert "too many keys begin with 'rep'" in answer["msg"] and "location" in answer["error"]["hint"]
    assert cloud.operations().count("ListObjects") == 6
    narrow = info(cloud, location={"bucket": BUCKET, "prefix": "rep/2026"})
    assert (narrow["rc"], narrow["failed_tasks"], narrow["report"]["complete"]) == (0, 1, None), narrow
    # What comes while it is waited for is found where S3 would write it, without another list.
    monkeypatch.setattr(requests_objects, "_MOST_PAGES", 1)
    cloud.emulator.clear_log()
    late = info(cloud, wait_for_report=60)
    assert (late["rc"], late["error"]["kind"]) == (1, "unsupported")
    assert (cloud.operations().count("ListObjects"), sum(clock.slept)) == (1, 60.0)


def damaged(body: bytes) -> dict[str, tuple[bytes, str]]:
    """Files that are no whole gzip, and what is said of them."""
    packed = gzip.compress(body)
    two = packed + gzip.compress(body)
    return {
        "half": (packed[: len(packed) // 2], "is truncated: it ends within a gzip member"),
        "without its check": (packed[:-8], "is truncated: it ends within a gzip member"),
        "without its last byte": (packed[:-1], "is truncated: it ends within a gzip member"),
        "half of the second member": (two[: len(packed) + 25], "is truncated: it ends within a gzip member"),
        "garbage behind": (packed + b"garbage", "is not valid gzip after member 1"),
        "zeros behind": (packed + bytes(16), "is not valid gzip after member 1"),
        "nothing": (b"", "is empty"),
        "no gzip": (body, "is not valid gzip"),
        "another sum": (packed[:-8] + bytes(4) + packed[-4:], "is not valid gzip"),
    }


@pytest.mark.parametrize("located", [False, True], ids=["job", "location"])
@pytest.mark.parametrize("case", damaged(b""))
def test_a_gzip_that_is_not_whole_is_no_report(cloud: Cloud, case: str, located: bool) -> None:
    body, words = damaged(b"".join(ROW % b"%d" % number for number in range(5000)))[case]
    Report({}, job={"tasks_total": 5000, "tasks_done": 5000, "tasks_failed": 5000}).put(cloud)
    folder = f"some/where/job-{own(cloud, JOB_ID)}"
    put(cloud, f"{folder}/results/a.csv.gz", body)
    put(cloud, f"{folder}/manifest.json", b'{"Results": [{"Key": "%s/results/a.csv.gz"}]}' % folder.encode())
    options = {"location": {"bucket": BUCKET, "prefix": "some/where"}} if located else {}
    for answer in (info(cloud, **options), make(cloud, **options)):
        assert (answer["rc"], answer["error"]["kind"]) == (1, "invalid_response"), answer
        assert words in answer["msg"] and "a.csv.gz" in answer["msg"] and answer["error"]["hint"], answer["msg"]
        assert answer["error"]["retryable"] is False
    assert made(cloud) == {}


@pytest.mark.parametrize("members", [1, 2, 3])
def test_a_gzip_of_several_members_is_whole(cloud: Cloud, members: int) -> None:
    Report({}, job={"tasks_total": members, "tasks_done": members, "tasks_failed": members}).put(cloud)
    folder = f"some/where/job-{own(cloud, JOB_ID)}"
    put(cloud, f"{folder}/a.csv.gz", b"".join(gzip.compress(ROW % b"%d" % number) for number in range(members)))
    put(cloud, f"{folder}/manifest.json", b'{"Results": [{"Key": "%s/a.csv.gz"}]}' % folder.encode())
    answer = info(cloud)
    assert (answer["rc"], answer["failed_tasks"], answer["report"]["complete"]) == (0, members, True), answer


STRAY = {
    "to the end": b'archive,a,,failed,500,X,x\r\narchive,b,,failed,500,X,"oops\r\n'
    b"archive,c,,failed,404,NoSuchKey,x\r\narchive,d,,succeeded,200,,x\r\n",
    "to the next one": b'archive,a,,failed,500,X,x\r\narchive,b,,failed,500,X,"oops\r\n'
    b'archive,c,,failed,404,NoSuchKey,"x\r\narchive,d,,succeeded,200,,x\r\n',
    "in a key": b'archive,"a,,failed,500,X,x\r\narchive,b"c,,failed,500,X,x\r\n',
    "with commas": b'archive,a,,failed,500,X,"bad, really\r\narchive,b,,failed,404,NoSuchKey,x\r\n',
}


@pytest.mark.parametrize("case", STRAY)
@pytest.mark.parametrize("located", [False, True], ids=["job", "location"])
def test_a_stray_quote_swallows_no_row_silently(cloud: Cloud, case: str, located: bool) -> None:
    # So many rows are read, and so the counts of the job do not tell.
    counts = {"tasks_total": 2, "tasks_done": 2, "tasks_failed": 2}
    Report({"failed": STRAY[case]}, job=counts).put(cloud)
    options = {"location": {"bucket": BUCKET, "prefix": "some/where"}} if located else {}
    answer = info(cloud, **options)
    assert (answer["rc"], answer["report"]["complete"]) == (0, False), answer
    assert answer["report"]["malformed_rows"] > 0
    assert "inside an unmatched quote" in answer["msg"]
    answer = make(cloud, **options)
    assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "not_ready", {}), answer


def test_a_message_may_go_over_several_lines(cloud: Cloud) -> None:
    rows = (
        b'archive,a,,failed,200,PermanentFailure,"Traceback:\r\n  line 1, in x\r\n\r\nValueError: failed, sorry"\r\n'
        b'archive,b,,failed,200,PermanentFailure,"{""errors"": [1,\n2,3,4,5,6,7,\n8]}"\r\n'
    )
    Report({"failed": rows}, job={"tasks_total": 2, "tasks_done": 2, "tasks_failed": 2}).put(cloud)
    answer = info(cloud)
    assert (answer["failed_tasks"], answer["report"]["malformed_rows"], answer["report"]["complete"]) == (2, 0, True)
    assert make(cloud)["count"] == 2


@pytest.mark.parametrize("body", [b"\r\n", b"\r\n" * 5000, b"", b"\xef\xbb\xbf"], ids=["line", "lines", "none", "mark"])
def test_files_of_nothing(cloud: Cloud, body: bytes) -> None:
    Report({"succeeded": body, "failed": ROW % b"a"}, job={"tasks_total": 1, "tasks_done": 1, "tasks_failed": 1}).put(
        cloud
    )
    answer = info(cloud)
    assert (answer["rc"], answer["failed_tasks"], answer["report"]["complete"]) == (0, 1, True), answer


def test_a_line_without_end_names_its_file(cloud: Cloud) -> None:
    body = ROW % b"a" + b"x" * (5 * 2**20)
    Report({"failed": body}, job={"tasks_total": 1, "tasks_done": 1, "tasks_failed": 1}).put(cloud)
    answer = info(cloud)
    assert refused(answer) == "invalid_response"
    assert f".csv in bucket {BUCKET} has a line longer than 4 MiB" in answer["msg"] and answer["error"]["hint"]
    packed = gzip.compress(body)
    folder = f"some/where/job-{own(cloud, JOB_ID)}"
    put(cloud, f"{folder}/bomb.csv.gz", packed)
    put(cloud, f"{folder}/manifest.json", b'{"Results": [{"Key": "%s/bomb.csv.gz"}]}' % folder.encode())
    answer = info(cloud)
    assert f"bomb.csv.gz in bucket {BUCKET} has a line" in answer["msg"]


def test_a_file_that_is_missing_is_named(cloud: Cloud) -> None:
    manifest = {"Results": [{"Key": "some/where/gone.csv", "Bucket": BUCKET}]}
    Report({}, job={"tasks_total": 1, "tasks_done": 1, "tasks_failed": 1}, manifest=manifest).put(cloud)
    answer = info(cloud)
    assert (refused(answer), answer["error"]["code"]) == ("not_found", "NoSuchKey")
    assert f"some/where/gone.csv in bucket {BUCKET}" in answer["msg"] and answer["error"]["hint"]


@pytest.mark.parametrize("key", ["some/../x.csv", "..", "a/./b.csv", "x" * 2000])
def test_a_key_that_cannot_be_is_named(cloud: Cloud, key: str) -> None:
    manifest = {"Results": [{"Key": key, "Bucket": BUCKET}]}
    Report({}, job={"tasks_total": 1, "tasks_done": 1, "tasks_failed": 1}, manifest=manifest).put(cloud)
    answer = info(cloud)
    assert refused(answer) == "unrecognized_format"
    assert f"lists a file with an invalid key, {key[:100]!r}" in answer["msg"] and "CSV" not in answer["msg"], answer[
        "msg"
    ]


def test_an_original_manifest_with_a_stray_quote_is_refused(cloud: Cloud) -> None:
    from .test_retry import manifest_xml

    Report({"succeeded": b"archive,a,,succeeded,200,,x\r\n"}, job={"tasks_total": 9, "tasks_done": 1}).put(cloud)
    body = b'archive,a\narchive,"b\narchive,c\narchive,d\n'
    etag = cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", body)["etag"]
    report = cloud.emulator.job(JOB_ID)["extra_xml"]
    cloud.emulator.patch(JOB_ID, extra_xml=report + manifest_xml(cloud, "lists/all.csv", etag))
    answer = make(cloud, retry_scope="unfinished")
    assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "unrecognized_format", {}), answer
    assert "lists/all.csv" in answer["msg"]


def test_keys_of_a_report_are_shown_within_bounds(cloud: Cloud) -> None:
    row = b"archive,%s,%s,failed,500,%s,%s\r\n" % (b"k" * 100_000, b"v" * 100_000, b"C" * 100_000, b"m" * 100_000)
    Report({"failed": row * 2}, job={"tasks_total": 2, "tasks_done": 2, "tasks_failed": 2}).put(cloud)
    answer = info(cloud)
    assert answer["rc"] == 0 and len(str(answer)) < 40_000, len(str(answer))
