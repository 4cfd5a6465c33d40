# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the rows of a manifest, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.manifest_rows import Row, cells_of
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info import row_findings
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info.row_findings import (
    FIRST,
    Examples,
    RowChecker,
)


def checked(*lines, fields=("Bucket", "Key"), expected=(), encoded=True):
    examples = Examples()
    checker = RowChecker(fields, TRAITS.rules["bucket"], expected, encoded, examples)
    objects = [checker.check(Row(number, line, cells_of(line, True))) for number, line in enumerate(lines, 1)]
    counts = {item["finding"]: item["count"] for item in examples.found()}
    return counts, [item for item in objects if item], checker, examples


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["archive,a", "archive,b"], {}),
        (["bucket,key", "archive,a"], {"header_row": 1}),
        (['"bucket","key"', "archive,a"], {"header_row": 1}),
        # Only the first row can be a header; a bucket can have the name bucket.
        (["archive,a", "bucket,key"], {"foreign_bucket": 1}),
        (["archive,a", "archive,a", "archive,a"], {"duplicate": 2}),
        (["archive,a", "other,a"], {"foreign_bucket": 1}),
        (["archive,a", "", ""], {"empty_line": 2}),
        (["archive"], {"malformed_row": 1}),
        (["archive,a,b"], {"malformed_row": 1}),
        (['archive,"a'], {"malformed_row": 1}),
        (["archive,"], {"malformed_row": 1}),
        ([",a"], {"malformed_row": 1}),
        (["Not A Bucket,a"], {"malformed_row": 1}),
        (["archive,a b"], {"wrong_encoding": 1}),
        (["archive,a%20b", "archive,a+b"], {}),
        (["archive,100%"], {"wrong_encoding": 1}),
        (["archive,\u00e4"], {"wrong_encoding": 1}),
        (["archive,\udcff"], {"wrong_encoding": 1}),
    ],
)
def test_one_finding(lines, expected):
    assert checked(*lines)[0] == expected


@pytest.mark.parametrize(
    ("key", "expected"), [("a b", {}), ("100%", {}), ("\u00e4", {}), ("\udcff", {"wrong_encoding": 1})]
)
@pytest.mark.parametrize("encoded", [False, None])
def test_plain_keys(key, expected, encoded):
    assert checked(f"archive,{key}", encoded=encoded)[0] == expected


def test_objects_buckets_and_versions():
    fields = ("Ignore", "Bucket", "Key", "VersionId")
    counts, objects, checker, _examples = checked("x,archive,a,1", "x,archive,a,2", "x,archive,b,", fields=fields)
    assert counts == {}
    assert [tuple(item) for item in objects] == [("archive", "a", "1"), ("archive", "a", "2"), ("archive", "b", "")]
    assert (checker.rows, checker.versions, dict(checker.buckets)) == (3, 2, {"archive": 3})


def test_expected_buckets():
    assert checked("archive,a", "other,a", "third,a", expected=["other", "third"])[0] == {"foreign_bucket": 1}


def test_examples_are_few_escaped_and_short():
    text = "a\u202e" + "x" * 3000
    _counts, _objects, _checker, examples = checked(*(f"archive,{text}{number}" for number in range(FIRST + 5)))
    [finding] = examples.found()
    assert (finding["count"], len(finding["first"])) == (FIRST + 5, FIRST)
    assert all(item.isprintable() and len(item) < 300 for item in finding["first"])
    assert finding["first"][0].startswith("row 1: archive,a\\u202e")


def test_a_number_of_zero_removes_a_finding():
    examples = Examples()
    examples.add("duplicate", "x")
    examples.count("duplicate", 0)
    assert examples.found() == []


def test_many_buckets_are_counted_together(monkeypatch):
    monkeypatch.setattr(row_findings, "_MOST_BUCKETS", 2)
    buckets = checked("one,a", "two,a", "three,a", "four,a", "one,b")[2].buckets
    assert buckets == {"one": 2, "two": 1, row_findings.MORE: 2}
