# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request is not waited for beyond its time, and no wish of a server puts others to sleep."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._requests.concurrency import AdaptiveConcurrency
from ansible_collections.objectstore.batch.plugins.module_utils._requests.parallel import in_parallel
from ansible_collections.objectstore.batch.plugins.module_utils._requests.senders import (
    RetryLimits,
    Sender,
    SharedRetryLimit,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests.timeouts import call_with_timeout
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import Clock, fail

GENEROUS = 600.0
"""Seconds for what takes none: a busy machine may start a thread late."""


def raising(error):
    def request():
        raise error

    return request


def test_answers_and_errors_come_through():
    assert call_with_timeout(GENEROUS, lambda: 7) == 7
    error = fail("access_denied")
    with pytest.raises(BatchError) as caught:
        call_with_timeout(GENEROUS, raising(error))
    assert caught.value is error


class Body:
    """Something large that a request holds."""


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_what_a_failed_request_held_is_gone_at_once(depth):
    """As in botocore, whose frames keep the error in a variable, and with causes, each with frames of its own."""
    held = []

    def request(left=depth):
        body = Body()
        held.append(weakref.ref(body))
        try:
            if left:
                request(left - 1)
            kept = fail("access_denied")
        except BatchError as error:
            kept = fail("unavailable")
            kept.__cause__ = error
        raise kept

    gc.disable()
    try:
        with pytest.raises(BatchError) as caught:
            call_with_timeout(GENEROUS, request)
        assert len(held) == depth + 1 and [body() for body in held] == [None] * len(held)
        assert caught.value.__traceback__ is not None
    finally:
        gc.enable()


UNFORESEEN = [ValueError("v"), RecursionError("r"), MemoryError(), SystemExit(3), KeyboardInterrupt(), GeneratorExit()]


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
def test_whatever_is_raised_is_handed_on_as_it_is(error):
    with pytest.raises(type(error)) as caught:
        call_with_timeout(GENEROUS, raising(error))
    assert caught.value is error
    with pytest.raises(type(error)) as caught:
        Sender(RetryLimits(3, 60.0, GENEROUS)).send("ListJobs", raising(error))
    assert caught.value is error


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("width", [1, 4])
def test_whatever_is_raised_by_one_of_many_is_handed_on_as_it_is(error, width):
    def work(number):
        if number == 2:
            raise error
        return number

    with pytest.raises(type(error)) as caught:
        in_parallel(work, [1, 2, 3], AdaptiveConcurrency(width))
    assert caught.value is error


class Held:
    """What a request holds: the body of its answer, and what was parsed of it."""


def failing(alive, error):
    def request():
        body = Held()
        alive.append(weakref.ref(body))
        raise error()

    return request


def once(request):
    call_with_timeout(GENEROUS, request)


def bounded(request):
    Sender(RetryLimits(1, 0.0, GENEROUS)).send("ListJobs", request)


def again(request):
    clock = Clock()
    Sender(RetryLimits(3, 60.0, GENEROUS), clock.now, clock.sleep).send("ListJobs", request)


def many(request):
    in_parallel(lambda number: bounded(request), [1, 2, 3], AdaptiveConcurrency(2))


@pytest.mark.parametrize("way", [once, bounded, again, many])
@pytest.mark.parametrize("error", [lambda: fail("unavailable"), lambda: ValueError("v")], ids=["foreseen", "not"])
def test_what_a_failed_request_held_goes_at_once(way, error):
    """Without the search for cycles, which large bodies do not set off."""
    alive = []
    gc.collect()
    gc.disable()
    try:
        for _time in range(5):
            with pytest.raises((BatchError, ValueError)):
                way(failing(alive, error))
        left = [one for one in alive if one() is not None]
    finally:
        gc.enable()
    assert alive and not left


def test_what_takes_too_long_is_left_behind():
    never = threading.Event()
    with pytest.raises(BatchError, match=r"no complete response within 0\.1 s") as caught:
        call_with_timeout(0.1, never.wait)
    assert caught.value.failure.kind == "timeout"
    never.set()


def test_the_operation_is_named():
    never = threading.Event()
    with pytest.raises(BatchError) as caught:
        Sender(RetryLimits(1, 0.0, 0.1)).send("ListJobs", never.wait)
    assert caught.value.failure.operation == "ListJobs"
    never.set()


def test_a_wish_of_a_day_ends_its_request_and_slows_the_others_only():
    clock = Clock()
    sender = Sender(RetryLimits(6, 60.0, 60.0), clock.now, clock.sleep)
    with pytest.raises(BatchError, match="The provider requested a delay of 86400 s"):
        sender.send("DescribeJob", raising(fail("throttled", retry_after=86400.0)))
    assert sender.send("DescribeJob", lambda: 1) == 1
    assert clock.time < 2


def test_a_wish_within_the_time_is_waited_for():
    clock = Clock()
    sender = Sender(RetryLimits(6, 60.0, 60.0), clock.now, clock.sleep)
    answers = [fail("throttled", retry_after=20.0), 1]

    def request():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert sender.send("DescribeJob", request) == 1
    assert 20 <= clock.time < 22


def test_a_budget_with_an_end_leaves_nothing_after_it():
    clock = Clock()
    sender = Sender(RetryLimits(100, 600.0, 60.0), clock.now, clock.sleep)
    with pytest.raises(BatchError, match="Gave up because no time is left"):
        sender.send("ListJobs", raising(fail("unavailable")), sender.budget(5.0))
    assert clock.time <= 5


def test_callers_share_the_tries_that_they_have_together():
    clock = Clock()
    limits = RetryLimits(3, 60.0, 60.0, SharedRetryLimit(3))
    tried = []

    def request():
        tried.append(clock.time)
        raise fail("unavailable")

    for _sender in range(4):
        with pytest.raises(BatchError) as caught:
            Sender(limits, clock.now, clock.sleep).send("ListJobs", request)
    assert len(tried) == 4 + 3
    assert "Gave up because all shared retries are used up (option retries)" in caught.value.failure.message
