# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample and split sorted lines. Private to this collection."""

from __future__ import annotations

import hashlib
import itertools
import typing as t

from . import external_sort

_BATCH: t.Final = 1000
_DIGEST: t.Final = 32
"""Hexadecimal digits of a digest."""


class Counter:
    """Counts lines on their way."""

    def __init__(self) -> None:
        self.count = 0

    def counted(self, lines: t.Iterable[bytes]) -> t.Iterator[bytes]:
        """Yield the lines."""
        every = iter(lines)
        for batch in _batches(every):
            self.count += len(batch)
            yield from batch


def sample(kinds: t.Sequence[t.Iterable[bytes]], size: int) -> list[external_sort.ExternalSorter]:
    """Return some lines of all kinds: those with the smallest digests.

    So the same content has the same sample, whatever its source and order, and a part of the content that grows keeps
    most of its sample.
    """
    ordered = external_sort.ExternalSorter()
    for number, lines in enumerate(kinds):
        mark = b"%d" % number
        for batch in _batches(iter(lines)):
            ordered.add_all([_digest(line) + mark + line for line in batch])
    chosen = [external_sort.ExternalSorter() for _kind in kinds]
    for line in itertools.islice(ordered.lines(), size):
        chosen[int(line[_DIGEST : _DIGEST + 1])].add(line[_DIGEST + 1 :])
    return chosen


def parts(lines: t.Iterable[bytes], split: t.Optional[int], by_bucket: bool) -> t.Iterator[t.Iterable[bytes]]:
    """Yield the lines of each manifest. They must be read in this order.

    :param split: maximum number of lines of a manifest; None without a limit.
    """
    if by_bucket:
        # A comma is less than any character of a bucket name, so the lines of a bucket follow one another.
        for _bucket, own in itertools.groupby(lines, key=_bucket_of):
            yield own
    elif split:
        rest = iter(lines)
        for first in rest:
            part = itertools.chain([first], itertools.islice(rest, split - 1))
            yield part
            # What the caller has not read belongs to no other manifest.
            for _line in part:
                pass
    else:
        yield lines


def _bucket_of(line: bytes) -> bytes:
    return line[: line.index(b",")]


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest()[:_DIGEST].encode()


def _batches(lines: t.Iterator[bytes]) -> t.Iterator[list[bytes]]:
    return iter(lambda: list(itertools.islice(lines, _BATCH)), [])
