# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a task with the response of a provider: other spelling is equal, other content is a difference."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._create.comparison import first_difference


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        (7, "7"),
        (True, "true"),
        (False, "false"),
        ("abc", '"abc"'),
        ("abc", " abc "),
        (None, ""),
        ("", None),
        ({}, None),
        ([], ""),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        # What a cloud adds by itself.
        ({"Days": 7}, {"Days": "7", "Tier": "BULK"}),
        # A list of one, in each way that an answer shows it.
        (["a"], "a"),
        (["a"], {"member": "a"}),
        ([{"Key": "k", "Value": "v"}], {"Key": "k", "Value": "v"}),
        (["a", "b"], {"member": ["a", "b"]}),
        ({"TagSet": ["a", "b"]}, ["a", "b"]),
        ({"Outer": {"Inner": None}}, {"Outer": ""}),
    ],
)
def test_two_spellings_of_one_thing(wanted, seen):
    assert first_difference("Operation", wanted, seen) == ""


@pytest.mark.parametrize(
    ("wanted", "seen", "text"),
    [
        (7, "8", "Operation is '8', expected '7'"),
        ("abc", "ABC", "Operation is 'ABC', expected 'abc'"),
        ("x", None, "Operation is '', expected 'x'"),
        (0, None, "Operation is '', expected '0'"),
        (False, None, "Operation is '', expected 'false'"),
        (
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:06Z",
            "Operation is '2026-01-02T03:04:06+00:00', expected '2026-01-02T03:04:05+00:00'",
        ),
        ({"Days": 7}, {"days": "7"}, "Operation.Days is '', expected '7'"),
        ({"Days": 7}, None, "Operation.Days is '', expected '7'"),
        ({"A": 1, "B": {"C": 2}}, {"A": "1", "B": {"C": "3"}}, "Operation.B.C is '3', expected '2'"),
        (["a", "b"], "a", "Operation has 1 entry, expected 2"),
        (["a"], ["a", "b"], "Operation has 2 entries, expected 1"),
        ([], ["a"], "Operation has 1 entry, expected 0"),
        (["a", "b"], ["b", "a"], "Operation[0] is 'b', expected 'a'"),
        ([{"Key": "k"}], [{"Key": "j"}], "Operation[0].Key is 'j', expected 'k'"),
    ],
)
def test_the_first_difference_is_named(wanted, seen, text):
    assert first_difference("Operation", wanted, seen).startswith(text)
