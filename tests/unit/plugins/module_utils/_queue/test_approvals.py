# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Approved changes: what they have to be, and which of them may still be applied."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure, OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import (
    Decision,
    DesiredPriority,
    Move,
    Policy,
    moves,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes
from ansible_collections.objectstore.batch.plugins.module_utils._queue import approvals
from ansible_collections.objectstore.batch.plugins.module_utils._queue.approvals import Approval, Terms

CLASSES = parse_classes(None, TRAITS)
TERMS = Terms(Policy(), 0, 1000)
MOVE = Move("job-1", 10, 500)


def planned(job_id="job-1", before=10, target=500, outcome="update", status="Ready", **more):
    desired = DesiredPriority(job_id, target, reason="rule")
    return Decision(job_id, outcome, Job(job_id, status, before), "rule", desired=desired, **more)


def parse(approved, mode="exact"):
    return approvals.parse_approval({"approved": approved, "approval_mode": mode}, TRAITS, CLASSES)


def test_nothing_is_approved_unless_it_is_passed():
    assert parse(None) is None
    assert parse([]) == Approval((), True)
    assert parse([], "still_valid") == Approval((), False)


def test_priorities_of_approved_changes_can_be_classes_and_text():
    found = parse([{"job_id": "job-1", "from": "10", "to": "urgent"}])
    assert found == Approval((Move("job-1", 10, 4000),), True)


@pytest.mark.parametrize(
    ("item", "option"),
    [
        ({"job_id": "a b", "from": 1, "to": 2}, r"approved\[1\]\.job_id"),
        ({"job_id": "job-1", "from": 1, "to": 2}, r"approved\[1\]\.job_id"),
        ({"job_id": "job-2", "from": True, "to": 2}, r"approved\[1\]\.from"),
        ({"job_id": "job-2", "from": 1, "to": -2}, r"approved\[1\]\.to"),
    ],
)
def test_a_wrong_change_is_named(item, option):
    with pytest.raises(OptionError, match=option):
        parse([{"job_id": "job-1", "from": 1, "to": 2}, item])


def test_only_updates_are_changes():
    decisions = [planned(), planned("job-2", outcome="unchanged"), planned("job-3", outcome="skipped")]
    assert moves(decisions) == [MOVE]


@pytest.mark.parametrize(
    ("decisions", "deviates"),
    [
        ([planned()], False),
        # It has been made already, by this plan's own reading, and also if the job has ended since.
        ([planned(before=500, outcome="unchanged")], False),
        ([planned(before=500, outcome="skipped", status="Complete")], False),
        ([planned(target=600)], True),
        ([planned(before=11)], True),
        ([planned(), planned("job-2")], True),
        ([planned("job-2")], True),
        ([], True),
        ([planned(outcome="skipped")], True),
    ],
)
def test_a_plan_is_the_approved_one_or_deviates(decisions, deviates):
    assert bool(approvals.deviation(Approval((MOVE,), True), decisions, TERMS)) is deviates


def test_a_change_of_a_job_that_ended_with_its_new_priority_is_no_deviation():
    ended = {"job-1": Job("job-1", "Complete", 500)}
    terms = dataclasses.replace(TERMS, ended=ended)
    assert approvals.deviation(Approval((MOVE,), True), [], terms) == ""
    assert approvals.lost(Approval((MOVE,), True), [], terms) == []


def test_a_job_that_left_the_queue_is_lost():
    ended = {"job-1": Job("job-1", "Failed", 10)}
    [gone] = approvals.lost(Approval((MOVE,), True), [], dataclasses.replace(TERMS, ended=ended))
    assert (gone.outcome, gone.before, gone.job_id) == ("skipped", ended["job-1"], "job-1")


def still(decision, terms=TERMS, move=MOVE):
    made, left = approvals.still_valid(Approval((move,), False), [decision], terms)
    return [(item.outcome, item.desired.priority) for item in made], len(left)


@pytest.mark.parametrize(
    ("decision", "terms", "expected"),
    [
        # As approved, also if the plan would go further by now: the approved priority is set.
        (planned(), {}, ([("update", 500)], 0)),
        (planned(target=900), {}, ([("update", 500)], 0)),
        (planned(target=900), {"ruled": True}, ([("update", 500)], 0)),
        # With rules no change goes beyond what the rule requests now.
        (planned(target=400), {"ruled": True}, ([("skipped", 400)], 1)),
        (planned(target=400), {}, ([("update", 500)], 0)),
        # Whatever limits a fresh plan limits an approved change.
        (planned(), {"held": {"job-1": "is protected"}}, ([("skipped", 500)], 1)),
        (planned(), {"high": 499}, ([("skipped", 500)], 1)),
        (planned(), {"low": 501}, ([("skipped", 500)], 1)),
        (planned(), {"ruled": True, "min_delta": 491}, ([("skipped", 500)], 1)),
        (planned(), {"ruled": True, "min_delta": 490}, ([("update", 500)], 0)),
        (planned(), {"min_delta": 491}, ([("update", 500)], 0)),
        (planned(), {"policy": Policy(direction="lower_only")}, ([("skipped", 500)], 1)),
        # The job has changed.
        (planned(before=11), {}, ([("skipped", 500)], 1)),
        (planned(before=None), {}, ([("skipped", 500)], 1)),
        (planned(listed=False), {}, ([("skipped", 500)], 1)),
        (planned(outcome="skipped", status="Complete"), {}, ([("skipped", 500)], 1)),
        # It has been made.
        (planned(before=500), {}, ([("unchanged", 500)], 0)),
    ],
)
def test_what_is_still_valid(decision, terms, expected):
    assert still(decision, dataclasses.replace(TERMS, **terms)) == expected


def test_a_job_that_cannot_be_read_is_left():
    failed = Decision("job-1", "failed", None, failure=Failure("not_found", "no such job"))
    made, left = approvals.still_valid(Approval((MOVE,), False), [failed], TERMS)
    assert ([item.outcome for item in made], len(left)) == (["skipped"], 1)


def test_what_was_not_approved_is_not_made():
    made, left = approvals.still_valid(Approval((), False), [planned(), planned("job-2", outcome="unchanged")], TERMS)
    assert ([item.outcome for item in made], left) == (["skipped", "unchanged"], [])
    assert "rule" in made[0].reason


def test_the_largest_change_comes_first():
    moves = [Move("b", 0, 5), Move("a", 5, 0), Move("c", 0, 9)]
    assert [move.job_id for move in approvals.largest_first(moves)] == ["c", "a", "b"]


def test_a_job_that_is_unknown_has_its_id():
    job = Job("job-1", "Ready", 3)
    assert approvals.job_of(MOVE, {"job-1": job}) is job
    assert approvals.job_of(MOVE, {}).job_id == "job-1"


def test_the_refusal_of_a_plan_is_a_conflict_with_its_reason():
    failure = approvals.refusal("1 not approved")
    assert failure.kind == "conflict" and "1 not approved" in failure.message and failure.hint
