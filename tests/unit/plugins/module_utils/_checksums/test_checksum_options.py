# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option checksums, checked offline."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_options import (
    ChecksumRequest,
    parse_checksums,
)
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, OptionError

UNSET = dict.fromkeys(("path", "bucket", "prefix", "expected"))


def parsed(traits=AWS, **given):
    return parse_checksums({**UNSET, "format": "csv", "limit": 100, **given}, traits)


def test_values():
    assert parse_checksums(None, COS) is None
    assert parsed(path="/a/../b") == ChecksumRequest("/b", "", "", "csv", "", 100)
    assert parsed(bucket="reports") == ChecksumRequest("", "reports", "batch-checksums", "csv", "", 100)
    assert parsed(
        bucket="arn:aws:s3:::reports", prefix="/a/b/", expected="/e", limit=0, format="jsonl"
    ) == ChecksumRequest("", "reports", "a/b", "jsonl", "/e", 0)


@pytest.mark.parametrize("traits", [COS, OSS])
def test_other_providers_have_none(traits):
    with pytest.raises(BatchError) as raised:
        parsed(traits, path="/a")
    assert raised.value.failure.kind == "unsupported"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"path": ""},
        {"path": "a"},
        {"path": "/a/"},
        {"path": "/a\x00"},
        {"expected": ""},
        {"expected": "a"},
        {"path": "/a", "expected": "/b/../a"},
        {"path": "/a", "bucket": "reports"},
        {"path": "/a", "prefix": "x"},
        {"prefix": "x"},
        {"bucket": ""},
        {"bucket": "A_"},
        {"bucket": "reports", "prefix": ""},
        {"bucket": "reports", "prefix": "/"},
        {"bucket": "reports", "prefix": "x" * 1000},
        {"path": "/a", "limit": -1},
        {"path": "/a", "limit": 10_001},
    ],
)
def test_bad_values(given):
    with pytest.raises(OptionError):
        parsed(**given)
