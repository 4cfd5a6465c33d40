# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of batch_manifest: one source, and nothing that has no effect."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import manifest_options, manifest_place

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
EMPTY = {name: rule.get("default") for name, rule in manifest_options.SPEC.items()}
KEYS = {"keys": ["a"], "source_bucket": "archive"}
ARN = "arn:aws:s3:::manifests/x/m.csv"
MANIFEST = {"object_arn": ARN, "etag": None, "version_id": None, "format": "csv", "fields": None}
LISTING = {"bucket": "archive", "prefix": None, "versions": False}


def parse(traits=AWS, **given):
    return manifest_options.parse_task({**EMPTY, "manifest_bucket": "manifests", **given}, traits, NOW)


def test_each_source():
    assert parse(**KEYS).source == manifest_options.KeySource("archive", ("a",))
    assert parse(file="/x").source == manifest_options.FileSource("/x", ("Bucket", "Key"), False, "encoded")
    assert parse(listing=LISTING).source == manifest_options.ListSource("archive", "")
    found = parse(manifest={**MANIFEST, "etag": '"abc"', "version_id": "v"}).source
    assert found == manifest_options.ManifestSource("manifests", "x/m.csv", "abc", "v", ("Bucket", "Key"))
    named = parse(OSS, manifest={**MANIFEST, "object_arn": "oss://manifests/x/m.csv"}).source
    assert (named.bucket, named.key) == ("manifests", "x/m.csv")


def test_the_place_of_the_manifest():
    task = parse(**{**KEYS, "manifest_bucket": "arn:aws:s3:::manifests", "manifest_prefix": "/a/b/"})
    assert (task.bucket, task.prefix) == ("manifests", "a/b")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {**KEYS, "file": "/x"},
        {"keys": ["a"]},
        {**KEYS, "source_bucket": ""},
        {**KEYS, "keys": []},
        {**KEYS, "keys": ["a", ""]},
        {**KEYS, "keys": ["a\0"]},
        {**KEYS, "manifest_bucket": ""},
        {**KEYS, "manifest_prefix": ""},
        {**KEYS, "manifest_prefix": "x" * 1001},
        {**KEYS, "sample": 0},
        {**KEYS, "sample": -1},
        {**KEYS, "split_by": "count"},
        {**KEYS, "split_by": "count", "split_count": 0},
        {**KEYS, "split_count": 5},
        {**KEYS, "file_fields": ["Bucket", "Key"]},
        {**KEYS, "file_header": "skip"},
        {**KEYS, "file_encoding": "plain"},
        {**KEYS, "versions": True},
        {"listing": LISTING, "source_bucket": "archive"},
        {"listing": {**LISTING, "bucket": ""}},
        {"listing": {**LISTING, "prefix": ""}},
        {"listing": {**LISTING, "versions": True}},
        {"listing": LISTING, "versions": True},
        {"file": "x"},
        {"file": ""},
        {"file": "/a\nb"},
        {"file": "/x", "file_fields": ["Bucket"]},
        {"file": "/x", "file_fields": []},
        {"file": "/x", "file_fields": ["Bucket", "Key", "Key"]},
        {"file": "/x", "file_fields": ["Bucket", "Key", "VersionId"]},
        {"manifest": {**MANIFEST, "object_arn": "arn:aws:s3:::manifests/"}},
        {"manifest": {**MANIFEST, "format": "inventory"}},
        {"manifest": {**MANIFEST, "etag": ""}},
        {"manifest": {**MANIFEST, "etag": manifest_place.UNWRITTEN}},
        {"manifest": {**MANIFEST, "version_id": ""}},
        {"manifest": {**MANIFEST, "fields": ["Bucket", "Key", "VersionId"]}},
    ],
    ids=str,
)
def test_what_is_refused(given):
    with pytest.raises(OptionError):
        parse(**given)


def test_versions():
    assert parse(listing={**LISTING, "versions": True}, versions=True).versions
    assert parse(file="/x", file_fields=["Bucket", "Key", "VersionId"], versions=True).versions
    with pytest.raises(BatchError) as caught:
        parse(OSS, listing={**LISTING, "versions": True}, versions=True)
    assert caught.value.failure.kind == "unsupported"


def test_the_etag_of_check_mode_is_that_of_the_writer():
    """A manifest that check mode does not create, and the source that refuses to read it, know the same word."""
    from ansible_collections.objectstore.batch.plugins.module_utils._manifest.made_manifests import Made, render_made

    made = Made("b", "k", "r", ("Bucket", "Key"), 1, "would_change")
    assert render_made(made, None)["manifest"]["etag"] == manifest_place.UNWRITTEN
