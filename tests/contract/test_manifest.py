# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_manifest: what is written from each source, byte for byte and once, on every provider."""

from __future__ import annotations

import csv
import os
import pathlib
import time
import typing as t

import alibabacloud_oss_v2 as oss
import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import external_sort
from conformance import clients, test_objects as objects

from .clouds import Cloud, on
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


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({}, ["films/a", "films/b", "logs/c", "logs/d"]),
        ({"filter": {"prefix": "films/"}}, ["films/a", "films/b"]),
        ({"filter": {"suffix": "d"}}, ["logs/d"]),
        ({"filter": {"min_size": 2}}, ["films/b", "logs/c", "logs/d"]),
        ({"filter": {"min_size": 2, "max_size": 3}}, ["films/b", "logs/c"]),
        ({"filter": {"max_size": 0}}, []),
        ({"filter": {"older_than": "2d"}}, ["logs/c"]),
        ({"filter": {"newer_than": "2d", "suffix": "a"}}, ["films/a"]),
        ({"filter": {"older_than": "2d", "newer_than": "9d"}}, ["logs/c"]),
        ({"filter": {"storage_class": ["archive"]}}, ["logs/d"]),
        ({"filter": {"storage_class": ["Archive", "STANDARD"]}}, ["films/a", "films/b", "logs/c", "logs/d"]),
        ({"listing": {"bucket": SOURCE, "prefix": "logs/"}}, ["logs/c", "logs/d"]),
        ({"listing": {"bucket": SOURCE, "prefix": "none/"}}, []),
    ],
    ids=str,
)
def test_a_list_and_what_the_filter_keeps(cloud: Cloud, options: dict[str, t.Any], kept: list[str]) -> None:
    put(cloud, "films/a")
    put(cloud, "films/b", size=2)
    put(cloud, "logs/c", size=3, modified=time.time() - 3 * 86400)
    put(cloud, "logs/d", size=4, storage_class="ARCHIVE")
    answer = make(cloud, **{"listing": {"bucket": SOURCE}, **options})
    assert (answer["rc"], answer["count"], answer["changed"]) == (0, len(kept), bool(kept)), answer
    assert made(cloud) == ([lines(*kept)] if kept else [])
    seen = {"logs/": 2, "none/": 0}.get(options.get("listing", {}).get("prefix"), 4)
    assert (answer["rows"], answer["filtered"]) == (seen, seen - len(kept))
    if not kept:
        assert answer["manifest"] is None and answer["manifests"] == []
        assert answer["msg"].startswith(f"No objects are left, so no manifest is required: {seen} rows read.")
        assert "PutObject" not in cloud.operations()


STRANGE = ["a b", "\u00e4", "x\ty", "p+q%25", "\U0001f511", "end\n", "line\rbreak", 'quo"te', "com,ma", "<&>'"]


def test_keys_of_a_list_survive_whatever_they_contain(cloud: Cloud) -> None:
    """Page by page, too: the emulator's page is smaller than the list, and keys are its tokens on COS."""
    put(cloud, *STRANGE, *[f"n/{number:04}" for number in range(1200)])
    answer = make(cloud, listing={"bucket": SOURCE})
    assert answer["rc"] == 0, answer
    assert answer["calls"]["sent"]["ListObjects"] == 2
    [body] = made(cloud)
    if cloud.provider == "cos":
        # Plain keys, without those that need quotes.
        assert (answer["unsupported_objects"], answer["count"]) == (4, 1206)
        assert "4 objects are not in a manifest" in answer["msg"]
        assert b"x\ty" in body and b"p+q%25" in body
        return
    assert (answer["count"], answer["unsupported_objects"]) == (1210, 0)
    keys = {line.partition(b",")[2].decode() for line in body.splitlines()}
    assert {"a%20b", "%C3%A4", "x%09y", "p%2Bq%2525", "end%0A", "line%0Dbreak", "quo%22te", "com%2Cma"} <= keys
    assert body.isascii()


@on("aws", "cos")
def test_versions_of_a_list(cloud: Cloud) -> None:
    bucket = make_bucket(cloud, "kept-1250000000", versioned=True)
    put(cloud, "a", "a", "b", bucket=bucket)
    answer = make(cloud, listing={"bucket": bucket, "versions": True}, versions=True)
    assert (answer["rc"], answer["manifest"]["fields"]) == (0, ["Bucket", "Key", "VersionId"]), answer
    assert made(cloud) == [b"kept-1250000000,a,v000001\nkept-1250000000,a,v000002\nkept-1250000000,b,v000001\n"]
    assert cloud.operations()[0] == "ListObjectVersions"


