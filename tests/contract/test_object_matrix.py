# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, on every request about objects, once and lasting: what is reported is what happened.

A task ends well, or in one sentence with a kind. It never decides on a wrong answer, sends a bounded number of
requests, and never takes away what another user has written.
"""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import KINDS, BatchError

from .clouds import JOB_ID, Cloud
from .reports import BUCKET, Report
from .stores import make_bucket, reader_of
from .test_matrix import FAULTS, LIMITS, MEMORY, SWELLING

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("clock")]

ROWS = b"archive,a,,failed,500,InternalError,x\r\narchive,b,,failed,404,NoSuchKey,x\r\n"
LINE = b"archive,a\n"
THEIRS = b"archive,z\n"
TASKS = {
    "GetObject": "batch_job_report_info",
    "HeadObject": "batch_retry_manifest",
    "PutObject": "batch_retry_manifest",
    "ListObjects": "batch_job_report_info",
}
# Faults of requests about jobs, which mean nothing here.
OF_JOBS = {"ended_in_between", "wrong_priority", "stale_read", "repeated_token", "repeated_page", "empty_page"}
# An answer to HEAD has no body to bend.
BODILESS = {"truncated", "html", "empty_body", "drip", "huge", "gzip_bomb", "nested", "other_xml", "error_200"}
EVERY: list[tuple[str, dict[str, t.Any], bool]] = [
    *FAULTS,
    ("no_range", {}, True),
    ("redirect", {"http_status": 307}, False),
    ("html", {"http_status": 404}, True),
    ("html", {"http_status": 403}, True),
    ("raw", {"http_status": 409, "code": "ConditionalRequestConflict"}, True),
    ("raw", {"http_status": 409, "code": "OperationAborted"}, True),
    ("raw", {"http_status": 416, "code": "InvalidRange"}, False),
    ("raw", {"http_status": 412, "code": "PreconditionFailed"}, False),
    ("raw", {"http_status": 404, "code": "NoSuchBucket"}, False),
]


def faults(operation: str, passing: bool = False) -> list[tuple[str, dict[str, t.Any], bool]]:
    """The faults that mean something to a request; those alone after which it succeeds in the end."""
    bodiless = BODILESS if operation == "HeadObject" else set()
    found = [fault for fault in EVERY if fault[0] not in OF_JOBS | bodiless]
    # What lands late is a write.
    found = [fault for fault in found if fault[0] != "late_write" or operation == "PutObject"]
    return [fault for fault in found if fault[2]] if passing else found


def prepare(cloud: Cloud, operation: str) -> None:
    cloud.emulator.reset()
    report = Report({"failed": ROWS}, job={"tasks_total": 2, "tasks_done": 2, "tasks_failed": 2})
    key = report.put(cloud)
    if operation == "ListObjects":
        # Where nothing is at the place where S3 would write it, it is looked for.
        moved = key.replace("/job-", "/x/job-")
        cloud.emulator.put_object(
            cloud.provider, BUCKET, moved, cloud.emulator.read_object(cloud.provider, BUCKET, key)
        )
        text = cloud.emulator.job(JOB_ID)["extra_xml"].replace("some/where", "some")
        cloud.emulator.patch(JOB_ID, extra_xml=text)


def work(cloud: Cloud, operation: str, **options: t.Any) -> dict[str, t.Any]:
    own = {"manifest_bucket": BUCKET} if TASKS[operation] == "batch_retry_manifest" else {}
    return cloud.run(TASKS[operation], job_id=JOB_ID, **{**LIMITS, **own, **options})


def made(cloud: Cloud) -> dict[str, bytes]:
    keys = [key for key in cloud.emulator.objects(cloud.provider, BUCKET) if "retry-of" in key]
    return {key: cloud.emulator.read_object(cloud.provider, BUCKET, key) for key in keys}


def complaints(cloud: Cloud, operation: str, result: dict[str, t.Any]) -> list[str]:
    """What is wrong with the end of a task."""
    ok, msg = result["rc"] == 0, result.get("msg", "")
    kind = (result.get("error") or {}).get("kind")
    sent = [entry for entry in cloud.emulator.log() if entry["operation"] == operation]
    wrong = {
        "a traceback": "Traceback" in json.dumps(result),
        "several lines": not msg.isprintable() or not msg,
        "no kind": not ok and kind not in KINDS,
        # Four tries, each with the one that botocore sends by itself to another region, for each of three objects.
        "requests without end": len(sent) > 24,
    }
    if TASKS[operation] == "batch_job_report_info":
        wrong["a wrong report"] = ok and (result["failed_tasks"], result["report"]["complete"]) != (2, True)
        wrong["a change"] = result["changed"]
    else:
        found = made(cloud)
        wrong["a wrong manifest"] = list(found.values()) not in ([], [LINE])
        wrong["a false success"] = ok and list(found.values()) != [LINE]
        wrong["success without a change"] = ok and not result["changed"]
        wrong["an ETag of nothing"] = (
            ok and result["manifest"]["etag"] not in cloud.emulator.objects(cloud.provider, BUCKET).values()
        )
    return [name for name, holds in wrong.items() if holds]


@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
@pytest.mark.parametrize("operation", TASKS)
def test_faults(cloud: Cloud, operation: str, once: bool) -> None:
    if operation == "ListObjects" and cloud.provider == "aws":
        pytest.skip("S3 documents where reports are, so no module lists: see test_lists_of_s3")
    for name, args, passes in faults(operation):
        prepare(cloud, operation)
        cloud.fault(name, count=1 if once else None, operation=operation, **args)
        result = work(cloud, operation)
        # What is late lands now.
        cloud.emulator.release()
        where = (cloud.provider, operation, name, args, result)
        assert any(entry["fault"] == name for entry in cloud.emulator.log()), (where, "the fault did not strike")
        assert not complaints(cloud, operation, result), (complaints(cloud, operation, result), where)
        if once and passes and (name, operation) != ("no_range", "HeadObject"):
            assert result["rc"] == 0, where


@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
def test_lists_of_s3(cloud: Cloud, once: bool) -> None:
    """No module lists on AWS; the store can, and on the other clouds it is the same code that does."""
    for name, args, passes in faults("ListObjects"):
        if name in ("late", "late_before", "drip"):
            continue  # a module sets the limit that ends them, and the other clouds' rows show it
        cloud.emulator.reset()
        make_bucket(cloud)
        for key in ("a", "b"):
            cloud.emulator.put_object(cloud.provider, BUCKET, key, b"")
        cloud.fault(name, count=1 if once else None, operation="ListObjects", **args)
        try:
            found = reader_of(cloud).keys(BUCKET, "")
        except BatchError as error:
            assert error.failure.kind in KINDS and not (once and passes), (name, args, error.failure)
        else:
            assert (found.keys, found.complete) == (["a", "b"], True), (name, args, found)
        assert cloud.operations().count("ListObjects") <= 6


LISTS = [("ListObjects", True), ("ListObjects", False), ("ListObjectVersions", True)]


def listed(cloud: Cloud, operation: str) -> tuple[dict[str, t.Any], dict[str, bytes]]:
    """A task that makes a manifest of a list, and the manifests that are there then."""
    versions = operation == "ListObjectVersions"
    listing = {"bucket": BUCKET, "prefix": "k/", "versions": versions}
    result = cloud.run("batch_manifest", listing=listing, versions=versions, manifest_bucket=BUCKET, **LIMITS)
    keys = [key for key in cloud.emulator.objects(cloud.provider, BUCKET) if key.startswith("batch-manifests/")]
    return result, {key: cloud.emulator.read_object(cloud.provider, BUCKET, key) for key in keys}


@pytest.mark.parametrize(("operation", "once"), LISTS)
def test_faults_of_lists(cloud: Cloud, operation: str, once: bool) -> None:
    """The manifest has all objects of the list, or there is none."""
    if operation == "ListObjectVersions" and cloud.provider == "oss":
        pytest.skip("OSS documents no versions in manifests")
    end = ",null\n" if operation == "ListObjectVersions" else "\n"
    body = f"{BUCKET},k/a{end}{BUCKET},k/b{end}".encode()
    for name, args, passes in faults(operation):
        cloud.emulator.reset()
        make_bucket(cloud)
        for key in ("k/a", "k/b"):
            cloud.emulator.put_object(cloud.provider, BUCKET, key, b"")
        cloud.fault(name, count=1 if once else None, operation=operation, **args)
        result, manifests = listed(cloud, operation)
        cloud.emulator.release()
        where = (cloud.provider, operation, name, args, result)
        assert any(entry["fault"] == name for entry in cloud.emulator.log()), (where, "the fault did not strike")
        assert list(manifests.values()) == ([body] if result["rc"] == 0 else []), where
        assert "Traceback" not in json.dumps(result) and result["msg"].isprintable(), where
        assert result["rc"] == 0 or (result["error"]["kind"] in KINDS and not result["changed"]), where
        assert cloud.operations().count(operation) <= 8, where
        assert not (once and passes) or result["rc"] == 0, where


@pytest.mark.parametrize("once", [True, False], ids=["once", "lasting"])
@pytest.mark.parametrize("operation", ["HeadObject", "PutObject"])
def test_a_foreign_object_outlives_every_fault(cloud: Cloud, operation: str, once: bool) -> None:
    """It appears after the look, and before the first write; some of our writes are lost, and some land late."""
    prepare(cloud, operation)
    key = work(cloud, operation, check_mode=True)["manifests"][0]["key"]
    for name, args, _passes in faults(operation):
        prepare(cloud, operation)
        etag = cloud.emulator.put_object(cloud.provider, BUCKET, key, THEIRS)["etag"]
        if operation == "PutObject":
            cloud.fault("raw", operation="HeadObject", http_status=404, code="NoSuchKey")
        cloud.fault(name, count=1 if once else None, operation=operation, **args)
        result = work(cloud, operation)
        where = (cloud.provider, operation, name, args, result)
        cloud.emulator.release()
        assert made(cloud) == {key: THEIRS}, where
        assert (result["rc"], result["changed"]) == (1, False), where
        assert result["error"]["kind"] in KINDS and "Traceback" not in json.dumps(result), where
        assert etag.lower() not in json.dumps(result).lower(), where


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "ListObjects"])
@pytest.mark.parametrize("fault", SWELLING)
def test_memory(cloud: Cloud, operation: str, fault: str) -> None:
    if operation == "ListObjects" and cloud.provider == "aws":
        pytest.skip("S3 documents where reports are, so no module lists")
    prepare(cloud, operation)
    cloud.fault(fault, count=None, operation=operation, **SWELLING[fault])
    own = {"manifest_bucket": BUCKET} if TASKS[operation] == "batch_retry_manifest" else {}
    _result, peak = cloud.weighed(TASKS[operation], job_id=JOB_ID, max_attempts=2, **own)
    assert 0 < peak < MEMORY, f"{peak >> 20} MiB"


def test_a_store_without_ranges_costs_bounded_memory(cloud: Cloud) -> None:
    """Whole objects come instead of parts, of 24 MiB each; one of 40 MiB is refused before it is read."""
    row = b"archive,%s,,failed,500,InternalError,x\r\n" % (b"k" * 1000)
    for count, code in ((24_000, 0), (40_000, 1)):
        cloud.emulator.reset()
        Report({"failed": row * count}, job={"tasks_total": count, "tasks_done": count, "tasks_failed": count}).put(
            cloud
        )
        cloud.fault("no_range", count=None)
        result, peak = cloud.weighed("batch_job_report_info", job_id=JOB_ID, max_attempts=1, limit=0)
        assert bool(result.get("failed")) is bool(code), result
        assert code or result["report"]["complete"] is True
        assert 0 < peak < MEMORY, f"{peak >> 20} MiB"
