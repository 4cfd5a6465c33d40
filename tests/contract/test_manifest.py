# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_manifest: what is written from each source, byte for byte and once, on every provider."""

from __future__ import annotations

import json
import os
import pathlib
import time
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import external_sort

from .clouds import ACCOUNTS, Cloud, on
from .stores import make_bucket
from .test_create import OPTIONS, create

MANIFESTS = "manifests-1250000000"
SOURCE = "archive-1250000000"
ODD = "a b/\u00e4+%25,.mov"
ENCODED = "a%20b/%C3%A4%2B%2525%2C.mov"


def make(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_manifest", **{"manifest_bucket": MANIFESTS, **options})


def made(cloud: Cloud) -> list[bytes]:
    """The content of all manifests, by key."""
    keys = cloud.emulator.objects(cloud.provider, MANIFESTS)
    return [cloud.emulator.read_object(cloud.provider, MANIFESTS, key) for key in sorted(keys)]


@pytest.fixture(autouse=True)
def buckets(cloud: Cloud) -> None:
    make_bucket(cloud, MANIFESTS)
    make_bucket(cloud, SOURCE)


def put(cloud: Cloud, *keys: str, bucket: str = SOURCE, **details: t.Any) -> None:
    for key in keys:
        cloud.emulator.put_object(cloud.provider, bucket, key, b"x" * details.pop("size", 1), **details)


def lines(*keys: str, bucket: str = SOURCE) -> bytes:
    return "".join(f"{bucket},{key}\n" for key in keys).encode()


def test_keys_are_written_once(cloud: Cloud) -> None:
    task = {"keys": ["b", "a", "b", "a b"], "source_bucket": SOURCE}
    planned = make(cloud, check_mode=True, diff=True, **task)
    assert (planned["changed"], planned["count"], planned["duplicates"], made(cloud)) == (True, 3, 1, []), planned
    blank = "a b" if cloud.provider == "cos" else "a%20b"
    assert planned["diff"][0]["after"] == "".join(sorted(f"{SOURCE},{key}\n" for key in ("a", "b", blank)))
    assert "would be created" in planned["msg"] and "PutObject" not in cloud.operations()
    first = make(cloud, **task)
    assert (first["rc"], first["changed"], first["manifests"][0]["outcome"]) == (0, True, "changed"), first
    assert made(cloud) == [lines(*sorted(["a", blank, "b"]))]
    assert first["manifest"]["etag"] in cloud.emulator.objects(cloud.provider, MANIFESTS).values()
    cloud.emulator.clear_log()
    second = make(cloud, **task)
    assert (second["changed"], second["manifest"], cloud.operations()) == (False, first["manifest"], ["HeadObject"])
    assert second["manifests"][0]["client_request_token"] == first["manifests"][0]["client_request_token"]
