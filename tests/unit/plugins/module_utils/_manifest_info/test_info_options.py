# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of batch_manifest_info: nothing that is empty means everything."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import manifest_place
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info import info_options

EMPTY = {name: rule.get("default") for name, rule in info_options.SPEC.items()}
ARN = "arn:aws:s3:::manifests/x/m.csv"
MANIFEST = {"object_arn": ARN, "etag": None, "version_id": None, "format": "csv", "fields": None}


def parse(traits=AWS, manifest=None, **given):
    return info_options.parse_task({**EMPTY, **given, "manifest": {**MANIFEST, **(manifest or {})}}, traits)


def test_a_task():
    task = parse(expected_bucket=["arn:aws:s3:::films"], operation={"X": {}}, fail_on=["archived"])
    assert (task.bucket, task.key, task.etag, task.fields) == ("manifests", "x/m.csv", "", ("Bucket", "Key"))
    assert (task.expected, task.operation, task.fail_on) == (("films",), "X", {"archived"})
    assert parse(manifest={"etag": '"abc"'}).etag == "abc"
    assert parse(manifest={"format": "inventory"}).fields == ()
    named = parse(OSS, {"object_arn": "oss://manifests/x/m.csv"})
    assert (named.bucket, named.key) == ("manifests", "x/m.csv")


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"manifest": {"object_arn": ""}}, "object_arn"),
        ({"manifest": {"object_arn": "arn:aws:s3:::manifests"}}, "object_arn"),
        ({"manifest": {"etag": ""}}, "etag"),
        ({"manifest": {"etag": '""'}}, "etag"),
        ({"manifest": {"etag": manifest_place.UNWRITTEN}}, "does not exist yet"),
        ({"manifest": {"version_id": ""}}, "version_id"),
        ({"manifest": {"fields": []}}, "fields"),
        ({"manifest": {"fields": ["Bucket", "Key", "Key"]}}, "fields"),
        ({"manifest": {"format": "inventory", "fields": ["Bucket", "Key"]}}, "fields"),
        ({"objects": -1}, "objects"),
        ({"objects": 10001}, "objects"),
        ({"expected_bucket": []}, "expected_bucket"),
        ({"expected_bucket": [""]}, "expected_bucket"),
        ({"fail_on": []}, "fail_on"),
        ({"operation": {}}, "operation"),
        ({"operation": {"a": {}, "b": {}}}, "operation"),
        ({"operation": {1: {}}}, "operation"),
        ({"operation": {"a": "b=c"}}, "operation"),
    ],
)
def test_what_is_refused(given, option):
    with pytest.raises(OptionError, match=option):
        parse(**given)
