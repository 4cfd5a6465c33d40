# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and write objects of Tencent COS through requests.

Source: Tencent Cloud COS documentation, "PUT Object", "GET Object", "HEAD Object", "GET Bucket".
Private to this collection.
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from ..._core import errors, object_stores
from ..shared import http_client, http_object_store
from . import provider, traits

_PERMISSIONS: t.Final = {
    "HeadObject": "cos:HeadObject",
    "GetObject": "cos:GetObject",
    "ListObjects": "cos:GetBucket",
    "ListObjectVersions": "cos:GetBucketObjectVersions",
    "PutObject": "cos:PutObject",
}
_OWN: t.Final = (".myqcloud.com", ".tencentcos.cn", ".tencentcos.com")


class CosStore(http_object_store.HttpStore):
    """Objects of COS, in buckets of the provider's region."""

    traits = object_stores.store_traits(traits.TRAITS, _PERMISSIONS)
    version_header = "x-cos-version-id"
    # Without effect in a bucket that has or had versioning: the existing object stays as a version.
    unless_there: t.ClassVar = {"x-cos-forbid-overwrite": "true"}

    def __init__(self, owner: provider.CosProvider) -> None:
        """Use the credentials of a provider."""
        super().__init__()
        self._provider = owner

    def connect(self, bucket: str) -> tuple[http_client.Client, str]:
        options = self._provider.options
        if options.endpoint_url and not http_object_store.is_own(options.endpoint_url, _OWN):
            return self._provider.connect(options.endpoint_url, {}, self.traits), f"/{quote(bucket, safe='')}"
        host = f"https://{bucket}.cos.{self._provider.region}.myqcloud.com"
        return self._provider.connect(host, {}, self.traits), ""

    def resource(self, bucket: str, key: str) -> str:
        options = self._provider.options
        return f"qcs::cos:{self._provider.region}:uid/{options.app_id}:{bucket}/{key}"

    def judge(self, operation: str, answer: http_client.Response, code: str) -> errors.Failure:
        return provider.refused(operation, answer, self.traits, code)
