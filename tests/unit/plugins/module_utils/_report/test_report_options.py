# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options about reports: what is empty means neither everything nor the default."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._report.locations import Location
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_options import (
    parse_bucket,
    parse_prefix,
    parse_report_request,
    parse_words,
)

PARAMS = {"job_id": "job-1", "location": None, "columns": None, "wait_for_report": 0}
PLACE = {"bucket": "reports", "prefix": None, "scope": None, "manifest": None}


def parsed(traits=AWS, place=None, **options):
    location = {"location": {**PLACE, **place}} if place is not None else {}
    return parse_report_request({**PARAMS, **location, **options}, traits)


@pytest.mark.parametrize(
    ("place", "location"),
    [
        ({}, Location("reports")),
        ({"bucket": "arn:aws:s3:::reports"}, Location("reports")),
        ({"prefix": "p/", "scope": "AllTasks"}, Location("reports", "p/", "AllTasks")),
        ({"manifest": "p/manifest.json"}, Location("reports", manifest="p/manifest.json")),
    ],
)
def test_places(place, location):
    assert parsed(place=place).location == location


def test_a_job_or_a_manifest_is_needed():
    assert parsed().location is None
    assert parsed(place={"manifest": "p/manifest.json"}, job_id=None).job_id == ""
    with pytest.raises(OptionError, match=r"^one of the following is required: job_id, location$"):
        parsed(job_id=None)
    with pytest.raises(OptionError, match=r"^job_id is required with location"):
        parsed(place={"prefix": "p"}, job_id=None)


@pytest.mark.parametrize(
    ("options", "option", "shown"),
    [
        ({"job_id": ""}, "job_id", "''"),
        ({"job_id": "a b"}, "job_id", "'a b'"),
        ({"wait_for_report": -1}, "wait_for_report", "-1"),
        ({"wait_for_report": 86401}, "wait_for_report", "86401"),
        ({"wait_for_report": float("nan")}, "wait_for_report", "nan"),
        ({"columns": []}, "columns", "[]"),
        ({"columns": [""]}, "columns", "['']"),
        ({"columns": ["Key", None]}, "columns", "['Key', None]"),
        ({"columns": ["Bucket", "Key"]}, "columns", "['Bucket', 'Key']"),
        ({"location": "reports"}, "location", "'reports'"),
        ({"place": {"bucket": ""}}, "location.bucket", "''"),
        ({"place": {"bucket": "None"}}, "location.bucket", "'None'"),
        ({"place": {"bucket": "arn:aws:s3:::"}}, "location.bucket", "'arn:aws:s3:::'"),
        ({"place": {"bucket": "../b"}}, "location.bucket", "'../b'"),
        ({"place": {"prefix": ""}}, "location.prefix", "''"),
        ({"place": {"prefix": "  "}}, "location.prefix", "'  '"),
        ({"place": {"prefix": "True"}}, "location.prefix", "'True'"),
        ({"place": {"prefix": "a/../b"}}, "location.prefix", "'a/../b'"),
        ({"place": {"prefix": "a\u202eb"}}, "location.prefix", "'a\\u202eb'"),
        ({"place": {"manifest": ""}}, "location.manifest", "''"),
        ({"place": {"manifest": "{'a': 1}"}}, "location.manifest", "\"{'a': 1}\""),
        ({"place": {"manifest": "x" * 1025}}, "location.manifest", "'xxx"),
        ({"place": {"manifest": "\ud800"}}, "location.manifest", "'\\ud800'"),
    ],
)
def test_what_is_refused(options, option, shown):
    with pytest.raises(OptionError) as error:
        parsed(**options)
    assert str(error.value).startswith(f"value of {option} must ")
    assert f", got: {shown}" in str(error.value)


def test_columns_and_waits_that_are_taken():
    found = parsed(columns=["Key", "TaskStatus"], wait_for_report=86400)
    assert (found.columns, found.wait) == (("Key", "TaskStatus"), 86400)


@pytest.mark.parametrize(("words", "expected"), [(None, None), ([], []), (["404", "a b"], ["404", "a b"])])
def test_words(words, expected):
    assert parse_words("codes", words) == expected


@pytest.mark.parametrize("words", [[404], [True], [None], [""], [" "], ["a", []], ["x" * 1001]])
def test_no_words(words):
    with pytest.raises(OptionError, match=r"^value of codes must contain only .*, got: "):
        parse_words("codes", words)


def test_a_bucket_that_is_not_set_is_not_an_empty_one():
    assert parse_bucket("bucket", None, AWS) == ""
    with pytest.raises(OptionError, match=r"^value of bucket must be .*, got: ''$"):
        parse_bucket("bucket", "", AWS)


@pytest.mark.parametrize(
    ("value", "prefix"),
    [("a", "a"), ("/a/b/", "a/b"), ("a b", "a b"), ("\u00e9" * 512, "\u00e9" * 512)],
)
def test_prefixes(value, prefix):
    assert parse_prefix("prefix", value, AWS, 0) == prefix


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/",
        "//",
        " ",
        "/ /",
        " a",
        "a ",
        "a\nb",
        "a\u202e",
        "s3://b/p",
        "None",
        "[1]",
        "a/../b",
        "a/.",
        "\u00e9" * 513,
    ],
)
def test_no_prefixes(value):
    with pytest.raises(OptionError, match=r"^value of prefix must .*, got: "):
        parse_prefix("prefix", value, AWS, 0)


def test_the_room_behind_a_prefix_is_kept_in_bytes_of_each_cloud():
    assert parse_prefix("prefix", "\u00e9" * 512, AWS, 0)
    with pytest.raises(OptionError, match=r"^value of prefix must be 1 to 1023 bytes"):
        parse_prefix("prefix", "\u00e9" * 512, AWS, 1)
    with pytest.raises(OptionError, match=r"^value of prefix must be 1 to 1023 bytes"):
        parse_prefix("prefix", "\u00e9" * 512, OSS, 0)
