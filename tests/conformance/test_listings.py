# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of objects and versions, page by page, as the clouds' own clients read them."""

from __future__ import annotations

from typing import Any

import alibabacloud_oss_v2 as oss
import pytest
from batch_emulator.accounts import AWS_ACCOUNT, AWS_REGION, COS_KEY, COS_REGION, OSS_KEY, OSS_REGION
from batch_emulator.client import Emulator

from .clients import aws_cli
from .test_objects import alibaba, cos, s3

KEYS = ["a b", "control\x01", "line\nbreak", "p+q%25", "\u00e4/\U0001f511"]
IN_ORDER = sorted(KEYS, key=str.encode)
WRITTEN = 1_700_000_000
COS_BUCKET = f"kept-{COS_KEY.app_id}"


@pytest.fixture(params=[False, True], ids=["plain", "versioned"])
def versioned(request: pytest.FixtureRequest, emulator: Emulator) -> bool:
    """Whether the buckets keep versions. Each key has two of them then, and "gone" is deleted."""
    kept: bool = request.param
    homes = {
        "aws": (AWS_ACCOUNT, AWS_REGION),
        "cos": (COS_KEY.account, COS_REGION),
        "oss": (OSS_KEY.account, OSS_REGION),
    }
    for provider, (account, region) in homes.items():
        bucket = COS_BUCKET if provider == "cos" else "kept"
        emulator.make_bucket(provider, bucket, account, region, versioned=kept)
        for key in [*KEYS, "gone"]:
            for body in (b"1", b"22"):
                emulator.put_object(provider, bucket, key, body, storage_class="ARCHIVE", modified=WRITTEN)
        emulator.delete_object(provider, bucket, "gone")
    return kept


def versions_of(items: list[tuple[Any, Any, Any]]) -> None:
    """Each key has its two versions, the newest one first."""
    kept = [key for key in sorted([*KEYS, "gone"], key=str.encode) for _version in range(2)]
    assert [key for key, _version, _size in items] == kept
    assert [(version, int(size)) for _key, version, size in items] == [("v000002", 2), ("v000001", 1)] * 6


def test_s3(emulator: Emulator, versioned: bool) -> None:
    client, one = s3(emulator), {"PageSize": 1}
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="kept", PaginationConfig=one)
    items = [item for page in pages for item in page["Contents"]]
    assert [item["Key"] for item in items] == IN_ORDER
    assert {(item["Size"], item["StorageClass"]) for item in items} == {(2, "ARCHIVE")}
    assert {item["LastModified"].timestamp() for item in items} == {WRITTEN}
    every = list(client.get_paginator("list_object_versions").paginate(Bucket="kept", PaginationConfig=one))
    found = [item for page in every for item in page.get("Versions", [])]
    if versioned:
        versions_of([(item["Key"], item["VersionId"], item["Size"]) for item in found])
        [marker] = [item for page in every for item in page.get("DeleteMarkers", [])]
        assert (marker["Key"], marker["IsLatest"]) == ("gone", True)
        assert client.delete_object(Bucket="kept", Key="a b")["DeleteMarker"] is True
    else:
        assert [(item["Key"], item["VersionId"]) for item in found] == [(key, "null") for key in IN_ORDER]
        client.delete_object(Bucket="kept", Key="a b")
    assert client.list_objects_v2(Bucket="kept")["KeyCount"] == 4


def test_the_aws_cli(emulator: Emulator) -> None:
    emulator.make_bucket("aws", "kept", AWS_ACCOUNT, AWS_REGION, versioned=True)
    emulator.put_object("aws", "kept", "a b+", b"1", storage_class="GLACIER")
    [item] = aws_cli(emulator.url, "list-object-versions", "--bucket", "kept", service="s3api")["Versions"]
    assert (item["Key"], item["VersionId"], item["StorageClass"]) == ("a b+", "v000001", "GLACIER")


def test_cos(emulator: Emulator, versioned: bool) -> None:
    client = cos(emulator)
    found: list[Any] = []
    marker, more = "", "true"
    while more == "true":
        page = client.list_objects(Bucket=COS_BUCKET, Marker=marker, MaxKeys=2)
        found += page["Contents"]
        marker, more = page.get("NextMarker", ""), page["IsTruncated"]
    assert [item["Key"] for item in found] == IN_ORDER
    assert {(item["Size"], item["StorageClass"]) for item in found} == {("2", "ARCHIVE")}
    every: list[Any] = []
    key, version, more = "", "", "true"
    while more == "true":
        page = client.list_objects_versions(Bucket=COS_BUCKET, KeyMarker=key, VersionIdMarker=version, MaxKeys=3)
        every += page.get("Version", [])
        key, version, more = page.get("NextKeyMarker", ""), page.get("NextVersionIdMarker", ""), page["IsTruncated"]
    if versioned:
        versions_of([(item["Key"], item["VersionId"], item["Size"]) for item in every])
    else:
        assert [(item["Key"], item["VersionId"]) for item in every] == [(key, "null") for key in IN_ORDER]


def test_oss(emulator: Emulator, versioned: bool) -> None:
    client = alibaba(emulator, False)
    pages = client.list_objects_v2_paginator(limit=2).iter_page(oss.ListObjectsV2Request(bucket="kept"))
    items = [item for page in pages for item in page.contents]
    assert [item.key for item in items] == IN_ORDER
    assert {(item.size, item.storage_class) for item in items} == {(2, "ARCHIVE")}
    assert {item.last_modified.timestamp() for item in items} == {WRITTEN}
    every = client.list_object_versions_paginator(limit=3).iter_page(oss.ListObjectVersionsRequest(bucket="kept"))
    found = [item for page in every for item in page.version or ()]
    if versioned:
        versions_of([(item.key, item.version_id, item.size) for item in found])
    else:
        assert [(item.key, item.version_id) for item in found] == [(key, "null") for key in IN_ORDER]
