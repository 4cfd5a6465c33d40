# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order the updates of a plan, so that the queue is never worse than before while the plan is applied.

The rule: if one of two jobs of different entries is strictly above the other before and after, then it is strictly
above at all times in between. Jobs of one entry can break the rule for an instant: the declaration orders entries, and
otherwise, a block of jobs that changes as a whole would be updated one job after another. A tie breaks the rule,
because the providers promise no order among equal priorities. For the same reason, a pair that starts with equal
priorities has no order to keep.

A job has two priorities, before and after. Let those of the upper job be A and A', those of the lower job B and B',
with A > B and A' > B'. The mixture A', B can break the rule only if A' < A and B' < B, because otherwise A' >= A > B or
A' > B' >= B. In the same way, the mixture A, B' can break it only if A' > A and B' > B. So a raise never waits for a
lowering, nor a lowering for a raise, and jobs without an update need no check. Private to this collection.
"""

from __future__ import annotations

import typing as t
from bisect import bisect_right

Change = tuple[str, int, int]
"""Job ID, priority before, priority after."""


def waves(changes: t.Iterable[Change], entries: t.Optional[t.Mapping[str, t.Hashable]] = None) -> list[list[Change]]:
    """Return the changes as waves: the updates of one wave can be sent at once, and take effect in any order.

    Raises come first, highest first, then lowerings, lowest first, each in the earliest wave that the rule allows.
    There are as few waves of each as possible, and the last raises share a wave with the first lowerings. Equal input
    in any order gives equal output.

    The rule holds if every update of a wave has taken effect before the next wave is sent. After a failed update, later
    waves can break it.

    :param entries: the entry or rule of each job; a job that is not in it is an entry of its own.
    """
    entries = entries or {}
    raises: list[Change] = []
    lowerings: list[Change] = []
    for change in changes:
        (raises if change[2] >= change[1] else lowerings).append(change)
    # With negative numbers, a lowering is a raise.
    upside_down = [(job_id, -before, -after) for job_id, before, after in lowerings]
    first, then = _raises(raises, entries), _raises(upside_down, entries)
    second = [[(job_id, -before, -after) for job_id, before, after in wave] for wave in then]
    if first and second:
        return [*first[:-1], first[-1] + second[0], *second[1:]]
    return first + second


def _raises(changes: list[Change], entries: t.Mapping[str, t.Hashable]) -> list[list[Change]]:
    """Return the waves of changes that all raise.

    A job waits for the jobs of other entries that were above it, stay above it, and whose old priority it reaches. They
    end above it, so the descending order of new priorities meets them first. Jobs with equal new priorities do not wait
    for each other; the ascending order of old priorities keeps them apart.
    """
    befores = sorted({before for _job_id, before, _after in changes})
    numbers = _Highest(len(befores))
    result: list[list[Change]] = []
    for change in sorted(changes, key=lambda change: (-change[2], change[1])):
        low, high = bisect_right(befores, change[1]), bisect_right(befores, change[2])
        entry = entries.get(change[0], change[0])
        wave = numbers.among(low, high, entry)
        numbers.add(low - 1, wave + 1, entry)
        if wave == len(result):
            result.append([])
        result[wave].append(change)
    for group in result:
        group.sort(key=lambda change: (-change[2], change[0]))
    return result


_Top = tuple[int, t.Hashable, int]
"""The highest value, its owner, and the highest value of all other owners."""


class _Highest:
    """The highest value of other owners in a range, in O(log n): a segment tree, 0 for empty ranges."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tree: list[_Top] = [(0, None, 0)] * (2 * size)

    def add(self, index: int, value: int, owner: t.Hashable) -> None:
        """Raise the value of an owner at an index."""
        node = index + self._size
        while node:
            self._tree[node] = _merged(self._tree[node], (value, owner, 0))
            node //= 2

    def among(self, start: int, stop: int, owner: t.Hashable) -> int:
        """Return the highest value of all other owners from start up to, not including, stop."""
        top: _Top = (0, None, 0)
        left, right = start + self._size, stop + self._size
        while left < right:
            if left % 2:
                top = _merged(top, self._tree[left])
                left += 1
            if right % 2:
                right -= 1
                top = _merged(top, self._tree[right])
            left //= 2
            right //= 2
        return top[2] if top[1] == owner else top[0]


def _merged(one: _Top, other: _Top) -> _Top:
    if one[0] < other[0]:
        one, other = other, one
    return one[0], one[1], max(one[2], other[2] if other[1] == one[1] else other[0])
