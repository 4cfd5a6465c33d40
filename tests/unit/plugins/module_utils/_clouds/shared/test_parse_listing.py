# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists as the providers document them, and what no list is."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.parse_job_xml import ResponseError
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.parse_listing import (
    decode_percent,
    decode_plus,
    join_token,
    parse_objects,
    parse_versions,
    split_token,
)

WRITTEN = datetime.datetime(2026, 1, 31, 3, 0, tzinfo=datetime.timezone.utc)
ABOUT = (
    "<LastModified>2026-01-31T03:00:00.000Z</LastModified><ETag>&quot;abc&quot;</ETag><Size>7</Size>"
    "<StorageClass>GLACIER</StorageClass>"
)


def objects(content, encoding="<EncodingType>url</EncodingType>", more="<IsTruncated>false</IsTruncated>"):
    return f"<ListBucketResult>{encoding}{more}{content}</ListBucketResult>".encode()


def versions(content, more="<IsTruncated>false</IsTruncated>"):
    return f"<ListVersionsResult><EncodingType>url</EncodingType>{more}{content}</ListVersionsResult>".encode()


@pytest.mark.parametrize(
    ("written", "decode", "encoding", "key"),
    [
        ("a+b%2B%0A%C3%A9/c", decode_plus, "<EncodingType>url</EncodingType>", "a b+\n\xe9/c"),
        ("a+b%2B%0A%C3%A9/c", decode_percent, "<EncodingType>url</EncodingType>", "a+b+\n\xe9/c"),
        # A server that ignores encoding-type.
        ("a+b%2B", decode_plus, "", "a+b%2B"),
    ],
)
def test_an_object(written, decode, encoding, key):
    page = parse_objects(objects(f"<Contents><Key>{written}</Key>{ABOUT}</Contents>", encoding), decode, "NextMarker")
    assert page.objects == [(key, "", 7, "abc", WRITTEN, "GLACIER")]
    assert (page.token, page.markers) == ("", ())


def test_what_a_server_leaves_out_is_unknown():
    [item] = parse_objects(objects("<Contents><Key>a</Key><Size>x</Size></Contents>"), str, "NextMarker").objects
    assert item == ("a", "", None, "", None, "")


MORE = "<IsTruncated>true</IsTruncated>"


def test_the_token_of_the_next_page():
    body = objects("<NextContinuationToken>a%2Bb+c</NextContinuationToken>", more=MORE)
    assert parse_objects(body, decode_plus, "NextContinuationToken").token == "a%2Bb+c"
    assert parse_objects(body, decode_percent, "NextContinuationToken", decode_percent).token == "a+b+c"


def test_versions_and_markers():
    body = versions(
        f"<Version><Key>a%20b</Key><VersionId>v2</VersionId>{ABOUT}</Version>"
        "<DeleteMarker><Key>a%20c</Key><VersionId>v1</VersionId></DeleteMarker>"
        "<NextKeyMarker>a%20c</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>",
        more=MORE,
    )
    page = parse_versions(body, decode_percent)
    assert page.objects == [("a b", "v2", 7, "abc", WRITTEN, "GLACIER")]
    assert page.markers == ["a c"]
    assert split_token(page.token) == {"key-marker": "a c", "version-id-marker": "v1"}


def test_two_markers_are_one_token():
    assert split_token(join_token("a b\n%", "v")) == {"key-marker": "a b\n%", "version-id-marker": "v"}
    # COS: where the last one is empty, the next one is left out.
    assert split_token(join_token("a", "")) == {"key-marker": "a"}
    assert split_token("") == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<ListBucketResult",
        b"<Error><Code>InternalError</Code></Error>",
        objects("", more=""),
        objects("", more="<IsTruncated>maybe</IsTruncated>"),
        objects("", more=MORE),
        objects("<Contents><Key></Key></Contents>"),
        objects("<Contents/>"),
        b"<!DOCTYPE x><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
    ],
)
def test_what_is_no_list(body):
    with pytest.raises(ResponseError):
        parse_objects(body, str, "NextMarker")


@pytest.mark.parametrize(
    "body",
    [
        objects(""),
        versions("", more=MORE),
        versions("<NextVersionIdMarker>v</NextVersionIdMarker>", more=MORE),
        versions("<Version><Key>a</Key></Version>"),
        versions("<DeleteMarker/>"),
    ],
)
def test_what_is_no_list_of_versions(body):
    with pytest.raises(ResponseError):
        parse_versions(body, str)
