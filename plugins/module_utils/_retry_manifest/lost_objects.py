# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the objects that failed permanently, as objects and not as tries, in bounded memory.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json

from .._report import report_rows
from . import external_sort, manifest_lines


@dataclasses.dataclass(frozen=True)
class Lost:
    """What is tried no more.

    :param count: objects.
    :param tasks: some of them, with what the report says of them.
    """

    count: int = 0
    tasks: tuple[report_rows.ObjectOperation, ...] = ()


class Losses:
    """Takes objects in any order, some of them more than once."""

    def __init__(self, limit: int) -> None:
        """Name so many of them at the most."""
        self._limit = limit
        self._tasks: dict[bytes, report_rows.ObjectOperation] = {}
        self._lost = external_sort.ExternalSorter()
        self._saved = external_sort.ExternalSorter()

    def know(self, line: manifest_lines.Line, task: report_rows.ObjectOperation) -> None:
        """Keep what the report says of an object, should it be lost."""
        if len(self._tasks) < self._limit:
            self._tasks.setdefault(_identity(line), task)

    def add(self, line: manifest_lines.Line) -> None:
        """Take an object that is lost, unless it is saved."""
        self._lost.add(_identity(line))

    def save(self, line: manifest_lines.Line) -> None:
        """Take an object that succeeded, or that is tried again."""
        self._saved.add(_identity(line))

    def result(self) -> Lost:
        """Return what is lost: those first of which the report says something."""
        count = 0
        known: set[bytes] = set()
        others: list[bytes] = []
        for identity in manifest_lines.without(self._lost.lines(), self._saved.lines()):
            count += 1
            if identity in self._tasks:
                known.add(identity)
            elif len(others) < self._limit:
                others.append(identity)
        tasks = [task for identity, task in self._tasks.items() if identity in known]
        tasks += [_unknown(identity) for identity in others]
        return Lost(count, tuple(tasks[: self._limit]))


def _identity(line: manifest_lines.Line) -> bytes:
    """Return a line that is this object's alone, whatever its key holds."""
    return json.dumps([line.bucket, line.key, line.version]).encode() + b"\n"


def _unknown(identity: bytes) -> report_rows.ObjectOperation:
    """Return an object of which the report says nothing: its task was never started."""
    bucket, key, version = json.loads(identity)
    return report_rows.ObjectOperation(bucket, key, version, False, "", None, "")
