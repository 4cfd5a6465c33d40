# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job: one job and never a second, on every cloud."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from .clouds import PATIENT, Cloud
from .test_faults import LASTING, PASSING, name_of
from .test_priority import JOB_KEYS

if t.TYPE_CHECKING:
    from .moments import Clock

OPTIONS: dict[str, dict[str, t.Any]] = {
    "aws": {
        "operation": {"S3InitiateRestoreObject": {"ExpirationInDays": 7, "GlacierJobTier": "BULK"}},
        "manifest": {"object_arn": "arn:aws:s3:::manifests/list.csv", "etag": "d41d8cd98f00b204e9800998ecf8427e"},
        "report": {"bucket": "arn:aws:s3:::reports", "prefix": "restores"},
        "role_arn": "arn:aws:iam::111122223333:role/batch",
    },
    "cos": {
        "operation": {"COSInitiateRestoreObject": {"ExpirationInDays": 7, "JobTier": "Bulk"}},
        "manifest": {
            "object_arn": "qcs::cos:ap-guangzhou:uid/1250000000:manifests-1250000000/list.csv",
            "etag": "d41d8cd98f00b204e9800998ecf8427e",
        },
        "report": {"bucket": "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000", "prefix": "restores"},
        "role_arn": "qcs::cam::uin/100000000001:roleName/batch",
    },
    "oss": {
        "operation": {"RestoreObject": {"Days": 7, "Tier": "Bulk"}},
        "manifest": {"object_arn": "oss://manifests/list.csv", "etag": "d41d8cd98f00b204e9800998ecf8427e"},
        "report": {"bucket": "reports", "prefix": "restores"},
        "role_arn": "acs:ram::1000000000000001:role/batch",
    },
}
OTHER = {
    "aws": {"S3DeleteObjectTagging": None},
    "cos": {"COSDeleteObject": None},
    "oss": {"DeleteObjectTagging": None},
}
LOCATION = {
    "aws": {"ObjectArn": "arn:aws:s3:::manifests/list.csv"},
    "cos": {"ObjectArn": "qcs::cos:ap-guangzhou:uid/1250000000:manifests-1250000000/list.csv"},
    "oss": {"Bucket": "manifests", "Object": "list.csv"},
}
FIELDS = {"aws": ["Bucket", "Key"], "cos": ["Bucket", "Key"], "oss": "Bucket,Key"}
MARK = re.compile(r" ?\[token [0-9a-f]{12}-[0-9a-f]{8}\]$")


def create(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job", **{"priority": 100, "description": "a restore", **OPTIONS[cloud.provider], **options})


def jobs(cloud: Cloud) -> list[dict[str, t.Any]]:
    return cloud.emulator.jobs(provider=cloud.provider)


def test_created_once(cloud: Cloud) -> None:
    first = create(cloud)
    assert (first["rc"], first["changed"], first["job"]["outcome"]) == (0, True, "changed"), first
    [job] = jobs(cloud)
    assert first["job"]["job_id"] == job["job_id"]
    assert first["msg"] == f"Job {job['job_id']}: created with priority 100."
    assert set(first["job"]) == JOB_KEYS
    assert first["jobs"] == [first["job"]]
    assert (job["priority"], job["operation"]) == (100, next(iter(OPTIONS[cloud.provider]["operation"])))
    assert MARK.sub("", job["description"]) == "a restore"
    assert cloud.operations() == ["ListJobs", "CreateJob"]
    second = create(cloud)
    assert (second["rc"], second["changed"], second["job"]["outcome"]) == (0, False, "unchanged")
    assert second["job"]["job_id"] == job["job_id"]
    assert cloud.operations() == ["ListJobs", "CreateJob", "ListJobs", "DescribeJob"]
    assert len(jobs(cloud)) == 1


@pytest.mark.parametrize("change", ["operation", "parameters", "manifest", "role"])
def test_a_copied_description_is_no_job_of_ours(cloud: Cloud, change: str) -> None:
    """Somebody clones the job with its description, changes what it does, and gives it a higher priority."""
    first = create(cloud)["job"]
    cloud.emulator.patch(first["job_id"], description="the mark moved on", status="Complete", frozen=True)
    [(name, parameters)] = OPTIONS[cloud.provider]["operation"].items()
    manifest = OPTIONS[cloud.provider]["manifest"]
    changed: dict[str, t.Any] = {
        "operation": {"operation": OTHER[cloud.provider]},
        "parameters": {"operation": {name: {**parameters, next(iter(parameters)): 70}}},
        "manifest": {"manifest": {**manifest, "object_arn": manifest["object_arn"] + "2"}},
        "role": {"role_arn": OPTIONS[cloud.provider]["role_arn"] + "2"},
    }[change]
    clone = create(cloud, priority=900, client_request_token="theirs", **changed)["job"]["job_id"]
    cloud.emulator.patch(clone, description=first["description"])
    before = len(cloud.operations())
    result = create(cloud)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "conflict"), result
    assert clone in result["msg"] and result["client_request_token"] in result["msg"]
    described = [] if change == "operation" else ["DescribeJob"]
    assert cloud.operations()[before:] == ["ListJobs", *described]
    assert len(jobs(cloud)) == 2


