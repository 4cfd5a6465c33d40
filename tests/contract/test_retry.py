# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_retry_manifest: which objects are retried, byte for byte, and written once, on every provider."""

from __future__ import annotations

import typing as t

import pytest

from .clouds import JOB_ID, Cloud
from .reports import BUCKET, Report

ROWS = (
    b"archive,a%2520b%2C,,failed,500,InternalError,x\r\n"
    b"archive,films/\xc3\xa9.mov,,failed,503,SlowDown,x\r\n"
    b"archive,gone,,failed,404,NoSuchKey,x\r\n"
    b"archive,locked,,failed,403,AccessDenied,x\r\n"
    b"archive,films/\xc3\xa9.mov,,failed,503,SlowDown,again\r\n"
    b"archive,going,,failed,409,RestoreAlreadyInProgress,x\r\n"
)
GOOD = b"archive,good-1,,succeeded,200,,Successful\r\narchive,good-2,,succeeded,200,,Successful\r\n"
COUNTS = {"tasks_total": 8, "tasks_done": 8, "tasks_failed": 6, "operation": "S3InitiateRestoreObject"}
FAILED = {**COUNTS, "tasks_done": 6}
FIRST = b"archive,a%2520b%2C\narchive,films/\xc3\xa9.mov\n"


def make(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_retry_manifest", **{"job_id": JOB_ID, "manifest_bucket": BUCKET, **options})


def made(cloud: Cloud) -> dict[str, bytes]:
    """The manifests that are there, by key."""
    keys = [key for key in cloud.emulator.objects(cloud.provider, BUCKET) if "retry-of" in key]
    return {key: cloud.emulator.read_object(cloud.provider, BUCKET, key) for key in keys}


def test_what_may_succeed_is_written_once(cloud: Cloud) -> None:
    Report({"succeeded": GOOD, "failed": ROWS}, job=COUNTS).put(cloud)
    planned = make(cloud, check_mode=True, diff=True)
    assert (planned["changed"], planned["count"], made(cloud)) == (True, 2, {})
    assert planned["diff"][0]["after"] == "archive,a%2520b%2C\narchive,films/é.mov\n"
    first = make(cloud)
    assert (first["rc"], first["changed"], first["count"]) == (0, True, 2), first
    [(key, body)] = made(cloud).items()
    assert body == FIRST
    assert (first["manifests"][0]["key"], first["manifests"][0]["outcome"]) == (key, "changed")
    assert first["manifest"]["object_arn"].endswith(f"{BUCKET}/{key}")
    assert first["manifest"]["etag"] == cloud.emulator.objects(cloud.provider, BUCKET)[key]
    assert first["manifest"]["fields"] == ["Bucket", "Key"]
    assert {item["code"]: item["count"] for item in first["not_retried"]} == {
        "NoSuchKey": 1,
        "AccessDenied": 1,
        "RestoreAlreadyInProgress": 1,
    }
    cloud.emulator.clear_log()
    second = make(cloud)
    assert (second["changed"], second["manifest"]) == (False, first["manifest"])
    assert not cloud.writes() and "PutObject" not in cloud.operations()
    assert len(cloud.writes()) == 0


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({"retry_class": ["after_fix"]}, [b"locked"]),
        ({"retry_class": ["retryable", "after_fix"]}, [b"a%2520b%2C", b"films/\xc3\xa9.mov", b"locked"]),
        ({"retry_class": ["permanent"], "exclude": ["NoSuchKey"]}, []),
        ({"include": ["NoSuchKey"], "exclude": ["SlowDown"]}, [b"a%2520b%2C", b"gone"]),
        ({"benign": [], "include": ["RestoreAlreadyInProgress"], "retry_class": ["permanent"]}, [b"going", b"gone"]),
        ({"benign": ["InternalError", "SlowDown"]}, []),
    ],
    ids=str,
)
def test_what_is_chosen(cloud: Cloud, options: dict[str, t.Any], keys: list[bytes]) -> None:
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    answer = make(cloud, **options)
    assert answer["rc"] == 0, answer
    assert (answer["count"], answer["changed"]) == (len(keys), bool(keys))
    assert b"".join(made(cloud).values()) == b"".join(b"archive," + key + b"\n" for key in keys)
    if not keys:
        assert answer["manifest"] is None and "No objects to retry" in answer["msg"]
        assert "PutObject" not in cloud.operations()


