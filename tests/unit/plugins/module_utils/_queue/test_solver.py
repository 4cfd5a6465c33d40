# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The solver against all possible answers on small queues, against a slow one on larger queues, and by example."""

from __future__ import annotations

import functools
import itertools
import random
import re
import string

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._queue.solver import (
    DIRECTIONS,
    OrderConflictError,
    PriorityLimits,
    solve,
)
from hypothesis import given, settings, strategies as st

LARGEST = 2147483647
steady = functools.partial(settings, derandomize=True, deadline=None, database=None)


def queue(*tiers):
    """Return tiers of jobs a, b, c, ... from their present priorities; a number alone is a tier of one."""
    names = iter(string.ascii_lowercase)
    return [[(next(names), number) for number in ((tier,) if isinstance(tier, int) else tier)] for tier in tiers]


def solved(*tiers, fixed="", **limits):
    """Return the new priorities in the order of queue()."""
    jobs = queue(*tiers)
    numbers = solve(jobs, PriorityLimits(**limits), frozenset(fixed))
    return [numbers[job_id] for tier in jobs for job_id, _current in tier]


def refused(*tiers, fixed="", **limits):
    """Return the jobs and the sentence of the refusal."""
    with pytest.raises(OrderConflictError) as caught:
        solve(queue(*tiers), PriorityLimits(**limits), frozenset(fixed))
    return "".join(caught.value.jobs), str(caught.value)


def span(job, limits, fixed):
    """Return the least and the greatest number that a job may end with, whatever the others do."""
    job_id, current = job
    if job_id in fixed:
        return current, current
    least = max(limits.low, current) if limits.direction == "raise_only" else limits.low
    most = min(limits.high, current) if limits.direction == "lower_only" else limits.high
    return least, most


def check(tiers, limits, fixed, numbers):
    """Raise unless the numbers are an answer; return how many jobs they change."""
    jobs = [job for tier in tiers for job in tier]
    assert sorted(numbers) == sorted(job_id for job_id, _current in jobs)
    for job in jobs:
        least, most = span(job, limits, fixed)
        assert least <= numbers[job[0]] <= most, (job, numbers)
    filled = [tier for tier in tiers if tier]
    for tier in filled:
        assert len({numbers[job_id] for job_id, _current in tier}) == 1, (tier, numbers)
    firsts = [numbers[tier[0][0]] for tier in filled]
    assert all(map(int.__gt__, firsts, firsts[1:])), numbers
    return sum(numbers[job_id] != current for job_id, current in jobs)


def check_refusal(tiers, limits, fixed, error):
    """Raise unless the jobs that the error names cannot be placed even if there were no other jobs."""
    filled = [tier for tier in tiers if tier]
    place = {job_id: index for index, tier in enumerate(filled) for job_id, _current in tier}
    jobs = {job[0]: job for tier in filled for job in tier}
    upper, lower = error.jobs[0], error.jobs[-1]
    most, least = span(jobs[upper], limits, fixed)[1], span(jobs[lower], limits, fixed)[0]
    distance = place[lower] - place[upper]
    assert distance >= 0
    assert most - least < distance
    alone = [job_id for job_id in error.jobs if int.__gt__(*span(jobs[job_id], limits, fixed))]
    assert alone == (list(error.jobs) if upper == lower else [])
    assert set(error.jobs) <= set(re.findall(r"[\w-]+", str(error)))


def fewest_writes(tiers, limits, fixed):
    """Return the least number of changes over all assignments of numbers; None where there is no answer."""
    filled = [tier for tier in tiers if tier]
    protected = {current for tier in filled for job_id, current in tier if job_id in fixed}
    domain = sorted(protected.union(range(limits.low, limits.high + 1)), reverse=True)
    best = None
    for numbers in itertools.combinations(domain, len(filled)):
        pairs = [(job, numbers[place]) for place, tier in enumerate(filled) for job in tier]
        spans = [(span(job, limits, fixed), number) for job, number in pairs]
        if all(least <= number <= most for (least, most), number in spans):
            writes = sum(job[1] != number for job, number in pairs)
            best = writes if best is None else min(best, writes)
    return best


