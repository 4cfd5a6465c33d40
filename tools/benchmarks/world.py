# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The queue that all rivals work on: laid out afresh before each run, judged after it."""

from __future__ import annotations

import collections
import json
from pathlib import Path
from typing import NamedTuple

from batch_emulator.client import Emulator

STARTS = ("nothing", "tenth", "all")
PAGE = 1000


class Layout(NamedTuple):
    """A queue: the requested priority of every job, and the number of jobs with another priority."""

    provider: str
    desired: dict[str, int]
    wrong: int

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.desired) // PAGE))


class Block(NamedTuple):
    """A queue in which some jobs must move above all others: their priorities, by job ID."""

    desired: dict[str, int]
    others: dict[str, int]


class Verdict(NamedTuple):
    """What the emulator saw of a run."""

    requests: dict[str, int]
    applied: int
    refused: int
    reached: bool


class World:
    """An emulator with one latency and one rate limit."""

    def __init__(self, emulator: Emulator, latency_ms: float, rate: float) -> None:
        self.emulator = emulator
        self.latency_ms = latency_ms
        self.rate = rate

    def lay_out(self, provider: str, jobs: int, start: str, latency_ms: float | None = None) -> Layout:
        """Replace all jobs; the job IDs and the requested priorities are the same every time."""
        name = "{:08x}0000400080000000=".format if provider == "oss" else "{:08x}-0000-4000-8000-000000000000".format
        wanted = {name(index): 1000 + index * 7919 % 1_000_003 for index in range(jobs)}
        every = {"nothing": jobs, "tenth": 10, "all": 1}[start]
        wrong = {job_id for index, job_id in enumerate(wanted) if index % every == 0 and start != "nothing"}
        self.emulator.reset()
        self.emulator.seed(
            *(
                {
                    "provider": provider,
                    "job_id": job_id,
                    "status": "Ready",
                    "frozen": True,
                    "description": "nightly re-tagging",
                    # Half of the writes raise, half of them lower.
                    "priority": priority + (1 if number % 2 else -1) * (job_id in wrong),
                }
                for number, (job_id, priority) in enumerate(wanted.items())
            )
        )
        self.emulator.settings(
            latency_ms=self.latency_ms if latency_ms is None else latency_ms,
            rate_limit={"rate": self.rate, "burst": max(1, int(self.rate))},
        )
        self.emulator.clear_log()
        return Layout(provider, wanted, len(wrong))

    def lay_out_block(self, provider: str, jobs: int) -> Block:
        """Replace all jobs by a block at the bottom, and as many others above it."""
        block = {f"{index:08x}-0000-4000-8000-000000000001": 1 + index for index in range(jobs)}
        others = {f"{index:08x}-0000-4000-8000-000000000002": 10_000 + index for index in range(jobs)}
        self.emulator.reset()
        base = {"provider": provider, "status": "Ready", "frozen": True}
        self.emulator.seed(
            *({**base, "job_id": name, "priority": number, "operation": "Move"} for name, number in block.items()),
            *({**base, "job_id": name, "priority": number, "operation": "Stay"} for name, number in others.items()),
        )
        self.emulator.settings(
            latency_ms=self.latency_ms, rate_limit={"rate": self.rate, "burst": max(1, int(self.rate))}
        )
        self.emulator.clear_log()
        return Block(block, others)

    def judge(self, layout: Layout) -> Verdict:
        """Look at the jobs and at the log, so that nobody wins by not doing the work."""
        entries = self.emulator.log()
        found = {job["job_id"]: job["priority"] for job in self.emulator.jobs(provider=layout.provider)}
        return Verdict(
            dict(sorted(collections.Counter(str(entry["operation"]) for entry in entries).items())),
            sum(bool(entry["applied"]) for entry in entries),
            sum(entry["http_status"] != 200 for entry in entries),
            found == layout.desired,
        )

    def floor(self, layout: Layout, concurrency: int) -> float:
        """Return the seconds below which nobody can be who reads the list, then writes what is wrong."""
        latency = self.latency_ms / 1000
        writes = max(-(-layout.wrong // concurrency) * latency, (layout.wrong - self.rate) / self.rate)
        return layout.pages * latency + writes


def save_wanted(layout: Layout, path: Path) -> None:
    """Write the wanted state in the one form that all rivals read."""
    jobs = [{"job_id": job_id, "priority": priority} for job_id, priority in layout.desired.items()]
    path.write_text(json.dumps({"jobs": jobs}), encoding="utf-8")
