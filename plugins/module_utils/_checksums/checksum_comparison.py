# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the checksums of a report with expected ones: one pass over sorted lines, in bounded memory.

The lines of an object and an algorithm are one group. Private to this collection.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from . import checksum_records

_MOST_VALUES: t.Final = 100
"""Different values of one object and algorithm that are kept for each side."""
MOST_ALGORITHMS: t.Final = 100
OTHER: t.Final = "(more algorithms)"


@dataclasses.dataclass
class Finding:
    """Objects with the same result.

    :param first: for the first of them, a record and the expected and the found values.
    """

    count: int = 0
    first: list[Difference] = dataclasses.field(default_factory=list)

    def add(self, limit: int, group: _Group) -> None:
        """Count an object."""
        self.count += 1
        if len(self.first) < limit:
            self.first.append(Difference(group.record(), tuple(group.expected), tuple(group.found)))


Tail = tuple[bytes, bytes]
"""The type and the canonical value of a line."""


class Difference(t.NamedTuple):
    """An object and an algorithm, with the values on both sides."""

    record: checksum_records.Record
    expected: tuple[Tail, ...]
    found: tuple[Tail, ...]


class _Group:
    """The lines of one object and algorithm."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.expected: list[Tail] = []
        self.found: list[Tail] = []
        self.overflow = False

    def add(self, side: bytes, tail: Tail) -> None:
        tails = self.expected if side == checksum_records.EXPECTED else self.found
        if len(tails) >= _MOST_VALUES:
            self.overflow = True
        else:
            tails.append(tail)

    def record(self) -> checksum_records.Record:
        return checksum_records.record_of(self.line)

    def equal(self) -> bool:
        """Whether each value of one side is also on the other side."""
        if self.overflow or self.found == self.expected:
            return not self.overflow
        return _all_in(self.expected, self.found) and _all_in(self.found, self.expected)

    def contradictory(self) -> bool:
        """Whether the report has different values for one type."""
        return self.overflow or len({kind for kind, _value in self.found}) < len(self.found)


def _all_in(these: list[Tail], those: list[Tail]) -> bool:
    return all(any(_same(one, other) for other in those) for one in these)


def _same(one: Tail, other: Tail) -> bool:
    """Whether two values are equal. An unknown type is equal to any type."""
    return one[1] == other[1] and (one[0] == other[0] or not one[0] or not other[0])


class Comparison:
    """The counts of a comparison, complete after lines() has ended.

    :param compared: whether there are expected values.
    :param count: checksums of the report, without duplicates.
    :param expected: expected checksums, without duplicates.
    :param contradictory: objects for which the report has different values.
    """

    def __init__(self, compared: bool, limit: int) -> None:
        """Start with no lines.

        :param limit: how many objects are kept for each result.
        """
        self.compared = compared
        self.count = self.expected = self.matched = 0
        self.missing, self.different, self.additional = Finding(), Finding(), Finding()
        self.contradictory = Finding()
        self.algorithms: collections.Counter[str] = collections.Counter()
        self._limit = limit

    def lines(self, sorted_lines: t.Iterable[bytes], output: str) -> t.Iterator[bytes]:
        """Yield the content of a file with the checksums of the report, and count.

        :param sorted_lines: lines of checksum_records.sort_line, without duplicates.
        :param output: csv or jsonl.
        """
        header = checksum_records.head(output)
        if header:
            yield header
        identity = b""
        group: t.Optional[_Group] = None
        for line in sorted_lines:
            this, side, kind, value = line.rsplit(b"\t", 3)
            if group is None or this != identity:
                self._end(group)
                identity, group = this, _Group(line)
            group.add(side, (kind, value[:-1]))
            if side == checksum_records.FOUND:
                self.count += 1
                record = checksum_records.record_of(line)
                self._tally(record.algorithm)
                yield checksum_records.output_line(record, output)
            else:
                self.expected += 1
        self._end(group)

    def _tally(self, algorithm: str) -> None:
        known = algorithm in self.algorithms or len(self.algorithms) < MOST_ALGORITHMS
        self.algorithms[algorithm if known else OTHER] += 1

    def _end(self, group: t.Optional[_Group]) -> None:
        if group is None:
            return
        if len(group.found) > 1 and group.contradictory():
            self.contradictory.add(self._limit, group)
        if not self.compared:
            return
        if not group.found:
            self.missing.add(self._limit, group)
        elif not group.expected:
            self.additional.add(self._limit, group)
        elif group.equal():
            self.matched += 1
        else:
            self.different.add(self._limit, group)
