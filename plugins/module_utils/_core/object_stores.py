# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the contract of an object store: the objects of one provider and region, by bucket and key.

As with jobs a verb sends exactly one request and raises BatchError when it fails. Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import datetime
import re
import typing as t

from . import errors, providers

LARGEST_PUT: t.Final = 5 * 2**30
"""Bytes: what one PUT may carry, on every cloud."""
LARGEST_ANSWER: t.Final = 32 * 2**20
"""Bytes: what is taken of one answer at the most; a store that ignores ranges sends whole objects."""
CODES: t.Final[dict[str, errors.Kind]] = {
    "NoSuchKey": "not_found",
    "NoSuchBucket": "not_found",
    "NoSuchVersion": "not_found",
    "PreconditionFailed": "conflict",
    "FileAlreadyExists": "conflict",
    # S3 says of both that the request is to be sent again.
    "ConditionalRequestConflict": "unavailable",
    "OperationAborted": "unavailable",
    "InvalidRange": "invalid",
    "InvalidBucketName": "invalid",
    "InvalidObjectName": "invalid",
    "InvalidObjectState": "invalid",
    "KeyTooLong": "invalid",
    "KeyTooLongError": "invalid",
    "PermanentRedirect": "invalid",
    "TemporaryRedirect": "invalid",
    "BadRequest": "invalid",
    "MethodNotAllowed": "invalid",
    "FileImmutable": "denied",
    # What arrived is not what was sent; S3 and COS call it BadDigest, OSS InvalidDigest.
    "BadDigest": "bad_answer",
    "InvalidDigest": "bad_answer",
    "IncompleteBody": "bad_answer",
}
"""Codes that only answers about objects have, or that mean something else there; the same on all clouds."""
NO_BODY: t.Final = {
    301: "PermanentRedirect",
    307: "TemporaryRedirect",
    400: "BadRequest",
    403: "AccessDenied",
    404: "NoSuchKey",
    405: "MethodNotAllowed",
    412: "PreconditionFailed",
    416: "InvalidRange",
}
"""What the status of an answer without a body stands for, as to HEAD, which has none."""
_OF_CODES: t.Final = {
    "BadRequest": "The answer has no body that says why: check the credentials (expired?), the region and the bucket.",
    "InvalidObjectState": "The object is archived: restore it, and run the task again.",
    "NoSuchBucket": "Check the bucket's name and region.",
    "FileImmutable": "A retention policy of the bucket forbids it; choose another bucket or prefix.",
}
"""What to do next about a code, where its kind says too little."""
_HINTS: t.Final[dict[errors.Kind, str]] = {
    "not_found": "Check bucket and key; the object may not be written yet, or a rule of the bucket has removed it.",
    "denied": "Check that the credentials may get the object (and list the bucket), or put it: {permissions}.",
    "invalid": "Check the bucket's name and region.",
    "conflict": "The object has changed, or was made, meanwhile; run the task again.",
    "bad_answer": "Something between here and the cloud changes what is sent; run the task again.",
}


@dataclasses.dataclass(frozen=True)
class Found:
    """What is known of an object.

    :param size: bytes.
    :param etag: without quotes.
    :param version: empty where the bucket keeps none.
    """

    size: int
    etag: str
    version: str = ""
    modified: t.Optional[datetime.datetime] = None


@dataclasses.dataclass(frozen=True)
class Part:
    """An answer to a request for a part of an object.

    :param content_range: that header, empty without one.
    :param length: the header Content-Length, None without one.
    :param etag: without quotes.
    """

    body: bytes
    status: int
    content_range: str
    length: t.Optional[int]
    etag: str


@dataclasses.dataclass(frozen=True)
class Body:
    """What is to be put, with its size and MD5.

    :param opened: returns it, from its beginning and for its caller alone, as often as it is sent.
    """

    opened: t.Callable[[], t.BinaryIO]
    size: int
    md5: bytes


def store_traits(traits: providers.Traits, permissions: str) -> providers.Traits:
    """Return the traits of a cloud as they are about objects: further codes, and other hints.

    :param permissions: the names of those that are needed, for the hint.
    """
    hints = {**traits.failures.hints, **{kind: text.format(permissions=permissions) for kind, text in _HINTS.items()}}
    failures = dataclasses.replace(traits.failures, codes={**traits.failures.codes, **CODES}, hints=hints)
    return dataclasses.replace(traits, failures=failures)


