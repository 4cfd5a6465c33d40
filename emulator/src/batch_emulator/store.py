# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All jobs of all queues, and pages of them in creation order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .jobs import Job, QueueKey


def _index(line: Sequence[tuple[Any, ...]], key: tuple[Any, ...]) -> int:
    """A tuple sorts before a longer one that starts with it, so jobs themselves are never compared."""
    return bisect_left(line, key)


class WaitingLine:
    """Jobs that could run, the next one first: by priority, then by age."""

    def __init__(self) -> None:
        self._line: list[tuple[int, float, int, Job]] = []

    def add(self, job: Job) -> None:
        job.waiting_key = (-job.priority, job.created, job.order)
        insort(self._line, (*job.waiting_key, job))

    def remove(self, job: Job) -> bool:
        if job.waiting_key is None:
            return False
        del self._line[_index(self._line, job.waiting_key)]
        job.waiting_key = None
        return True

    def __len__(self) -> int:
        return len(self._line)

    def __getitem__(self, index: int) -> Job:
        return self._line[index][3]


@dataclass(eq=False)
class Queue:
    key: QueueKey
    listing: list[tuple[float, int, Job]] = field(default_factory=list)
    waiting: WaitingLine = field(default_factory=WaitingLine)
    # Jobs that hold a slot: Active or Pausing.
    running: set[Job] = field(default_factory=set)
    dispatch_due: bool = False
    # ClientRequestToken -> digest of the request, job ID
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def page(
        self, after: tuple[float, int] | None, limit: int, statuses: Collection[str] | None, back: int = 0
    ) -> tuple[list[Job], bool]:
        """The next jobs behind a place, begun so many jobs before it, and whether more of them follow."""
        index = 0 if after is None else max(0, _index(self.listing, (after[0], after[1] + 1)) - back)
        found: list[Job] = []
        while index < len(self.listing):
            job = self.listing[index][2]
            if not statuses or job.status in statuses:
                if len(found) == limit:
                    return found, True
                found.append(job)
            index += 1
        return found, False


class Store:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.queues: dict[QueueKey, Queue] = {}
        self._order = 0

    def queue(self, key: QueueKey) -> Queue:
        if key not in self.queues:
            self.queues[key] = Queue(key)
        return self.queues[key]

    def add(self, job: Job) -> None:
        self._order += 1
        job.order = self._order
        self.jobs[job.job_id] = job
        insort(self.queue(job.queue).listing, (*job.place, job))

    def remove(self, job: Job) -> None:
        queue = self.queues[job.queue]
        del queue.listing[_index(queue.listing, job.place)]
        del self.jobs[job.job_id]

    def find(self, key: QueueKey, job_id: str) -> Job | None:
        """Return a job of this queue; jobs of other queues do not exist for the caller."""
        job = self.jobs.get(job_id)
        return job if job is not None and job.queue == key else None

    def __iter__(self) -> Iterator[Job]:
        return iter(self.jobs.values())
