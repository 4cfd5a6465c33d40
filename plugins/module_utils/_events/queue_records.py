# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remember what two readings of a queue are compared by: one record for each job.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs


class JobRecord(t.NamedTuple):
    """What is known of a job since the last reading.

    Moments are seconds of the clock of the source, and are only compared with each other.

    :param first: when the job was first seen.
    :param since: when it was first seen in this status.
    :param moved: when it was first seen with this status and this number of finished tasks.
    :param number: how many events were sent about the job.
    :param reported: the conditions that were reported and still hold, such as stalled.
    :param age_step: how many of the chosen ages of an unconfirmed job were reported.
    """

    status: str
    priority: t.Optional[int]
    rank: t.Optional[int]
    total: t.Optional[int]
    succeeded: t.Optional[int]
    failed: t.Optional[int]
    description: str
    operation: str
    created: t.Optional[str]
    first: float
    since: float
    moved: float
    number: int = 0
    reported: tuple[str, ...] = ()
    age_step: int = 0

    @property
    def done(self) -> int:
        """The number of finished tasks; a count that the provider omits is 0."""
        return (self.succeeded or 0) + (self.failed or 0)


@dataclasses.dataclass
class QueueRecord:
    """What is known of a queue since the last reading.

    :param started: when the first event or reading of the queue was; None before.
    :param read: whether the queue was ever read, so that its next reading is not the first one.
    :param number: how many events were sent about the queue itself.
    :param reachable: whether the last reading succeeded.
    :param lost: when the first reading failed of an outage that lasts.
    :param drift: the digest of the last plan that was reported; empty if the declared order holds.
    :param pending: events that were found and not delivered yet, in order.
    """

    jobs: dict[str, JobRecord] = dataclasses.field(default_factory=dict)
    started: t.Optional[float] = None
    read: bool = False
    number: int = 0
    reachable: bool = True
    lost: float = 0.0
    drift: str = ""
    pending: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)


def record_of(
    job: batch_jobs.Job, rank: t.Optional[int], created: t.Optional[str], old: t.Optional[JobRecord], now: float
) -> JobRecord:
    """Return the record of a job that was read now.

    :param old: its record of the last reading; None if there is none.
    """
    progress = job.progress
    new = JobRecord(
        job.status,
        job.priority,
        rank,
        *(progress.total, progress.succeeded, progress.failed),
        *(job.description, job.operation or (old.operation if old else ""), created),
        *(now, now, now),
    )
    if old is None:
        return new
    same = old.status == new.status
    return new._replace(
        first=old.first,
        since=old.since if same else now,
        moved=old.moved if same and old.done == new.done else now,
        number=old.number,
        reported=old.reported if same else (),
        age_step=old.age_step if same else 0,
    )
