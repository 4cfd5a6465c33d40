# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the values of a task before AnsibleModule converts them.

AnsibleModule converts any value to text if the option is text: true becomes a job with the name True, and null in a
list becomes None. It also converts booleans and texts such as 1e1 to numbers. On some values it fails without naming
the option. Private to this collection.
"""

from __future__ import annotations

import ast
import json
import math
import re
import typing as t

from .._core import errors, validation

Spec = t.Mapping[str, t.Mapping[str, t.Any]]

_IDS: t.Final = frozenset({"job_id", "job_ids"})
"""Options that name jobs. YAML reads 0123456 as another number, so numbers are not valid for them."""
_INTEGER: t.Final = re.compile("-?[0-9]{1,18}", re.ASCII)
_MOST: t.Final = 10**18


def check(spec: Spec, params: t.Mapping[str, t.Any], prefix: str = "") -> None:
    """Reject values that only look like their type.

    :param spec: the options, as AnsibleModule takes them.
    :param params: the values of the task. AnsibleModule rejects unknown options.
    :param prefix: the path of the options, for messages.
    :raises OptionError: a value has the wrong type. The error does not contain secrets.
    """
    for name, rule in spec.items():
        for key in (name, *rule.get("aliases", ())):
            value = params.get(key)
            if value is not None:
                _value(f"{prefix}{key}", value, rule, rule.get("type", "str"), name)
            elif prefix and rule.get("required") and key in params:
                raise _refusal(f"{prefix}{key}", value, rule, "must not be null")


def _value(option: str, value: t.Any, rule: t.Mapping[str, t.Any], kind: str, name: str) -> None:
    """Reject a value that does not have its type.

    :param name: the option, without its path.
    """
    if kind == "list":
        _list(option, value, rule, name)
    elif kind == "dict":
        _dictionary(option, value, rule)
    elif kind == "int" and not _is_integer(value):
        raise _refusal(option, value, rule, "must be an integer of at most 18 decimal digits")
    elif kind == "float" and (
        isinstance(value, (bool, dict, list)) or (isinstance(value, float) and not math.isfinite(value))
    ):
        raise _refusal(option, value, rule, "must be a finite number")
    elif kind in ("str", "path") and not rule.get("choices"):
        _text(option, value, rule, name)


def _text(option: str, value: t.Any, rule: t.Mapping[str, t.Any], name: str) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, (bool, float)):
        advice = "Put numbers, and words such as yes and no, in quotes."
        raise _refusal(option, value, rule, "must be text", advice)
    if isinstance(value, int) and name not in _IDS:
        return
    if isinstance(value, int):
        raise _refusal(option, value, rule, "must be text", "Put an ID that is a number in quotes.")
    raise _refusal(option, value, rule, "must be text")


def _list(option: str, value: t.Any, rule: t.Mapping[str, t.Any], name: str) -> None:
    kind = rule.get("elements", "raw")
    if isinstance(value, str):
        # A comma-separated text, whose elements are texts.
        if kind == "dict" and value:
            raise _refusal(option, value, rule, "must be a list of dictionaries")
        return
    if isinstance(value, dict):
        raise _refusal(option, value, rule, "must be a list")
    if not isinstance(value, list):
        if kind == "raw":
            raise _refusal(option, value, rule, "must be a list")
        # AnsibleModule treats one value as a list of one.
        _element(option, value, rule, kind, name)
        return
    for number, item in enumerate(value):
        _element(f"{option}[{number}]", item, rule, kind, name)


def _element(option: str, value: t.Any, rule: t.Mapping[str, t.Any], kind: str, name: str) -> None:
    if value is None:
        raise _refusal(option, value, rule, "must not be null")
    if kind == "str" and rule.get("choices") and not isinstance(value, (str, bool)):
        raise _refusal(option, value, rule, "must be text")
    _value(option, value, rule, kind, name)


def _dictionary(option: str, value: t.Any, rule: t.Mapping[str, t.Any]) -> None:
    found = _parsed(value) if isinstance(value, str) else value
    if found is None and "=" in value:
        return
    if not isinstance(found, dict):
        raise _refusal(option, value, rule, "must be a dictionary")
    if rule.get("options"):
        check(rule["options"], found, f"{option}.")


def _parsed(text: str) -> t.Any:
    """Return the value of a text in braces, as AnsibleModule reads it; None for another text, such as key=value."""
    if not text.strip().startswith("{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _is_integer(value: t.Any) -> bool:
    if isinstance(value, str):
        return _INTEGER.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST


def _refusal(
    option: str, value: t.Any, rule: t.Mapping[str, t.Any], words: str, advice: str = ""
) -> errors.OptionError:
    if rule.get("no_log"):
        return validation.hidden_value(option, words, advice)
    return validation.invalid_value(option, value, words, advice)
