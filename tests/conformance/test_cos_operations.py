# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent's signer against the COS dialect."""

from __future__ import annotations

import base64
import hashlib
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from batch_emulator.client import Emulator

from .clients import COS_REGION, Cos, code_of, cos_create_body, text

MAX = 2147483647


def seed(emulator: Emulator, **fields: Any) -> None:
    emulator.seed({"provider": "cos", "region": COS_REGION, "job_id": "job-1", "frozen": True} | fields)


def test_create_and_describe(cos: Cos) -> None:
    job_id = text(cos("POST", "/jobs", data=cos_create_body()), "JobId")
    answer = cos("GET", f"/jobs/{job_id}")
    root = ET.fromstring(answer.content)
    assert root.tag == "DescribeJobResult"
    assert root.findtext("Job/JobId") == job_id
    assert root.findtext("Job/Status") == "New"
    assert root.findtext("Job/Priority") == "42"
    assert root.findtext("Job/Description") == "冷数据恢复"
    assert root.findtext("Job/Manifest/Location/ETag") == "abc"
    assert root.findtext("Job/Operation/COSPutObjectCopy/TargetResource") == "x"
    assert root.findtext("Job/CreationTime", "").endswith("Z")
    assert root.find("Job/FailureReasons/JobFailure") is not None
    assert root.findtext("Job/FailureReasons/JobFailure/FailureCode") == ""


def test_used_token_is_refused_even_for_the_same_request(cos: Cos, emulator: Emulator) -> None:
    assert cos("POST", "/jobs", data=cos_create_body()).status_code == 200
    assert code_of(cos("POST", "/jobs", data=cos_create_body())) == ("InvalidRequest", 400)
    assert len(emulator.jobs()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Priority": "<Priority>2147483648</Priority>"}, "InvalidArgument"),
        ({"Priority": "<Priority>-1</Priority>"}, "InvalidArgument"),
        ({"Priority": ""}, "InvalidArgument"),
        ({"ClientRequestToken": ""}, "InvalidArgument"),
        ({"Description": f"<Description>{'冷' * 86}</Description>"}, "InvalidArgument"),
        ({"RoleArn": "<RoleArn>someone</RoleArn>"}, "InvalidArgument"),
        ({"Operation": "<Operation/>"}, "MalformedXML"),
        ({"Operation": "<Operation><S3PutObjectCopy/></Operation>"}, "MalformedXML"),
        ({"Manifest": ""}, "MalformedXML"),
        ({"Report": "<Report><Enabled>false</Enabled></Report>"}, "MalformedXML"),
        ({"Report": "<Unclosed>"}, "MalformedXML"),
    ],
)
def test_create_refuses(cos: Cos, emulator: Emulator, changes: dict[str, str], code: str) -> None:
    assert code_of(cos("POST", "/jobs", data=cos_create_body(**changes))) == (code, 400)
    assert emulator.jobs() == []


TAG = "<COSTag><Key>a</Key><Value>1</Value></COSTag>"


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        (f"<COSPutObjectTagging><TagSet>{TAG}{TAG}</TagSet></COSPutObjectTagging>", 200),
        (f"<COSPutObjectTagging><TagSet>{TAG.replace('COSTag', 'member')}</TagSet></COSPutObjectTagging>", 400),
        (f"<COSPutObjectTagging><TagSet><member>{TAG}</member></TagSet></COSPutObjectTagging>", 400),
        ("<COSPutObjectTagging><TagSet><COSTag><Key>a</Key></COSTag></TagSet></COSPutObjectTagging>", 400),
        ("<COSPutObjectTagging><TagSet/></COSPutObjectTagging>", 400),
        (
            "<COSPutObjectCopy><TargetResource>x</TargetResource><TargetResource>y</TargetResource></COSPutObjectCopy>",
            400,
        ),
        ("<COSPutObjectCopy><Any><member>x</member></Any></COSPutObjectCopy>", 400),
    ],
)
def test_lists_inside_operations(cos: Cos, operation: str, status: int) -> None:
    body = cos_create_body(Operation=f"<Operation>{operation}</Operation>")
    assert cos("POST", "/jobs", data=body).status_code == status


def test_both_codes_for_ended_jobs(cos: Cos, emulator: Emulator) -> None:
    [job_id] = emulator.seed({"provider": "cos", "region": COS_REGION, "status": "Complete"})
    assert code_of(cos.priority(job_id, 5)) == ("NoSuchJob", 404)
    emulator.settings(ended_code="InvalidRequest")
    assert code_of(cos.priority(job_id, 5)) == code_of(cos.status(job_id, "Cancelled")) == ("InvalidRequest", 400)


def test_create_without_body(cos: Cos) -> None:
    assert code_of(cos("POST", "/jobs")) == ("InvalidRequest", 400)


def test_description_is_measured_in_bytes(cos: Cos) -> None:
    body = cos_create_body(Description=f"<Description>{'冷' * 85}</Description>")
    assert cos("POST", "/jobs", data=body).status_code == 200


def test_content_md5_is_checked(cos: Cos) -> None:
    body = cos_create_body()
    digest = base64.b64encode(hashlib.md5(b"something else").digest()).decode()
    assert code_of(cos("POST", "/jobs", data=body, headers={"Content-MD5": digest})) == ("BadDigest", 400)
    digest = base64.b64encode(hashlib.md5(body.encode()).digest()).decode()
    assert cos("POST", "/jobs", data=body, headers={"Content-MD5": digest}).status_code == 200