@on("oss")
def test_oss_has_no_versions_in_manifests(cloud: Cloud) -> None:
    answer = make(cloud, listing={"bucket": SOURCE, "versions": True}, versions=True)
    assert (answer["rc"], answer["error"]["kind"], cloud.operations()) == (1, "unsupported", [])


def test_own_manifests_are_not_listed(cloud: Cloud) -> None:
    """Otherwise the second run would find the manifest of the first one, and write another."""
    put(cloud, "a", bucket=MANIFESTS)
    task = {"listing": {"bucket": MANIFESTS}}
    assert make(cloud, **task)["changed"]
    again = make(cloud, **task)
    assert (again["changed"], again["count"], again["filtered"]) == (False, 1, 1), again


def file(tmp_path: pathlib.Path, content: bytes) -> str:
    path = tmp_path / "objects.csv"
    path.write_bytes(content)
    return str(path)


ROW = f"{SOURCE},a%20b\n".encode()


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (ROW * 2, {}, ROW),
        (b"\xef\xbb\xbf" + ROW, {}, ROW),
        (ROW.replace(b"\n", b"\r\n") + b"\r\n", {}, ROW),
        (ROW.rstrip(), {}, ROW),
        (f'"{SOURCE}","a%20b"\n'.encode(), {}, ROW),
        (b'"bucket","key"\n' + ROW, {"file_header": "skip"}, ROW),
        (f"1,a%20b,{SOURCE}\n".encode(), {"file_fields": ["Ignore", "Key", "Bucket"]}, ROW),
        (b"", {}, b""),
        (b"\n\n", {}, b""),
    ],
    ids=str,
)
def test_a_file(cloud: Cloud, tmp_path: pathlib.Path, content: bytes, options: t.Any, expected: bytes) -> None:
    answer = make(cloud, file=file(tmp_path, content), **options)
    assert answer["rc"] == 0, answer
    assert b"".join(made(cloud)) == expected
    assert (answer["manifest"] is None) is (not expected)


