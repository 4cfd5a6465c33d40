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
OTHER = "other-1250000000"
RESTORES = {
    "aws": {"S3InitiateRestoreObject": {"ExpirationInDays": 7, "GlacierJobTier": "BULK"}},
    "cos": {"COSInitiateRestoreObject": {"ExpirationInDays": 7, "CASJobTier": "Bulk"}},
    "oss": {"RestoreObject": {"Days": 7}},
}
ARCHIVE = {"aws": "GLACIER", "cos": "ARCHIVE", "oss": "Archive"}
STANDARD = {"aws": "STANDARD", "cos": "STANDARD", "oss": "Standard"}
ENCODES = ("aws", "oss")


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


def first(result: dict[str, t.Any], finding: str) -> list[str]:
    [item] = [item for item in result["findings"] if item["finding"] == finding]
    return t.cast("list[str]", item["first"])


def put(cloud: Cloud, key: str, **about: t.Any) -> None:
    cloud.emulator.put_object(cloud.provider, SOURCE, key, b"content", **about)


def test_a_clean_manifest(cloud: Cloud) -> None:
    found = check(cloud, f"{SOURCE},a\n{SOURCE},b\n".encode())
    assert (found["rows"], found["findings"], found["versions"]) == (2, [], 0), found
    assert found["buckets"] == [{"bucket": SOURCE, "count": 2}]
    assert not found["changed"]
    assert found["manifest"]["etag"] == found["etag"]
    assert (found["estimate"]["fee"], found["checked"], found["requirements"]) == (None, None, [])
    assert cloud.operations() == ["HeadObject", "GetObject"]


PLANTED = (
    '"bucket","key"\n'  # as Athena writes it
    f"{SOURCE},a\n"
    f"{SOURCE},a b\n"
    "\n"
    f"{SOURCE},a\n"
    f"{OTHER},c\n"
    f"{SOURCE}\n"
    "NOT A BUCKET,d\n"
    f"{SOURCE},\n"
).encode()


def test_each_fault_by_name(cloud: Cloud) -> None:
    """All of them in one manifest, each with its row; line ends of Windows make no difference."""
    wanted = {"header_row": 1, "duplicate": 1, "foreign_bucket": 1, "empty_line": 1, "malformed_row": 3}
    if cloud.provider in ENCODES:
        wanted["wrong_encoding"] = 1
    for content in (PLANTED, PLANTED.replace(b"\n", b"\r\n")):
        found = check(cloud, content)
        assert (names(found), found["rows"]) == (wanted, 4), found
        assert first(found, "duplicate") == [f"row 5: {SOURCE},a"]
        assert first(found, "foreign_bucket") == [f"row 6: {OTHER},c"]
        assert first(found, "empty_line") == ["row 4"]
        assert [text.split(":")[0] for text in first(found, "malformed_row")] == ["row 7", "row 8", "row 9"]
        assert {item["bucket"]: item["count"] for item in found["buckets"]} == {SOURCE: 3, OTHER: 1}
    for finding, count in wanted.items():
        failed = check(cloud, PLANTED, fail_on=[finding])
        assert (failed["failed"], failed["error"]["kind"], failed["changed"]) == (True, "invalid", False)
        assert f"{finding} ({count})" in failed["msg"]
        assert (names(failed), failed["rows"]) == (wanted, 4)
    assert not check(cloud, PLANTED, fail_on=["archived", "missing_object"]).get("failed")


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"\xef\xbb\xbfSOURCE,a\nSOURCE,b\n", "malformed_row"),
        (b"\xef\xbb\xbfbucket,key\nSOURCE,b\n", "header_row"),
        (b"SOURCE,\xff\nSOURCE,b\n", "wrong_encoding"),
        (b"SOURCE,a\x00\nSOURCE,b\n", "wrong_encoding"),
        (b"SOURCE,a,v1\nSOURCE,b\n", "malformed_row"),
        (b"", "empty_manifest"),
        (b"\n", "empty_manifest"),
    ],
)
def test_bytes_that_a_job_misreads(cloud: Cloud, content: bytes, finding: str) -> None:
    found = check(cloud, content.replace(b"SOURCE", SOURCE.encode()))
    assert names(found).get(finding) == 1, found
    assert all(text.isprintable() for item in found["findings"] for text in item["first"])


def test_a_line_without_an_end(cloud: Cloud) -> None:
    found = check(cloud, b"x" * (5 * 2**20))
    assert (found["failed"], found["error"]["kind"]) == (True, "invalid_response")
    assert "line longer than" in found["msg"]


