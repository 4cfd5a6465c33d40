# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the contract of an object store: the objects of one provider and region, by bucket and key.

As for jobs, a verb sends exactly one request and raises BatchError if it fails. Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import datetime
import re
import typing as t

from . import errors, object_listings, providers

LARGEST_PUT: t.Final = 5 * 2**30
"""Bytes that one PUT can have, for every provider."""
LARGEST_ANSWER: t.Final = 32 * 2**20
"""Bytes of one response at most. A store that ignores ranges sends whole objects."""
CODES: t.Final[dict[str, errors.Kind]] = {
    "NoSuchKey": "not_found",
    "NoSuchBucket": "not_found",
    "NoSuchVersion": "not_found",
    "PreconditionFailed": "conflict",
    "FileAlreadyExists": "conflict",
    # S3 documents that both requests must be sent again.
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
    "FileImmutable": "access_denied",
    # The received content differs from the sent content. S3 and COS call this BadDigest, OSS InvalidDigest.
    "BadDigest": "invalid_response",
    "InvalidDigest": "invalid_response",
    "IncompleteBody": "invalid_response",
}
"""Codes that only responses about objects have, or that mean something else there; the same for all providers."""
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
"""Status to code for responses without a body, such as responses to HEAD."""
_OF_CODES: t.Final = {
    "BadRequest": "Check whether the credentials have expired, then check region and bucket.",
    "InvalidObjectState": "The object is archived. Restore it, then run the task again.",
    "NoSuchBucket": "Check the name and the region of the bucket.",
    "FileImmutable": "A retention policy of the bucket does not allow it. Set another bucket or prefix.",
}
"""Code to the next step, if the kind is not specific enough."""
_HINTS: t.Final[dict[errors.Kind, str]] = {
    "not_found": "Check bucket and key. The object does not exist yet, or a lifecycle rule of the bucket deleted it.",
    "access_denied": "Check that the policies of the caller and of the bucket allow the operation that failed.",
    "invalid": "Check the name and the region of the bucket.",
    "conflict": "Another user or process changed or created the object in the meantime. Run the task again.",
    "invalid_response": ("Run the task again. If the error persists, check whether a proxy changes the data."),
}


class Found(t.NamedTuple):
    """The known properties of an object.

    :param size: bytes.
    :param etag: without quotes.
    :param version: empty if the bucket has no versions.
    :param storage_class: empty for the standard class, which AWS does not name.
    :param restore: the state of a restore, in the words of the header; empty for none.
    :param encryption: the method, such as AES256 or aws:kms; empty if the response has none.
    :param tier: the archive tier of an object whose storage class has several tiers; empty for none.
    """

    size: int
    etag: str
    version: str = ""
    modified: t.Optional[datetime.datetime] = None
    storage_class: str = ""
    restore: str = ""
    encryption: str = ""
    tier: str = ""


