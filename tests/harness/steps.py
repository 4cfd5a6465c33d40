# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs steps: each in a process group of its own, with a time limit and a log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import tally
from .paths import LOGS
from .tally import Reader, Tally

GRACE_SECONDS = 10
LOG_LINES_SHOWN = 400
# What pip says while it works.
CHATTER = re.compile(
    r"(Collecting|Installing|Looking in|Processing|Success|Using cached|WARNING: Location|  Downl| +━|$)"
)


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    reader: Reader = tally.whole
    minutes: float = 30
    # Whatever has to run beside the command, such as a server.
    around: Callable[[], AbstractContextManager[object]] = nullcontext

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name.replace(' ', '-').replace('/', '-')}.log"


@dataclass(frozen=True)
class Chain:
    """Steps of which each needs the one before; chains are free of each other."""

    steps: Sequence[Step]


@dataclass(frozen=True)
class Skip:
    """Something that is not run here, with the reason."""

    name: str
    reason: str


@dataclass
class Runner:
    total: Tally = field(default_factory=Tally)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: set[int] = field(default_factory=set)
    _stopped: bool = False

    def run(self, chain: Chain) -> None:
        broken = ""
        for step in chain.steps:
            if self._stopped:
                return
            if broken:
                self.skip(Skip(step.name, f"{broken} failed"))
            elif not self._run(step):
                broken = step.name

    def skip(self, skip: Skip) -> None:
        self._report(f"skipped {skip.name}: {skip.reason}", Tally(skipped=1))

    def record(self, name: str, problem: str) -> None:
        """The outcome of a check that the harness does by itself."""
        if problem:
            self._report(f"FAILED  {name}: {problem}", Tally(failed=1))
        else:
            self._report(f"passed  {name}", Tally(passed=1))

    def stop(self) -> None:
        self._stopped = True
        with self._lock:
            groups = list(self._running)
        for group in groups:
            _signal(group, signal.SIGKILL)

    def _run(self, step: Step) -> bool:
        started = time.monotonic()
        problem = self._execute(step)
        seconds = time.monotonic() - started
        log = step.log.read_text("utf-8", errors="replace")
        counted = tally.read(log, not problem, step.reader)
        if self._stopped:
            return False
        lines = [f"{'FAILED ' if counted.failed else 'passed '} {step.name}: {counted} in {seconds:.1f} s"]
        if counted.failed:
            lines += [f"--- {problem or 'see the end'}; the log, {step.log}:"]
            lines += [line for line in log.splitlines() if not CHATTER.match(line)][-LOG_LINES_SHOWN:]
            lines += ["---"]
        lines += [f"        {line}" for line in counted.closing]
        self._report("\n".join(lines), counted)
        return not counted.failed

    def _execute(self, step: Step) -> str:
        """Empty when the step succeeded, else what went wrong."""
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(step.log, "w", encoding="utf-8") as log:
            try:
                with step.around():
                    return self._wait(step, log.fileno())
            except (OSError, RuntimeError, subprocess.SubprocessError) as problem:
                return str(problem)

    def _wait(self, step: Step, output: int) -> str:
        process = subprocess.Popen(
            step.command,
            cwd=step.cwd,
            env=dict(step.env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with self._lock:
            self._running.add(process.pid)
        if self._stopped:
            # stop() came between the check of the chain and here, and has not seen this one.
            _signal(process.pid, signal.SIGKILL)
        try:
            status = process.wait(timeout=step.minutes * 60)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"stopped after {step.minutes} minutes"
        finally:
            with self._lock:
                self._running.discard(process.pid)
        return f"exit status {status}" if status else ""

    def _report(self, text: str, counted: Tally) -> None:
        with self._lock:
            self.total += counted
            print(text, flush=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=GRACE_SECONDS)
    _signal(process.pid, signal.SIGKILL)
    process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
