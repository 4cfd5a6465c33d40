# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All programs on the same queues: rounds are interleaved, every run is verified, and slow runs are stopped."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from .rivals import RIVALS, Rival, Stage
from .scope import Scope
from .stopwatch import Reading, Stopwatch
from .world import Layout, Verdict, World

Say = Callable[[str], None]


class Cheated(Exception):
    """A run succeeded without setting all requested priorities, or updated correct priorities."""


@dataclasses.dataclass
class Row:
    """The time of one program for one queue. `state` is measured, stopped (at the limit), or not_run."""

    provider: str
    rival: str
    jobs: int
    start: str
    floor: float
    wrong: int
    state: str = "not_run"
    predicted: float | None = None
    seconds: list[float] = dataclasses.field(default_factory=list)
    processor: list[float] = dataclasses.field(default_factory=list)
    peak_mib: float = 0.0
    requests: dict[str, int] = dataclasses.field(default_factory=dict)

    def add(self, reading: Reading, verdict: Verdict) -> None:
        self.state = "stopped" if reading.stopped else "measured"
        self.seconds.append(round(reading.seconds, 4))
        self.processor.append(round(reading.processor, 4))
        self.peak_mib = max(self.peak_mib, round(reading.peak_kib / 1024, 1))
        self.requests = verdict.requests


class Contest:
    """The runs on queues of all sizes."""

    def __init__(self, world: World, stage: Stage, watch: Stopwatch, scope: Scope, say: Say) -> None:
        self._world = world
        self._stage = stage
        self._watch = watch
        self._scope = scope
        self._say = say
        self._rows: dict[tuple[str, str, int, str], Row] = {}

    def run(self) -> list[dict[str, Any]]:
        """Run everything; return the rows as data."""
        for provider in self._scope.sizes:
            for size, start in product(self._scope.sizes[provider], self._scope.starts[provider]):
                # A tenth of one job is one job, which is all of them.
                if size > 1 or start != "tenth":
                    self._cell(provider, size, start)
        return [dataclasses.asdict(row) for row in self._rows.values()]

    def _cell(self, provider: str, size: int, start: str) -> None:
        layout = self._world.lay_out(provider, size, start)
        floor = self._world.floor(layout, self._scope.concurrency)
        entered = []
        for rival in RIVALS:
            if provider in rival.providers:
                row = Row(provider, rival.name, size, start, round(floor, 4), layout.wrong)
                self._rows[provider, rival.name, size, start] = row
                row.predicted = self._predict(row)
                entered.append((rival, row))
        for number in range(self._scope.rounds):
            for rival, row in _rotated(entered, number):
                if self._is_run(rival, row):
                    self._once(rival, row)
        best = ", ".join(f"{row.rival} {min(row.seconds):.2f}" for rival, row in entered if row.seconds)
        self._say(f"{provider}, {size} jobs, {start} wrong: {best} s; floor {floor:.2f} s")

    def _once(self, rival: Rival, row: Row) -> None:
        layout = self._world.lay_out(row.provider, row.jobs, row.start)
        reading = self._watch.run(rival.prepare(self._stage, layout))
        verdict = self._world.judge(layout)
        if rival.name != "ping" and not reading.stopped:
            _check(rival, layout, verdict)
        row.add(reading, verdict)

    def _is_run(self, rival: Rival, row: Row) -> bool:
        scope = self._scope
        if not rival.slow:
            return True
        if row.seconds:
            return max(row.seconds) <= scope.once_above
        wanted = row.jobs <= scope.slow_size.get(row.provider, row.jobs)
        if rival.spawns:
            wanted = wanted and row.jobs <= scope.spawning_size and row.start in scope.spawning_starts
        # What would end shortly after the limit is started all the same: the limit is then a bound for the ratio.
        return wanted and (row.predicted is None or row.predicted <= 2 * scope.limit)

    def _predict(self, row: Row) -> float | None:
        """Return the seconds that the run will take, going by smaller queues; None for the first ones."""
        known = [
            (other.jobs, min(other.seconds))
            for other in self._rows.values()
            if (other.provider, other.rival, other.start) == (row.provider, row.rival, row.start) and other.seconds
        ]
        if not known:
            return None
        size, seconds = known[-1]
        if len(known) == 1:
            return round(seconds * row.jobs / size, 1)
        before, less = known[-2]
        return round(seconds + max(0.0, seconds - less) * (row.jobs - size) / (size - before), 1)


def _rotated(entered: list[tuple[Rival, Row]], number: int) -> Iterator[tuple[Rival, Row]]:
    """Change the order in each round, so that no program always runs after the same one."""
    shift = number % len(entered)
    yield from entered[shift:]
    yield from entered[:shift]


def _check(rival: Rival, layout: Layout, verdict: Verdict) -> None:
    if not verdict.reached:
        raise Cheated(
            f"{rival.name} left {len(layout.desired)} jobs of {layout.provider} without the requested priority"
        )
    if verdict.applied != layout.wrong or verdict.requests.get("UpdateJobPriority", 0) != layout.wrong:
        raise Cheated(f"{rival.name} sent {verdict.requests} for {layout.wrong} jobs with a wrong priority")
    if verdict.refused:
        raise Cheated(f"{rival.name} had {verdict.refused} rejected requests without a limit")
