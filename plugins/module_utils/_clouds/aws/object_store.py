# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and write objects of Amazon S3 through botocore, by plain signed requests that S3-compatible servers support.

Source: botocore's s3 service model 2006-03-01. Private to this collection.
"""

from __future__ import annotations

import base64
import typing as t

from ..._core import errors, object_listings, object_stores
from ..shared import parse_job_xml, parse_listing
from . import provider, traits

_PERMISSIONS: t.Final = {
    "HeadObject": (
        "s3:GetObject (s3:GetObjectVersion for a version), and s3:ListBucket (without it, S3 denies access to missing"
        " objects)"
    ),
    "GetObject": "s3:GetObject",
    "ListObjectsV2": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "PutObject": "s3:PutObject",
}
_MARKERS: t.Final = {"key-marker": "KeyMarker", "version-id-marker": "VersionIdMarker"}
_NO_BODY: t.Final = {str(status): code for status, code in object_stores.NO_BODY.items()}
"""Responses to HEAD have no body, so botocore uses the status as the code."""
_ERROR: t.Final = (b"<?xml", b"<Error")
_LONGEST_ERROR: t.Final = 64 * 2**10
_BODY: t.Final = "objectstore.batch body"


class AwsStore(object_stores.Store):
    """Objects of S3. botocore follows a bucket into its own region."""

    traits = object_stores.store_traits(traits.TRAITS, _PERMISSIONS)

    def __init__(self, owner: provider.AwsProvider) -> None:
        """Use the connection and credentials of a provider."""
        self._provider = owner
        self._client = owner.connect_objects()
        events = self._client.meta.events
        # As a header, because releases of botocore before 1.35 do not know the condition.
        events.register("before-call.s3.PutObject", _keep_what_is_there)
        # botocore looks up the region of a bucket by another request, which a server can redirect endlessly.
        events.register("before-call.s3.HeadBucket", _follow_no_further)
        for operation in ("PutObject", "ListObjectsV2", "ListObjectVersions"):
            events.register(f"response-received.s3.{operation}", _keep_body)

    def head(self, bucket: str, key: str, version: str = "") -> object_stores.Found:
        query = {"Bucket": bucket, "Key": self.check_key(key), **({"VersionId": version} if version else {})}
        answer = self._call("HeadObject", self._client.head_object, **query)
        size = answer.get("ContentLength")
        if not isinstance(size, int):
            text = "the response does not contain the size of the object"
            raise errors.BatchError(self.traits.failure("invalid_response", text, operation="HeadObject"))
        return _found(answer, size)

    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, object_stores.Found]:
        query = {"Bucket": bucket, "Key": self.check_key(key), "Range": f"bytes={start}-{start + size - 1}"}
        if etag:
            query["IfMatch"] = f'"{etag}"'
        answer = self._call("GetObject", self._client.get_object, **query)
        content = self._provider.sdk.ask("GetObject", answer["Body"].read)
        self._check_error("GetObject", content, answer)
        status, found = answer["ResponseMetadata"]["HTTPStatusCode"], _found(answer, 0)
        part = object_stores.Part(
            content, status, answer.get("ContentRange") or "", answer.get("ContentLength"), found.etag
        )
        body, total = self.part(part, start, size, etag)
        return body, found._replace(size=total)

    def put(self, bucket: str, key: str, body: object_stores.Body) -> object_stores.Found:
        with body.opened() as file:
            answer = self._call(
                "PutObject",
                self._client.put_object,
                Bucket=bucket,
                Key=self.check_key(key),
                Body=file,
                ContentLength=body.size,
                ContentMD5=base64.b64encode(body.md5).decode(),
                ContentType="text/csv",
            )
        return self.stored(_found(answer, body.size))

    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        query = {"ContinuationToken": token} if token else {}
        answer = self._call("ListObjectsV2", self._client.list_objects_v2, Bucket=bucket, Prefix=prefix, **query)
        try:
            # botocore parses any other body as a list without keys.
            parse_job_xml.parse_root(answer.get(_BODY) or b"", "ListBucketResult")
        except parse_job_xml.ResponseError as error:
            raise errors.BatchError(
                self.traits.failure("invalid_response", str(error), operation="ListObjectsV2")
            ) from error
        keys = [str(item["Key"]) for item in answer.get("Contents") or ()]
        more = bool(answer.get("IsTruncated"))
        return keys, self.following(keys, more, str(answer.get("NextContinuationToken") or ""))

    def list_objects(self, bucket: str, prefix: str, token: str) -> object_listings.Page:
        query = {"ContinuationToken": token} if token else {}
        answer = self._call(
            "ListObjectsV2", self._client.list_objects_v2, Bucket=bucket, Prefix=prefix, EncodingType="url", **query
        )
        return self._page("ListObjectsV2", answer, parse_listing.parse_objects, "NextContinuationToken")

    def list_versions(self, bucket: str, prefix: str, token: str) -> object_listings.Page:
        markers = parse_listing.split_token(token)
        query = {_MARKERS[name]: value for name, value in markers.items()}
        answer = self._call(
            "ListObjectVersions",
            self._client.list_object_versions,
            Bucket=bucket,
            Prefix=prefix,
            EncodingType="url",
            **query,
        )
        return self._page("ListObjectVersions", answer, parse_listing.parse_versions)

    def _page(
        self, operation: str, answer: t.Mapping[str, t.Any], parse: t.Callable[..., object_listings.Page], *more: str
    ) -> object_listings.Page:
        """Return the page in a body. botocore reads any other body as a list without objects."""
        try:
            return parse(answer.get(_BODY) or b"", parse_listing.decode_plus, *more)
        except parse_job_xml.ResponseError as error:
            raise errors.BatchError(self.traits.failure("invalid_response", str(error), operation=operation)) from error

    def resource(self, bucket: str, key: str) -> str:
        return f"arn:{self._provider.partition}:s3:::{bucket}/{key}"

    def _check_error(self, operation: str, content: bytes, answer: t.Mapping[str, t.Any]) -> None:
        """Reject an error after a successful status line, which botocore reads as an object or as nothing."""
        if content.startswith(_ERROR) and len(content) <= _LONGEST_ERROR:
            said = parse_job_xml.parse_error(content)
            if said:
                metadata = {**answer.get("ResponseMetadata", {}), "RequestId": said["request_id"]}
                error = {"Code": said["code"], "Message": said["message"]}
                response = {"Error": error, "ResponseMetadata": metadata}
                failure = self._provider.sdk.refused(operation, response, self.traits)
                raise errors.BatchError(self.refusal(failure))

    def _call(self, operation: str, method: t.Callable[..., t.Any], **query: t.Any) -> t.Any:
        self.check_bucket(query["Bucket"])
        codes = _NO_BODY if operation == "HeadObject" else {}
        try:
            answer = self._provider.ask(operation, method, self.traits, codes, **query)
        except errors.BatchError as error:
            raise errors.BatchError(self.refusal(error.failure)) from error
        self._check_error(operation, answer.get(_BODY) or b"", answer)
        return answer


def _keep_what_is_there(params: dict[str, t.Any], **kwargs: t.Any) -> None:
    params["headers"]["If-None-Match"] = "*"


def _follow_no_further(params: dict[str, t.Any], **kwargs: t.Any) -> None:
    # Under the names of both generations of botocore.
    params["context"].setdefault("s3_redirect", {})["redirected"] = True
    params["context"]["s3_redirected"] = True


def _keep_body(
    response_dict: t.Optional[t.Mapping[str, t.Any]], parsed_response: t.Optional[dict[str, t.Any]], **kwargs: t.Any
) -> None:
    if parsed_response is not None and response_dict is not None:
        parsed_response[_BODY] = response_dict.get("body")


def _found(answer: t.Mapping[str, t.Any], size: int) -> object_stores.Found:
    version = str(answer.get("VersionId") or "")
    names = ("StorageClass", "Restore", "ServerSideEncryption", "ArchiveStatus")
    texts = (str(answer.get(name) or "") for name in names)
    return object_stores.Found(
        size, str(answer.get("ETag") or "").strip('"'), version, answer.get("LastModified"), *texts
    )
