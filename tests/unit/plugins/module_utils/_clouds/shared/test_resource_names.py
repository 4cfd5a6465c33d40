# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of buckets and objects in the spellings of every provider."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.resource_names import (
    bucket_name,
    split_object,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("reports", "reports"),
        ("arn:aws:s3:::reports", "reports"),
        ("arn:aws-us-gov:s3:::reports/key", "reports"),
        ("arn:aws:s3:eu-central-1:111122223333:accesspoint/x", ""),
        ("qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000", "reports-1250000000"),
        ("oss://reports", "reports"),
        ("oss://reports/key", "reports"),
        ("acs:oss:oss-cn-hangzhou:1000000000000001:reports", "reports"),
    ],
)
def test_buckets(text, name):
    assert bucket_name(text) == name


@pytest.mark.parametrize(
    ("resource", "bucket", "key"),
    [
        ("arn:aws:s3:::in/a/b.csv", "in", "a/b.csv"),
        ("qcs::cos:ap-guangzhou:uid/1250000000:in-1250000000/a/b.csv", "in-1250000000", "a/b.csv"),
        ("oss://in/a/b.csv", "in", "a/b.csv"),
        ("oss://in", "in", ""),
        ("acs:oss:cn-hangzhou:1000000000000001:in/a/b.csv", "in", "a/b.csv"),
        ("in", "in", ""),
        ("", "", ""),
    ],
)
def test_objects(resource, bucket, key):
    assert split_object(resource) == (bucket, key)
