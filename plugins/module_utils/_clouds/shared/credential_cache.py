# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the keys that requests are signed with, and renew those that expire.

Keys that were found are found again before they expire, and once after they are refused: a role has other ones by then,
and a file may have been edited. Keys that a task or its environment names are used as they are.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import typing as t

from ..._core import errors, providers
from . import responses

_PAUSE: t.Final = 60.0
"""Seconds before keys that are about to expire are looked for once more: a metadata service hands out the same ones
until it has others, and a clock that is wrong makes all of them look expired."""


@dataclasses.dataclass(frozen=True)
class Found:
    """Keys as a place has them.

    :param expires: Unix seconds; None where they last, or where nothing says how long.
    :param margin: seconds before that from which on others are looked for.
    :param newest: returns them as they are now, where the place keeps them fresh itself.
    """

    keys: providers.Credentials
    expires: t.Optional[float] = None
    margin: float = 0.0
    newest: t.Optional[t.Callable[[], providers.Credentials]] = None


@dataclasses.dataclass(frozen=True)
class _State:
    """What was found, and what became of it.

    :param due: Unix seconds from which on others are looked for; None for never.
    :param doubted: the keys came after a refusal, and no request with them was answered yet.
    """

    found: Found
    due: t.Optional[float]
    doubted: bool = False


class Keys:
    """The keys of one provider, which all its clients share. Threads that need others at the same time find them once.

    :param secrets: what is never shown: the secrets of all keys that were ever in use, and what else the finder adds.
    """

    def __init__(self, given: t.Optional[providers.Credentials], find: t.Callable[[], Found]) -> None:
        """Start with the keys that are given, or to find some when they are needed.

        :param find: looks for keys, by requests where need be; raises BatchError and OptionError.
        """
        self.secrets = responses.Secrets()
        self._given = given
        self._find = find
        self._lock = threading.Lock()
        self._used = threading.local()
        self._state: t.Optional[_State] = None
        if given:
            self.secrets.add(given.secret_key, given.session_token)

    def search(self) -> t.Optional[t.Callable[[], object]]:
        """Return the search for keys; None where they are given."""
        return None if self._given else self.current

    def current(self) -> providers.Credentials:
        """Return the keys that the next request of this thread is signed with.

        :raises BatchError: there are none.
        :raises OptionError: a place has keys that no header can carry.
        """
        if self._given:
            return self._given
        state = self._state
        if state is None or _is_over(state.due):
            with self._lock:
                state = self._fresh()
        keys = _latest(state)
        self.secrets.add(keys.secret_key, keys.session_token)
        self._used.keys = keys
        return keys

    def used(self) -> providers.Credentials:
        """Return the keys that current returned to this thread, for an SDK that signs later."""
        keys: t.Optional[providers.Credentials] = getattr(self._used, "keys", None)
        return keys or self.current()

    def answered(self) -> None:
        """Note that the last request of this thread was not refused because of its keys."""
        state = self._state
        if state and state.doubted and getattr(self._used, "keys", None) == state.found.keys:
            with self._lock:
                if self._state is state:
                    self._state = dataclasses.replace(state, doubted=False)

    def refused(self, failure: errors.Failure) -> errors.Failure:
        """Return a failure of the last request of this thread, mended where it was refused because of its keys and
        there are others now.
        """
        if self._given or failure.kind != "credentials" or failure.corrected:
            return failure
        with self._lock:
            state = self._state
            used = getattr(self._used, "keys", None)
            if state is None or used is None:
                return failure
            try:
                if _latest(state) == used:
                    if state.doubted:
                        return failure
                    state = self._take(self._find(), doubted=True)
                # Else another thread was refused before this one, and has found others.
                return dataclasses.replace(failure, corrected=_latest(state) != used)
            except (errors.BatchError, errors.OptionError) as error:
                text = f"{failure.message.rstrip('.')}; no other keys were found: {_reason(error)}"
                return dataclasses.replace(failure, message=text)

    def _fresh(self) -> _State:
        """Return what is in use, found again if it is time to; the lock is held.

        :raises BatchError: there are no keys, or those that there were are over, and no others are found.
        """
        state = self._state
        if state and not _is_over(state.due):
            return state
        try:
            found = self._find()
        except (errors.BatchError, errors.OptionError) as error:
            if state is None:
                raise
            if not _is_over(state.found.expires):
                # The keys are good for a while, and what is in the way of new ones may pass.
                self._state = dataclasses.replace(state, due=time.time() + _PAUSE)
                return self._state
            if isinstance(error, errors.OptionError):
                raise
            # Where there were keys before there should be some again, and nothing was sent without any.
            raise errors.BatchError(dataclasses.replace(error.failure, corrected=True)) from error
        return self._take(found)

    def _take(self, found: Found, doubted: bool = False) -> _State:
        soon = time.time() + _PAUSE
        due = None if found.expires is None else max(found.expires - found.margin, soon)
        self.secrets.add(found.keys.secret_key, found.keys.session_token)
        self._state = _State(found, due, doubted)
        return self._state


def _latest(state: _State) -> providers.Credentials:
    return state.found.newest() if state.found.newest else state.found.keys


def _reason(error: Exception) -> str:
    return error.failure.message if isinstance(error, errors.BatchError) else str(error)


def _is_over(moment: t.Optional[float]) -> bool:
    return moment is not None and time.time() >= moment