@pytest.mark.parametrize("status", ["New", "Preparing", "Ready", "Active", "Pausing", "Paused", "Suspended", "Odd"])
@pytest.mark.parametrize("priority", [0, 1, MAX])
def test_update_priority(cos: Cos, emulator: Emulator, status: str, priority: int) -> None:
    seed(emulator, status=status)
    answer = cos.priority("job-1", priority)
    assert ET.fromstring(answer.content).tag == "UpdateJobPriorityResult"
    assert (text(answer, "JobId"), text(answer, "Priority")) == ("job-1", str(priority))
    assert text(cos("GET", "/jobs/job-1"), "Job/Priority") == str(priority)
    assert text(cos("GET", "/jobs"), "Jobs/member/Priority") == str(priority)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *[(status, ("NoSuchJob", 404)) for status in ("Complete", "Cancelled", "Failed")],
        *[(status, ("InvalidRequest", 400)) for status in ("Completing", "Cancelling", "Failing")],
    ],
)
def test_updates_of_ended_and_ending_jobs(cos: Cos, emulator: Emulator, status: str, expected: tuple[str, int]) -> None:
    seed(emulator, status=status, priority=3)
    assert code_of(cos.priority("job-1", 4)) == expected
    assert code_of(cos.status("job-1", "Cancelled")) == expected
    assert code_of(cos.status("job-1", "Ready")) == expected
    # Only DescribeJob tells a finished job from one that never was.
    assert text(cos("GET", "/jobs/job-1"), "Job/Status") == status
    assert emulator.job("job-1")["priority"] == 3


@pytest.mark.parametrize("priority", ["2147483648", "-1", "1.0", "True", "ten", "+5", "٣"])
def test_update_priority_refuses(cos: Cos, emulator: Emulator, priority: str) -> None:
    seed(emulator, priority=3)
    assert code_of(cos.priority("job-1", priority)) == ("InvalidArgument", 400)
    assert emulator.job("job-1")["priority"] == 3


def test_update_priority_without_priority(cos: Cos, emulator: Emulator) -> None:
    seed(emulator)
    assert code_of(cos("POST", "/jobs/job-1/priority")) == ("InvalidRequest", 400)


def test_update_status(cos: Cos, emulator: Emulator) -> None:
    seed(emulator, status="Suspended")
    answer = cos.status("job-1", "Ready", "等一等 a+b")
    assert (text(answer, "Status"), text(answer, "StatusUpdateReason")) == ("Ready", "等一等 a+b")
    assert text(cos("GET", "/jobs/job-1"), "Job/StatusUpdateReason") == "等一等 a+b"
    assert code_of(cos.status("job-1", "Ready")) == ("InvalidRequest", 400)
    assert text(cos.status("job-1", "Cancelled"), "Status") == "Cancelling"


def test_update_status_refuses(cos: Cos, emulator: Emulator) -> None:
    seed(emulator)
    assert code_of(cos.status("job-1", "Paused")) == ("InvalidArgument", 400)
    assert code_of(cos.status("job-1", "Cancelled", "冷" * 86)) == ("InvalidArgument", 400)
    assert cos.status("job-1", "Cancelled", "冷" * 85).status_code == 200


def test_missing_jobs_and_ids(cos: Cos) -> None:
    assert code_of(cos("GET", "/jobs/job-1")) == ("NoSuchJob", 404)
    assert code_of(cos.priority("job-1", 1)) == ("NoSuchJob", 404)
    assert code_of(cos.status("job-1", "Cancelled")) == ("NoSuchJob", 404)
    assert code_of(cos("DELETE", "/jobs/job-1")) == ("NoSuchJob", 404)
    assert code_of(cos("GET", "/jobs/")) == ("InvalidRequest", 400)
    assert code_of(cos("GET", "/jobs/" + "x" * 65)) == ("InvalidArgument", 400)
    assert code_of(cos("PUT", "/jobs/job-1")) == ("MethodNotAllowed", 405)


def test_delete(cos: Cos, emulator: Emulator) -> None:
    seed(emulator)
    assert cos("DELETE", "/jobs/job-1").status_code == 204
    assert emulator.jobs() == []


def test_list_refuses(cos: Cos, emulator: Emulator) -> None:
    seed(emulator)
    bad: list[dict[str, str]] = [{"jobStatuses": "Odd"}, {"jobStatuses": "Active,Ready"}, {"jobStatuses": ""}]
    bad += [{"maxResults": size} for size in ("0", "1001", "ten", "-1")]
    bad += [{"nextToken": token} for token in ("nobody", "", "x" * 65)]
    for params in bad:
        assert code_of(cos("GET", "/jobs", params)) == ("InvalidArgument", 400), params
    twice = [("jobStatuses", "Ready"), ("jobStatuses", "Active")]
    assert code_of(cos("GET", "/jobs", twice, signed_params={})) == ("InvalidArgument", 400)


def test_unknown_words_and_nodes_are_delivered(cos: Cos, emulator: Emulator) -> None:
    seed(emulator, status="Hibernating", operation="COSNew", omit_priority=True, extra_xml="<Fresh>1</Fresh>")
    for answer, path in ((cos("GET", "/jobs/job-1"), "Job"), (cos("GET", "/jobs"), "Jobs/member")):
        assert text(answer, f"{path}/Status") == "Hibernating"
        assert text(answer, f"{path}/Priority") is None
        assert text(answer, f"{path}/Fresh") == "1"
    assert text(cos("GET", "/jobs"), "Jobs/member/Operation") == "COSNew"


def test_request_ids(cos: Cos) -> None:
    answer = cos("GET", "/jobs/job-1")
    assert answer.headers["x-cos-request-id"] == ET.fromstring(answer.content).findtext("RequestId")
    assert cos("GET", "/jobs").headers["x-cos-request-id"]
