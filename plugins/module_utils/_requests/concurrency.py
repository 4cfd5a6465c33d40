# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit how many requests are in flight at once, by a given number or by one that adapts.

Without a given number, the concurrency starts small and doubles, round by round, while no response is throttled and
responses do not get slower. A throttled response halves it and ends the growth. Private to this collection.
"""

from __future__ import annotations

import threading
import typing as t

START: t.Final = 8
MOST: t.Final = 64
_SLOWER: t.Final = 1.5
"""Times the fastest round. More requests would only wait in a queue."""


class AdaptiveConcurrency:
    """The concurrency that all work of a task shares.

    :param most: the maximum.
    """

    def __init__(self, given: t.Optional[int] = None) -> None:
        """Start with the given number, or with START to find one."""
        self.most = given or MOST
        self._now = given or START
        self._grows = given is None
        self._busy = 0
        self._round: list[float] = []
        self._fastest = float("inf")
        self._free = threading.Condition()

    def __enter__(self) -> None:
        """Wait until one more request can be in flight."""
        with self._free:
            while self._busy >= self._now:
                self._free.wait()
            self._busy += 1

    def __exit__(self, *error: object) -> None:
        with self._free:
            self._busy -= 1
            self._free.notify()

    @property
    def now(self) -> int:
        """How many requests can be in flight at present."""
        return self._now

    def answered(self, seconds: float) -> None:
        """Note the duration of a response; after a round of them, increase if they did not become slower."""
        if not self._grows:
            return
        with self._free:
            self._round.append(seconds)
            if len(self._round) < self._now:
                return
            middle = sorted(self._round)[len(self._round) // 2]
            self._round.clear()
            self._fastest = min(self._fastest, middle)
            if middle <= self._fastest * _SLOWER and self._now < self.most and self._busy >= self._now:
                self._now = min(self.most, self._now * 2)
                self._free.notify_all()
            elif middle > self._fastest * _SLOWER:
                self._grows = False

    def throttled(self) -> None:
        """Note that the provider throttled a request."""
        if self._grows:
            with self._free:
                self._grows = False
                self._now = max(START, self._now // 2)
