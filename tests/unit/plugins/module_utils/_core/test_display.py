# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What strangers write stays in its line."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.display import (
    and_more,
    capitalize,
    duration,
    escape,
    truncate,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, ü 界 😀", "plain, ü 界 😀"),
        ("wide\u3000blank", "wide\u3000blank"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[2J\x7f\x00", r"\x1b[2J\x7f\x00"),
        ("\u202eevil\u2066\u200b\ufeff", r"\u202eevil\u2066\u200b\ufeff"),
        ("\u2028\u2029\x85", r"\u2028\u2029\x85"),
        ("\ud800", r"\ud800"),
    ],
)
def test_shown(text, expected):
    assert escape(text) == expected


def test_cut():
    assert truncate("a" * 1000) == "a" * 1000
    assert truncate("a" * 100_000) == "a" * 1000 + "..."


def test_failures_are_shown_that_way():
    failure = Failure("invalid", "a\nb", hint="Do it.")
    assert failure.sentence() == r"a\nb. Do it."
    assert failure.as_result()["message"] == failure.text()


@pytest.mark.parametrize(
    ("items", "total", "noun", "expected"),
    [
        ([], None, "", ""),
        (["a", "b", "c"], None, "", "a, b, c"),
        (["a", "b", "c", "d"], None, "", "a, b, c and 1 more"),
        (["a", "b", "c"], 5000, "codes", "a, b, c and 4997 more codes"),
    ],
)
def test_and_more(items, total, noun, expected):
    assert and_more(items, 3, total, noun) == expected


def test_capitalize():
    assert [capitalize(text) for text in ("", "job job-A of AWS", "É")] == ["", "Job job-A of AWS", "É"]


def test_truncate_to_columns():
    assert [truncate("abcdefgh", size, columns=True) for size in (8, 7)] == ["abcdefgh", "abcd..."]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0s"),
        (0.4, "0s"),
        (59.6, "1m00s"),
        (3599, "59m59s"),
        (3600, "1h00m"),
        (7384, "2h03m"),
        (172_799, "47h59m"),
        (187_200, "2d4h"),
    ],
)
def test_durations_are_short(seconds, text):
    assert duration(seconds) == text
