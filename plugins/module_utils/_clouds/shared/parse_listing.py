# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the XML of object lists, with which every provider responds, into pages.

Sources: Amazon S3 API Reference, ListObjectsV2 and ListObjectVersions; Tencent Cloud COS documentation, "GET Bucket"
and "GET Bucket Object versions"; Alibaba Cloud OSS documentation, "ListObjectsV2" and "ListObjectVersions".
Private to this collection.
"""

from __future__ import annotations

import re
import typing as t
from urllib.parse import quote, unquote, unquote_plus
from xml.etree import ElementTree

from ..._core import object_listings, times
from . import parse_job_xml

Decode = t.Callable[[str], str]
_SIZE: t.Final = re.compile("[0-9]{1,18}")


def decode_plus(text: str) -> str:
    """Return a key that a provider encoded as in a form, where a plus sign is a space."""
    return unquote_plus(text, errors="surrogateescape")


def decode_percent(text: str) -> str:
    """Return a key that a provider encoded as in a path, where a plus sign is a plus sign."""
    return unquote(text, errors="surrogateescape")


def parse_objects(body: bytes, decode: Decode, token: str, decode_token: Decode = str) -> object_listings.Page:
    """Return a page of the latest versions.

    :param decode: decodes the keys of a response that has encoded keys.
    :param token: the name of the node with the token of the next page.
    :param decode_token: decodes the token of such a response. S3 does not encode it.
    :raises ResponseError: not such a list, or the token of an announced page is missing.
    """
    root = parse_job_xml.parse_root(body, "ListBucketResult")
    decode = _decoder(root, decode)
    objects = [_object(node, decode, "") for node in root.iterfind("Contents")]
    if not _is_truncated(root):
        return object_listings.Page(objects, "")
    following = _decoder(root, decode_token)(root.findtext(token) or "")
    return object_listings.Page(objects, _announced(following))


def parse_versions(body: bytes, decode: Decode) -> object_listings.Page:
    """Return a page of all versions.

    :raises ResponseError: not such a list, or the token of an announced page is missing.
    """
    root = parse_job_xml.parse_root(body, "ListVersionsResult")
    decode = _decoder(root, decode)
    objects = [_object(node, decode, node.findtext("VersionId") or "") for node in root.iterfind("Version")]
    if not all(item.version for item in objects):
        raise parse_job_xml.ResponseError("the list contains a version without an ID")
    markers = [_key(node, decode) for node in root.iterfind("DeleteMarker")]
    if not _is_truncated(root):
        return object_listings.Page(objects, "", markers)
    key = _announced(decode(root.findtext("NextKeyMarker") or ""))
    return object_listings.Page(objects, join_token(key, root.findtext("NextVersionIdMarker") or ""), markers)


def join_token(key: str, version: str) -> str:
    """Return the two markers of a list of versions as one token."""
    return f"{quote(key, safe='', errors='surrogateescape')} {version}"


def split_token(token: str) -> dict[str, str]:
    """Return the query parameters that a token stands for."""
    key, _space, version = token.partition(" ")
    found = {"key-marker": unquote(key, errors="surrogateescape"), "version-id-marker": version}
    return {name: value for name, value in found.items() if value}


def _decoder(root: ElementTree.Element, decode: Decode) -> Decode:
    return decode if root.findtext("EncodingType") == "url" else str


def _is_truncated(root: ElementTree.Element) -> bool:
    found = (root.findtext("IsTruncated") or "").strip().lower()
    if found not in ("true", "false"):
        raise parse_job_xml.ResponseError("the response does not state whether the list is complete (IsTruncated)")
    return found == "true"


def _announced(token: str) -> str:
    if not token:
        raise parse_job_xml.ResponseError("the list has more pages, but the response has no token for the next page")
    return token


def _key(node: ElementTree.Element, decode: Decode) -> str:
    key = decode(node.findtext("Key") or "")
    if not key:
        raise parse_job_xml.ResponseError("the list contains an object without a key")
    return key


def _object(node: ElementTree.Element, decode: Decode, version: str) -> object_listings.Listed:
    size = (node.findtext("Size") or "").strip()
    return object_listings.Listed(
        _key(node, decode),
        version,
        int(size) if _SIZE.fullmatch(size) else None,
        (node.findtext("ETag") or "").strip('" '),
        times.parse_time(node.findtext("LastModified") or ""),
        (node.findtext("StorageClass") or "").strip(),
    )
