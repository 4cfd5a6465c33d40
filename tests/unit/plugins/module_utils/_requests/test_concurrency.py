# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The width of a task grows while that helps, and never beyond a number that is given."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests.concurrency import (
    MOST,
    START,
    AdaptiveConcurrency,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests.parallel import in_parallel


def fill(width):
    """Have as many under way as may be."""
    for _turn in range(width.now - width._busy):
        width.__enter__()


def rounds(width, seconds):
    for each in seconds:
        fill(width)
        for _turn in range(width.now):
            width.answered(each)


def test_it_doubles_while_answers_get_no_slower():
    width = AdaptiveConcurrency()
    seen = []
    for _turn in range(5):
        seen.append(width.now)
        rounds(width, [0.05])
    assert seen == [8, 16, 32, 64, 64]
    assert (START, MOST) == (8, 64)


def test_slower_answers_end_the_growth():
    width = AdaptiveConcurrency()
    rounds(width, [0.05, 0.09, 0.05, 0.05])
    assert width.now == 16


def test_a_throttled_answer_halves_it_for_good():
    width = AdaptiveConcurrency()
    rounds(width, [0.05, 0.05])
    width.throttled()
    assert width.now == 16
    rounds(width, [0.05] * 3)
    assert width.now == 16
    narrow = AdaptiveConcurrency()
    narrow.throttled()
    assert narrow.now == START


def test_a_given_number_stays():
    width = AdaptiveConcurrency(5)
    rounds(width, [0.05] * 5)
    width.throttled()
    assert (width.now, width.most) == (5, 5)


def test_it_does_not_grow_where_there_is_too_little_work():
    width = AdaptiveConcurrency()
    for _turn in range(100):
        width.answered(0.05)
    assert width.now == START


@pytest.mark.parametrize("given", [1, 3, None])
def test_no_more_at_once_than_it_allows(given):
    width, lock, at_once, most = AdaptiveConcurrency(given), threading.Lock(), [0], [0]
    # The first ones meet: as many as may be at once are at once, however slowly their threads start.
    meeting = threading.Barrier(given or START)

    def work(item):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        if item < meeting.parties:
            meeting.wait(600)
        with lock:
            at_once[0] -= 1
        return item * 2

    assert in_parallel(work, range(60), width) == [item * 2 for item in range(60)]
    assert most[0] == min(given or START, 60)
