# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read priorities, which users write as numbers or as names of classes. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import provider_traits, providers, validation

CLASSES: t.Final[dict[str, int]] = {"urgent": 4000, "high": 3000, "normal": 2000, "low": 1000}
"""Named priorities that every task knows."""
CLASSES_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {"classes": {"type": "dict"}}
_NAME: t.Final = re.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}")


@dataclasses.dataclass(frozen=True)
class PriorityClasses:
    """The priority classes of a task.

    :param largest: the largest priority of the provider.
    """

    numbers: t.Mapping[str, int]
    largest: int

    def parse(self, option: str, value: t.Any) -> int:
        """Return the priority of a number, decimal digits, or the name of a class.

        :raises OptionError: the value is not one of them.
        """
        if isinstance(value, str) and value in self.numbers:
            return self.numbers[value]
        if isinstance(value, str) and not (value.isascii() and value.isdigit()):
            names = ", ".join(sorted(self.numbers, key=lambda name: -self.numbers[name]))
            digits = "" if _NAME.fullmatch(value) else " (decimal digits only)"
            rule = f"must be an integer from 0 to {self.largest}{digits} or a class ({names})"
            raise validation.invalid_value(option, value, rule)
        return validation.parse_priority(option, value, self.largest)

    def name(self, priority: t.Optional[int]) -> t.Optional[str]:
        """Return the class that has exactly this priority, the task's own classes first; None if no class has it."""
        return next((name for name, number in self.numbers.items() if number == priority), None)


def parse_classes(value: t.Any, traits: providers.Traits) -> PriorityClasses:
    """Return the classes of a task: its own, and those that every task has.

    :raises OptionError: a name is not valid, or its value is not a priority.
    """
    own: dict[str, int] = {}
    for name, number in (value or {}).items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            rule = "must have valid names"
            advice = "A name begins with a letter or underscore. It has up to 64 letters, digits, and characters of _.-"
            raise validation.invalid_value("classes", name, rule, f"{advice}.")
        own[name] = validation.parse_priority(f"classes.{name}", number, provider_traits.LARGEST_PRIORITY)
    return PriorityClasses(
        {**own, **{name: number for name, number in CLASSES.items() if name not in own}},
        provider_traits.LARGEST_PRIORITY,
    )
