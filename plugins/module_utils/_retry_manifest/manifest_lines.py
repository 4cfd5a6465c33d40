# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn rows of a report into lines of a manifest: which object operations are retried, and how their objects are
written.

Keys are copied as they stand in the report, where they are those of the manifest: decoding and encoding them again is
where other keys come from. Private to this collection.
"""

from __future__ import annotations

import csv
import dataclasses
import heapq
import io
import itertools
import re
import typing as t

from .._report import failure_codes, report_rows

NO_VERSION: t.Final = frozenset({"", "null", "\\N"})
"""How reports write that a row of the manifest named no version; null is a version, too, of a versioned bucket."""
NOTHING: t.Final = "nothing"
"""The word for a choice of no task at all."""
_PLAIN: t.Final = re.compile('[^",\r\n]+')


@dataclasses.dataclass(frozen=True)
class Choice:
    """Which failed tasks are tried again.

    :param again: verdicts of _codes.judge, or NOTHING.
    :param include: codes that are tried again in any case.
    :param exclude: codes that are not; they win.
    """

    again: frozenset[str]
    include: frozenset[str]
    exclude: frozenset[str]

    @property
    def nothing(self) -> bool:
        """Whether nothing is tried again."""
        return NOTHING in self.again

    def takes(self, task: report_rows.ObjectOperation) -> bool:
        """Whether a failed task is tried again."""
        if self.nothing or task.code in self.exclude:
            return False
        return (
            task.code in self.include or failure_codes.classify(task.code, task.http_status, task.message) in self.again
        )


@dataclasses.dataclass(frozen=True)
class Line:
    """An object, as a manifest names it.

    :param version: empty for whichever is the latest.
    """

    bucket: str
    key: str
    version: str = ""

    def text(self, quotes: bool) -> t.Optional[bytes]:
        """Return the line with its end, None where no manifest can hold it.

        :param quotes: whether the cloud reads quoted cells.
        """
        cells = [self.bucket, self.key, *([self.version] if self.version else [])]
        if all(_PLAIN.fullmatch(cell) for cell in cells):
            return (",".join(cells) + "\n").encode("utf-8", "surrogateescape")
        if not quotes or not self.bucket or not self.key or any(set(cell) & {"\r", "\n"} for cell in cells):
            return None
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerow(cells)
        return buffer.getvalue().encode("utf-8", "surrogateescape")


def line_of(task: report_rows.ObjectOperation) -> Line:
    """Return the object of a task. In a versioned bucket null is the version of what was there before."""
    version = "" if task.version in ("", "\\N") else task.version
    return Line(task.bucket, task.key, version)


def original_lines(rows: t.Iterable[report_rows.Row], fields: t.Sequence[str]) -> t.Iterator[t.Optional[Line]]:
    """Yield the objects of a manifest, None for a row of another form.

    :param fields: the names of its columns, by the cloud's own words.
    """
    index = {name: number for number, name in enumerate(fields) if name != "Ignore"}
    version = index.get("VersionId")
    for row in rows:
        if len(row) != len(fields):
            yield None
        else:
            found = row[version] if version is not None else ""
            yield Line(row[index["Bucket"]], row[index["Key"]], "" if found == "\\N" else found)


def merged(runs: t.Sequence[t.Iterable[bytes]]) -> t.Iterator[bytes]:
    """Yield the lines of sorted runs, sorted, each once."""
    return (line for line, _same in itertools.groupby(heapq.merge(*runs)))


def without(lines: t.Iterable[bytes], gone: t.Iterable[bytes]) -> t.Iterator[bytes]:
    """Yield the lines that are not among others; both are sorted and hold each line once."""
    rest = iter(gone)
    other = next(rest, None)
    for line in lines:
        while other is not None and other < line:
            other = next(rest, None)
        if other != line:
            yield line
