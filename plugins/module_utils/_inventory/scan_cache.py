# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep what could be read of queues between runs: no failure, no connection option, no key.

An entry belongs to the whole declaration of a queue, by a digest of it; the name before it is for people. It is used
while the declaration and the environment are the same. What a cache plugin returns is not trusted: it can be damaged or
come from another release. Private to this collection.
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

_FORMAT: t.Final = 2
_SECRETS: t.Final = ("secret_key", "session_token")
_PLACES: t.Final = re.compile("PROFILE|CONFIG|FILE|ROLE|ENDPOINT|METADATA|CREDENTIALS_(FULL|RELATIVE)_URI")
"""Parts of names of variables that say where credentials are, and whose."""
_ENTRY: t.Final = frozenset({"read", "account_id", "values"})


def entry_key(queue: accounts.Queue, environment: t.Mapping[str, str]) -> str:
    """Return what stands for a queue and the way in which it is reached.

    The environment counts as far as the provider's libraries read it, secrets left out: it may name another account.
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
    """What earlier runs have read and is not too old, and what this run adds to it."""

    def __init__(self, stored: t.Any, now: float, lifetime: float, environment: t.Mapping[str, str]) -> None:
        """Take over what is sound.

        :param stored: as a cache plugin returns it; anything.
        :param now: seconds since the epoch.
        :param lifetime: seconds after which a reading is not used any more; 0 for ever.
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
        """Return the regions of an account that were read earlier, None if they have to be read."""
        key = entry_key(queue, self._environment)
        names = self._entries.get(key, {}).get("values")
        traits = registry.PROVIDERS[queue.provider]().traits
        if not isinstance(names, list) or not names or not all(accounts.is_region(traits, name) for name in names):
            return None
        self._used[key] = self._entries[key]
        return list(names)

    def queue(self, queue: accounts.Queue) -> t.Optional[job_values.Values]:
        """Return account and snapshot of a queue that were read earlier, None if it has to be read."""
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
        """Keep the regions of an account."""
        self._keep(queue, "", list(names))

    def keep_queue(self, queue: accounts.Queue, account_id: str, values: job_values.Values) -> None:
        """Keep what was read of a queue."""
        self._keep(queue, account_id, dict(values))

    def _keep(self, queue: accounts.Queue, account_id: str, values: t.Any) -> None:
        key = entry_key(queue, self._environment)
        self._used[key] = {"read": self._now, "account_id": account_id, "values": values}

    def as_stored(self) -> job_values.Values:
        """Return what a cache plugin stores: what belongs to the queues of this run."""
        return {"format": _FORMAT, "entries": self._used}
