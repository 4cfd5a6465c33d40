# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects as the clouds' own SDKs see them, unmodified: S3's by boto3 and the AWS CLI, COS's by Tencent's, OSS's."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import alibabacloud_oss_v2 as oss
import boto3
import pytest
from alibabacloud_oss_v2 import exceptions
from batch_emulator.accounts import (
    AWS_ACCOUNT,
    AWS_KEY,
    AWS_OTHER_KEY,
    AWS_REGION,
    COS_KEY,
    COS_REGION,
    OSS_KEY,
    OSS_REGION,
    Credential,
)
from batch_emulator.client import Emulator
from botocore.config import Config
from botocore.exceptions import ClientError
from qcloud_cos import CosConfig, CosS3Client, CosServiceError

from .clients import aws_cli, flipped

KEYS = ["plain.csv", "a b/ä+%20,\"'.csv", "x//job-1/manifest.json"]
BODY = bytes(range(256)) * 40
MD5 = base64.b64encode(hashlib.md5(BODY).digest()).decode()


def s3(emulator: Emulator, direct: bool = True, key: Credential = AWS_KEY, **options: Any) -> Any:
    secret = options.pop("secret", key.secret)
    endpoint = emulator.url if direct else f"http://s3.{AWS_REGION}.amazonaws.com"
    proxies = {} if direct else {"http": emulator.url}
    return boto3.Session(key.key_id, secret, region_name=options.pop("region", AWS_REGION)).client(
        "s3", endpoint_url=endpoint, config=Config(proxies=proxies, retries={"total_max_attempts": 1}, **options)
    )


def refused(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(("direct", "style"), [(True, "path"), (False, "path"), (False, "virtual")])
def test_s3_by_boto3(emulator: Emulator, direct: bool, style: str) -> None:
    client = s3(emulator, direct, s3={"addressing_style": style})
    client.create_bucket(Bucket="reports")
    for key in KEYS:
        put = client.put_object(Bucket="reports", Key=key, Body=BODY, ContentMD5=MD5)
        assert put["ETag"] == f'"{hashlib.md5(BODY).hexdigest()}"'
        got = client.get_object(Bucket="reports", Key=key)
        assert (got["Body"].read(), got["ETag"], got["ContentLength"]) == (BODY, put["ETag"], len(BODY))
        part = client.get_object(Bucket="reports", Key=key, Range="bytes=5-9", IfMatch=put["ETag"])
        assert (part["Body"].read(), part["ContentRange"]) == (BODY[5:10], f"bytes 5-9/{len(BODY)}")
        head = client.head_object(Bucket="reports", Key=key)
        assert (head["ContentLength"], head["ETag"]) == (len(BODY), put["ETag"])
    assert sorted(emulator.objects("aws", "reports")) == sorted(KEYS)
    listed = client.list_objects_v2(Bucket="reports")
    assert [item["Key"] for item in listed["Contents"]] == sorted(KEYS)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="reports", PaginationConfig={"PageSize": 1})
    assert [item["Key"] for page in pages for item in page["Contents"]] == sorted(KEYS)
    assert client.list_objects_v2(Bucket="reports", Prefix="x//")["KeyCount"] == 1


def test_s3_refuses(emulator: Emulator) -> None:
    client = s3(emulator)
    assert refused(client.get_object, Bucket="nowhere", Key="k") == ("NoSuchBucket", 404)
    client.create_bucket(Bucket="reports")
    assert refused(client.get_object, Bucket="reports", Key="k") == ("NoSuchKey", 404)
    assert refused(client.head_object, Bucket="reports", Key="k") == ("404", 404)
    bad = base64.b64encode(bytes(16)).decode()
    assert refused(client.put_object, Bucket="reports", Key="k", Body=BODY, ContentMD5=bad) == ("BadDigest", 400)
    client.put_object(Bucket="reports", Key="k", Body=BODY, IfNoneMatch="*")
    again = {"Bucket": "reports", "Key": "k", "Body": b"other", "IfNoneMatch": "*"}
    assert refused(client.put_object, **again) == ("PreconditionFailed", 412)
    assert refused(client.get_object, Bucket="reports", Key="k", Range="bytes=99999-") == ("InvalidRange", 416)
    assert refused(client.get_object, Bucket="reports", Key="k", IfMatch='"no"') == ("PreconditionFailed", 412)
    wrong = s3(emulator, secret=flipped(AWS_KEY.secret, 3))
    assert refused(wrong.get_object, Bucket="reports", Key="k") == ("SignatureDoesNotMatch", 403)
    other = s3(emulator, key=AWS_OTHER_KEY)
    assert refused(other.get_object, Bucket="reports", Key="k") == ("AccessDenied", 403)
    assert emulator.read_object("aws", "reports", "k") == BODY


