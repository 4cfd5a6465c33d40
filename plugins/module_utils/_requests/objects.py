# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects as the engines read them: in parts, each a request that is tried again by itself, never as a whole.

While one part is worked on, the next one is under way. Private to this collection.
"""

from __future__ import annotations

import functools
import hashlib
import io
import typing as t
import zlib
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    objects as _objects,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests import retry as _retry

PART: t.Final = 4 * 2**20
"""Bytes of an object that are asked for at once; no line of a report is as long."""
_LARGEST_WHOLE: t.Final = 16 * 2**20
_MOST_PAGES: t.Final = 100


class Reader:
    """A store's verbs, retried and counted."""

    def __init__(self, store: _objects.Store, caller: _retry.Caller) -> None:
        self.store = store
        self._caller = caller

    def whole(self, bucket: str, key: str) -> tuple[bytes, _objects.Found]:
        """Return a small object.

        :raises BatchError: it is larger than 16 MiB, which no manifest.json is.
        """
        body, found = self._part(bucket, key, 0, _LARGEST_WHOLE, "")
        if found.size > len(body):
            text = f"{key} in {bucket} has {found.size} bytes, which no manifest.json has"
            raise _errors.BatchError(self.store.facts.failure("bad_answer", text, permanent=True))
        return body, found

    def parts(self, bucket: str, key: str, md5: str = "", etag: str = "") -> t.Iterator[bytes]:
        """Yield an object in parts; the same object to its end, or an error.

        :param etag: that the object has to have; empty for any.
        :param md5: what the bytes have to add up to, hexadecimal; empty where nothing says it.
        :raises BatchError: the object changes meanwhile (kind conflict), or has another MD5 (bad_answer).
        """
        digest = hashlib.md5(usedforsecurity=False)

        def fetch(start: int, etag: str) -> tuple[bytes, _objects.Found]:
            body, found = self._part(bucket, key, start, PART, etag)
            digest.update(body)
            return body, found

        with ThreadPoolExecutor(1) as pool:
            body, found = fetch(0, etag)
            done = len(body)
            while True:
                more = pool.submit(fetch, done, found.etag) if done < found.size else None
                if body:
                    yield body
                if more is None:
                    break
                body, _unused = more.result()
                done += len(body)
        if md5 and digest.hexdigest() != md5:
            text = f"{key} in {bucket} has the MD5 {digest.hexdigest()} and not the one of its manifest, {md5}"
            hint = "The report is not the one that the cloud wrote; nothing in it can be relied on."
            raise _errors.BatchError(_errors.Failure("bad_answer", text, hint=hint, permanent=True))

    def keys(self, bucket: str, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix; of very many only the first."""
        keys: list[str] = []
        token = ""
        for _page in range(_MOST_PAGES):
            page = functools.partial(self.store.list_page, bucket, prefix, token)
            found, following = self._caller.send("ListObjects", page)
            keys += found
            if not following or following == token:
                break
            token = following
        return keys

    def head(self, bucket: str, key: str) -> t.Optional[_objects.Found]:
        """Return what is known of an object; None where there is none."""
        try:
            return self._caller.send("HeadObject", functools.partial(self.store.head, bucket, key))
        except _errors.BatchError as error:
            if error.failure.kind != "not_found":
                raise
            return None

    def _part(self, bucket: str, key: str, start: int, size: int, etag: str) -> tuple[bytes, _objects.Found]:
        try:
            read = functools.partial(self.store.read, bucket, key, start, size, etag)
            return self._caller.send("GetObject", read)
        except _errors.BatchError as error:
            if start or error.failure.code != "InvalidRange":
                raise
            # An object without a byte has no part either.
            return b"", _objects.Found(0, "")


def unzipped(parts: t.Iterable[bytes]) -> t.Iterator[bytes]:
    """Yield what gzip has compressed, in parts of a bounded size.

    :raises BatchError: it is no gzip.
    """
    unzip = zlib.decompressobj(31)
    try:
        for part in parts:
            left = part
            while left:
                yield unzip.decompress(left, PART)
                left = unzip.unconsumed_tail
                if unzip.eof:
                    left, unzip = unzip.unused_data, zlib.decompressobj(31)
    except zlib.error as error:
        raise _errors.BatchError(_errors.Failure("bad_answer", f"a file of the report is no gzip ({error})")) from error


def lines(parts: t.Iterable[bytes]) -> t.TextIO:
    """Return parts as text in lines, whose ends are kept; bytes that are no UTF-8 stay what they are.

    :raises BatchError: while reading, a line is longer than a part.
    """
    raw = io.BufferedReader(_Parts(parts), 2**18)
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")


class _Parts(io.RawIOBase):
    def __init__(self, parts: t.Iterable[bytes]) -> None:
        super().__init__()
        self._parts = iter(parts)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        while not self._left:
            part = next(self._parts, None)
            if part is None:
                return 0
            if len(part) >= PART and b"\n" not in part:
                text = f"a line of the report is longer than {PART >> 20} MiB"
                raise _errors.BatchError(_errors.Failure("bad_answer", text, permanent=True))
            self._left = memoryview(part)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
