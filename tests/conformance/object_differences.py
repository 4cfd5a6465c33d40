# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each cloud documents about its objects, one row a statement: the request, the answer that the emulator gives,
and the test that shows what the collection makes of it.

test_object_differences.py sends every row, signed by the clouds' own clients. A row whose source is "inferred" stands
in no document: it says why the emulator chose so.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

CLOUDS = ("aws", "cos", "oss")
TEN = b"0123456789"
EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e"
TEN_MD5 = hashlib.md5(TEN).hexdigest()
ODD = "a b/ä+%&.csv"

S3 = "Amazon S3 API Reference, {}"
COS = "Tencent COS documentation, {}"
OSS = "Alibaba Cloud OSS documentation, {}"
VERSION_LISTS = "; ".join(
    [
        S3.format("ListObjectVersions"),
        COS.format("GET Bucket Object versions"),
        OSS.format("ListObjectVersions (GetBucketVersions)"),
    ]
)
RANGES = OSS.format('"Use HTTP Range requests to get OSS resources in segments"')
STANDARD = {"x-oss-range-behavior": "standard"}


@dataclass(frozen=True)
class Ask:
    """A request about an object of the bucket, or about the bucket where the key is empty."""

    method: str = "GET"
    key: str = "ten"
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Expect:
    """The answer.

    code: of the error, empty for none. headers: value of each, None for one that is not there. body: None for any.
    text: what the body holds, and what it does not hold (with a minus before it).
    """

    status: int
    code: str = ""
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes | None = None
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A statement. product: the test of the collection that depends on it."""

    name: str
    clouds: tuple[str, ...]
    operation: str
    documented: str
    source: str
    ask: Ask
    expect: Expect
    product: str
    versioned: bool = False


def ranged(value: str, key: str = "ten", **headers: str) -> Ask:
    return Ask(key=key, headers={"Range": value, **{name.replace("_", "-"): text for name, text in headers.items()}})


def standard(value: str, key: str = "ten") -> Ask:
    return Ask(key=key, headers={"Range": value, **STANDARD})


def part(first: int, last: int) -> Expect:
    return Expect(206, headers={"Content-Range": f"bytes {first}-{last}/10"}, body=TEN[first : last + 1])


WHOLE = Expect(200, headers={"Content-Range": None}, body=TEN)
NOTHING = Expect(200, headers={"Content-Range": None}, body=b"")
UNSATISFIABLE = Expect(416, "InvalidRange")
PARTS = "test_objects.py::test_parts"
SMALL = "test_objects.py::test_small_and_empty_objects"
ONCE = "test_objects.py::test_a_condition_keeps_what_is_there"
KEYS = "test_objects.py::test_keys_of_many_pages"
ENCODED = "test_objects.py::test_keys_with_strange_signs"
LISTED = "test_objects.py::test_lists_have_the_properties_of_objects"
VERSIONS = "test_objects.py::test_lists_of_versions"
LONG = "test_objects.py::test_keys_that_a_cloud_cannot_have"
HEADS = "test_objects.py::test_what_head_answers"
CHANGED = "test_objects.py::test_an_object_that_changes_while_it_is_read"
DIGEST = "test_objects.py::test_a_body_that_changes_on_its_way"
SAME = "test_foreign_objects.py::test_an_etag_that_is_no_md5_is_read_back"
REGION = "test_objects.py::test_a_bucket_of_another_region"

ROWS = [
    Row(
        "a part within the object",
        CLOUDS,
        "GetObject",
        "206 with Content-Range.",
        f"{S3.format('GetObject')}; {COS.format('GET Object')}; {RANGES}",
        ranged("bytes=2-4"),
        part(2, 4),
        PARTS,
    ),
    Row(
        "an end beyond the object",
        ("aws", "cos"),
        "GetObject",
        "206 with what is there: RFC 9110, to which both refer. COS names only a beginning beyond the object as wrong.",
        f"{S3.format('GetObject')}; {COS.format('GET Object')}",
        ranged("bytes=2-4000"),
        part(2, 9),
        SMALL,
    ),
    Row(
        "an end beyond the object, by default",
        ("oss",),
        "GetObject",
        "The range is ignored: 200, the whole object, no Content-Range.",
        RANGES,
        ranged("bytes=2-4000"),
        WHOLE,
        "test_objects.py::test_a_whole_object_for_a_part",
    ),
    Row(
        "an end beyond the object, standard",
        ("oss",),
        "GetObject",
        "With x-oss-range-behavior: standard 206 with what is there.",
        RANGES,
        standard("bytes=2-4000"),
        part(2, 9),
        SMALL,
    ),
    Row(
        "a beginning beyond the object",
        ("aws", "cos"),
        "GetObject",
        "416 InvalidRange.",
        f"{S3.format('GetObject')}; {COS.format('GET Object')}",
        ranged("bytes=10-"),
        UNSATISFIABLE,
        SMALL,
    ),
    Row(
        "a beginning beyond the object, by default",
        ("oss",),
        "GetObject",
        "The range is ignored.",
        RANGES,
        ranged("bytes=10-20"),
        WHOLE,
        "test_objects.py::test_a_whole_object_for_a_part",
    ),
    Row(
        "a beginning beyond the object, standard",
        ("oss",),
        "GetObject",
        "416 InvalidRange.",
        RANGES,
        standard("bytes=10-"),
        UNSATISFIABLE,
        SMALL,
    ),
    Row(
        "a part of an empty object",
        ("aws", "cos"),
        "GetObject",
        "416 InvalidRange: no byte is within it.",
        f"{S3.format('GetObject')} (RFC 9110); {COS.format('GET Object')}: inferred, first is not below the size",
        ranged("bytes=0-99", "empty"),
        UNSATISFIABLE,
        SMALL,
    ),
    Row(
        "a part of an empty object, by default",
        ("oss",),
        "GetObject",
        "The range is ignored: 200 and nothing.",
        RANGES,
        ranged("bytes=0-99", "empty"),
        NOTHING,
        SMALL,
    ),
    Row(
        "a part of an empty object, standard",
        ("oss",),
        "GetObject",
        "416 InvalidRange.",
        RANGES,
        standard("bytes=0-99", "empty"),
        UNSATISFIABLE,
        SMALL,
    ),
    Row(
        "a range that is none",
        CLOUDS,
        "GetObject",
        "It is ignored.",
        f"RFC 9110, 14.2; {RANGES}",
        ranged("byte=0-4"),
        WHOLE,
        "test_objects.py::test_a_whole_object_for_a_part",
    ),
    Row(
        "the last bytes, more than there are",
        ("aws", "cos"),
        "GetObject",
        "206 with the whole object.",
        "RFC 9110, 14.1.2",
        ranged("bytes=-2000"),
        part(0, 9),
        "test_objects.py::test_a_whole_object_for_a_part",
    ),
    Row(
        "the last bytes, more than there are, by default",
        ("oss",),
        "GetObject",
        "The range is ignored.",
        RANGES,
        ranged("bytes=-2000"),
        WHOLE,
        "test_objects.py::test_a_whole_object_for_a_part",
    ),
    Row(
        "another ETag than the object has",
        CLOUDS,
        "GetObject",
        "If-Match: 412 PreconditionFailed.",
        f"{S3.format('GetObject')}; {COS.format('GET Object')}; {OSS.format('GetObject')}",
        Ask(headers={"If-Match": '"0123"'}),
        Expect(412, "PreconditionFailed"),
        CHANGED,
    ),
    Row(
        "the ETag that the object has",
        ("aws", "cos"),
        "GetObject",
        "If-None-Match: 304 Not Modified, without a body.",
        f"{S3.format('GetObject')}; {COS.format('GET Object')}",
        Ask(headers={"If-None-Match": f'"{TEN_MD5}"'}),
        Expect(304, body=b""),
        CHANGED,
    ),
    Row(
        "the ETag that the object has, in capitals",
        ("oss",),
        "GetObject",
        "If-None-Match: 304 Not Modified, without a body.",
        OSS.format("GetObject"),
        Ask(headers={"If-None-Match": f'"{TEN_MD5.upper()}"'}),
        Expect(304, body=b""),
        CHANGED,
    ),
    Row(
        "an ETag is the MD5",
        ("aws", "cos"),
        "HeadObject",
        "Of what was put in one piece, and not encrypted with a key of KMS; COS: not in every case.",
        f"{S3.format('PutObject, ETag')}; {COS.format('MD5 Verification')}",
        Ask("HEAD"),
        Expect(200, headers={"ETag": f'"{TEN_MD5}"', "Content-Length": "10"}),
        SAME,
    ),
    Row(
        "an ETag is the MD5, in capitals",
        ("oss",),
        "HeadObject",
        "Of what PutObject made; every sample of an answer has capital letters.",
        OSS.format("HeadObject and PutObject"),
        Ask("HEAD"),
        Expect(200, headers={"ETag": f'"{TEN_MD5.upper()}"', "Content-Length": "10"}),
        SAME,
    ),
    Row(
        "HEAD of an empty object",
        CLOUDS,
        "HeadObject",
        "Content-Length is there, and 0.",
        f"{S3.format('HeadObject')}; {COS.format('HEAD Object')}; {OSS.format('HeadObject')}",
        Ask("HEAD", "empty"),
        Expect(200, headers={"Content-Length": "0"}, body=b""),
        "test_foreign_objects.py::test_a_foreign_object_is_a_conflict",
    ),
    Row(
        "HEAD of what is not there",
        ("aws", "cos"),
        "HeadObject",
        "404 without a body, hence without a code.",
        f"{S3.format('HeadObject')}; {COS.format('HEAD Object')}",
        Ask("HEAD", "nothing"),
        Expect(404, body=b"", headers={"x-oss-err": None}),
        HEADS,
    ),
    Row(
        "HEAD of what is not there, with its reason",
        ("oss",),
        "HeadObject",
        "404 without a body; the error is in the header x-oss-err, in Base64.",
        "alibabacloud_oss_v2, _to_service_error: what OSS's own client reads where there is no body",
        Ask("HEAD", "nothing"),
        Expect(404, body=b"", text=("x-oss-err:NoSuchKey",)),
        HEADS,
    ),
    Row(
        "a PUT that must not overwrite",
        ("aws",),
        "PutObject",
        "If-None-Match: * is 412 PreconditionFailed where the key has a current version.",
        S3.format("PutObject, If-None-Match"),
        Ask("PUT", headers={"If-None-Match": "*"}, body=b"other"),
        Expect(412, "PreconditionFailed"),
        ONCE,
    ),
    Row(
        "a PUT that must not overwrite, of versions",
        ("aws",),
        "PutObject",
        "Also in a bucket that keeps versions.",
        'Amazon S3 User Guide, "Prevent object overwrites with conditional writes"',
        Ask("PUT", headers={"If-None-Match": "*"}, body=b"other"),
        Expect(412, "PreconditionFailed"),
        ONCE,
        versioned=True,
    ),
    Row(
        "a PUT that must not overwrite, by a header",
        ("cos",),
        "PutObject",
        "x-cos-forbid-overwrite: true is 409 FileAlreadyExists where there is one.",
        COS.format("PUT Object (edition in Chinese), as public clients use it"),
        Ask("PUT", headers={"x-cos-forbid-overwrite": "true"}, body=b"other"),
        Expect(409, "FileAlreadyExists"),
        ONCE,
    ),
    Row(
        "a PUT that must not overwrite, by a header of OSS",
        ("oss",),
        "PutObject",
        "x-oss-forbid-overwrite: true is 409 FileAlreadyExists where there is one.",
        OSS.format('PutObject; "0026-00000002"'),
        Ask("PUT", headers={"x-oss-forbid-overwrite": "true"}, body=b"other"),
        Expect(409, "FileAlreadyExists", headers={"x-oss-ec": "0026-00000002"}),
        ONCE,
    ),
    Row(
        "no such condition where versions are kept",
        ("cos",),
        "PutObject",
        "The header has no effect where the bucket keeps, or ever kept, versions.",
        COS.format("PUT Object (edition in Chinese)"),
        Ask("PUT", headers={"x-cos-forbid-overwrite": "true"}, body=b"other"),
        Expect(200),
        ONCE,
        versioned=True,
    ),
    Row(
        "no such condition where OSS keeps versions",
        ("oss",),
        "PutObject",
        "The header has no effect where versioning is enabled or suspended.",
        OSS.format("PutObject, x-oss-forbid-overwrite"),
        Ask("PUT", headers={"x-oss-forbid-overwrite": "true"}, body=b"other"),
        Expect(200),
        ONCE,
        versioned=True,
    ),
    Row(
        "another MD5 than the body has",
        ("aws", "cos"),
        "PutObject",
        "Content-MD5: 400 BadDigest.",
        f"{S3.format('Error responses')}; {COS.format('Error Codes')}",
        Ask("PUT", headers={"Content-MD5": base64.b64encode(bytes(16)).decode()}, body=b"other"),
        Expect(400, "BadDigest"),
        DIGEST,
    ),
    Row(
        "another MD5 than the body has, on OSS",
        ("oss",),
        "PutObject",
        "Content-MD5: 400 InvalidDigest.",
        OSS.format('PutObject; "The Content-MD5 you specified was invalid"'),
        Ask("PUT", headers={"Content-MD5": base64.b64encode(bytes(16)).decode()}, body=b"other"),
        Expect(400, "InvalidDigest"),
        DIGEST,
    ),
    Row(
        "a key that is too long",
        ("aws",),
        "PutObject",
        "1,024 bytes at the most.",
        'Amazon S3 User Guide, "Naming objects"',
        Ask("PUT", "k" * 1025),
        Expect(400, "KeyTooLongError"),
        LONG,
    ),
    Row(
        "a key that is too long for COS",
        ("cos",),
        "PutObject",
        "850 bytes at the most.",
        COS.format('"Object Overview"'),
        Ask("PUT", "k" * 851),
        Expect(400, "KeyTooLong"),
        LONG,
    ),
    Row(
        "a key that is too long for OSS",
        ("oss",),
        "PutObject",
        "1,023 bytes at the most.",
        OSS.format('"0016-00000002"'),
        Ask("PUT", "k" * 1024),
        Expect(400, "InvalidObjectName"),
        LONG,
    ),
    Row(
        "a key that begins with a slash",
        ("oss",),
        "PutObject",
        "No name begins with a slash or a backslash.",
        OSS.format('"0016-00000005"'),
        Ask("PUT", "/slash"),
        Expect(400, "InvalidObjectName"),
        LONG,
    ),
    Row(
        "a bucket that is not there",
        CLOUDS,
        "GetObject",
        "404 NoSuchBucket.",
        f"{S3.format('Error responses')}; {COS.format('Error Codes')}; {OSS.format('Error code')}",
        Ask(query={"bucket": "none"}),
        Expect(404, "NoSuchBucket"),
        HEADS,
    ),
    Row(
        "a page without a number",
        ("aws", "cos"),
        "ListObjects",
        "1,000 keys.",
        f"{S3.format('ListObjectsV2')}; {COS.format('GET Bucket (List Objects)')}",
        Ask(key=""),
        Expect(200, text=("<MaxKeys>1000</MaxKeys>",)),
        KEYS,
    ),
    Row(
        "a page without a number, on OSS",
        ("oss",),
        "ListObjects",
        "100 keys.",
        OSS.format("ListObjects, max-keys"),
        Ask(key=""),
        Expect(200, text=("<MaxKeys>100</MaxKeys>",)),
        KEYS,
    ),
    Row(
        "a page of too many keys",
        ("aws", "cos"),
        "ListObjects",
        "1,000 at the most.",
        f"{S3.format('ListObjectsV2')}; {COS.format('GET Bucket (List Objects)')}",
        Ask(key="", query={"max-keys": "5000"}),
        Expect(200, text=("<MaxKeys>1000</MaxKeys>",)),
        KEYS,
    ),
    Row(
        "a page of too many keys, on OSS",
        ("oss",),
        "ListObjects",
        "1,000 at the most, else InvalidArgument.",
        OSS.format("ListObjects, max-keys"),
        Ask(key="", query={"max-keys": "1001"}),
        Expect(400, "InvalidArgument"),
        KEYS,
    ),
    Row(
        "the next page of version 1",
        ("aws",),
        "ListObjects",
        "NextMarker only where a delimiter was asked for: the last key serves.",
        S3.format("ListObjects, NextMarker"),
        Ask(key="", query={"max-keys": "1"}),
        Expect(200, text=("<IsTruncated>true</IsTruncated>", "-<NextMarker>")),
        KEYS,
    ),
    Row(
        "the next page of the clones",
        ("cos", "oss"),
        "ListObjects",
        "NextMarker wherever the list goes on.",
        f"{COS.format('GET Bucket (List Objects)')}; {OSS.format('ListObjects')}",
        Ask(key="", query={"max-keys": "1"}),
        Expect(200, text=("<IsTruncated>true</IsTruncated>", "<NextMarker>")),
        KEYS,
    ),
    Row(
        "the next page of version 2",
        ("aws",),
        "ListObjectsV2",
        "A token that is obfuscated and no real key.",
        S3.format("ListObjectsV2, NextContinuationToken"),
        Ask(key="", query={"list-type": "2", "max-keys": "1"}),
        Expect(200, text=("<NextContinuationToken>", "-<NextContinuationToken>a", "<KeyCount>1</KeyCount>")),
        KEYS,
    ),
    Row(
        "keys in the form of URLs",
        ("aws",),
        "ListObjectsV2",
        "encoding-type=url: a blank is a plus sign.",
        "botocore, unquote_str: what S3's own client decodes",
        Ask(key="", query={"list-type": "2", "encoding-type": "url", "prefix": "a b/"}),
        Expect(200, text=("<Key>a+b/%C3%A4%2B%25%26.csv</Key>",)),
        ENCODED,
    ),
    Row(
        "keys in the form of URLs, of the clones",
        ("cos", "oss"),
        "ListObjects",
        "encoding-type=url: a blank is %20.",
        f"{COS.format('GET Bucket (List Objects)')}; the clients of both decode it so",
        Ask(key="", query={"encoding-type": "url", "prefix": "a b/"}),
        Expect(200, text=("<Key>a%20b/%C3%A4%2B%25%26.csv</Key>",)),
        ENCODED,
    ),
    Row(
        "what a list has of an object",
        CLOUDS,
        "ListObjects",
        "LastModified with milliseconds, the ETag in quotes, the size, and the storage class.",
        f"{S3.format('ListObjectsV2')}; {COS.format('GET Bucket (List Objects)')}; {OSS.format('ListObjectsV2')}",
        Ask(key="", query={"list-type": "2", "prefix": "ten"}),
        Expect(200, text=(".000Z</LastModified>", "<Size>10</Size>", "<StorageClass>", "<ETag>")),
        LISTED,
    ),
    Row(
        "the next page of version 2, on OSS",
        ("oss",),
        "ListObjectsV2",
        "With encoding-type=url, the token is encoded as the keys are.",
        OSS.format("ListObjectsV2, EncodingType"),
        Ask(key="", query={"list-type": "2", "max-keys": "1", "encoding-type": "url"}),
        Expect(200, text=("<IsTruncated>true</IsTruncated>", "%3D</NextContinuationToken>")),
        LISTED,
    ),
    Row(
        "all versions",
        CLOUDS,
        "ListObjectVersions",
        "Each with its ID and whether it is the latest one, in the order of keys.",
        VERSION_LISTS,
        Ask(key="", query={"versions": "", "prefix": "ten"}),
        Expect(
            200,
            text=("<ListVersionsResult>", "<Version>", "<VersionId>v000001</VersionId>", "<IsLatest>true</IsLatest>"),
        ),
        VERSIONS,
        versioned=True,
    ),
    Row(
        "versions of a bucket that keeps none",
        CLOUDS,
        "ListObjectVersions",
        "The version is null.",
        VERSION_LISTS,
        Ask(key="", query={"versions": "", "prefix": "ten"}),
        Expect(200, text=("<VersionId>null</VersionId>",)),
        VERSIONS,
    ),
    Row(
        "the next page of versions",
        CLOUDS,
        "ListObjectVersions",
        "Two markers; keys are encoded, and versions are not.",
        VERSION_LISTS,
        Ask(key="", query={"versions": "", "max-keys": "1", "encoding-type": "url"}),
        Expect(200, text=("%C3%A4", "<NextKeyMarker>a", "<NextVersionIdMarker>v000001</NextVersionIdMarker>")),
        VERSIONS,
        versioned=True,
    ),
    Row(
        "where a bucket is",
        ("aws",),
        "HeadBucket",
        "x-amz-bucket-region, also where it was asked for in the right region.",
        S3.format("HeadBucket"),
        Ask("HEAD", ""),
        Expect(200, headers={"x-amz-bucket-region": "eu-central-1"}),
        REGION,
    ),
    Row(
        "a bucket of another region",
        ("aws",),
        "GetObject",
        "301 PermanentRedirect with x-amz-bucket-region.",
        S3.format("Error responses, PermanentRedirect"),
        Ask(query={"bucket": "far"}),
        Expect(301, "PermanentRedirect", headers={"x-amz-bucket-region": "us-west-2"}),
        REGION,
    ),
    Row(
        "a bucket of another region, on OSS",
        ("oss",),
        "GetObject",
        "403 AccessDenied: it must be addressed using the specified endpoint.",
        OSS.format('"HTTP status code 403"'),
        Ask(query={"bucket": "far"}),
        Expect(403, "AccessDenied", headers={"x-oss-ec": "0003-00001403"}),
        REGION,
    ),
]
