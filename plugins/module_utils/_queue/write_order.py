# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order the updates of a plan, so that the queue is never worse meanwhile than it was.

The rule: of two jobs of different entries, one of which is strictly above the other before and after, neither draws
level with nor passes the other in between. Jobs of one entry may, for an instant: what is declared is the order between
entries, and a block that moves as a whole would otherwise be written one job after another. A tie counts as a breach,
because the clouds promise no order among equals; for the same reason a pair that starts level promises nothing and
binds nothing.

A job has two numbers, one before and one after: let the upper job's be A and A', the lower one's B and B', with A > B
and A' > B'. The mixture A', B can break the rule only if A' < A and B' < B, for otherwise A' >= A > B or A' > B' >= B.
The mixture A, B' can break it only if A' > A and B' > B, likewise. So a raise never waits for a lowering or the other
way round, and jobs that are not written need not be looked at. Private to this collection.
"""

from __future__ import annotations

import typing as t
from bisect import bisect_right

Change = tuple[str, int, int]
"""Job id, priority before, priority after."""


def waves(changes: t.Iterable[Change], entries: t.Optional[t.Mapping[str, t.Hashable]] = None) -> list[list[Change]]:
    """Return the changes as waves: the writes of one wave may be sent at once, and land in any order.

    Raises come first, from the top down, then lowerings, from the bottom up, each in the earliest wave that the
    rule allows: there are as few waves of either as possible, and the last raises share one with the first
    lowerings. Equal input in any order gives equal output.

    The rule holds if every write of a wave has landed before the next wave is sent. After a write that failed,
    later waves may break it.

    :param entries: the entry or rule that each job stands under; a job that is not in it is one of its own.
    """
    entries = entries or {}
    raises: list[Change] = []
    lowerings: list[Change] = []
    for change in changes:
        (raises if change[2] >= change[1] else lowerings).append(change)
    # Upside down, a lowering is a raise.
    upside_down = [(job_id, -before, -after) for job_id, before, after in lowerings]
    first, then = _raises(raises, entries), _raises(upside_down, entries)
    second = [[(job_id, -before, -after) for job_id, before, after in wave] for wave in then]
    if first and second:
        return [*first[:-1], first[-1] + second[0], *second[1:]]
    return first + second


def _raises(changes: list[Change], entries: t.Mapping[str, t.Hashable]) -> list[list[Change]]:
    """Return the waves of changes that all raise.

    A job waits for those of other entries that were above it and stay above it, whose old number it reaches. They end
    above it, so going down by the new number meets them first; among equal new numbers, which do not bind each other,
    going up by the old number keeps them out of sight.
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
"""The highest value, whose it is, and the highest value of anybody else."""


class _Highest:
    """The highest value of others among neighbours, in O(log n): a segment tree, 0 where nothing was added."""

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