def judge(tiers, limits, fixed):
    """Compare the solver with all assignments."""
    expected = fewest_writes(tiers, limits, fixed)
    try:
        numbers = solve(tiers, limits, fixed)
    except OrderConflictError as error:
        assert expected is None, (tiers, limits, fixed, str(error))
        check_refusal(tiers, limits, fixed, error)
    else:
        assert check(tiers, limits, fixed, numbers) == expected, (tiers, limits, fixed, numbers)


def compositions(total):
    """Return all ways to cut a queue of so many jobs into tiers, as tuples of sizes."""
    if not total:
        return [()]
    return [(size, *rest) for size in range(1, total + 1) for rest in compositions(total - size)]


def cut(numbers, sizes):
    rest = iter(numbers)
    return queue(*(tuple(itertools.islice(rest, size)) for size in sizes))


@st.composite
def problems(draw, jobs=5, largest=7):
    numbers = draw(st.lists(st.integers(0, largest), max_size=jobs))
    sizes = []
    while sum(sizes) < len(numbers):
        sizes.append(draw(st.integers(0 if sizes and sizes[-1] else 1, len(numbers) - sum(sizes))))
    low, high = sorted(draw(st.tuples(st.integers(0, largest + 2), st.integers(0, largest + 2))))
    if draw(st.booleans()):
        low, high = 0, largest + 5
    limits = PriorityLimits(low, high, draw(st.sampled_from(DIRECTIONS)), draw(st.integers(1, 4)))
    names = string.ascii_lowercase[: len(numbers)]
    fixed = draw(st.frozensets(st.sampled_from(names), max_size=3)) if names and draw(st.booleans()) else frozenset()
    return cut(numbers, sizes), limits, fixed


@steady(max_examples=1500)
@given(problems())
def test_no_answer_of_all_possible_ones_is_better(problem):
    judge(*problem)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("spacing", [1, 2])
def test_every_queue_of_up_to_three_jobs(direction, spacing):
    spans = [(low, high) for low in range(4) for high in range(low, 4)]
    for total in range(4):
        names = string.ascii_lowercase[:total]
        protections = [frozenset(some) for size in range(total + 1) for some in itertools.combinations(names, size)]
        for numbers in itertools.product(range(3), repeat=total):
            for sizes in compositions(total):
                tiers = cut(numbers, sizes)
                for (low, high), fixed in itertools.product(spans, protections):
                    judge(tiers, PriorityLimits(low, high, direction, spacing), fixed)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_queue_of_four_jobs_within_the_tightest_bounds(direction):
    for numbers in itertools.product(range(4), repeat=4):
        for sizes in compositions(4):
            for high in (len(sizes) - 1, len(sizes)):
                judge(cut(numbers, sizes), PriorityLimits(0, high, direction), frozenset())


def filled_between(spans, upper, lower):
    """Return whether strictly falling numbers within the spans fit between two numbers; plain and greedy."""
    number = upper
    for least, most in spans:
        number = min(number - 1, most)
        if number < least:
            return False
    return number > lower


def fewest_writes_slowly(tiers, limits, fixed):
    """Return the least number of changes by trying every next tier to keep after every kept one; None likewise."""
    spans = []
    for tier in tiers:
        ends = [span(job, limits, fixed) for job in tier]
        spans.append((max(least for least, _most in ends), min(most for _least, most in ends)))
    far = 10 * LARGEST
    best = {(-1, far): 0}  # what may be kept last so far -> jobs kept
    for place, tier in enumerate(tiers):
        for number in {current for _job_id, current in tier}:
            if not spans[place][0] <= number <= spans[place][1]:
                continue
            count = sum(current == number for _job_id, current in tier)
            earlier = [
                kept
                for (last, upper), kept in best.items()
                if last < place and filled_between(spans[last + 1 : place], upper, number)
            ]
            if earlier:
                best[place, number] = max(earlier) + count
    ends = [kept for (last, upper), kept in best.items() if filled_between(spans[last + 1 :], upper, -far)]
    return sum(map(len, tiers)) - max(ends) if ends else None


