# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of batch_queue: what they declare, and what each of them must be."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Policy
from ansible_collections.objectstore.batch.plugins.module_utils._queue.declarations import RULE_SPEC, prepare
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import Selector

OPTIONS = {
    **dict.fromkeys(
        ("order", "rules", "min_priority", "max_priority", "max_updates", "protect", "classes", "approved")
    ),
    "direction": "any",
    "out_of_bounds": "skip",
    "min_delta": 0,
    "spacing": 1,
    "when_ended": "ignore",
    "expect_plan": None,
    "on_error": "stop",
    "verify": True,
    "unmatched": "warn",
    "approval_mode": "exact",
}


def declared(**options):
    return prepare({**OPTIONS, **options}, TRAITS)


def rule(**options):
    return {**dict.fromkeys(RULE_SPEC), **options}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"order": []}, "order"),
        ({"rules": []}, "rules"),
        ({"order": [[]]}, r"order\[0\]"),
        ({"order": [""]}, r"order\[0\]"),
        ({"order": [["job-1", 5]]}, r"order\[0\]\[1\]"),
        ({"order": ["job-1", ["job-1"]]}, "job-1"),
        ({"order": ["job-1"], "min_delta": 1}, "min_delta"),
        ({"order": ["job-1"], "min_delta": -1}, "min_delta"),
        ({"order": ["job-1"], "spacing": 0}, "spacing"),
        ({"order": ["job-1"], "min_priority": 5, "max_priority": 4}, "min_priority"),
        ({"order": ["job-1"], "min_priority": "top"}, "min_priority"),
        ({"order": ["job-1"], "max_priority": True}, "max_priority"),
        ({"order": ["job-1"], "max_updates": -1}, "max_updates"),
        ({"order": ["job-1"], "expect_plan": "A" * 64}, "expect_plan"),
        ({"order": ["job-1"], "expect_plan": "a" * 63}, "expect_plan"),
        ({"order": ["job-1"], "protect": [True]}, r"protect\[0\]"),
        ({"rules": [rule()]}, r"rules\[0\]"),
        ({"rules": [rule(priority=1, delta=0)]}, r"rules\[0\]"),
        ({"rules": [rule(**{"class": "top"})]}, r"rules\[0\]\.class"),
        ({"rules": [rule(priority=1), rule(priority=-1)]}, r"rules\[1\]\.priority"),
        ({"rules": [rule(priority=1, match={"description": ""})]}, r"rules\[0\]\.match\.description"),
        ({"rules": [rule(priority=1, escalate=[{"after": "soon", "to": 1}])]}, r"rules\[0\]\.escalate\[0\]\.after"),
        ({"rules": [rule(priority=1, escalate=[{"after": "1h", "to": "x"}])]}, r"rules\[0\]\.escalate\[0\]\.to"),
    ],
)
def test_a_wrong_option_is_named(options, words):
    with pytest.raises(OptionError, match=words):
        declared(**options)


def test_an_order_names_jobs_and_groups():
    found = declared(order=["job-1", ["job-2", {"operations": ["Copy"]}], {"operations": ["Tag"]}])
    assert found.named == ("job-1", "job-2")
    assert [entry.tier for entry in found.order] == [False, True, False]
    # An entry with a job ID is reported by its job, so only the last entry can be a gap.
    assert [condition.place for condition in found.conditions] == [2]
    assert len(found.selectors) == 2


@pytest.mark.parametrize(
    ("options", "priority", "delta"),
    [
        ({"priority": "77"}, 77, 0),
        ({"priority": "urgent"}, 4000, 0),
        ({"class": "high"}, 3000, 0),
        ({"delta": -5}, None, -5),
        ({"delta": 0}, None, 0),
    ],
)
def test_a_rule_has_one_of_three_ways(options, priority, delta):
    [found] = declared(rules=[rule(**options)]).rules
    assert (found.priority, found.delta, found.selector) == (priority, delta, Selector())


def test_a_rule_that_matches_all_jobs_is_no_gap():
    assert declared(rules=[rule(priority=1)]).conditions == []
    assert len(declared(rules=[rule(priority=1, match={"operations": ["Copy"]})]).conditions) == 1


def test_escalations_are_sorted_by_their_time():
    steps = [{"after": "2d", "to": "urgent"}, {"after": "6h", "to": 500}]
    [found] = declared(rules=[rule(priority=1, escalate=steps)]).rules
    assert [(step.after, step.priority) for step in found.escalations] == [
        (datetime.timedelta(hours=6), 500),
        (datetime.timedelta(days=2), 4000),
    ]


@pytest.mark.parametrize("direction", ["any", "raise_only", "lower_only"])
def test_an_order_keeps_to_the_direction_in_the_solver_and_rules_in_the_policy(direction):
    order = declared(order=["job-1"], direction=direction)
    rules = declared(rules=[rule(priority=1)], direction=direction)
    assert (order.policy, order.bounds.direction) == (Policy("any", "ignore"), direction)
    assert (rules.policy, rules.bounds.direction) == (Policy(direction, "ignore"), direction)


def test_bounds_default_to_the_whole_range_and_take_classes():
    assert (declared(order=["a"]).bounds.low, declared(order=["a"]).bounds.high) == (0, 2147483647)
    bounds = declared(order=["a"], min_priority="low", max_priority="urgent", out_of_bounds="clamp").bounds
    assert (bounds.low < bounds.high, bounds.high, bounds.clamp) == (True, 4000, True)


def test_a_protection_is_an_id_or_a_selector():
    found = declared(order=["a"], protect=["job-1", {"operations": ["Copy"]}]).bounds.protect
    assert [selector.job_ids for selector in found] == [frozenset({"job-1"}), None]


def test_a_long_entry_is_cut_in_its_label():
    [entry] = declared(order=[["job-" + "x" * 40, "job-" + "y" * 40]]).order
    assert entry.label.startswith("order[0]: ") and entry.label.endswith("...") and len(entry.label) < 80
