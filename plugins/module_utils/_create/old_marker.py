# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the markers that older releases wrote: digests of the task, not of the sent request.

They depend on the types of YAML and templates: 7 and "7" have different digests. With them, jobs of older releases are
found, and are not created a second time. Remove this file in 1.0.0: AWS and COS list a job for about 90 days, so none
of these jobs is listed by then. Private to this collection.
"""

from __future__ import annotations

import itertools
import re
import typing as t

from .._core import providers, scalars
from . import marker

_TYPED: t.Final = ("Manifest", "Report", "RoleArn", "Description")
"""Options to which AnsibleModule gave a type before the digest."""
_MOST: t.Final = 256
"""Most combinations of spellings; if there are more, all values are assumed to have the same spelling."""


def marks(
    given: t.Mapping[str, t.Any], token: str, queue_id: tuple[str, ...], traits: providers.Traits
) -> frozenset[marker.Mark]:
    """Return the markers that a job can have.

    :param given: the content as the task writes it now.
    :param token: the token of the task; empty if it was derived.
    :param queue_id: provider, region, and account.
    """
    accounts = [queue_id[-1]]
    if not traits.connection.account_in_requests:
        # The task can have set an account ID or none; most likely, it was the account of the role.
        accounts += ["", *re.findall(":([0-9]{5,20}):", str(given["RoleArn"]))]
    fixed = {name: given[name] for name in given if name in _TYPED}
    varying = {name: given[name] for name in given if name not in _TYPED}
    found: set[marker.Mark] = set()
    for values in _combinations(list(_leaves(varying, traits.jobs.parameters))):
        content = {**fixed, **_rebuilt(varying, iter(values))}
        tokens = [token] if token else [marker.digest([*queue_id[:-1], name, content]) for name in accounts]
        found.update(marker.make(one, content) for one in tokens)
    return frozenset(found)


def _combinations(leaves: t.Sequence[tuple[t.Any, ...]]) -> t.Iterable[t.Sequence[t.Any]]:
    count = 1
    for spellings in leaves:
        count *= len(spellings)
    if count <= _MOST:
        return itertools.product(*leaves)
    typed = [next((item for item in spellings if not isinstance(item, str)), spellings[0]) for spellings in leaves]
    texts = [[item for item in spellings if isinstance(item, str)] or spellings for spellings in leaves]
    as_given = [items[0] for items in leaves]
    return [as_given, typed, [items[0] for items in texts], [items[-1] for items in texts]]


def _leaves(value: t.Any, kinds: t.Mapping[str, str], name: str = "") -> t.Iterator[tuple[t.Any, ...]]:
    """Yield the spellings of each single value, the current one first."""
    if isinstance(value, t.Mapping):
        for key, item in value.items():
            yield from _leaves(item, kinds, key)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item, kinds, name)
    else:
        yield _spellings(value, kinds.get(name, "") if kinds else "boolean")


def _rebuilt(value: t.Any, leaves: t.Iterator[t.Any]) -> t.Any:
    """Return a value with its single values replaced."""
    if isinstance(value, t.Mapping):
        return {key: _rebuilt(item, leaves) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rebuilt(item, leaves) for item in value]
    return next(leaves)


def _spellings(value: t.Any, kind: str) -> tuple[t.Any, ...]:
    """Return the spellings of a value that were sent alike, or that only a flag has."""
    if value is None or value == "":
        return (value, None if value == "" else "")
    number = scalars.as_whole(value)
    if number is not None:
        return tuple(dict.fromkeys((value, number, str(number)))) if str(number) == str(value) else (value,)
    flag = scalars.as_flag(value)
    words = () if flag is None else (flag, str(flag).lower(), *((str(flag),) if kind == "boolean" else ()))
    alike = kind == "boolean" or value in words
    return tuple(dict.fromkeys((value, *words))) if alike else (value,)
