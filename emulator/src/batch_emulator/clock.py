# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emulated time. Signatures are judged by the wall clock; only the jobs live by this one."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from .errors import AdminError

MODES = ("real", "manual")


class Clock:
    def __init__(self, mode: str = "real", speed: float = 1.0) -> None:
        self.mode = mode
        self.speed = speed
        self._base = time.time()
        self._mark = time.monotonic()

    def now(self) -> float:
        if self.mode == "manual":
            return self._base
        return self._base + (time.monotonic() - self._mark) * self.speed

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise AdminError("advance must not be negative: jobs cannot go back in time.")
        self._base += seconds

    def sync(self) -> None:
        """Show the time of the wall clock."""
        self._base, self._mark = time.time(), time.monotonic()

    def change(self, mode: str | None = None, speed: float | None = None) -> None:
        if mode is not None and mode not in MODES:
            raise AdminError(f"Unknown clock mode {mode!r}; known modes: {', '.join(MODES)}.")
        if speed is not None and speed <= 0:
            raise AdminError("speed must be greater than 0.")
        self._base, self._mark = self.now(), time.monotonic()
        self.mode = mode or self.mode
        self.speed = speed or self.speed

    def state(self) -> dict[str, object]:
        now = self.now()
        return {"mode": self.mode, "speed": self.speed, "now": now, "iso": iso(now)}


def iso(moment: float) -> str:
    """2019-12-19T18:00:30Z, as both clouds print their times (AWS with milliseconds)."""
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
