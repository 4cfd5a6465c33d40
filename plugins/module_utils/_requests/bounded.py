# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request that takes too long is left behind, whatever it is that takes so long.

The timeouts of HTTP libraries count from byte to byte, so a server that sends one byte now and then is waited for
without end, in the headers as well as in the body. Private to this collection.
"""

from __future__ import annotations

import threading
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import errors as _errors

T = t.TypeVar("T")


class _Attempt(threading.Thread, t.Generic[T]):
    """One request, in a thread that ends with the process at the latest."""

    def __init__(self, request: t.Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self._request = request
        self.answers: list[T] = []
        self.error: t.Optional[Exception] = None

    def run(self) -> None:
        try:
            self.answers.append(self._request())
        except (_errors.BatchError, _errors.InputError) as error:
            self.error = error


def within(seconds: float, request: t.Callable[[], T]) -> T:
    """Return what a request returns.

    :raises BatchError: it fails, or takes longer than that (kind timeout).
    """
    attempt = _Attempt(request)
    attempt.start()
    attempt.join(seconds)
    if attempt.is_alive():
        text = f"no whole answer within {seconds:.1f} s"
        raise _errors.BatchError(_errors.Failure("timeout", text, hint=_errors.HINTS["timeout"]))
    if attempt.error:
        raise attempt.error
    return attempt.answers[0]
