# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the objects that failed permanently, each object once, in bounded memory.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json

from .._manifest import external_sort, manifest_lines
from .._report import report_rows


@dataclasses.dataclass(frozen=True)
class Lost:
    """The objects that are not retried.

    :param count: number of objects.
    :param tasks: some of them, with their data from the report.
    """

    count: int = 0
    tasks: tuple[report_rows.ObjectOperation, ...] = ()


class Losses:
    """Accepts objects in any order, also more than once."""

    def __init__(self, limit: int) -> None:
        """Set the maximum number of objects in the result."""
        self._limit = limit
        self._tasks: dict[bytes, report_rows.ObjectOperation] = {}
        self._lost = external_sort.ExternalSorter()
        self._saved = external_sort.ExternalSorter()

    def know(self, line: manifest_lines.Line, task: report_rows.ObjectOperation) -> None:
        """Keep the report data of an object that can be lost."""
        if len(self._tasks) < self._limit:
            self._tasks.setdefault(_identity(line), task)

    def add(self, line: manifest_lines.Line) -> None:
        """Add a lost object; it does not count if it is also saved."""
        self._lost.add(_identity(line))

    def save(self, line: manifest_lines.Line) -> None:
        """Add an object that succeeded or is retried."""
        self._saved.add(_identity(line))

    def result(self) -> Lost:
        """Return the lost objects: first those with data from the report."""
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
    """Return a line that identifies the object, for any key."""
    return json.dumps([line.bucket, line.key, line.version]).encode() + b"\n"


def _unknown(identity: bytes) -> report_rows.ObjectOperation:
    """Return an object that is not in the report, because its task never started."""
    bucket, key, version = json.loads(identity)
    return report_rows.ObjectOperation(bucket, key, version, False, "", None, "")
