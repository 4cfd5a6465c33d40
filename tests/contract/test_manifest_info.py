# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_manifest_info: what it finds in manifests of each provider, and what it asks for."""

from __future__ import annotations

import typing as t

import pytest

from .clouds import Cloud
from .stores import make_bucket

MANIFESTS = "manifests-1250000000"
SOURCE = "archive-1250000000"


@pytest.fixture(autouse=True)
def buckets(cloud: Cloud) -> None:
    make_bucket(cloud, MANIFESTS)
    make_bucket(cloud, SOURCE)


def resource(cloud: Cloud, key: str) -> str:
    prefix = {"aws": "arn:aws:s3:::", "cos": "qcs::cos:ap-guangzhou:uid/1250000000:", "oss": "oss://"}
    return f"{prefix[cloud.provider]}{MANIFESTS}/{key}"


def check(cloud: Cloud, content: bytes, key: str = "m.csv", **options: t.Any) -> dict[str, t.Any]:
    cloud.emulator.put_object(cloud.provider, MANIFESTS, key, content)
    manifest = {"object_arn": resource(cloud, key), **options.pop("manifest", {})}
    return cloud.run("batch_manifest_info", manifest=manifest, **options)


def names(result: dict[str, t.Any]) -> dict[str, int]:
    return {item["finding"]: item["count"] for item in result["findings"]}


def test_a_clean_manifest(cloud: Cloud) -> None:
    found = check(cloud, f"{SOURCE},a\n{SOURCE},b\n".encode())
    assert (found["rows"], found["findings"], found["versions"]) == (2, [], 0), found
    assert found["buckets"] == [{"bucket": SOURCE, "count": 2}]
    assert not found["changed"]
    assert found["manifest"]["etag"] == found["etag"]
    assert found["estimate"]["fee"] is None
    assert cloud.operations() == ["HeadObject", "GetObject"]
