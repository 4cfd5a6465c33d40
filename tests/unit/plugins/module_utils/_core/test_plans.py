# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of decisions, line by line."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, priority_of
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import (
    DesiredPriority,
    Policy,
    decide,
    decide_ended,
    make_plan,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import ENDED, ENDING, LIVE, STATUSES


def outcome(status, current, wanted, expect=None, **policy):
    decision = decide(DesiredPriority("job-1", wanted, expect), Job("job-1", status, current), Policy(**policy))
    return decision.outcome, decision.failure.kind if decision.failure else None, decision.reason


@pytest.mark.parametrize("status", LIVE)
def test_live_jobs_are_updated(status):
    assert outcome(status, 5, 10) == ("update", None, "")


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating", ""])
def test_equal_is_unchanged_whatever_the_status(status):
    assert outcome(status, 10, 10, expect=7, direction="raise_only") == ("unchanged", None, "")


@pytest.mark.parametrize("status", sorted(ENDED))
def test_ended(status):
    kind, failure, reason = outcome(status, 5, 10)
    assert (kind, failure) == ("failed", "job_ended")
    assert f"({status}, priority 5), so its priority cannot be set to 10" in reason


@pytest.mark.parametrize("status", sorted(ENDING))
def test_ending(status):
    assert outcome(status, 5, 10)[:2] == ("failed", "not_updatable")


@pytest.mark.parametrize("status", sorted(ENDED | ENDING))
def test_ended_may_be_ignored(status):
    kind, failure, reason = outcome(status, 5, 10, expect=1, when_ended="ignore")
    assert (kind, failure) == ("skipped", None)
    assert status in reason


@pytest.mark.parametrize("status", ["Hibernating", "active", ""])
@pytest.mark.parametrize("when_ended", ["fail", "ignore"])
def test_unknown_statuses_are_never_written_to(status, when_ended):
    kind, failure, reason = outcome(status, 5, 10, when_ended=when_ended)
    assert (kind, failure) == ("failed", "not_updatable")
    assert repr(status) in reason


def test_unknown_priority():
    assert outcome("Active", None, 0)[:2] == ("failed", "invalid_response")


@pytest.mark.parametrize(
    ("direction", "current", "wanted", "expected"),
    [
        ("any", 5, 10, "update"),
        ("any", 10, 5, "update"),
        ("raise_only", 5, 10, "update"),
        ("raise_only", 10, 5, "skipped"),
        ("lower_only", 10, 5, "update"),
        ("lower_only", 5, 10, "skipped"),
        ("lower_only", 0, 1, "skipped"),
    ],
)
def test_direction(direction, current, wanted, expected):
    kind, failure, reason = outcome("Active", current, wanted, direction=direction)
    assert (kind, failure) == (expected, None)
    assert (f"{current} to {wanted}" in reason) == (expected == "skipped")


@pytest.mark.parametrize(
    ("expect", "expected"), [(5, ("update", None)), (6, ("conflict", "conflict")), (0, ("conflict", "conflict"))]
)
def test_expect_current(expect, expected):
    assert outcome("Active", 5, 10, expect=expect)[:2] == expected


def test_expect_current_of_zero_is_a_value():
    assert outcome("Active", 0, 10, expect=0)[0] == "update"


MISSING = Failure("not_found", "no such job")
QUEUE = {"a": Job("a", "Active", 1), "b": Job("b", "Ready", 1), "c": Job("c", "Ready", 9), "d": Job("d", "Ready", 8)}


def plan(wanted, on_error="continue"):
    return make_plan([DesiredPriority(*item) for item in wanted], QUEUE, {"gone": MISSING}, Policy(on_error=on_error))


def test_plan_keeps_the_order_and_names_missing_jobs():
    made = plan([("b", 2), ("gone", 1), ("a", 1)])
    assert [decision.outcome for decision in made.decisions] == ["update", "failed", "unchanged"]
    assert made.decisions[1].failure is MISSING
    assert made.waves == (("b",),)


def test_raises_go_first_from_the_top_then_lowerings_from_the_bottom():
    made = plan([("c", 3), ("a", 5), ("d", 2), ("b", 7)])
    assert made.waves == (("b", "a", "d", "c"),)
    assert plan([("a", 1)]).waves == ()


def test_an_error_that_is_known_stops_every_write():
    made = plan([("b", 2), ("gone", 1), ("a", 1)], on_error="stop")
    assert [decision.outcome for decision in made.decisions] == ["skipped", "failed", "unchanged"]
    assert made.decisions[0].reason == "job b was not changed because job gone failed (on_error=stop)"
    assert made.waves == ()


def test_a_single_failure_keeps_its_own_outcome():
    made = make_plan([DesiredPriority("a", 5, 3)], QUEUE, {}, Policy())
    assert [decision.outcome for decision in made.decisions] == ["conflict"]


def test_an_ended_job_that_a_task_only_names():
    found = decide_ended(Job("job-1", "Complete", 7), Policy())
    assert (found.job_id, found.outcome, found.failure.kind, found.desired) == ("job-1", "failed", "job_ended", None)
    assert found.reason == "job job-1 has ended (Complete, priority 7)"
    assert decide_ended(Job("job-1", "Failing", 7), Policy(when_ended="ignore")).outcome == "skipped"
    assert decide_ended(Job("job-1", "Complete"), Policy()).failure.kind == "invalid_response"


def test_a_job_without_a_priority_is_never_counted_as_0():
    with pytest.raises(ValueError, match="job job-1 has no priority"):
        priority_of(Job("job-1", "Active"))
