# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the keys that sign requests, and renew those that expire.

Keys of a role or a file are searched again before they expire, and once after they are rejected: the role can have new
keys, and the file can have been edited. Keys that a task or its environment sets are never renewed.
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
"""Seconds before keys that are about to expire are searched again. A metadata service returns the same keys until it
has new ones, and with a wrong clock all keys seem to be expired."""


class Found(t.NamedTuple):
    """Keys of a credential location.

    :param expires: Unix seconds; None if they do not expire, or if the expiration is not known.
    :param margin: seconds before the expiration at which new keys are searched.
    :param newest: returns the current keys, if the location renews them itself.
    """

    keys: providers.Credentials
    expires: t.Optional[float] = None
    margin: float = 0.0
    newest: t.Optional[t.Callable[[], providers.Credentials]] = None


class _State(t.NamedTuple):
    """The keys in use, and their state.

    :param due: Unix seconds from which on new keys are searched; None for never.
    :param doubted: the keys were found after a rejection, and no request with them has succeeded yet.
    """

    found: Found
    due: t.Optional[float]
    doubted: bool = False


class Keys:
    """The keys of one provider, which all its clients share. Several threads that need new keys search only once.

    :param secrets: never shown: the secrets of all keys that were ever in use, and those that the finder adds.
    """

    def __init__(self, given: t.Optional[providers.Credentials], find: t.Callable[[], Found]) -> None:
        """Start with the given keys, or without keys until they are needed.

        :param find: searches for keys, with requests if needed; raises BatchError and OptionError.
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
        """Return the search for keys; None if they are given."""
        return None if self._given else self.current

    def current(self) -> providers.Credentials:
        """Return the keys that sign the next request of this thread.

        :raises BatchError: there are none.
        :raises OptionError: a location has keys that HTTP headers cannot carry.
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
        """Note that the last request of this thread was not rejected because of its keys."""
        state = self._state
        if state and state.doubted and getattr(self._used, "keys", None) == state.found.keys:
            with self._lock:
                if self._state is state:
                    self._state = state._replace(doubted=False)

    def refused(self, failure: errors.Failure) -> errors.Failure:
        """Return a failure of the last request of this thread, marked as corrected if it was rejected because of its
        keys and new keys were found.
        """
        if self._given or failure.kind != "invalid_credentials" or failure.corrected:
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
                # Else another thread was rejected before this one, and has found new keys.
                return dataclasses.replace(failure, corrected=_latest(state) != used)
            except (errors.BatchError, errors.OptionError) as error:
                text = f"{failure.message.rstrip('.')}. No new keys were found: {_reason(error)}"
                return dataclasses.replace(failure, message=text)

    def _fresh(self) -> _State:
        """Return the keys in use, renewed if they are due; the lock is held.

        :raises BatchError: there are no keys, or they have expired and no new keys are found.
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
                # The keys are still valid, and the cause can pass.
                self._state = state._replace(due=time.time() + _PAUSE)
                return self._state
            if isinstance(error, errors.OptionError):
                raise
            # The location had keys before, so it can have some again. No request was sent without keys.
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
