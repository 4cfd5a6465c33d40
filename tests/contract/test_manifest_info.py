# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_manifest_info: what it finds in manifests of each provider, and what it asks for."""

from __future__ import annotations

import gzip
import hashlib
import json
import typing as t

import pytest

from .clouds import Cloud
from .moments import at_each
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


ENCODED = {"aws": True, "cos": False, "oss": True}
FOREIGN = "other-1250000000"


def test_every_finding_of_the_rows(cloud: Cloud) -> None:
    """Planted faults in one manifest, in the form in which Athena writes it."""
    quoted = cloud.provider == "aws"
    head = b'"bucket","key"\n' if quoted else b"bucket,key\n"
    rows = [
        f"{SOURCE},a",
        f"{SOURCE},a",
        f"{SOURCE},a b",
        f"{FOREIGN},c",
        "",
        f"{SOURCE},d,e",
        f"{SOURCE},",
        "no bucket,f",
    ]
    found = check(cloud, head + "\r\n".join(rows).encode() + b"\n" + f"{SOURCE},".encode() + b"\xff\n")
    wrong = 2 if ENCODED[cloud.provider] else 1
    expected = {"header_row": 1, "wrong_encoding": wrong, "duplicate": 1, "foreign_bucket": 1, "empty_line": 1}
    assert names(found) == {**expected, "malformed_row": 3}, found["findings"]
    assert found["rows"] == 5
    first = {item["finding"]: item["first"] for item in found["findings"]}
    assert first["foreign_bucket"] == [f"row 5: {FOREIGN},c"]
    assert first["duplicate"] == [f"row 3: {SOURCE},a"]
    assert "Findings: header_row (1), wrong_encoding" in found["msg"]


def test_fail_on_keeps_the_result(cloud: Cloud) -> None:
    content = f"{SOURCE},a\n{SOURCE},a\n\n".encode()
    found = check(cloud, content, fail_on=["duplicate", "header_row"])
    assert (found["rc"], found["error"]["kind"]) == (1, "invalid"), found
    assert "has findings of fail_on: duplicate (1)" in found["msg"]
    assert (found["rows"], names(found)) == (2, {"duplicate": 1, "empty_line": 1})
    assert check(cloud, content, fail_on=["header_row"])["rc"] == 0


def test_a_second_run_finds_the_same(cloud: Cloud) -> None:
    content = f"{SOURCE},a\n{SOURCE},b\n".encode()
    first, second = check(cloud, content), check(cloud, content, check_mode=True)
    assert {**first, "calls": None} == {**second, "calls": None}
    assert not second["changed"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"bucket,key\n"])
def test_a_manifest_without_objects(cloud: Cloud, content: bytes) -> None:
    found = check(cloud, content, fail_on=["empty_manifest"], objects=5)
    assert (found["rc"], found["rows"], found["checked"]) == (1, 0, None), found
    assert names(found)["empty_manifest"] == 1


def test_which_manifest(cloud: Cloud) -> None:
    content = f"{SOURCE},a\n".encode()
    etag = check(cloud, content)["etag"]
    assert check(cloud, content, manifest={"etag": f'"{etag}"'})["rc"] == 0
    other = check(cloud, content, manifest={"etag": "0" * 32})
    assert (other["rc"], other["error"]["kind"]) == (1, "conflict"), other
    assert f"its ETag is {etag}, expected {'0' * 32}" in other["msg"]
    missing = cloud.run("batch_manifest_info", manifest={"object_arn": resource(cloud, "none.csv")})
    assert (missing["rc"], missing["error"]["kind"]) == (1, "not_found"), missing
    assert "the manifest does not exist: object none.csv in bucket" in missing["msg"]


def test_a_manifest_that_changes_while_it_is_read(cloud: Cloud) -> None:
    content = f"{SOURCE},a\n".encode()

    def change(turn: int) -> None:
        cloud.emulator.put_object(cloud.provider, MANIFESTS, "m.csv", content * 2)

    with at_each(cloud.emulator, ["GetObject"], change):
        found = check(cloud, content)
    assert (found["rc"], found["error"]["kind"]) == (1, "conflict"), found


def test_a_sample_of_the_objects(cloud: Cloud) -> None:
    archive = {"aws": "GLACIER", "cos": "ARCHIVE", "oss": "ColdArchive"}[cloud.provider]
    details: dict[str, dict[str, t.Any]] = {
        "plain": {},
        "cold": {"storage_class": archive},
        "coming": {"storage_class": archive, "restore": 'ongoing-request="true"'},
        "back": {"storage_class": archive, "restore": 'ongoing-request="false", expiry-date="x"'},
        "secret": {"encryption": "AES256"},
    }
    for key, given in details.items():
        cloud.emulator.put_object(cloud.provider, SOURCE, key, b"x", **given)
    content = "".join(f"{SOURCE},{key}\n" for key in [*details, "gone"]).encode()
    found = check(cloud, content, objects=10)
    expected = {"missing_object": 1, "archived": 1, "not_archived": 2, "restore_in_progress": 1}
    assert names(found) == expected, found["findings"]
    checked = found["checked"]
    counts = {"objects": 6, "existing": 5, "missing": 1, "archived": 3, "restored": 1, "restoring": 1}
    assert {name: checked[name] for name in counts} == counts
    standard = "Standard" if cloud.provider == "oss" else "STANDARD"
    assert checked["storage_classes"] == {archive: 3, standard: 2}
    assert checked["encryption"]["AES256"] == (5 if cloud.provider == "aws" else 1)
    assert cloud.operations().count("HeadObject") == 1 + 6

    operation = {"aws": "S3InitiateRestoreObject", "cos": "COSInitiateRestoreObject", "oss": "RestoreObject"}
    restore = check(cloud, content, objects=10, operation={operation[cloud.provider]: {}})
    assert names(restore) == {"missing_object": 1, "not_archived": 2, "restore_in_progress": 1}
    assert restore["requirements"][0] == "Every object must be in an archive storage class."
    assert restore["estimate"]["requests"] == 6
    few = check(cloud, content, objects=2)
    assert few["checked"]["objects"] == 2
    assert few["checked"] == check(cloud, content, objects=2)["checked"]


