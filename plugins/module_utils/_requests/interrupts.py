# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handle Ctrl+C and SIGTERM once, and only while there is work to stop; ansible-core from 2.19 on passes them to
modules.

Private to this collection.
"""

from __future__ import annotations

import signal
import threading
import typing as t

_HEEDED: t.Final = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Raises KeyboardInterrupt for the first signal; later ones would only take away the report of what was done.

    A signal that somebody has the process ignore, or handles, is left alone.
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
        """Take no notice of signals from now on: the work is over, and its report is on the way."""
        self._over = True

    def _interrupt(self, number: int, frame: t.Any) -> None:
        if not self._over:
            self._over = True
            raise KeyboardInterrupt
