# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read one queue again and again, with one provider and few requests. Private to this collection."""

from __future__ import annotations

import threading
import time
import typing as t

from .._connection import connect
from .._core import batch_jobs, errors, job_values, providers, statuses
from .._inventory import accounts, queue_connector
from .._requests import principals, senders, sessions
from . import queue_records

_CHECKED: t.Final = 50
"""Most jobs of one reading that are described: those that left the list, and those that ended."""


class RetryWindow:
    """Retries that all queues share, renewed after each interval.

    :param retries: number of retries in one interval.
    :param seconds: length of the interval.
    """

    def __init__(self, retries: int, seconds: float, now: t.Callable[[], float] = time.monotonic) -> None:
        self._retries = retries
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._end = now() + seconds
        self._current = senders.SharedRetryLimit(retries)

    def current(self) -> senders.SharedRetryLimit:
        """Return the retries of the current interval."""
        with self._lock:
            if self._now() >= self._end:
                self._end = self._now() + self._seconds
                self._current = senders.SharedRetryLimit(self._retries)
            return self._current


class Reading(t.NamedTuple):
    """One complete reading of a queue.

    :param vanished: IDs of former jobs that no longer exist.
    :param reports: the location of the completion report of each job that ended since the last reading, by ID.
    :param warnings: what users must know about the connection.
    """

    queue_id: job_values.QueueId
    listed: list[batch_jobs.Job]
    vanished: frozenset[str]
    reports: dict[str, job_values.Values]
    confirmation_days: t.Optional[int]
    warnings: tuple[str, ...] = ()


class QueuePoller:
    """Reads one queue. The provider is kept between readings, so that credentials are found once."""

    def __init__(
        self,
        queue: accounts.Queue,
        connector: queue_connector.QueueConnector,
        known: principals.Accounts,
        window: RetryWindow,
        max_attempts: int,
        timeout: float,
        now: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue = queue
        self._connector = connector
        self._known = known
        self._window = window
        self._max_attempts = max_attempts
        self._timeout = timeout
        self._now = now
        self._provider: t.Optional[providers.Provider] = None
        self._warnings: tuple[str, ...] = ()

    def read(self, former: t.Mapping[str, queue_records.JobRecord]) -> Reading:
        """Read the queue.

        Rejected credentials are looked up once more, because temporary ones expire.

        :param former: the records of the last reading.
        :raises BatchError: the queue cannot be read completely.
        :raises OptionError: an argument is not valid.
        :raises MissingLibrary: the provider's library is not installed.
        """
        fresh = self._provider is None
        try:
            return self._read(former)
        except errors.BatchError as error:
            self._provider = None
            if fresh or error.failure.kind != "invalid_credentials":
                raise
        return self._read(former)

    def _read(self, former: t.Mapping[str, queue_records.JobRecord]) -> Reading:
        end = self._now() + self._timeout
        limits = senders.RetryLimits(self._max_attempts, float("inf"), None, self._window.current())
        if self._provider is None:
            target = self._connector.target(self._queue)
            self._provider = self._connector.connect(target, end)
            self._warnings = target.warnings
        provider = self._provider
        session = connect.open_session(provider, self._connector.sender(limits, end), self._known)
        whole = session.read_queue()
        listed = {job.job_id: job for job in [*whole.queue, *whole.ended]}
        missing = [job_id for job_id in former if job_id not in listed][:_CHECKED]
        vanished = set()
        for job_id, found in session.describe_all(missing).items():
            # A list can lag behind: a job counts as gone only if the provider does not find it.
            if isinstance(found, batch_jobs.Job):
                listed[job_id] = found
            else:
                vanished.add(job_id)
        reports = _reports(session, former, list(listed.values()))
        queue_id = job_values.QueueId(self._queue.provider, self._queue.region, provider.account_id)
        days = provider.traits.jobs.confirmation_days
        warnings = (*self._warnings, *provider.warnings)
        return Reading(queue_id, list(listed.values()), frozenset(vanished), reports, days, warnings)


def _reports(
    session: sessions.Session,
    former: t.Mapping[str, queue_records.JobRecord],
    listed: t.Sequence[batch_jobs.Job],
) -> dict[str, job_values.Values]:
    """Return where the reports of the jobs are that ended since the last reading; lists do not contain it.

    A report that cannot be looked up is missing from the result, and the event is sent without it.
    """
    ended = [
        job.job_id
        for job in listed
        if job.is_ended and former and (job.job_id not in former or former[job.job_id].status not in statuses.ENDED)
    ]
    try:
        described = session.describe_all(ended[:_CHECKED])
    except errors.BatchError:
        return {}
    return {
        job_id: {"bucket": job.report.bucket, "prefix": job.report.prefix, "scope": job.report.scope}
        for job_id, job in described.items()
        if isinstance(job, batch_jobs.Job) and job.report and job.report.enabled
    }