class Part(t.NamedTuple):
    """A response to a request for a part of an object.

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
    """The content of a new object, with its size and MD5.

    :param opened: returns the content from its beginning, for each attempt.
    """

    opened: t.Callable[[], t.BinaryIO]
    size: int
    md5: bytes


def store_traits(traits: providers.Traits, permissions: t.Mapping[str, str]) -> providers.Traits:
    """Return the traits of a provider for objects: further codes, and other hints.

    :param permissions: operation to the permission that it requires.
    """
    failures = traits.failures._replace(
        codes={**traits.failures.codes, **CODES},
        hints={**traits.failures.hints, **_HINTS},
        permissions=permissions,
        denied=traits.failures.denied.replace("of the caller", "of the caller and of the bucket"),
    )
    return dataclasses.replace(traits, failures=failures)


def key_rule(key: str, traits: providers.Traits) -> str:
    """Return the rule that a key breaks; empty if it is valid."""
    longest = traits.manifests.longest_key
    if not key or len(key.encode("utf-8", "surrogatepass")) > longest or re.search("[\ud800-\udfff]", key):
        return f"must be 1 to {longest} bytes of UTF-8"
    if {".", ".."} & set(key.split("/")):
        return "must not have a path segment . or .., because URLs drop them"
    if not traits.manifests.absolute_keys and key.startswith(("/", "\\")):
        return "must not begin with a slash or backslash"
    return ""


class Store(abc.ABC):
    """The objects that one account can see."""

    traits: providers.Traits

    @abc.abstractmethod
    def head(self, bucket: str, key: str, version: str = "") -> Found:
        """HeadObject.

        :param version: the version ID; empty for the latest version.
        """

    @abc.abstractmethod
    def read(self, bucket: str, key: str, start: int, size: int, etag: str = "") -> tuple[bytes, Found]:
        """GetObject: return at most size bytes from start on, and the known properties of the whole object.

        :param etag: fail if the object has another ETag; empty for any.
        """

    @abc.abstractmethod
    def put(self, bucket: str, key: str, body: Body) -> Found:
        """PutObject; if the provider supports it, an existing object is never overwritten (kind conflict)."""

    @abc.abstractmethod
    def list_page(self, bucket: str, prefix: str, token: str) -> tuple[list[str], str]:
        """ListObjects: return keys that begin with the prefix, in order, and the token of the next page.

        :param token: empty for the first page.
        """

    @abc.abstractmethod
    def list_objects(self, bucket: str, prefix: str, token: str) -> object_listings.Page:
        """ListObjects: return the objects whose keys begin with the prefix, with their properties.

        :param token: empty for the first page.
        """

    @abc.abstractmethod
    def list_versions(self, bucket: str, prefix: str, token: str) -> object_listings.Page:
        """ListObjectVersions: return all versions of these objects, and the delete markers."""

    @abc.abstractmethod
    def resource(self, bucket: str, key: str) -> str:
        """Return the name of an object in the manifest of a job."""

    def check_key(self, key: str) -> str:
        """Return a key that can be requested.

        :raises BatchError: HTTP libraries would request another key, or no object of the provider has such a name.
        """
        rule = key_rule(key, self.traits)
        if rule:
            text = f"value of the object key {rule}, got: {key[:100]!r}"
            raise errors.BatchError(self.traits.failure("invalid", text, hint="Set another key or prefix."))
        return key

    def check_bucket(self, bucket: str) -> str:
        """Return the name of a bucket.

        :raises BatchError: no bucket of the provider has such a name.
        """
        try:
            return self.traits.rules["bucket"].check("bucket", bucket)
        except errors.OptionError as error:
            hint = "Check the bucket of the job, the task, or the report."
            raise errors.BatchError(self.traits.failure("invalid", str(error), hint=hint)) from error

    def refusal(self, failure: errors.Failure) -> errors.Failure:
        """Return the failure of an error response, with the hint of its code."""
        return dataclasses.replace(failure, hint=_OF_CODES.get(failure.code, failure.hint))

    def stored(self, found: Found) -> Found:
        """Return the properties in the response to a put.

        :raises BatchError: the response has no ETag, so it is not known whether the object was stored.
        """
        if not found.etag:
            text = "the response does not contain an ETag"
            raise errors.BatchError(self.traits.failure("invalid_response", text, operation="PutObject"))
        return found

    def following(self, keys: t.Sequence[str], more: bool, token: str) -> str:
        """Return the token of the next page of a list, empty if there is none.

        :param more: whether the response announces another page.
        :param token: the token in the response.
        :raises BatchError: the token of an announced page is missing, so the list would lack keys.
        """
        if more and not token:
            text = f"the list has more than {len(keys)} keys, but the response has no token for the next page"
            raise errors.BatchError(self.traits.failure("invalid_response", text, operation="ListObjects"))
        return token if more else ""

    def part(self, answer: Part, start: int, size: int, etag: str = "") -> tuple[bytes, int]:
        """Return the requested bytes, and the size of the whole object.

        A store can ignore a range, as OSS does by default if the range ends after the object. Then the response is the
        whole object, and the part is cut out of it. The response must certainly be the whole object: it has the
        announced length, and an ETag, which is the expected one if that is known.

        :param etag: the required ETag; empty for any.
        :raises BatchError: the response is neither.
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
        text = f"the response is not the requested part of the object (status {answer.status}, Content-Range {shown!r})"
        raise errors.BatchError(self.traits.failure("invalid_response", text, operation="GetObject"))
