# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute priorities for a requested order of jobs, with as few changes as possible.

The solver adds the index of a tier (0 first) to its priority. This turns "strictly falling from tier to tier" into
"never rising", so the tiers between two kept tiers always find integers of their own. In this measure, the bounds of
each tier are narrowed by the bounds of all other tiers. The jobs to keep are a longest non-increasing subsequence of
the current priorities within these bounds (patience sorting, O(n log n); Fredman, "On computing the length of longest
increasing subsequences", 1975). All other jobs find a priority between their kept neighbors, because the narrowed
bounds of each tier include every priority that a neighbor can keep. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import itertools
import operator
import typing as t
from bisect import bisect_right

from .._core import validation

DIRECTIONS: t.Final = ("any", "raise_only", "lower_only")

Tier = t.Sequence[tuple[str, int]]
"""Job IDs with their current priorities; the jobs of a tier get one equal priority."""
Fixed = t.Union[t.AbstractSet[str], t.Mapping[str, str]]
"""IDs of jobs that keep their priority, with the reason, which follows the job ID; protected without a reason."""

_current: t.Final = operator.itemgetter(1)
_number: t.Final = operator.itemgetter(0)


@dataclasses.dataclass(frozen=True)
class PriorityLimits:
    """The limits of new priorities.

    :param low: lowest priority that a job can get, unless it is fixed.
    :param high: highest priority that a job can get, unless it is fixed.
    :param direction: any, raise_only (no job is lowered), or lower_only (no job is raised).
    :param spacing: distance from a changed tier to the next one if there is room for it, 1 or more.
    :raises OptionError: direction or spacing breaks its rule.
    """

    low: int = 0
    high: int = 2147483647
    direction: str = "any"
    spacing: int = 1

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise validation.invalid_value("direction", self.direction, f"must be one of: {', '.join(DIRECTIONS)}")
        if self.spacing < 1:
            raise validation.invalid_value("spacing", self.spacing, "must be 1 or more")


class OrderConflictError(Exception):
    """No priorities put the jobs in the requested order; the text states why.

    :ivar jobs: IDs of the one or two jobs that conflict, the job that needs the higher priority first.
    :ivar hint: what to do next, a sentence.
    """

    def __init__(
        self, jobs: tuple[str, ...], text: str, hint: str = "Change the order, its bounds, or protect."
    ) -> None:
        super().__init__(text)
        self.jobs = jobs
        self.hint = hint


class _Frame(t.NamedTuple):
    """Bounds of each tier, first to last, as priority plus index: neither list rises."""

    floors: list[int]
    ceilings: list[int]

    def flipped(self) -> _Frame:
        """Return the same queue upside down, with negative numbers."""
        return _Frame(_flipped(self.ceilings), _flipped(self.floors))


def solve(tiers: t.Iterable[Tier], limits: PriorityLimits, fixed: Fixed = frozenset()) -> dict[str, int]:
    """Return the priority of every job in the requested order, with as few changes as possible.

    Equal input gives equal output. Tiers without jobs need no priority. The priorities of a run of changed tiers are
    ``spacing`` apart, or evenly spaced if there is less room. They count upwards from the kept tier below. Without such
    a tier, they count downwards from the kept tier above. If no tier is kept, they count from the lowest possible one.
    With lower_only, it is the other way round. Spacing never costs an update.

    :param tiers: from first to last; each tier gets a strictly higher priority than the next one.
    :param fixed: IDs of jobs that keep their priority, even outside of low and high; all other jobs get a priority
        within them, also if the current priority is outside. IDs that are not in the tiers are ignored.
    :raises OrderConflictError: a job is listed more than once, or one or two jobs cannot be placed within the limits.
    """
    filled = [sorted(tier, key=_current) if len(tier) > 1 else tier for tier in tiers if tier]
    jobs = list(itertools.chain.from_iterable(filled))
    ids = [job_id for job_id, _priority in jobs]
    if not ids:
        return {}
    if len(set(ids)) < len(ids):
        raise _first_duplicate(ids)
    places: t.Sequence[int] = range(len(filled))
    if len(jobs) > len(filled):
        places = list(itertools.chain.from_iterable(map(itertools.repeat, places, map(len, filled))))
    frame = _frame(filled, limits, fixed, {place for place, job_id in zip(places, ids) if job_id in fixed})
    keys = list(map(operator.add, map(_current, jobs), places))
    slack = limits.spacing - 1
    if limits.direction == "lower_only":
        # Priorities are filled in upwards and pushed up by floors; here, the ceilings are the uneven side.
        last = len(filled) - 1
        upside_down = [last - place for place in reversed(places)]
        sums = _flipped(_numbers(upside_down, _flipped(keys), frame.flipped(), slack))
    else:
        sums = _numbers(places, keys, frame, slack)
    numbers = list(map(operator.sub, sums, itertools.count()))
    return dict(zip(ids, map(numbers.__getitem__, places)))


def _flipped(numbers: list[int]) -> list[int]:
    return [-number for number in reversed(numbers)]


def _frame(tiers: list[Tier], limits: PriorityLimits, fixed: Fixed, places: t.Iterable[int]) -> _Frame:
    """Return the bounds of each tier, narrowed by those of all others.

    :param tiers: each in rising order of priority.
    :param places: of the tiers that hold fixed jobs.
    """
    low, high = limits.low, limits.high
    floors, ceilings = [low] * len(tiers), [high] * len(tiers)
    if limits.direction == "raise_only":
        floors = [max(low, tier[-1][1]) for tier in tiers]
    elif limits.direction == "lower_only":
        ceilings = [min(high, tier[0][1]) for tier in tiers]
    for place in places:
        floors[place] = _floor(tiers[place], limits, fixed)[0]
        ceilings[place] = _ceiling(tiers[place], limits, fixed)[0]
    last = len(tiers) - 1
    floors = list(itertools.accumulate(map(operator.add, reversed(floors), range(last, -1, -1)), max))
    floors.reverse()
    ceilings = list(itertools.accumulate(map(operator.add, ceilings, itertools.count()), min))
    if any(map(operator.gt, floors, ceilings)):
        raise _conflict(tiers, limits, fixed)
    return _Frame(floors, ceilings)


def _numbers(places: t.Sequence[int], keys: list[int], frame: _Frame, slack: int) -> list[int]:
    """Return the priority of each tier plus its index.

    :param places: index of each job's tier, never falling.
    :param keys: current priority of each job plus its index, rising within a tier.
    :param slack: by how much the requested spacing exceeds 1.
    """
    sums = [0] * len(frame.floors)
    first, above = 0, frame.ceilings[0]
    for place, key in _kept(places, keys, frame).items():
        if first < place:
            _fill(sums, range(first, place), (key, min(above, frame.ceilings[first])), frame.floors, slack)
        sums[place] = above = key
        first = place + 1
    if first < len(sums):
        run, above = range(first, len(sums)), min(above, frame.ceilings[first])
        # Far enough below the lowest priority that the first step reaches it.
        below = above - slack * (len(run) + 1) if first else frame.floors[-1] - slack
        _fill(sums, run, (below, above), frame.floors, slack)
    return sums


def _kept(places: t.Sequence[int], keys: list[int], frame: _Frame) -> dict[int, int]:
    """Return the keys to keep by index, first to last: a longest non-increasing subsequence within the bounds.

    Within a tier, the keys rise, so that only jobs with equal priorities can be kept together.
    """
    tails: list[int] = []
    lengths: list[int] = []
    add = lengths.append
    count = 0
    floors, ceilings = map(frame.floors.__getitem__, places), map(frame.ceilings.__getitem__, places)
    for key, floor, ceiling in zip(keys, floors, ceilings):
        if not floor <= key <= ceiling:
            add(0)
            continue
        # Jobs that are in order already need no search.
        at = bisect_right(tails, -key) if count and -key < tails[-1] else count
        if at == count:
            tails.append(-key)
            count += 1
        else:
            tails[at] = -key
        add(at + 1)
    # Among jobs of one length, the keys rise. So the last of them before a job of the next length is a valid
    # predecessor of that job: no list of predecessors is needed.
    lengths.reverse()
    kept = []
    at = -1
    for length in range(count, 0, -1):
        at = lengths.index(length, at + 1)
        kept.append(len(lengths) - 1 - at)
    return {places[job]: keys[job] for job in reversed(kept)}


def _fill(sums: list[int], run: range, ends: tuple[int, int], floors: list[int], slack: int) -> None:
    """Set the priorities (plus index) of a run of changed tiers, from its last tier upwards.

    :param ends: priorities plus indexes below and above the run; the upper one can be a bound.
    """
    below, above = ends
    gaps = len(run) + 1
    for place in reversed(run):
        if slack:
            below += min(slack, (above - below) // gaps)
            gaps -= 1
        if below < floors[place]:
            below = floors[place]
        sums[place] = below


def _floor(tier: Tier, limits: PriorityLimits, fixed: Fixed) -> tuple[int, str]:
    """Return the lowest priority that a tier can get, and the job that limits it."""
    only_up = limits.direction == "raise_only"
    bounds = [
        (current if job_id in fixed or (only_up and current > limits.low) else limits.low, job_id)
        for job_id, current in tier
    ]
    return max(bounds, key=_number)


def _ceiling(tier: Tier, limits: PriorityLimits, fixed: Fixed) -> tuple[int, str]:
    """Return the highest priority that a tier can get, and the job that limits it."""
    only_down = limits.direction == "lower_only"
    bounds = [
        (current if job_id in fixed or (only_down and current < limits.high) else limits.high, job_id)
        for job_id, current in tier
    ]
    return min(bounds, key=_number)


def _conflict(tiers: list[Tier], limits: PriorityLimits, fixed: Fixed) -> OrderConflictError:
    """Return the error for the first tier that cannot be placed, with the nearest job that conflicts.

    The other job can be in the same tier. A job that fits in no tier is named alone.
    """
    ceilings = [_ceiling(tier, limits, fixed) for tier in tiers]
    reach = itertools.accumulate((number + place for place, (number, _job) in enumerate(ceilings)), min)
    floors = (_floor(tier, limits, fixed) for tier in tiers)
    rows = enumerate(zip(floors, reach))
    under, (least, lower) = next((place, floor) for place, (floor, most) in rows if floor[0] + place > most)
    over = next(place for place in range(under, -1, -1) if ceilings[place][0] + place < least + under)
    most, upper = ceilings[over]
    for job in tiers[under] if over == under else ():
        floor, ceiling = _floor([job], limits, fixed), _ceiling([job], limits, fixed)
        if floor > ceiling:
            (least, lower), (most, upper) = floor, ceiling
            break
    return _contradiction(
        (upper, lower),
        under - over,
        _reason(upper, most, fixed, limits.high, ("highest", "lower_only", "raising", "above")),
        _reason(lower, least, fixed, limits.low, ("lowest", "raise_only", "lowering", "below")),
    )


def _reason(job_id: str, number: int, fixed: Fixed, limit: int, words: tuple[str, str, str, str]) -> str:
    if job_id in fixed:
        why = fixed[job_id] if isinstance(fixed, t.Mapping) else "is protected"
        return f"job {job_id} {why} and keeps priority {number}"
    end, direction, verb, side = words
    if number == limit:
        return f"the {end} allowed priority is {limit}"
    return f"direction={direction} does not allow {verb} job {job_id} {side} {number}"


def _contradiction(jobs: tuple[str, str], distance: int, above: str, below: str) -> OrderConflictError:
    upper, lower = jobs
    if upper == lower:
        return OrderConflictError((upper,), f"Cannot set a priority for job {upper}: {above}, and {below}")
    if distance == 0:
        need = f"Cannot place jobs {upper} and {lower}: they need equal priorities"
    elif distance == 1:
        need = f"Cannot place job {upper}: it needs a higher priority than job {lower}"
    else:
        places = "1 position is" if distance == 2 else f"{distance - 1} positions are"
        need = f"Cannot place job {upper}: it needs a priority at least {distance} higher than job {lower}"
        need += f" ({places} reserved between them)"
    return OrderConflictError(jobs, f"{need}, but {above}, and {below}")


def _first_duplicate(ids: list[str]) -> OrderConflictError:
    seen: set[str] = set()
    for job_id in ids:
        if job_id in seen:
            break
        seen.add(job_id)
    return OrderConflictError((job_id,), f"Job {job_id} is listed more than once")