def key_rule(key: str, traits: providers.Traits) -> str:
    """Return the rule that a key breaks, to follow "it"; empty where it breaks none."""
    longest = traits.manifests.longest_key
    if not key or len(key.encode("utf-8", "surrogatepass")) > longest or re.search("[\ud800-\udfff]", key):
        return f"must be 1 to {longest} bytes of UTF-8"
    if {".", ".."} & set(key.split("/")):
        return "must be a key that URLs can hold: a part of it is . or .., which they drop"
    if not traits.manifests.absolute_keys and key.startswith(("/", "\\")):
        return "must not begin with a slash or a backslash"
    return ""


class Store(abc.ABC):
    """The objects that one account may see."""

    traits: providers.Traits

    @abc.abstractmethod
    def head(self, bucket: str, key: str) -> Found:
        """HeadObject."""

    @abc.abstractmethod
    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, Found]:
        """GetObject: return the bytes from start on, size of them at the most, and what is known of the whole object.

        :param etag: fail where the object is not this one any more; empty for whichever it is.
        """

    @abc.abstractmethod
    def put(self, bucket: str, key: str, body: Body) -> Found:
        """PutObject; where the cloud can tell, an object that is there is never overwritten (kind conflict)."""

    @abc.abstractmethod
    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        """ListObjects: return keys that begin with the prefix, in order, and the token of the next page.

        :param token: empty for the first page.
        """

    @abc.abstractmethod
    def resource(self, bucket: str, key: str) -> str:
        """Return the name of an object as a job's manifest has it."""

    def check_key(self, key: str) -> str:
        """Return a key that can be asked for.

        :raises BatchError: HTTP libraries would ask for another one, or no object of the cloud has such a name.
        """
        rule = key_rule(key, self.traits)
        if rule:
            text = f"the key {key[:100]!r} cannot be asked for: it {rule}"
            raise errors.BatchError(self.traits.failure("invalid", text, hint="Choose another key or prefix."))
        return key

    def check_bucket(self, bucket: str) -> str:
        """Return the name of a bucket.

        :raises BatchError: no bucket of the cloud has such a name.
        """
        try:
            return self.traits.rules["bucket"].check("bucket", bucket)
        except errors.OptionError as error:
            hint = "Check the bucket that the job, the task or the report names."
            raise errors.BatchError(self.traits.failure("invalid", str(error), hint=hint)) from error

    def refusal(self, failure: errors.Failure) -> errors.Failure:
        """Return what a refusal stands for, with the hint that belongs to its code."""
        return dataclasses.replace(failure, hint=_OF_CODES.get(failure.code, failure.hint))

    def stored(self, found: Found) -> Found:
        """Return what an answer to a put says.

        :raises BatchError: it names no ETag, so nothing tells that the object was stored.
        """
        if not found.etag:
            raise errors.BatchError(
                self.traits.failure("bad_answer", "the answer names no ETag", operation="PutObject")
            )
        return found

    def following(self, keys: t.Sequence[str], more: bool, token: str) -> str:
        """Return the token of the next page of a list, empty where there is none.

        :param more: whether the answer says that there is one.
        :param token: what the answer names.
        :raises BatchError: there is a page that nothing leads to: the list would lack keys.
        """
        if more and not token:
            text = f"the list goes on after {len(keys)} keys, and the answer does not say where"
            raise errors.BatchError(self.traits.failure("bad_answer", text, operation="ListObjects"))
        return token if more else ""

    def part(self, answer: Part, start: int, size: int, etag: str = "") -> tuple[bytes, int]:
        """Return the bytes that were asked for, and the size of the whole object.

        A store may ignore a range, as OSS does by default where its end is beyond the object. Then the answer is the
        whole object; its part is cut out of it. That it is one must be certain: it has the length that the answer
        announces, and an ETag, which is the right one where it is known.

        :param etag: which the object has to have; empty for any.
        :raises BatchError: the answer is neither.
        """
        body = answer.body
        found = re.fullmatch("bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})", answer.content_range)
        if answer.status == 206 and found:
            first, last, total = (int(part) for part in found.groups())
            if first == start and len(body) == last - first + 1 == min(size, total - start):
                return body, total
        whole = answer.status == 200 and not answer.content_range and answer.length == len(body) <= LARGEST_ANSWER
        if whole and answer.etag and answer.etag == (etag or answer.etag) and (start < len(body) or not body):
            return body[start : start + size], len(body)
        shown = answer.content_range[:100]
        text = f"the answer is not the part of the object that was asked for (status {answer.status}, {shown!r})"
        raise errors.BatchError(self.traits.failure("bad_answer", text, operation="GetObject"))
