# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects as each cloud documents them: tests/conformance/object_differences.py names the document of each test."""

from __future__ import annotations

import hashlib
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._requests import downloads as requests_objects

from .reports import BUCKET
from .stores import body_of, make_bucket, reader_of, store_of

if t.TYPE_CHECKING:
    from .clouds import Cloud

LARGE = bytes(range(256)) * 13
PART = 1000
ELSEWHERE = {"aws": "us-west-2", "cos": "ap-beijing", "oss": "cn-beijing"}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests_objects, "PART", PART)


def put(cloud: Cloud, key: str, content: bytes, **options: t.Any) -> str:
    make_bucket(cloud)
    return str(cloud.emulator.put_object(cloud.provider, BUCKET, key, content, **options)["etag"])


def failed(action: t.Callable[[], t.Any]) -> t.Any:
    """The failure that an action ends with."""
    with pytest.raises(BatchError) as caught:
        action()
    return caught.value.failure


def test_parts(cloud: Cloud) -> None:
    etag = put(cloud, "large", LARGE)
    reader = reader_of(cloud)
    parts = list(reader.parts(BUCKET, "large", md5=hashlib.md5(LARGE).hexdigest(), etag=etag))
    assert [len(part) for part in parts] == [1000, 1000, 1000, 328]
    assert b"".join(parts) == LARGE
    assert cloud.operations() == ["GetObject"] * 4
    body, found = store_of(cloud).read(BUCKET, "large", 3, 5)
    assert (body, found.size, found.etag) == (LARGE[3:8], len(LARGE), etag)


@pytest.mark.parametrize("content", [b"", b"0123456789", b"x" * PART, b"x" * (PART + 1)], ids=len)
def test_small_and_empty_objects(cloud: Cloud, content: bytes) -> None:
    """The last part ends before its range does, and of nothing there is no part at all."""
    put(cloud, "small", content)
    reader = reader_of(cloud)
    assert b"".join(reader.parts(BUCKET, "small")) == content
    body, found = reader.whole(BUCKET, "small")
    assert (body, found.size) == (content, len(content))
    assert {entry["http_status"] for entry in cloud.emulator.log()} == ({206} if content else {416})


@pytest.mark.parametrize("content", [b"", b"0123456789", LARGE], ids=len)
def test_a_whole_object_for_a_part(cloud: Cloud, content: bytes) -> None:
    """Servers that ignore ranges, as OSS does by default where one ends beyond the object."""
    put(cloud, "some", content)
    reader = reader_of(cloud)
    cloud.fault("no_range", count=None)
    assert b"".join(reader.parts(BUCKET, "some")) == content
    assert reader.whole(BUCKET, "some")[0] == content
    assert {entry["http_status"] for entry in cloud.emulator.log()} == {200}


def test_a_whole_object_is_taken_only_if_it_is_certain(cloud: Cloud) -> None:
    """Not the page of a gateway, half an object, or another one than before."""
    put(cloud, "some", LARGE)
    store = store_of(cloud)
    for name, args in (("html", {"http_status": 200}), ("empty_body", {}), ("other_xml", {})):
        cloud.fault(name, operation="GetObject", **args)
        failure = failed(lambda: store.read(BUCKET, "some", 0, 100))
        assert (failure.kind, failure.retryable) == ("invalid_response", True), (name, failure)
    cloud.fault("no_range")
    etag = store.head(BUCKET, "some").etag
    put(cloud, "some", LARGE[::-1])
    assert failed(lambda: store.read(BUCKET, "some", 0, 100, etag)).kind == "conflict"


def test_an_object_that_changes_while_it_is_read(cloud: Cloud) -> None:
    put(cloud, "large", LARGE)
    parts = reader_of(cloud).parts(BUCKET, "large")
    first = next(parts)
    put(cloud, "large", LARGE[::-1])
    failure = failed(lambda: list(parts))
    assert first == LARGE[:PART]
    assert (failure.kind, failure.code) == ("conflict", "PreconditionFailed")
    assert f"object large in bucket {BUCKET}" in failure.message


def test_errors_with_the_status_of_success(cloud: Cloud) -> None:
    put(cloud, "some", LARGE)
    store = store_of(cloud)
    calls: dict[str, t.Callable[[], t.Any]] = {
        "GetObject": lambda: store.read(BUCKET, "some", 0, 100),
        "PutObject": lambda: store.put(BUCKET, "new", body_of(b"x")),
        "ListObjects": lambda: store.list_page(BUCKET, "", ""),
    }
    for operation, call in calls.items():
        for code, kind in (
            ("InternalError", "unavailable"),
            ("SlowDown", "throttled"),
            ("AccessDenied", "access_denied"),
        ):
            cloud.fault("error_200", operation=operation, code=code)
            failure = failed(call)
            assert (failure.kind, failure.code) == (kind, code), (operation, failure)


