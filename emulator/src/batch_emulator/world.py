# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of one running emulator."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .accounts import EXPIRED, ROLES, of_role
from .buckets import Buckets
from .clock import Clock
from .faults import Faults
from .jobs import QueueKey
from .journal import Journal
from .scheduler import Scheduler
from .settings import RateLimit, Settings
from .store import Store
from .tasks import Tasks
from .waits import Waits


@dataclass
class TokenBucket:
    """The number of requests that a queue can accept now."""

    limit: RateLimit
    now: Callable[[], float]
    level: float = field(init=False)
    mark: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = float(self.limit.burst)
        self.mark = self.now()

    def take(self) -> bool:
        now = self.now()
        self.level = min(float(self.limit.burst), self.level + (now - self.mark) * self.limit.rate)
        self.mark = now
        if self.level < 1.0:
            return False
        self.level -= 1.0
        return True


class World:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        # The content after each reset, and the operations that faults can use.
        self.initial: Callable[[World], None] | None = None
        self.operations: list[str] = []
        self.settings = Settings()
        self.store = Store()
        self.buckets = Buckets()
        self.tasks = Tasks(self.buckets, self.settings)
        self.scheduler = Scheduler(self.store, self.settings, clock, self.tasks)
        self.faults = Faults()
        self.journal = Journal()
        self.waits = Waits()
        self.landing: set[asyncio.Future[None]] = set()
        # The number of resets. A request that was in flight during a reset must not change the state after it.
        self.era = 0
        # Page tokens that faults created, and the original tokens.
        self.tokens: dict[str, str | None] = {}
        self._buckets: dict[QueueKey, TokenBucket] = {}

    def reset(self) -> None:
        """Restore the initial state, except for the clock, which never goes back."""
        self.era += 1
        self.waits.clear()
        self.store.clear()
        self.buckets.clear()
        self.tasks.clear()
        self.scheduler.clear()
        self.faults.clear()
        self.journal.clear()
        self.tokens.clear()
        self._buckets.clear()
        EXPIRED.clear()
        self.settings.change(Settings().state())
        if self.initial is not None:
            self.initial(self)

    def renew_keys(self) -> None:
        """Expire the keys that roles have returned; from now on, roles return other keys."""
        generation = self.settings.role_generation
        EXPIRED.update((base.provider, of_role(base, generation).key_id) for base in ROLES)
        self.settings.role_generation = generation + 1

    def within_rate(self, queue: QueueKey) -> bool:
        limit = self.settings.rate_limit
        if limit is None:
            return True
        bucket = self._buckets.get(queue)
        if bucket is None or bucket.limit is not limit:
            # Clients wait in real time, unless a test changes their clock together with this one.
            now = self.clock.now if limit.emulated else time.monotonic
            bucket = self._buckets[queue] = TokenBucket(limit, now)
        return bucket.take()
