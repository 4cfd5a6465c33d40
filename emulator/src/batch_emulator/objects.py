# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects in buckets: GET with ranges, HEAD, PUT with MD5 and conditions, lists by prefix, and PUT of a bucket.

Sources: Amazon S3 API Reference, Tencent COS and Alibaba OSS documentation of "GetObject", "HeadObject", "PutObject",
"ListObjects" (V1 and V2), "PutBucket". What the documents say of each cloud is also a table that is tested, in
tests/conformance/object_differences.py.
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
from urllib.parse import quote, quote_plus, unquote

from . import cos_authorization, listings, oss_authorization, sigv4
from .accounts import COS_REGION, Credential
from .aws import AwsDialect
from .buckets import Bucket, Stored
from .cos import CosDialect
from .dialect import Dialect, JobsDialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request
from .oss import OssDialect
from .world import World

OPERATIONS = (
    *("GetObject", "HeadObject", "PutObject", "DeleteObject", "PutBucket", "HeadBucket"),
    *("ListObjects", "ListObjectVersions"),
)
MAX_KEYS = 1000
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
_FAILED = "At least one of the pre-conditions you specified did not hold"


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
    keeps: ClassVar[tuple[str, str, ApiError]]
    # Whether that header also counts in buckets that keep versions.
    keeps_versions: ClassVar[bool] = False
    # What a Content-MD5 gets that is not the one of the body.
    digest_code: ClassVar[str] = "BadDigest"
    # Bytes of the longest key, and what a longer one gets.
    longest_key: ClassVar[int]
    key_code: ClassVar[str]
    # Keys in a page where the request names no number.
    page: ClassVar[int] = MAX_KEYS

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
        names = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
        query = request.pairs(True)
        if not target.key:
            listed = "ListObjectVersions" if any(name == "versions" for name, _value in query) else "ListObjects"
            names = {"GET": listed, "HEAD": "HeadBucket", "PUT": "PutBucket"}
        operation = names.get(request.method)
        if operation is None or not target.bucket:
            raise ApiError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
        return Call(request, operation, write=request.method in ("PUT", "DELETE"), query=query)

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
            return Answer(headers={**self._ids(), **self.about_bucket(bucket)})
        if call.operation in ("ListObjects", "ListObjectVersions"):
            return self._list(call, bucket)
        if call.operation == "DeleteObject":
            return self._delete(bucket, target.key)
        if call.operation == "PutObject":
            return self._put(call.request, bucket, target.key)
        return self._get(call, bucket, target.key)

    def check_region(self, bucket: Bucket, region: str) -> None:
        """Refuse a request that went to another region than the bucket's."""

    def about_bucket(self, bucket: Bucket) -> dict[str, str]:
        """What HeadBucket says of a bucket."""
        return {}

    def _ids(self) -> dict[str, str]:
        return {f"{self.own}request-id": uuid.uuid4().hex[:16].upper()}

    def _about(self, item: Stored) -> dict[str, str]:
        version = {f"{self.own}version-id": item.version} if item.version else {}
        return {**self._ids(), "ETag": f'"{item.etag}"', **version}

    def _state(self, item: Stored) -> dict[str, str]:
        """The headers about storage class, restore, and encryption; S3 and COS do not name the standard class."""
        named = {
            "storage-class": item.storage_class,
            "restore": item.restore,
            "server-side-encryption": item.encryption,
        }
        if self.provider != "oss" and item.storage_class == "STANDARD":
            del named["storage-class"]
        return {f"{self.own}{name}": value for name, value in named.items() if value}

    def check_key(self, key: str) -> None:
        """Refuse a name that no object of this cloud can have."""
        if len(key.encode("utf-8", "surrogateescape")) > self.longest_key:
            raise ApiError(self.key_code, 400, "Your key is too long.")

    def _get(self, call: Call, bucket: Bucket, key: str) -> Answer:
        request = call.request
        item = bucket.find(key, call.first("versionId"))
        if item is None:
            raise ApiError("NoSuchKey", 404, "The specified key does not exist.")
        wanted, unwanted = request.header("if-match"), request.header("if-none-match")
        if wanted is not None and wanted.strip('"') != item.etag:
            raise ApiError("PreconditionFailed", 412, _FAILED)
        headers = {**self._about(item), **self._state(item), "Last-Modified": formatdate(item.modified, usegmt=True)}
        if unwanted is not None and unwanted.strip('"') == item.etag:
            # All three clouds: 304 Not Modified, which has no body.
            return Answer(304, b"", item.content_type, headers)
        body, status = item.body, 200
        part = self.part(request, len(body))
        if part:
            headers["Content-Range"] = f"bytes {part[0]}-{part[1]}/{len(body)}"
            body, status = body[part[0] : part[1] + 1], 206
        if request.method == "HEAD":
            # Of an empty object, too; the server leaves a length of 0 out by itself.
            headers["Content-Length"] = str(len(body))
        return Answer(status, body, item.content_type, {**headers, "Accept-Ranges": "bytes"})

    def part(self, request: Request, size: int) -> tuple[int, int] | None:
        """Return the first and the last requested byte, or None if the response is the whole object.

        As in RFC 9110, S3, and COS: an invalid range is ignored, and an end beyond the object is the end of the object.
        """
        found = _RANGE.fullmatch(request.header("range") or "")
        if not found or not (found[1] or found[2]):
            return None
        if not found[1] and not size:
            # A suffix of an empty object is the whole object.
            return None
        first = int(found[1]) if found[1] else max(0, size - int(found[2]))
        last = min(size - 1, int(found[2]) if found[1] and found[2] else size - 1)
        if first > last:
            raise ApiError("InvalidRange", 416, "The requested range is not satisfiable")
        return first, last

    def _put(self, request: Request, bucket: Bucket, key: str) -> Answer:
        self.check_key(key)
        claimed = request.header("content-md5")
        if claimed is not None and not re.fullmatch("[A-Za-z0-9+/]{22}==", claimed):
            raise ApiError("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")
        if claimed and claimed != base64.b64encode(hashlib.md5(request.body).digest()).decode():
            raise ApiError(self.digest_code, 400, "The Content-MD5 you specified did not match what we received.")
        name, value, kept = self.keeps
        if request.header(name) == value and bucket.find(key) and (self.keeps_versions or not bucket.versioned):
            raise ApiError(kept.code, kept.status, kept.message, dict(kept.headers))
        content_type, storage_class = request.header("content-type"), request.header(f"{self.own}storage-class")
        now = self.world.clock.now()
        item = bucket.put(key, request.body, now, content_type, storage_class=storage_class)
        return Answer(headers=self._about(item))

    def _delete(self, bucket: Bucket, key: str) -> Answer:
        marker = bucket.remove(key, self.world.clock.now())
        about = {f"{self.own}delete-marker": "true", f"{self.own}version-id": marker.version or ""} if marker else {}
        return Answer(204, headers={**self._ids(), **about})

    def most_keys(self, wanted: str | None) -> int:
        """How many keys a page may have; more than the most that there may be are the most."""
        if wanted is not None and not re.fullmatch("[0-9]{1,9}", wanted):
            raise ApiError("InvalidArgument", 400, "max-keys is not an integer.")
        return min(int(wanted or self.page), MAX_KEYS)

    def encode(self, key: str) -> str:
        """A key as this cloud writes it where encoding-type is url."""
        return quote(key, safe="/", errors="surrogateescape")

    def next_marker(self, key: str) -> str | None:
        """NextMarker of a page of version 1 that is not the last one; key is the last key, in its written form."""
        return key

    def token(self, token: str, encoded: bool) -> str:
        """The token of the next page, in its written form."""
        return token

    def _list(self, call: Call, bucket: Bucket) -> Answer:
        count = self.most_keys(call.first("max-keys"))
        style = listings.Style(self.encode, self.next_marker, self.token)
        page = listings.versions if call.operation == "ListObjectVersions" else listings.objects
        return Answer(body=page(call, bucket, count, style), headers=self._ids())


