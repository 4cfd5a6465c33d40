# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole life of a list of objects: create, half of it fails, report, retry manifest, second job, all done."""

from __future__ import annotations

import typing as t

import pytest
from batch_emulator.accounts import OSS_UID

from .clouds import Cloud
from .reports import BUCKET, resource

OPERATIONS: dict[str, dict[str, t.Any]] = {
    "aws": {"S3InitiateRestoreObject": {"ExpirationInDays": 7, "GlacierJobTier": "BULK"}},
    "cos": {"COSInitiateRestoreObject": {"ExpirationInDays": 7, "JobTier": "Bulk"}},
    "oss": {"RestoreObject": {"Days": 7, "Tier": "Bulk"}},
}
TAGGING: dict[str, dict[str, t.Any]] = {
    "aws": {"S3PutObjectTagging": {"TagSet": [{"Key": "team", "Value": "a & b"}]}},
    "cos": {"COSPutObjectTagging": {"TagSet": [{"Key": "team", "Value": "a & b"}]}},
    "oss": {"PutObjectTagging": {"TagSet": [{"Key": "team", "Value": "a & b"}]}},
}
ROLES = {
    "aws": "arn:aws:iam::111122223333:role/batch",
    "cos": "qcs::cam::uin/100000000001:roleName/batch",
    "oss": f"acs:ram::{OSS_UID}:role/batch",
}
KEYS = ("good-1", "films/a%2520b.mov", "films/c%2C.mov", "locked/d")
RULES = [
    {"key": "^films/", "code": "SlowDown", "http_status": 503, "times": 1},
    {"key": "^locked/", "code": "AccessDenied", "http_status": 403},
]


def arn(cloud: Cloud, key: str) -> str:
    return {
        "aws": f"arn:aws:s3:::{BUCKET}/{key}",
        "cos": f"qcs::cos:ap-guangzhou:uid/1250000000:{BUCKET}/{key}",
        "oss": f"oss://{BUCKET}/{key}",
    }[cloud.provider]


def lay_out(cloud: Cloud, keys: t.Sequence[str] = KEYS) -> str:
    """Make the buckets and a manifest; its ETag."""
    place = cloud.account.connection
    cloud.emulator.make_bucket(cloud.provider, BUCKET, place.get("account_id", OSS_UID), place["region"])
    body = "".join(f"archive,{key}\n" for key in keys).encode()
    return str(cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", body)["etag"])


def create(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    given = {
        "role_arn": ROLES[cloud.provider],
        "priority": 100,
        "description": "restore of films",
        "report": {"bucket": resource(cloud).replace("aws-cn", "aws"), "prefix": "some/where/"},
        **options,
    }
    return cloud.run("batch_job", **given)


@pytest.mark.parametrize("operations", [OPERATIONS, TAGGING], ids=["restore", "tags"])
def test_from_a_list_to_all_done(cloud: Cloud, operations: dict[str, dict[str, t.Any]]) -> None:
    etag = lay_out(cloud)
    cloud.emulator.settings(task_rules=RULES, report_delay=30)
    first = create(
        cloud, operation=operations[cloud.provider], manifest={"object_arn": arn(cloud, "lists/all.csv"), "etag": etag}
    )
    assert first["rc"] == 0, first
    cloud.emulator.advance(20)
    job_id = first["job"]["job_id"]
    if cloud.provider == "aws":
        early = cloud.run("batch_job_report_info", job_id=job_id)
        assert (early["rc"], early["error"]["kind"]) == (1, "not_ready"), early
    cloud.emulator.advance(30)
    report = cloud.run("batch_job_report_info", job_id=job_id)
    assert (report["succeeded"], report["failed_tasks"], report["report"]["complete"]) == (1, 3, True), report
    assert report["report"]["manifest"].startswith("some/where//job-")
    retry = cloud.run("batch_retry_manifest", job_id=job_id)
    assert (retry["changed"], retry["count"], retry["not_retried"]) == (
        True,
        2,
        [{"code": "AccessDenied", "count": 1}],
    ), retry
    key = retry["manifests"][0]["key"]
    assert (
        cloud.emulator.read_object(cloud.provider, BUCKET, key)
        == b"archive,films/a%2520b.mov\narchive,films/c%2C.mov\n"
    )
    again = {name: value for name, value in retry["job"].items() if name != "class"}
    second = create(cloud, **again, manifest=retry["manifest"])
    assert (second["rc"], second["changed"]) == (0, True), second
    assert create(cloud, **again, manifest=retry["manifest"])["changed"] is False
    assert cloud.run("batch_retry_manifest", job_id=job_id)["changed"] is False
    cloud.emulator.advance(60)
    done = cloud.run("batch_job_report_info", job_id=second["job"]["job_id"])
    assert (done["succeeded"], done["failed_tasks"], done["report"]["complete"]) == (2, 0, True), done
    nothing = cloud.run("batch_retry_manifest", job_id=second["job"]["job_id"])
    assert (nothing["changed"], nothing["manifest"]) == (False, None)
    assert [job["operation"] for job in cloud.emulator.jobs()] == [next(iter(operations[cloud.provider]))] * 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"etag": "0" * 32}, "ManifestNotFound: Etag mismatch reading manifest"),
        ({"object": "lists/none.csv"}, "ManifestNotFound: Manifest object was not found"),
        ({"body": b"archive\n"}, "InvalidManifestContent: Required fields are missing"),
    ],
    ids=["etag", "missing", "rows"],
)
def test_a_manifest_that_cannot_be_read(cloud: Cloud, change: dict[str, t.Any], reason: str) -> None:
    etag = lay_out(cloud)
    if "body" in change:
        etag = cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", change["body"])["etag"]
    manifest = {"object_arn": arn(cloud, change.get("object", "lists/all.csv")), "etag": change.get("etag", etag)}
    job = create(cloud, operation=OPERATIONS[cloud.provider], manifest=manifest)
    cloud.emulator.advance(20)
    answer = cloud.run("batch_job_report_info", job_id=job["job"]["job_id"])
    assert (answer["rc"], answer["error"]["kind"]) == (1, "report_not_found"), answer
    assert reason in answer["msg"]


def test_objects_that_are_not_there(cloud: Cloud) -> None:
    etag = lay_out(cloud)
    place = cloud.account.connection
    cloud.emulator.make_bucket(cloud.provider, "archive", place.get("account_id", OSS_UID), place["region"])
    # Keys in manifests of COS are plain.
    key = "films/a%2520b.mov" if cloud.provider == "cos" else "films/a%20b.mov"
    cloud.emulator.put_object(cloud.provider, "archive", key, b"x")
    manifest = {"object_arn": arn(cloud, "lists/all.csv"), "etag": etag}
    job = create(cloud, operation=OPERATIONS[cloud.provider], manifest=manifest)
    cloud.emulator.advance(60)
    answer = cloud.run("batch_job_report_info", job_id=job["job"]["job_id"])
    assert (answer["succeeded"], answer["failed_tasks"]) == (1, 3), answer
    assert [(item["code"], item["http_status"], item["retry_class"]) for item in answer["codes"]] == [
        ("NoSuchKey", 404, "permanent")
    ]
