# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert single values that YAML and templates produce.

Before version 2.19, ansible-core turns the result of a template into text. Later versions keep its type. So a number
and its digits are the same value here, and a boolean and its word. Text is not converted: YAML reads NO as a boolean
and 1.10 as 1.1, so the original text is lost. Private to this collection.
"""

from __future__ import annotations

import re
import typing as t

from . import validation

_WHOLE: t.Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_FLAGS: t.Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def text(option: str, value: t.Any, rule: str = "must be text") -> str:
    """Return a text, or raise OptionError that states how to write one."""
    if isinstance(value, str):
        return value
    advice = ""
    if isinstance(value, bool):
        advice = "YAML reads yes, no, on, off, true, and false as booleans. Put the word in quotes."
    elif isinstance(value, (int, float)):
        advice = "Put the number in quotes, or add the filter string to a template."
    elif value is None:
        advice = "Omit it, or put the word null in quotes."
    raise validation.invalid_value(option, value, rule, advice)


def whole(option: str, value: t.Any) -> int:
    """Return an integer from an integer or its digits, or raise OptionError."""
    number = as_whole(value)
    if number is None:
        raise validation.invalid_value(option, value, "must be an integer (a number, or text of digits)")
    return number


def flag(option: str, value: t.Any) -> bool:
    """Return a boolean from a boolean or its word, or raise OptionError."""
    found = as_flag(value)
    if found is None:
        raise validation.invalid_value(option, value, "must be true or false (a boolean, or text)")
    return found


def as_whole(value: t.Any) -> t.Optional[int]:
    """Return an integer from an integer or its digits; None if it is not one."""
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_flag(value: t.Any) -> t.Optional[bool]:
    """Return a boolean from a boolean or its word in any case; None if it is not one."""
    return value if isinstance(value, bool) else _FLAGS.get(value.lower()) if isinstance(value, str) else None
