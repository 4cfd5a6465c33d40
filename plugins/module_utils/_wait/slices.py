# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the state that the action plugin passes between the slices of a wait. Private to this collection."""

from __future__ import annotations

import math
import typing as t

from .._core import validation

State = t.Mapping[str, t.Any]
Check = t.Callable[[t.Any], bool]


def _is_text(value: t.Any) -> bool:
    return isinstance(value, str)


def _is_number(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_flag(value: t.Any) -> bool:
    return isinstance(value, bool)


def _is_anything(value: t.Any) -> bool:
    return True


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _map_of(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(_is_text, value)) and all(map(check, value.values()))


def _parts(**checks: Check) -> Check:
    """Return the check of a dictionary with no other keys than these."""
    return lambda value: (
        isinstance(value, dict) and all(name in checks and checks[name](item) for name, item in value.items())
    )


_CHECKS: t.Final[dict[str, Check]] = {
    "watch": _parts(
        shown=_map_of(_list_of(_is_anything)),
        samples=_map_of(_list_of(_list_of(_is_number))),
        spoken=_is_number,
        troubled=_is_number,
    ),
    "memory": _parts(elapsed=_is_number, due=_is_number, gap=_is_number, answered=_is_flag, statuses=_map_of(_is_text)),
    "calls": _parts(sent=_map_of(_is_number), retried=_is_number, throttled=_is_number),
    "job_ids": _list_of(_is_text),
    "elapsed": _is_number,
    "pause": _is_number,
    "label": _is_text,
    "rare": _is_flag,
}


def check_state(value: t.Optional[State]) -> t.Optional[State]:
    """Return the state of a wait.

    :raises OptionError: it is not valid; only the action plugin sets this option.
    """
    for name, item in (value or {}).items():
        if name not in _CHECKS or not _CHECKS[name](item):
            rule = "must be a state that the action plugin has passed"
            raise validation.invalid_value("_watch", str(name)[:80], rule, "Remove this internal option.")
    return value
