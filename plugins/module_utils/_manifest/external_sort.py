# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort any number of lines without duplicates, in bounded memory and few files: sorted runs on disk, merged in passes.

The files have no names, so no object keys stay on disk if the process ends. Private to this collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import itertools
import os
import tempfile
import typing as t

from .._core import errors, object_stores
from . import manifest_lines

_RUN: t.Final = 200_000
"""Lines that are sorted in memory, at most."""
_RUN_BYTES: t.Final = 24 * 2**20
"""Bytes of these lines, at most: the longest line has more than 3,000 bytes."""
_RUNS: t.Final = 8
"""Number of runs of one size that are merged into a run of the next size; also the maximum of open files per size."""
_BLOCK: t.Final = 1000
"""Lines that are written at once."""


class _File:
    """A file without a name that is written once and can be read several times."""

    def __init__(self) -> None:
        with _room():
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is read long after this method; close() ends it

    def write(self, lines: t.Iterable[bytes]) -> None:
        """Write lines."""
        with _room():
            self._file.writelines(lines)
            self._file.flush()

    def opened(self) -> t.BinaryIO:
        """Return a separate reader that starts at the beginning."""
        return t.cast("t.BinaryIO", io.BufferedReader(_Reader(self._file), 2**16))

    def close(self) -> None:
        """Release the disk space."""
        self._file.close()


class _Reader(io.RawIOBase):
    """Reads a file at a separate position, because an abandoned upload can still read the same file."""

    def __init__(self, file: t.IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (os.fstat(self._file.fileno()).st_size if begin is None else begin)
        return self._at

    def readinto(self, buffer: t.Any) -> int:
        found = os.pread(self._file.fileno(), len(buffer), self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


class ExternalSorter:
    """Accepts lines in any order."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._size = 0
        # By size, the smallest first.
        self._runs: list[list[_File]] = []

    def add(self, line: bytes) -> None:
        """Add a line that ends with a line break.

        :raises BatchError: the disk is full.
        """
        self._lines.append(line)
        self._size += len(line)
        if len(self._lines) >= _RUN or self._size >= _RUN_BYTES:
            self._empty()

    def add_all(self, lines: t.Sequence[bytes]) -> None:
        """Add some thousand lines, each with its line break.

        :raises BatchError: the disk is full.
        """
        self._lines += lines
        self._size += sum(map(len, lines))
        if len(self._lines) >= _RUN or self._size >= _RUN_BYTES:
            self._empty()

    def lines(self) -> t.Iterator[bytes]:
        """Yield all lines, sorted and without duplicates."""
        self._lines.sort()
        return manifest_lines.merged([*(run.opened() for runs in self._runs for run in runs), self._lines])

    def _empty(self) -> None:
        """Write the lines in memory to a file."""
        self._lines.sort()
        self._keep(0, (line for line, _same in itertools.groupby(self._lines)))
        self._lines = []
        self._size = 0

    def _keep(self, size: int, lines: t.Iterable[bytes]) -> None:
        if size == len(self._runs):
            self._runs.append([])
        run = _File()
        run.write(lines)
        runs = self._runs[size]
        runs.append(run)
        if len(runs) >= _RUNS:
            self._keep(size + 1, manifest_lines.merged([run.opened() for run in runs]))
            for run in runs:
                run.close()
            runs.clear()


@dataclasses.dataclass(frozen=True)
class Written:
    """A file with lines.

    :param digest: of its content, hexadecimal.
    :param count: number of lines.
    :param first: the first ones.
    """

    body: object_stores.Body
    digest: str
    count: int
    first: list[bytes]


def write(lines: t.Iterable[bytes], shown: int) -> Written:
    """Write lines into a file.

    :param shown: how many of the first lines to return.
    :raises BatchError: the disk is full.
    """
    file = _File()
    md5, sha = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    count = size = 0
    first: list[bytes] = []
    every = iter(lines)

    def counted() -> t.Iterator[bytes]:
        nonlocal count, size
        while True:
            block = list(itertools.islice(every, _BLOCK))
            if not block:
                return
            if len(first) < shown:
                first.extend(block[: shown - len(first)])
            text = b"".join(block)
            md5.update(text)
            sha.update(text)
            count += len(block)
            size += len(text)
            yield text

    file.write(counted())
    return Written(object_stores.Body(file.opened, size, md5.digest()), sha.hexdigest(), count, first)


@contextlib.contextmanager
def _room() -> t.Iterator[None]:
    """Convert file system errors to errors with a kind."""
    try:
        yield
    except OSError as error:
        text = f"cannot write a temporary file: {error.strerror}"
        hint = "On the host that runs the task, set TMPDIR to a directory with free disk space."
        raise errors.BatchError(errors.Failure("invalid", text, hint=hint)) from error
