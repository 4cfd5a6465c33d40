# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a file of expected checksums, CSV or JSON Lines. A row that is not valid is an error, and never ignored.

Private to this collection.
"""

from __future__ import annotations

import csv
import json
import typing as t

from .._core import errors, validation
from . import checksum_records, checksum_values

_OPTION: t.Final = "checksums.expected"


def records(lines: t.Iterator[str], path: str) -> t.Iterator[checksum_records.Record]:
    """Yield the expected checksums.

    :param lines: of the file, with their line ends.
    :param path: for messages.
    :raises OptionError: the file has no rows, or a row that is not valid.
    """
    first = next((line for line in lines if line.strip()), "")
    found = _json_rows(first, lines, path) if first.lstrip().startswith("{") else _csv_rows(first, lines, path)
    count = 0
    for number, cells in found:
        count += 1
        try:
            yield _record(cells)
        except (checksum_values.ChecksumError, UnicodeError) as error:
            text = "a text has half a character" if isinstance(error, UnicodeError) else str(error)
            raise _refusal(path, f"row {number}: {text}") from error
    if not count:
        raise _refusal(path, "it has no rows")


def _record(cells: t.Mapping[str, str]) -> checksum_records.Record:
    bucket, key, version = (cells.get(name, "") for name in ("bucket", "key", "version_id"))
    if not bucket or not key:
        raise checksum_values.ChecksumError("bucket and key must not be empty")
    for text in (bucket, key, version):
        text.encode("utf-8", "surrogateescape")
    algorithm = checksum_values.algorithm(cells["algorithm"])
    value = checksum_values.canonical(algorithm, cells["value"].strip())
    kind = checksum_values.kind(cells.get("type", ""))
    return checksum_records.Record(bucket, key, checksum_records.version_of(version), algorithm, kind, value)


def _csv_rows(first: str, lines: t.Iterator[str], path: str) -> t.Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(_again(first, lines), strict=True)
    number = 0
    try:
        names = next(reader, [])
        _check_names(names, path)
        for number, cells in enumerate(reader, 1):
            if cells and len(cells) != len(names):
                raise _refusal(path, f"row {number} has {len(cells)} columns, and the header has {len(names)}")
            if cells:
                yield number, dict(zip(names, cells))
    except csv.Error as error:
        raise _refusal(path, f"the row after row {number} is not valid CSV ({error})") from error


def _again(first: str, lines: t.Iterator[str]) -> t.Iterator[str]:
    yield first
    yield from lines


def _json_rows(first: str, lines: t.Iterator[str], path: str) -> t.Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(_again(first, lines), 1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _refusal(path, f"row {number} is not valid JSON") from error
        if not isinstance(cells, dict) or not all(isinstance(value, str) for value in cells.values()):
            raise _refusal(path, f"row {number} must be a JSON object whose values are texts")
        _check_names(list(cells), path)
        yield number, cells


def _check_names(names: t.Sequence[str], path: str) -> None:
    lacking = sorted(checksum_records.REQUIRED - set(names))
    unknown = sorted(set(names) - set(checksum_records.COLUMNS))
    if lacking:
        raise _refusal(path, f"it has no column {lacking[0]}")
    if unknown:
        raise _refusal(path, f"its column {unknown[0][:40]!r} is unknown")
    if len(set(names)) < len(names):
        raise _refusal(path, "a column has the same name as another one")


def _refusal(path: str, why: str) -> errors.OptionError:
    rule = "must be the path of a CSV file with a header, or of a JSON Lines file,"
    rule += f" with the columns {', '.join(checksum_records.COLUMNS)}"
    return validation.invalid_value(_OPTION, path, rule, f"The file cannot be used: {why}. No changes were made.")
