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

from . import statuses

_LAST: t.Final = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


@dataclasses.dataclass(frozen=True)
class Progress:
    """Task counts of a job; None where the cloud has not counted yet."""

    total: t.Optional[int] = None
    succeeded: t.Optional[int] = None
    failed: t.Optional[int] = None


@dataclasses.dataclass(frozen=True)
class Report:
    """Where a job writes its completion report.

    :param enabled: whether it writes one.
    :param bucket: in the provider's words, such as an ARN.
    :param owner: the account that the bucket has to belong to; empty for any.
    :param scope: AllTasks or FailedTasksOnly.
    :param format: the provider's word for it, such as Report_CSV_20180820.
    """

    enabled: bool
    bucket: str = ""
    prefix: str = ""
    scope: str = ""
    format: str = ""
    owner: str = ""


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The object that names the objects of a job.

    :param bucket: the plain name.
    :param fields: the names of its columns; empty where it names them itself or has none, as an inventory does.
    """

    bucket: str
    key: str
    etag: str
    fields: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Job:
    """One batch job as the cloud describes it.

    :param priority: None where the answer names none, which is not the same as 0.
    :param status: one of statuses.STATUSES, or any other word that the cloud used.
    :param operation: name of the operation, such as S3InitiateRestoreObject; an open set.
    :param parameters: what the operation is told to do; None in lists, which name the operation alone.
    :param report: None in lists, which do not say.
    :param manifest: None where the provider made one by itself, and in lists.
    :param role: the resource name of the job's role; empty where the answer names none.
    :param extra: what the answer holds beyond the fields known here, by the cloud's own names.
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
    progress: Progress = Progress()
    failure_reasons: tuple[dict[str, str], ...] = ()
    report: t.Optional[Report] = None
    manifest: t.Optional[Manifest] = None
    role: str = ""
    extra: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)

    @property
    def is_ended(self) -> bool:
        """Whether nothing will happen to the job any more."""
        return self.status in statuses.ENDED

    @property
    def is_ending(self) -> bool:
        """Whether the job is on its way to an end that no priority changes."""
        return self.status in statuses.ENDING

    @property
    def is_live(self) -> bool:
        """Whether the job has a place in the queue; unknown statuses do."""
        return not (self.is_ended or self.is_ending)

    @property
    def is_known(self) -> bool:
        """Whether the status is one of the documented ones."""
        return self.status in statuses.BY_NAME


def age_order(job: Job) -> datetime.datetime:
    """Return the sort key by which the oldest comes first; jobs without a time of creation come last."""
    return job.created or _LAST


def queue_order(job: Job) -> tuple[t.Any, ...]:
    """Return the sort key of a job: live ones first, higher priority first, then older, then id.

    The clouds document no order among equal priorities; age and id only make ours stable.
    """
    unknown = job.priority is None
    return (not job.is_live, unknown, -(job.priority or 0), age_order(job), job.job_id)


def ranks(jobs: t.Iterable[Job]) -> dict[str, int]:
    """Return the rank of each live job by id, 1 first."""
    queue = sorted((job for job in jobs if job.is_live), key=queue_order)
    return {job.job_id: rank for rank, job in enumerate(queue, start=1)}
