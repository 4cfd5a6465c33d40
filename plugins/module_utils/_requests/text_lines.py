# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split the parts of a file into lines, in bounded memory; a file that is not complete is an error.

Private to this collection.
"""

from __future__ import annotations

import io
import typing as t
import zlib

from .._core import errors

LONGEST: t.Final = 4 * 2**20
"""Bytes of a line; a row of a report has some kilobytes, and a cell at most 128 KiB."""
_NOT_ITS_OWN: t.Final = (
    "The file is not from the provider or is incomplete, so it was not used. Check who can write to the bucket."
)


def unzipped(parts: t.Iterable[bytes], name: str) -> t.Iterator[bytes]:
    """Yield the decompressed content of gzip members, in parts of limited size.

    :param name: of the file, for messages.
    :raises BatchError: it is not valid gzip, ends within a member, or has other content after its last member.
    """
    unzip = zlib.decompressobj(31)
    begun = members = 0
    try:
        for part in parts:
            left = part
            while left:
                begun = 1
                yield unzip.decompress(left, LONGEST)
                left = unzip.unconsumed_tail
                if unzip.eof:
                    left, unzip = unzip.unused_data, zlib.decompressobj(31)
                    begun, members = 0, members + 1
    except zlib.error as error:
        what = f"has content that is not valid gzip after member {members}" if members else "is not valid gzip"
        raise _broken(f"{name} {what} ({error})") from error
    if begun or not members:
        raise _broken(f"{name} is truncated: it ends within a gzip member" if begun else f"{name} is empty")


def lines(parts: t.Iterable[bytes], name: str) -> t.TextIO:
    """Return parts as text in lines, with their line ends; bytes that are not UTF-8 are kept.

    :param name: of the file, for messages.
    :raises BatchError: while reading, a line is longer than LONGEST.
    """
    raw = io.BufferedReader(_Parts(parts, name), 2**18)
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")


class _Parts(io.RawIOBase):
    def __init__(self, parts: t.Iterable[bytes], name: str) -> None:
        super().__init__()
        self._parts = iter(parts)
        self._name = name
        self._left = memoryview(b"")
        self._since = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        while not self._left:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._check(part)
            self._left = memoryview(part)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _check(self, part: bytes) -> None:
        """Count the bytes since the last line end: a line can have many small parts."""
        end = max(part.rfind(b"\n"), part.rfind(b"\r"))
        self._since = self._since + len(part) if end < 0 else len(part) - end - 1
        if self._since > LONGEST:
            raise _broken(f"{self._name} has a line longer than {LONGEST >> 20} MiB")


def _broken(text: str) -> errors.BatchError:
    return errors.BatchError(errors.Failure("invalid_response", text, hint=_NOT_ITS_OWN, permanent=True))
