# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit how fast requests start, once the provider throttles.

No provider publishes its limits for these calls, so the limiter finds them like congestion control: a throttled
response lowers the rate to a little less than the recent throughput. Time without one raises the rate again, faster
the longer it lasts. Private to this collection.
"""

from __future__ import annotations

import collections
import threading
import typing as t

_START: t.Final = 20.0
"""Requests per second, if the throughput is not known yet; doubles each second until it is too fast."""
_LEAST: t.Final = 0.5
_MOST: t.Final = 10_000.0
_CUT: t.Final = 0.8
_GROWTH: t.Final = 0.08
"""Share by which the rate grows per second, for each second since the last cut."""
_QUIET: t.Final = 0.5
"""Seconds after a cut in which throttled responses still belong to requests of the old rate."""
_WINDOW: t.Final = 2.0
"""Seconds over which responses are counted."""
_SPAN: t.Final = 0.5
"""Seconds that a count covers at least: the first responses can be a burst that the provider allows once."""


class AdaptiveRateLimiter:
    """The rate that all requests of a task share."""

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
        """Take the next slot; return the seconds until it can start."""
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
        """Note a response that was not throttled."""
        with self._lock:
            self._answers.append(self._now())

    def throttled(self, retry_after: t.Optional[float]) -> None:
        """Note a throttled response: slow down, and start no request before Retry-After."""
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
                # The throughput lags behind a growing rate, but shows at once if the rate is far too fast.
                slower = self._rate * _CUT
                self._rate = max(_LEAST, through if 0 < through < slower / 2 else slower)

    def _growth(self, now: float) -> float:
        """Return the factor by which the rate has grown since the last slot."""
        passed = now - self._raised
        return 2**passed if self._guessed else 1 + _GROWTH * (now - self._cut_at) * passed

    def _through(self, now: float) -> float:
        """Return the recent responses per second, 0.0 if the time is too short."""
        recent = [moment for moment in self._answers if now - moment <= _WINDOW]
        span = now - recent[0] if recent else 0.0
        return len(recent) / span if span >= _SPAN else 0.0
