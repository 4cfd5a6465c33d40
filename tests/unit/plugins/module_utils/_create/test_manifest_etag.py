# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bucket and the key of a manifest object."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws import traits as aws
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos import traits as cos
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss import traits as oss
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors
from ansible_collections.objectstore.batch.plugins.module_utils._create import manifest_etag


@pytest.mark.parametrize(
    ("resource", "traits", "expected"),
    [
        ("arn:aws-cn:s3:::data/a/b c.csv", aws.TRAITS, ("data", "a/b c.csv")),
        ("qcs::cos:ap-guangzhou:uid/1250000000:data-1250000000/a/b.csv", cos.TRAITS, ("data-1250000000", "a/b.csv")),
        ("oss://data/a/b.csv", oss.TRAITS, ("data", "a/b.csv")),
        ("acs:oss:cn-hangzhou:1:data/a.csv", oss.TRAITS, ("data", "a.csv")),
    ],
)
def test_split(resource, traits, expected):
    assert manifest_etag.split(resource, traits) == expected


def test_an_access_point_has_no_bucket():
    with pytest.raises(errors.BatchError) as raised:
        manifest_etag.split("arn:aws:s3:eu-central-1:111122223333:accesspoint/point/object/a.csv", aws.TRAITS)
    assert raised.value.failure.kind == "unsupported"
