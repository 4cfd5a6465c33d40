# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals that end the work of a task, and what is known of its writes then."""

from __future__ import annotations

import signal
import threading

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import AMBIGUOUS, KINDS, BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._requests.interrupts import Interrupts
from ansible_collections.objectstore.batch.plugins.module_utils._requests.senders import RetryLimits, Sender, Stopped
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import fail

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture(params=SIGNALS, ids=lambda number: number.name)
def number(request):
    """A signal with the handler that processes start with."""
    first = signal.default_int_handler if request.param == signal.SIGINT else signal.SIG_DFL
    before = signal.signal(request.param, first)
    yield request.param
    assert signal.getsignal(request.param) == first
    signal.signal(request.param, before)


def test_the_first_signal_interrupts_and_no_other_one_does(number):
    with Interrupts():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        signal.raise_signal(number)


def test_signals_are_ignored_once_the_work_is_over(number):
    with Interrupts() as interrupts:
        interrupts.ignore()
        signal.raise_signal(number)


@pytest.mark.parametrize("own", [signal.SIG_IGN, lambda number, frame: None], ids=["ignored", "handled"])
def test_what_somebody_else_does_about_a_signal_stays(number, own):
    before = signal.signal(number, own)
    with Interrupts():
        assert signal.getsignal(number) == own
    signal.signal(number, before)


def test_in_other_threads_nothing_is_done(number):
    found = []

    def work():
        with Interrupts():
            found.append(signal.getsignal(number))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert found == [signal.getsignal(number)]


def sender():
    return Sender(RetryLimits(1, 60.0))


def test_nothing_is_sent_after_a_stop():
    current = sender()
    current.stop()
    with pytest.raises(Stopped):
        current.send("UpdateJobPriority", lambda: 1, about="job-1")
    assert current.counts()["sent"] == {}
    assert not current.may_have_written("job-1") and not current.has_written()


def test_a_write_that_was_answered_is_one():
    current = sender()
    current.send("UpdateJobPriority", lambda: 1, about="job-1")
    current.send("PutObject", lambda: 1)
    assert current.may_have_written("job-1") and current.may_have_written("PutObject") and current.has_written()
    assert not current.may_have_written("job-2")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"interrupted"}))
def test_a_write_that_failed_may_be_one(kind):
    """Where the answer was lost it may be; where it was refused it is none."""
    current = sender()

    def refuse():
        raise fail(kind)

    with pytest.raises(BatchError):
        current.send("UpdateJobPriority", refuse, about="job-1")
    assert current.may_have_written("job-1") is current.has_written() is (kind in AMBIGUOUS)


def test_a_refusal_does_not_take_back_an_earlier_doubt():
    current = sender()
    for kind in ("timeout", "throttled"):

        def refuse(kind=kind):
            raise fail(kind)

        with pytest.raises(BatchError):
            current.send_once("UpdateJobPriority", refuse, about="job-1")
    assert current.may_have_written("job-1")


def test_a_write_that_is_under_way_may_be_one():
    current = sender()
    seen = []

    def look():
        seen.append((current.may_have_written("job-1"), current.has_written()))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        current.send("UpdateJobPriority", look, about="job-1")
    assert seen == [(True, True)]
    assert current.may_have_written("job-1"), "whoever is interrupted leaves the request where it is"


def test_reads_are_no_writes():
    current = sender()
    current.send("ListJobs", lambda: 1)
    assert not current.has_written()
