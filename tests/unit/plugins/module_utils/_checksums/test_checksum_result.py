# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says about checksums."""

from __future__ import annotations

from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_comparison import Comparison
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_records import (
    EXPECTED,
    FOUND,
    Record,
    sort_line,
)
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_result import (
    Output,
    Rows,
    malformed_row,
    message,
    render_checksums,
    render_diff,
    warnings,
)

HOSTILE = "a\u202e\n{{ x }}"


def comparison(compared=True):
    made = Comparison(compared, 5)
    lines = [sort_line(Record("b", HOSTILE, "", "CRC32", "", "00000000"), EXPECTED)] if compared else []
    lines.append(sort_line(Record("b", HOSTILE, "", "CRC32", "", "11111111"), FOUND))
    list(made.lines(lines, "csv"))
    return made


def test_a_comparison():
    rows = Rows(added=3, without=1, malformed=2, first=[malformed_row("b", HOSTILE, "", "why")])
    made = comparison()
    result = render_checksums(rows, made, Output())
    assert (result["count"], result["duplicates"], result["without_checksum"], result["outcome"]) == (1, 2, 1, None)
    assert (result["matched"], result["expected"], result["different"]["count"]) == (0, 1, 1)
    [different] = result["different"]["first"]
    assert (different["expected"], different["found"]) == (["AAAAAA=="], ["EREREQ=="])
    shown = "a\\u202e\\n{{ x }}"
    assert different["key"] == result["malformed"]["first"][0]["key"] == shown
    text = message(rows, made, Output())
    assert "1 checksum in the report. Compared with the expected values: 0 matched, 0 missing, 1 different" in text
    assert "1 failed task has no checksum." in text and len(warnings(rows, made)) == 2


def test_without_a_comparison_nothing_is_said_about_it():
    result = render_checksums(Rows(added=1), comparison(False), Output())
    assert [result[name] for name in ("matched", "expected", "missing", "different", "additional")] == [None] * 5
    assert "Compared" not in message(Rows(added=1), comparison(False), Output())


def test_a_written_file():
    output = Output(path="/srv/x", output="csv", outcome="changed", lines=(b"head\n", b"a\xff\n"), count=9, before=True)
    assert "1 checksum in the report, written to /srv/x." in message(Rows(added=1), comparison(False), output)
    [diff] = render_diff(output)
    assert diff["before_header"] == "/srv/x (different content)"
    assert diff["after"] == "head\na\\udcff\n... and 7 more\n"
    assert render_diff(Output(path="/srv/x", outcome="unchanged")) == []
    result = render_checksums(Rows(added=1), comparison(False), output)
    assert (result["path"], result["bucket"], result["format"], result["outcome"]) == ("/srv/x", None, "csv", "changed")
