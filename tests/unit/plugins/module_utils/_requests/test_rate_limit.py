# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pace: found out from throttled answers, against a cloud with a limit."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests.rate_limit import AdaptiveRateLimiter
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import Clock


def test_nothing_waits_before_the_first_throttled_answer():
    clock = Clock()
    pace = AdaptiveRateLimiter(clock.now)
    for _unused in range(1000):
        assert pace.next_slot() == 0
        pace.answered()


def test_retry_after_holds_every_request():
    clock = Clock()
    pace = AdaptiveRateLimiter(clock.now)
    pace.throttled(retry_after=7.0)
    assert pace.next_slot() == 7.0
    assert pace.next_slot() > 7.0


def test_answers_to_requests_of_the_old_pace_cut_once():
    clock = Clock()
    one, many = AdaptiveRateLimiter(clock.now), AdaptiveRateLimiter(clock.now)
    one.throttled(None)
    for _unused in range(20):
        many.throttled(None)
    assert [one.next_slot() for _unused in range(5)] == [many.next_slot() for _unused in range(5)]


@pytest.mark.parametrize(("limit", "share"), [(2.0, 0.4), (10.0, 0.1), (50.0, 0.1), (400.0, 0.1)])
def test_the_limit_is_found_and_used(limit, share):
    """A cloud with a token bucket of one second's worth: most of the limit is used, little is refused."""
    clock = Clock()
    pace = AdaptiveRateLimiter(clock.now)
    tokens, filled, through, refused = limit, 0.0, 0, 0
    while clock.time < 60.0:
        clock.time += pace.next_slot() + 0.0005
        tokens = min(limit, tokens + (clock.time - filled) * limit)
        filled = clock.time
        if tokens >= 1:
            tokens -= 1
            through += 1
            pace.answered()
        else:
            refused += 1
            pace.throttled(None)
    assert through > 0.75 * limit * 60
    assert refused < share * through


def test_the_pace_recovers_when_the_limit_is_gone():
    clock = Clock()
    pace = AdaptiveRateLimiter(clock.now)
    pace.throttled(None)
    started = 0
    while clock.time < 60.0:
        clock.time += pace.next_slot() + 0.01
        pace.answered()
        started += 1
    assert started > 60 * 5 * 2, "five a second, and never faster"
