# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_manifest_info with manifests of other users: bombs, marks, objects that no request can name, and faults."""

from __future__ import annotations

import gzip
import hashlib
import json
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import manifest_files

from .clouds import Cloud, on
from .stores import make_bucket
from .test_manifest_info import MANIFESTS, SOURCE, check, names

TAGGING: dict[str, t.Any] = {"PutObjectTagging": {}}


@pytest.fixture(autouse=True)
def buckets(cloud: Cloud) -> None:
    make_bucket(cloud, MANIFESTS)
    make_bucket(cloud, SOURCE)


def put(cloud: Cloud, key: str, **details: t.Any) -> None:
    cloud.emulator.put_object(cloud.provider, SOURCE, key, b"x", **details)


def test_objects_of_other_buckets_and_odd_keys(cloud: Cloud) -> None:
    """A row can name the bucket of another account, and keys that no request can have."""
    put(cloud, "a")
    content = f"{SOURCE},a\nother-1250000000,b\n{SOURCE},x/../y\n{SOURCE},{'k' * 2000}\n".encode()
    found = check(cloud, content, objects=10)
    assert found["rc"] == 0, found
    assert (found["checked"]["objects"], found["checked"]["existing"], found["checked"]["unchecked"]) == (3, 1, 1)
    # The key with 2,000 bytes cannot exist.
    assert names(found)["missing_object"] == 1
    assert "2 objects checked, and 1 not (" in found["msg"]
    assert not [entry for entry in cloud.emulator.log() if "other-1250000000" in json.dumps(entry)]
    only = check(cloud, f"{SOURCE},x/../y\n".encode(), objects=10)
    assert (only["rc"], only["error"]["kind"]) == (1, "invalid")


@on("aws", "cos")
def test_delete_markers_and_versions_that_are_gone(cloud: Cloud) -> None:
    versioned = make_bucket(cloud, "versioned-1250000000", versioned=True)
    first = cloud.emulator.put_object(cloud.provider, versioned, "a", b"1")["version"]
    cloud.emulator.delete_object(cloud.provider, versioned, "a")
    content = f"{versioned},a,{first}\n{versioned},a,v000002\n{versioned},a,v999999\n".encode()
    fields = ["Bucket", "Key", "VersionId"]
    found = check(cloud, content, manifest={"fields": fields}, objects=10, operation=TAGGING)
    assert (found["checked"]["existing"], names(found)) == (1, {"missing_object": 2}), found
    # AWS documents 405 for the version ID of a delete marker.
    cloud.fault("raw", operation="HeadObject", skip=1, http_status=405, code="MethodNotAllowed")
    content = f"{versioned},a,v000002\n".encode()
    found = check(cloud, content, manifest={"fields": fields}, objects=10, operation=TAGGING)
    assert (found["rc"], names(found)) == (0, {"missing_object": 1}), found


def inventory(cloud: Cloud, content: bytes, schema: str = "Bucket, Key, Size", **changes: t.Any) -> dict[str, t.Any]:
    """The result for an inventory with one file."""
    data = gzip.compress(content)
    cloud.emulator.put_object(cloud.provider, MANIFESTS, "data/1.csv.gz", data)
    md5 = hashlib.md5(data).hexdigest()
    document = {
        "sourceBucket": SOURCE,
        "destinationBucket": f"arn:aws:s3:::{MANIFESTS}",
        "fileFormat": "CSV",
        "fileSchema": schema,
        "files": [{"key": "data/1.csv.gz", "size": len(data), "MD5checksum": md5}],
        **changes,
    }
    return check(
        cloud,
        json.dumps(document).encode(),
        "manifest.json",
        manifest={"format": "inventory"},
        objects=10,
        operation=TAGGING,
    )


def test_an_inventory(cloud: Cloud) -> None:
    put(cloud, "a b")
    put(cloud, "c+d")
    put(cloud, "e f")
    rows = (f'"{SOURCE}","a%20b","1"', f'"{SOURCE}","c%2Bd","1"', f'"{SOURCE}","e+f","1"')
    found = inventory(cloud, "\n".join(rows).encode())
    assert (found["rc"], found["rows"], found["findings"]) == (0, 3, []), found
    # The provider encodes the keys of an inventory, on COS, too.
    assert found["checked"]["existing"] == 3
    assert found["manifest"]["format"] == "inventory"
    assert "fields" not in found["manifest"]


@on("cos")
def test_an_inventory_with_the_app_id_apart(cloud: Cloud) -> None:
    put(cloud, "a")
    found = inventory(cloud, b'"1250000000","archive","a"\n', "Appid, Bucket, Key")
    assert found["buckets"] == [{"bucket": SOURCE, "count": 1}]
    assert found["checked"]["existing"] == 1


@on("aws")
def test_a_gzip_bomb_ends(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_files, "_SLACK", 2**16)
    found = inventory(cloud, b"\n" * 2**21)
    assert (found["rc"], found["error"]["kind"], found["error"]["retryable"]) == (1, "invalid_response", False)
    assert "250 times" in found["msg"]


FAULTS: list[tuple[str, dict[str, t.Any]]] = [
    ("raw", {"http_status": 503, "code": "SlowDown"}),
    ("raw", {"http_status": 403, "code": "AccessDenied"}),
    ("raw", {"http_status": 412, "code": "PreconditionFailed"}),
    ("drop_after", {}),
    ("redirect", {"http_status": 307}),
    ("truncated", {}),
    ("html", {"http_status": 200}),
    ("empty_body", {}),
    ("no_range", {}),
]


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("operation", ["HeadObject", "GetObject"])
def test_faults(cloud: Cloud, operation: str, lasting: bool) -> None:
    """A task ends with the right figures, or in one sentence with a kind."""
    content = f"{SOURCE},a\n{SOURCE},b\n".encode()
    put(cloud, "a")
    put(cloud, "b")
    for name, details in FAULTS:
        cloud.emulator.clear_faults()
        cloud.emulator.clear_log()
        cloud.fault(name, operation=operation, count=1000 if lasting else 1, **details)
        found = check(cloud, content, objects=2, operation=TAGGING, max_attempts=2, retry_deadline=5)
        assert found["msg"].isprintable() and not found["changed"]
        if found["rc"]:
            assert found["error"]["kind"] in errors.KINDS, (name, found)
            assert found["error"]["kind"] != "not_found", (name, found)
        else:
            assert (found["rows"], found["findings"]) == (2, []), (name, found)
            assert found["checked"]["existing"] + found["checked"]["unchecked"] == 2, (name, found)
        assert len(cloud.operations()) <= 12