@pytest.mark.parametrize("versioned", [False, True])
def test_a_condition_keeps_what_is_there(cloud: Cloud, versioned: bool) -> None:
    """Where versions are kept COS and OSS ignore their condition; what was there stays a version then."""
    make_bucket(cloud, versioned=versioned)
    store = store_of(cloud)
    first = store.put(BUCKET, "once", body_of(b"first"))
    assert store.head(BUCKET, "once") == first or first.size == 5
    assert bool(first.version) is versioned
    if versioned and cloud.provider != "aws":
        second = store.put(BUCKET, "once", body_of(b"second"))
        assert second.version != first.version
        return
    failure = failed(lambda: store.put(BUCKET, "once", body_of(b"second")))
    assert failure.kind == "conflict"
    assert cloud.emulator.read_object(cloud.provider, BUCKET, "once") == b"first"


def test_a_body_that_changes_on_its_way(cloud: Cloud) -> None:
    make_bucket(cloud)
    store = store_of(cloud)
    failure = failed(lambda: store.put(BUCKET, "new", body_of(b"body", md5=bytes(16))))
    assert (failure.kind, failure.retryable) == ("invalid_response", True), failure
    assert failure.code == ("InvalidDigest" if cloud.provider == "oss" else "BadDigest")


def test_keys_of_many_pages(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"many/{number:05}" for number in range(2345)]
    for name in names:
        put(cloud, name, b"")
    reader = reader_of(cloud)
    cloud.emulator.clear_log()
    found = reader.keys(BUCKET, "many/")
    assert (found.keys, found.complete) == (names, True)
    assert cloud.operations() == ["ListObjects"] * 3, "a page has fewer than 1,000 keys"
    monkeypatch.setattr(requests_objects, "_MOST_PAGES", 2)
    found = reader.keys(BUCKET, "many/")
    assert (found.keys, found.complete) == (names[:2000], False)