def test_expected_buckets(cloud: Cloud) -> None:
    content = f"{SOURCE},a\n{OTHER},b\n".encode()
    assert names(check(cloud, content, expected_bucket=[SOURCE, OTHER])) == {}
    assert first(check(cloud, content, expected_bucket=[OTHER]), "foreign_bucket") == [f"row 1: {SOURCE},a"]


def test_versions(cloud: Cloud) -> None:
    fields = ["Bucket", "Key", "VersionId"]
    rows = f"{SOURCE},a,v1\n{SOURCE},a,v2\n{SOURCE},b,\n".encode()
    operation = RESTORES[cloud.provider]
    found = check(cloud, rows, manifest={"fields": fields}, operation=operation)
    assert (found["rows"], found["versions"], names(found)) == (3, 2, {}), found
    assert found["manifest"]["fields"] == fields
    assert any("1 rows have no version" in text for text in found["requirements"])
    assert any("archive storage class" in text for text in found["requirements"])
    assert found["estimate"]["requests"] == 3


def inventory(cloud: Cloud, data: bytes, **changes: t.Any) -> dict[str, t.Any]:
    """Check an inventory whose only file has this content."""
    cloud.emulator.put_object(cloud.provider, MANIFESTS, "data/x.csv.gz", data)
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    schema = {"cos": "Appid, Bucket, Key, Size"}.get(cloud.provider, "Bucket, Key, Size, LastModifiedDate")
    body = {
        "sourceBucket": SOURCE,
        "destinationBucket": f"arn:aws:s3:::{MANIFESTS}",
        "version": "2016-11-30",
        "creationTimestamp": "1514944800000",
        "fileFormat": "CSV",
        "fileSchema": schema,
        "files": [{"key": "data/x.csv.gz", "size": len(data), "MD5checksum": md5}],
        **changes,
    }
    return check(cloud, json.dumps(body).encode(), "inventory/manifest.json", manifest={"format": "inventory"})


def test_inventories(cloud: Cloud) -> None:
    start, end = ("1250000000,", ",7") if cloud.provider == "cos" else ("", ",7,2026-01-01")
    rows = "".join(f'{start}"{SOURCE}","{key}"{end}\n' for key in "aab")
    found = inventory(cloud, gzip.compress(rows.encode()))
    assert (found["rows"], names(found), found["buckets"]) == (3, {"duplicate": 1}, [{"bucket": SOURCE, "count": 3}])
    differs = inventory(cloud, gzip.compress(rows.encode()), files=[{"key": "data/x.csv.gz", "MD5checksum": "0" * 32}])
    assert differs["failed"] and "MD5" in differs["msg"], differs
    for form in ("ORC", "Parquet"):
        refused = inventory(cloud, b"", fileFormat=form)
        assert (refused["error"]["kind"], form in refused["msg"]) == ("unsupported", True)
    cut = inventory(cloud, gzip.compress(rows.encode())[:-4])
    assert cut["failed"] and "truncated" in cut["msg"]
    bomb = inventory(cloud, gzip.compress(b"x" * 2**26))
    assert bomb["failed"] and "line longer than" in bomb["msg"]


def test_which_object_is_the_manifest(cloud: Cloud) -> None:
    rows = f"{SOURCE},a\n".encode()
    good = check(cloud, rows)
    assert check(cloud, rows, manifest={"etag": good["etag"].swapcase()})["rows"] == 1
    other = check(cloud, rows, manifest={"etag": "0" * 32})
    assert (other["error"]["kind"], other["changed"]) == ("conflict", False)
    assert "0" * 32 in other["msg"] and good["etag"] in other["msg"]
    assert check(cloud, rows, manifest={"version_id": "v1"})["error"]["kind"] == "conflict"
    manifest = {"object_arn": resource(cloud, "none.csv")}
    assert cloud.run("batch_manifest_info", manifest=manifest)["error"]["kind"] == "not_found"

    def change(turn: int) -> None:
        cloud.emulator.put_object(cloud.provider, MANIFESTS, "m.csv", b"other,content\n")

    with at_each(cloud.emulator, ["GetObject"], change):
        changed = check(cloud, rows)
    assert (changed.get("failed"), changed["error"]["kind"]) == (True, "conflict")


def sample(cloud: Cloud, operation: bool, **options: t.Any) -> dict[str, t.Any]:
    """Check a manifest of one object in each state, and one that does not exist."""
    archive = ARCHIVE[cloud.provider]
    put(cloud, "standard", encryption="AES256")
    put(cloud, "archived", storage_class=archive)
    put(cloud, "ongoing", storage_class=archive, restore='ongoing-request="true"')
    done = 'ongoing-request="false", expiry-date="Fri, 01 Jan 2027 00:00:00 GMT"'
    put(cloud, "restored", storage_class=archive, restore=done)
    keys = ["standard", "archived", "ongoing", "restored", "missing"]
    rows = "".join(f"{SOURCE},{key}\n" for key in keys)
    given = {"operation": RESTORES[cloud.provider]} if operation else {}
    cloud.emulator.clear_log()
    return check(cloud, rows.encode(), **given, **options)