LISTS: dict[str, list[dict[str, t.Any]]] = {
    "aws": [{"S3PutObjectTagging": {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}}],
    "cos": [
        {"COSPutObjectTagging": {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}},
        {"COSPutObjectTagging": {"TagSet": {"COSTag": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}}},
        {"COSPutObjectTagging": {"TagSet": [{"Key": "a", "Value": "1"}]}},
    ],
    "oss": [
        {"PutObjectTagging": {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}},
        {"PutObjectTagging": {"TagSet": {"Tag": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}}},
        {"AddObjectTagging": {"TagSet": [{"Key": "a", "Value": "1"}]}},
    ],
}


def test_lists_inside_operations(cloud: Cloud) -> None:
    for operation in LISTS[cloud.provider]:
        cloud.emulator.reset()
        created = create(cloud, operation=operation)
        assert created["changed"] is True, created
        again = create(cloud, operation=operation)
        assert (again["rc"], again["changed"], again["job"]["job_id"]) == (0, False, created["job"]["job_id"]), again


UNLIKE: dict[str, list[dict[str, t.Any]]] = {
    "aws": [
        {"S3PutObjectRetention": {"Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": "2030-01-01"}}},
        {"S3PutObjectRetention": {"Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": "2030-01-01T00:00:00+02:00"}}},
        {"S3PutObjectCopy": {"TargetResource": "arn:aws:s3:::b", "ModifiedSinceConstraint": 1700000000}},
        {"S3PutObjectCopy": {"TargetResource": "arn:aws:s3:::b", "TargetKeyPrefix": "two\r\nlines"}},
    ],
    "cos": [
        {"COSPutObjectCopy": {"TargetResource": "qcs::cos:ap-guangzhou:uid/1:b-1", "StorageClass": "two\r\nlines"}},
    ],
    "oss": [{"PutObjectTagging": {"TagSet": [{"Key": "a", "Value": "two\r\nlines"}]}}],
}


def test_what_the_cloud_says_in_other_words_is_the_same_job(cloud: Cloud) -> None:
    """boto3 takes times in any form and sends them in one; XML has one way to end a line."""
    for operation in UNLIKE[cloud.provider]:
        created = create(cloud, operation=operation)
        assert created["changed"] is True, created
        again = create(cloud, operation=operation)
        assert (again["rc"], again["changed"], again["job"]["job_id"]) == (0, False, created["job"]["job_id"]), again