def test_plain_keys_of_a_file(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    content = f'{SOURCE},a b/\u00e4+%25\n{SOURCE},"com,ma"\n'.encode()
    answer = make(cloud, file=file(tmp_path, content), file_encoding="plain", filter={"prefix": "a b"})
    assert (answer["rc"], answer["filtered"]) == (0, 1), answer
    plain = "a b/\u00e4+%25"
    assert made(cloud) == [lines(plain if cloud.provider == "cos" else "a%20b/%C3%A4%2B%2525")]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b'"bucket","key"\n' + ROW, {}, "header row...file_header=skip"),
        (ROW, {"file_header": "skip"}, "has no header row...file_header=none"),
        (ROW + b"only-one-column\n", {}, "row 2 has 1 columns, expected 2"),
        (ROW + b"UPPER CASE,k\n", {}, "row 2: 'UPPER CASE' is not a bucket name"),
        (f"{SOURCE},\n".encode(), {}, "row 1: it has no key"),
        (f"{SOURCE},\xff\n".encode("latin-1"), {"file_encoding": "plain"}, "row 1: its key...not valid UTF-8"),
        (f"{SOURCE},{'k' * 1025}\n".encode(), {}, "row 1: its key...1025 bytes"),
        (f'{SOURCE},"a\nb"\n'.encode(), {"file_encoding": "plain"}, "several lines"),
        (f'{SOURCE},"a\n'.encode() + ROW * 3, {}, "several lines"),
        (f"{SOURCE},a\0b\n".encode(), {"file_encoding": "plain"}, "NUL"),
        (f"{SOURCE},{'k' * 200_000}\n".encode(), {}, "field larger than field limit"),
        (b"x" * 3_000_000, {}, "a line longer than 1 MiB"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_file_that_is_no_list(
    cloud: Cloud, tmp_path: pathlib.Path, content: bytes, options: t.Any, words: str
) -> None:
    answer = make(cloud, file=file(tmp_path, content), **options)
    first, _dots, second = words.partition("...")
    assert (answer["rc"], answer["changed"], answer["error"]["kind"]) == (1, False, "invalid"), answer
    assert first in answer["msg"] and second in answer["msg"] and "No changes were made" in answer["msg"], answer["msg"]
    assert cloud.operations() == [] and answer["msg"].isprintable() and len(answer["msg"]) < 500


@on("aws", "oss")
@pytest.mark.parametrize("key", ["a b", "\u00e4", "50%", "a%2", "a&b", "it's"])
def test_keys_that_are_not_encoded_are_no_surprise_hours_later(cloud: Cloud, tmp_path: pathlib.Path, key: str) -> None:
    answer = make(cloud, file=file(tmp_path, ROW + f"{SOURCE},{key}\n".encode()))
    assert (answer["rc"], cloud.operations()) == (1, [])
    assert "row 2: its key" in answer["msg"] and "file_encoding=plain" in answer["msg"]


@on("aws")
@pytest.mark.parametrize("kind", ["missing", "directory", "pipe", "device", "unreadable", "loop"])
def test_what_is_no_file(cloud: Cloud, tmp_path: pathlib.Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = pathlib.Path("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "unreadable":
        path.write_bytes(ROW)
        real = os.open
        refusal = PermissionError(13, "Permission denied")

        def refuse(name: t.Any, *more: t.Any, **options: t.Any) -> int:
            if name == str(path):
                raise refusal
            return real(name, *more, **options)

        monkeypatch.setattr(os, "open", refuse)
    answer = make(cloud, file=str(path))
    words = {
        "missing": "not found",
        "directory": "a directory",
        "pipe": "a named pipe",
        "device": "a device",
        "unreadable": "Permission denied",
        "loop": "symbolic links",
    }
    assert (answer["rc"], answer["error"]["kind"], cloud.operations()) == (1, "invalid", []), answer
    assert words[kind] in answer["msg"], answer["msg"]


def reference(cloud: Cloud, key: str, **more: t.Any) -> dict[str, t.Any]:
    names = {"aws": "arn:aws:s3:::", "cos": "qcs::cos:ap-guangzhou:uid/1250000000:", "oss": "oss://"}
    return {"object_arn": f"{names[cloud.provider]}{SOURCE}/{key}", **more}


def test_another_manifest_is_filtered_sampled_and_split(cloud: Cloud) -> None:
    keys = [f"k/{number:03}" for number in range(200)]
    body = lines(*reversed(keys)) + b"other-1250000000,k/001\n" + lines(*keys[:5])
    cloud.emulator.put_object(cloud.provider, SOURCE, "m.csv", body)
    source = {"manifest": reference(cloud, "m.csv")}
    whole = make(cloud, **source)
    assert (whole["count"], whole["rows"], whole["duplicates"]) == (201, 206, 5), whole
    by_bucket = make(cloud, split_by="bucket", manifest_prefix="by-bucket", **source)
    assert [item["count"] for item in by_bucket["manifests"]] == [200, 1]
    by_count = make(cloud, split_by="count", split_count=90, manifest_prefix="by-count", **source)
    assert [item["count"] for item in by_count["manifests"]] == [90, 90, 21]
    rest = cloud.emulator.objects(cloud.provider, MANIFESTS)
    parts = [cloud.emulator.read_object(cloud.provider, MANIFESTS, item["key"]) for item in by_count["manifests"]]
    assert b"".join(parts) == b"".join(sorted({*body.splitlines(keepends=True)})) and len(rest) == 6
    sampled = make(cloud, sample=20, manifest_prefix="s", **source)
    assert (sampled["count"], "181 objects not in the sample" in sampled["msg"]) == (20, True), sampled
    # The same objects from another source and in another order have the same sample.
    again = make(cloud, sample=20, manifest_prefix="s", manifest=whole["manifest"])
    assert (again["changed"], again["manifest"]) == (False, sampled["manifest"])


def test_a_manifest_that_another_user_changed(cloud: Cloud) -> None:
    put(cloud, "m.csv")
    answer = make(cloud, manifest=reference(cloud, "m.csv", etag="0" * 32))
    assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "conflict", []), answer
    answer = make(cloud, manifest=reference(cloud, "none.csv"))
    assert (answer["rc"], answer["error"]["kind"]) == (1, "not_found"), answer
    put(cloud, "bad.csv")
    answer = make(cloud, manifest=reference(cloud, "bad.csv"))
    assert (answer["rc"], answer["error"]["kind"]) == (1, "unrecognized_format"), answer
    planned = make(cloud, check_mode=True, keys=["a"], source_bucket=SOURCE)
    cloud.emulator.clear_log()
    answer = make(cloud, check_mode=True, manifest=planned["manifest"])
    assert (answer["rc"], cloud.operations()) == (1, []) and "check mode does not create manifests" in answer["msg"]


@on("aws", "cos")
def test_rows_with_and_without_versions_are_never_mixed(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    content = f"{SOURCE},a,v1\n{SOURCE},b,\n{SOURCE},c,\\N\n{SOURCE},d,null\n".encode()
    task = {"file": file(tmp_path, content), "file_fields": ["Bucket", "Key", "VersionId"]}
    refused = make(cloud, **task)
    assert (refused["rc"], cloud.operations()) == (1, []) and "versions is required" in refused["msg"]
    answer = make(cloud, versions=True, **task)
    assert sorted(made(cloud)) == [f"{SOURCE},a,v1\n{SOURCE},d,null\n".encode(), lines("b", "c")]
    fields = [item["manifest"]["fields"] for item in answer["manifests"]]
    assert fields == [["Bucket", "Key", "VersionId"], ["Bucket", "Key"]]
    assert "2 objects without a version" in answer["msg"]


def test_the_manifest_creates_a_job_as_it_is(cloud: Cloud) -> None:
    put(cloud, "a", "b c")
    answer = make(cloud, listing={"bucket": SOURCE})
    created = create(cloud, manifest=answer["manifest"])
    assert (created["rc"], created["changed"]) == (0, True), created
    cloud.emulator.clock(advance=10)
    job = cloud.info(job_id=[created["job"]["job_id"]])["jobs"][0]
    # The job has read it: each row is a task, and each object is there.
    assert job["progress"]["total"] == 2, job
    assert OPTIONS[cloud.provider]["manifest"] != answer["manifest"]


def test_the_clients_of_the_clouds_read_what_was_written(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    answer = make(cloud, keys=["b c", "a"], source_bucket=SOURCE)
    key, expected = answer["manifests"][0]["key"], lines("a", "b c" if cloud.provider == "cos" else "b%20c")
    emulator = cloud.emulator
    if cloud.provider == "aws":
        got = objects.s3(emulator).get_object(Bucket=MANIFESTS, Key=key)
        body, etag = got["Body"].read(), got["ETag"]
        assert {row[1] for row in csv.reader(body.decode().splitlines())} == {"a", "b%20c"}
        where = ("--bucket", MANIFESTS, "--key", key)
        clients.aws_cli(emulator.url, "get-object", *where, str(tmp_path / "m"), service="s3api")
        assert (tmp_path / "m").read_bytes() == body
    elif cloud.provider == "cos":
        got = objects.cos(emulator).get_object(Bucket=MANIFESTS, Key=key)
        body, etag = got["Body"].get_raw_stream().read(), got["ETag"]
    else:
        read = objects.alibaba(emulator, False).get_object(oss.GetObjectRequest(bucket=MANIFESTS, key=key))
        body, etag = read.body.read(), read.etag
    assert body == expected
    assert etag.strip('"') == answer["manifest"]["etag"]


def test_foreign_content_is_a_conflict(cloud: Cloud) -> None:
    task = {"keys": ["a", "b"], "source_bucket": SOURCE}
    key = make(cloud, check_mode=True, **task)["manifests"][0]["key"]
    cloud.emulator.put_object(cloud.provider, MANIFESTS, key, b"theirs\n")
    answer = make(cloud, **task)
    assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "conflict", [b"theirs\n"])


def test_what_was_written_before_an_error_is_returned(cloud: Cloud) -> None:
    cloud.fault("denied", operation="PutObject", skip=1)
    task = {"keys": ["a", "b", "c"], "source_bucket": SOURCE, "split_by": "count", "split_count": 1}
    answer = make(cloud, **task)
    assert (answer["rc"], answer["changed"], len(answer["manifests"])) == (1, True, 1), answer
    assert answer["error"]["kind"] == "access_denied" and len(made(cloud)) == 1
    assert [item["outcome"] for item in make(cloud, **task)["manifests"]] == ["unchanged", "changed", "changed"]


@on("aws")
def test_too_many_manifests_are_refused_before_the_first(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_sort, "_RUN", 100)
    task = {"keys": [f"k{number}" for number in range(1001)], "source_bucket": SOURCE, "split_by": "count"}
    answer = make(cloud, split_count=1, **task)
    assert (answer["rc"], answer["error"]["kind"], cloud.operations()) == (1, "unsupported", []), answer
    assert len(make(cloud, split_count=500, **task)["manifests"]) == 3


TASK = {"keys": ["a"], "source_bucket": SOURCE}
LIST = {"listing": {"bucket": SOURCE}}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "one of the following is required"),
        ({**TASK, **LIST}, "mutually exclusive"),
        ({**TASK, "keys": []}, "value of keys must have at least one key"),
        ({**TASK, "keys": ["a", ""]}, "value of keys[1] must be 1 to"),
        ({"keys": ["a"]}, "source_bucket is required for keys"),
        ({**LIST, "source_bucket": SOURCE}, "source_bucket requires keys"),
        ({**LIST, "file_header": "skip"}, "file_header requires file"),
        ({**TASK, "manifest_bucket": None}, "missing required arguments: manifest_bucket"),
        ({**TASK, "filter": {}}, "value of filter must have at least one key"),
        ({**TASK, "filter": {"min_size": 1}}, "filter.min_size requires listing"),
        ({**TASK, "filter": {"older_than": "1d"}}, "filter.older_than requires listing"),
        ({**TASK, "filter": {"prefix": ""}}, "value of filter.prefix must be 1 to"),
        ({**LIST, "filter": {"older_than": "soon"}}, "value of filter.older_than must be a duration"),
        ({**LIST, "filter": {"older_than": "9d", "newer_than": "2d"}}, "must be less than filter.newer_than"),
        ({**LIST, "filter": {"min_size": 2, "max_size": 1}}, "must not exceed filter.max_size"),
        ({**LIST, "filter": {"storage_class": []}}, "value of filter.storage_class must be a list"),
        ({"listing": {"bucket": SOURCE, "prefix": ""}}, "value of listing.prefix must be 1 to"),
        ({"listing": {"bucket": ""}}, "value of listing.bucket must not be empty"),
        ({**TASK, "sample": 0}, "value of sample must be an integer from 1"),
        ({**TASK, "split_by": "count"}, "split_count is required"),
        ({**TASK, "split_count": 5}, "split_count requires split_by=count"),
        ({**TASK, "split_by": "bucket", "split_count": 5}, "split_count requires split_by=count"),
        ({"file": "relative.csv"}, "value of file must be an absolute path"),
        ({"file": "/x", "file_fields": ["Key"]}, "value of file_fields must have Bucket and Key once"),
        ({"manifest": {"object_arn": "x"}}, "value of manifest.object_arn must be an object"),
        ({"manifest": {"object_arn": "arn:aws:s3:::bbb/k", "format": "inventory"}}, "manifest."),
    ],
    ids=str,
)
def test_bad_options_cost_no_request(cloud: Cloud, options: dict[str, t.Any], words: str) -> None:
    answer = make(cloud, **options)
    assert (answer["rc"], words in answer["msg"]) == (1, True), answer["msg"]
    assert cloud.operations() == []