def test_a_sample_of_the_objects(cloud: Cloud) -> None:
    found = sample(cloud, True, objects=10)
    assert cloud.operations().count("HeadObject") == 1 + 5
    assert names(found) == {"missing_object": 1, "not_archived": 1, "restore_in_progress": 1}, found
    checked = found["checked"]
    counts = [checked[name] for name in ("objects", "existing", "missing", "archived", "restored", "restoring")]
    assert counts == [5, 4, 1, 3, 1, 1]
    assert checked["storage_classes"] == {ARCHIVE[cloud.provider]: 3, STANDARD[cloud.provider]: 1}
    assert checked["encryption"] == {"AES256": 1, "none reported": 3}
    assert first(found, "missing_object") == [f"{SOURCE}/missing"]
    found = sample(cloud, False, objects=2)
    assert cloud.operations().count("HeadObject") == 1 + 2
    assert found["checked"]["objects"] == 2
    again = sample(cloud, False, objects=2)
    assert again["checked"] == found["checked"]
    assert "archived" in names(sample(cloud, False, objects=5))


def test_keys_that_no_object_can_have(cloud: Cloud) -> None:
    long = b"x" * 2000
    found = check(cloud, b"".join(b"%b,%b\n" % (SOURCE.encode(), key) for key in (long, b"\xff", b"a\x00")), objects=9)
    assert names(found)["missing_object"] == 3, found
    assert cloud.operations() == ["HeadObject", "GetObject"]


def test_estimates(cloud: Cloud) -> None:
    rows = "".join(f"{SOURCE},{number}\n" for number in range(3)).encode()
    table = check(cloud, rows, price_table="aws-2025-09")["estimate"]
    assert (table["fee"], table["currency"], table["price_table"]) == (0.250003, "USD", "aws-2025-09")
    assert "2025-09-26" in table["basis"]
    prices = {"currency": "CNY", "per_job": "0.1", "per_thousand_requests": "0.2"}
    own = check(cloud, rows, prices=prices, operation=RESTORES[cloud.provider])["estimate"]
    assert (own["fee"], own["fee_text"], own["requests"]) == (0.1006, "0.1006 CNY", 3)
    unknown = check(cloud, rows, prices=prices, operation={"NoSuchOperation": {}})["estimate"]
    assert (unknown["fee"], unknown["requests"]) == (0.1, None)
    assert "not known" in unknown["basis"]


def test_text_of_other_users(cloud: Cloud) -> None:
    """Nothing of a key becomes a template, turns the direction of a line, or fills the screen."""
    hostile = "{{ 1 + 1 }}\u202e\x1b[31m" + "x" * 5000
    found = check(cloud, f"{SOURCE},ok\n{OTHER},{hostile}\nBAD {hostile},a\n".encode(), fail_on=["foreign_bucket"])
    texts = [found["msg"], *(text for item in found["findings"] for text in item["first"])]
    assert len(texts) >= 3
    for text in texts:
        assert text.isprintable() and len(text) < 1000, text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    "options",
    [
        {"expected_bucket": []},
        {"expected_bucket": [""]},
        {"fail_on": []},
        {"operation": {}},
        {"objects": -1},
        {"objects": 10001},
        {"prices": {"currency": "USD"}},
        {"prices": {"currency": "", "per_job": "1"}},
        {"prices": {"currency": "USD", "per_job": ""}},
        {"price_table": ""},
        {"price_table": "aws-2025-09", "prices": {"currency": "USD", "per_job": "1"}},
        {"manifest": {"etag": ""}},
        {"manifest": {"version_id": ""}},
        {"manifest": {"fields": []}},
        {"manifest": {"fields": ["Key"]}},
        {"manifest": {"object_arn": ""}},
        {"manifest": {"format": "inventory", "fields": ["Bucket", "Key"]}},
    ],
    ids=str,
)
def test_empty_and_invalid_values_are_refused(cloud: Cloud, options: dict[str, t.Any]) -> None:
    found = check(cloud, f"{SOURCE},a\n".encode(), **options)
    assert found["failed"] is True, found
    assert cloud.operations() == []


def test_an_object_in_a_bucket_that_does_not_exist_is_missing(cloud: Cloud) -> None:
    found = check(cloud, b"nowhere-1250000000,a\n", objects=1)
    assert (found["rc"], found["checked"]["missing"]) == (0, 1), found