def test_the_cloud_got_what_was_written(cloud: Cloud) -> None:
    description = "ü <&> 界"
    created = create(cloud, description=description, confirmation_required=True, priority="7")
    assert created["changed"] is True
    job = cloud.info(job_id=created["job"]["job_id"])["job"]
    assert MARK.sub("", job["description"]) == description
    assert (job["priority"], job["confirmation_required"]) == (7, True)
    options = OPTIONS[cloud.provider]
    assert job["extra"]["RoleArn"] == options["role_arn"]
    manifest = job["extra"]["Manifest"]
    assert manifest["Location"] == {**LOCATION[cloud.provider], "ETag": options["manifest"]["etag"]}
    assert manifest["Spec"]["Fields"] == FIELDS[cloud.provider]
    report = job["extra"]["Report"]
    assert (report["Bucket"], report["Prefix"]) == (options["report"]["bucket"], "restores")
    assert (report["Enabled"], report["ReportScope"]) == ("true", "AllTasks")


@pytest.mark.parametrize("status", ["New", "Suspended", "Active", "Complete", "Cancelled", "Failed", "Hibernating"])
def test_a_job_that_is_listed_is_never_created_again(cloud: Cloud, status: str) -> None:
    job_id = create(cloud)["job"]["job_id"]
    cloud.emulator.patch(job_id, status=status, frozen=True)
    again = create(cloud, priority=5, confirmation_required=True)
    assert (again["rc"], again["changed"], again["job"]["job_id"]) == (0, False, job_id)
    assert (again["job"]["status"], again["job"]["priority"]) == (status, 100)
    if status in ("Complete", "Cancelled", "Failed"):
        assert "another client_request_token" in again["job"]["reason"]
    else:
        assert "has priority 100, not " in again["job"]["reason"]
    assert len(jobs(cloud)) == 1


def test_the_token_decides_when_the_job_is_due_again(cloud: Cloud) -> None:
    first = create(cloud, client_request_token="november")
    assert first["client_request_token"] == "november"
    assert create(cloud, client_request_token="november")["changed"] is False
    second = create(cloud, client_request_token="december")
    assert (second["changed"], len(jobs(cloud))) == (True, 2)
    assert second["job"]["job_id"] != first["job"]["job_id"]


def test_another_job_is_another_job(cloud: Cloud) -> None:
    changes: list[dict[str, t.Any]] = [{}, {"description": "b"}, {"operation": OTHER[cloud.provider]}]
    changes.append({"manifest": {**OPTIONS[cloud.provider]["manifest"], "etag": "another"}})
    changes.append({"report": {**OPTIONS[cloud.provider]["report"], "scope": "FailedTasksOnly"}})
    for count, change in enumerate(changes, start=1):
        assert create(cloud, **change)["changed"] is True
        assert create(cloud, **change)["changed"] is False
        assert len(jobs(cloud)) == count


@pytest.mark.parametrize("check_mode", [False, True])
def test_one_token_for_two_jobs_is_a_conflict(cloud: Cloud, check_mode: bool) -> None:
    job_id = create(cloud, client_request_token="mine")["job"]["job_id"]
    clash = {"client_request_token": "mine", "operation": OTHER[cloud.provider]}
    result = create(cloud, check_mode=check_mode, **clash)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "conflict")
    assert job_id in result["msg"]
    assert cloud.operations() == ["ListJobs", "CreateJob", "ListJobs"]


def test_one_token_for_less_than_before_is_a_conflict(cloud: Cloud) -> None:
    job_id = create(cloud, client_request_token="mine")["job"]["job_id"]
    [name] = OPTIONS[cloud.provider]["operation"]
    result = create(cloud, client_request_token="mine", operation={name: {"ExpirationInDays": 7}})
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "conflict"), result["msg"]
    assert job_id in result["msg"]
    assert len(jobs(cloud)) == 1


