# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What declarations with thousands of ids cost: counted in calls and comparisons, since seconds are the machine's."""

from __future__ import annotations

import datetime
import sys

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Policy
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes
from ansible_collections.objectstore.batch.plugins.module_utils._queue import approvals, target_priorities
from ansible_collections.objectstore.batch.plugins.module_utils._queue.coverage import find_gaps
from ansible_collections.objectstore.batch.plugins.module_utils._queue.declarations import prepare
from ansible_collections.objectstore.batch.plugins.module_utils._queue.plan_text import gap_warnings
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils._queue.test_workflow import OPTIONS, full

MOMENT = (datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc), {})


class Name(str):
    """An id that counts how often it is compared: a search in a list is one call, and as many comparisons."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Name.compared += 1
        return str.__eq__(self, other)


def names(count, start="job"):
    return [Name(f"{start}-{number:06}") for number in range(count)]


def jobs_of(count):
    return [Job(name, "Ready", number % 97, operation="x") for number, name in enumerate(names(count))]


def cost(work):
    """Return how many calls and comparisons some work makes."""
    calls = 0

    def count(_frame, _event, _argument):
        nonlocal calls
        calls += 1

    Name.compared = 0
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls + Name.compared


def an_order(count):
    return lambda: prepare({**OPTIONS, "order": names(count)}, TRAITS)


def a_tier(count):
    return lambda: prepare({**OPTIONS, "order": [names(count)]}, TRAITS)


def an_approval(count):
    moves = [{"job_id": name, "from": 1, "to": 2} for name in names(count)]
    params = {**OPTIONS, "approved": moves}
    return lambda: approvals.parse_approval(params, TRAITS, parse_classes(None, TRAITS))


def _run(count, **options):
    """Return what is left to do of a declaration once it is parsed: the targets, and the gaps."""
    declared = prepare({**OPTIONS, **options}, TRAITS)
    jobs = jobs_of(count)

    def work():
        if declared.order:
            found = target_priorities.by_order(jobs, declared.order, declared.bounds, MOMENT)
        else:
            found = target_priorities.by_rules(jobs, declared.rules, declared.bounds, MOMENT)
        taken = {target.job.job_id: (target.place, target.entry) for target in found if target.place is not None}
        gap_warnings(find_gaps(declared.conditions, jobs, [], taken, MOMENT), True)

    return work


def targets_of_an_order(count):
    return _run(count, order=names(count))


def targets_of_selectors(count):
    return _run(count, order=[{"job_ids": [name]} for name in names(count)])


def targets_of_rules(count):
    return _run(count, rules=[full({"match": {"job_ids": [name]}, "priority": 5}) for name in names(count)])


def rules_for_jobs_that_are_gone(count):
    return _run(count, rules=[full({"match": {"job_ids": [name]}, "priority": 5}) for name in names(count, "old")])


def rules_that_are_shadowed(count):
    rules = [{"match": {"operations": ["x"]}, "priority": 5}]
    return _run(
        count,
        rules=[
            full(rule) for rule in [*rules, *({"match": {"job_ids": [name]}, "priority": 5} for name in names(count))]
        ],
    )


def many_protected(count):
    return _run(count, order=[{}], protect=names(count))


def many_protected_from_rules(count):
    return _run(count, rules=[full({"priority": 5})], protect=names(count))


def an_approval_that_is_judged(count):
    jobs = jobs_of(count)
    moves = [{"job_id": name, "from": 1, "to": 2} for name in [*names(count), *names(count, "old")]]
    declared = prepare({**OPTIONS, "order": [{}], "approved": moves}, TRAITS)
    found = target_priorities.by_order(jobs, declared.order, declared.bounds, MOMENT)
    terms = approvals.Terms(Policy(), 0, 100)

    def work():
        from ansible_collections.objectstore.batch.plugins.module_utils._queue.queue_planning import _decided

        decisions = list(_decided(found, declared))
        approvals.deviation(declared.approval, decisions, terms)
        approvals.still_valid(declared.approval, decisions, terms)

    return work


PARSED = [an_order, a_tier, an_approval]
WORK = [
    targets_of_an_order,
    targets_of_selectors,
    targets_of_rules,
    rules_for_jobs_that_are_gone,
    rules_that_are_shadowed,
    many_protected,
    many_protected_from_rules,
    an_approval_that_is_judged,
]


@pytest.mark.parametrize("work", PARSED, ids=lambda work: work.__name__)
def test_thousands_of_ids_are_parsed_one_by_one(work):
    few, many = cost(work(8_000)), cost(work(20_000))
    assert many < 2.5 * 1.1 * few
    assert many < 20_000 * 100


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_ten_times_as_many_cost_little_more_than_ten_times_as_much(work):
    """Sorting costs a little more for each; a walk through all of them for each would cost a hundred times as much."""
    few, many = cost(work(200)), cost(work(2_000))
    assert many < 20 * few