class AwsObjectsDialect(ObjectsDialect):
    provider = "aws"
    refusals = AwsDialect.refusals
    own = "x-amz-"
    host = re.compile(
        r"(?:(?P<bucket>[a-z0-9.-]+)\.)?s3[.-](?:dualstack\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9])\.amazonaws\.com(?:\.cn)?(?::[0-9]+)?"
    )
    # User Guide, "Prevent object overwrites with conditional writes": where there are versions, the current one counts.
    keeps = ("if-none-match", "*", ApiError("PreconditionFailed", 412, _FAILED))
    keeps_versions = True
    longest_key = 1024
    key_code = "KeyTooLongError"

    def encode(self, key: str) -> str:
        # As botocore decodes it, a plus sign is a blank.
        return quote_plus(key, safe="/", errors="surrogateescape")

    def next_marker(self, key: str) -> str | None:
        # API Reference, ListObjects: "returned only if you have the delimiter request parameter specified".
        return None

    def about_bucket(self, bucket: Bucket) -> dict[str, str]:
        # API Reference, HeadBucket: the region, even if the bucket is in the requested region.
        return {"x-amz-bucket-region": bucket.owner.region}

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
    # "PUT Object": in buckets that keep, or have ever kept, versions the header has no effect.
    keeps = (
        "x-cos-forbid-overwrite",
        "true",
        ApiError("FileAlreadyExists", 409, "The object you specified already exists and can not be overwritten."),
    )
    # "Object Overview", naming convention
    longest_key = 850
    key_code = "KeyTooLong"
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
        ApiError(
            "FileAlreadyExists",
            409,
            "The object you specified already exists and can not be overwritten.",
            {"x-oss-ec": "0026-00000002"},
        ),
    )
    # "PutObject", Content-MD5
    digest_code = "InvalidDigest"
    # "Object naming conventions"
    longest_key = 1023
    key_code = "InvalidObjectName"
    # "ListObjects", max-keys
    page = 100

    def token(self, token: str, encoded: bool) -> str:
        # "ListObjectsV2", EncodingType: NextContinuationToken is encoded, too.
        return quote(token, safe="") if encoded else token

    def check_key(self, key: str) -> None:
        super().check_key(key)
        if key.startswith(("/", "\\")):
            raise ApiError("InvalidObjectName", 400, "The specified object is not valid.")

    def most_keys(self, wanted: str | None) -> int:
        # "ListObjects": more than 0, and 1,000 at most.
        if wanted is not None and re.fullmatch("[0-9]{1,9}", wanted) and not 0 < int(wanted) <= MAX_KEYS:
            raise ApiError("InvalidArgument", 400, "Argument max-keys must be an integer between 1 and 1000.")
        return super().most_keys(wanted)

    def check_region(self, bucket: Bucket, region: str) -> None:
        # "HTTP status code 403", AccessDenied
        if region != bucket.owner.region:
            text = "The bucket you are attempting to access must be addressed using the specified endpoint."
            raise ApiError("AccessDenied", 403, text, {"x-oss-ec": "0003-00001403"})

    def part(self, request: Request, size: int) -> tuple[int, int] | None:
        """As standard where the request wishes so; else a range that is not all within the object is ignored.

        Source: "Use HTTP Range requests to get OSS resources in segments".
        """
        if request.header("x-oss-range-behavior") == "standard":
            return super().part(request, size)
        found = _RANGE.fullmatch(request.header("range") or "")
        if not found or not (found[1] or found[2]):
            return None
        within = int(found[2]) <= size if not found[1] else max(int(found[1]), int(found[2] or 0)) < size
        return super().part(request, size) if within and size else None

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        answer = super().refuse(error, request, bare)
        if request.method == "HEAD":
            # What the body would say, in a header: OSS's own clients read it there.
            said = self.jobs.refuse(error, request, bare=True)
            answer.headers["x-oss-err"] = base64.b64encode(said.body).decode()
        return answer

    def verify(self, request: Request, target: Target) -> tuple[Credential, str]:
        # The path that is signed names the bucket, wherever the request names it.
        path = quote(f"/{target.bucket}/{target.key}", safe="/-_.~", errors="surrogateescape")
        return oss_authorization.verify(request, target.region or None, path)


def dialects(world: World, aws: AwsDialect, cos: CosDialect, oss: OssDialect) -> tuple[ObjectsDialect, ...]:
    """The protocols of objects, one for each job protocol of a provider."""
    return AwsObjectsDialect(world, aws), CosObjectsDialect(world, cos), OssObjectsDialect(world, oss)


def chosen(request: Request, every: tuple[ObjectsDialect, ...]) -> ObjectsDialect | None:
    """Whose request it is: by its host, or where that says nothing by the form of its signature."""
    for dialect in every:
        if dialect.is_host(request):
            return dialect
    header = request.header("authorization") or ""
    begins = {"aws": "AWS4-HMAC-SHA256 ", "cos": "q-sign-algorithm=", "oss": "OSS4-HMAC-SHA256 "}
    return next((dialect for dialect in every if header.startswith(begins[dialect.provider])), None)
