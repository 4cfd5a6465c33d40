# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stores without an SDK have in common: requests about objects as S3 and its clones understand them.

Private to this collection.
"""

from __future__ import annotations

import abc
import base64
import re
import typing as t
from urllib.parse import quote, unquote, urlsplit

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    job_xml as _job_xml,
    objects as _objects,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import client as _client

NO_BODY: t.Final = {404: "NoSuchKey", 403: "AccessDenied", 412: "PreconditionFailed"}
"""What an answer without a body stands for, as to HEAD."""


def is_own(url: str, ends: t.Iterable[str]) -> bool:
    """Return whether an endpoint is one of the cloud itself, whose hosts name buckets."""
    return (urlsplit(url).hostname or "").endswith(tuple(ends))


class HttpStore(_objects.Store):
    """Objects of one cloud."""

    version_header: t.ClassVar[str]
    unless_there: t.ClassVar[t.Mapping[str, str]] = {}

    def __init__(self) -> None:
        self._clients: dict[str, tuple[_client.Client, str]] = {}

    @abc.abstractmethod
    def connect(self, bucket: str) -> tuple[_client.Client, str]:
        """Return connections to a bucket, and the path of its keys, encoded, without the last slash."""

    @abc.abstractmethod
    def refused(self, operation: str, answer: _client.Answer) -> _errors.Failure:
        """Return the failure that an error answer stands for."""

    def head(self, bucket: str, key: str) -> _objects.Found:
        answer = self._fetch("HeadObject", "HEAD", bucket, key)
        return self._found(answer, _number(answer.headers.get("content-length", "")))

    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, _objects.Found]:
        headers = {"Range": f"bytes={start}-{start + size - 1}", "Accept-Encoding": "identity"}
        if etag:
            headers["If-Match"] = f'"{etag}"'
        answer = self._fetch("GetObject", "GET", bucket, key, headers)
        content_range = answer.headers.get("content-range", "")
        total = self.whole("GetObject", answer.body, start, size, answer.status, content_range)
        return answer.body, self._found(answer, total)

    def put(self, bucket: str, key: str, body: _objects.Body) -> _objects.Found:
        headers = {
            "Content-MD5": base64.b64encode(body.md5).decode(),
            "Content-Type": "text/csv",
            "Content-Length": str(body.size),
            **self.unless_there,
        }
        with open(body.path, "rb") as file:
            answer = self._fetch("PutObject", "PUT", bucket, key, headers, file if body.size else b"")
        return self.stored(self._found(answer, body.size))

    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        client, path = self._reach(bucket)
        wanted = {"prefix": prefix, "encoding-type": "url", **({"marker": token} if token else {})}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in wanted.items())
        request = _client.Request("ListObjects", "GET", f"{path}/?{query}")
        root = client.call(request, lambda body: _job_xml.parse_root(body, "ListBucketResult"), self.refused)
        decode: t.Callable[[str], str] = unquote if root.findtext("EncodingType") == "url" else str
        keys = [decode(item.findtext("Key") or "") for item in root.iter("Contents")]
        more = (root.findtext("IsTruncated") or "").strip().lower() == "true"
        following = decode(root.findtext("NextMarker") or "") or (keys[-1] if keys else "")
        return [key for key in keys if key], following if more else ""

    def _reach(self, bucket: str) -> tuple[_client.Client, str]:
        if not re.fullmatch("[a-z0-9][a-z0-9.-]{1,80}[a-z0-9]", bucket, re.ASCII):
            raise _errors.InputError(f"the bucket {bucket[:100]!r} is refused: it is not the name of a bucket.")
        if bucket not in self._clients:
            self._clients[bucket] = self.connect(bucket)
        return self._clients[bucket]

    def _fetch(
        self,
        operation: str,
        method: str,
        bucket: str,
        key: str,
        headers: t.Optional[dict[str, str]] = None,
        body: t.Union[bytes, t.BinaryIO] = b"",
    ) -> _client.Answer:
        client, path = self._reach(bucket)
        target = f"{path}/{quote(_objects.check_key(key), safe='/-_.~')}"
        return client.fetch(_client.Request(operation, method, target, headers or {}, body), self.refused)

    def _found(self, answer: _client.Answer, size: int) -> _objects.Found:
        headers = answer.headers
        modified = _client.parse_date(headers.get("last-modified", ""))
        return _objects.Found(size, headers.get("etag", "").strip('"'), headers.get(self.version_header, ""), modified)


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else 0
