# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons to reject a whole plan."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import (
    Decision,
    DesiredPriority,
    Plan,
    Policy,
)
from ansible_collections.objectstore.batch.plugins.module_utils._queue.declarations import Declaration
from ansible_collections.objectstore.batch.plugins.module_utils._queue.refusals import (
    JudgedPlan,
    plan_refusal,
    withheld,
)
from ansible_collections.objectstore.batch.plugins.module_utils._queue.target_priorities import Bounds

DIGEST = "a" * 64
OTHER = "b" * 64


def plan(updates):
    names = [f"job-{number}" for number in range(updates)]
    decisions = [Decision(name, "update", Job(name, "Active", 1), desired=DesiredPriority(name, 9)) for name in names]
    waves = tuple((name,) for name in names)
    return Plan(
        (*decisions, Decision("job-x", "unchanged", reason="as it is", desired=DesiredPriority("job-x", 9))),
        Policy(),
        waves,
    )


def kind(updates=2, deviation="", unmatched=(), **options):
    own = {"max_updates": None, "expect_plan": "", **options}
    declaration = Declaration((), (), Bounds(0, 10), Policy(), **own)
    failure = plan_refusal(JudgedPlan(plan(updates), deviation), declaration, DIGEST, unmatched)
    assert failure is None or "No changes were made" in failure.message
    return failure and failure.kind


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, None),
        ({"max_updates": 2}, None),
        ({"max_updates": 1}, "conflict"),
        ({"max_updates": 0}, "conflict"),
        ({"max_updates": 0, "updates": 0}, None),
        ({"expect_plan": DIGEST}, None),
        ({"expect_plan": OTHER}, "conflict"),
        # The approved plan was applied before: the second run finds another digest and nothing to write.
        ({"expect_plan": OTHER, "updates": 0}, None),
        ({"unmatched": ["order[0]"]}, None),
        ({"deviation": "1 change is not approved: job-1 from 1 to 9", "updates": 0}, "conflict"),
    ],
)
def test_limits_and_approvals(options, expected):
    assert kind(**options) == expected


@pytest.mark.parametrize(
    ("policy", "unmatched", "expected"),
    [
        ("fail", ["order[0]"], "not_found"),
        ("fail", [], None),
        ("warn", ["order[0]"], None),
        ("ignore", ["order[0]"], None),
    ],
)
def test_entries_that_match_nothing(policy, unmatched, expected):
    declaration = Declaration((), (), Bounds(0, 10), Policy(), None, "", unmatched=policy)
    failure = plan_refusal(JudgedPlan(plan(0)), declaration, DIGEST, unmatched)
    assert (failure and failure.kind) == expected


def test_the_digest_of_now_is_named_so_that_it_can_be_approved():
    declaration = Declaration((), (), Bounds(0, 10), Policy(), None, OTHER)
    assert DIGEST in plan_refusal(JudgedPlan(plan(1)), declaration, DIGEST, ()).message


def test_a_plan_that_is_refused_writes_nothing_and_says_why():
    declaration = Declaration((), (), Bounds(0, 10), Policy(), 1, "")
    refusal = plan_refusal(JudgedPlan(plan(2)), declaration, DIGEST, ())
    found = withheld(plan(2), refusal)
    assert found.waves == ()
    assert [(item.outcome, item.reason) for item in found.decisions] == [
        ("skipped", refusal.message),
        ("skipped", refusal.message),
        ("unchanged", "as it is"),
    ]
