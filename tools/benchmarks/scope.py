# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much of everything is measured: quick, the default, or all of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Scope(NamedTuple):
    """The extent of one run of the benchmarks.

    sizes, starts: of the queues, by provider.
    slow_size: the largest queue for slow rivals, by provider, where there is one.
    spawning_size, spawning_starts: the queues for rivals that start a process for each job.
    rounds: repetitions of each run; a slow rival that takes longer than `once_above` seconds is run once.
    limit: seconds after which a run is stopped.
    manifest_rows, manifest_rounds: how large a file of objects is, and how often a manifest is made of it.
    report_rows, report_rounds: how large a completion report is, and how often it is read.
    queues, queue_rounds: the number of queues and of rounds; a loop over 200 queues takes minutes.
    """

    name: str
    sizes: dict[str, tuple[int, ...]]
    starts: dict[str, tuple[str, ...]]
    rounds: int
    startup_rounds: int
    planner_sizes: tuple[int, ...]
    planner_starts: tuple[str, ...]
    planner_repeats: int
    latency_ms: float = 50.0
    rate: float = 1000.0
    concurrency: int = 8
    limit: float = 120.0
    once_above: float = 10.0
    queues: int = 200
    queue_rounds: int = 1
    report_rows: int = 1_000_000
    report_rounds: int = 3
    manifest_rows: int = 1_000_000
    manifest_rounds: int = 3
    slow_size: Mapping[str, int] = MappingProxyType({})
    spawning_size: int = 1_000_000
    spawning_starts: tuple[str, ...] = ("nothing", "tenth", "all")


ALL_STARTS = ("nothing", "tenth", "all")
EDGES = ("nothing", "all")

SCOPES = {
    "quick": Scope(
        "quick",
        {"aws": (1, 10), "cos": (10,)},
        {"aws": EDGES, "cos": ("all",)},
        rounds=1,
        startup_rounds=2,
        planner_sizes=(1000, 10_000),
        planner_starts=("shuffled",),
        planner_repeats=2,
        latency_ms=10.0,
        spawning_size=1,
        queues=5,
        report_rows=20_000,
        manifest_rows=20_000,
    ),
    "default": Scope(
        "default",
        {"aws": (1, 10, 100, 1000), "cos": (1, 100, 1000)},
        {"aws": ALL_STARTS, "cos": EDGES},
        rounds=3,
        startup_rounds=15,
        planner_sizes=(1000, 10_000, 100_000, 1_000_000),
        planner_starts=("shuffled",),
        planner_repeats=3,
        slow_size={"cos": 100},
        # Their third start is left to --full: it lies between the other two.
        spawning_starts=EDGES,
    ),
    "full": Scope(
        "full",
        {"aws": (1, 10, 100, 1000, 10_000), "cos": (1, 10, 100, 1000, 10_000)},
        {"aws": ALL_STARTS, "cos": ALL_STARTS},
        rounds=3,
        startup_rounds=25,
        planner_sizes=(1000, 10_000, 100_000, 1_000_000),
        planner_starts=("shuffled", "reversed", "nearly_sorted", "in_order", "all_equal"),
        planner_repeats=3,
        once_above=15.0,
        queue_rounds=3,
        manifest_rows=10_000_000,
        manifest_rounds=1,
    ),
}
