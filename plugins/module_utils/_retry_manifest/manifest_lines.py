# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert report rows to manifest lines: select the object operations to retry, and write their objects.

Keys are copied unchanged from the report, which has the keys of the manifest. Decoding and encoding them again could
change them. Private to this collection.
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
"""How reports show that a manifest row has no version; null is also a version of a versioned bucket."""
NOTHING: t.Final = "none"
"""The option value for retrying no task."""
_PLAIN: t.Final = re.compile('[^",\r\n]+')


@dataclasses.dataclass(frozen=True)
class Choice:
    """The failed tasks to retry.

    :param retry_classes: keys of failure_codes.RETRY_CLASSES, or NOTHING.
    :param include: codes that are always retried.
    :param exclude: codes that are never retried, even if they are in include.
    """

    retry_classes: frozenset[str]
    include: frozenset[str]
    exclude: frozenset[str]

    @property
    def nothing(self) -> bool:
        """Whether nothing is retried."""
        return NOTHING in self.retry_classes

    def takes(self, task: report_rows.ObjectOperation) -> bool:
        """Whether a failed task is retried."""
        if self.nothing or task.code in self.exclude:
            return False
        return (
            task.code in self.include
            or failure_codes.classify(task.code, task.http_status, task.message) in self.retry_classes
        )


@dataclasses.dataclass(frozen=True)
class Line:
    """An object in a manifest.

    :param version: empty for the latest version.
    """

    bucket: str
    key: str
    version: str = ""

    def text(self, quotes: bool) -> t.Optional[bytes]:
        """Return the line with its line break, None if a manifest cannot contain it.

        :param quotes: whether the provider supports quoted cells.
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
    """Return the object of a task. In a versioned bucket, null is the version from before versioning was enabled."""
    version = "" if task.version in ("", "\\N") else task.version
    return Line(task.bucket, task.key, version)


def original_lines(rows: t.Iterable[report_rows.Row], fields: t.Sequence[str]) -> t.Iterator[t.Optional[Line]]:
    """Yield the objects of a manifest, None for a malformed row.

    :param fields: the column names of the provider.
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
    """Yield the lines of sorted runs, sorted and without duplicates."""
    return (line for line, _same in itertools.groupby(heapq.merge(*runs)))


def without(lines: t.Iterable[bytes], gone: t.Iterable[bytes]) -> t.Iterator[bytes]:
    """Yield the lines that are not in others; both are sorted and have no duplicates."""
    rest = iter(gone)
    other = next(rest, None)
    for line in lines:
        while other is not None and other < line:
            other = next(rest, None)
        if other != line:
            yield line
