# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns: refused where they are none, and never searched for ever."""

from __future__ import annotations

import signal

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core import bounded_regex as patterns
from ansible_collections.objectstore.batch.plugins.module_utils._core.bounded_regex import Pattern
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError


@pytest.mark.parametrize(
    ("text", "found"), [("^restore", True), (r"\d{4}$", True), ("(s|b)+", True), ("copy", False), (".*of.*2024", True)]
)
def test_search(text, found):
    assert Pattern("description", text).search("restore of 2024") is found


@pytest.mark.parametrize(
    "text", ["", "(", "a{99999999999}", "(" * 6000, "(" * 499 + ")" * 499, "a" * 1001, "(?z)", "[z-a]", "+a"]
)
def test_no_patterns(text):
    with pytest.raises(OptionError, match=r"^value of here must (?s:.*), got: ['\"]") as caught:
        Pattern("here", text)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", ["(a+)+$", "(a*)*b", "(a|a)*$", "(a|aa)+$", "(.*)*x", "^(([a])+.)+[A-Z]([a])+$"])
def test_a_search_ends(monkeypatch, text):
    monkeypatch.setattr(patterns, "_SECONDS", 0.2)
    pattern = Pattern("here", text)
    with pytest.raises(
        OptionError, match=r"^value of here must .*, got: '.*\. It takes more than 0\.2 s of processor time"
    ):
        pattern.search("a" * 200 + "!")


def test_the_time_is_that_of_all_searches_and_no_timer_stays(monkeypatch):
    monkeypatch.setattr(patterns, "_SECONDS", 0.3)
    pattern = Pattern("here", "(a+)+$")
    with pytest.raises(OptionError, match="takes more than"):
        for _turn in range(1000):
            pattern.search("a" * 18 + "!")
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL
