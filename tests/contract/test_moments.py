# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests' own clock: limits strike what is kept waiting, and nothing else."""

from __future__ import annotations

import pytest

from .clouds import JOB_ID, Cloud
from .moments import Clock, at_each

HOUR = 3600.0


def test_a_slow_answer_runs_into_no_limit(cloud: Cloud, clock: Clock) -> None:
    """As on a busy machine: everything takes seven times as long as a request may take."""
    cloud.seed()
    cloud.emulator.settings(latency_ms=700)
    result = cloud.prioritize(100, request_timeout=0.1, retry_deadline=0.1, max_attempts=1)
    assert (result["rc"], result["calls"]["retried"], clock.now()) == (0, 0, 0.0), result


@pytest.mark.parametrize("name", ["late", "late_before"])
def test_an_answer_that_is_kept_runs_into_the_limit_of_its_request(cloud: Cloud, clock: Clock, name: str) -> None:
    cloud.seed()
    cloud.fault(name, operation="UpdateJobPriority", seconds=HOUR)
    result = cloud.prioritize(100, request_timeout=25, max_attempts=3)
    # The value that is read again says whether the update has to be sent again.
    assert (result["rc"], result["changed"], result["calls"]["retried"]) == (0, True, name == "late_before"), result
    assert 25 <= clock.now() < 25 + 1
    # What was late lands now, and is what is there already.
    assert (cloud.emulator.release(), cloud.priority_of()) == (1, 100)


def test_a_late_answer_within_the_limit_is_waited_for(cloud: Cloud, clock: Clock) -> None:
    cloud.seed()
    cloud.fault("late", operation="UpdateJobPriority", seconds=0.2)
    result = cloud.prioritize(100, request_timeout=5)
    assert (result["rc"], result["calls"]["retried"], clock.now()) == (0, 0, 0.0), result


def test_an_answer_that_drips_runs_into_the_limit_of_all_tries(cloud: Cloud, clock: Clock) -> None:
    """Each byte comes within request_timeout, and all of them would take hours."""
    cloud.seed()
    cloud.fault("drip", operation="DescribeJob", count=None, seconds=20)
    result = cloud.prioritize(100, request_timeout=30, retry_deadline=60)
    assert (result["rc"], result["error"]["kind"]) == (1, "timeout"), result
    assert "no complete response within 60.0 s" in result["msg"]
    assert (clock.now(), cloud.priority_of()) == (60.0, 10)


def test_a_pause_takes_no_time(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="Active")
    answer = cloud.wait(interval=HOUR, timeout=24 * HOUR, max_interval=HOUR)
    assert (answer["rc"], answer["error"]["kind"], answer["waited"]) == (1, "timeout", 24 * HOUR)
    assert 23 <= len(clock.slept) <= 28


def test_each_request_is_answered_after_its_turn(cloud: Cloud) -> None:
    cloud.seed(priority=1)
    seen = []

    def turn(number: int) -> None:
        seen.append((number, len(cloud.operations())))
        cloud.emulator.patch(JOB_ID, priority=number)

    with at_each(cloud.emulator, ["DescribeJob"], turn):
        found = [cloud.info(job_id=JOB_ID)["jobs"][0]["priority"] for _turn in range(3)]
    assert (found, seen) == ([0, 1, 2], [(0, 1), (1, 2), (2, 3)])
    assert (cloud.emulator.faults(), cloud.emulator.waiting()) == ([], [])


def test_a_turn_that_fails_fails_the_test_and_leaves_nothing_waiting(cloud: Cloud) -> None:
    cloud.seed()
    with pytest.raises(ZeroDivisionError), at_each(cloud.emulator, ["DescribeJob", "ListJobs"], lambda turn: 1 // turn):
        assert cloud.prioritize(100)["rc"] == 0
    assert (cloud.emulator.faults(), cloud.emulator.waiting()) == ([], [])
