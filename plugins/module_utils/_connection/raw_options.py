# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what a task wrote, before AnsibleModule converts it.

AnsibleModule makes text of whatever stands where text is expected (true becomes a job of the name True, null in a list
becomes None), numbers of booleans and of texts such as 1e1, and on some values it fails without naming the option.
Private to this collection.
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
"""Options that name jobs: YAML reads 0123456 as another number, so numbers are none of these."""
_INTEGER: t.Final = re.compile("-?[0-9]{1,18}", re.ASCII)
_MOST: t.Final = 10**18


def check(spec: Spec, params: t.Mapping[str, t.Any], prefix: str = "") -> None:
    """Refuse values that only look like what they are taken for.

    :param spec: the options, as AnsibleModule takes them.
    :param params: what the task wrote; unknown options are AnsibleModule's to refuse.
    :param prefix: where the options stand, for messages.
    :raises OptionError: a value is of a wrong type; secrets are not shown.
    """
    for name, rule in spec.items():
        for key in (name, *rule.get("aliases", ())):
            value = params.get(key)
            if value is not None:
                _value(f"{prefix}{key}", value, rule, rule.get("type", "str"), name)
            elif prefix and rule.get("required") and key in params:
                raise _refusal(f"{prefix}{key}", value, rule, "must not be null")


def _value(option: str, value: t.Any, rule: t.Mapping[str, t.Any], kind: str, name: str) -> None:
    """Refuse a value that is not of its kind.

    :param name: the option, without the place where it stands.
    """
    if kind == "list":
        _list(option, value, rule, name)
    elif kind == "dict":
        _dictionary(option, value, rule)
    elif kind == "int" and not _is_integer(value):
        raise _refusal(option, value, rule, "must be a whole number, in plain decimal digits, 18 of them or fewer")
    elif kind == "float" and (
        isinstance(value, (bool, dict, list)) or (isinstance(value, float) and not math.isfinite(value))
    ):
        raise _refusal(option, value, rule, "must be a number, and finite")
    elif kind == "str" and not rule.get("choices"):
        _text(option, value, rule, name)


def _text(option: str, value: t.Any, rule: t.Mapping[str, t.Any], name: str) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, (bool, float)):
        advice = "put numbers, and words such as yes and no, in quotes"
        raise _refusal(option, value, rule, f"must be text; {advice}")
    if isinstance(value, int) and name not in _IDS:
        return
    if isinstance(value, int):
        raise _refusal(option, value, rule, "must be text; put an id that is a number in quotes")
    raise _refusal(option, value, rule, "must be text")


def _list(option: str, value: t.Any, rule: t.Mapping[str, t.Any], name: str) -> None:
    kind = rule.get("elements", "raw")
    if isinstance(value, str):
        # A comma-separated text, which has texts only.
        if kind == "dict" and value:
            raise _refusal(option, value, rule, "must be a list of dictionaries")
        return
    if isinstance(value, dict):
        raise _refusal(option, value, rule, "must be a list")
    if not isinstance(value, list):
        if kind == "raw":
            raise _refusal(option, value, rule, "must be a list")
        # AnsibleModule takes one value for a list of one.
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
    """Return what a text in braces stands for, as AnsibleModule reads it; None for another text, such as key=value."""
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


def _refusal(option: str, value: t.Any, rule: t.Mapping[str, t.Any], words: str) -> errors.OptionError:
    if rule.get("no_log"):
        return errors.OptionError(f"{option}: the value is refused: it {words}.")
    return validation.invalid_value(option, value, words)