def test_check_mode(cloud: Cloud) -> None:
    planned = create(cloud, check_mode=True, diff=True)
    assert (planned["rc"], planned["changed"], planned["job"]["outcome"]) == (0, True, "would_change")
    assert planned["job"]["job_id"] == ""
    assert (cloud.operations(), jobs(cloud)) == (["ListJobs"], [])
    unchecked = " ".join(planned["unchecked"])
    for word in ("the ID of the new job", "manifest object", "role", "report bucket", "credentials"):
        assert word in unchecked
    assert "unchecked" in planned["msg"]
    done = create(cloud, diff=True)
    job_id = done["job"]["job_id"]
    assert planned["diff"]["before"] == done["diff"]["before"] == ""
    assert planned["diff"]["after"].replace("(new)", job_id) == done["diff"]["after"]
    assert planned["client_request_token"] == done["client_request_token"]
    assert {**planned["job"], "job_id": job_id, "outcome": "changed"} == done["job"]
    assert "unchecked" not in done
    again = create(cloud, check_mode=True)
    assert (again["changed"], again["job"]["job_id"]) == (False, job_id)


def test_the_mark_is_found_on_any_page(cloud: Cloud) -> None:
    seeded = [{"job_id": f"job-{number:04}", "priority": 1, "status": "Complete"} for number in range(1500)]
    cloud.seed(*seeded)
    create(cloud)
    assert create(cloud)["changed"] is False
    assert cloud.operations() == ["ListJobs", "ListJobs", "CreateJob", "ListJobs", "ListJobs", "DescribeJob"]


@pytest.mark.parametrize("fault", PASSING, ids=name_of)
@pytest.mark.parametrize("operation", ["ListJobs", "CreateJob"])
def test_one_job_whatever_gets_lost(cloud: Cloud, fault: t.Any, operation: str) -> None:
    name, count, args = fault
    cloud.fault(name, count=count, operation=operation, **args)
    result = create(cloud)
    assert (result["rc"], result["changed"], result["job"]["outcome"]) == (0, True, "changed"), result
    assert [job["job_id"] for job in jobs(cloud)] == [result["job"]["job_id"]]
    assert cloud.emulator.faults() == [], "the fault did not strike"
    assert create(cloud)["changed"] is False
    assert len(jobs(cloud)) == 1


@pytest.mark.parametrize("fault", ["drop_after", "truncated", "late"])
def test_every_answer_is_lost(cloud: Cloud, clock: Clock, fault: str) -> None:
    cloud.fault(fault, count=None, operation="CreateJob", **({"seconds": 3600} if fault == "late" else {}))
    result = create(cloud)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert len(jobs(cloud)) == 1
    assert cloud.operations() == ["ListJobs", "CreateJob", "ListJobs", "DescribeJob"]


def test_lost_and_the_list_is_down(cloud: Cloud) -> None:
    """The task fails and says what is not known; the next run finds the job."""
    cloud.fault("drop_after", operation="CreateJob")
    cloud.fault("drop_before", operation="ListJobs", skip=1, count=None)
    result = create(cloud, max_attempts=2)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "unreachable")
    assert (
        "Result unknown: no " in result["msg"]
        and "The job exists, can still appear, or was not created" in result["msg"]
    )
    cloud.emulator.clear_faults()
    again = create(cloud)
    assert (again["rc"], again["changed"], len(jobs(cloud))) == (0, False, 1)


@pytest.mark.parametrize(("name", "args", "kind"), LASTING, ids=[f"{item[0]}-{item[2]}" for item in LASTING])
def test_lasting_faults_of_the_write(cloud: Cloud, name: str, args: dict[str, t.Any], kind: str) -> None:
    cloud.fault(name, count=None, operation="CreateJob", **args)
    result = create(cloud, max_attempts=2)
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, kind), result
    assert (result["job"]["outcome"], jobs(cloud)) == ("failed", [])
    assert result["error"]["operation"] == "CreateJob"


