# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the events between two readings of a queue: pure comparison by job ID, without the clock of a provider.

Private to this collection.
"""

from __future__ import annotations

import datetime
import typing as t

from .._core import batch_jobs, job_values, statuses
from .._wait import wait_conditions
from . import queue_records

AHEAD: t.Final = 10
"""Most jobs ahead of a starved job that an event lists."""
_DAY: t.Final = 86400.0

EventType = t.Literal[
    "job_created",
    "status_changed",
    "priority_changed",
    "awaiting_confirmation",
    "stalled",
    "starved",
    "failed_tasks",
    "ended",
    "vanished",
    "order_drift",
    "queue_unreachable",
    "queue_reachable",
]


Scope = t.Literal["all", "live", "none"]


class Limits(t.NamedTuple):
    """When a condition of a job becomes an event.

    :param confirmation_ages: ages in seconds at which an unconfirmed job is reported, ascending.
    :param confirmation_days: days after which an unconfirmed job fails; None if the provider does not document it.
    :param stalled_after: seconds without a finished task of an Active job.
    :param starved_after: seconds in one waiting status, with other jobs ahead.
    :param failed_ratio: share of failed tasks among the finished tasks, above which a job is reported.
    :param failed_minimum: number of failed tasks below which no share is reported.
    """

    confirmation_ages: tuple[float, ...]
    confirmation_days: t.Optional[int]
    stalled_after: float
    starved_after: float
    failed_ratio: float
    failed_minimum: int


class Change(t.NamedTuple):
    """One event about a job, before it has a queue and an ID.

    :param job: the job as it was read; None for a job that vanished.
    :param record: its record after the event.
    :param number: the index of the event among those of the job.
    :param values: the keys that only this type of event has.
    """

    type: EventType
    job_id: str
    job: t.Optional[batch_jobs.Job]
    record: queue_records.JobRecord
    number: int
    values: job_values.Values


class Comparison(t.NamedTuple):
    """The events between two readings, in order, and the records after them."""

    changes: list[Change]
    jobs: dict[str, queue_records.JobRecord]


def compare(
    old: t.Mapping[str, queue_records.JobRecord],
    listed: t.Sequence[batch_jobs.Job],
    vanished: t.Collection[str],
    limits: Limits,
    now: float,
    today: datetime.datetime,
    scope: Scope = "all",
) -> Comparison:
    """Return the events of a complete reading, in the order of the queue; jobs that vanished come last.

    :param listed: all jobs that the provider lists, live and ended.
    :param vanished: the IDs of former jobs that no longer exist; the others keep their records.
    :param now: the moment of the reading, by the clock of the source.
    :param today: the same moment as a date, for the age of jobs that wait for a confirmation.
    :param scope: which jobs without a record are events: all, only live ones, or none. The first reading of a queue
        is a silent baseline (none) unless the user wants its live jobs.
    """
    ordered = sorted(listed, key=batch_jobs.queue_order)
    ranks = batch_jobs.ranks(ordered)
    live = [job for job in ordered if job.is_live]
    changes: list[Change] = []
    jobs: dict[str, queue_records.JobRecord] = {}
    for job in ordered:
        former = old.get(job.job_id)
        record = queue_records.record_of(job, ranks.get(job.job_id), job_values.render_time(job.created), former, now)
        silent = former is None and (scope == "none" or (scope == "live" and not job.is_live))
        found = _Job(job, former, record, live, limits, now, today)
        events = found.events()
        record = found.record
        if silent:
            record, events = record._replace(number=0), []
        jobs[job.job_id] = record
        changes += events
    for job_id in sorted(set(old) - set(jobs)):
        if job_id in vanished:
            record = old[job_id]
            before = {"before": _state(record), "after": None}
            changes.append(Change("vanished", job_id, None, record, record.number, before))
        else:
            jobs[job_id] = old[job_id]
    return Comparison(changes, jobs)


def _state(record: queue_records.JobRecord) -> job_values.Values:
    return {"status": record.status, "priority": record.priority, "rank": record.rank}


class _Job:
    """The events of one job."""

    def __init__(
        self,
        job: batch_jobs.Job,
        old: t.Optional[queue_records.JobRecord],
        record: queue_records.JobRecord,
        live: t.Sequence[batch_jobs.Job],
        limits: Limits,
        now: float,
        today: datetime.datetime,
    ) -> None:
        self._job = job
        self._old = old
        self.record = record
        self._live = live
        self._limits = limits
        self._now = now
        self._today = today
        self._events: list[Change] = []

    def events(self) -> list[Change]:
        """Return the events of the job in a fixed order: what it became, then what is wrong with it, then its end."""
        old, record, job = self._old, self.record, self._job
        after = {"before": _state(old) if old else None, "after": _state(record)}
        if old is None:
            self._add("job_created", after)
        else:
            if old.status != record.status:
                self._add("status_changed", after)
            if old.priority != record.priority and record.priority is not None:
                self._add("priority_changed", after)
        self._unconfirmed()
        self._condition("stalled", self._stalled(), {"seconds": int(self._now - self.record.moved)})
        self._starving()
        self._failing()
        if job.is_ended and (old is None or old.status not in statuses.ENDED):
            self._add("ended", {**after, "result": wait_conditions.task_result(job)})
        return self._events

    def _add(self, kind: EventType, values: job_values.Values) -> None:
        number = self.record.number
        self.record = self.record._replace(number=number + 1)
        self._events.append(Change(kind, self._job.job_id, self._job, self.record, number, values))

    def _condition(self, kind: EventType, holds: bool, values: job_values.Values) -> None:
        """Report a condition once, and again only after it did not hold in between."""
        reported = set(self.record.reported)
        if holds and kind not in reported:
            self._add(kind, values)
            reported.add(kind)
        elif not holds:
            reported.discard(kind)
        self.record = self.record._replace(reported=tuple(sorted(reported)))

    def _unconfirmed(self) -> None:
        if self._job.status != "Suspended":
            return
        age = self._age()
        reached = sum(age >= step for step in self._limits.confirmation_ages)
        if reached > self.record.age_step:
            days = self._limits.confirmation_days
            left = None if days is None else max(0, int(days - age / _DAY))
            self._add("awaiting_confirmation", {"age_seconds": int(age), "days_left": left})
        self.record = self.record._replace(age_step=max(reached, self.record.age_step))

    def _age(self) -> float:
        """Return the seconds for which the job has waited, from its own dates, else since it was seen waiting."""
        seen = self._now - self.record.since
        start = self._job.suspended
        if start is None and self.record.since == self.record.first:
            start = self._job.created  # it was Suspended before it was first seen
        return max(seen, (self._today - start).total_seconds()) if start else seen

    def _stalled(self) -> bool:
        return self._job.status == "Active" and self._now - self.record.moved >= self._limits.stalled_after

    def _starving(self) -> None:
        waited = self._now - self.record.since
        rank = self.record.rank or 1
        holds = self._job.status in statuses.WAITING and rank > 1 and waited >= self._limits.starved_after
        ahead = [
            {"job_id": job.job_id, "status": job.status, "priority": job.priority, "operation": job.operation}
            for job in (self._live[: min(rank - 1, AHEAD)] if holds else ())
        ]
        self._condition("starved", holds, {"seconds": int(waited), "ahead": ahead, "ahead_count": rank - 1})

    def _failing(self) -> None:
        failed, ratio = self._job.progress.failed or 0, wait_conditions.failed_ratio(self._job.progress)
        holds = failed >= max(1, self._limits.failed_minimum) and ratio > self._limits.failed_ratio
        self._condition("failed_tasks", holds, {"failed": failed, "ratio": round(ratio, 4)})
