# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of OSS against published vectors; the keys are those that the publications print."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qsl

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.signature import (
    authorization,
    canonical_query,
)

UNSIGNED = "UNSIGNED-PAYLOAD"
ID = "MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU="
EMPTY = {"content-type": "application/xml", "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
XML = {"content-type": "application/xml", "content-md5": "jiDolmk18RovtKrBOjxI4g=="}
STATUS = {
    "batchJobStatus": "",
    "batchJobId": ID,
    "requestedJobStatus": "Cancelled",
    "statusUpdateReason": "no longer needed",
}
BATCH = [
    (
        *("GET", {"batchJob": "", "batchJobStatuses": "Active|Paused", "max-keys": "10"}, {}),
        "c0ab173e889c240aff4724d827cfa3ca4ec2166d3da1ea2171a843f2fa91802f",
        "d45b98988086b9852f9a7bbebf076baba1fca41f9b1a192e1ea720dab21f5bad",
    ),
    (
        *("GET", {"batchJob": "", "batchJobId": ID}, {}),
        "ae646a59ae9aecb881413eab00f979274d072d42d4053f516324fe5ecb7d9e78",
        "7723d5cf410e7847d876aa44ff3bd0ecb06fdbb7d18ee11ea99e47bd455f4d1f",
    ),
    (
        *("POST", {"batchJobPriority": "", "batchJobId": ID, "targetPriority": "10"}, EMPTY),
        "232e6726c9af40ce4583aee7b03978492099b8fb0c4636b6ce04a70965943c77",
        "975a10ff729174908568c3a737365cbf8b272fe1b99c2423d27165b5a34b3ba2",
    ),
    (
        *("POST", STATUS, EMPTY),
        "44a8db4a292d66d34ed3d0df494686a7b6dadf993273c404961358e89fa9b109",
        "3eb7eb607a682c957cd4b586231b52acbdc871fafd9ecb7c9fba890e9f40416d",
    ),
    (
        *("POST", {"batchJob": ""}, XML),
        "97ade5853692bd03af7ff3fca76744ca2afb631f8b729a6562391f552dd338cc",
        None,
    ),
]
CSV = {"content-type": "text/csv", "content-md5": "L2fduLnuixW6ezb7cMVKTw=="}
OBJECTS = [
    ("PUT", "retry/manifest a.csv", CSV, "747998b054005bba8c27b32895b1f4646d3e2662149ba0cf4bdff6e3abdd5025"),
    (
        "GET",
        "batch-reports//job-x/manifest.json",
        {},
        "cd1b95250d684a7d8375a8b3cc4d3c7e98fe4082d34b5fe7b44ddf5d77c83ca1",
    ),
    (
        "HEAD",
        "batch-reports//job-x/manifest.json",
        {},
        "6c9c46aee650d3a5fb1fa3715aa04ed4e067ff0362bebb0d21143e6247c00106",
    ),
]
PUBLISHED_HEADERS = {
    "x-oss-head1": "value",
    "abc": "value",
    "ZAbc": "value",
    "XYZ": "value",
    "content-type": "text/plain",
}
PUBLISHED_QUERY = {
    "param1": "value1",
    "+param1": "value3",
    "|param1": "value4",
    "+param2": "",
    "|param2": "",
    "param2": "",
}


def sign(method, path, query, headers, seconds=1702743657, token="", additional=()):
    date = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    sent = {**headers, "x-oss-date": date, "x-oss-content-sha256": UNSIGNED}
    if token:
        sent["x-oss-security-token"] = token
    return authorization("ak", "sk", "cn-hangzhou", method, path, query, sent, additional)


def signature(*arguments, **options):
    return sign(*arguments, **options).rpartition(",Signature=")[2]


@pytest.mark.parametrize(
    ("seconds", "token", "additional", "expected"),
    [
        (1702743657, "", (), "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"),
        (1702784856, "token", (), "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea"),
        (1702747512, "", ("ZAbc", "abc"), "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f"),
        (
            *(1702747512, "", ("ZAbc", "abc", "x-oss-no-exist", "x-oss-head1")),
            "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
        ),
    ],
)
def test_published_vectors(seconds, token, additional, expected):
    """The tests of Alibaba's SDKs print them: oss/signer/signer_test.go of the one for Go."""
    text = sign("PUT", "/bucket/1234+-/123/1.txt", PUBLISHED_QUERY, PUBLISHED_HEADERS, seconds, token, additional)
    scope = "Credential=ak/20231216/cn-hangzhou" if seconds < 1702771200 else "Credential=ak/20231217/cn-hangzhou"
    names = ",AdditionalHeaders=abc;zabc" if additional else ""
    assert text == f"OSS4-HMAC-SHA256 {scope}/oss/aliyun_v4_request{names},Signature={expected}"


@pytest.mark.parametrize(("method", "query", "headers", "plain", "temporary"), BATCH)
def test_batch_vectors(method, query, headers, plain, temporary):
    assert signature(method, "/", query, headers) == plain
    if temporary:
        assert signature(method, "/", query, headers, token="token") == temporary


@pytest.mark.parametrize(("method", "key", "headers", "expected"), OBJECTS)
def test_object_vectors(method, key, headers, expected):
    assert signature(method, f"/examplebucket/{key}", {}, headers) == expected


def test_the_query_is_encoded_once():
    text = canonical_query({"batchJobId": ID, "batchJob": "", "batchJobStatuses": "Active|New", "reason": "a b+c"})
    assert text == f"batchJob&batchJobId={ID[:-1]}%3D&batchJobStatuses=Active%7CNew&reason=a%20b%2Bc"
    assert dict(parse_qsl(text, keep_blank_values=True))["reason"] == "a b+c"


@pytest.mark.parametrize(
    "change", [{"method": "POST"}, {"path": "/b/k"}, {"query": {"batchJob": "x"}}, {"headers": EMPTY}, {"seconds": 1}]
)
def test_everything_is_signed(change):
    arguments = {"method": "GET", "path": "/", "query": {"batchJob": ""}, "headers": {}}
    assert signature(**{**arguments, **change}) != signature(**arguments)