def test_a_used_token_whose_job_is_gone(cloud: Cloud) -> None:
    """AWS names the job of long ago, the others refuse; none makes a second job."""
    job_id = create(cloud, client_request_token="mine")["job"]["job_id"]
    cloud.emulator.patch(job_id, description="somebody took the mark away")
    result = create(cloud, client_request_token="mine", max_attempts=3)
    assert len(jobs(cloud)) == 1
    if cloud.provider == "aws":
        assert (result["rc"], result["job"]["job_id"]) == (0, job_id)
    else:
        assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "conflict")
        assert result["error"]["code"] == {"cos": "InvalidRequest", "oss": "InvalidArgument"}[cloud.provider]
        assert "client_request_token" in result["error"]["hint"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("priority", -1),
        ("priority", True),
        ("operation", {}),
        ("operation", {"A": {}, "B": {}}),
        ("operation", {"A": "text"}),
        ("operation", {"A><B": {}}),
        ("operation", {"A": {"b c": 1}}),
        ("role_arn", "batch"),
        ("description", "a" * 227),
        ("description", "a\nb"),
        ("manifest.object_arn", "s3://bucket/key"),
        ("manifest.etag", '""'),
        ("report.bucket", "s3://bucket"),
        ("report.bucket", "a bucket"),
        ("report.prefix", "a" * 513),
        ("manifest.etag", "a\x00b"),
        ("description", "a\ufffeb"),
        ("report.prefix", "a\uffffb"),
        ("report.bucket", ""),
        ("client_request_token", ""),
        ("client_request_token", "a" * 65),
        ("client_request_token", "a b"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_bad_options_cost_no_request(cloud: Cloud, option: str, value: t.Any, check_mode: bool) -> None:
    name, _dot, inner = option.partition(".")
    result = create(
        cloud,
        check_mode=check_mode,
        **{name: {**OPTIONS[cloud.provider][name], inner: value} if inner else value},
    )
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"].removeprefix("value of ").startswith(option), result["msg"]


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[2J", "\ud800", "\ufffe"])
def test_what_xml_cannot_hold_costs_no_request(cloud: Cloud, text: str) -> None:
    [name] = OPTIONS[cloud.provider]["operation"]
    operation = {name: {"A": [{"B": text}]}}
    for written in (operation, json.dumps(operation)):
        result = create(cloud, operation=written)
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", []), written
        assert result["msg"].startswith(f"value of operation.{name}.A[0].B ")


@pytest.mark.parametrize("depth", [60, 120])
def test_an_operation_without_bottom_costs_no_request(cloud: Cloud, depth: int) -> None:
    [name] = OPTIONS[cloud.provider]["operation"]
    nested: dict[str, t.Any] = {}
    for _level in range(depth):
        nested = {"A": nested}
    result = create(cloud, operation={name: nested})
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"] == "value of operation must have at most 40 nested levels."


@pytest.mark.parametrize("value", [7, True, None, ["x"], {"a": "b"}, "a\x00"], ids=str)
def test_tags_are_text(cloud: Cloud, value: t.Any) -> None:
    result = create(cloud, tags={"team": value})
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"].startswith(("value of tags", "Tags are not supported for"))


def test_descriptions_are_measured_as_the_cloud_does(cloud: Cloud) -> None:
    assert create(cloud, description="a" * 226)["changed"] is True
    wide = create(cloud, description="界" * 226)
    assert wide["rc"] == (0 if cloud.provider == "aws" else 1)
    assert create(cloud, description=None)["changed"] is True
    assert MARK.fullmatch(jobs(cloud)[-1]["description"])


SOME_HAVE: dict[str, set[str]] = {
    "aws": {"manifest_generator", "tags", "report.bucket"},
    "cos": set(),
    "oss": {"manifest_generator"},
}


LACKING = {
    "manifest_generator": "manifest_generator is not supported for",
    "tags": "Tags are not supported for jobs of",
    "report.bucket": "report.bucket is required for",
}
"""How the message begins if a provider does not support an option, or requires it."""


def test_what_only_some_clouds_have(cloud: Cloud) -> None:
    generator: dict[str, t.Any] = {"SourceBucket": "data", "Prefix": "logs/"}
    if cloud.provider == "aws":
        generator = {"S3JobManifestGenerator": {"SourceBucket": "arn:aws:s3:::data", "EnableManifestOutput": False}}
    tagged = {"description": "tagged", "tags": {"team": "storage", "cost": "7"}}
    asked: dict[str, dict[str, t.Any]] = {
        "manifest_generator": {"manifest": None, "manifest_generator": generator},
        "tags": tagged,
        "report.bucket": {"description": "bare", "report": None},
    }
    for option, options in asked.items():
        result = create(cloud, **options)
        if option in SOME_HAVE[cloud.provider]:
            assert result["changed"] is True, result
            assert create(cloud, **options)["changed"] is False
        else:
            assert (result["rc"], result["error"]["kind"]) == (1, "invalid")
            assert result["msg"].startswith(f"{LACKING[option]} ")
    assert len(jobs(cloud)) == len(SOME_HAVE[cloud.provider])
    if cloud.provider == "aws":
        assert [job["tags"] for job in jobs(cloud) if job["tags"]] == [tagged["tags"]]
        assert create(cloud, description="tagged", tags={"team": "other"})["changed"] is False


@pytest.mark.parametrize("check_mode", [False, True])
def test_parameters_of_the_operation(cloud: Cloud, check_mode: bool) -> None:
    """AWS parameters are checked offline by botocore; the others have no SDK that could."""
    name, parameters = next(iter(OPTIONS[cloud.provider]["operation"].items()))
    days = next(iter(parameters))
    result = create(cloud, check_mode=check_mode, operation={name: {**parameters, days: "seven"}})
    if cloud.provider == "aws":
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
        assert "ExpirationInDays" in result["msg"]
    else:
        assert result["rc"] == 0


def test_two_runs_at_once_create_one_job(cloud: Cloud) -> None:
    """Neither sees the other's job in the list; the token alone tells them apart from two jobs."""
    cloud.fault("barrier", operation="ListJobs", count=2, parties=2)
    options = {"priority": 1, **OPTIONS[cloud.provider], **PATIENT}
    with cloud.started("batch_job", **options) as one, cloud.started("batch_job", **options) as two:
        results = [json.loads(process.communicate()[0]) for process in (one, two)]
    [job] = jobs(cloud)
    assert [result["job"]["job_id"] for result in results] == [job["job_id"]] * 2
    assert not any(result.get("failed") for result in results)
    assert cloud.operations().count("CreateJob") == 2


def test_from_creation_to_the_end(cloud: Cloud) -> None:
    """Created, confirmed, cancelled while active; each task a second time changes nothing."""
    job_id = create(cloud, confirmation_required=True)["job"]["job_id"]

    def request(status: str) -> tuple[bool, str]:
        result = cloud.run("batch_job_status", job_id=job_id, status=status)
        return result["changed"], result["job"]["status"]

    early = cloud.run("batch_job_status", job_id=job_id, status="ready")
    assert (early["error"]["kind"], early["job"]["status"]) == ("not_updatable", "New")
    cloud.emulator.advance(10)
    assert create(cloud, confirmation_required=True)["job"]["status"] == "Suspended"
    assert request("ready") == (True, "Ready")
    assert request("ready") == (False, "Ready")
    cloud.emulator.advance(10)
    assert request("ready") == (False, "Active")
    assert request("cancelled") == (True, "Cancelling")
    assert request("cancelled") == (False, "Cancelling")
    cloud.emulator.advance(10)
    assert request("cancelled") == (False, "Cancelled")
    assert create(cloud, confirmation_required=True)["job"]["status"] == "Cancelled"
    assert len(jobs(cloud)) == 1


def test_an_unknown_operation_is_the_clouds_to_judge(cloud: Cloud) -> None:
    result = create(cloud, operation={"NewThing": {}})
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "invalid"), json.dumps(result)
    assert ("botocore" if cloud.provider == "aws" else "CreateJob") in result["error"]["hint"]
    assert jobs(cloud) == []
