# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Share what object stores without an SDK have in common: the requests of S3 and its clones.

Private to this collection.
"""

from __future__ import annotations

import abc
import base64
import functools
import re
import typing as t
from urllib.parse import quote, unquote, urlsplit

from ..._core import errors, object_listings, object_stores
from . import http_client, parse_job_xml, parse_listing

LONGEST_ERROR: t.Final = 64 * 2**10
"""Bytes of an <Error> at most."""


def is_own(url: str, ends: t.Iterable[str]) -> bool:
    """Return whether an endpoint belongs to the provider, whose hosts contain the bucket."""
    return (urlsplit(url).hostname or "").endswith(tuple(ends))


class HttpStore(object_stores.Store):
    """Objects of one provider.

    :param unless_there: headers of a PUT that must not overwrite.
    :param part_headers: headers of a GET for a part.
    :param list_query: the parameters that select the version of the list.
    :param token_parameter: the parameter with the token of a page; token_node has it in the previous response.
    """

    version_header: t.ClassVar[str]
    unless_there: t.ClassVar[t.Mapping[str, str]]
    part_headers: t.ClassVar[t.Mapping[str, str]] = {}
    list_query: t.ClassVar[t.Mapping[str, str]] = {}
    token_parameter: t.ClassVar[str] = "marker"
    token_node: t.ClassVar[str] = "NextMarker"

    def __init__(self) -> None:
        self._clients: dict[str, tuple[http_client.Client, str]] = {}

    @abc.abstractmethod
    def connect(self, bucket: str) -> tuple[http_client.Client, str]:
        """Return connections to a bucket, and the path of its keys, encoded, without the last slash."""

    @abc.abstractmethod
    def judge(self, operation: str, answer: http_client.Response, code: str) -> errors.Failure:
        """Return the failure of an error response.

        :param code: the code of a response without a body.
        """

    def refused(self, operation: str, answer: http_client.Response) -> errors.Failure:
        """Return the failure of an error response, with the hint of its code."""
        # Only responses to HEAD have no body. Any other response without a body is not from the provider.
        code = object_stores.NO_BODY.get(answer.status, "") if operation == "HeadObject" else ""
        return self.refusal(self.judge(operation, answer, code))

    def head(self, bucket: str, key: str, version: str = "") -> object_stores.Found:
        answer = self._fetch("HeadObject", "HEAD", bucket, key, version=version)
        size = _number(answer.headers.get("content-length", ""))
        if size is None:
            text = "the response does not contain the size of the object"
            raise errors.BatchError(self.traits.failure("invalid_response", text, operation="HeadObject"))
        return self._found(answer, size)

    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, object_stores.Found]:
        headers = {"Range": f"bytes={start}-{start + size - 1}", "Accept-Encoding": "identity", **self.part_headers}
        if etag:
            headers["If-Match"] = f'"{etag}"'
        answer = self._fetch("GetObject", "GET", bucket, key, headers)
        self._check_error("GetObject", answer)
        found = self._found(answer, 0)
        content_range, length = answer.headers.get("content-range", ""), answer.headers.get("content-length", "")
        part = object_stores.Part(answer.body, answer.status, content_range, _number(length), found.etag)
        body, total = self.part(part, start, size, etag)
        return body, found._replace(size=total)

    def put(self, bucket: str, key: str, body: object_stores.Body) -> object_stores.Found:
        headers = {
            "Content-MD5": base64.b64encode(body.md5).decode(),
            "Content-Type": "text/csv",
            "Content-Length": str(body.size),
            **self.unless_there,
        }
        with body.opened() as file:
            answer = self._fetch("PutObject", "PUT", bucket, key, headers, file if body.size else b"")
        self._check_error("PutObject", answer)
        return self.stored(self._found(answer, body.size))

    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        client, path = self._reach(bucket)
        # Set explicitly, because the default of OSS is 100.
        wanted = {"prefix": prefix, "encoding-type": "url", "max-keys": "1000", **({"marker": token} if token else {})}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in wanted.items())
        request = http_client.Request("ListObjects", "GET", f"{path}/?{query}")
        root = client.call(request, lambda body: parse_job_xml.parse_root(body, "ListBucketResult"), self.refused)
        decode: t.Callable[[str], str] = unquote if root.findtext("EncodingType") == "url" else str
        keys = [decode(item.findtext("Key") or "") for item in root.iter("Contents")]
        more = (root.findtext("IsTruncated") or "").strip().lower() == "true"
        following = decode(root.findtext("NextMarker") or "") or (keys[-1] if keys else "")
        return [key for key in keys if key], self.following(keys, more, following)

    def list_objects(self, bucket: str, prefix: str, token: str) -> object_listings.Page:
        # Set explicitly, because the default of OSS is 100.
        query = {**self.list_query, "prefix": prefix, "encoding-type": "url", "max-keys": "1000"}
        if token:
            query[self.token_parameter] = token
        parse = functools.partial(
            parse_listing.parse_objects,
            decode=parse_listing.decode_percent,
            token=self.token_node,
            decode_token=parse_listing.decode_percent,
        )
        return self._list("ListObjects", bucket, query, parse)

    def list_versions(self, bucket: str, prefix: str, token: str) -> object_listings.Page:
        query = {"versions": "", "prefix": prefix, "encoding-type": "url", "max-keys": "1000"}
        parse = functools.partial(parse_listing.parse_versions, decode=parse_listing.decode_percent)
        return self._list("ListObjectVersions", bucket, {**query, **parse_listing.split_token(token)}, parse)

    def _list(
        self,
        operation: str,
        bucket: str,
        query: t.Mapping[str, str],
        parse: t.Callable[[bytes], object_listings.Page],
    ) -> object_listings.Page:
        client, path = self._reach(bucket)
        text = "&".join(
            f"{name}={quote(value, safe='', errors='surrogateescape')}" if value else name
            for name, value in query.items()
            if value or name == "versions"
        )
        return client.call(http_client.Request(operation, "GET", f"{path}/?{text}"), parse, self.refused)

    def _reach(self, bucket: str) -> tuple[http_client.Client, str]:
        self.check_bucket(bucket)
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
        version: str = "",
    ) -> http_client.Response:
        client, path = self._reach(bucket)
        target = f"{path}/{quote(self.check_key(key), safe='/-_.~')}"
        if version:
            target += f"?versionId={quote(version, safe='')}"
        return client.fetch(http_client.Request(operation, method, target, headers or {}, body), self.refused)

    def _check_error(self, operation: str, answer: http_client.Response) -> None:
        """Reject an error after a status line with 200, which S3 and its clones send."""
        looks = answer.body[:1] == b"<" and len(answer.body) <= LONGEST_ERROR
        if looks and parse_job_xml.parse_error(answer.body):
            raise errors.BatchError(self.refused(operation, answer))

    def _found(self, answer: http_client.Response, size: int) -> object_stores.Found:
        headers = answer.headers
        modified = http_client.parse_date(headers.get("last-modified", ""))
        own = self.version_header[: -len("version-id")]
        names = ("storage-class", "restore", "server-side-encryption")
        return object_stores.Found(
            size,
            headers.get("etag", "").strip('"'),
            headers.get(self.version_header, ""),
            modified,
            *(headers.get(f"{own}{name}", "") for name in names),
        )


def _number(text: str) -> t.Optional[int]:
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None
