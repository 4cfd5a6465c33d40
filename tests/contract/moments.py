# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments that a test controls: a clock for modules that run in this process, and what happens at each request.

No test waits for seconds, since nobody knows what a busy machine does in them.
"""

from __future__ import annotations

import contextlib
import functools
import select
import socket
import threading
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._requests import senders, timeouts
from ansible_collections.objectstore.batch.plugins.module_utils._wait import job_waiter

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pytest
    from batch_emulator.client import Emulator

T = t.TypeVar("T")

_GLANCE = 0.02
"""Seconds between two questions to the emulator whether it keeps a request waiting; no result depends on them."""
FOREVER = float("inf")


class Clock:
    """The time of modules in this process, in seconds; it stands still while the machine works.

    It passes where a module sleeps, and where a request runs into its limit. A limit is over at once where the
    emulator keeps the request waiting for longer than that, and never otherwise, however slow the machine is.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._lock = threading.Lock()
        self._now = 0.0
        self._asking = threading.local()
        self._change: Callable[[int], object] | None = None
        self._turn = 0
        self._moved: Emulator | None = None
        self.slept: list[float] = []
        self.at_each_sleep: Callable[[], object] = lambda: None

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._pass_until(self.now() + seconds)
        self.at_each_sleep()

    def pause(self, seconds: float) -> None:
        """Sleep as a wait does between two looks; what the test wants to happen meanwhile happens then."""
        self.sleep(seconds)
        if self._change is not None:
            self._change(self._turn)
            self._turn += 1

    @contextlib.contextmanager
    def meanwhile(self, change: Callable[[int], object]) -> Iterator[None]:
        """Run change(0), change(1) and so on, each in one pause of a wait."""
        self._change, self._turn = change, 0
        try:
            yield
        finally:
            self._change = None

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Have all modules of this process live by this clock."""
        patch.setattr(senders, "Sender", functools.partial(senders.Sender, now=self.now, sleep=self.sleep))
        patch.setattr(job_waiter, "Clock", functools.partial(job_waiter.Clock, now=self.now, sleep=self.pause))
        read, join, within = socket.SocketIO.readinto, threading.Thread.join, timeouts.call_with_timeout
        patch.setattr(
            timeouts,
            "call_with_timeout",
            lambda seconds, request, *more, **named: within(seconds, self._marked(seconds, request), *more, **named),
        )
        patch.setattr(socket.SocketIO, "readinto", lambda stream, buffer: self._read(read, stream, buffer))
        patch.setattr(threading.Thread, "join", lambda thread, timeout=None: self._join(join, thread, timeout))

    def move(self, emulator: Emulator) -> None:
        """Have the emulated clock move along from now on."""
        self._moved = emulator

    def _pass_until(self, moment: float) -> None:
        # Two that sleep side by side sleep as long as the longer one.
        with self._lock:
            passed = max(0.0, moment - self._now)
            self._now += passed
            if self._moved is not None and passed:
                self._moved.advance(passed)

    def _marked(self, seconds: float, request: Callable[[], T]) -> Callable[[], T]:
        """A request whose thread knows when whoever waits for it will give up."""
        end = self.now() + seconds

        def send() -> T:
            thread: t.Any = threading.current_thread()
            thread.end = end
            return request()

        return send

    def _read(self, read: Callable[..., int], stream: t.Any, buffer: t.Any) -> int:
        """Read from a socket, within its own limit."""
        connection: socket.socket = stream._sock
        if getattr(self._asking, "now", False) or not self._is_ours(connection):
            return read(stream, buffer)
        limit, began = connection.gettimeout(), self.now()
        thread: t.Any = threading.current_thread()
        thread.held = 0.0
        ready = select.poll()
        ready.register(connection, select.POLLIN)
        while not ready.poll(_GLANCE * 1000):
            pause, seconds = self._kept(connection)
            struck = began + limit if limit is not None and pause > limit else FOREVER
            if struck < FOREVER and struck <= getattr(thread, "end", FOREVER):
                self._pass_until(struck)
                raise TimeoutError("timed out")
            # Where the limit of the socket does not strike first, that of the whole request may.
            thread.held = seconds
        return read(stream, buffer)

    def _join(self, join: Callable[..., None], thread: t.Any, timeout: float | None) -> None:
        """Wait for a thread that sends a request, within a limit for all of it."""
        if timeout is None or not thread.is_alive():
            join(thread, timeout)
            return
        began = self.now()
        while thread.is_alive():
            join(thread, _GLANCE)
            if thread.is_alive() and getattr(thread, "held", 0.0) > timeout:
                self._pass_until(began + timeout)
                return

    def _is_ours(self, connection: socket.socket) -> bool:
        with contextlib.suppress(OSError):
            return f":{connection.getpeername()[1]}" == self._emulator.url[self._emulator.url.rindex(":") :]
        return False

    def _kept(self, connection: socket.socket) -> tuple[float, float]:
        """How long the emulator keeps the request of a connection waiting: until something comes, and until all has."""
        self._asking.now = True
        try:
            found = [item for item in self._emulator.waiting() if item["port"] == connection.getsockname()[1]]
        finally:
            self._asking.now = False
        if not found:
            return 0.0, 0.0
        pause, seconds = found[0]["pause"], found[0]["seconds"]
        return FOREVER if pause is None else pause, FOREVER if seconds is None else seconds


@contextlib.contextmanager
def at_each(emulator: Emulator, operations: Sequence[str], change: Callable[[int], object]) -> Iterator[None]:
    """Run change(0), change(1) and so on, each before one request of these operations is answered.

    So what happens depends on what the code under test has asked, however long it takes to ask.
    """
    faults = [emulator.fault("barrier", operation=operation, count=None) for operation in operations]
    over = threading.Event()
    errors: list[BaseException] = []

    def open_up() -> None:
        for fault in faults:
            emulator.clear_faults(fault)
            emulator.release(fault_id=fault)

    def work() -> None:
        turn = 0
        try:
            while not over.is_set():
                held = [item for item in emulator.waiting(fault="barrier") if item["fault_id"] in faults]
                if held:
                    change(turn)
                    turn += 1
                    emulator.release(count=1, fault_id=held[0]["fault_id"])
                else:
                    over.wait(_GLANCE)
        except BaseException as error:
            errors.append(error)
            open_up()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        open_up()
    if errors:
        raise errors[0]
