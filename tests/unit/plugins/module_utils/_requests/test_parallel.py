# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on several things at once: in order, bounded, and left behind by whoever is interrupted."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests.concurrency import AdaptiveConcurrency
from ansible_collections.objectstore.batch.plugins.module_utils._requests.parallel import in_parallel


@pytest.mark.parametrize("width", [1, 3, None])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_are_in_order(width, count):
    assert in_parallel(lambda item: item * 2, range(count), AdaptiveConcurrency(width)) == [
        item * 2 for item in range(count)
    ]


def test_as_many_at_once_as_the_width_allows_and_no_more():
    most, busy, lock = [], [], threading.Lock()
    # Nobody goes on before as many as may are there, so the test ends only if they really are there at once.
    together = threading.Barrier(4)

    def work(item):
        with lock:
            busy.append(item)
            most.append(len(busy))
        together.wait(60)
        with lock:
            busy.remove(item)

    in_parallel(work, range(16), AdaptiveConcurrency(4))
    assert max(most) == 4


def test_pieces_are_started_in_order():
    started, pair = [], threading.Barrier(2)

    def work(item):
        started.append(item)
        pair.wait(60)

    in_parallel(work, range(100), AdaptiveConcurrency(2))
    assert [sorted(started[place : place + 2]) for place in range(0, 100, 2)] == [[n, n + 1] for n in range(0, 100, 2)]


def test_the_first_error_in_order_is_raised_when_the_others_are_done():
    done, late = [], threading.Event()

    def work(item):
        if item == 1:
            late.set()
            raise LookupError("one")
        if item == 0:
            late.wait(60)
            done.append(item)
            raise KeyError("zero")
        done.append(item)

    with pytest.raises(KeyError, match="zero"):
        in_parallel(work, range(50), AdaptiveConcurrency(2))
    assert done == [0], "after an error nothing more is started"


def test_an_error_holds_nothing_once_it_was_handled():
    class Large:
        pass

    seen = []

    def work(item):
        large = Large()
        seen.append(weakref.ref(large))
        raise ValueError(item)

    gc.collect()
    gc.disable()
    try:
        with pytest.raises(ValueError, match=r"[01]") as caught:
            in_parallel(work, [0, 1], AdaptiveConcurrency(2))
        del caught
        assert not any(reference() for reference in seen)
    finally:
        gc.enable()


def test_a_process_does_not_wait_for_work_that_was_left_behind():
    """The interpreter joins the threads of a ThreadPoolExecutor at its end, and those of this line are left."""
    code = """
import os, signal, threading
from ansible_collections.objectstore.batch.plugins.module_utils._requests.parallel import in_parallel
from ansible_collections.objectstore.batch.plugins.module_utils._requests.concurrency import AdaptiveConcurrency
signal.signal(signal.SIGINT, signal.default_int_handler)
here = threading.Barrier(2)
def work(item):
    if here.wait() == 0:
        os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait()
try:
    in_parallel(work, [0, 1], AdaptiveConcurrency(2))
except KeyboardInterrupt:
    print("left")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=1800, check=True)
    assert done.stdout == "left\n"
