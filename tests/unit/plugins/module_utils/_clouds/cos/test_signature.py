# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of COS against published vectors; the keys are those that the publications print."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.signature import authorization

# Tencent Cloud COS documentation, "Request signature", international edition.
DOC_ID = "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q"
DOC_KEY = "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"
DOC_HOST = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"
DOC_PATH = "/exampleobject(腾讯云)"


def fields(text: str) -> dict[str, str]:
    return dict(item.split("=", 1) for item in text.split("&"))


def test_go_sdk_vector():
    """cos-go-sdk-v5 auth_test.go, TestNewAuthorization; the misspelt header is theirs."""
    assert authorization(
        "QmFzZTY0IGlzIGEgZ2VuZXJp",
        "AKIDZfbOA78asKUYBcXFrJD0a1ICvR98JM",
        "PUT",
        "/testfile2",
        {},
        {
            "Host": "testbucket-125000000.cos.ap-guangzhou.myqcloud.com",
            "x-cos-content-sha1": "db8ac1c259eb89d4a131b253bacfca5f319d54f2",
            "x-cos-stroage-class": "nearline",
        },
        "1480932292;1481012292",
    ) == (
        "q-sign-algorithm=sha1&q-ak=QmFzZTY0IGlzIGEgZ2VuZXJp&q-sign-time=1480932292;1481012292"
        "&q-key-time=1480932292;1481012292&q-header-list=host;x-cos-content-sha1;x-cos-stroage-class"
        "&q-url-param-list=&q-signature=ce4ac0ecbcdb30538b3fee0a97cc6389694ce53a"
    )


def test_documented_upload():
    signed = fields(
        authorization(
            DOC_ID,
            DOC_KEY,
            "PUT",
            DOC_PATH,
            {},
            {
                "Date": "Thu, 16 May 2019 06:45:51 GMT",
                "Host": DOC_HOST,
                "Content-Type": "text/plain",
                "Content-Length": "13",
                "Content-MD5": "mQ/fVh815F3k6TAUm8m0eg==",
                "x-cos-acl": "private",
                "x-cos-grant-read": 'uin="100000000011"',
            },
            "1557989151;1557996351",
        )
    )
    assert signed["q-header-list"] == ("content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read")
    assert signed["q-signature"] == "3b8851a11a569213c17ba8fa7dcf2abec6935172"


def test_documented_download():
    signed = fields(
        authorization(
            DOC_ID,
            DOC_KEY,
            "GET",
            DOC_PATH,
            {"response-content-type": "application/octet-stream", "response-cache-control": "max-age=600"},
            {"Date": "Thu, 16 May 2019 06:55:53 GMT", "Host": DOC_HOST},
            "1557989753;1557996953",
        )
    )
    assert signed["q-url-param-list"] == "response-cache-control;response-content-type"
    assert signed["q-signature"] == "01681b8c9d798a678e43b685a9f1bba0f6c0e012"


@pytest.mark.parametrize(
    "change",
    [{"secret_key": DOC_KEY[:-1] + "y"}, {"method": "POST"}, {"path": "/other"}, {"key_time": "1557989753;1557996954"}],
    ids=str,
)
def test_everything_is_signed(change):
    arguments = {
        "secret_id": DOC_ID,
        "secret_key": DOC_KEY,
        "method": "GET",
        "path": DOC_PATH,
        "parameters": {"priority": "5"},
        "headers": {"Host": DOC_HOST},
        "key_time": "1557989753;1557996953",
    }
    original = fields(authorization(**arguments))["q-signature"]
    assert fields(authorization(**{**arguments, **change}))["q-signature"] != original


HOST = {"host": "examplebucket-1250000000.cos.ap-chengdu.myqcloud.com"}
PUT = {
    **HOST,
    "content-length": "11",
    "content-md5": "L2fduLnuixW6ezb7cMVKTw==",
    "content-type": "text/csv",
}


@pytest.mark.parametrize(
    ("method", "path", "headers", "signature"),
    [
        ("PUT", "/retry/manifest a.csv", PUT, "86a2f4ff757a7979f758d3c82e62c3ddaa86e4d9"),
        ("HEAD", "/retry/manifest a.csv", HOST, "40ea4ef3db1f0d010256e016878c81e439ff8774"),
        ("GET", "/job-result/job-1/manifest.json", HOST, "1e5596859b908f603b2736381cbff1268b596e3a"),
    ],
)
def test_objects(method: str, path: str, headers: dict[str, str], signature: str):
    """As Tencent's SDK 1.9.44 signs them, with the keys of the Go SDK's test."""
    key, secret = "QmFzZTY0IGlzIGEgZ2VuZXJp", "AKIDZfbOA78asKUYBcXFrJD0a1ICvR98JM"
    text = authorization(key, secret, method, path, {}, headers, "1702743597;1702747257")
    assert fields(text)["q-signature"] == signature
