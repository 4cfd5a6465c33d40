# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of OSS against the signer of Alibaba's SDK, for random requests."""

from __future__ import annotations

import datetime
import random

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.signature import (
    UNSIGNED,
    authorization,
    canonical_query,
)

oss = pytest.importorskip("alibabacloud_oss_v2")

REQUESTS = 1000
SIGNS = [chr(code) for code in range(0x20, 0x7F)] + list("ä界😀\u0301\xa0")
HEADERS = ["content-type", "Content-MD5", "x-oss-test", "X-OSS-Other", "host", "abc", "ZAbc"]


def text(dice, least=0):
    return "".join(dice.choice(SIGNS) for _unused in range(dice.randint(least, 12)))


def test_random_requests_are_signed_as_by_the_sdk():
    dice = random.Random(20261125)
    seen = set()
    for _number in range(REQUESTS):
        secret, token, region = text(dice, 1), dice.choice(["", "token"]), dice.choice(["cn-hangzhou", "eu-central-1"])
        method = dice.choice(["GET", "POST", "PUT", "HEAD"])
        query = {text(dice, 1): text(dice) for _unused in range(dice.randint(0, 5))}
        bucket, key = dice.choice([(None, None), ("bucket", text(dice, 1))])
        headers = {name: f"v{dice.randint(0, 99)}" for name in dice.sample(HEADERS, dice.randint(0, len(HEADERS)))}
        additional = set(dice.sample(HEADERS, dice.randint(0, 4)))
        when = datetime.datetime.fromtimestamp(dice.randint(0, 4 * 10**9), datetime.timezone.utc)
        request = oss.types.HttpRequest(method, f"https://host.invalid/?{canonical_query(query)}", dict(headers))
        context = oss.types.SigningContext(
            product="oss",
            region=region,
            bucket=bucket,
            key=key,
            request=request,
            credentials=oss.credentials.Credentials("ak", secret, token or None),
            signing_time=when,
            additional_headers=additional,
        )
        oss.signer.SignerV4().sign(context)
        sent = {**headers, "x-oss-date": when.strftime("%Y%m%dT%H%M%SZ"), "x-oss-content-sha256": UNSIGNED}
        if token:
            sent["x-oss-security-token"] = token
        path = f"/{bucket}/{key}" if bucket else "/"
        ours = authorization("ak", secret, region, method, path, query, sent, additional)
        assert ours == request.headers["Authorization"], (method, path, query, sent, additional)
        seen.add(ours)
    assert len(seen) == REQUESTS
