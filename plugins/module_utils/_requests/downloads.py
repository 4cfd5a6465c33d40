# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read objects in parts: each part is a request that is retried by itself.

While one part is processed, the next one is in flight. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._core import errors, object_listings, object_stores
from . import senders

PART: t.Final = 4 * 2**20
"""Bytes of an object per request; no line of a report is as long."""
_LARGEST_WHOLE: t.Final = 16 * 2**20
_MOST_PAGES: t.Final = 100
_SHOWN: t.Final = 200
"""Characters of a key in a message."""

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Listing:
    """Keys that begin with a prefix.

    :param complete: whether these are all of them. Incomplete lists are not used for decisions.
    """

    keys: list[str]
    complete: bool


class Reader:
    """A store's verbs, with retries and counts; each failure names the object."""

    def __init__(self, store: object_stores.Store, sender: senders.Sender) -> None:
        self.store = store
        self._sender = sender

    def whole(self, bucket: str, key: str) -> tuple[bytes, object_stores.Found]:
        """Return a small object.

        :raises BatchError: it is larger than 16 MiB, which no manifest.json is.
        """
        body, found = self._part(bucket, key, 0, _LARGEST_WHOLE, "")
        if found.size > len(body):
            text = (
                f"{named(bucket, key)} has {found.size} bytes, which is too large for a manifest.json (limit: 16 MiB)"
            )
            raise errors.BatchError(self.store.traits.failure("invalid_response", text, permanent=True))
        return body, found

    def parts(self, bucket: str, key: str, md5: str = "", etag: str = "") -> t.Iterator[bytes]:
        """Yield an object in parts; the same object to its end, or an error.

        :param etag: the required ETag; empty for any.
        :param md5: the required MD5, hexadecimal; empty if it is not known.
        :raises BatchError: the object changes in the meantime (conflict), or has another MD5 (invalid_response).
        """
        digest = hashlib.md5(usedforsecurity=False)

        def fetch(start: int, etag: str) -> tuple[bytes, object_stores.Found]:
            body, found = self._part(bucket, key, start, PART, etag)
            digest.update(body)
            return body, found

        with ThreadPoolExecutor(1) as pool:
            body, found = fetch(0, etag)
            done = len(body)
            if done < found.size and not found.etag:
                text = f"{named(bucket, key)} has no ETag, so its parts cannot be checked"
                raise errors.BatchError(self.store.traits.failure("invalid_response", text, operation="GetObject"))
            while True:
                more = pool.submit(fetch, done, found.etag) if done < found.size else None
                if body:
                    yield body
                if more is None:
                    break
                body, _unused = more.result()
                done += len(body)
        if md5 and digest.hexdigest() != md5:
            text = f"{named(bucket, key)} has the MD5 {digest.hexdigest()}, expected {md5} (from its manifest)"
            hint = "The report was changed after it was written, so it was not used. Check who can write to the bucket."
            raise errors.BatchError(errors.Failure("invalid_response", text, hint=hint, permanent=True))

    def md5(self, bucket: str, key: str, found: object_stores.Found) -> bytes:
        """Return the MD5 of an object, which is read completely.

        :param found: its known properties; it is read up to its size.
        :raises BatchError: the object has changed (kind conflict).
        """
        digest = hashlib.md5(usedforsecurity=False)
        done = 0
        for part in self.parts(bucket, key, etag=found.etag):
            digest.update(part)
            done += len(part)
            if done > found.size:
                break
        return digest.digest()

    def keys(self, bucket: str, prefix: str) -> Listing:
        """Return the keys that begin with a prefix; if there are very many, only the first ones."""
        keys: list[str] = []
        token = ""
        for _page in range(_MOST_PAGES):
            page = functools.partial(self.store.list_page, bucket, prefix, token)
            found, following = self._send("ListObjects", bucket, prefix, page)
            keys += found
            if not following:
                return Listing(keys, True)
            if following == token:
                text = (
                    f"the list of keys in bucket {bucket} repeats its token, so it can be incomplete and was not used"
                )
                raise errors.BatchError(self.store.traits.failure("invalid_response", text, operation="ListObjects"))
            token = following
        return Listing(keys, False)

    def listed(self, bucket: str, prefix: str, versions: bool) -> t.Iterator[t.Sequence[object_listings.Listed]]:
        """Yield the objects whose keys begin with a prefix, page by page.

        :param versions: whether to return all versions and not only the latest ones.
        :raises BatchError: a page cannot be read, or does not continue the previous one, so objects could be missing.
        """
        operation, verb = "ListObjects", self.store.list_objects
        if versions:
            operation, verb = "ListObjectVersions", self.store.list_versions
        sequel = object_listings.Sequel(prefix, versions)
        token = ""
        while True:
            page = self._send(operation, bucket, "", functools.partial(verb, bucket, prefix, token))
            fault = sequel.fault(page)
            if fault:
                text = f"bucket {bucket}: {fault}, so it can be incomplete and was not used"
                raise errors.BatchError(self.store.traits.failure("invalid_response", text, operation=operation))
            yield page.objects
            token = page.token
            if not token:
                return

    def head(self, bucket: str, key: str) -> t.Optional[object_stores.Found]:
        """Return the known properties of an object; None if it does not exist.

        :raises BatchError: the bucket does not exist, if the provider reports that, and all others.
        """
        try:
            return self._send("HeadObject", bucket, key, functools.partial(self.store.head, bucket, key))
        except errors.BatchError as error:
            if error.failure.kind != "not_found" or error.failure.code == "NoSuchBucket":
                raise
            return None

    def _part(self, bucket: str, key: str, start: int, size: int, etag: str) -> tuple[bytes, object_stores.Found]:
        try:
            read = functools.partial(self.store.read, bucket, key, start, size, etag)
            return self._send("GetObject", bucket, key, read)
        except errors.BatchError as error:
            if start or error.failure.code != "InvalidRange":
                raise
            # An empty object has no parts.
            return b"", object_stores.Found(0, "")

    def _send(self, operation: str, bucket: str, key: str, request: t.Callable[[], T]) -> T:
        try:
            return self._sender.send(operation, request)
        except errors.BatchError as error:
            raise about(bucket, key, error) from error


def named(bucket: str, key: str) -> str:
    """Return an object as text for messages."""
    return f"object {key[:_SHOWN]}{'...' * (len(key) > _SHOWN)} in bucket {bucket[:_SHOWN]}"


def about(bucket: str, key: str, error: errors.BatchError) -> errors.BatchError:
    """Return an error that names its object."""
    failure = error.failure
    what = named(bucket, key) if key else f"bucket {bucket[:_SHOWN]}"
    text = failure.message if what in failure.message else f"{what}: {failure.message}"
    return errors.BatchError(dataclasses.replace(failure, message=text), **error.details)
