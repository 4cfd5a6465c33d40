# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any number of lines, sorted and each once, in bounded memory: runs on disk, merged while they are read.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import tempfile
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import objects as _objects
from ansible_collections.objectstore.batch.plugins.module_utils._reports import retry as _retry

_RUN: t.Final = 200_000


class Spool:
    """Takes lines, in whatever order."""

    def __init__(self, folder: str) -> None:
        """Keep runs in a folder that somebody else takes away."""
        self._folder = folder
        self._lines: list[bytes] = []
        self._runs: list[str] = []

    def add(self, line: bytes) -> None:
        """Take a line, which has its end."""
        self._lines.append(line)
        if len(self._lines) >= _RUN:
            self._write()

    def lines(self) -> t.Iterator[bytes]:
        """Yield all lines, sorted, each once."""
        self._lines.sort()
        return _retry.merged([*(_read(path) for path in self._runs), self._lines])

    def _write(self) -> None:
        self._lines.sort()
        handle, path = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.writelines(self._lines)
        self._runs.append(path)
        self._lines = []


@dataclasses.dataclass(frozen=True)
class Written:
    """A file with lines.

    :param digest: of its content, hexadecimal.
    :param count: of its lines.
    :param first: the first ones.
    """

    body: _objects.Body
    digest: str
    count: int
    first: list[bytes]


def write(lines: t.Iterable[bytes], folder: str, shown: int) -> Written:
    """Write lines into a file.

    :param shown: how many of the first lines to return.
    """
    handle, path = tempfile.mkstemp(dir=folder)
    md5, sha = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    count = size = 0
    first: list[bytes] = []
    with os.fdopen(handle, "wb") as file:
        for line in lines:
            file.write(line)
            md5.update(line)
            sha.update(line)
            count += 1
            size += len(line)
            if count <= shown:
                first.append(line)
    return Written(_objects.Body(path, size, md5.digest()), sha.hexdigest(), count, first)


def _read(path: str) -> t.Iterator[bytes]:
    with open(path, "rb") as file:
        yield from file
