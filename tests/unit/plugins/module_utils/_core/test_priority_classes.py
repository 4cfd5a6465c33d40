# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Priorities by number and by name."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import CLASSES, parse_classes

OWN = parse_classes({"urgent": 9000, "batch": "5", "idle": 0}, TRAITS)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("urgent", 9000),
        ("high", CLASSES["high"]),
        ("batch", 5),
        ("idle", 0),
        (7, 7),
        ("7", 7),
        (2147483647, 2147483647),
    ],
)
def test_a_task_may_redefine_a_class(value, number):
    assert OWN.parse("priority", value) == number


@pytest.mark.parametrize(
    "value", ["Urgent", "urgent ", "highest", "", None, True, 7.0, -1, "1e3", 2147483648, "\u0667", []]
)
def test_no_priority(value):
    with pytest.raises(OptionError, match=r"^value of priority must be an integer from 0 to 2147483647.*, got: "):
        OWN.parse("priority", value)


@pytest.mark.parametrize("value", ["urgen", "Urgent", "1st", "ur gent", "1e3", "-5", ""])
def test_each_text_that_is_no_priority_lists_the_classes(value):
    with pytest.raises(OptionError, match=r"or a class \(urgent, .*low\), got: "):
        parse_classes(None, TRAITS).parse("priority", value)


@pytest.mark.parametrize(
    ("classes", "option"),
    [
        ({"": 1}, "classes"),
        ({"1": 1}, "classes"),
        ({"10": 1}, "classes"),
        ({10: 1}, "classes"),
        ({"a b": 1}, "classes"),
        ({"a\n": 1}, "classes"),
        ({"a" * 65: 1}, "classes"),
        ({"a": None}, "classes.a"),
        ({"a": True}, "classes.a"),
        ({"a": "high"}, "classes.a"),
        ({"a": 2147483648}, "classes.a"),
    ],
)
def test_no_classes(classes, option):
    with pytest.raises(OptionError, match=f"^value of {option} must .*, got: "):
        parse_classes(classes, TRAITS)


@pytest.mark.parametrize(
    ("number", "name"), [(9000, "urgent"), (4000, None), (3000, "high"), (0, "idle"), (None, None)]
)
def test_names(number, name):
    assert OWN.name(number) == name


@pytest.mark.parametrize("value", [None, {}])
def test_every_task_knows_the_same_classes(value):
    assert parse_classes(value, TRAITS).numbers == CLASSES
