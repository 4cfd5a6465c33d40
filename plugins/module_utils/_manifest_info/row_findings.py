# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find what is wrong with the rows of a manifest, in bounded memory. Private to this collection."""

from __future__ import annotations

import collections
import hashlib
import re
import typing as t
from urllib.parse import unquote, unquote_to_bytes

from .._core import display, validation
from .._manifest import header_rows, manifest_rows, row_encoder

Finding = t.Literal[
    "header_row",
    "wrong_encoding",
    "duplicate",
    "foreign_bucket",
    "empty_line",
    "malformed_row",
    "missing_object",
    "archived",
    "not_archived",
    "restore_in_progress",
    "empty_manifest",
]
FINDINGS: t.Final[tuple[str, ...]] = t.get_args(Finding)
FIRST: t.Final = 10
"""Examples of each finding."""
_TEXT: t.Final = 200
"""Characters of an example."""
_ROW: t.Final = 130
"""Characters of a row before what is wrong with it."""
_MOST_BUCKETS: t.Final = 1000
MORE: t.Final = "more buckets"
_REMEMBERED: t.Final = 200_000
"""Rows among which duplicates are named; the number of duplicates is that of all rows."""
_DIGEST: t.Final = 16
_SAFE: t.Final = re.compile(r"[A-Za-z0-9\-_.~/]+", re.ASCII)
_NO_ESCAPE: t.Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NO_VERSION: t.Final = ("", "\\N")


class Examples:
    """The number of each finding, and its first examples."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter()
        self._first: dict[str, list[str]] = {}

    def add(self, finding: Finding, example: str) -> None:
        """Count one finding.

        :param example: text of other users; it is escaped and truncated here.
        """
        self._counts[finding] += 1
        first = self._first.setdefault(finding, [])
        if len(first) < FIRST:
            first.append(display.escape(display.truncate(example, _TEXT)))

    def count(self, finding: Finding, number: int) -> None:
        """Set the number of a finding whose examples are not all known; 0 removes them."""
        self._counts[finding] = number
        if not number:
            self._first.pop(finding, None)

    def found(self) -> list[dict[str, t.Any]]:
        """Return the findings that occur, in the order of the documentation."""
        return [
            {"finding": name, "count": self._counts[name], "first": self._first.get(name, [])}
            for name in FINDINGS
            if self._counts[name]
        ]


class Object(t.NamedTuple):
    """An object in a manifest, in the form of the manifest."""

    bucket: str
    key: str
    version: str

    def line(self, encoded: bool) -> bytes:
        """Return the object as one line for a sorter. Two rows of the same object have the same line.

        :param encoded: whether the key is URL-encoded, so that different keys can be the same object.
        """
        key = self.key
        if encoded and "%" in key:
            decoded = unquote(key, errors="surrogateescape")
            key = key if "\n" in decoded or "\0" in decoded else decoded
        return f"{self.bucket}\0{key}\0{self.version}\n".encode("utf-8", "surrogateescape")


class RowChecker:
    """Checks one row after the other.

    Afterwards, rows has the number of objects, versions those with a version, and buckets the objects by bucket.

    :param expected: buckets whose objects are expected; empty for the bucket of the first row.
    :param encoded: whether keys must be URL-encoded; None if the provider wrote them.
    """

    def __init__(
        self,
        fields: t.Sequence[str],
        rule: validation.Rule,
        expected: t.Collection[str],
        encoded: t.Optional[bool],
        examples: Examples,
    ) -> None:
        self._fields = fields
        self._bucket, self._key = fields.index("Bucket"), fields.index("Key")
        self._version = fields.index("VersionId") if "VersionId" in fields else None
        self._rule = rule
        self._expected = set(expected)
        self._encoded = encoded
        self._examples = examples
        self._known: set[str] = set()
        self._seen: set[bytes] = set()
        self.rows = 0
        self.versions = 0
        self.buckets: collections.Counter[str] = collections.Counter()

    def check(self, row: manifest_rows.Row) -> t.Optional[Object]:
        """Return the object of a row, None for a row without one; note what is wrong with it."""
        shown = f"row {row.number}: {row.text}"
        if row.cells is not None and not row.cells:
            self._examples.add("empty_line", f"row {row.number}")
            return None
        if row.cells is None or len(row.cells) != len(self._fields):
            if not self._is_header(row):
                columns = "not valid CSV" if row.cells is None else f"{len(row.cells)} columns"
                self._examples.add("malformed_row", f"{shown} ({columns}, expected {len(self._fields)} columns)")
            return None
        if self._is_header(row):
            return None
        bucket, key = row.cells[self._bucket], row.cells[self._key]
        version = "" if self._version is None else row.cells[self._version]
        item = Object(bucket, key, "" if version in _NO_VERSION else version)
        if not key or not self._valid(bucket):
            self._examples.add("malformed_row", f"{shown} ({'no key' if not key else 'no bucket name'})")
            return None
        self._note(item, shown)
        return item

    def is_expected(self, item: Object) -> bool:
        """Whether an object is in an expected bucket."""
        return item.bucket in self._expected

    def line(self, item: Object) -> bytes:
        """Return an object as one line for a sorter."""
        return item.line(self._encoded is not False)

    def _is_header(self, row: manifest_rows.Row) -> bool:
        if row.number != 1:
            return False
        # A byte order mark is not a part of the name, and quotes have a meaning for who wrote the header.
        names = manifest_rows.cells(row.text.lstrip("\ufeff"), True)
        if not names or not header_rows.is_header(names, self._fields):
            return False
        self._examples.add("header_row", f"row 1: {row.text}")
        return True

    def _valid(self, bucket: str) -> bool:
        if bucket in self._known:
            return True
        fits = self._rule.fits(bucket)
        if fits and len(self._known) < _MOST_BUCKETS:
            self._known.add(bucket)
        return fits

    def _note(self, item: Object, shown: str) -> None:
        self.rows += 1
        self.versions += bool(item.version)
        known = item.bucket in self.buckets or len(self.buckets) < _MOST_BUCKETS
        self.buckets[item.bucket if known else MORE] += 1
        if not self._expected:
            self._expected.add(item.bucket)
        if item.bucket not in self._expected:
            self._examples.add("foreign_bucket", shown)
        fault = encoding_fault(item.key, bool(self._encoded))
        if fault:
            self._examples.add("wrong_encoding", f"{display.truncate(shown, _ROW)} ({fault})")
        # A digest is smaller than a key, which can have a kilobyte.
        digest = hashlib.sha256(self.line(item)).digest()[:_DIGEST]
        if digest in self._seen:
            self._examples.add("duplicate", shown)
        elif len(self._seen) < _REMEMBERED:
            self._seen.add(digest)


def encoding_fault(key: str, encoded: bool) -> str:
    """Return what is wrong with the encoding of a key, empty if nothing is.

    :param encoded: whether it must be URL-encoded.

    A plus sign is a space for some readers and a plus sign for others. A manifest that names one object has %2B or %20.
    """
    if _SAFE.fullmatch(key):
        return ""
    if "\0" in key:
        return "NUL"
    try:
        key.encode()
    except UnicodeEncodeError:
        return "not UTF-8"
    if not encoded:
        return ""
    if _NO_ESCAPE.search(key):
        return "a percent sign without two hexadecimal digits"
    if " " in key:
        return "a space"
    if not row_encoder.is_encoded(key):
        return "a character that must be encoded"
    if "+" in key:
        return "a plus sign, which can mean a space"
    try:
        unquote_to_bytes(key).decode()
    except UnicodeDecodeError:
        return "not UTF-8 after decoding"
    return ""
