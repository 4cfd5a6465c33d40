# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and count the rows of a completion report.

A report can have millions of rows. They are counted in batches, and only new kinds of rows are read one by one.
Private to this collection.
"""

from __future__ import annotations

import collections
import csv
import dataclasses
import itertools
import operator
import re
import typing as t

from . import report_manifest

BATCH: t.Final = 4000
MOST_CODES: t.Final = 1000
"""Maximum number of different codes that are counted separately."""
MORE: t.Final = "(more codes)"
SUCCEEDED: t.Final = frozenset({"succeeded", "success", "successful"})
FAILED: t.Final = frozenset({"failed", "failure", "fail"})
_AWS: t.Final = ("Bucket", "Key", "VersionId", "TaskStatus", "HTTPStatusCode", "ErrorCode", "ResultMessage")
_NAMES: t.Final = {
    "bucket": "bucket",
    "key": "key",
    "object": "key",
    "objectname": "key",
    "name": "key",
    "versionid": "version",
    "taskstatus": "task",
    "status": "task",
    "errorcode": "code",
    "httpstatuscode": "http",
    "statuscode": "http",
    "resultmessage": "message",
    "errormessage": "message",
    "errordescription": "message",
    "message": "message",
}
_STATUS: t.Final = re.compile("[1-5][0-9]{2}")

Row = list[str]


@dataclasses.dataclass(frozen=True)
class Layout:
    """The index of each column; None if a report has no such column.

    :param width: how many columns there are.
    """

    width: int
    key: int
    task: int
    bucket: t.Optional[int] = None
    version: t.Optional[int] = None
    code: t.Optional[int] = None
    http: t.Optional[int] = None
    message: t.Optional[int] = None


@dataclasses.dataclass(frozen=True)
class ObjectOperation:
    """One row. Texts are unchanged from the report."""

    bucket: str
    key: str
    version: str
    succeeded: bool
    code: str
    http_status: t.Optional[int]
    message: str


def layout(names: t.Sequence[str], first: Row) -> tuple[Layout, bool]:
    """Return the layout of the columns, and whether the first row is a header.

    :param names: the declared or given names; empty if unknown.
    :raises UnrecognizedFormatError: the columns are not recognized.
    """
    header = _by_name(first) is not None and not {word.lower() for word in first} & (SUCCEEDED | FAILED)
    chosen = first if header else names or _AWS
    found = _by_name(chosen)
    if found is None:
        shown = ", ".join(repr(name[:40]) for name in chosen[:20])
        raise report_manifest.UnrecognizedFormatError(
            f"no column for the key or the task status. Columns found: {shown}"
        )
    if not header:
        _check(found, first)
    return found, header


def known(names: t.Sequence[str]) -> bool:
    """Whether column names include the key and the task status."""
    return _by_name(names) is not None


@dataclasses.dataclass(frozen=True)
class Batch:
    """Consecutive rows.

    :param broken: whether any of them has several lines.
    """

    rows: list[Row]
    broken: bool


def batches(lines: t.Iterable[str]) -> t.Iterator[Batch]:
    """Yield the rows of a CSV file in batches, without empty lines.

    :raises UnrecognizedFormatError: the file is not valid CSV.
    """
    reader = csv.reader(lines)
    read = 0
    while True:
        try:
            rows = list(itertools.islice(reader, BATCH))
        except csv.Error as error:
            raise report_manifest.UnrecognizedFormatError(
                f"line {reader.line_num} is not valid CSV ({error})"
            ) from error
        if not rows:
            return
        broken = reader.line_num - read != len(rows)
        read = reader.line_num
        rows = rows if all(rows) else [row for row in rows if row]
        if rows:
            yield Batch(rows, broken)


def swallowed(layout: Layout, batch: Batch) -> int:
    """Return how many rows an unmatched quote has merged into the previous row.

    An unmatched quote merges all lines up to the next quote into one cell. A message can also have several lines (for
    example, the result of a function), but its lines are not rows.
    """
    if not batch.broken:
        return 0
    return sum(_rows_within(layout, row) for row in batch.rows if any("\n" in cell or "\r" in cell for cell in row))


def _rows_within(layout: Layout, row: Row) -> int:
    """Return how many lines of a row, without the first, look like separate rows."""
    try:
        lines = list(csv.reader(re.split("\r\n|\r|\n", ",".join(row))[1:]))
    except csv.Error:
        return 1
    return sum(
        len(cells) >= layout.width and cells[layout.task].strip().lower() in SUCCEEDED | FAILED for cells in lines
    )


class ResultCounter:
    """The totals of all rows of all files.

    :param malformed: rows with an unexpected number of columns, or merged into another row.
    """

    def __init__(self, layout: Layout, limit: int) -> None:
        """Start with no rows.

        :param limit: how many failed tasks are kept.
        """
        self.layout = layout
        self.malformed = 0
        self.failed: list[ObjectOperation] = []
        self.samples: dict[tuple[str, ...], ObjectOperation] = {}
        self.counts: collections.Counter[tuple[str, ...]] = collections.Counter()
        self._limit = limit
        columns = [index for index in (layout.task, layout.code, layout.http) if index is not None]
        # With one index itemgetter returns no tuple.
        self._kind: t.Callable[[Row], tuple[str, ...]] = operator.itemgetter(*columns, layout.task)

    def add(self, batch: Batch) -> list[Row]:
        """Count rows, and return the well-formed ones."""
        self.malformed += swallowed(self.layout, batch)
        rows = batch.rows
        if set(map(len, rows)) - {self.layout.width}:
            whole = [row for row in rows if len(row) == self.layout.width]
            self.malformed += len(rows) - len(whole)
            rows = whole
        before = len(self.counts)
        self.counts.update(map(self._kind, rows))
        if len(self.counts) > before:
            self._sample(rows)
        if len(self.failed) < self._limit:
            tasks = (read(self.layout, row) for row in rows if row[self.layout.task].lower() not in SUCCEEDED)
            self.failed.extend(itertools.islice(tasks, self._limit - len(self.failed)))
        return rows

    def groups(self) -> list[tuple[ObjectOperation, int]]:
        """Return a task of each kind with its count; failed tasks first, highest count first."""
        merged: dict[tuple[bool, str, t.Optional[int]], tuple[ObjectOperation, int]] = {}
        for kind, count in self.counts.items():
            task = self.samples[kind]
            name = (task.succeeded, task.code, task.http_status)
            merged[name] = (merged[name][0] if name in merged else task, merged.get(name, (task, 0))[1] + count)
        return sorted(merged.values(), key=lambda item: (item[0].succeeded, -item[1], item[0].code))

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return sum(self.counts.values())

    def _sample(self, rows: list[Row]) -> None:
        for row in rows:
            kind = self._kind(row)
            if kind not in self.samples:
                if len(self.samples) >= MOST_CODES:
                    self._fold()
                    return
                self.samples[kind] = read(self.layout, row)

    def _fold(self) -> None:
        """Combine the kinds beyond the maximum number."""
        for kind in [kind for kind in self.counts if kind not in self.samples]:
            task = kind[0].lower()
            other = (task, MORE)
            self.samples.setdefault(other, ObjectOperation("", "", "", task in SUCCEEDED, MORE, None, ""))
            self.counts[other] += self.counts.pop(kind)


def read(layout: Layout, row: Row) -> ObjectOperation:
    """Return a row as a task.

    S3 writes status and code in a different order than it declares, so a value that looks like a status is the status.
    """
    code, http = _cell(row, layout.code), _cell(row, layout.http)
    if not _STATUS.fullmatch(http) and _STATUS.fullmatch(code):
        code, http = http, code
    return ObjectOperation(
        _cell(row, layout.bucket),
        row[layout.key],
        _cell(row, layout.version),
        row[layout.task].lower() in SUCCEEDED,
        code,
        int(http) if _STATUS.fullmatch(http) else None,
        _cell(row, layout.message),
    )


def _cell(row: Row, index: t.Optional[int]) -> str:
    return "" if index is None else row[index]


def _by_name(names: t.Sequence[str]) -> t.Optional[Layout]:
    """Return the layout for column names; None if they are not recognized."""
    known = [_NAMES.get(re.sub("[^a-z]", "", name.lower()), "") for name in names]
    index = {name: number for number, name in reversed(list(enumerate(known))) if name}
    if "key" not in index or "task" not in index:
        return None
    return Layout(len(names), **index)


def _check(found: Layout, row: Row) -> None:
    """Reject columns that do not match the first row."""
    if len(row) != found.width:
        raise report_manifest.UnrecognizedFormatError(
            f"expected {found.width} columns in the first row, found {len(row)}"
        )
    word = row[found.task].lower()
    if word not in SUCCEEDED | FAILED:
        raise report_manifest.UnrecognizedFormatError(
            f"expected succeeded or failed as the task status, found {row[found.task][:40]!r}"
        )
    if not row[found.key]:
        raise report_manifest.UnrecognizedFormatError("the first row has no key")