def test_keys_are_decoded_before_they_are_checked(cloud: Cloud) -> None:
    cloud.emulator.put_object(cloud.provider, SOURCE, "a b+%25,\u00e4", b"x")
    key = "a%20b%2B%2525%2C%C3%A4" if ENCODED[cloud.provider] else "a b+%25\u00e4"
    if not ENCODED[cloud.provider]:
        cloud.emulator.put_object(cloud.provider, SOURCE, key, b"x")
    found = check(cloud, f"{SOURCE},{key}\n".encode(), objects=1)
    assert found["checked"]["existing"] == 1, found


def test_versions(cloud: Cloud) -> None:
    versioned = make_bucket(cloud, "versions-1250000000", versioned=True)
    first = cloud.emulator.put_object(cloud.provider, versioned, "a", b"1", storage_class="ONE")["version"]
    cloud.emulator.put_object(cloud.provider, versioned, "a", b"2", storage_class="TWO")
    fields = ["Bucket", "Key", "VersionId"]
    content = f"{versioned},a,{first}\n{versioned},a,\n".encode()
    found = check(cloud, content, manifest={"fields": fields}, objects=2)
    assert (found["rows"], found["versions"], found["findings"]) == (2, 1, []) or names(found) == {"not_archived": 2}
    assert found["checked"]["storage_classes"] == {"ONE": 1, "TWO": 1}
    assert "1 rows have no version" in " ".join(found["requirements"])


def inventory(cloud: Cloud, rows: bytes, schema: str, **changes: t.Any) -> dict[str, t.Any]:
    """Check an inventory with one file of gzip."""
    body = gzip.compress(rows)
    cloud.emulator.put_object(cloud.provider, MANIFESTS, "inventory/data/1.csv.gz", body)
    entry = {"key": "inventory/data/1.csv.gz", "size": len(body), "MD5checksum": hashlib.md5(body).hexdigest()}
    document = {"fileFormat": "CSV", "fileSchema": schema, "files": [{**entry, **changes.pop("entry", {})}], **changes}
    return check(cloud, json.dumps(document).encode(), "inventory/manifest.json", manifest={"format": "inventory"})


def test_inventories(cloud: Cloud) -> None:
    schema = {"cos": "Appid, Bucket, Key, Size", "aws": "Bucket, Key, VersionId, Size", "oss": "Bucket, Key, Size"}
    cells = {"aws": [SOURCE, "a%20b", "v1", "5"], "cos": ["1250000000", SOURCE, "a%20b", "5"]}
    row = cells.get(cloud.provider, [SOURCE, "a%20b", "5"])
    text = (",".join(f'"{cell}"' for cell in row) + "\n").encode()
    found = inventory(cloud, text * 2, schema[cloud.provider])
    assert (found["rc"], found["rows"], names(found)) == (0, 2, {"duplicate": 1}), found
    assert found["versions"] == (2 if cloud.provider == "aws" else 0)
    assert "fields" not in found["manifest"]
    wrong = inventory(cloud, text, schema[cloud.provider], entry={"MD5checksum": "0" * 32})
    assert wrong["error"]["kind"] == "invalid_response"
    assert inventory(cloud, text, schema[cloud.provider], fileFormat="Parquet")["error"]["kind"] == "unsupported"
    assert inventory(cloud, text, "Key, Size")["error"]["kind"] == "unrecognized_format"
    assert check(cloud, text, "m.csv", manifest={"format": "inventory"})["error"]["kind"] == "unrecognized_format"


def test_a_bomb_ends_within_limits(cloud: Cloud) -> None:
    found = inventory(cloud, b"x" * (64 * 2**20), "Bucket, Key")
    assert (found["rc"], found["error"]["kind"]) == (1, "invalid_response"), found
    assert "line longer than 4 MiB" in found["msg"]


HOSTILE = "{{ lookup('pipe', 'id') }}\u202e\x00\x1b[31m"


def test_hostile_rows_stay_text(cloud: Cloud) -> None:
    content = f"{SOURCE},{HOSTILE}\n{HOSTILE},a\n{SOURCE},{'k' * 5000}\n{SOURCE},{HOSTILE}\n".encode()
    found = check(cloud, content)
    assert found["rc"] == 0, found
    for item in found["findings"]:
        assert all(text.isprintable() and len(text) < 400 for text in item["first"]), item
    assert found["msg"].isprintable()


def test_prices(cloud: Cloud) -> None:
    content = f"{SOURCE},a\n".encode()
    prices = {"name": "contract", "currency": "CNY", "per_job": "0.1", "per_million_objects": "200000"}
    found = check(cloud, content, prices=prices)
    assert (found["estimate"]["fee"], found["estimate"]["fee_text"]) == (0.3, "0.3 CNY"), found
    assert "Estimated fee: 0.3 CNY (contract)." in found["msg"]
    assert check(cloud, content, price_table="aws-2025-09")["estimate"]["currency"] == "USD"
