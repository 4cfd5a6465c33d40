# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll jobs until there is nothing more to wait for.

Each poll lists the jobs once, regardless of how many jobs the task waits for. Ended jobs stay in the list for 90 days.
Only a job that is not in the list is described. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import random
import time
import typing as t

from .._core import batch_jobs, errors, statuses
from .._requests import sessions
from . import wait_conditions

_GROWTH: t.Final = 1.5
_LOOK: t.Final = 4.0
"""Minimum seconds for one poll, also for the last one at the end of the timeout."""


@dataclasses.dataclass(frozen=True)
class Timing:
    """How long and how often to poll; all in seconds.

    :param interval: between the first two polls, and after a job has changed its status.
    :param max_interval: the longest interval while nothing changes.
    :param length: stop if the next poll is later than this after the start of the slice; None to continue to the end.
    """

    timeout: float
    interval: float
    max_interval: float
    length: t.Optional[float] = None


@dataclasses.dataclass(frozen=True)
class PollState:
    """The state that one slice of a wait passes to the next; plain data.

    :param elapsed: seconds waited so far.
    :param due: when the next poll is due, in seconds of the whole wait.
    :param gap: seconds between polls, which grow; 0.0 at the start.
    :param answered: whether a poll has succeeded; until then a failed poll fails the task.
    :param statuses: the last known status of each job.
    """

    elapsed: float = 0.0
    due: float = 0.0
    gap: float = 0.0
    answered: bool = False
    statuses: t.Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Clock:
    """The source of time; the jitter spreads the polls of tasks that started at the same time."""

    now: t.Callable[[], float] = time.monotonic
    sleep: t.Callable[[float], None] = time.sleep
    jitter: t.Callable[[], float] = lambda: random.uniform(0.9, 1.1)


class Waiter:
    """Polls jobs until they reach the requested status, or until the timeout.

    :param trouble: why the last poll failed; empty if it succeeded.
    """

    def __init__(
        self,
        session: sessions.Session,
        job_ids: t.Sequence[str],
        goal: wait_conditions.WaitCondition,
        timing: Timing,
        on_error: str = "stop",
        memory: t.Optional[PollState] = None,
        clock: t.Optional[Clock] = None,
    ) -> None:
        self._session = session
        self._goal = goal
        self._timing = timing
        self._on_error = on_error
        self._clock = clock or Clock()
        self._start = memory or PollState()
        self._began = self._clock.now() - self._start.elapsed
        self._due = self._start.due
        self._gap = self._start.gap or timing.interval
        self._answered = self._start.answered
        self._statuses = dict(self._start.statuses)
        self.trouble = ""
        self.verdicts = {job_id: self._unseen(job_id) for job_id in job_ids}

    def memory(self) -> PollState:
        """Return what the next slice has to know."""
        return PollState(self.elapsed(), self._due, self._gap, self._answered, dict(self._statuses))

    def elapsed(self) -> float:
        """Return the seconds waited so far, those of earlier slices included."""
        return self._clock.now() - self._began

    def run(self, seen: t.Callable[[list[wait_conditions.WaitStatus]], None] = lambda verdicts: None) -> bool:
        """Poll until there is nothing more to wait for; return False if only the slice has ended.

        :param seen: called after each poll that succeeded.
        :raises BatchError: the first poll fails, or a later one with an error that is not temporary.
        """
        while True:
            pause = self._due - self.elapsed()
            if pause > 0:
                self._clock.sleep(pause)
            self.look()
            if not self.trouble:
                seen(list(self.verdicts.values()))
            if wait_conditions.settled(self.verdicts.values(), self._on_error):
                self._explain()
                return True
            left = self._timing.timeout - self.elapsed()
            if left <= 0:
                self._give_up()
                return True
            # The last poll is at the end of the timeout, not one interval before it.
            self._due = self.elapsed() + min(self._gap * self._clock.jitter(), left)
            if self._timing.length is not None and self._due - self._start.elapsed > self._timing.length:
                return False

    def look(self) -> None:
        """Read the jobs once and judge them."""
        before = self._session.sender.counts()["throttled"]
        try:
            found = self._read()
        except errors.BatchError as error:
            if not self._answered or not error.failure.retryable:
                raise
            # A temporary outage does not end a wait of hours.
            self.trouble = error.failure.sentence()
            self._gap = self._timing.max_interval
            return
        verdicts = {
            job_id: wait_conditions.evaluate(job, self._goal)
            if isinstance(job, batch_jobs.Job)
            else wait_conditions.missing(job_id, job)
            for job_id, job in found.items()
        }
        if self._answered:
            self._adapt(verdicts, self._session.sender.counts()["throttled"] > before)
        self.verdicts, self.trouble, self._answered = verdicts, "", True
        self._statuses = {job_id: item.job.status for job_id, item in verdicts.items() if item.job}

    def _read(self) -> dict[str, t.Union[batch_jobs.Job, errors.Failure]]:
        # A poll that fails leaves half of the remaining time to the next ones.
        seconds = max(_LOOK, (self._timing.timeout - self.elapsed()) / 2)
        budget = self._session.sender.budget(seconds)
        listed = self._session.pick(self.verdicts, budget)
        absent = [job_id for job_id in self.verdicts if job_id not in listed]
        reading = self._session.describe_all(absent, seconds)
        return {job_id: listed.get(job_id) or reading[job_id] for job_id in self.verdicts}

    def _adapt(self, verdicts: t.Mapping[str, wait_conditions.WaitStatus], throttled: bool) -> None:
        """Poll more often after a change of status, and less often while nothing changes or requests are throttled."""
        moved = any(item.job and item.job.status != self._statuses.get(job_id) for job_id, item in verdicts.items())
        if moved and not throttled:
            self._gap = self._timing.interval
        else:
            self._gap = min(self._timing.max_interval, self._gap * _GROWTH * (2 if throttled else 1))

    def _explain(self) -> None:
        """Describe jobs that failed or were cancelled, once, at the end: lists do not contain the reasons."""
        unclear = [
            item.job_id
            for item in self.verdicts.values()
            if item.state == "failed"
            and item.job
            and item.job.status in statuses.EXPLAINED
            and not item.job.failure_reasons
        ]
        self._describe(unclear)

    def describe_ended(self) -> None:
        """Describe ended jobs once, when the waiting is over: lists do not contain, for example, the report."""
        self._describe(
            [
                item.job_id
                for item in self.verdicts.values()
                if item.job and item.job.is_ended and item.job.parameters is None
            ]
        )

    def _describe(self, job_ids: list[str]) -> None:
        try:
            described = self._session.describe_all(job_ids, _LOOK)
        except errors.BatchError:
            # The known result without the details is more useful than this error.
            return
        for job_id, job in described.items():
            # An outdated response does not replace a newer one.
            if isinstance(job, batch_jobs.Job) and job.is_ended:
                self.verdicts[job_id] = wait_conditions.evaluate(job, self._goal)

    def _give_up(self) -> None:
        for job_id, verdict in self.verdicts.items():
            if verdict.state == "waiting":
                self.verdicts[job_id] = wait_conditions.out_of_time(verdict, self._timing.timeout, self.trouble)

    def _unseen(self, job_id: str) -> wait_conditions.WaitStatus:
        status = self._statuses.get(job_id)
        return wait_conditions.WaitStatus(
            job_id, "waiting", None, f"was {status} (last known status)" if status else "has not been seen yet"
        )
