# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cache results of reading queues between runs, without failures, connection options, and keys.

The key of an entry has a digest of the whole declaration of a queue; the name before it is for people. An entry is used
while the declaration and the environment are unchanged. The data of a cache plugin is not trusted: it can be damaged or
from a different release. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import typing as t

from .._clouds import registry
from .._core import job_values
from . import accounts, queue_summaries

_FORMAT: t.Final = 3
_SECRETS: t.Final = ("secret_key", "session_token")
_PLACES: t.Final = re.compile("PROFILE|CONFIG|FILE|ROLE|ENDPOINT|METADATA|CREDENTIALS_(FULL|RELATIVE)_URI")
"""Parts of variable names that define the location and owner of credentials."""
_ENTRY: t.Final = frozenset({"read", "account_id", "values"})


def entry_key(queue: accounts.Queue, environment: t.Mapping[str, str]) -> str:
    """Return the cache key of a queue and its connection.

    It includes the environment variables that the provider's libraries read, without secrets, because they can select a
    different account.
    """
    traits = registry.PROVIDERS[queue.provider]().traits
    read = {name for option, names in traits.connection.environment.items() if option not in _SECRETS for name in names}
    families = tuple({f"{name.partition('_')[0]}_" for name in read})
    around = {
        name: value
        for name, value in environment.items()
        if name in read or (name.startswith(families) and _PLACES.search(name))
    }
    key = environment.get(queue.variables.get("access_key", ""), "")
    declared = {**dataclasses.asdict(queue), "found": False}
    text = json.dumps([_FORMAT, declared, key, around], sort_keys=True, default=str)
    return f"{queue.name} {hashlib.sha256(text.encode()).hexdigest()}"


class Kept:
    """Cached results that have not expired, and the results of this run."""

    def __init__(self, stored: t.Any, now: float, lifetime: float, environment: t.Mapping[str, str]) -> None:
        """Load the valid entries.

        :param stored: the data of a cache plugin; can be anything.
        :param now: seconds since the epoch.
        :param lifetime: seconds after which an entry expires; 0 for never.
        """
        self._now = now
        self._environment = environment
        self._used: dict[str, t.Any] = {}
        entries = stored.get("entries") if isinstance(stored, t.Mapping) and stored.get("format") == _FORMAT else None
        self._entries = {
            key: entry
            for key, entry in (entries.items() if isinstance(entries, t.Mapping) else ())
            if isinstance(entry, t.Mapping) and set(entry) == _ENTRY and self._is_young(entry["read"], lifetime)
        }

    def _is_young(self, read: t.Any, lifetime: float) -> bool:
        known = isinstance(read, (int, float)) and not isinstance(read, bool) and read <= self._now
        return known and (not lifetime or self._now - read < lifetime)

    def regions(self, queue: accounts.Queue) -> t.Optional[list[str]]:
        """Return the cached regions of an account, None if there are none."""
        key = entry_key(queue, self._environment)
        names = self._entries.get(key, {}).get("values")
        traits = registry.PROVIDERS[queue.provider]().traits
        if not isinstance(names, list) or not names or not all(accounts.is_region(traits, name) for name in names):
            return None
        self._used[key] = self._entries[key]
        return list(names)

    def queue(self, queue: accounts.Queue) -> t.Optional[job_values.Values]:
        """Return the cached account and summary of a queue, None if there are none."""
        key = entry_key(queue, self._environment)
        entry = self._entries.get(key, {})
        values, account = queue_summaries.restored(entry.get("values")), entry.get("account_id")
        rule = registry.PROVIDERS[queue.provider]().traits.rules.get("account_id")
        if values is None or not isinstance(account, str):
            return None
        if account and not (rule and re.fullmatch(rule.pattern, account, re.ASCII)):
            return None
        self._used[key] = entry
        return {**values, "account_id": account}

    def keep_regions(self, queue: accounts.Queue, names: t.Sequence[str]) -> None:
        """Cache the regions of an account."""
        self._keep(queue, "", list(names))

    def keep_queue(self, queue: accounts.Queue, account_id: str, values: job_values.Values) -> None:
        """Cache the result of reading a queue."""
        self._keep(queue, account_id, dict(values))

    def _keep(self, queue: accounts.Queue, account_id: str, values: t.Any) -> None:
        key = entry_key(queue, self._environment)
        self._used[key] = {"read": self._now, "account_id": account_id, "values": values}

    def as_stored(self) -> job_values.Values:
        """Return the data for a cache plugin: the entries of the queues of this run."""
        return {"format": _FORMAT, "entries": self._used}