VERSIONS = (
    b"archive,a,v1,failed,500,InternalError,x\r\n"
    b"archive,b,null,failed,500,InternalError,x\r\n"
    b"archive,c,\\N,failed,500,InternalError,x\r\n"
    b"archive,d,,failed,500,InternalError,x\r\n"
)


def test_versions(cloud: Cloud) -> None:
    Report({"failed": VERSIONS}, job={**COUNTS, "tasks_done": 6}).put(cloud)
    cloud.emulator.patch(JOB_ID, extra_xml="")
    location = {"bucket": BUCKET, "prefix": "some/where"}
    answer = make(cloud, location=location)
    assert answer["rc"] == 0, answer
    if cloud.provider == "oss":
        # Without the one whose version no manifest can name.
        assert sorted(made(cloud).values()) == [b"archive,b\narchive,c\narchive,d\n"]
        assert answer["unsupported_objects"] == 1
        return
    assert sorted(made(cloud).values()) == [b"archive,a,v1\narchive,b,null\n", b"archive,c\narchive,d\n"]
    assert [item["manifest"]["fields"] for item in answer["manifests"]] == [
        ["Bucket", "Key", "VersionId"],
        ["Bucket", "Key"],
    ]
    assert "which applies to the latest versions" in answer["msg"]
    assert answer["manifest"] == answer["manifests"][0]["manifest"]


def test_versions_that_say_nothing(cloud: Cloud) -> None:
    Report({"failed": VERSIONS.replace(b"v1", b"null")}, job=FAILED).put(cloud)
    answer = make(cloud, location={"bucket": BUCKET, "prefix": "some/where"})
    assert (answer["rc"], list(made(cloud).values())) == (0, [b"archive,a\narchive,b\narchive,c\narchive,d\n"]), answer


def test_keys_that_no_manifest_can_hold(cloud: Cloud) -> None:
    rows = b'archive,"a,b",,failed,500,InternalError,x\r\narchive,"c\r\nd",,failed,500,InternalError,x\r\n'
    Report({"failed": rows}, job={**COUNTS, "tasks_done": 2, "tasks_failed": 2}).put(cloud)
    answer = make(cloud)
    assert answer["rc"] == 0, answer
    quoted = cloud.provider != "cos"
    assert (answer["count"], answer["unsupported_objects"]) == ((1, 1) if quoted else (0, 2))
    assert list(made(cloud).values()) == ([b'archive,"a,b"\n'] if quoted else [])
    assert "a manifest cannot contain the key or version" in answer["msg"]


def test_what_a_dead_job_never_started(cloud: Cloud) -> None:
    """From the original manifest; the report alone lacks it."""
    Report({"succeeded": GOOD, "failed": ROWS}, job={**COUNTS, "tasks_total": 9, "status": "Failed"}).put(cloud)
    names = [b"good-1", b"a%2520b%2C", b"films/\xc3\xa9.mov", b"gone", b"locked", b"going", b"never", b"good-2"]
    body = b"".join(b"archive," + name + b"\r\n" for name in names)
    etag = cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", body)["etag"]
    report = cloud.emulator.job(JOB_ID)["extra_xml"]
    cloud.emulator.patch(JOB_ID, extra_xml=report + manifest_xml(cloud, "lists/all.csv", etag))
    answer = make(cloud, retry_scope="unfinished")
    assert answer["rc"] == 0, answer
    rest = [b"a%2520b%2C", b"films/\xc3\xa9.mov", b"gone", b"locked", b"never"]
    assert list(made(cloud).values()) == [b"".join(b"archive," + name + b"\n" for name in rest)]
    assert make(cloud, retry_scope="unfinished")["changed"] is False
    cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", body + b"archive,new\r\n")
    changed = make(cloud, retry_scope="unfinished")
    assert (changed["rc"], changed["error"]["kind"]) == (1, "conflict")


