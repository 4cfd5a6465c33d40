# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on several jobs in parallel, with a limit. Private to this collection."""

from __future__ import annotations

import threading
import typing as t

from . import concurrency

_NAP: t.Final = 0.5
"""Seconds after which a signal is handled at the latest."""

In = t.TypeVar("In")
Out = t.TypeVar("Out")


def in_parallel(
    work: t.Callable[[In], Out], items: t.Sequence[In], width: concurrency.AdaptiveConcurrency
) -> list[Out]:
    """Return work(item) for each item, in order; started in order, with limited concurrency.

    After a failure, no other item is started, and the first error is raised when the started ones are done. A caller
    that is interrupted here returns at once: the threads end with the process.
    """
    if width.most == 1 or len(items) < 2:
        return [work(item) for item in items]
    return _Line(work, items, width).run()


class _Kept:
    """Keeps any error of a piece of work for the thread that waits for it."""

    def __init__(self) -> None:
        self.error: t.Optional[BaseException] = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: t.Optional[BaseException], trace: object) -> bool:
        self.error = error
        return True

    def take(self) -> t.Optional[BaseException]:
        """Return the error, and remove it here: its traceback refers to the frame that waits for it."""
        error, self.error = self.error, None
        return error


class _Line(t.Generic[In, Out]):
    """Pieces of work that threads take one after another.

    Not a ThreadPoolExecutor: the interpreter waits for its threads before it ends, however long their requests take.
    """

    def __init__(
        self, work: t.Callable[[In], Out], items: t.Sequence[In], width: concurrency.AdaptiveConcurrency
    ) -> None:
        self._work = work
        self._items = items
        self._width = width
        self._lock = threading.Lock()
        self._next = 0
        self._results: dict[int, Out] = {}
        self._errors: dict[int, BaseException] = {}

    def run(self) -> list[Out]:
        """Return all results, in order."""
        count = min(self._width.most, len(self._items))
        threads = [threading.Thread(target=self._serve, daemon=True) for _number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                # A signal that arrives just before the thread waits is handled only when it wakes up.
                thread.join(_NAP)
        if self._errors:
            error = self._errors[min(self._errors)]
            self._errors.clear()
            try:
                raise error
            finally:
                # Its traceback refers to this frame, so this frame must not refer to it: requests can be large.
                del error
        return [self._results[number] for number in range(len(self._items))]

    def _serve(self) -> None:
        while True:
            with self._width:
                number = self._take()
                if number is None:
                    return
                kept = _Kept()
                with kept:
                    self._results[number] = self._work(self._items[number])
                if kept.error:
                    self._fail(number, kept)

    def _fail(self, number: int, kept: _Kept) -> None:
        error = kept.take()
        if error:
            self._errors[number] = error

    def _take(self) -> t.Optional[int]:
        with self._lock:
            if self._errors or self._next >= len(self._items):
                return None
            self._next += 1
            return self._next - 1
