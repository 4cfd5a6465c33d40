# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a job is and when it ends: from a timer or from polls, and null if it is unknown or cannot be true."""

from __future__ import annotations

import datetime
import itertools

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_estimates import (
    LONGEST,
    Estimate,
    estimate,
    render_estimate,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
HUGE = 10**18
NAN, INFINITE = float("nan"), float("inf")


def job(status="Active", total=1000, succeeded=240, failed=10, timer=100):
    return Job("job-1", status, 10, progress=Progress(total, succeeded, failed), active_seconds=timer)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        # Failed tasks are finished tasks.
        (job(), (100, 2.5, 300.0, "timer")),
        (job(succeeded=None, failed=250), (100, 2.5, 300.0, "timer")),
        (job(succeeded=250, failed=None), (100, 2.5, 300.0, "timer")),
        (job(total=None), (100, 2.5, None, "timer")),
        (job(succeeded=None, failed=None), (100, None, None, None)),
        (job(succeeded=0, failed=0), (100, 0.0, None, "timer")),
        (job(total=0, succeeded=0, failed=0), (100, 0.0, None, "timer")),
        (job(total=250), (100, 2.5, 0.0, "timer")),
        (job(timer=0), (0, None, None, None)),
        (job(timer=None), (None, None, None, None)),
        (job(timer=HUGE), (None, None, None, None)),
        (job(timer=-1), (None, None, None, None)),
        (job(total=249), (100, None, None, None)),
        (job(total=-1), (100, None, None, None)),
        (job(succeeded=-240, failed=490), (100, None, None, None)),
        (job(succeeded=HUGE, total=None), (100, None, None, None)),
        (job(total=HUGE), (100, 2.5, None, "timer")),
        # A year is the most.
        (job(total=1 + LONGEST, succeeded=1, failed=0, timer=1), (1, 1.0, float(LONGEST), "timer")),
        (job(total=2 + LONGEST, succeeded=1, failed=0, timer=1), (1, 1.0, None, "timer")),
    ],
)
def test_the_timer_of_the_provider(found, expected):
    assert estimate(found) == expected
    # Nothing that a poll saw changes what the timer shows, unless there is no timer.
    if expected[3] == "timer":
        assert estimate(found, [[0, 0], [1, 1]]) == expected


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating", ""])
def test_only_an_active_job_has_an_end(status):
    timed, polled = estimate(job(status)), estimate(job(status, timer=None), [[0, 0], [10, 5]])
    assert (timed.rate, timed.basis) == (2.5, "timer")
    if status == "Active":
        assert (timed.seconds_left, polled) == (300.0, (None, 0.5, 1500.0, "polls"))
    else:
        assert (timed.seconds_left, polled) == (None, (None, None, None, None))
        assert render_estimate(timed, NOW)["estimated_end"] is None


@pytest.mark.parametrize(
    ("polls", "rate"),
    [
        ([], None),
        ([[5, 100]], None),
        ([[0, 100], [10, 150]], 5.0),
        ([[0, 100], [10, 150], [20, 160]], 3.0),
        ([[0, 100], [10, 100]], 0.0),
        # The same moment, and a clock that went backwards.
        ([[10, 100], [10, 200]], None),
        ([[10, 100], [5, 200]], None),
        # Counts that went backwards: only what followed counts.
        ([[0, 100], [10, 50]], None),
        ([[0, 100], [10, 50], [20, 60]], 1.0),
        ([[-1, 0], [10, 100]], None),
        ([[0, -5], [10, 100]], None),
        ([[0, HUGE], [10, 2 * HUGE]], None),
        ([[0, 10**400], [10, 10**401]], None),
        ([[0, 0], [HUGE, 5]], None),
        ([[0, NAN], [10, 5]], None),
        ([[NAN, 0], [10, 5]], None),
        ([[0, 0], [10, INFINITE]], None),
        ([[0, 0], [5e-324, 5]], None),
    ],
)
def test_the_polls_of_a_task(polls, rate):
    for timer in (None, 0, HUGE):
        found = estimate(job(timer=timer), polls)
        assert (found.rate, found.basis) == (rate, None if rate is None else "polls")
        assert found.seconds_left == (750 / rate if rate else None)


@pytest.mark.parametrize(
    ("rate", "shown"), [(0.0, 0.0), (1234.5678, 1235.0), (0.123456, 0.1235), (1 / 86400, 1.157e-05), (2.5, 2.5)]
)
def test_a_rate_has_four_digits(rate, shown):
    assert render_estimate(Estimate(1, rate, None, "timer"), NOW)["rate"] == shown


def test_an_estimate_as_a_result():
    assert render_estimate(estimate(job()), NOW) == {
        "active_seconds": 100,
        "rate": 2.5,
        "estimated_end": "2026-01-01T00:05:00Z",
        "estimate_basis": "timer",
    }
    unknown = dict.fromkeys(("active_seconds", "rate", "estimated_end", "estimate_basis"))
    assert render_estimate(Estimate(), NOW) == unknown
    last = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
    assert render_estimate(estimate(job()), last)["estimated_end"] is None


def test_no_value_of_a_response_is_an_exception_or_a_year_that_cannot_be():
    numbers = (None, -HUGE, -1, 0, 1, 1000, HUGE)
    for total, succeeded, failed, timer in itertools.product(numbers, repeat=4):
        for polls in ([], [[0, 0], [1e-9, 999]]):
            shown = render_estimate(estimate(job("Active", total, succeeded, failed, timer), polls), NOW)
            assert shown["rate"] is None or shown["rate"] >= 0
            assert (shown["rate"] is None) == (shown["estimate_basis"] is None)
            assert shown["estimated_end"] is None or "2026" <= shown["estimated_end"] <= "2027-01-02"
