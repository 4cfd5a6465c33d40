# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of reports: columns by what stands in them, counts that lose nothing."""

from __future__ import annotations

import io

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_manifest import UnrecognizedFormatError
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_rows import (
    MORE,
    MOST_CODES,
    Batch,
    ResultCounter,
    batches,
    layout,
    read,
)

AWS = ("Bucket", "Key", "VersionId", "TaskStatus", "ErrorCode", "HTTPStatusCode", "ResultMessage")
SEEN = ["b", "a%2520b", "null", "failed", "403", "AccessDenied", "no"]
DECLARED = ["b", "a", "", "failed", "AccessDenied", "403", "no"]


@pytest.mark.parametrize("row", [SEEN, DECLARED], ids=["as seen", "as declared"])
@pytest.mark.parametrize("names", [AWS, ()], ids=["declared", "not declared"])
def test_status_and_code_are_told_by_what_they_are(row, names):
    found, header = layout(names, row)
    task = read(found, row)
    assert (header, task.code, task.http_status, task.succeeded) == (False, "AccessDenied", 403, False)


def test_empty_cells_are_unknown():
    found, _header = layout(AWS, SEEN)
    task = read(found, ["b", "k", "", "succeeded", "", "", ""])
    assert (task.code, task.http_status, task.succeeded) == ("", None, True)


def test_a_header_is_no_task():
    header = ["Object Name", "Task Status", "Error Message"]
    found, is_header = layout((), header)
    assert (is_header, found.key, found.task, found.message, found.width) == (True, 0, 1, 2, 3)
    # An object may be called like a column; its row has a status all the same.
    assert not layout(AWS, ["key", "status", "", "failed", "", "", "Status"])[1]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        (("Color", "Size"), SEEN),
        (AWS, SEEN[:-1]),
        (AWS, [*SEEN[:3], "perhaps", *SEEN[4:]]),
        (AWS, ["b", "", *SEEN[2:]]),
    ],
)
def test_what_does_not_fit_is_not_guessed_at(names, row):
    with pytest.raises(UnrecognizedFormatError):
        layout(names, row)


def test_batches_read_quotes_line_breaks_and_skip_empty_lines():
    text = 'b,"a\r\nb",,failed,500,X,"say ""no"""\r\n\r\nb,c,,failed,500,X,y\r\n'
    [batch] = batches(io.StringIO(text, newline=""))
    assert [row[1] for row in batch.rows] == ["a\r\nb", "c"]
    assert batch.rows[0][-1] == 'say "no"'
    assert batch.broken


def test_codes_without_end_are_put_together():
    found, _header = layout(AWS, SEEN)
    tally = ResultCounter(found, 5)
    count = 3 * MOST_CODES
    for start in range(0, count, 700):
        rows = [
            ["b", "k", "", "failed", "500", f"Code{number}", ""] for number in range(start, min(count, start + 700))
        ]
        tally.add(Batch([*rows, ["b", "k", "", "succeeded", "200", "", ""], ["too", "short"]], False))
    turns = -(-count // 700)
    groups = tally.groups()
    assert len(groups) <= MOST_CODES + 2
    assert (tally.rows, tally.malformed, len(tally.failed)) == (count + turns, turns, 5)
    assert sum(number for task, number in groups if task.succeeded) == turns
    assert sum(number for task, number in groups if not task.succeeded) == count
    assert any(task.code == MORE for task, _number in groups)
