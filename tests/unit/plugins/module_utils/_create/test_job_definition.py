# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs to be created: the request, and the options that are rejected before it is sent."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._create import marker
from ansible_collections.objectstore.batch.plugins.module_utils._create.job_definition import prepare

REPORT = {"enabled": None, "bucket": None, "prefix": None, "scope": "AllTasks", "expected_bucket_owner": None}
MANIFEST = {
    "object_arn": "arn:aws:s3:::bucket/manifest.csv",
    "etag": "abc",
    "version_id": None,
    "format": "csv",
    "fields": None,
}
PARAMS = {
    "operation": {"S3InitiateRestoreObject": {"ExpirationInDays": 7}},
    "manifest": MANIFEST,
    "manifest_generator": None,
    "report": None,
    "role_arn": "arn:aws:iam::123456789012:role/batch",
    "description": None,
    "priority": 10,
    "classes": None,
    "confirmation_required": True,
    "tags": None,
    "client_request_token": None,
}
OF_COS = {
    "manifest": {**MANIFEST, "object_arn": "qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/manifest.csv"},
    "role_arn": "qcs::cam::uin/100000000001:roleName/batch",
}
OF_OSS = {
    "manifest": {**MANIFEST, "object_arn": "oss://bucket/manifest.csv"},
    "role_arn": "acs:ram::1234567890123456:role/batch",
    "report": {**REPORT, "bucket": "oss://reports"},
}


def defined(traits=AWS, **options):
    return prepare({**PARAMS, **options}, traits)


def report(traits=AWS, **options):
    own = OF_COS if traits is COS else {}
    return defined(traits, **{**own, "report": {**REPORT, **options}}).content["Report"]


def test_what_a_job_is_and_what_it_starts_with():
    found = defined(description="restore", tags={"b": "", "a": "1"}, client_request_token="mine", priority="high")
    assert found.content == {
        "Manifest": {
            "Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key"]},
            "Location": {"ObjectArn": MANIFEST["object_arn"], "ETag": "abc"},
        },
        "Operation": {"S3InitiateRestoreObject": {"ExpirationInDays": 7}},
        "Report": {"Enabled": False},
        "RoleArn": PARAMS["role_arn"],
        "Description": "restore",
    }
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
    assert found.start == {"Priority": 3000, "ConfirmationRequired": True, "Tags": tags}
    assert found.token == "mine"
    assert "Tags" not in defined().start


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # The job writes a report if the task names a bucket.
        ({"bucket": "arn:aws:s3:::reports"}, True),
        ({"bucket": "arn:aws:s3:::reports", "enabled": True}, True),
        ({"bucket": "arn:aws:s3:::reports", "enabled": False}, False),
        ({}, False),
    ],
)
def test_a_report_is_written_where_one_is_wanted(options, expected):
    assert report(**options)["Enabled"] is expected
    if not expected:
        assert report(**options) == {"Enabled": False}


def test_cos_wants_a_report_described_even_where_none_shall_be_written():
    bucket = "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000"
    found = report(COS, bucket=bucket, enabled=False, prefix="p")
    assert found == {
        "Bucket": bucket,
        "Enabled": False,
        "ReportScope": "AllTasks",
        "Format": "Report_CSV_V1",
        "Prefix": "p",
    }


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"operation": {}}, "value of operation must "),
        ({"operation": {"A": {}, "B": {}}}, "value of operation must "),
        ({"operation": {"A": "text"}}, "value of operation must "),
        ({"operation": {"A": ["text"]}}, "value of operation must "),
        ({"manifest": {**MANIFEST, "object_arn": "bucket/manifest.csv"}}, "value of manifest.object_arn must "),
        ({"manifest": {**MANIFEST, "etag": ""}}, "value of manifest.etag must "),
        ({"manifest": {**MANIFEST, "etag": ' "" '}}, "value of manifest.etag must "),
        ({"manifest": {**MANIFEST, "etag": "a\x00"}}, "value of manifest.etag must "),
        (
            {"manifest": {**MANIFEST, "format": "inventory", "fields": ["Key"]}},
            "manifest.fields is not supported for manifest.format=inventory",
        ),
        ({"role_arn": "batch"}, "value of role_arn must "),
        ({"priority": 2147483648}, "value of priority must "),
        ({"priority": True}, "value of priority must "),
        ({"client_request_token": ""}, "value of client_request_token must "),
        ({"client_request_token": "a b"}, "value of client_request_token must "),
        ({"report": {**REPORT, "enabled": True}}, "report.bucket is required."),
        ({"report": {**REPORT, "bucket": ""}}, "report.bucket is required."),
        ({"report": {**REPORT, "bucket": "", "enabled": False}}, "report.bucket is required."),
        ({"report": {**REPORT, "bucket": "reports"}}, "value of report.bucket must "),
        ({"report": {**REPORT, "expected_bucket_owner": ""}}, "value of report.expected_bucket_owner must "),
        ({"tags": {"": "v"}}, "value of tags must "),
        ({"tags": {"k": 1}}, "value of tags.k must be text, got: 1"),
        ({"tags": {"k": True}}, "value of tags.k must be text, got: True"),
        ({"tags": {"k": "a\x00"}}, "value of tags must "),
        ({"tags": {"k": "v" * 257}}, "value of tags must "),
        ({"tags": {"k" * 129: "v"}}, "value of tags must "),
        ({"tags": {str(number): "v" for number in range(51)}}, "value of tags must "),
        ({"description": "a\nb"}, "value of description must "),
    ],
)
def test_options_that_break_a_rule(options, text):
    with pytest.raises(OptionError) as error:
        defined(**options)
    assert str(error.value).startswith(text)


@pytest.mark.parametrize(
    ("traits", "options", "text"),
    [
        (COS, {**OF_COS, "report": None}, "report.bucket is required for Tencent COS"),
        (
            COS,
            {**OF_COS, "manifest": None, "manifest_generator": {"A": 1}},
            "manifest_generator is not supported for Tencent COS",
        ),
        (
            OSS,
            {**OF_OSS, "tags": {"k": "v"}},
            "Tags are not supported for jobs of Alibaba Cloud OSS batch operations. Remove the tags option.",
        ),
    ],
    ids=["cos report", "cos generator", "oss tags"],
)
def test_what_a_cloud_does_not_have_is_refused_and_never_dropped(traits, options, text):
    with pytest.raises(OptionError) as error:
        defined(traits, **options)
    assert str(error.value).startswith(text)


def test_an_owner_of_the_report_bucket_is_unsupported_elsewhere():
    with pytest.raises(BatchError) as error:
        defined(OSS, **{**OF_OSS, "report": {**OF_OSS["report"], "expected_bucket_owner": "1"}})
    assert error.value.failure.kind == "unsupported"
    assert error.value.failure.message.startswith("report.expected_bucket_owner is not supported for Alibaba Cloud OSS")


def test_a_description_leaves_room_for_the_mark():
    longest = 256 - marker.LENGTH
    found = defined(description="d" * longest)
    marked = dataclasses.replace(found, mark=marker.make("mine", found.content))
    assert len(marked.request["Description"]) == 256
    with pytest.raises(OptionError, match=rf"^value of description must .* at most {longest} characters"):
        defined(description="d" * (longest + 1))


def test_a_generator_takes_the_place_of_the_manifest():
    found = defined(manifest=None, manifest_generator={"S3JobManifestGenerator": {"SourceBucket": "arn"}})
    assert found.source == "ManifestGenerator"
    assert "Manifest" not in found.content
