# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waves of writes: whatever lands first, no pair that is and stays in order is ever out of order."""

from __future__ import annotations

import functools
import itertools

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._queue.solver import (
    OrderConflictError,
    PriorityLimits,
    solve,
)
from ansible_collections.objectstore.batch.plugins.module_utils._queue.write_order import waves
from hypothesis import given, settings, strategies as st

steady = functools.partial(settings, derandomize=True, deadline=None, database=None)


def moves(*numbers):
    """Return the changes a, b, c, ... from pairs of numbers before and after."""
    return [(chr(ord("a") + index), before, after) for index, (before, after) in enumerate(numbers)]


def sent(*numbers):
    """Return the job ids of each wave as a word."""
    return ["".join(job_id for job_id, _before, _after in wave) for wave in waves(moves(*numbers))]


def bound_pairs(jobs, entries=None):
    """Return the pairs of different entries that are strictly in order before and after, upper one first."""
    entries = entries or {}
    return [
        (upper, lower)
        for upper, lower in itertools.permutations(jobs, 2)
        if all(map(int.__gt__, upper[1:], lower[1:]))
        if entries.get(upper[0], upper[0]) != entries.get(lower[0], lower[0])
    ]


def breaches(jobs, landed, entries=None):
    """Return the pairs that are not in order any more when these writes have landed, and only these."""

    def number(job):
        return job[2] if job[0] in landed else job[1]

    return [(upper[0], lower[0]) for upper, lower in bound_pairs(jobs, entries) if number(upper) <= number(lower)]


def simulate(jobs, plan, entries=None):
    """Let every subset of every wave land first."""
    landed = frozenset()
    for wave in plan:
        ids = [job_id for job_id, _before, _after in wave]
        for size in range(len(ids) + 1):
            for some in itertools.combinations(ids, size):
                assert breaches(jobs, landed.union(some), entries) == [], (plan, some)
        landed = landed.union(ids)


def is_raise(change):
    return change[2] > change[1]


def depths(changes, entries=None):
    """Return by job id the earliest wave of its kind, from the rule alone."""
    waits = {change[0]: set() for change in changes}
    for one, other in bound_pairs(changes, entries):
        for first, second in ((one, other), (other, one)):
            if breaches([one, other], {second[0]}, entries):
                assert is_raise(first) == is_raise(second)
                waits[second[0]].add(first[0])

    def depth(job_id):
        return 1 + max(map(depth, waits[job_id]), default=-1)

    return {job_id: depth(job_id) for job_id in waits}


def judge(jobs, entries=None):
    """Check the waves of the jobs that are to be written; jobs whose numbers are equal are kept ones."""
    changes = [job for job in jobs if job[1] != job[2]]
    plan = waves(changes, entries)
    simulate(jobs, plan, entries)
    flat = [change for wave in plan for change in wave]
    assert sorted(flat) == sorted(changes)
    assert sorted(flat, key=is_raise, reverse=True) == flat
    for wave in plan:
        raises, lowerings = [x for x in wave if is_raise(x)], [x for x in wave if not is_raise(x)]
        assert raises == sorted(raises, key=lambda change: (-change[2], change[0]))
        assert lowerings == sorted(lowerings, key=lambda change: (change[2], change[0]))
    # Every change is as early as the rule allows; the first lowerings are sent with the last raises.
    depth = depths(changes, entries)
    start = max((depth[change[0]] for change in changes if is_raise(change)), default=0)
    expected = {change[0]: depth[change[0]] + (0 if is_raise(change) else start) for change in changes}
    assert {change[0]: index for index, wave in enumerate(plan) for change in wave} == expected


@steady(max_examples=600)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=7))
def test_no_landed_subset_breaks_the_rule(numbers):
    judge(moves(*numbers))


@steady(max_examples=600)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 2)), max_size=7))
def test_no_landed_subset_breaks_the_rule_between_entries(numbers):
    jobs = moves(*[(before, after) for before, after, _entry in numbers])
    judge(jobs, {job[0]: numbers[place][2] for place, job in enumerate(jobs)})