def manifest_xml(cloud: Cloud, key: str, etag: str) -> str:
    """What DescribeJob says of a manifest."""
    name = {"aws": f"arn:aws:s3:::{BUCKET}/{key}", "cos": f"qcs::cos:ap-guangzhou:uid/1250000000:{BUCKET}/{key}"}
    place = f"<Bucket>{BUCKET}</Bucket><Object>{key}</Object>"
    if cloud.provider in name:
        place = f"<ObjectArn>{name[cloud.provider]}</ObjectArn>"
    members = "<member>Bucket</member><member>Key</member>"
    fields = "Bucket,Key" if cloud.provider == "oss" else members
    spec = f"<Spec><Fields>{fields}</Fields><Format>x</Format></Spec>"
    return f'<Manifest><Location><ETag>"{etag}"</ETag>{place}</Location>{spec}</Manifest>'


def test_what_cannot_be_told_is_refused(cloud: Cloud) -> None:
    Report({"failed": ROWS}, scope="FailedTasksOnly", job=FAILED).put(cloud)
    answer = make(cloud, retry_scope="unfinished", location={"bucket": BUCKET, "prefix": "some/where"})
    assert (answer["rc"], answer["error"]["kind"]) == (1, "unsupported")
    answer = make(cloud, retry_scope="unfinished")
    assert (answer["rc"], answer["error"]["kind"]) == (1, "unsupported")


def test_a_report_that_lacks_rows_is_not_decided_on(cloud: Cloud) -> None:
    Report({"failed": ROWS}, job=COUNTS).put(cloud)
    for options in ({}, {"retry_scope": "failed", "retry_class": ["permanent"]}):
        answer = make(cloud, **options)
        assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "not_ready", {}), answer
        assert "it has 6 rows, expected 8" in answer["msg"]
    assert make(cloud, location={"bucket": BUCKET, "prefix": "some/where"})["count"] == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "unavailable", "throttle"])
def test_a_manifest_whose_answer_is_lost(cloud: Cloud, fault: str) -> None:
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    cloud.fault(fault, operation="PutObject", count=2)
    answer = make(cloud)
    assert (answer["rc"], answer["changed"], list(made(cloud).values())) == (0, True, [FIRST]), answer["msg"]
    assert answer["manifest"]["etag"] in cloud.emulator.objects(cloud.provider, BUCKET).values()


def test_somebody_elses_object_is_never_overwritten(cloud: Cloud) -> None:
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    key = make(cloud, check_mode=True)["manifests"][0]["key"]
    cloud.emulator.put_object(cloud.provider, BUCKET, key, b"theirs\n")
    answer = make(cloud)
    assert (answer["rc"], answer["error"]["kind"], list(made(cloud).values())) == (1, "conflict", [b"theirs\n"])


def test_denied_says_what_is_needed(cloud: Cloud) -> None:
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    cloud.fault("denied", operation="PutObject")
    answer = make(cloud)
    assert (answer["rc"], answer["error"]["kind"]) == (1, "access_denied")
    assert "PutObject" in answer["error"]["hint"] and not made(cloud)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"job_id": None}, "one of the following is required"),
        ({"retry_class": []}, "value of retry_class must ...got: []"),
        ({"retry_class": ["perhaps"]}, "value of retry_class must be one or more of"),
        ({"include": [""]}, "value of include must ...got: ['']"),
        (
            {"include": ["X"], "exclude": ["X"]},
            "value of exclude must not contain codes that are also in include, got: ['X']",
        ),
        (
            {"manifest_prefix": "a/../b"},
            "value of manifest_prefix must not have a path segment . or .., because URLs drop them, got: 'a/../b'",
        ),
        ({"manifest_prefix": "x" * 2000}, "must be 1 to"),
    ],
    ids=str,
)
def test_bad_options_cost_no_request(cloud: Cloud, options: dict[str, t.Any], words: str) -> None:
    answer = make(cloud, **options)
    assert (answer["rc"], all(part in answer["msg"] for part in words.split("..."))) == (1, True), answer["msg"]
    assert cloud.operations() == []
