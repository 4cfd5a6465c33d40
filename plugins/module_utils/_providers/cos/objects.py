# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of Tencent COS, through requests.

Source: Tencent Cloud COS documentation, "PUT Object", "GET Object", "HEAD Object", "GET Bucket".
Private to this collection.
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    objects as _objects,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import (
    client as _client,
    objects_http as _http,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers.cos import facts as _facts, wire as _wire

_PERMISSIONS: t.Final = "cos:GetObject, cos:HeadObject, cos:GetBucket, cos:PutObject"
_OWN: t.Final = (".myqcloud.com", ".tencentcos.cn", ".tencentcos.com")


class CosStore(_http.HttpStore):
    """Objects of COS, in buckets of the provider's region."""

    facts = _objects.store_facts(_facts.FACTS, _PERMISSIONS)
    version_header = "x-cos-version-id"
    # Without effect in a bucket that keeps versions, or has ever kept them: what is there stays a version.
    unless_there: t.ClassVar = {"x-cos-forbid-overwrite": "true"}

    def __init__(self, provider: _wire.CosProvider) -> None:
        """Use the credentials of a provider."""
        super().__init__()
        self._provider = provider

    def connect(self, bucket: str) -> tuple[_client.Client, str]:
        options = self._provider.options
        if options.endpoint_url and not _http.is_own(options.endpoint_url, _OWN):
            return self._provider.connect(options.endpoint_url, {}, self.facts), f"/{quote(bucket, safe='')}"
        host = f"https://{bucket}.cos.{self._provider.region}.myqcloud.com"
        return self._provider.connect(host, {}, self.facts), ""

    def resource(self, bucket: str, key: str) -> str:
        options = self._provider.options
        return f"qcs::cos:{self._provider.region}:uid/{options.app_id}:{bucket}/{key}"

    def judge(self, operation: str, answer: _client.Answer, code: str) -> _errors.Failure:
        return _wire.refused(operation, answer, self.facts, code)
