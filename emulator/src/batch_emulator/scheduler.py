# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the jobs: all changes of status that no request causes.

Every step takes `step_seconds`, and so does a dispatch. If the clock stops, jobs do not change. The work is a heap of
due events. Reading it costs nothing if no event is due.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from . import progress
from .clock import Clock
from .jobs import ENDED, Job
from .settings import Settings
from .store import Queue, Store
from .tasks import Tasks

DAY = 86400.0
# S3: a job left Suspended for over 30 days fails. Not documented for COS; the same is assumed.
CONFIRMATION_DAYS = {"aws": 30, "cos": 30, "oss": 14}
# S3 counts from the end of the job, COS from its creation. Not documented for OSS; S3's way is assumed.
RETENTION_DAYS = 90

_NEXT = {
    "Pausing": "Paused",
    "Completing": "Complete",
    "Cancelling": "Cancelled",
    "Failing": "Failed",
    "New": "Preparing",
}
_FAILURES = {
    ("Suspended", "Failed"): ("ConfirmationExpired", "The job was not confirmed in time."),
    ("Active", "Failing"): ("FailureRateExceeded", "More than 50 % of the tasks have failed."),
}


class Scheduler:
    def __init__(self, store: Store, settings: Settings, clock: Clock, tasks: Tasks) -> None:
        self.store = store
        self.tasks = tasks
        self.settings = settings
        self.clock = clock
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = 0

    def clear(self) -> None:
        self._due.clear()

    def run(self) -> None:
        """Catch up with the clock."""
        now = self.clock.now()
        while self._due and self._due[0][0] <= now:
            at, _unused, event = heapq.heappop(self._due)
            event(at)

    def add(self, job: Job) -> None:
        """Take in a new or seeded job in whatever status it is."""
        self.store.add(job)
        now = self.clock.now()
        job.history.append((now, job.status))
        self._arm(job, now)

    def remove(self, job: Job) -> None:
        """The job is deleted, and its slot is free."""
        self._disarm(job, self.clock.now())
        self.store.remove(job)

    def enter(self, job: Job, status: str, at: float) -> None:
        """Put a job into a status, and see to what follows from it."""
        self._disarm(job, at)
        job.status = status
        job.history.append((at, status))
        job.ended = at if status in ENDED else None
        if status == "Suspended":
            job.suspended = at
        if status in ENDED and (commit := self.tasks.finish(job, at)) is not None:
            self._push(at + self.settings.report_delay, lambda _now: commit())
        self._arm(job, at)

    def set_priority(self, job: Job, priority: int) -> None:
        if priority == job.priority:
            return
        job.previous_priority, job.priority = job.priority, priority
        queue = self.store.queue(job.queue)
        if queue.waiting.remove(job):
            queue.waiting.add(job)
        self._ask_for_dispatch(queue, self.clock.now())

    def rearm(self, job: Job, change: Callable[[], None]) -> None:
        """Change a job from outside while its progress is written down and its events are off."""
        now = self.clock.now()
        self._disarm(job, now)
        change()
        self._arm(job, now)

    def redispatch(self) -> None:
        """The number of slots has changed."""
        for queue in self.store.queues.values():
            self._ask_for_dispatch(queue, self.clock.now())

    def _disarm(self, job: Job, at: float) -> None:
        job.generation += 1
        if job.active_since is not None:
            progress.settle(job, at)
        queue = self.store.queue(job.queue)
        queue.waiting.remove(job)
        if job in queue.running:
            queue.running.discard(job)
            self._ask_for_dispatch(queue, at)

    def _arm(self, job: Job, at: float) -> None:
        if job.frozen:
            return
        queue = self.store.queue(job.queue)
        if job.status in ("Ready", "Paused"):
            queue.waiting.add(job)
            self._ask_for_dispatch(queue, at)
        elif job.status == "Active":
            queue.running.add(job)
            job.active_since = at
            if (end := progress.outcome(job)) is not None:
                self._expect(job, at + max(end[0], self.settings.step_seconds), end[1])
        elif job.status == "Preparing":
            self._expect(job, at + self.settings.step_seconds, "Suspended" if job.confirmation_required else "Ready")
        elif job.status in _NEXT:
            if job.status == "Pausing":
                queue.running.add(job)
            self._expect(job, at + self.settings.step_seconds, _NEXT[job.status])
        elif job.status == "Suspended":
            since = at if job.suspended is None else job.suspended
            self._expect(job, since + CONFIRMATION_DAYS[job.queue.provider] * DAY, "Failed")
        elif job.status in ENDED:
            self._expect(job, self._vanishes(job, at), None)

    def _vanishes(self, job: Job, at: float) -> float:
        ended = at if job.ended is None else job.ended
        start = job.created if job.queue.provider == "cos" else ended
        return max(ended, start + RETENTION_DAYS * DAY)

    def _expect(self, job: Job, at: float, status: str | None) -> None:
        """Unless something else happens to the job first, it enters the status then (None: it vanishes)."""
        generation = job.generation

        def happen(now: float) -> None:
            if job.generation != generation:
                return
            if status is None:
                self.remove(job)
            elif job.status == "Preparing" and (fault := self.tasks.prepare(job)) is not None:
                job.failure_reasons = [fault._asdict()]
                self.enter(job, "Failed", now)
            else:
                if (why := _FAILURES.get((job.status, status))) is not None:
                    job.failure_reasons = [{"code": why[0], "reason": why[1]}]
                self.enter(job, status, now)

        self._push(at, happen)

    def _push(self, at: float, event: Callable[[float], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (at, self._count, event))

    def _ask_for_dispatch(self, queue: Queue, at: float) -> None:
        if queue.dispatch_due:
            return
        queue.dispatch_due = True

        def dispatch(now: float) -> None:
            queue.dispatch_due = False
            self._dispatch(queue, now)

        self._push(at + self.settings.step_seconds, dispatch)

    def _dispatch(self, queue: Queue, now: float) -> None:
        """Fill free slots by priority; where none is free, ask running jobs of lower priority to pause."""
        while queue.waiting and len(queue.running) < self.settings.capacity:
            self.enter(queue.waiting[0], "Active", now)
        active = sorted(
            (job for job in queue.running if job.status == "Active"),
            key=lambda job: (job.priority, -job.created, -job.order),
        )
        # Slots of jobs that are pausing already are promised to the first in the line.
        promised = len(queue.running) - len(active)
        for candidate, victim in zip(range(promised, len(queue.waiting)), active, strict=False):
            if queue.waiting[candidate].priority <= victim.priority:
                break
            self.enter(victim, "Pausing", now)
