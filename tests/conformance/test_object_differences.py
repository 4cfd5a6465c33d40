# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every row of object_differences.py against the emulator, signed by the clouds' own clients."""

from __future__ import annotations

import ast
import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from alibabacloud_oss_v2 import credentials as oss_credentials
from alibabacloud_oss_v2.signer.v4 import SignerV4
from alibabacloud_oss_v2.types import HttpRequest, SigningContext
from batch_emulator.accounts import AWS_KEY, COS_KEY, COS_REGION, OSS_KEY, OSS_REGION
from batch_emulator.client import Emulator
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from qcloud_cos import CosConfig
from qcloud_cos.cos_auth import CosS3Auth

from .object_differences import CLOUDS, ODD, ROWS, TEN, Ask, Expect, Row

AWS_REGION = "eu-central-1"
HOMES = {
    "aws": (AWS_KEY.account, AWS_REGION, "us-west-2"),
    "cos": (COS_KEY.account, COS_REGION, "ap-beijing"),
    "oss": (OSS_KEY.account, OSS_REGION, "cn-beijing"),
}
CONTRACT = Path(__file__).resolve().parents[1] / "contract"


def bucket_of(cloud: str, name: str) -> str:
    return f"{name}-{COS_KEY.app_id}" if cloud == "cos" else name


def send(cloud: str, emulator: Emulator, ask: Ask) -> requests.Response:
    """Send a request as it is, signed by the client of the cloud."""
    query = dict(ask.query)
    bucket = bucket_of(cloud, query.pop("bucket", "objects"))
    session = requests.Session()
    session.trust_env = False
    path = quote(ask.key, safe="/-_.~")
    text = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    tail = f"{path}?{text}" if text else path
    more: dict[str, Any] = {}
    headers = dict(ask.headers)
    if cloud == "aws":
        request = AWSRequest(ask.method, f"{emulator.url}/{bucket}/{tail}", headers=headers, data=ask.body)
        S3SigV4Auth(Credentials(AWS_KEY.key_id, AWS_KEY.secret), "s3", AWS_REGION).add_auth(request)
        url, headers = request.url, dict(request.headers.items())
    elif cloud == "cos":
        url = f"http://{bucket}.cos.{COS_REGION}.myqcloud.com/{tail}"
        config = CosConfig(Region=COS_REGION, SecretId=COS_KEY.key_id, SecretKey=COS_KEY.secret, Scheme="http")
        more = {"auth": CosS3Auth(config, ask.key, query), "proxies": {"http": emulator.url}}
    else:
        signed = HttpRequest(ask.method, f"{emulator.url}/{bucket}/{tail}", headers=dict(headers))
        keys = oss_credentials.StaticCredentialsProvider(OSS_KEY.key_id, OSS_KEY.secret).get_credentials()
        SignerV4().sign(SigningContext("oss", OSS_REGION, bucket, ask.key or None, request=signed, credentials=keys))
        url, headers = signed.url, dict(signed.headers)
    return session.request(ask.method, url, data=ask.body, headers=headers, allow_redirects=False, timeout=600, **more)


def complaints(answer: requests.Response, expect: Expect) -> list[str]:
    """What is wrong with an answer."""
    wrong = [f"status {answer.status_code}"] if answer.status_code != expect.status else []
    if expect.code and f"<Code>{expect.code}</Code>".encode() not in answer.content:
        wrong.append(f"no code {expect.code}")
    for name, value in expect.headers.items():
        if answer.headers.get(name) != value:
            wrong.append(f"{name}: {answer.headers.get(name)}")
    if expect.body is not None and answer.content != expect.body:
        wrong.append("another body")
    for text in expect.text:
        header, found, inner = text.partition(":")
        if found and header.startswith("x-"):
            content = base64.b64decode(answer.headers.get(header, "")).decode()
            wrong += [] if inner in content else [text]
        elif (text.lstrip("-") in answer.text) is text.startswith("-"):
            wrong.append(text)
    return wrong


@pytest.mark.parametrize(
    ("row", "cloud"),
    [pytest.param(row, cloud, id=f"{row.name}-{cloud}") for row in ROWS for cloud in row.clouds],
)
def test_the_emulator_answers_as_documented(emulator: Emulator, row: Row, cloud: str) -> None:
    account, region, elsewhere = HOMES[cloud]
    bucket = bucket_of(cloud, "objects")
    emulator.make_bucket(cloud, bucket, account, region, versioned=row.versioned)
    emulator.make_bucket(cloud, bucket_of(cloud, "far"), account, elsewhere)
    for key, body in {"ten": TEN, "empty": b"", ODD: b"x"}.items():
        emulator.put_object(cloud, bucket, key, body)
    emulator.put_object(cloud, bucket_of(cloud, "far"), "ten", TEN)
    answer = send(cloud, emulator, row.ask)
    assert not complaints(answer, row.expect), (row.documented, answer.status_code, dict(answer.headers), answer.text)
    if row.ask.method == "PUT" and row.expect.status >= 400:
        assert emulator.read_object(cloud, bucket, "ten") == TEN


def test_every_row_is_shown_by_a_test_of_the_collection() -> None:
    for row in ROWS:
        file, _unused, name = row.product.partition("::")
        tree = ast.parse((CONTRACT / file).read_text(encoding="utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in functions, row.product


def test_each_cloud_has_its_rows() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))
    assert all(row.source and set(row.clouds) <= set(CLOUDS) for row in ROWS)
    for cloud in CLOUDS:
        operations = {row.operation for row in ROWS if cloud in row.clouds}
        assert {"GetObject", "HeadObject", "PutObject"} <= operations
        assert "ListObjects" in operations
