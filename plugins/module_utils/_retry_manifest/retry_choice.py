# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select the object operations of a report to retry.

Keys are copied unchanged from the report, which has the keys of the manifest. Decoding and encoding them again could
change them. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._manifest import manifest_lines
from .._report import failure_codes, report_rows

NOTHING: t.Final = "none"
"""The option value for retrying no task."""


@dataclasses.dataclass(frozen=True)
class Choice:
    """The failed tasks to retry.

    :param retry_classes: keys of failure_codes.RETRY_CLASSES, or NOTHING.
    :param include: codes that are always retried.
    :param exclude: codes that are never retried, even if they are in include.
    """

    retry_classes: frozenset[str]
    include: frozenset[str]
    exclude: frozenset[str]

    @property
    def nothing(self) -> bool:
        """Whether nothing is retried."""
        return NOTHING in self.retry_classes

    def takes(self, task: report_rows.ObjectOperation) -> bool:
        """Whether a failed task is retried."""
        if self.nothing or task.code in self.exclude:
            return False
        return (
            task.code in self.include
            or failure_codes.classify(task.code, task.http_status, task.message) in self.retry_classes
        )


def line_of(task: report_rows.ObjectOperation) -> manifest_lines.Line:
    """Return the object of a task. In a versioned bucket, null is the version from before versioning was enabled."""
    version = "" if task.version in ("", "\\N") else task.version
    return manifest_lines.Line(task.bucket, task.key, version)
