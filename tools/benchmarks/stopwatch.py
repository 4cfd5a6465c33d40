# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs commands one after another and measures each: wall time, processor time, peak memory.

The measuring process is a small one of its own (`python -m benchmarks.stopwatch`): Linux counts the memory that the
parent had at the start among a child's peak, so a parent with results in its memory would spoil it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

from harness.processes import adopt_orphans, end_leftovers

PR_SET_PDEATHSIG = 1
_NOTHING = Path(os.devnull)


class Command(NamedTuple):
    """What to run. `limit` is the time in seconds after which it is killed; all its output goes into one file."""

    words: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
    standard_input: Path = _NOTHING
    limit: float = 120.0


class Reading(NamedTuple):
    """What one run took. `began` and `ended` are moments of time.perf_counter, which all processes here share."""

    code: int
    stopped: bool
    began: float
    ended: float
    processor: float
    peak_kib: int

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class Failed(Exception):
    """A command ended with an error; the text holds the end of its output."""


class Stopwatch:
    """The measuring process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stopwatch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
            text=True,
        )

    def run(self, command: Command) -> Reading:
        """Run a command to its end, or to its limit.

        :raises Failed: it ended with an error of its own.
        """
        output = command.folder / "output"
        order = {**command._asdict(), "output": output}
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the stopwatch has no pipes")
        self._process.stdin.write(json.dumps(order, default=str) + "\n")
        self._process.stdin.flush()
        reading = Reading(**json.loads(self._process.stdout.readline()))
        if reading.code and not reading.stopped:
            text = output.read_text("utf-8", errors="replace")[-2000:]
            raise Failed(f"{' '.join(command.words)} ended with {reading.code}: {text}")
        return reading

    def stop(self) -> None:
        """End the process, and the command that it may be measuring."""
        self._process.terminate()
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """A stopwatch that is always stopped."""
    watch = Stopwatch()
    try:
        yield watch
    finally:
        watch.stop()


def _measure(order: dict[str, Any]) -> Reading:
    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True
        _kill(process)

    signal.signal(signal.SIGALRM, stop)
    with open(order["standard_input"], "rb") as source, open(order["output"], "wb") as target:
        began = time.perf_counter()
        process = subprocess.Popen(
            order["words"],
            cwd=order["folder"],
            env=order["environment"],
            stdin=source,
            stdout=target,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        signal.setitimer(signal.ITIMER_REAL, order["limit"])
        try:
            _pid, status, usage = os.wait4(process.pid, 0)
            ended = time.perf_counter()
        except BaseException:
            _kill(process)
            end_leftovers()
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Reading(process.returncode, stopped, began, ended, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    # Nothing is left behind when the parent is killed.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The workers of ansible-playbook leave its process group, and would go on with their loop.
    adopt_orphans()
    for line in sys.stdin:
        reading = _measure(cast("dict[str, Any]", json.loads(line)))
        if reading.stopped:
            end_leftovers()
        _reap()
        print(json.dumps(reading._asdict()), flush=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