@on("aws", "cos")
def test_versions_need_a_source_that_has_some(cloud: Cloud) -> None:
    for options in ({**TASK, "versions": True}, {"listing": {"bucket": SOURCE, "versions": True}}):
        answer = make(cloud, **options)
        assert (answer["rc"], "versions" in answer["msg"], cloud.operations()) == (1, True, [])


ODD_LISTS = {
    "no_token": "has no token for the next page",
    "unordered": "not in order",
    "same_key": "not in order",
    "same_page": "repeats",
    "unstated": "does not state whether the list is complete",
    "no_key": "an object without a key",
}


@pytest.mark.parametrize("kind", ODD_LISTS)
@pytest.mark.parametrize("versions", [False, True])
@pytest.mark.usefixtures("clock")
def test_a_list_that_cannot_be_complete_is_not_used(cloud: Cloud, kind: str, versions: bool) -> None:
    if versions and cloud.provider == "oss":
        pytest.skip("OSS documents no versions in manifests")
    put(cloud, "a", "b", "c")
    operation = "ListObjectVersions" if versions else "ListObjects"
    cloud.fault("odd_list", operation=operation, count=None, kind=kind)
    answer = make(cloud, listing={"bucket": SOURCE, "versions": versions}, versions=versions)
    assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "invalid_response", []), answer
    words = "repeats" if kind == "same_key" and versions else ODD_LISTS[kind]
    assert words in answer["msg"], answer["msg"]
    assert set(cloud.operations()) == {operation} and len(cloud.operations()) <= 12


@pytest.mark.usefixtures("clock")
def test_a_property_that_the_list_lacks_decides_nothing(cloud: Cloud) -> None:
    put(cloud, "a")
    cloud.fault("odd_list", operation="ListObjects", count=None, kind="no_class")
    answer = make(cloud, filter={"storage_class": ["STANDARD"]}, **LIST)
    assert (answer["rc"], answer["error"]["kind"], made(cloud)) == (1, "invalid_response", []), answer
    assert "does not contain the storage class" in answer["msg"]
    cloud.fault("odd_list", operation="ListObjects", count=None, kind="no_class")
    assert make(cloud, filter={"min_size": 1}, **LIST)["count"] == 1
