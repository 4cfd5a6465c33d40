# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options batch_manifest_info takes."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info.info_options import SPEC, parse_task

EMPTY = {**dict.fromkeys(SPEC), "objects": 0}
MANIFEST = {
    "object_arn": "arn:aws:s3:::manifests/lists/m.csv",
    "etag": None,
    "version_id": None,
    "format": "csv",
    "fields": None,
}


def task(traits=AWS, manifest=None, **given):
    return parse_task({**EMPTY, "manifest": {**MANIFEST, **(manifest or {})}, **given}, traits)


@pytest.mark.parametrize(
    ("traits", "name"),
    [
        (AWS, "arn:aws:s3:::manifests/lists/m.csv"),
        (AWS, "arn:aws-cn:s3:::manifests/lists/m.csv"),
        (COS, "qcs::cos:ap-guangzhou:uid/1250000000:manifests-1250000000/lists/m.csv"),
        (OSS, "oss://manifests/lists/m.csv"),
    ],
)
def test_the_place(traits, name):
    found = task(traits, {"object_arn": name, "etag": '"ABC"'})
    assert (found.bucket.partition("-")[0], found.key, found.etag) == ("manifests", "lists/m.csv", "ABC")
    assert (found.fields, found.objects, found.operation, found.expected) == (("Bucket", "Key"), 0, "", ())


def test_the_rest():
    found = task(
        objects=5,
        operation={"S3PutObjectCopy": {}},
        expected_bucket=["archive", "arn:aws:s3:::other"],
        fail_on=["duplicate"],
        price_table="aws-2025-09",
    )
    assert (found.objects, found.operation, found.expected) == (5, "S3PutObjectCopy", ("archive", "other"))
    assert (found.fail_on, found.prices.name) == ({"duplicate"}, "aws-2025-09")


@pytest.mark.parametrize(
    "given",
    [
        {"manifest": {"object_arn": "arn:aws:s3:::manifests"}},
        {"manifest": {"object_arn": "arn:aws:s3:::manifests/"}},
        {"manifest": {"object_arn": "manifests"}},
        *({"manifest": {"etag": value}} for value in ("", " ", '""', "unknown-until-it-is-written")),
        {"manifest": {"version_id": ""}},
        *({"manifest": {"fields": value}} for value in ([], ["Bucket"], ["Bucket", "Key", "Key"], ["Ignore"] * 101)),
        {"manifest": {"format": "inventory", "fields": ["Bucket", "Key"]}},
        *({"objects": value} for value in (-1, 10_001)),
        *({"operation": value} for value in ({}, {"A": {}, "B": {}}, {"": {}}, {1: {}})),
        *({"expected_bucket": value} for value in ([], [""], ["Not A Bucket"])),
        {"fail_on": []},
    ],
)
def test_what_is_refused(given):
    with pytest.raises(OptionError):
        task(**given)
