# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handle Ctrl+C and SIGTERM once, and only while there is work to stop. ansible-core passes them to modules since 2.19.

Private to this collection.
"""

from __future__ import annotations

import signal
import threading
import typing as t

_HEEDED: t.Final = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Raises KeyboardInterrupt for the first signal. Later signals would only prevent the report of the changes.

    A signal that the process ignores, or that another handler handles, is not changed.
    """

    def __init__(self) -> None:
        self._over = False
        self._previous: dict[int, t.Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in _HEEDED:
                if signal.getsignal(number) in (signal.default_int_handler, signal.SIG_DFL):
                    self._previous[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *error: object) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, previous)

    def ignore(self) -> None:
        """Ignore signals from now on: the work is finished, and the result follows."""
        self._over = True

    def _interrupt(self, number: int, frame: t.Any) -> None:
        if not self._over:
            self._over = True
            raise KeyboardInterrupt
