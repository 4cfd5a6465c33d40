# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the lines of CSV manifests, and treat sorted lines as sets. Private to this collection."""

from __future__ import annotations

import bisect
import csv
import dataclasses
import io
import itertools
import re
import typing as t

NO_VERSION: t.Final = frozenset({"", "null", "\\N"})
"""How reports show that a manifest row has no version; null is also a version of a versioned bucket."""
_PLAIN: t.Final = re.compile('[^",\r\n]+')
_BLOCK: t.Final = 2**16
"""Bytes of a run that are merged at once."""
_LINES: t.Final = 1000
"""Lines of a run in memory that are merged at once."""


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


def original_lines(rows: t.Iterable[t.Sequence[str]], fields: t.Sequence[str]) -> t.Iterator[t.Optional[Line]]:
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
    """Yield the lines of sorted runs, sorted and without duplicates.

    Blocks of lines are sorted together, which is several times faster than comparing the runs line by line. A block
    is used up to the smallest last line of all blocks, because later lines of every run are greater.
    """
    sources = [_blocks(run) for run in runs]
    blocks = [next(source, []) for source in sources]
    previous = b""
    while True:
        live = [number for number, block in enumerate(blocks) if block]
        if not live:
            return
        bound = min(blocks[number][-1] for number in live)
        taken: list[bytes] = []
        for number in live:
            block = blocks[number]
            end = bisect.bisect_right(block, bound)
            taken += block[:end]
            blocks[number] = block[end:] or next(sources[number], [])
        taken.sort()
        yield from (line for line, _same in itertools.groupby(taken) if line != previous)
        previous = bound


def _blocks(run: t.Iterable[bytes]) -> t.Iterator[list[bytes]]:
    """Yield the lines of a run in lists."""
    if isinstance(run, io.BufferedIOBase):
        yield from iter(lambda: run.readlines(_BLOCK), [])
        return
    lines = iter(run)
    yield from iter(lambda: list(itertools.islice(lines, _LINES)), [])


def without(lines: t.Iterable[bytes], gone: t.Iterable[bytes]) -> t.Iterator[bytes]:
    """Yield the lines that are not in others; both are sorted and have no duplicates."""
    rest = iter(gone)
    other = next(rest, None)
    for line in lines:
        while other is not None and other < line:
            other = next(rest, None)
        if other != line:
            yield line
