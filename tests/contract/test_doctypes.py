# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer with a document type, whatever it declares, costs neither memory nor output, and decides nothing."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import ACCOUNTS, JOB_ID, Cloud
from .reports import Report
from .test_create import OPTIONS

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

MEMORY = 200 * 2**20
OUTPUT = 20_000
OTHER_ID = JOB_ID[:-1] + "2"
ROW = b"archive,a,,failed,500,InternalError,x\r\n"
TWO = [{"job_id": JOB_ID, "priority": 100}, {"job_id": OTHER_ID, "priority": 90}]
CASES: dict[str, tuple[str, dict[str, t.Any], str]] = {
    "list": ("batch_job_info", {}, "ListJobs"),
    "describe": ("batch_job_info", {"job_id": JOB_ID}, "DescribeJob"),
    "update": ("batch_job_priority", {"jobs": TWO}, "UpdateJobPriority"),
    "status": ("batch_job_status", {"job_id": JOB_ID, "status": "cancelled"}, "UpdateJobStatus"),
    "create": ("batch_job", {"priority": 100}, "CreateJob"),
}
READS = ("list", "describe")
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-8-sig")
SMALL = {"megabytes": 0, "uses": 3}


def prepare(cloud: Cloud, case: str) -> tuple[str, dict[str, t.Any], str]:
    module, options, operation = CASES[case]
    cloud.seed({"job_id": JOB_ID, "priority": 10, "status": "Active"}, {"job_id": OTHER_ID, "priority": 5})
    return module, {**options, **(OPTIONS[cloud.provider] if module == "batch_job" else {})}, operation


@pytest.mark.parametrize("case", CASES)
def test_an_entity_of_four_megabytes(cloud: Cloud, case: str) -> None:
    module, options, operation = prepare(cloud, case)
    cloud.fault("doctype", operation=operation, count=None)
    result, peak = cloud.weighed(module, **options, max_attempts=2)
    assert len(json.dumps(result)) < OUTPUT
    assert 0 < peak < MEMORY, f"{peak >> 20} MiB"
    if case in READS:
        assert result["error"]["kind"] == "invalid_response", result
        assert "document type declaration" in result["msg"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("case", CASES)
def test_in_whatever_encoding(cloud: Cloud, case: str, encoding: str) -> None:
    module, options, operation = prepare(cloud, case)
    cloud.fault("doctype", operation=operation, count=None, encoding=encoding, **SMALL)
    result = cloud.run(module, **options, max_attempts=1)
    if case in READS:
        # What is written is read again, and seen to be done.
        assert (result["rc"], result["error"]["kind"]) == (1, "invalid_response"), result
    assert "An error with" not in json.dumps(result) and "xxx" not in json.dumps(result)
    # A proxy that did it once is no reason to fail.
    cloud.emulator.reset()
    prepare(cloud, case)
    cloud.fault("doctype", operation=operation, encoding=encoding, **SMALL)
    assert cloud.run(module, **options)["rc"] == 0


@pytest.mark.parametrize(
    ("status", "kind"), [(403, "invalid_response"), (404, "invalid_response"), (429, "throttled"), (500, "unavailable")]
)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("case", ["list", "describe"])
def test_an_error_with_one_is_judged_by_its_status(
    cloud: Cloud, case: str, encoding: str, status: int, kind: str
) -> None:
    module, options, operation = prepare(cloud, case)
    cloud.fault("doctype", operation=operation, count=None, encoding=encoding, http_status=status, **SMALL)
    result = cloud.run(module, **options, max_attempts=1)
    found = (result["error"]["kind"], result["error"]["code"], result["error"]["http_status"])
    assert found == (kind, "", status), result
    assert "An error with" not in json.dumps(result)


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize("operation", ["ListObjects", "HeadObject", "GetObject", "PutObject"])
def test_objects(cloud: Cloud, operation: str, status: int) -> None:
    report = Report({"failed": ROW}, job={"tasks_done": 1, "tasks_failed": 1})
    report.put(cloud)
    if status == 200 and operation != "ListObjects":
        # What an object holds is not parsed as XML.
        return
    cloud.fault("doctype", operation=operation, count=None, http_status=status)
    result, peak = cloud.weighed("batch_retry_manifest", job_id=JOB_ID, max_attempts=1)
    assert len(json.dumps(result)) < OUTPUT
    assert 0 < peak < MEMORY, f"{peak >> 20} MiB"


@pytest.fixture
def aws(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[0], emulator, capsys)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("status", "kind"), [(200, "invalid_response"), (403, "invalid_response"), (429, "throttled"), (500, "unavailable")]
)
@pytest.mark.parametrize("operation", ["GetCallerIdentity", "AssumeRole"])
def test_sts(aws: Cloud, operation: str, status: int, kind: str, encoding: str) -> None:
    role = {"assume_role_arn": "arn:aws:iam::111122223333:role/batch"} if operation == "AssumeRole" else {}
    aws.fault("doctype", operation=operation, count=None, encoding=encoding, http_status=status, **SMALL)
    result = aws.prioritize(100, account_id=None, max_attempts=1, **role)
    assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (1, kind, operation), result
    assert aws.operations() == [operation]


@pytest.mark.parametrize("operation", ["GetCallerIdentity", "AssumeRole"])
def test_sts_with_an_entity_of_four_megabytes(aws: Cloud, operation: str) -> None:
    role = {"assume_role_arn": "arn:aws:iam::111122223333:role/batch"} if operation == "AssumeRole" else {}
    aws.fault("doctype", operation=operation, count=None)
    options = {"job_id": JOB_ID, "priority": 1, "account_id": None, "max_attempts": 2}
    result, peak = aws.weighed("batch_job_priority", **options, **role)
    assert result["error"]["kind"] == "invalid_response"
    assert 0 < peak < MEMORY and len(json.dumps(result)) < OUTPUT
