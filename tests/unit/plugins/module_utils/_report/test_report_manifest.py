# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest.json of a report, which may be anything."""

from __future__ import annotations

import json

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_manifest import (
    File,
    UnrecognizedFormatError,
    parse_manifest,
)

MD5 = "0123456789abcdef0123456789abcdef"


def parsed(data, encode="utf-8"):
    return parse_manifest(json.dumps(data).encode(encode), "reports", TRAITS)


@pytest.mark.parametrize(
    ("entry", "file"),
    [
        ({"Key": "a"}, File("a")),
        ({"key": "a", "md5Checksum": MD5.upper()}, File("a", MD5)),
        ({"Key": "a", "Bucket": "reports", "MD5Checksum": MD5}, File("a", MD5)),
        ({"Key": "a", "Bucket": "arn:aws:s3:::reports", "TaskExecutionStatus": "failed"}, File("a")),
    ],
)
@pytest.mark.parametrize("name", ["Results", "files"])
@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig"])
def test_files(entry, file, name, encode):
    assert parsed({name: [entry]}, encode).files == (file,)


@pytest.mark.parametrize(
    ("schema", "columns"),
    [("Bucket, Key ,,TaskStatus", ("Bucket", "Key", "TaskStatus")), ("", ()), (None, ()), (["Key"], ())],
)
def test_columns(schema, columns):
    assert parsed({"Results": [], "ReportSchema": schema, "Format": 5}).columns == columns
    assert parsed({"Results": [], "Format": 5}).format == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[" * 100_000,
        b"[]",
        b"null",
        b"{}",
        b'{"Results": null}',
        b'{"Results": {"Key": "a"}}',
        b'{"Results": [null]}',
        b'{"Results": ["a"]}',
        b'{"Results": [{}]}',
        b'{"Results": [{"Key": ""}]}',
        b'{"Results": [{"Key": 5}]}',
        b'{"Results": [{"Key": "a/../b"}]}',
        b'{"Results": [{"Key": "\\ud800"}]}',
        b'{"Results": [{"Key": "a", "Bucket": "other"}]}',
        b'{"Results": [{"Key": "a", "Bucket": "arn:aws:s3:::other"}]}',
        b'{"Results": [{"Key": "a", "MD5Checksum": "x"}]}',
        b'{"Results": [' + b'{"Key": "a"},' * 10_000 + b'{"Key": "a"}]}',
    ],
    ids=lambda body: body[:60].decode("latin-1"),
)
def test_what_is_no_manifest_is_refused_in_a_short_sentence(body):
    with pytest.raises(UnrecognizedFormatError, match=r"^manifest\.json ") as error:
        parse_manifest(body, "reports", TRAITS)
    assert len(str(error.value)) < 400


def test_no_file_of_a_report_is_dropped():
    entries = [{"Key": f"k{number}"} for number in range(10_000)]
    assert len(parsed({"Results": entries}).files) == 10_000
    with pytest.raises(UnrecognizedFormatError):
        parsed({"Results": [*entries[:5], {"Size": 1}]})
