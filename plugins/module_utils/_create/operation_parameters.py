# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the parameters of an operation and of a manifest generator before a request is sent.

The set of operations is open, and so are their parameters. If the provider's SDK has a model of them, it validates
names and types. Otherwise, a table made from the provider's documentation does (Traits.parameters).
Private to this collection.
"""

from __future__ import annotations

import re
import typing as t

from .._core import scalars, validation

_NAME: t.Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TEXTS: t.Final = re.compile(r".*(Arn|Bucket|Description|Key|Name|Prefix|Resource|Suffix|Value)")
"""Names of parameters that are not documented and that can only be text."""
_DEEPEST: t.Final = 40
"""Most nested levels of options; no provider's operation has ten, and responses are read to 50."""
_MOST: t.Final = 50_000
"""Most values of one option. An object has at most tens of tags and thousands of bytes of metadata."""
_DIRECT: t.Final = 2
"""The level of a parameter of an operation itself; below this level, null is usually a mistake."""


def read(option: str, value: t.Any, kinds: t.Mapping[str, str]) -> t.Any:
    """Return the parameters to send.

    :param kinds: the documented type of a parameter, by its name; empty if the provider's SDK has a model.
    :raises OptionError: a name is not valid in an API, or a value has the wrong type.
    """
    return _Reader(kinds).read(option, value, 0, False)


def read_operation(name: str, parameters: t.Optional[dict[str, t.Any]], kinds: t.Mapping[str, str]) -> t.Any:
    """Return the parameters of an operation to send; None means no parameters."""
    reader = _Reader(kinds)
    reader.check_name("operation", name)
    return reader.read(f"operation.{name}", parameters or {}, 1, False)


class _Reader:
    """Reads values at any depth."""

    def __init__(self, kinds: t.Mapping[str, str]) -> None:
        self._kinds = kinds
        self._count = 0

    def read(self, option: str, value: t.Any, level: int, listed: bool) -> t.Any:
        """Return one value; listed is whether it is part of a list, at any depth."""
        self._count += 1
        if level > _DEEPEST or self._count > _MOST:
            limit = f"{_DEEPEST} nested levels" if level > _DEEPEST else f"{_MOST} values"
            raise validation.hidden_value(option.partition(".")[0], f"must have at most {limit}")
        if isinstance(value, dict):
            return self._members(option, value, level + 1, listed)
        if isinstance(value, list):
            items = enumerate(value)
            return [self._item(f"{option}[{number}]", item, level + 1) for number, item in items]
        if not validation.is_xml_text(str(value)):
            raise validation.invalid_value(option, value, "must be text without control characters")
        return value

    def check_name(self, option: str, name: str) -> None:
        """Reject a text that is not a name."""
        # The keys of a map are not names of nodes, and only a model distinguishes maps from structures.
        if not name or (self._kinds and not _NAME.fullmatch(name)) or not validation.is_xml_text(name):
            raise validation.invalid_value(option, name, "must be a name in the provider's API")

    def _members(self, option: str, value: dict[str, t.Any], level: int, listed: bool) -> dict[str, t.Any]:
        found = {}
        for name, item in value.items():
            self.check_name(option, name)
            path = f"{option}.{name}"
            kind = self._kind(name)
            if item is None and (listed or level > _DIRECT):
                raise validation.invalid_value(
                    path, item, "must have a value", "Remove the parameter, or put the word null in quotes."
                )
            # A template without a value is "" before ansible-core 2.19 and null since then.
            absent = (item is None and kind not in ("text", "list", "")) or (item == "" and kind == "word")
            if not absent:
                found[name] = self._typed(path, self.read(path, item, level, listed), kind)
        return found

    def _item(self, option: str, value: t.Any, level: int) -> t.Any:
        if value is None:
            raise validation.invalid_value(
                option, value, "must have a value", "Remove the entry, or put the word null in quotes."
            )
        return self._typed(option, self.read(option, value, level, True), "other" if self._kinds else "")

    def _kind(self, name: str) -> str:
        if not self._kinds:
            return ""
        return self._kinds.get(name) or ("text" if _TEXTS.fullmatch(name) else "other")

    def _typed(self, option: str, value: t.Any, kind: str) -> t.Any:
        """Return a value in the type in which it is sent."""
        if kind in ("text", "word"):
            return scalars.text(option, value)
        if kind in ("integer", "boolean"):
            return _number_or_flag(option, value, kind)
        if kind == "list" and not isinstance(value, (list, dict)):
            raise validation.invalid_value(option, value, "must be a list")
        if kind == "time" and isinstance(value, (bool, dict, list)):
            raise validation.invalid_value(option, value, "must be a time, as text or in seconds since 1970")
        if kind and isinstance(value, float):
            raise validation.invalid_value(
                option, value, "must be text, an integer, true, or false", "Put text such as 1.10 in quotes."
            )
        return value


def _number_or_flag(option: str, value: t.Any, kind: str) -> t.Any:
    found = scalars.as_whole(value) if kind == "integer" else scalars.as_flag(value)
    if found is None and isinstance(value, str):
        return value  # the provider validates it
    return scalars.whole(option, value) if kind == "integer" else scalars.flag(option, value)