def test_a_server_that_knows_no_ranges(emulator: Emulator) -> None:
    client = s3(emulator)
    client.create_bucket(Bucket="archive")
    client.put_object(Bucket="archive", Key="a.csv", Body=BODY)
    emulator.fault("no_range")
    for size, part in ((len(BODY), BODY), (10, BODY[:10])):
        answer = client.get_object(Bucket="archive", Key="a.csv", Range="bytes=0-9")
        assert (answer["Body"].read(), answer["ContentLength"], "ContentRange" in answer) == (part, size, size == 10)


def test_s3_says_where_a_bucket_is(emulator: Emulator) -> None:
    emulator.make_bucket("aws", "far", AWS_ACCOUNT, "us-west-2")
    emulator.put_object("aws", "far", "k", BODY)
    # boto3 asks again where it is told that the bucket is.
    assert s3(emulator).get_object(Bucket="far", Key="k")["Body"].read() == BODY
    statuses = [(entry["http_status"], entry["region"]) for entry in emulator.log()]
    assert (statuses[0], statuses[-1]) == ((301, AWS_REGION), (200, "us-west-2"))


def test_s3_keeps_versions(emulator: Emulator) -> None:
    emulator.make_bucket("aws", "kept", AWS_ACCOUNT, AWS_REGION, versioned=True)
    client = s3(emulator)
    first, second = (client.put_object(Bucket="kept", Key="k", Body=body)["VersionId"] for body in (b"1", b"2"))
    assert first != second
    assert client.get_object(Bucket="kept", Key="k")["Body"].read() == b"2"
    assert client.get_object(Bucket="kept", Key="k", VersionId=first)["Body"].read() == b"1"


def test_s3_by_the_aws_cli(emulator: Emulator, tmp_path: Path) -> None:
    emulator.make_bucket("aws", "reports", AWS_ACCOUNT, AWS_REGION)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(BODY)
    where = ("--bucket", "reports", "--key", "a b/1.csv")
    put = aws_cli(emulator.url, "put-object", *where, "--body", str(source), service="s3api")
    got = aws_cli(emulator.url, "get-object", *where, str(target), service="s3api")
    assert target.read_bytes() == BODY and got["ETag"] == put["ETag"]
    listed = aws_cli(emulator.url, "list-objects-v2", "--bucket", "reports", service="s3api")
    assert [item["Key"] for item in listed["Contents"]] == ["a b/1.csv"]


def cos(emulator: Emulator, secret: str = COS_KEY.secret) -> Any:
    config = CosConfig(
        Region=COS_REGION,
        SecretId=COS_KEY.key_id,
        SecretKey=secret,
        Scheme="http",
        Proxies={"http": emulator.url},
        EnableInternalDomain=False,
    )
    return CosS3Client(config, retry=0)


def test_cos_by_tencents_sdk(emulator: Emulator) -> None:
    client, bucket = cos(emulator), f"reports-{COS_KEY.app_id}"
    client.create_bucket(Bucket=bucket)
    for key in KEYS:
        put = client.put_object(Bucket=bucket, Key=key, Body=BODY, ContentMD5=MD5)
        got = client.get_object(Bucket=bucket, Key=key)
        assert (got["Body"].get_raw_stream().read(), got["ETag"]) == (BODY, put["ETag"])
        part = client.get_object(Bucket=bucket, Key=key, Range="bytes=5-9")
        assert part["Body"].get_raw_stream().read() == BODY[5:10]
        assert client.head_object(Bucket=bucket, Key=key)["Content-Length"] == str(len(BODY))
    listed = client.list_objects(Bucket=bucket, MaxKeys=2)
    assert ([item["Key"] for item in listed["Contents"]], listed["IsTruncated"]) == (sorted(KEYS)[:2], "true")
    rest = client.list_objects(Bucket=bucket, Marker=listed["NextMarker"])
    assert [item["Key"] for item in rest["Contents"]] == sorted(KEYS)[2:]
    with pytest.raises(CosServiceError) as caught:
        client.get_object(Bucket=bucket, Key="nothing")
    assert (caught.value.get_error_code(), caught.value.get_status_code()) == ("NoSuchKey", 404)
    with pytest.raises(CosServiceError) as caught:
        cos(emulator, flipped(COS_KEY.secret, 2)).get_object(Bucket=bucket, Key=KEYS[0])
    assert caught.value.get_error_code() == "SignatureDoesNotMatch"


def alibaba(emulator: Emulator, proxy: bool, secret: str = OSS_KEY.secret) -> oss.Client:
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(OSS_KEY.key_id, secret)
    config.region, config.retry_max_attempts, config.disable_ssl = OSS_REGION, 1, True
    if proxy:
        config.proxy_host = {"http": emulator.url}
    else:
        config.endpoint, config.use_path_style = emulator.url, True
    return oss.Client(config)


