# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the manifest of a task is, by the words of each provider."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.manifest_place import (
    MANIFEST_SPEC,
    UNWRITTEN,
    parse_columns,
    parse_place,
)


def given(**values):
    return {**dict.fromkeys(MANIFEST_SPEC), **values}


@pytest.mark.parametrize(
    ("traits", "name", "bucket"),
    [
        (AWS, "arn:aws:s3:::lists/a/m.csv", "lists"),
        (COS, "qcs::cos:ap-guangzhou:uid/1250000000:lists-1250000000/a/m.csv", "lists-1250000000"),
        (OSS, "oss://lists/a/m.csv", "lists"),
    ],
)
def test_places(traits, name, bucket):
    assert parse_place(given(object_arn=name, etag='"E"', version_id="v"), traits) == (bucket, "a/m.csv", "E", "v")
    assert parse_place(given(object_arn=name), traits) == (bucket, "a/m.csv", "", "")


@pytest.mark.parametrize(
    "values",
    [{"object_arn": "arn:aws:s3:::lists/"}, {"etag": ""}, {"etag": '""'}, {"version_id": " "}, {"etag": UNWRITTEN}],
)
def test_what_is_refused(values):
    with pytest.raises(OptionError):
        parse_place(given(**{"object_arn": "arn:aws:s3:::lists/m.csv", **values}), AWS)


def test_columns():
    assert parse_columns("fields", None) == ("Bucket", "Key")
    assert parse_columns("fields", ["Ignore", "Key", "Bucket", "Ignore"]) == ("Ignore", "Key", "Bucket", "Ignore")
    for columns in ([], ["Bucket"], ["Bucket", "Key", "Key"], ["Ignore"] * 99 + ["Bucket", "Key"]):
        with pytest.raises(OptionError, match="must have Bucket and Key once"):
            parse_columns("fields", columns)
