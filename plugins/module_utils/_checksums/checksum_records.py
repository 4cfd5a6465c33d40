# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the checksum in a row of a report, and convert records to lines that sort by object.

Source: Amazon S3 User Guide, "Examples: completion reports" (Compute checksum task report). Private to this collection.
"""

from __future__ import annotations

import csv
import io
import json
import re
import typing as t
from urllib.parse import unquote

from . import checksum_values

COLUMNS: t.Final = ("bucket", "key", "version_id", "algorithm", "type", "value")
"""The columns of a written file, and the names in a JSON line."""
REQUIRED: t.Final = frozenset({"bucket", "key", "algorithm", "value"})
"""The columns that a file with expected values must have."""
_ESCAPED: t.Final = re.compile(r"[\\\t\n\r]")
_ESCAPES: t.Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPED: t.Final = re.compile(r"\\(.)")
_ORIGINAL: t.Final = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_QUOTED: t.Final = re.compile('[",\r\n]')
EXPECTED: t.Final = b"0"
FOUND: t.Final = b"1"
"""Which side a line is of: the expected values, or the report."""


class Record(t.NamedTuple):
    """The checksum of an object.

    :param key: decoded, so it is the key of the object.
    :param version: empty for the latest version.
    :param kind: FULL_OBJECT or COMPOSITE; empty if unknown.
    :param value: in canonical form.
    """

    bucket: str
    key: str
    version: str
    algorithm: str
    kind: str
    value: str


def decoded_key(key: str) -> str:
    """Return the key of the object that a report names by its URL-encoded key; invalid UTF-8 is kept."""
    return unquote(key, errors="surrogateescape") if "%" in key else key


def version_of(text: str) -> str:
    """Return the version of a row; empty if the row has none. In a versioned bucket, null is a version."""
    return "" if text == "\\N" else text


def parse_message(message: str) -> tuple[str, str, str]:
    """Return the algorithm, the type, and the canonical value in the message of a row.

    :raises ChecksumError: the message contains no checksum, or contradicts itself.
    """
    try:
        content = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise checksum_values.ChecksumError("the message is not JSON") from error
    if not isinstance(content, dict):
        raise checksum_values.ChecksumError("the message is not a JSON object")
    algorithm = checksum_values.algorithm(_text(content, "checksumAlgorithm"))
    kind = checksum_values.kind(_text(content, "checksumType"))
    texts = [text for text in (_text(content, "checksum_base64"), _text(content, "checksum_hex")) if text]
    if not texts:
        raise checksum_values.ChecksumError("the message has no checksum_base64 and no checksum_hex")
    if algorithm not in checksum_values.SIZES:
        return algorithm, kind, checksum_values.canonical(algorithm, texts[0])
    values = {checksum_values.canonical(algorithm, text) for text in texts}
    if len(values) > 1:
        raise checksum_values.ChecksumError("checksum_base64 and checksum_hex differ")
    return algorithm, kind, values.pop()


def _text(content: t.Mapping[str, t.Any], name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str):
        raise checksum_values.ChecksumError(f"{name} is not text")
    return value


def sort_line(record: Record, side: bytes) -> bytes:
    """Return a line that sorts next to all other lines of the same object and algorithm.

    :raises UnicodeEncodeError: a text is no sequence of bytes.
    """
    bucket, key, version, algorithm, kind, value = record
    if _ESCAPED.search(bucket + key + version):
        bucket, key, version = (_ESCAPED.sub(lambda sign: _ESCAPES[sign[0]], text) for text in (bucket, key, version))
    return (
        f"{bucket}\t{key}\t{version}\t{algorithm}\t".encode("utf-8", "surrogateescape")
        + side
        + f"\t{kind}\t{value}\n".encode()
    )


def record_of(line: bytes) -> Record:
    """Return the record of a sorted line."""
    cells = line[:-1].decode("utf-8", "surrogateescape").split("\t")
    if b"\\" in line:
        cells = [_UNESCAPED.sub(lambda sign: _ORIGINAL[sign[1]], cell) for cell in cells]
    bucket, key, version, algorithm, _side, kind, value = cells
    return Record(bucket, key, version, algorithm, kind, value)


def head(output: str) -> bytes:
    """Return the first line of a written file; empty if the format has none.

    :param output: csv or jsonl.
    """
    return (",".join(COLUMNS) + "\n").encode() if output == "csv" else b""


def output_line(record: Record, output: str) -> bytes:
    """Return a record as a line of a written file.

    :param output: csv or jsonl.
    """
    cells = (*record[:5], checksum_values.base64_of(record.algorithm, record.value))
    if output == "jsonl":
        # Half a character stands for a byte that is not UTF-8. JSON holds it as an escape.
        return (json.dumps(dict(zip(COLUMNS, cells))) + "\n").encode()
    if not _QUOTED.search("".join(cells)):
        return (",".join(cells) + "\n").encode("utf-8", "surrogateescape")
    buffer = io.StringIO()
    # All cells: before Python 3.10, the csv module leaves a carriage return without quotes.
    csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return buffer.getvalue().encode("utf-8", "surrogateescape")
