# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of a store: the objects of one cloud and region, by bucket and key.

As with jobs a verb sends exactly one request and raises BatchError when it fails. Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import datetime
import re
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    provider as _provider,
)

LARGEST_PUT: t.Final = 5 * 2**30
"""Bytes: what one PUT may carry, on every cloud."""
CODES: t.Final = {
    "NoSuchKey": "not_found",
    "NoSuchBucket": "not_found",
    "NoSuchVersion": "not_found",
    "PreconditionFailed": "conflict",
    "FileAlreadyExists": "conflict",
    "InvalidRange": "invalid",
    "InvalidBucketName": "invalid",
    "PermanentRedirect": "invalid",
    "BadDigest": "bad_answer",
}
"""Codes that only answers about objects have, the same on all clouds."""
_HINTS: t.Final = {
    "not_found": "Check bucket and key; the object may not be written yet, or a rule of the bucket has removed it.",
    "denied": "Check that the credentials may get the object (and list the bucket), or put it: {permissions}.",
    "invalid": "Check the bucket's name and region.",
    "conflict": "The object has changed, or was made, meanwhile; run the task again.",
    "bad_answer": "Something between here and the cloud changes what is sent; run the task again.",
}


@dataclasses.dataclass(frozen=True)
class Found:
    """What is known of an object.

    :param size: bytes.
    :param etag: without quotes.
    :param version: empty where the bucket keeps none.
    """

    size: int
    etag: str
    version: str = ""
    modified: t.Optional[datetime.datetime] = None


@dataclasses.dataclass(frozen=True)
class Body:
    """What is to be put: a file, so that it can be sent again, with its size and MD5."""

    path: str
    size: int
    md5: bytes


def store_facts(facts: _provider.Facts, permissions: str) -> _provider.Facts:
    """Return the facts of a cloud as they are about objects: further codes, and other hints.

    :param permissions: the names of those that are needed, for the hint.
    """
    hints = {**facts.hints, **{kind: text.format(permissions=permissions) for kind, text in _HINTS.items()}}
    return dataclasses.replace(facts, codes={**facts.codes, **CODES}, hints=hints)


def check_key(key: str) -> str:
    """Return a key that can be asked for.

    :raises InputError: HTTP libraries would ask for another one, or no URL can hold it.
    """
    if not key or len(key.encode("utf-8", "surrogatepass")) > 1024 or re.search("[\ud800-\udfff]", key):
        raise _errors.InputError(f"the key {key[:100]!r} is refused: it must be 1 to 1024 bytes of UTF-8.")
    if {".", ".."} & set(key.split("/")):
        raise _errors.InputError(f"the key {key[:100]!r} is refused: a part of it is . or .., which no URL can hold.")
    return key


class Store(abc.ABC):
    """The objects that one account may see."""

    facts: _provider.Facts

    @abc.abstractmethod
    def head(self, bucket: str, key: str) -> Found:
        """HeadObject."""

    @abc.abstractmethod
    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, Found]:
        """GetObject: return the bytes from start on, size of them at the most, and what is known of the whole object.

        :param etag: fail where the object is not this one any more; empty for whichever it is.
        """

    @abc.abstractmethod
    def put(self, bucket: str, key: str, body: Body) -> Found:
        """PutObject; where the cloud can tell, an object that is there is never overwritten (kind conflict)."""

    @abc.abstractmethod
    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        """ListObjects: return keys that begin with the prefix, in order, and the token of the next page.

        :param token: empty for the first page.
        """

    @abc.abstractmethod
    def resource(self, bucket: str, key: str) -> str:
        """Return the name of an object as a job's manifest has it."""

    def stored(self, found: Found) -> Found:
        """Return what an answer to a put says.

        :raises BatchError: it names no ETag, so nothing tells that the object was stored.
        """
        if not found.etag:
            raise _errors.BatchError(
                self.facts.failure("bad_answer", "the answer names no ETag", operation="PutObject")
            )
        return found

    def whole(self, operation: str, body: bytes, start: int, size: int, status: int, content_range: str) -> int:
        """Return the size of an object of which a part was read.

        :raises BatchError: the part is not the one that was asked for; no cloud answers 200 to a request for a part.
        """
        found = re.fullmatch("bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})", content_range)
        if status == 206 and found:
            first, last, total = (int(part) for part in found.groups())
            if first == start and len(body) == last - first + 1 == min(size, total - start):
                return total
        text = f"the answer is not the part of the object that was asked for (status {status}, {content_range!r})"
        raise _errors.BatchError(self.facts.failure("bad_answer", text, operation=operation))
