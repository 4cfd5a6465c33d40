# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and write objects of Alibaba Cloud OSS through requests.

Source: Alibaba Cloud OSS documentation, "PutObject", "GetObject", "HeadObject", "ListObjects".
Private to this collection.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import typing as t
from urllib.parse import quote, urlsplit, urlunsplit

from ..._core import errors, object_stores
from ..shared import http_client, http_object_store
from . import provider, traits

_PERMISSIONS: t.Final = {
    "HeadObject": "oss:GetObject (oss:GetObjectVersion for a version)",
    "GetObject": "oss:GetObject",
    "ListObjects": "oss:ListObjects",
    "ListObjectVersions": "oss:ListObjectVersions",
    "PutObject": "oss:PutObject",
}
_OWN: t.Final = (".aliyuncs.com",)


class OssStore(http_object_store.HttpStore):
    """Objects of OSS, in buckets of the provider's region."""

    traits = object_stores.store_traits(traits.TRAITS, _PERMISSIONS)
    version_header = "x-oss-version-id"
    # Without effect in a bucket with versioning: the existing object stays as a version.
    unless_there: t.ClassVar = {"x-oss-forbid-overwrite": "true"}
    # By default, OSS ignores a range that ends after the object. Source: "Use HTTP Range requests to get OSS
    # resources in segments".
    part_headers: t.ClassVar = {"x-oss-range-behavior": "standard"}

    list_query: t.ClassVar = {"list-type": "2"}
    token_parameter = "continuation-token"
    token_node = "NextContinuationToken"

    def __init__(self, owner: provider.OssProvider) -> None:
        """Use the credentials of a provider."""
        super().__init__()
        self._provider = owner

    def connect(self, bucket: str) -> tuple[http_client.Client, str]:
        given = self._provider.options.endpoint_url
        url = given or f"https://oss-{self._provider.region}.aliyuncs.com"
        if given and not http_object_store.is_own(given, _OWN):
            return self._provider.connect(url, self.traits), f"/{quote(bucket, safe='')}"
        parts = urlsplit(url)
        host = urlunsplit(parts._replace(netloc=f"{bucket}.{parts.netloc}"))
        return self._provider.connect(host, self.traits, f"/{bucket}"), ""

    def resource(self, bucket: str, key: str) -> str:
        return f"oss://{bucket}/{key}"

    def judge(self, operation: str, answer: http_client.Response, code: str) -> errors.Failure:
        return self._provider.refused(operation, _with_body(answer), self.traits, code)


def _with_body(answer: http_client.Response) -> http_client.Response:
    """Return a response with the error that OSS puts into a header if there is no body, as its clients do."""
    if answer.body:
        return answer
    with contextlib.suppress(binascii.Error, ValueError):
        said = base64.b64decode(answer.headers.get("x-oss-err", ""), validate=True)
        return answer._replace(body=said)
    return answer
