# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a request with the provider's description of a job, in any form of the response.

Private to this collection.
"""

from __future__ import annotations

import typing as t

from .._core import times


def first_difference(name: str, wanted: t.Any, seen: t.Any) -> str:
    """Return the first difference between the task and the response; additions by a provider do not count."""
    if isinstance(wanted, t.Mapping):
        # If all children have one name, the response was read as a list of them.
        bare = {next(iter(wanted)): seen} if len(wanted) == 1 and isinstance(seen, list) else {}
        inner = seen if isinstance(seen, t.Mapping) else bare
        return next(
            filter(None, (first_difference(f"{name}.{key}", value, inner.get(key)) for key, value in wanted.items())),
            "",
        )
    if isinstance(wanted, (list, tuple)):
        items = _items(seen)
        if len(items) != len(wanted):
            return f"{name} has {len(items)} {'entry' if len(items) == 1 else 'entries'}, expected {len(wanted)}"
        pairs = zip(wanted, items)
        texts = (first_difference(f"{name}[{number}]", *pair) for number, pair in enumerate(pairs))
        return next(filter(None, texts), "")
    want, have = _word(wanted), _word(seen)
    return "" if want == have else f"{name} is {have!r}, expected {want!r}"


def _items(seen: t.Any) -> t.Sequence[t.Any]:
    """Return the items of a list in a response, which can be bare or under the one name of all items."""
    if isinstance(seen, t.Mapping):
        seen = next(iter(seen.values())) if len(seen) == 1 else [seen]
    return seen if isinstance(seen, list) else [] if seen in (None, "") else [seen]


def _word(value: t.Any) -> str:
    """Return a value as providers write it, ETags without quotes, and times without decimals."""
    if value is None or value == {} or value == []:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value).strip().strip('"')
    moment = times.parse_time(text)
    return moment.isoformat() if moment else text
