# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of manifests: keys byte for byte, sets as merged runs."""

from __future__ import annotations

import random

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import manifest_lines
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.manifest_lines import (
    Line,
    merged,
    original_lines,
    without,
)


@pytest.mark.parametrize(
    ("line", "quoted", "bare"),
    [
        (Line("b", "a%2520b"), b"b,a%2520b\n", b"b,a%2520b\n"),
        (Line("b", "k", "v1"), b"b,k,v1\n", b"b,k,v1\n"),
        (Line("b", "a,b"), b'b,"a,b"\n', None),
        (Line("b", 'say "no"'), b'b,"say ""no"""\n', None),
        (Line("b", "a\nb"), None, None),
        (Line("b", "a\rb"), None, None),
        (Line("b", ""), None, None),
        (Line("", "k"), None, None),
        (Line("b", b"\xff\xfe".decode("utf-8", "surrogateescape")), b"b,\xff\xfe\n", b"b,\xff\xfe\n"),
        (Line("b", "\xe9"), "b,\xe9\n".encode(), "b,\xe9\n".encode()),
    ],
)
def test_lines(line, quoted, bare):
    assert (line.text(True), line.text(False)) == (quoted, bare)


def test_runs_are_merged_and_subtracted_as_sets():
    dice = random.Random(7)
    for _turn in range(200):
        runs = [sorted(b"%d\n" % dice.randrange(30) for _item in range(dice.randrange(20))) for _run in range(3)]
        gone = {b"%d\n" % dice.randrange(30) for _item in range(dice.randrange(20))}
        every = {line for run in runs for line in run}
        assert list(merged(runs)) == sorted(every)
        assert list(without(merged(runs), sorted(gone))) == sorted(every - gone)


def test_rows_of_a_manifest_by_its_columns():
    rows = [["x", "b", "k", "\\N"], ["x", "b", "k", "v"], ["b", "k"]]
    fields = ["Ignore", "Bucket", "Key", "VersionId"]
    assert list(original_lines(rows, fields)) == [Line("b", "k"), Line("b", "k", "v"), None]


def test_equal_lines_at_the_ends_of_blocks_come_once(monkeypatch):
    """Also within a run, and where a block ends between two equal lines."""
    monkeypatch.setattr(manifest_lines, "_LINES", 2)
    runs = [[b"a\n", b"b\n", b"b\n", b"b\n", b"c\n"], [b"b\n", b"b\n", b"d\n"], []]
    assert list(merged(runs)) == [b"a\n", b"b\n", b"c\n", b"d\n"]
