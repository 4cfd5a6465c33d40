# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit how fast requests start, once the provider throttles.

None of the clouds publishes its limits for these calls, so they are found out, as congestion control does: a throttled
answer lowers the pace to a little less than what got through lately, and time without one raises it again, the more the
longer it lasts. Private to this collection.
"""

from __future__ import annotations

import collections
import threading
import typing as t

_START: t.Final = 20.0
"""Requests a second, where too little got through yet to be counted; doubles every second until it is too fast."""
_LEAST: t.Final = 0.5
_MOST: t.Final = 10_000.0
_CUT: t.Final = 0.8
_GROWTH: t.Final = 0.08
"""Share by which the pace grows in a second, for each second since the last cut."""
_QUIET: t.Final = 0.5
"""Seconds after a cut in which throttled answers still belong to requests of the old pace."""
_WINDOW: t.Final = 2.0
"""Seconds over which answers are counted."""
_SPAN: t.Final = 0.5
"""Seconds that a count covers at least: the first answers may be a burst that the cloud lets through once."""


class AdaptiveRateLimiter:
    """The pace that all requests of a task share."""

    def __init__(self, now: t.Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._answers: collections.deque[float] = collections.deque(maxlen=10_000)
        self._rate: t.Optional[float] = None
        self._guessed = False
        self._raised = now()
        self._cut_at = float("-inf")
        self._next = now()

    def next_slot(self) -> float:
        """Take the next place; return the seconds to wait until it may start."""
        with self._lock:
            now = self._now()
            if self._rate is None:
                return max(0.0, self._next - now)
            self._rate = min(_MOST, self._rate * self._growth(now))
            self._raised = now
            start = max(now, self._next)
            self._next = start + 1 / self._rate
            return start - now

    def answered(self) -> None:
        """Note an answer that was not throttled."""
        with self._lock:
            self._answers.append(self._now())

    def throttled(self, retry_after: t.Optional[float]) -> None:
        """Note a throttled answer: slow down, and start nothing before Retry-After."""
        with self._lock:
            now = self._now()
            self._next = max(self._next, now + (retry_after or 0.0))
            if now - self._cut_at < _QUIET:
                return
            self._cut_at = self._raised = now
            through = self._through(now)
            if self._rate is None:
                self._guessed = not through
                self._rate = through or _START
            else:
                self._guessed = False
                # What got through lags behind a pace that grows, but tells at once when it is far too fast.
                slower = self._rate * _CUT
                self._rate = max(_LEAST, through if 0 < through < slower / 2 else slower)

    def _growth(self, now: float) -> float:
        """Return the factor by which the pace has grown since it was last asked for."""
        passed = now - self._raised
        return 2**passed if self._guessed else 1 + _GROWTH * (now - self._cut_at) * passed

    def _through(self, now: float) -> float:
        """Return the answers a second of the last moments, 0.0 where that is too short to tell."""
        recent = [moment for moment in self._answers if now - moment <= _WINDOW]
        span = now - recent[0] if recent else 0.0
        return len(recent) / span if span >= _SPAN else 0.0