def test_a_block_of_one_entry_is_one_wave():
    block = [(f"job-{number:05}", number, number + 5000) for number in range(500)]
    assert len(waves(block, dict.fromkeys((job_id for job_id, *_numbers in block), "restores"))) == 1
    assert len(waves(block)) == 500


def test_two_blocks_wait_for_each_other_only():
    upper = [(f"u{number:03}", 100 + number, 300 + number) for number in range(50)]
    lower = [(f"l{number:03}", number, 200 + number) for number in range(50)]
    entries = {job_id: job_id[0] for job_id, *_numbers in upper + lower}
    plan = waves(lower + upper, entries)
    assert [{job_id[0] for job_id, *_numbers in wave} for wave in plan] == [{"u"}, {"l"}]


@pytest.mark.parametrize("total", [0, 1, 2, 3])
def test_all_moves_of_up_to_three_jobs(total):
    for numbers in itertools.combinations_with_replacement(itertools.product(range(4), repeat=2), total):
        judge(moves(*numbers))


@steady(max_examples=300)
@given(
    st.lists(st.integers(0, 12), max_size=9),
    st.sampled_from(["any", "raise_only", "lower_only"]),
    st.integers(1, 3),
    st.integers(0, 14),
)
def test_what_the_solver_finds_can_be_sent(currents, direction, spacing, low):
    tiers = [[(chr(ord("a") + place), current)] for place, current in enumerate(currents)]
    try:
        numbers = solve(tiers, PriorityLimits(low, 40, direction, spacing))
    except OrderConflictError:
        return
    judge([(job_id, current, numbers[job_id]) for tier in tiers for job_id, current in tier])


@steady(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(numbers, dice):
    changes = moves(*numbers)
    shuffled = list(changes)
    dice.shuffle(shuffled)
    assert waves(shuffled) == waves(changes)


def test_nothing_to_send():
    assert waves([]) == []


def test_raises_from_the_top_then_lowerings_from_the_bottom():
    # The pairs a, b and c, d start level or change sides: they bind nothing, so that one wave shows the order.
    assert sent((10, 30), (10, 40), (90, 5), (80, 8)) == ["bacd"]


def test_a_raise_waits_for_the_one_above_it():
    assert sent((10, 30), (5, 20)) == ["a", "b"]
    assert sent((10, 30), (5, 11)) == ["a", "b"]


def test_a_tie_on_the_way_is_a_breach():
    assert sent((10, 30), (5, 10)) == ["a", "b"]
    assert sent((10, 30), (5, 9)) == ["ab"]
    assert sent((30, 5), (20, 0)) == ["b", "a"]
    assert sent((30, 20), (20, 0)) == ["b", "a"]
    assert sent((30, 21), (20, 0)) == ["ba"]


def test_a_tie_at_the_start_promises_nothing():
    assert sent((10, 40), (10, 30), (10, 20)) == ["abc"]
    assert sent((10, 0), (10, 1), (10, 2)) == ["abc"]


def test_jobs_that_end_level_do_not_wait():
    assert sent((10, 30), (5, 30)) == ["ab"]


def test_pairs_that_change_sides_do_not_wait():
    assert sent((5, 30), (10, 20)) == ["ab"]


def test_a_job_waits_only_for_what_binds_it():
    # b waits for a and d for c; both are free to go at once.
    assert sent((50, 90), (40, 60), (20, 30), (10, 25)) == ["ac", "bd"]


def test_a_block_that_rises_past_others_rises_one_by_one():
    assert sent((4, 14), (3, 13), (2, 12), (1, 11)) == ["a", "b", "c", "d"]
    assert sent((14, 4), (13, 3), (12, 2), (11, 1)) == ["d", "c", "b", "a"]


def test_the_first_lowerings_go_with_the_last_raises():
    assert sent((40, 90), (30, 80), (20, 9), (10, 0)) == ["a", "bd", "c"]


def test_a_reversed_queue_is_one_wave():
    changes = [(f"job-{number:05}", number, 100_000 - number) for number in range(10_000)]
    assert waves(changes) == [changes]


def test_a_long_chain_is_one_job_a_wave():
    changes = [(f"job-{number:05}", number, number + 1) for number in range(10_000)]
    assert waves(changes) == [[change] for change in reversed(changes)]
