# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects in buckets: GET with ranges, HEAD, PUT with MD5 and conditions, lists by prefix, and PUT of a bucket.

Sources: Amazon S3 API Reference, Tencent COS and Alibaba OSS documentation of "GetObject", "HeadObject", "PutObject",
"ListObjects" (V1 and V2), "PutBucket".
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from abc import abstractmethod
from dataclasses import dataclass
from email.utils import formatdate
from typing import ClassVar
from urllib.parse import quote, unquote

from . import cos_authorization, documents, oss_authorization, sigv4
from .accounts import COS_REGION, Credential
from .aws import AwsDialect
from .buckets import Bucket, Stored
from .clock import iso
from .cos import CosDialect
from .dialect import Dialect, JobsDialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request
from .oss import OssDialect
from .world import World

OPERATIONS = ("GetObject", "HeadObject", "PutObject", "ListObjects", "PutBucket", "HeadBucket")
MAX_KEYS = 1000
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")


@dataclass(frozen=True)
class Target:
    """What the address of a request names; a key may be empty. region is empty where the host does not tell it."""

    bucket: str
    key: str
    region: str


class ObjectsDialect(Dialect):
    auxiliary = True
    # Host of a bucket, with the groups bucket (may be missing: the path names it then) and region.
    host: ClassVar[re.Pattern[str]]
    # Begin of the headers of the cloud's own.
    own: ClassVar[str]
    # Header that keeps a PUT from overwriting, its value, and what the cloud answers then.
    keeps: ClassVar[tuple[str, str, ApiError] | None] = None

    def __init__(self, world: World, jobs: JobsDialect) -> None:
        super().__init__(world)
        self.jobs = jobs

    @classmethod
    def is_host(cls, request: Request) -> bool:
        """Whether the request went to a bucket's or the service's own host."""
        return cls.host.fullmatch(request.host) is not None

    @classmethod
    def names_bucket(cls, request: Request) -> bool:
        """Whether the host names a bucket, so that the path is all key."""
        found = cls.host.fullmatch(request.host)
        return bool(found and found["bucket"])

    def target(self, request: Request) -> Target:
        found = self.host.fullmatch(request.host)
        region = found["region"] if found else ""
        if found and found["bucket"]:
            return Target(found["bucket"], unquote(request.path[1:], errors="surrogateescape"), region)
        bucket, _unused, key = request.path[1:].partition("/")
        return Target(unquote(bucket), unquote(key, errors="surrogateescape"), region)

    def route(self, request: Request) -> Call:
        target = self.target(request)
        names = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject"}
        if not target.key:
            names = {"GET": "ListObjects", "HEAD": "HeadBucket", "PUT": "PutBucket"}
        operation = names.get(request.method)
        if operation is None or not target.bucket:
            raise ApiError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
        return Call(request, operation, write=request.method == "PUT", query=request.pairs(True))

    @abstractmethod
    def verify(self, request: Request, target: Target) -> tuple[Credential, str]:
        """Who signed, and for which region."""

    def authenticate(self, call: Call) -> QueueKey:
        target = self.target(call.request)
        key, region = self.verify(call.request, target)
        return QueueKey(self.provider, key.account, region)

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        answer = self.jobs.refuse(error, request, bare=True)
        if request.method == "HEAD":
            answer.body = b""
        return answer

    def run(self, call: Call) -> Answer:
        target = self.target(call.request)
        if call.operation == "PutBucket":
            self.world.buckets.make(call.queue, target.bucket)
            return Answer(headers=self._ids())
        bucket = self.world.buckets.find(self.provider, target.bucket)
        if bucket is None:
            raise ApiError("NoSuchBucket", 404, "The specified bucket does not exist.")
        if bucket.owner.account != call.queue.account:
            raise ApiError("AccessDenied", 403, "Access Denied")
        self.check_region(bucket, call.queue.region)
        if call.operation == "HeadBucket":
            return Answer(headers=self._ids())
        if call.operation == "ListObjects":
            return self._list(call, bucket)
        if call.operation == "PutObject":
            return self._put(call.request, bucket, target.key)
        return self._get(call, bucket, target.key)

    def check_region(self, bucket: Bucket, region: str) -> None:
        """Refuse a request that went to another region than the bucket's."""

    def _ids(self) -> dict[str, str]:
        return {f"{self.own}request-id": uuid.uuid4().hex[:16].upper()}

    def _about(self, item: Stored) -> dict[str, str]:
        version = {f"{self.own}version-id": item.version} if item.version else {}
        return {**self._ids(), "ETag": f'"{item.etag}"', **version}

    def _get(self, call: Call, bucket: Bucket, key: str) -> Answer:
        request = call.request
        item = bucket.find(key, call.first("versionId"))
        if item is None:
            raise ApiError("NoSuchKey", 404, "The specified key does not exist.")
        wanted = request.header("if-match")
        if wanted is not None and wanted.strip('"') != item.etag:
            raise ApiError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
        headers = {**self._about(item), "Last-Modified": formatdate(item.modified, usegmt=True)}
        body, status = item.body, 200
        found = _RANGE.fullmatch(request.header("range") or "")
        if found and (found[1] or found[2]):
            size = len(body)
            first = int(found[1]) if found[1] else max(0, size - int(found[2]))
            last = min(size - 1, int(found[2]) if found[1] and found[2] else size - 1)
            if first > last:
                raise ApiError("InvalidRange", 416, "The requested range is not satisfiable")
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
            body, status = body[first : last + 1], 206
        return Answer(status, body, item.content_type, {**headers, "Accept-Ranges": "bytes"})

    def _put(self, request: Request, bucket: Bucket, key: str) -> Answer:
        claimed = request.header("content-md5")
        if claimed and claimed != base64.b64encode(hashlib.md5(request.body).digest()).decode():
            raise ApiError("BadDigest", 400, "The Content-MD5 you specified did not match what we received.")
        if self.keeps and request.header(self.keeps[0]) == self.keeps[1] and bucket.find(key):
            kept = self.keeps[2]
            raise ApiError(kept.code, kept.status, kept.message, dict(kept.headers))
        item = bucket.put(key, request.body, self.world.clock.now(), request.header("content-type"))
        return Answer(headers=self._about(item))

    def _list(self, call: Call, bucket: Bucket) -> Answer:
        prefix, second = call.first("prefix") or "", call.first("list-type") == "2"
        after = call.first("continuation-token" if second else "marker") or call.first("start-after") or ""
        most = call.first("max-keys") or str(MAX_KEYS)
        if not re.fullmatch("[0-9]{1,9}", most):
            raise ApiError("InvalidArgument", 400, "max-keys is not an integer.")
        count = min(int(most), MAX_KEYS)
        keys = sorted(key for key in bucket.objects if key.startswith(prefix) and key > after)
        page, more = keys[:count], len(keys) > count
        node = documents.node
        encode = (lambda text: quote(text, safe="/")) if call.first("encoding-type") == "url" else str
        contents = "".join(
            f"<Contents>{node('Key', encode(key))}<LastModified>{iso(item.modified)[:-1]}.000Z</LastModified>"
            f"{node('ETag', chr(34) + item.etag + chr(34))}{node('Size', len(item.body))}"
            "<StorageClass>STANDARD</StorageClass></Contents>"
            for key in page
            for item in [bucket.objects[key][-1]]
        )
        token = encode(page[-1]) if more and page else None
        following = node("NextContinuationToken" if second else "NextMarker", page[-1] if second and token else token)
        body = (
            f"{node('Name', bucket.name)}{node('Prefix', encode(prefix))}{node('MaxKeys', count)}"
            f"{node('KeyCount', len(page)) if second else ''}"
            f"{node('EncodingType', call.first('encoding-type'))}{node('IsTruncated', documents.flag(more))}"
            f"{following}{contents}"
        )
        return Answer(body=documents.document("ListBucketResult", body), headers=self._ids())


