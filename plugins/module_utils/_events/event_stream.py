# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll queues and deliver their events in order: the loop of the event source. Private to this collection."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import functools
import logging
import os
import random
import threading
import time
import typing as t

from .._core import errors, job_values
from .._inventory import accounts, queue_connector
from .._requests import principals, senders, timeouts
from . import event_values, order_drift, queue_changes, queue_poller, queue_records, source_options, state_file

LOGGER: t.Final = logging.getLogger(__name__)
_JITTER: t.Final = 0.1
"""Share of the interval by which it varies, so that many queues are not read at the same moment."""
_SAVING: t.Final = 1.0
"""Seconds between two saves while events are delivered."""

Put = t.Callable[[dict[str, t.Any]], t.Awaitable[None]]
T = t.TypeVar("T")


class SourceError(Exception):
    """The source must end; the text is for users."""


class Clock(t.NamedTuple):
    """The time of a source; tests replace it.

    :param wall: seconds since the epoch, which a state file keeps between two runs.
    """

    wall: t.Callable[[], float] = time.time
    sleep: t.Callable[[float], t.Awaitable[None]] = asyncio.sleep
    uniform: t.Callable[[float, float], float] = random.uniform


async def in_thread(work: t.Callable[[], T]) -> T:
    """Return the result of work that blocks.

    The thread is a daemon, so that neither a canceled task nor the end of the process waits for a request.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: list[T], error: t.Optional[BaseException]) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result[0])
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = timeouts.attempt(work)
        # The loop can be closed by now, and nobody waits for the result.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await future


class EventStream:
    """All queues of a source.

    :param put: delivers one event, and can block for minutes.
    """

    def __init__(self, options: source_options.SourceOptions, put: Put, clock: t.Optional[Clock] = None) -> None:
        self._options = options
        self._put = put
        self._clock = clock or Clock()
        self._file = state_file.StateFile(options.state_file)
        self._saved = 0.0
        self._dirty = False
        self._records: dict[str, queue_records.QueueRecord] = {}
        self._connector = queue_connector.QueueConnector(os.environ, options.request_timeout)
        self._known = principals.Accounts()
        self._window = queue_poller.RetryWindow(options.retries, options.delay)
        self._slots = asyncio.Semaphore(options.concurrency)

    async def run(self) -> None:
        """Read all queues until the task is canceled.

        :raises SourceError: an argument is not valid, or credentials are rejected.
        """
        try:
            self._records, warning = self._file.load()
            if warning:
                LOGGER.warning("%s", warning)
            queues = await self._expand()
            for name in set(self._records) - {queue.name for queue in queues}:
                del self._records[name]
            followers = [asyncio.ensure_future(self._follow(queue)) for queue in queues]
        except errors.OptionError as error:
            raise SourceError(str(error)) from None
        try:
            await asyncio.gather(*followers)
        finally:
            for follower in followers:
                follower.cancel()
            await asyncio.gather(*followers, return_exceptions=True)
            self._save(last=True)

    async def _expand(self) -> list[accounts.Queue]:
        """Return the queues, with those of all regions of an account instead of the region all."""
        found: list[accounts.Queue] = []
        for queue in self._options.queues:
            if queue.region != accounts.ALL:
                found.append(queue)
                continue
            names = await self._regions(queue)
            found += [queue.in_region(name) for name in names]
        names = [queue.name for queue in found]
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            raise errors.OptionError(accounts.listed_twice("accounts", twice))
        missing = sorted(set(self._options.declared) - set(names))
        if missing:
            raise errors.OptionError(f"declarations: no account of this source has the queue {missing[0]}.")
        return found

    async def _regions(self, queue: accounts.Queue) -> list[str]:
        """Return the enabled regions of an account; temporary failures do not end the source."""
        delay = self._options.delay
        while True:
            end = time.monotonic() + self._options.timeout
            limits = senders.RetryLimits(self._options.max_attempts, float("inf"), None, self._window.current())
            try:
                return await in_thread(functools.partial(self._connector.regions, queue, limits, end))
            except errors.BatchError as error:
                _end_if_final(queue.name, error.failure)
                LOGGER.warning("The regions of %s cannot be read. %s", queue.name, error.failure.sentence())
            await self._clock.sleep(delay)
            delay = min(2 * delay, self._options.max_delay)

    async def _follow(self, queue: accounts.Queue) -> None:
        """Read one queue again and again, and deliver its events."""
        record = self._records.setdefault(queue.name, queue_records.QueueRecord())
        poller = queue_poller.QueuePoller(
            queue, self._connector, self._known, self._window, self._options.max_attempts, self._options.timeout
        )
        shown: set[str] = set()
        delay = self._options.delay
        try:
            while True:
                await self._deliver(queue.name, record)
                try:
                    async with self._slots:
                        reading = await in_thread(functools.partial(poller.read, record.jobs))
                except errors.BatchError as error:
                    _end_if_final(queue.name, error.failure)
                    self._lost(queue, record, error.failure)
                    delay = min(2 * delay, self._options.max_delay)
                else:
                    for text in set(reading.warnings) - shown:
                        LOGGER.warning("%s: %s", queue.name, text)
                    shown.update(reading.warnings)
                    self._read(queue.name, record, reading)
                    delay = self._options.delay
                self._file.note(queue.name, record)
                self._dirty = True
                self._save(last=bool(record.pending))
                await self._deliver(queue.name, record)
                await self._clock.sleep(delay * self._clock.uniform(1 - _JITTER, 1 + _JITTER))
        except errors.OptionError as error:
            raise SourceError(f"{queue.name}: {error}") from None
        except errors.MissingLibrary as error:
            text = f"the Python library {error.library} is not installed for the Python interpreter of ansible-rulebook"
            raise SourceError(f"{queue.name}: {text}.") from None

    async def _deliver(self, name: str, record: queue_records.QueueRecord) -> None:
        """Deliver the pending events in order; one that is being delivered when the task is canceled stays pending."""
        while record.pending:
            await self._put(record.pending[0])
            del record.pending[0]
            self._file.note(name, record)
            self._dirty = True
            self._save()

    def _save(self, last: bool = False) -> None:
        """Save the records: always if requested, else at most once a second."""
        now = time.monotonic()
        if not self._dirty or (not last and now - self._saved < _SAVING):
            return
        try:
            self._file.save()
        except OSError as error:
            LOGGER.error("The state file cannot be written: %s. A restart can lose or repeat events.", error.strerror)
        self._saved, self._dirty = now, False

    def _add(self, record: queue_records.QueueRecord, event: dict[str, t.Any]) -> None:
        if event["type"] in self._options.events:
            record.pending.append(event)

    def _lost(self, queue: accounts.Queue, record: queue_records.QueueRecord, failure: errors.Failure) -> None:
        """Report a queue that cannot be read, once per outage."""
        if not record.reachable:
            return
        now = self._clock.wall()
        record.started = now if record.started is None else record.started
        record.reachable, record.lost = False, now
        queue_id = job_values.QueueId(queue.provider, queue.region, str(queue.given.get("account_id") or ""))
        values = {"error": {"kind": failure.kind, "code": failure.code, "message": failure.sentence()}}
        LOGGER.warning("%s cannot be read. %s", queue.name, failure.sentence())
        self._add(record, event_values.queue_event("queue_unreachable", queue.name, queue_id, record, values))

    def _read(self, name: str, record: queue_records.QueueRecord, reading: queue_poller.Reading) -> None:
        """Turn a reading into events and the next record."""
        now = self._clock.wall()
        if not record.reachable:
            values = {"seconds": max(0, int(now - record.lost))}
            record.reachable = True
            self._add(record, event_values.queue_event("queue_reachable", name, reading.queue_id, record, values))
        first = not record.read
        record.started = now if record.started is None else record.started
        scope: queue_changes.Scope = self._options.scope if first else "all"
        today = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
        limits = self._options.limits(reading.confirmation_days)
        found = queue_changes.compare(record.jobs, reading.listed, reading.vanished, limits, now, today, scope)
        record.jobs, record.read = found.jobs, True
        for change in found.changes:
            report = reading.reports.get(change.job_id)
            self._add(record, event_values.job_event(name, reading.queue_id, change, report))
        self._compare_order(name, record, reading, today)

    def _compare_order(
        self,
        name: str,
        record: queue_records.QueueRecord,
        reading: queue_poller.Reading,
        today: datetime.datetime,
    ) -> None:
        """Report that the declared order does not hold, once for each plan that would restore it."""
        declaration = self._options.declared.get(name)
        if declaration is None:
            return
        drift = order_drift.find(declaration, reading.queue_id, reading.listed, today)
        if drift.digest and drift.digest != record.drift:
            self._add(record, event_values.queue_event("order_drift", name, reading.queue_id, record, drift.values))
        record.drift = drift.digest


def _end_if_final(name: str, failure: errors.Failure) -> None:
    """End the source if another attempt cannot succeed.

    :raises SourceError: the credentials are rejected, or an argument is.
    """
    if failure.kind == "invalid_credentials" or (failure.kind == "invalid" and failure.http_status is None):
        raise SourceError(f"{name}: {failure.sentence()}")


async def stream(args: t.Mapping[str, t.Any], put: Put, clock: t.Optional[Clock] = None) -> None:
    """Run a source with the arguments of a rulebook.

    :raises SourceError: an argument is not valid, or credentials are rejected.
    """
    try:
        options = source_options.parse(args)
    except errors.OptionError as error:
        raise SourceError(str(error)) from None
    await EventStream(options, put, clock).run()
