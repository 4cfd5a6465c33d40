# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of Amazon S3, through botocore: plain signed requests, which S3-compatible servers understand, too.

Source: botocore's s3 service model 2006-03-01. Private to this collection.
"""

from __future__ import annotations

import base64
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import objects as _objects
from ansible_collections.objectstore.batch.plugins.module_utils._providers.aws import facts as _facts, wire as _wire

_PERMISSIONS: t.Final = "s3:GetObject, s3:ListBucket, s3:PutObject"
_NO_BODY: t.Final = {"404": "NoSuchKey", "403": "AccessDenied", "412": "PreconditionFailed"}
"""Answers to HEAD have no body, so botocore takes the status for the code."""


class AwsStore(_objects.Store):
    """Objects of S3. botocore follows a bucket into its own region."""

    facts = _objects.store_facts(_facts.FACTS, _PERMISSIONS)

    def __init__(self, provider: _wire.AwsProvider) -> None:
        """Use the connection and credentials of a provider."""
        self._provider = provider
        self._client = provider.connect_objects()

    def head(self, bucket: str, key: str) -> _objects.Found:
        answer = self._call("HeadObject", self._client.head_object, Bucket=bucket, Key=_objects.check_key(key))
        return _found(answer, int(answer.get("ContentLength") or 0))

    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, _objects.Found]:
        query = {"Bucket": bucket, "Key": _objects.check_key(key), "Range": f"bytes={start}-{start + size - 1}"}
        if etag:
            query["IfMatch"] = f'"{etag}"'
        answer = self._call("GetObject", self._client.get_object, **query)
        body = self._provider.sdk.ask("GetObject", answer["Body"].read)
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        total = self.whole("GetObject", body, start, size, status, answer.get("ContentRange") or "")
        return body, _found(answer, total)

    def put(self, bucket: str, key: str, body: _objects.Body) -> _objects.Found:
        with open(body.path, "rb") as file:
            answer = self._call(
                "PutObject",
                self._client.put_object,
                Bucket=bucket,
                Key=_objects.check_key(key),
                Body=file,
                ContentLength=body.size,
                ContentMD5=base64.b64encode(body.md5).decode(),
                ContentType="text/csv",
                **self._unless_there(),
            )
        return self.stored(_found(answer, body.size))

    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        query = {"ContinuationToken": token} if token else {}
        answer = self._call("ListObjectsV2", self._client.list_objects_v2, Bucket=bucket, Prefix=prefix, **query)
        keys = [str(item["Key"]) for item in answer.get("Contents") or ()]
        return keys, str(answer.get("NextContinuationToken") or "") if answer.get("IsTruncated") else ""

    def resource(self, bucket: str, key: str) -> str:
        region = self._provider.region
        partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
        return f"arn:{partition}:s3:::{bucket}/{key}"

    def _unless_there(self) -> dict[str, str]:
        # Older releases of botocore do not know the condition; the key says what the object holds, so it is one more
        # guard and not the only one.
        members = self._client.meta.service_model.operation_model("PutObject").input_shape.members
        return {"IfNoneMatch": "*"} if "IfNoneMatch" in members else {}

    def _call(self, operation: str, method: t.Callable[..., t.Any], **query: t.Any) -> t.Any:
        return self._provider.ask(operation, method, self.facts, _NO_BODY, **query)


def _found(answer: t.Mapping[str, t.Any], size: int) -> _objects.Found:
    version = str(answer.get("VersionId") or "")
    return _objects.Found(size, str(answer.get("ETag") or "").strip('"'), version, answer.get("LastModified"))