class AwsObjectsDialect(ObjectsDialect):
    provider = "aws"
    refusals = AwsDialect.refusals
    own = "x-amz-"
    host = re.compile(
        r"(?:(?P<bucket>[a-z0-9.-]+)\.)?s3[.-](?:dualstack\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9])\.amazonaws\.com(?:\.cn)?(?::[0-9]+)?"
    )
    keeps = (
        "if-none-match",
        "*",
        ApiError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"),
    )

    def verify(self, request: Request, target: Target) -> tuple[Credential, str]:
        scope = sigv4.verify(request, "s3")
        return scope.key, scope.region

    def check_region(self, bucket: Bucket, region: str) -> None:
        if region != bucket.owner.region:
            raise ApiError(
                "PermanentRedirect",
                301,
                "The bucket you are attempting to access must be addressed using the specified endpoint.",
                {"x-amz-bucket-region": bucket.owner.region},
            )


class CosObjectsDialect(ObjectsDialect):
    provider = "cos"
    refusals = CosDialect.refusals
    own = "x-cos-"
    host = re.compile(
        r"(?:(?P<bucket>[a-z0-9-]+-[0-9]+)\.)?cos\.(?P<region>[a-z]+(?:-[a-z0-9]+)+)\.myqcloud\.com(?::[0-9]+)?"
    )

    def verify(self, request: Request, target: Target) -> tuple[Credential, str]:
        return cos_authorization.verify(request), target.region or COS_REGION


class OssObjectsDialect(ObjectsDialect):
    provider = "oss"
    refusals = OssDialect.refusals
    own = "x-oss-"
    host = re.compile(
        r"(?:(?P<bucket>[a-z0-9-]+)\.)?oss-(?P<region>[a-z]+(?:-[a-z0-9]+?)+?)(?:-internal)?\.aliyuncs\.com(?::[0-9]+)?"
    )
    keeps = (
        "x-oss-forbid-overwrite",
        "true",
        ApiError("FileAlreadyExists", 409, "The object you specified already exists and can not be overwritten."),
    )

    def verify(self, request: Request, target: Target) -> tuple[Credential, str]:
        # The path that is signed names the bucket, wherever the request names it.
        path = quote(f"/{target.bucket}/{target.key}", safe="/-_.~", errors="surrogateescape")
        return oss_authorization.verify(request, target.region or None, path)


def dialects(world: World, aws: AwsDialect, cos: CosDialect, oss: OssDialect) -> tuple[ObjectsDialect, ...]:
    """The protocols of objects, each beside the one of jobs of its cloud."""
    return AwsObjectsDialect(world, aws), CosObjectsDialect(world, cos), OssObjectsDialect(world, oss)


def chosen(request: Request, every: tuple[ObjectsDialect, ...]) -> ObjectsDialect | None:
    """Whose request it is: by its host, or where that says nothing by the form of its signature."""
    for dialect in every:
        if dialect.is_host(request):
            return dialect
    header = request.header("authorization") or ""
    begins = {"aws": "AWS4-HMAC-SHA256 ", "cos": "q-sign-algorithm=", "oss": "OSS4-HMAC-SHA256 "}
    return next((dialect for dialect in every if header.startswith(begins[dialect.provider])), None)
