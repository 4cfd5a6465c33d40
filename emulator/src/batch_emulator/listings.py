# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of objects and of their versions, page by page.

Sources: Amazon S3 API Reference, "ListObjects", "ListObjectsV2", "ListObjectVersions"; Tencent COS documentation,
"GET Bucket", "GET Bucket Object versions"; Alibaba OSS documentation, "ListObjects", "ListObjectsV2",
"ListObjectVersions (GetBucketVersions)".
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import NamedTuple

from . import documents
from .buckets import Bucket, Stored, in_order
from .clock import iso
from .errors import ApiError
from .messages import Call

node = documents.node


class Style(NamedTuple):
    """How a cloud writes a key with encoding-type=url, the next marker of a page, and the next token."""

    encode: Callable[[str], str]
    marker: Callable[[str], str | None]
    token: Callable[[str, bool], str]


def objects(call: Call, bucket: Bucket, count: int, style: Style) -> bytes:
    """A page of the latest versions, by either version of the request."""
    prefix, second = call.first("prefix") or "", call.first("list-type") == "2"
    token = call.first("continuation-token") if second else None
    after = _named(token) if token else call.first("start-after" if second else "marker") or ""
    found = [(key, item) for key, item in bucket.latest() if key.startswith(prefix) and in_order(key) > in_order(after)]
    page, more = found[:count], len(found) > count
    encoded = call.first("encoding-type") == "url"
    encode = style.encode if encoded else str
    contents = "".join(f"<Contents>{node('Key', encode(key))}{_about(item)}</Contents>" for key, item in page)
    following = ""
    if more and page:
        last = page[-1][0]
        following = (
            node("NextContinuationToken", style.token(_token(last), encoded))
            if second
            else node("NextMarker", style.marker(encode(last)))
        )
    body = (
        f"{node('Name', bucket.name)}{node('Prefix', encode(prefix))}{node('MaxKeys', count)}"
        f"{node('KeyCount', len(page)) if second else ''}"
        f"{node('EncodingType', call.first('encoding-type'))}{node('IsTruncated', documents.flag(more))}"
        f"{following}{contents}"
    )
    return documents.document("ListBucketResult", body)


def versions(call: Call, bucket: Bucket, count: int, style: Style) -> bytes:
    """A page of all versions and delete markers: in the order of keys, the newest version of a key first."""
    prefix = call.first("prefix") or ""
    encode = style.encode if call.first("encoding-type") == "url" else str
    key_marker, version_marker = call.first("key-marker") or "", call.first("version-id-marker") or ""
    if version_marker and not key_marker:
        raise ApiError("InvalidArgument", 400, "A version marker cannot be specified without a key marker.")
    found = [
        (key, item, item is kept[-1])
        for key in sorted(bucket.objects, key=in_order)
        if key.startswith(prefix) and in_order(key) >= in_order(key_marker)
        for kept in [bucket.objects[key]]
        for item in _rest(kept, key == key_marker and bool(key_marker), version_marker)
    ]
    page, more = found[:count], len(found) > count
    contents = "".join(_version(encode(key), item, latest) for key, item, latest in page)
    following = ""
    if more and page:
        key, item, _latest = page[-1]
        following = node("NextKeyMarker", encode(key)) + node("NextVersionIdMarker", item.version or "null")
    body = (
        f"{node('Name', bucket.name)}{node('Prefix', encode(prefix))}{node('KeyMarker', encode(key_marker))}"
        f"{node('VersionIdMarker', version_marker)}{node('MaxKeys', count)}"
        f"{node('EncodingType', call.first('encoding-type'))}{node('IsTruncated', documents.flag(more))}"
        f"{following}{contents}"
    )
    return documents.document("ListVersionsResult", body)


def _rest(kept: list[Stored], marked: bool, version: str) -> list[Stored]:
    """The versions of one key after the markers, the newest first."""
    newest_first = kept[::-1]
    if not marked:
        return newest_first
    names = [item.version or "null" for item in newest_first]
    # Without a version, the list continues with the next key.
    return newest_first[names.index(version) + 1 :] if version in names else []


def _version(key: str, item: Stored, latest: bool) -> str:
    about = f"{node('Key', key)}{node('VersionId', item.version or 'null')}{node('IsLatest', documents.flag(latest))}"
    if item.marker:
        return f"<DeleteMarker>{about}{_modified(item)}</DeleteMarker>"
    return f"<Version>{about}{_about(item)}</Version>"


def _about(item: Stored) -> str:
    etag = node("ETag", chr(34) + item.etag + chr(34))
    return f"{_modified(item)}{etag}{node('Size', len(item.body))}{node('StorageClass', item.storage_class)}"


def _modified(item: Stored) -> str:
    return f"<LastModified>{iso(item.modified)[:-1]}.000Z</LastModified>"


def _token(key: str) -> str:
    """A continuation token, which S3 calls obfuscated and no real key: it says nothing to who gets it."""
    return base64.b64encode(b"after " + key.encode("utf-8", "surrogateescape")).decode()


def _named(token: str) -> str:
    try:
        begin, _unused, key = base64.b64decode(token, validate=True).partition(b" ")
    except ValueError:
        begin, key = b"", b""
    if begin != b"after":
        raise ApiError("InvalidArgument", 400, "The continuation token provided is incorrect")
    return key.decode("utf-8", "surrogateescape")