@steady(max_examples=300)
@given(st.randoms(use_true_random=False), st.sampled_from(DIRECTIONS), st.integers(1, 30))
def test_larger_queues_against_a_slow_solver(dice, direction, spacing):
    size = dice.randint(2, 24)
    largest = dice.choice([size, 3 * size, 100 * size])
    numbers = [dice.randint(0, largest) for _place in range(size)]
    if dice.random() < 0.5:
        numbers = sorted(numbers, reverse=True)
        for _swap in range(3):
            numbers[dice.randrange(size)] = dice.randint(0, largest)
    tiers, start = [], 0
    while start < size:
        stop = start + dice.choice([1, 1, 1, 2, 3])
        tiers.append([(f"job-{index}", numbers[index]) for index in range(start, min(stop, size))])
        start = stop
    low = dice.choice([0, 0, largest // 8])
    limits = PriorityLimits(low, dice.choice([LARGEST, largest + size, largest]), direction, spacing)
    fixed = frozenset(f"job-{dice.randrange(size)}" for _time in range(dice.choice([0, 0, 1, 2])))
    expected = fewest_writes_slowly(tiers, limits, fixed)
    try:
        answer = solve(tiers, limits, fixed)
    except OrderConflictError as error:
        assert expected is None
        check_refusal(tiers, limits, fixed, error)
    else:
        assert check(tiers, limits, fixed, answer) == expected


@steady(max_examples=200)
@given(problems())
def test_equal_input_gives_equal_output(problem):
    tiers, limits, fixed = problem
    answers = []
    for _time in range(2):
        try:
            answers.append(solve([list(tier) for tier in tiers], limits, set(fixed)))
        except OrderConflictError as error:
            answers.append((error.jobs, str(error)))
    assert answers[0] == answers[1]


@steady(max_examples=200)
@given(problems())
def test_a_second_run_changes_nothing(problem):
    tiers, limits, fixed = problem
    try:
        first = solve(tiers, limits, fixed)
    except OrderConflictError:
        return
    again = [[(job_id, first[job_id]) for job_id, _current in tier] for tier in tiers]
    assert solve(again, limits, fixed) == first


@steady(max_examples=300)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(1, 12), st.integers(60, 90))
def test_rewritten_numbers_keep_their_distance_where_there_is_room(currents, spacing, high):
    numbers = solved(*currents, spacing=spacing, high=high)
    kept = [place for place, number in enumerate(numbers) if number == currents[place]]
    for index, lower in enumerate(kept):
        upper = kept[index - 1] if index else -1
        above = high + 1 if upper < 0 else numbers[upper]
        wanted = min(spacing, (above - numbers[lower]) // (lower - upper))
        run = numbers[max(upper, 0) : lower + 1]
        assert len(run) < 2 or min(map(int.__sub__, run, run[1:])) >= wanted
    if kept:
        run = numbers[kept[-1] :]
        assert len(run) < 2 or run[-1] == 0 or set(map(int.__sub__, run, run[1:])) == {spacing}


def test_a_queue_in_order_stays_as_it_is():
    assert solved(900, 30, 29, 0, spacing=10) == [900, 30, 29, 0]


def test_nothing_in_nothing_out():
    assert solve([], PriorityLimits()) == {}
    assert solve([[], []], PriorityLimits()) == {}


def test_tiers_without_jobs_take_no_place():
    assert solve([[], [("a", 1)], [], [("b", 0)], []], PriorityLimits(high=1)) == {"a": 1, "b": 0}


def test_one_job_to_the_top_is_one_write():
    assert solved(10, 50, 40, 30) == [51, 50, 40, 30]
    assert solved(10, 50, 40, 30, spacing=10) == [60, 50, 40, 30]


def test_one_job_to_the_bottom_is_one_write():
    assert solved(50, 40, 30, 90) == [50, 40, 30, 29]
    assert solved(50, 40, 30, 90, spacing=10) == [50, 40, 30, 20]


def test_level_jobs_rise_above_the_last_one():
    assert solved(10, 10, 10, 10) == [13, 12, 11, 10]
    assert solved(10, 10, 10, 10, spacing=100) == [310, 210, 110, 10]


def test_spacing_shrinks_at_the_ends_of_the_range():
    assert solved(0, 0, LARGEST - 5, spacing=100) == [LARGEST - 1, LARGEST - 3, LARGEST - 5]
    assert solved(4, 9, 9, spacing=100, high=108) == [75, 42, 9]
    assert solved(90, 3, 95, 95, spacing=5, high=95) == [90, 3, 1, 0]


def test_runs_between_kept_jobs_are_spread_evenly():
    assert solved(100, 0, 0, 0, 80, spacing=1) == [100, 83, 82, 81, 80]
    assert solved(100, 0, 0, 0, 80, spacing=3) == [100, 89, 86, 83, 80]
    assert solved(100, 0, 0, 0, 80, spacing=50) == [100, 95, 90, 85, 80]
    assert solved(100, 0, 0, 90, 95, fixed="ad", spacing=4) == [100, 96, 93, 90, 86]


def test_room_between_kept_jobs_decides_who_is_kept():
    # 12 and 10 leave one number between them, and two jobs stand there.
    assert solved(12, 50, 60, 10, 9, high=13) == [13, 12, 11, 10, 9]


def test_tiers_end_level():
    assert solved((5, 7, 7), (7, 3)) == [7, 7, 7, 3, 3]
    assert solved((5, 5, 7), (7, 3)) == [5, 5, 5, 3, 3]


def test_where_nothing_can_be_kept_numbers_start_at_the_end_that_is_near():
    assert solved(5, 5, low=100, spacing=10) == [110, 100]
    assert solved(500, 500, high=100, spacing=10, direction="lower_only") == [100, 90]


def test_a_number_outside_the_bounds_is_written_unless_it_is_fixed():
    assert solved(900, 5, low=10, high=100) == [11, 10]
    assert solved(900, 5, low=10, high=100, fixed="ab") == [900, 5]
    assert solved(900, 5, 7, high=100, fixed="a") == [900, 8, 7]
    assert solved(900, 99, 0, high=20, fixed="ac", spacing=500) == [900, 10, 0]
    assert solved(900, 99, 98, high=20, fixed="a", spacing=15) == [900, 10, 0]


def test_others_arrange_around_fixed_jobs():
    assert solved(5, 50, 7, 60, 6, fixed="be") == [51, 50, 8, 7, 6]


def test_fixed_jobs_that_are_not_listed_mean_nothing():
    assert solved(1, 2, fixed="xyz") == [3, 2]


def test_raise_only():
    assert solved(5, 90, 10, 20, direction="raise_only") == [91, 90, 21, 20]
    assert solved(5, 90, 10, 20, direction="raise_only", spacing=20) == [110, 90, 40, 20]
    assert solved(100, 0, 95, 96, direction="raise_only", spacing=2) == [100, 98, 97, 96]


def test_lower_only():
    assert solved(50, 90, 10, 20, direction="lower_only") == [50, 49, 10, 9]
    assert solved(50, 90, 10, 20, direction="lower_only", spacing=5) == [50, 45, 10, 5]
    assert solved(10, 10, 10, direction="lower_only", spacing=3) == [10, 7, 4]


def test_priorities_that_are_fixed_in_the_wrong_order():
    assert refused(5, 10, 7, 20, 9, fixed="bd") == (
        "bd",
        "Cannot place job b: it needs a priority at least 2 higher than job d (1 position is reserved between them), "
        "but job b is protected and keeps priority 10, and job d is protected and keeps priority 20",
    )
    assert refused(10, 10, fixed="ab") == (
        "ab",
        "Cannot place job a: it needs a higher priority than job b, "
        "but job a is protected and keeps priority 10, and job b is protected and keeps priority 10",
    )


def test_the_nearest_pair_is_named():
    assert refused(1, 2, 3, 4, fixed="abcd")[0] == "ab"
    assert refused(9, 2, 3, 4, fixed="abcd")[0] == "bc"


def test_two_fixed_priorities_in_one_tier():
    assert refused(50, (10, 20, 30), fixed="bd") == (
        "bd",
        "Cannot place jobs b and d: they need equal priorities, "
        "but job b is protected and keeps priority 10, and job d is protected and keeps priority 30",
    )


def test_no_room_between_two_fixed_jobs():
    assert refused(10, 1, 2, 3, 7, fixed="ae") == (
        "ae",
        "Cannot place job a: it needs a priority at least 4 higher than job e (3 positions are reserved between them), "
        "but job a is protected and keeps priority 10, and job e is protected and keeps priority 7",
    )


def test_no_room_within_the_bounds():
    assert refused(0, 0, 0, 0, low=5, high=7) == (
        "ad",
        "Cannot place job a: it needs a priority at least 3 higher than job d (2 positions are reserved between them), "
        "but the highest allowed priority is 7, and the lowest allowed priority is 5",
    )


def test_no_room_above_a_fixed_job():
    assert refused(0, 0, 99, high=100, fixed="c") == (
        "ac",
        "Cannot place job a: it needs a priority at least 2 higher than job c (1 position is reserved between them), "
        "but the highest allowed priority is 100, and job c is protected and keeps priority 99",
    )


def test_no_room_below_a_fixed_job():
    assert refused(0, 5, fixed="a") == (
        "ab",
        "Cannot place job a: it needs a higher priority than job b, "
        "but job a is protected and keeps priority 0, and the lowest allowed priority is 0",
    )


def test_a_fixed_job_out_of_bounds_draws_no_other_job_there():
    assert refused((900, 5), high=100, fixed="a") == (
        "ba",
        "Cannot place jobs b and a: they need equal priorities, "
        "but the highest allowed priority is 100, and job a is protected and keeps priority 900",
    )


def test_raise_only_forbids():
    assert refused(10, 40, fixed="a", direction="raise_only") == (
        "ab",
        "Cannot place job a: it needs a higher priority than job b, "
        "but job a is protected and keeps priority 10, and direction=raise_only does not allow lowering job b below 40",
    )
    assert refused((9, 60), high=50, direction="raise_only") == (
        "b",
        "Cannot set a priority for job b: "
        "the highest allowed priority is 50, and direction=raise_only does not allow lowering job b below 60",
    )


def test_lower_only_forbids():
    assert refused(1, 40, 9, direction="lower_only") == (
        "ac",
        "Cannot place job a: it needs a priority at least 2 higher than job c (1 position is reserved between them), "
        "but direction=lower_only does not allow raising job a above 1, and the lowest allowed priority is 0",
    )
    assert refused((3, 8), low=5, direction="lower_only") == (
        "a",
        "Cannot set a priority for job a: "
        "direction=lower_only does not allow raising job a above 3, and the lowest allowed priority is 5",
    )
    assert refused((9, 8), fixed="a", direction="lower_only") == (
        "ba",
        "Cannot place jobs b and a: they need equal priorities, "
        "but direction=lower_only does not allow raising job b above 8, and job a is protected and keeps priority 9",
    )


def test_bounds_that_leave_nothing():
    sentence = (
        "Cannot set a priority for job a: the highest allowed priority is 3, and the lowest allowed priority is 5"
    )
    assert refused(9, low=5, high=3) == ("a", sentence)


@pytest.mark.parametrize("tiers", [[[("a", 1)], [("b", 1)], [("a", 1)]], [[("b", 2)], [("a", 1), ("a", 1)]]])
def test_a_job_twice(tiers):
    with pytest.raises(OrderConflictError, match=r"^Job a is listed more than once$") as caught:
        solve(tiers, PriorityLimits())
    assert caught.value.jobs == ("a",)


def test_limits_are_checked():
    with pytest.raises(OptionError, match=r"^value of spacing must be 1 or more, got: 0$"):
        PriorityLimits(spacing=0)
    with pytest.raises(
        OptionError, match=r"^value of direction must be one of: any, raise_only, lower_only, got: 'up'$"
    ):
        PriorityLimits(direction="up")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_ten_thousand_jobs_are_put_in_order(direction):
    dice = random.Random(1)
    currents = [dice.randrange(10**6, 10**7) for _place in range(10_000)]
    tiers = [[(f"job-{place}", current)] for place, current in enumerate(currents)]
    limits = PriorityLimits(direction=direction, spacing=10)
    writes = check(tiers, limits, frozenset(), solve(tiers, limits))
    # About 2 * sqrt(n) numbers of a random queue are in order already; one direction leaves only runs of records.
    assert (9_750 if direction == "any" else 9_900) < writes < 10_000
