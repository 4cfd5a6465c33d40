# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split the lines of a manifest into cells. Private to this collection."""

from __future__ import annotations

import csv
import dataclasses
import typing as t

BOM: t.Final = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of a manifest.

    :param number: from 1, over all files.
    :param cells: None for a line that is not valid CSV; empty for an empty line.
    """

    number: int
    text: str
    cells: t.Optional[list[str]]


def cells(text: str, quotes: bool) -> t.Optional[list[str]]:
    """Return the cells of a line, None for a line that is not valid CSV.

    :param quotes: whether quotes have the meaning that they have in CSV files.
    """
    if not text:
        return []
    if not quotes or '"' not in text:
        return text.split(",")
    try:
        found = list(csv.reader([text], strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def with_bom(parts: t.Iterable[bytes]) -> t.Iterator[bytes]:
    """Yield parts so that a reader that removes a byte order mark keeps the one of the file.

    A job reads the mark as a part of the first bucket name.
    """
    start = b""
    rest = iter(parts)
    for part in rest:
        start += part
        if len(start) >= len(BOM):
            break
    if start.startswith(BOM):
        start = BOM + start
    if start:
        yield start
    yield from rest


def with_app_id(row: list[str], bucket: int, app_id: int) -> list[str]:
    """Return the cells of an inventory of COS with the full name of the bucket, which ends with the APPID."""
    name, suffix = row[bucket], f"-{row[app_id]}"
    if not row[app_id].isdigit() or name.endswith(suffix):
        return row
    return [*row[:bucket], name + suffix, *row[bucket + 1 :]]