def test_a_list_that_goes_on_nowhere(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A truncated page without a way on, or with the one that led to it, is no list."""
    put(cloud, "some", b"")
    store = store_of(cloud)
    failure = failed(lambda: store.following([], True, ""))
    assert (failure.kind, failure.operation) == ("invalid_response", "ListObjects")
    reader = reader_of(cloud)
    monkeypatch.setattr(reader.store, "list_page", lambda bucket, prefix, token: (["a"], "again"))
    assert failed(lambda: reader.keys(BUCKET, "")).kind == "invalid_response"


STRANGE = ["a b/ä+%&=?#;,.csv", "x//y", "quo'te\"<&>", "tab\tbed", "plus+plus", "per%20cent", "dots..", "ünï/ço"]


def test_keys_with_strange_signs(cloud: Cloud) -> None:
    for key in STRANGE:
        put(cloud, f"s/{key}", key.encode())
    reader = reader_of(cloud)
    wanted = sorted(f"s/{key}" for key in STRANGE)
    assert reader.keys(BUCKET, "s/").keys == wanted
    for key in STRANGE:
        assert b"".join(reader.parts(BUCKET, f"s/{key}")) == key.encode()
        assert reader.head(BUCKET, f"s/{key}") is not None
    assert reader.keys(BUCKET, "s/a b/ä+").keys == [f"s/{STRANGE[0]}"]


def test_keys_that_a_cloud_cannot_have(cloud: Cloud) -> None:
    make_bucket(cloud)
    store = store_of(cloud)
    longest = {"aws": 1024, "cos": 850, "oss": 1023}[cloud.provider]
    store.put(BUCKET, "k" * longest, body_of(b"x"))
    cloud.emulator.clear_log()
    wrong = ["", "k" * (longest + 1), "a/../b", ".", "\ud800", "ä" * (longest // 2 + 1)]
    wrong += ["/slash", "\\backslash"] if cloud.provider == "oss" else []
    for key in wrong:
        for call in (store.head, lambda bucket, name: store.read(bucket, name, 0, 1)):
            assert failed(lambda call=call, key=key: call(BUCKET, key)).kind == "invalid", key
    for bucket in ("", "a", "a/b", "UP PER", "a?x=1", "http://x", "arn:aws:s3:::", "x\n", "x" * 300):
        assert failed(lambda bucket=bucket: store.head(bucket, "key")).kind == "invalid", bucket
    assert cloud.operations() == []


def test_what_head_answers(cloud: Cloud) -> None:
    """404 is no object; that there is no bucket either, OSS alone says, in a header."""
    put(cloud, "some", b"body")
    reader = reader_of(cloud)
    found = reader.head(BUCKET, "some")
    assert found is not None and found.size == 4
    assert reader.head(BUCKET, "nothing") is None
    if cloud.provider == "oss":
        assert failed(lambda: reader.head("nowhere", "some")).code == "NoSuchBucket"
    else:
        assert reader.head("nowhere", "some") is None
    failure = failed(lambda: reader.whole("nowhere", "some"))
    assert (failure.kind, failure.code) == ("not_found", "NoSuchBucket")
    assert "Check the name and the region of the bucket." in failure.hint
    for name, kind in (("denied", "access_denied"), ("unavailable", "unavailable")):
        cloud.fault(name, operation="HeadObject")
        assert failed(lambda: store_of(cloud).head(BUCKET, "some")).kind == kind


def test_a_bare_404_is_no_missing_object(cloud: Cloud) -> None:
    """Something between here and the cloud answers so; only HEAD has no body of the cloud's."""
    put(cloud, "some", b"body")
    store = store_of(cloud)
    cloud.fault("html", http_status=404, operation="GetObject")
    failure = failed(lambda: store.read(BUCKET, "some", 0, 10))
    assert (failure.kind, failure.retryable) == ("invalid_response", True), failure


def test_a_bucket_of_another_region(cloud: Cloud) -> None:
    make_bucket(cloud, "far-1250000000", ELSEWHERE[cloud.provider])
    cloud.emulator.put_object(cloud.provider, "far-1250000000", "some", b"body")
    reader = reader_of(cloud)
    if cloud.provider == "oss":
        failure = failed(lambda: reader.whole("far-1250000000", "some"))
        assert failure.kind == "access_denied" and "specified endpoint" in failure.message
        return
    assert reader.whole("far-1250000000", "some")[0] == b"body"
    assert reader.head("far-1250000000", "some") is not None


ODD_KEYS = ["a b", "p+q%25", "\u00e4", "tab\tbed", "line\nbreak", "\U0001f511"]


def test_lists_have_the_properties_of_objects(cloud: Cloud) -> None:
    """In pages, too, whose tokens contain strange keys on COS."""
    make_bucket(cloud)
    for number, key in enumerate([*ODD_KEYS, *[f"n/{number:04}" for number in range(1500)]]):
        put(cloud, f"x/{key}", b"x" * number, storage_class="COLD", modified=1_700_000_000 + number)
    put(cloud, "y", b"")
    pages = list(reader_of(cloud).listed(BUCKET, "x/", False))
    assert [len(page) for page in pages] == [1000, 506]
    found = {item.key: item for page in pages for item in page}
    assert {f"x/{key}" for key in ODD_KEYS} < set(found) and len(found) == 1506
    item = found["x/p+q%25"]
    assert (item.size, item.version, item.storage_class) == (1, "", "COLD")
    assert item.etag.lower() == hashlib.md5(b"x").hexdigest()
    assert item.modified is not None and item.modified.timestamp() == 1_700_000_001
    assert cloud.operations() == ["ListObjects"] * 2


def test_lists_of_versions(cloud: Cloud) -> None:
    bucket = make_bucket(cloud, "kept-1250000000", versioned=True)
    for number in range(1100):
        cloud.emulator.put_object(cloud.provider, bucket, "a +", b"x" * number)
    for key in ("b", "c"):
        cloud.emulator.put_object(cloud.provider, bucket, key, b"12")
    cloud.emulator.delete_object(cloud.provider, bucket, "b")
    pages = list(reader_of(cloud).listed(bucket, "", True))
    assert [len(page) for page in pages] == [1000, 102]
    items = [item for page in pages for item in page]
    assert [item.key for item in items] == ["a +"] * 1100 + ["b", "c"]
    # The newest one first, each once; the delete marker of b is no object.
    assert [item.size for item in items] == [*range(1099, -1, -1), 2, 2]
    assert len({(item.key, item.version) for item in items}) == 1102 and items[0].version == "v001100"
    make_bucket(cloud)
    put(cloud, "a", b"")
    assert [item.version for page in reader_of(cloud).listed(BUCKET, "", True) for item in page] == ["null"]
    assert [list(page) for page in reader_of(cloud).listed(BUCKET, "none", True)] == [[]]
