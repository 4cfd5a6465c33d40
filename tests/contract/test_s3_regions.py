# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets and regions of S3: redirects that lead nowhere end, and names of objects are of the region's partition."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import botocore.loaders
import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests import senders

from .clouds import ACCOUNTS, JOB_ID, Cloud
from .reports import BUCKET, Report
from .stores import make_bucket, reader_of, store_of
from .test_objects import failed
from .test_retry import FAILED, FIRST, ROWS, made, make

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

AWS = ACCOUNTS[0]
PARTITIONS = botocore.loaders.create_loader().load_data("endpoints")["partitions"]
REGIONS = [(name, part["partition"]) for part in PARTITIONS for name in part["regions"] if "global" not in name]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between tries are tested elsewhere."""
    monkeypatch.setattr(senders, "_jitter", lambda longest: longest / 100)


@pytest.fixture
def aws(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(AWS, emulator, capsys)


def in_region(emulator: Emulator, capsys: pytest.CaptureFixture[str], region: str) -> Cloud:
    """The same account in another region."""
    account = dataclasses.replace(AWS, connection={**AWS.connection, "region": region})
    return Cloud(account, emulator, capsys)


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("operations", [("HeadObject",), ("HeadObject", "HeadBucket")], ids="+".join)
def test_a_redirect_that_names_no_region_ends(aws: Cloud, operations: tuple[str, ...], status: int) -> None:
    """botocore asks HeadBucket where a bucket is, which may be redirected as well: not again, and again."""
    Report({"failed": ROWS}, job=FAILED).put(aws)
    for operation in operations:
        aws.fault("redirect", operation=operation, count=None, http_status=status)
    aws.emulator.clear_log()
    answer = make(aws)
    assert (answer["rc"], answer["error"]["kind"], made(aws)) == (1, "invalid", {}), answer
    assert "Traceback" not in json.dumps(answer) and answer["msg"].isprintable()
    assert f"in bucket {BUCKET}" in answer["msg"] and "Check region" in answer["error"]["hint"]
    assert aws.operations().count("HeadBucket") <= 1
    assert aws.operations().count("HeadObject") <= 2


@pytest.mark.parametrize("operation", ["GetObject", "PutObject"])
def test_a_redirect_of_others_ends_as_well(aws: Cloud, operation: str) -> None:
    Report({"failed": ROWS}, job=FAILED).put(aws)
    for name in (operation, "HeadBucket"):
        aws.fault("redirect", operation=name, count=None)
    aws.emulator.clear_log()
    answer = make(aws)
    assert (answer["rc"], answer["error"]["kind"]) == (1, "invalid"), answer
    assert aws.operations().count("HeadBucket") <= 1


def test_a_list_that_is_redirected_ends(aws: Cloud) -> None:
    make_bucket(aws)
    for name in ("ListObjects", "HeadBucket"):
        aws.fault("redirect", operation=name, count=None)
    assert failed(lambda: reader_of(aws).keys(BUCKET, "")).kind == "invalid"
    assert aws.operations().count("HeadBucket") <= 1


def test_a_bucket_that_says_where_it_is_is_followed(aws: Cloud) -> None:
    make_bucket(aws, "far-1250000000", "us-west-2")
    Report({"failed": ROWS}, job=FAILED).put(aws)
    answer = make(aws, manifest_bucket="far-1250000000")
    assert (answer["rc"], answer["changed"]) == (0, True), answer
    [key] = aws.emulator.objects("aws", "far-1250000000")
    assert aws.emulator.read_object("aws", "far-1250000000", key) == FIRST


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_names_are_of_the_partition(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], region: str, partition: str
) -> None:
    store = store_of(in_region(emulator, capsys, region))
    assert store.resource("bucket", "a/b") == f"arn:{partition}:s3:::bucket/a/b"


def test_every_partition_is_among_them() -> None:
    found = {partition for _region, partition in REGIONS}
    assert {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"} <= found


def test_a_region_that_botocore_does_not_know_yet(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    assert store_of(in_region(emulator, capsys, "xx-nowhere-9")).resource("b", "k") == "arn:aws:s3:::b/k"


def test_a_manifest_in_the_sovereign_cloud(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = in_region(emulator, capsys, "eusc-de-east-1")
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    answer = make(cloud)
    assert answer["rc"] == 0, answer
    [key] = made(cloud)
    # Old releases of botocore know the pattern of its regions, before they know the region.
    assert answer["manifest"]["object_arn"] == f"arn:aws-eusc:s3:::{BUCKET}/{key}"
    assert answer["jobs"][0]["job_id"] == JOB_ID
