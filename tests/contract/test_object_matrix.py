# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, on every request about objects, once and lasting: what is reported is what happened, and in time."""

from __future__ import annotations

import json
import time

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests import retry

from .clouds import JOB_ID, Cloud
from .reports import BUCKET, Report
from .test_matrix import ELSEWHERE, FAULTS, HASTY, MEMORY, PATIENT, SLACK, SWELLING

pytestmark = pytest.mark.slow

ROWS = b"archive,a,,failed,500,InternalError,x\r\narchive,b,,failed,404,NoSuchKey,x\r\n"
LINE = b"archive,a\n"
TASKS = {
    "GetObject": "batch_job_report_info",
    "HeadObject": "batch_retry_manifest",
    "PutObject": "batch_retry_manifest",
    "ListObjects": "batch_job_report_info",
}
# What bends XML has nothing to bend in the bytes of an object, and an answer without a body has none to cut.
SLOW = {"drip", "late", "late_before"}
BODILESS = {"truncated", "html", "empty_body", "drip", "huge", "gzip_bomb", "nested", "other_xml", "error_200"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between tries are tested elsewhere."""
    monkeypatch.setattr(retry, "_jitter", lambda longest: longest / 100)


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


def made(cloud: Cloud) -> list[bytes]:
    keys = [key for key in cloud.emulator.objects(cloud.provider, BUCKET) if "retry-of" in key]
    return [cloud.emulator.read_object(cloud.provider, BUCKET, key) for key in keys]


@pytest.mark.parametrize(
    ("operation", "once"),
    [*((operation, True) for operation in TASKS), ("GetObject", False), ("PutObject", False)],
)
def test_faults(cloud: Cloud, operation: str, once: bool) -> None:
    if operation == "ListObjects" and cloud.provider == "aws":
        pytest.skip("S3 documents where reports are, so nothing is listed")
    for name, args, passes in FAULTS:
        if name in ELSEWHERE or (operation == "HeadObject" and name in BODILESS):
            continue
        # What plays for time does so in the one caller, whichever request it is.
        if name in SLOW and operation != "GetObject":
            continue
        prepare(cloud, operation)
        cloud.fault(name, count=1 if once else None, operation=operation, **args)
        limits = HASTY.get(name, PATIENT)
        began = time.monotonic()
        own = {"manifest_bucket": BUCKET} if TASKS[operation] == "batch_retry_manifest" else {}
        result = cloud.run(TASKS[operation], job_id=JOB_ID, **limits, **own)
        seconds = time.monotonic() - began
        where = (cloud.provider, operation, name, args, result)
        assert any(entry["fault"] == name for entry in cloud.emulator.log()), where
        assert "Traceback" not in json.dumps(result), where
        assert all(sign.isprintable() for sign in result["msg"]), where
        assert seconds < 3 * limits["retry_deadline"] + SLACK, where
        if once and passes:
            assert result["rc"] == 0, where
        if result["rc"] == 0 and operation == "GetObject":
            assert (result["failed_tasks"], result["report"]["complete"]) == (2, True), where
        if operation == "PutObject":
            assert made(cloud) in ([], [LINE]), where
            assert (result["rc"] == 0) == bool(result["changed"]), where
            assert result["rc"] == 1 or made(cloud) == [LINE], where


@pytest.mark.parametrize("operation", ["GetObject", "PutObject"])
@pytest.mark.parametrize("fault", SWELLING)
def test_memory(cloud: Cloud, operation: str, fault: str) -> None:
    prepare(cloud, operation)
    cloud.fault(fault, count=None, operation=operation, **SWELLING[fault])
    own = {"manifest_bucket": BUCKET} if TASKS[operation] == "batch_retry_manifest" else {}
    _result, peak = cloud.weighed(TASKS[operation], job_id=JOB_ID, max_attempts=2, **own)
    assert 0 < peak < MEMORY, f"{peak >> 20} MiB"