@pytest.mark.parametrize("proxy", [True, False])
def test_oss_by_alibabas_sdk(emulator: Emulator, proxy: bool) -> None:
    client = alibaba(emulator, proxy)
    client.put_bucket(oss.PutBucketRequest(bucket="reports"))
    for key in KEYS:
        put = client.put_object(oss.PutObjectRequest(bucket="reports", key=key, body=BODY, content_md5=MD5))
        got = client.get_object(oss.GetObjectRequest(bucket="reports", key=key))
        assert (got.body.read(), got.etag) == (BODY, put.etag)
        part = client.get_object(oss.GetObjectRequest(bucket="reports", key=key, range_header="bytes=5-9"))
        assert part.body.read() == BODY[5:10]
        assert client.head_object(oss.HeadObjectRequest(bucket="reports", key=key)).content_length == len(BODY)
    listed = client.list_objects_v2(oss.ListObjectsV2Request(bucket="reports"))
    assert [item.key for item in listed.contents] == sorted(KEYS)
    with pytest.raises(exceptions.OperationError) as caught:
        client.put_object(oss.PutObjectRequest(bucket="reports", key=KEYS[0], body=b"2", forbid_overwrite=True))
    assert "FileAlreadyExists" in json.dumps(str(caught.value))
    with pytest.raises(exceptions.OperationError) as caught:
        alibaba(emulator, proxy, flipped(OSS_KEY.secret, 2)).get_object(
            oss.GetObjectRequest(bucket="reports", key=KEYS[0])
        )
    assert "SignatureDoesNotMatch" in str(caught.value)


def test_the_state_of_an_object_by_boto3(emulator: Emulator) -> None:
    """Storage class, restore, and encryption, as HEAD responses name them."""
    ongoing = 'ongoing-request="true"'
    emulator.make_bucket("aws", "states", AWS_ACCOUNT, AWS_REGION)
    about = {"storage_class": "GLACIER", "restore": ongoing, "encryption": "AES256"}
    emulator.put_object("aws", "states", "a", b"x", **about)
    emulator.put_object("aws", "states", "b", b"x")
    names = ("StorageClass", "Restore", "ServerSideEncryption")
    head = s3(emulator).head_object(Bucket="states", Key="a")
    assert [head[name] for name in names] == ["GLACIER", ongoing, "AES256"]
    # S3 does not name the standard class.
    assert not set(names) & set(s3(emulator).head_object(Bucket="states", Key="b"))


def test_the_state_of_an_object_by_the_other_sdks(emulator: Emulator) -> None:
    ongoing = 'ongoing-request="true"'
    about = {"restore": ongoing, "encryption": "AES256"}
    client, bucket = cos(emulator), f"states-{COS_KEY.app_id}"
    client.create_bucket(Bucket=bucket)
    emulator.put_object("cos", bucket, "a", b"x", storage_class="ARCHIVE", **about)
    head = client.head_object(Bucket=bucket, Key="a")
    names = ("x-cos-storage-class", "x-cos-restore", "x-cos-server-side-encryption")
    assert [head[name] for name in names] == ["ARCHIVE", ongoing, "AES256"]
    reader = alibaba(emulator, False)
    reader.put_bucket(oss.PutBucketRequest(bucket="states"))
    emulator.put_object("oss", "states", "a", b"x", storage_class="Archive", **about)
    found = reader.head_object(oss.HeadObjectRequest(bucket="states", key="a"))
    assert (found.storage_class, found.restore, found.server_side_encryption) == ("Archive", ongoing, "AES256")


def test_odd_lists_by_boto3(emulator: Emulator) -> None:
    """What the fault sends is what a client reads: a page without its token, repeated keys, another order."""
    client = s3(emulator)
    client.create_bucket(Bucket="reports")
    for key in ("a", "b", "c"):
        client.put_object(Bucket="reports", Key=key, Body=BODY)

    def listed(kind: str, **query: Any) -> dict[str, Any]:
        emulator.fault("odd_list", provider="aws", operation="ListObjects", kind=kind)
        return client.list_objects_v2(Bucket="reports", **query)

    cut = listed("no_token", MaxKeys=1)
    assert (cut["IsTruncated"], "NextContinuationToken" in cut) == (True, False)
    assert [item["Key"] for item in listed("same_key")["Contents"]] == ["a", "b", "c", "c"]
    assert [item["Key"] for item in listed("unordered")["Contents"]] == ["c", "b", "a"]
    assert "IsTruncated" not in listed("unstated")
    with pytest.raises(KeyError, match="Key"):  # botocore decodes each key
        listed("no_key")
    assert all("StorageClass" not in item for item in listed("no_class")["Contents"])
    assert listed("same_page")["NextContinuationToken"] == "YWZ0ZXIgIQ=="
