# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers, flags, and texts as YAML and templates write them."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.scalars import (
    as_flag,
    as_whole,
    flag,
    text,
    whole,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *[(7, 7), ("7", 7), (-7, -7), ("-7", -7), ("007", 7), (0, 0), ("9" * 18, 10**18 - 1)],
        *[(value, None) for value in (True, False, None, 7.0, "7.0", "", " 7", "7\n", "+7", "1e3", "0x7", "\u0667")],
        *[(value, None) for value in ("9" * 19, "--7", [], {}, [7])],
    ],
)
def test_a_number_and_its_digits_are_one_value(value, number):
    found = as_whole(value)
    assert found == number
    assert not isinstance(found, bool)
    if number is None:
        with pytest.raises(OptionError, match=r"^value of days must be an integer .*, got: "):
            whole("days", value)
    else:
        assert whole("days", value) == number


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        *[(value, True) for value in (True, "true", "True", "YES", "on")],
        *[(value, False) for value in (False, "false", "False", "NO", "off")],
        *[(value, None) for value in (None, 1, 0, "1", "0", "", "t", "y", " yes", "yes\n", [], {"on": 1})],
    ],
)
def test_a_flag_and_its_word_are_one_value(value, meaning):
    assert as_flag(value) is meaning
    if meaning is None:
        with pytest.raises(OptionError, match=r"^value of enabled must be true or false .*, got: "):
            flag("enabled", value)
    else:
        assert flag("enabled", value) is meaning


@pytest.mark.parametrize("value", ["", "NO", "1.10", "null", "a\nb"])
def test_text_stays_text(value):
    assert text("prefix", value) == value


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (False, r"False\. .* Put the word in quotes\.$"),
        (1.1, r"1\.1\. Put the number in quotes, .*\.$"),
        (0, r"0\. Put the number in quotes, .*\.$"),
        (None, r"None\. Omit it, .*\.$"),
        ([], r"\[\]$"),
        ({}, r"\{\}$"),
    ],
)
def test_what_is_no_text_is_refused_with_the_way_to_write_it(value, advice):
    with pytest.raises(OptionError, match=rf"^value of prefix must be text, got: {advice}"):
        text("prefix", value)
