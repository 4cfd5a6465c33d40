# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about rows: each fault, its count, and its first examples."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import manifest_rows
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info import row_findings

FIELDS = ("Bucket", "Key")


def checked(lines, fields=FIELDS, expected=(), encoded=True):
    examples = row_findings.Examples()
    checker = row_findings.RowChecker(fields, AWS.rules["bucket"], expected, encoded, examples)
    for number, text in enumerate(lines, 1):
        checker.check(manifest_rows.Row(number, text, manifest_rows.cells(text, True)))
    return checker, {item["finding"]: item["first"] for item in examples.found()}


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("bbb,a", None),
        ("bbb,a%20b", None),
        ("bbb,a%2Bb", None),
        ("bbb,a b", "wrong_encoding"),
        # A space for some readers.
        ("bbb,a+b", "wrong_encoding"),
        ("bbb,%FF", "wrong_encoding"),
        # The same object in another form.
        ("bbb,f%69rst", "duplicate"),
        ("bbb,ä", "wrong_encoding"),
        ("bbb,a%2", "wrong_encoding"),
        ("bbb,a\0", "wrong_encoding"),
        ("bbb,\udcff", "wrong_encoding"),
        ("ccc,a", "foreign_bucket"),
        ("", "empty_line"),
        ("bbb", "malformed_row"),
        ("bbb,a,b", "malformed_row"),
        ("bbb,", "malformed_row"),
        (",a", "malformed_row"),
        ('"bbb,a', "malformed_row"),
        ("B B,a", "malformed_row"),
        ("bbb,first", "duplicate"),
    ],
)
def test_each_finding(line, finding):
    _checker, found = checked(["bbb,first", line])
    assert list(found) == ([finding] if finding else [])


@pytest.mark.parametrize("line", ["bucket,key", '"Bucket","Key"', "\ufeffbucket,key", "bucket_name,object_name"])
def test_only_the_first_row_is_a_header(line):
    checker, found = checked([line, "bbb,a"])
    assert (list(found), checker.rows) == (["header_row"], 1)
    assert "header_row" not in checked(["bbb,a", line])[1]


def test_plain_and_written_keys():
    assert checked(["bbb,a b"], encoded=False)[1] == checked(["bbb,a b"], encoded=None)[1] == {}
    assert "wrong_encoding" in checked(["bbb,\udcff"], encoded=None)[1]


def test_versions_and_buckets():
    fields = ("Bucket", "Ignore", "Key", "VersionId")
    lines = ["bbb,x,a,v1", "bbb,x,a,v2", "bbb,x,a,", "bbb,x,b,\\N"]
    checker, found = checked(lines, fields)
    assert (checker.rows, checker.versions, found) == (4, 2, {})
    checker, found = checked(["bbb,a", "ccc,a"], expected=["bbb", "ccc"])
    assert (dict(checker.buckets), found) == ({"bbb": 1, "ccc": 1}, {})


def test_many_buckets_need_limited_memory():
    checker, found = checked([f"bucket-{number},a" for number in range(1005)])
    assert checker.buckets[row_findings.MORE] == 5
    assert len(checker.buckets) == 1001
    assert len(found["foreign_bucket"]) == row_findings.FIRST


def test_examples_are_escaped_and_short():
    examples = row_findings.Examples()
    examples.add("malformed_row", "\u202e\x1b\n" + "x" * 5000)
    [item] = examples.found()
    assert item["count"] == 1 and item["first"][0].isprintable() and len(item["first"][0]) < 300
    examples.count("malformed_row", 0)
    assert examples.found() == []


def objects_of(lines, encoded):
    examples = row_findings.Examples()
    checker = row_findings.RowChecker(FIELDS, AWS.rules["bucket"], (), encoded, examples)
    rows = [manifest_rows.Row(number, text, manifest_rows.cells(text, True)) for number, text in enumerate(lines, 1)]
    return checker, [checker.check(row) for row in rows]


def test_the_lines_of_objects():
    checker, objects = objects_of(["bbb,a%2fb", "bbb,a/b", "bbb,a%0Ab", "bbb,a%00b"], True)
    lines = [checker.line(item) for item in objects]
    assert lines[0] == lines[1]
    # Encoded line breaks must not become further lines.
    assert all(line.count(b"\n") == 1 and line.count(b"\0") == 2 for line in lines)
    checker, objects = objects_of(["bbb,a%2fb", "bbb,a/b"], False)
    assert checker.line(objects[0]) != checker.line(objects[1])


def test_expected_objects():
    checker, objects = objects_of(["bbb,a", "ccc,a"], True)
    assert [checker.is_expected(item) for item in objects] == [True, False]


def test_why_a_key_is_wrong():
    for key, why in (("a b", "a space"), ("a+b", "plus sign"), ("%zz", "percent sign"), ("%FF", "after decoding")):
        assert why in row_findings.encoding_fault(key, True)
        assert row_findings.encoding_fault(key, False) == ""
