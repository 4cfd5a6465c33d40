# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leave a request behind that takes too long, whatever it is that takes so long.

The timeouts of HTTP libraries count from byte to byte, so a server that sends one byte now and then is waited for
without end, in the headers as well as in the body. Private to this collection.
"""

from __future__ import annotations

import threading
import traceback
import typing as t

from .._core import errors

T = t.TypeVar("T")


def attempt(work: t.Callable[[], T]) -> tuple[list[T], t.Optional[BaseException]]:
    """Return what work returns, in a list, or whatever it raises.

    A thread has nobody to raise to, and what an SDK raises is not known in advance. So this catches everything, and is
    the only place that does: who calls it hands on what is not theirs to judge.
    """
    try:
        return [work()], None
    except BaseException as error:  # A thread ends silently: its caller must get SystemExit and KeyboardInterrupt, too.
        _let_go(error)
        return [], error


def _let_go(error: BaseException) -> None:
    """Empty the frames that an error and its causes have left.

    A frame of an SDK that keeps the error in a variable holds itself, and so all that the request held, a body of
    32 MiB among it, until Python looks for cycles, which large bodies do not set off.
    """
    following: t.Optional[BaseException] = error
    while following is not None:
        traceback.clear_frames(following.__traceback__)
        following = following.__cause__ or following.__context__


class _Attempt(threading.Thread, t.Generic[T]):
    """One request, in a thread that ends with the process at the latest."""

    def __init__(self, request: t.Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self._request = request
        self._outcome: tuple[list[T], t.Optional[BaseException]] = ([], None)

    def run(self) -> None:
        self._outcome = attempt(self._request)

    def take(self) -> tuple[list[T], t.Optional[BaseException]]:
        """Return what the request returned or raised, and keep nothing of it."""
        outcome, self._outcome = self._outcome, ([], None)
        return outcome


def call_with_timeout(seconds: float, request: t.Callable[[], T]) -> T:
    """Return what a request returns; whatever it raises is raised here, as it is.

    :raises BatchError: it takes longer than that (kind timeout).
    """
    thread = _Attempt(request)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        text = f"no whole answer within {seconds:.1f} s"
        raise errors.BatchError(errors.Failure("timeout", text, hint=errors.HINTS["timeout"]))
    answers, error = thread.take()
    if error is None:
        return answers[0]
    try:
        raise error
    finally:
        # Its traceback holds this frame, and with it all that the request held, a body of 32 MiB among it: a frame that
        # held the error would keep all of that until Python looks for cycles, which large bodies do not set off.
        del error
