# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognize the header row of a CSV file, such as the one that Athena writes.

A manifest has no header row: a job would read it as an object. Private to this collection.
"""

from __future__ import annotations

import typing as t

_NAMES: t.Final = {
    "Bucket": frozenset({"bucket", "bucketname", "s3bucket"}),
    "Key": frozenset({"key", "object", "objectkey", "objectname", "name", "s3key"}),
    "VersionId": frozenset({"versionid", "version", "objectversion"}),
}
"""Column to the names that it has in headers, in lower case and without separators."""


def is_header(row: t.Sequence[str], fields: t.Sequence[str]) -> bool:
    """Whether a row names its columns. Columns to ignore can have any name."""
    named = [(_NAMES[field], cell) for field, cell in zip(fields, row) if field in _NAMES]
    return bool(named) and all(_plain(cell) in names for names, cell in named)


def _plain(cell: str) -> str:
    return "".join(letter for letter in cell.lower() if letter not in " _-")
