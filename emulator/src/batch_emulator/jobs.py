# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job in the emulator."""

from __future__ import annotations

import base64
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ENDED = frozenset({"Complete", "Cancelled", "Failed"})
ENDING = frozenset({"Completing", "Cancelling", "Failing"})
STATUSES = (
    "New",
    "Preparing",
    "Ready",
    "Active",
    "Pausing",
    "Paused",
    "Suspended",
    "Completing",
    "Complete",
    "Cancelling",
    "Cancelled",
    "Failing",
    "Failed",
)
MAX_PRIORITY = 2147483647

DEFAULT_OPERATION = {"aws": "S3PutObjectCopy", "cos": "COSPutObjectCopy", "oss": "PutObjectTagging"}


def new_id(provider: str) -> str:
    """Return a job ID in the form of the provider; on OSS, base64 of 32 hex digits."""
    return base64.b64encode(uuid.uuid4().hex.encode()).decode() if provider == "oss" else str(uuid.uuid4())


class QueueKey(NamedTuple):
    """Jobs compete only in the same queue."""

    provider: str
    account: str
    region: str


@dataclass(slots=True, eq=False)
class Job:
    queue: QueueKey
    job_id: str
    priority: int
    status: str
    created: float
    description: str | None = None
    operation: str = ""
    confirmation_required: bool = False
    failure_reasons: list[dict[str, str]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    status_update_reason: str | None = None
    suspended_cause: str | None = None
    role_arn: str | None = None
    ended: float | None = None
    suspended: float | None = None

    # tasks_done counts every finished task, including failed ones.
    tasks_total: int | None = 1000
    tasks_done: int = 0
    tasks_failed: int = 0
    tasks_per_second: float = 10.0
    failing_share: float = 0.0

    # Only tests set these fields.
    frozen: bool = False
    omit_priority: bool = False
    extra_xml: str = ""

    # XML of Operation, Manifest, Report, and others, as received by CreateJob.
    documents: dict[str, str] = field(default_factory=dict)

    # The lines of a manifest in a local bucket, from its preparation to the end.
    rows: list[Any] | None = None

    # The store and the scheduler set these fields.
    order: int = 0
    previous_priority: int | None = None
    generation: int = 0
    waiting_key: tuple[int, float, int] | None = None
    active_since: float | None = None
    active_seconds: float = 0.0
    history: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=100))

    @property
    def place(self) -> tuple[float, int]:
        """The position of the job in lists: by creation, never by priority."""
        return (self.created, self.order)
