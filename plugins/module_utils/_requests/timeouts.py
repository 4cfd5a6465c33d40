# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Abandon a request that takes too long, for any reason.

The timeouts of HTTP libraries count from byte to byte, so they never end a request to a server that sends single bytes
slowly, in the headers or in the body. Private to this collection.
"""

from __future__ import annotations

import threading
import traceback
import typing as t

from .._core import errors

T = t.TypeVar("T")


def attempt(work: t.Callable[[], T]) -> tuple[list[T], t.Optional[BaseException]]:
    """Return the result of work in a list, or any error that it raises.

    A thread has no caller to raise to, and the errors of an SDK are not known in advance. So this function catches all
    errors, and is the only one that does. Its callers raise the errors that they do not handle.
    """
    try:
        return [work()], None
    except BaseException as error:  # A thread ends silently: its caller must get SystemExit and KeyboardInterrupt, too.
        _let_go(error)
        return [], error


def _let_go(error: BaseException) -> None:
    """Clear the frames of an error and its causes.

    A frame of an SDK that keeps the error in a variable refers to itself, and so to all data of the request, such as a
    body of 32 MiB. Python frees it only when it collects cycles, which large bodies do not trigger.
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
        """Return the result or the error of the request, and remove it here."""
        outcome, self._outcome = self._outcome, ([], None)
        return outcome


def call_with_timeout(seconds: float, request: t.Callable[[], T]) -> T:
    """Return the result of a request; its errors are raised here.

    :raises BatchError: it takes too long (kind timeout).
    """
    thread = _Attempt(request)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        text = f"no complete response within {seconds:.1f} s"
        raise errors.BatchError(errors.Failure("timeout", text, hint=errors.HINTS["timeout"]))
    answers, error = thread.take()
    if error is None:
        return answers[0]
    try:
        raise error
    finally:
        # Its traceback refers to this frame, and so to all data of the request, such as a body of 32 MiB. Without this,
        # Python would free it only when it collects cycles, which large bodies do not trigger.
        del error
