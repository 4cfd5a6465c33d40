# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe a job: its fields, and its rank in the queue.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from . import errors, statuses

_LAST: t.Final = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


class Progress(t.NamedTuple):
    """Task counts of a job; None if the provider has not counted yet."""

    total: t.Optional[int] = None
    succeeded: t.Optional[int] = None
    failed: t.Optional[int] = None


class Report(t.NamedTuple):
    """The location of a completion report.

    :param enabled: whether it writes one.
    :param bucket: in the provider's words, such as an ARN.
    :param owner: the account that must own the bucket; empty for any.
    :param scope: AllTasks or FailedTasksOnly.
    :param format: the provider's word for it, such as Report_CSV_20180820.
    """

    enabled: bool
    bucket: str = ""
    prefix: str = ""
    scope: str = ""
    format: str = ""
    owner: str = ""


class Manifest(t.NamedTuple):
    """The object that names the objects of a job.

    :param bucket: the plain name.
    :param fields: the names of its columns; empty if it contains them or has none, as an inventory.
    """

    bucket: str
    key: str
    etag: str
    fields: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Job:
    """One batch job as the provider describes it.

    :param priority: None if the response has none, which is not the same as 0.
    :param status: one of statuses.STATUSES, or any other word of the provider.
    :param operation: name of the operation, such as S3InitiateRestoreObject; an open set.
    :param parameters: the parameters of the operation; None in lists, which only have its name.
    :param report: None in lists, which do not have it.
    :param manifest: None if the provider generates one, and in lists.
    :param role: the resource name of the job's role; empty if the response has none.
    :param active_seconds: how long the job has been Active; None if the response has no timer.
    :param extra: the parts of the response without a field here, by the names of the provider.
    """

    job_id: str
    status: str = ""
    priority: t.Optional[int] = None
    description: str = ""
    operation: str = ""
    parameters: t.Any = None
    created: t.Optional[datetime.datetime] = None
    ended: t.Optional[datetime.datetime] = None
    suspended: t.Optional[datetime.datetime] = None
    suspended_cause: str = ""
    status_reason: str = ""
    confirmation_required: t.Optional[bool] = None
    progress: Progress = dataclasses.field(default_factory=Progress)
    failure_reasons: tuple[dict[str, str], ...] = ()
    report: t.Optional[Report] = None
    manifest: t.Optional[Manifest] = None
    role: str = ""
    active_seconds: t.Optional[int] = None
    extra: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)

    @property
    def is_ended(self) -> bool:
        """Whether the job has ended."""
        return self.status in statuses.ENDED

    @property
    def is_ending(self) -> bool:
        """Whether the job is about to end, whatever its priority."""
        return self.status in statuses.ENDING

    @property
    def is_live(self) -> bool:
        """Whether the job has a position in the queue; jobs in unknown statuses do."""
        return not (self.is_ended or self.is_ending)

    @property
    def is_known(self) -> bool:
        """Whether the status is one of the documented ones."""
        return self.status in statuses.BY_NAME


@dataclasses.dataclass(frozen=True)
class Reading:
    """The result of reading jobs.

    :param jobs: the existing jobs by ID, in the requested order.
    :param missing: why the others cannot be read, by ID.
    :param queue: all live jobs, if they were listed; empty if one job was described.
    :param ended: the other jobs of that list.
    """

    jobs: dict[str, Job]
    missing: dict[str, errors.Failure]
    queue: list[Job]
    ended: t.Sequence[Job] = ()


def priority_of(job: Job) -> int:
    """Return the priority of a job that a plan changes or compares.

    :raises ValueError: the response had none; such a job is not planned, and 0 would be a wrong guess.
    """
    if job.priority is None:
        raise ValueError(f"job {job.job_id} has no priority")
    return job.priority


def age_order(job: Job) -> datetime.datetime:
    """Return the sort key by which the oldest comes first; jobs without a time of creation come last."""
    return job.created or _LAST


def queue_order(job: Job) -> tuple[t.Any, ...]:
    """Return the sort key of a job: live ones first, higher priority first, then older, then ID.

    The providers document no order for equal priorities. Age and ID only make the order stable.
    """
    unknown = job.priority is None
    return (not job.is_live, unknown, -(job.priority or 0), age_order(job), job.job_id)


def ranks(jobs: t.Iterable[Job]) -> dict[str, int]:
    """Return the rank of each live job by ID, 1 first."""
    queue = sorted((job for job in jobs if job.is_live), key=queue_order)
    return {job.job_id: rank for rank, job in enumerate(queue, start=1)}
