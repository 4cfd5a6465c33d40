# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job without manifest.etag: the lookup, the recognition of the job, and changed or missing manifests."""

from __future__ import annotations

import copy
import typing as t

import pytest

from .clouds import Cloud, on
from .stores import make_bucket
from .test_create import OPTIONS, create

KEY = "list.csv"


def bucket(cloud: Cloud, versioned: bool = False) -> str:
    return make_bucket(cloud, "manifests-1250000000" if cloud.provider == "cos" else "manifests", versioned=versioned)


def put(cloud: Cloud, body: bytes, etag: str | None = None) -> dict[str, t.Any]:
    name = "manifests-1250000000" if cloud.provider == "cos" else "manifests"
    return cloud.emulator.put_object(cloud.provider, name, KEY, body, etag=etag)


def manifest(cloud: Cloud, **changes: t.Any) -> dict[str, t.Any]:
    given = {**copy.deepcopy(OPTIONS[cloud.provider]["manifest"]), "etag": None, **changes}
    return {name: value for name, value in given.items() if value is not None}


def sent(result: dict[str, t.Any]) -> dict[str, int]:
    return t.cast("dict[str, int]", result["calls"]["sent"])


def test_the_etag_is_looked_up_and_reported(cloud: Cloud) -> None:
    bucket(cloud)
    etag = put(cloud, b"a,b\n", etag="0123456789abcdef0123456789abcdef-7")["etag"]
    planned = create(cloud, manifest=manifest(cloud), check_mode=True)
    assert sent(planned)["HeadObject"] == 1
    assert "CreateJob" not in sent(planned)
    made = create(cloud, manifest=manifest(cloud))
    assert (sent(made)["HeadObject"], sent(made)["CreateJob"]) == (1, 1)
    assert planned["manifest_etag"] == made["manifest_etag"] == etag
    assert f"The manifest object has the ETag {etag}, which was looked up." in made["msg"]
    again = create(cloud, manifest=manifest(cloud))
    assert (again["changed"], again["job"]["job_id"]) == (False, made["job"]["job_id"])
    # The task is the same job if it sets that ETag, and no request is sent for it.
    given = create(cloud, manifest=manifest(cloud, etag=etag))
    assert (given["changed"], given["job"]["job_id"]) == (False, made["job"]["job_id"])
    assert "HeadObject" not in sent(given)
    assert "manifest_etag" not in given


def test_a_job_of_a_task_with_an_etag_is_found_without_it(cloud: Cloud) -> None:
    bucket(cloud)
    etag = put(cloud, b"a,b\n")["etag"]
    made = create(cloud, manifest=manifest(cloud, etag=etag))
    again = create(cloud, manifest=manifest(cloud))
    assert (made["changed"], again["changed"]) == (True, False)
    assert again["job"]["job_id"] == made["job"]["job_id"]


@pytest.mark.parametrize("token", [None, "mine"], ids=["derived", "token"])
def test_a_changed_manifest_creates_no_second_job(cloud: Cloud, token: str | None) -> None:
    bucket(cloud)
    old = put(cloud, b"a,b\n")["etag"]
    options = {"manifest": manifest(cloud), "client_request_token": token}
    made = create(cloud, **options)
    new = put(cloud, b"a,c\n")["etag"]
    for check_mode in (True, False):
        result = create(cloud, **options, check_mode=check_mode)
        assert (result["error"]["kind"], result["changed"]) == ("conflict", False)
        assert f"was changed after job {made['job']['job_id']}" in result["msg"]
        assert old in result["msg"]
        assert new in result["msg"]
        assert "CreateJob" not in sent(result)
    if token is None:
        wanted = create(cloud, manifest=manifest(cloud, etag=new))
        assert wanted["changed"] is True
        assert create(cloud, manifest=manifest(cloud))["job"]["job_id"] == wanted["job"]["job_id"]


@on("aws", "oss")
def test_the_etag_of_a_version(cloud: Cloud) -> None:
    bucket(cloud, versioned=True)
    old = put(cloud, b"a,b\n")
    put(cloud, b"a,c\n")
    assert create(cloud, manifest=manifest(cloud, version_id=old["version"]))["manifest_etag"] == old["etag"]
    missing = create(cloud, manifest=manifest(cloud, version_id="0" * len(old["version"])))
    assert (missing["rc"], missing["changed"]) == (1, False)
    assert "version '000" in missing["msg"]


def test_a_missing_object_and_no_permission(cloud: Cloud) -> None:
    bucket(cloud)
    missing = create(cloud, manifest=manifest(cloud))
    assert missing["error"]["kind"] == "not_found"
    assert "Cannot look up the ETag of the manifest: object list.csv in bucket manifests" in missing["msg"]
    cloud.fault("denied", operation="HeadObject", count=None)
    denied = create(cloud, manifest=manifest(cloud))
    assert denied["error"]["kind"] == "access_denied"
    permission = {"aws": "s3:GetObject", "cos": "cos:HeadObject", "oss": "oss:GetObject"}[cloud.provider]
    assert permission in denied["msg"]
    assert {"ListJobs", "CreateJob"}.isdisjoint(cloud.operations())


@pytest.mark.parametrize("etag", ["", '""', " "])
def test_an_empty_etag_is_rejected(cloud: Cloud, etag: str) -> None:
    result = create(cloud, manifest=manifest(cloud, etag=etag))
    assert "value of manifest.etag must be the ETag of the manifest object" in result["msg"]
    assert cloud.operations() == []


@on("aws")
def test_a_null_etag_and_an_access_point(cloud: Cloud) -> None:
    bucket(cloud)
    etag = put(cloud, b"a,b\n")["etag"]
    whole = {**manifest(cloud), "etag": None}
    assert create(cloud, manifest=whole)["manifest_etag"] == etag
    there = "arn:aws:s3:eu-central-1:111122223333:accesspoint/point/object/list.csv"
    result = create(cloud, manifest=manifest(cloud, object_arn=there))
    assert result["error"]["kind"] == "unsupported"
    assert "Set manifest.etag" in result["msg"]


@on("aws")
def test_the_owner_of_the_report_bucket(cloud: Cloud) -> None:
    report = {**OPTIONS["aws"]["report"], "expected_bucket_owner": "000022223333"}
    result = create(cloud, report=report)
    if result["rc"]:
        assert result["error"]["kind"] == "unsupported"
        assert "requires botocore 1.40.12 or newer" in result["msg"]
        return
    assert create(cloud, report=report)["changed"] is False
    other = {**report, "expected_bucket_owner": "111122223333"}
    conflict = create(cloud, report=other, client_request_token=result["client_request_token"])
    assert conflict["error"]["kind"] == "conflict"
    assert "ExpectedBucketOwner is '000022223333', expected '111122223333'" in conflict["msg"]


@on("cos", "oss")
def test_the_owner_of_the_report_bucket_is_unsupported(cloud: Cloud) -> None:
    report = {**OPTIONS[cloud.provider]["report"], "expected_bucket_owner": "000022223333"}
    result = create(cloud, report=report)
    assert (result["error"]["kind"], cloud.operations()) == ("unsupported", [])
