# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that a fault keeps waiting. Tests see them, and decide when the wait ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .journal import Entry


@dataclass(eq=False)
class Waiting:
    """One request that waits, or a write that lands after its connection has broken.

    `fault` is the number of the fault. `port` is the client's, 0 without a connection. `pause` is the time until the
    client receives something, `seconds` the time until it has everything; None: not before a release.
    """

    entry: Entry
    fault: int
    port: int
    gone: Callable[[], bool]
    pause: float | None
    seconds: float | None
    over: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def release(self) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def state(self) -> dict[str, Any]:
        entry = self.entry
        what = {"seq": entry.seq, "provider": entry.provider, "operation": entry.operation, "job_id": entry.job_id}
        why = {"fault": entry.fault, "fault_id": self.fault, "applied": entry.applied}
        return {**what, **why, "port": self.port, "pause": self.pause, "seconds": self.seconds}


class Waits:
    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    @contextmanager
    def noted(self, one: Waiting) -> Iterator[None]:
        """Show a request among those that wait."""
        self._waiting.append(one)
        try:
            yield
        finally:
            self._waiting.remove(one)

    async def keep(self, one: Waiting, parties: int | None = None) -> None:
        """Wait for the time, for a release, or until so many requests of the same fault wait."""
        with self.noted(one):
            here = [other for other in self.now() if other.fault == one.fault]
            if parties is not None and len(here) >= parties:
                for other in here:
                    other.release()
            await paused(one, one.seconds)

    def now(self) -> list[Waiting]:
        """Requests that wait and whose clients still wait for them, oldest first."""
        return [one for one in self._waiting if not one.over.done() and not one.gone()]

    def release(self, chosen: Callable[[dict[str, Any]], bool], count: int | None = None) -> int:
        """End the wait of the oldest, also of those whose clients have given up; how many they were."""
        found = [one for one in self._waiting if not one.over.done() and chosen(one.state())][:count]
        for one in found:
            one.release()
        return len(found)

    def clear(self) -> None:
        for one in self._waiting:
            one.release()


async def paused(one: Waiting, seconds: float | None) -> None:
    """Sleep, but not beyond the release. A held request continues before any request that arrives after the release."""
    if seconds is None:
        await one.over
        return
    timer = asyncio.get_running_loop().call_later(seconds, one.release)
    try:
        await one.over
    finally:
        timer.cancel()
