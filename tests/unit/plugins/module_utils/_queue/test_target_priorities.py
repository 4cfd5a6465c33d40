# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Priorities by an order or by rules, and the jobs that keep their priority."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._queue.solver import OrderConflictError
from ansible_collections.objectstore.batch.plugins.module_utils._queue.target_priorities import (
    Bounds,
    Entry,
    Escalation,
    OutOfBoundsError,
    Rule,
    by_order,
    by_rules,
)
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import Selector

NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
MOMENT = (NOW, {})
HOUR = datetime.timedelta(hours=1)
ALL = Selector()
READY = Selector(statuses=frozenset({"Ready"}))
ONLY_A = Selector(job_ids=frozenset({"a"}))
BOUNDS = Bounds(0, 100)


def ruled(job, *rules, bounds=BOUNDS):
    [target] = by_rules([job], rules, bounds, MOMENT)
    return target


def ordered(jobs, *entries, bounds=BOUNDS):
    """Return the priority of each job by an order; entries are IDs, selectors, or lists of them (tiers)."""
    found = [
        Entry(f"order[{number}]", tuple(entry) if isinstance(entry, list) else (entry,), isinstance(entry, list))
        for number, entry in enumerate(entries)
    ]
    targets = by_order(jobs, found, bounds, MOMENT)
    assert [target.job for target in targets] == list(jobs)
    return {target.job.job_id: target.priority for target in targets}


@pytest.mark.parametrize(
    ("rules", "number"),
    [
        ([Rule("r", ALL, 50)], 50),
        ([Rule("r", ALL, 0)], 0),
        ([Rule("r", ALL, delta=5)], 15),
        ([Rule("r", ALL, delta=-10)], 0),
        # The first rule that matches counts, also where a later one says more.
        ([Rule("r", READY, 50), Rule("s", ALL, 60)], 50),
        ([Rule("r", Selector(job_ids=frozenset({"b"})), 50), Rule("s", ONLY_A, 60)], 60),
    ],
)
def test_rules(rules, number):
    assert ruled(Job("a", "Ready", 10), *rules).priority == number


@pytest.mark.parametrize(
    ("job", "bounds", "reason"),
    [
        (Job("b", "Ready", 10), BOUNDS, "no rule matches the job"),
        (Job("a", "Hibernating", 10), BOUNDS, "r, but the status 'Hibernating' is unknown"),
        (Job("a", "Ready", 10), Bounds(0, 100, protect=(ONLY_A,)), "r, but the job is protected"),
        (
            Job("a", "Ready", 45),
            Bounds(0, 100, min_delta=6),
            "r, but the change from 45 to 50 is smaller than min_delta (6)",
        ),
    ],
)
def test_jobs_that_keep_their_number_and_why(job, bounds, reason):
    target = ruled(job, Rule("r", ONLY_A, 50), bounds=bounds)
    assert (target.priority, target.reason) == (None, reason)
    assert target.listed is (job.job_id == "a")


def test_min_delta_is_the_smallest_change_that_is_made():
    assert ruled(Job("a", "Ready", 44), Rule("r", ALL, 50), bounds=Bounds(0, 100, min_delta=6)).priority == 50
    assert ruled(Job("a", "Ready", 50), Rule("r", ALL, 50), bounds=Bounds(0, 100, min_delta=6)).priority == 50


@pytest.mark.parametrize(("wanted", "nearest"), [(101, 100), (9, 10), (10, 10), (100, 100)])
def test_a_number_outside_of_the_bounds_is_clamped_or_refused(wanted, nearest):
    job, rule = Job("a", "Ready", 50), Rule("r", ALL, wanted)
    assert ruled(job, rule, bounds=Bounds(10, 100, clamp=True)).priority == nearest
    if wanted == nearest:
        assert ruled(job, rule, bounds=Bounds(10, 100)).priority == wanted
    else:
        with pytest.raises(
            OutOfBoundsError,
            match=rf"^Cannot set priority {wanted} for job a: .* from 10 to 100 .* The rule is r$",
        ):
            ruled(job, rule, bounds=Bounds(10, 100))


@pytest.mark.parametrize(
    ("status", "age", "number"),
    [
        ("Ready", HOUR, 60),
        ("Ready", HOUR - datetime.timedelta(seconds=1), 50),
        ("Ready", 3 * HOUR, 70),
        # A job that runs, or that waits for a confirmation, is not escalated.
        ("Active", 3 * HOUR, 50),
        ("Suspended", 3 * HOUR, 50),
        ("Ready", None, 50),
    ],
)
def test_escalations_of_jobs_that_wait(status, age, number):
    steps = (Escalation(HOUR, 60, "one"), Escalation(2 * HOUR, 70, "two"), Escalation(2 * HOUR, 40, "less"))
    job = Job("a", status, 10, created=None if age is None else NOW - age)
    assert ruled(job, Rule("r", ALL, 50, escalations=steps)).priority == number


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        (["a", "b"], ["a", "b"]),
        (["b", "a"], ["b", "a"]),
        # An ID in the order wins over an earlier selector that matches the job.
        ([ALL, "b"], ["d", "c", "a", "b"]),
        ([READY, ALL], ["c", "a", "d", "b"]),
        (["gone", "a"], ["a"]),
    ],
)
def test_listed_jobs_stand_in_order_and_before_all_others(entries, order):
    jobs = [Job("a", "Ready", 1), Job("b", "Active", 2), Job("c", "Ready", 3), Job("d", "Active", 4)]
    numbers = ordered(jobs, *entries)
    assert [job_id for job_id in numbers if numbers[job_id] is None] == [
        job.job_id for job in jobs if job.job_id not in order
    ]
    final = {job.job_id: job.priority if numbers[job.job_id] is None else numbers[job.job_id] for job in jobs}
    listed = [final[job_id] for job_id in order]
    assert listed == sorted(set(listed), reverse=True)
    assert all(final[job_id] < min(listed) for job_id in final if job_id not in order)


def test_the_jobs_of_a_tier_end_with_one_number():
    jobs = [Job("a", "Ready", 1), Job("b", "Ready", 9), Job("c", "Ready", 5)]
    numbers = ordered(jobs, ["a", "b"], "c")
    assert numbers["a"] == numbers["b"] > numbers["c"]


def test_an_order_writes_nothing_where_it_is_so_already():
    assert ordered([Job("a", "Ready", 9), Job("b", "Ready", 5)], "a", "b") == {"a": 9, "b": 5}


@pytest.mark.parametrize("held", [Job("b", "Hibernating", 9), Job("b", "Ready", 9)])
def test_a_protected_job_and_one_of_an_unknown_status_keep_their_number(held):
    bounds = Bounds(0, 100, protect=(Selector(job_ids=frozenset({"b"})),) if held.is_known else ())
    numbers = ordered([Job("a", "Ready", 5), held], "a", "b", bounds=bounds)
    assert numbers["b"] == 9
    assert numbers["a"] > 9


def test_no_room_above_a_job_that_is_not_listed_is_an_error_and_not_a_wrong_order():
    with pytest.raises(
        OrderConflictError,
        match="above job b: it is not listed, its priority is 100, and the highest allowed priority is 100",
    ):
        ordered([Job("a", "Ready", 5), Job("b", "Ready", 100)], "a")
    # An order without live jobs needs no room.
    assert ordered([Job("b", "Ready", 100)], "a") == {"b": None}
