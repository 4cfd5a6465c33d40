# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one retry policy: attempts, deadline, Retry-After, counts."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, Failure
from ansible_collections.objectstore.batch.plugins.module_utils._requests.senders import RetryLimits, Sender
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import Clock, fail


def request(steps):
    """Return a request that goes through steps: errors are raised, values returned."""
    left = list(steps)

    def send():
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    return send


def sender(clock, max_attempts=4, retry_deadline=60.0):
    return Sender(RetryLimits(max_attempts, retry_deadline), clock.now, clock.sleep)


@pytest.mark.parametrize("kind", ["throttled", "unreachable", "timeout", "unavailable", "invalid_response"])
def test_passing_failures_are_tried_again(kind):
    clock = Clock()
    current = sender(clock)
    assert current.send("ListJobs", request([fail(kind), fail(kind), "page"])) == "page"
    assert len(clock.slept) >= 2
    throttled = 2 if kind == "throttled" else 0
    assert current.counts() == {"sent": {"ListJobs": 3}, "retried": 2, "throttled": throttled}


@pytest.mark.parametrize(
    "kind", ["not_found", "access_denied", "invalid_credentials", "invalid", "quota", "clock_skew", "job_ended"]
)
def test_other_failures_are_not(kind):
    clock = Clock()
    with pytest.raises(BatchError):
        sender(clock).send("DescribeJob", request([fail(kind), "never"]))
    assert clock.slept == []


def test_permanent_failures_are_not_although_their_kind_would():
    with pytest.raises(BatchError):
        sender(Clock()).send("DescribeJob", request([fail("unreachable", permanent=True), "never"]))


def test_attempts_end():
    clock = Clock()
    with pytest.raises(BatchError) as caught:
        sender(clock, max_attempts=3).send("DescribeJob", request([fail("timeout")] * 9))
    assert len(clock.slept) == 2
    assert "Gave up after 3 attempts (max_attempts: 3)" in str(caught.value)


def test_one_attempt_means_no_retry():
    clock = Clock()
    with pytest.raises(BatchError):
        sender(clock, max_attempts=1).send("DescribeJob", request([fail("timeout"), "never"]))
    assert clock.slept == []


def test_waiting_grows_with_jitter_and_a_cap():
    waited = []
    for _unused in range(50):
        clock = Clock()
        with pytest.raises(BatchError):
            sender(clock, max_attempts=12, retry_deadline=1e9).send("DescribeJob", request([fail("timeout")] * 12))
        waited.append(clock.slept)
    ceilings = [min(0.25 * 2**retry, 20.0) for retry in range(11)]
    for slept in waited:
        assert all(0 <= seconds <= ceilings[retry] for retry, seconds in enumerate(slept))
    for retry, ceiling in enumerate(ceilings):
        longest = max(slept[retry] for slept in waited)
        assert longest > ceiling / 2, "fifty tries never waited long: no full jitter"


def test_retry_after_is_a_least():
    clock = Clock()
    sender(clock).send("DescribeJob", request([fail("throttled", retry_after=17.0), "job"]))
    assert clock.slept == [17.0]


def test_retry_after_beyond_the_deadline_gives_up_at_once():
    clock = Clock()
    with pytest.raises(BatchError) as caught:
        sender(clock, retry_deadline=10.0).send("DescribeJob", request([fail("throttled", retry_after=11.0)]))
    assert clock.slept == []
    assert "Gave up after 0.0 s (retry_deadline: 10 s). The provider requested a delay of 11 s" in str(caught.value)


def test_the_deadline_counts_the_time_of_the_requests():
    clock = Clock()

    def slow():
        clock.time += 6.0
        raise BatchError(Failure("timeout", "no answer"))

    with pytest.raises(BatchError, match="retry_deadline"):
        sender(clock, max_attempts=100, retry_deadline=10.0).send("DescribeJob", slow)
    assert clock.time < 30


def test_kinds_to_retry_can_be_narrowed():
    with pytest.raises(BatchError):
        sender(Clock()).send("UpdateJobPriority", request([fail("timeout")]), retry=("throttled",))


def test_throttling_costs_no_attempt_while_others_get_through():
    clock = Clock()
    current = sender(clock, max_attempts=2, retry_deadline=5.0)
    steps = [fail("throttled") for _unused in range(40)]

    def busy():
        # Between two tries of this request, another one of the task is answered.
        if steps:
            current.send_once("DescribeJob", lambda: "job")
            raise steps.pop()
        return "done"

    assert current.send("UpdateJobPriority", busy) == "done"
    assert current.counts()["throttled"] == 40
    assert clock.time > 5.0


def test_throttling_of_everything_ends():
    with pytest.raises(BatchError, match="Gave up after 2 attempts"):
        sender(Clock(), max_attempts=2).send("UpdateJobPriority", request([fail("throttled")] * 3))


def test_all_requests_of_a_caller_share_its_end():
    clock = Clock()
    current = Sender(RetryLimits(100, 1000.0), clock.now, clock.sleep, end=10.0)
    assert current.send("ListJobs", request(["page"])) == "page"
    clock.time = 6.0
    assert current.budget().patience() == 4.0
    assert current.budget(1.0).patience() == 1.0
    assert current.budget(60.0).patience() == 4.0


def test_nothing_is_sent_after_the_end_of_a_caller():
    clock = Clock()
    current = Sender(RetryLimits(100, 1000.0), clock.now, clock.sleep, end=10.0)
    clock.time = 10.0
    with pytest.raises(BatchError, match="the request was not sent because no time is left"):
        current.send("ListJobs", request([]))
    assert current.counts()["sent"] == {}


def test_no_try_starts_after_the_end_of_a_caller():
    clock = Clock()
    current = Sender(RetryLimits(10_000, 1000.0), clock.now, clock.sleep, end=10.0)
    with pytest.raises(BatchError, match="Gave up because no time is left"):
        current.send("ListJobs", request([fail("unavailable")] * 10_000))
    assert clock.time <= 10.0
