# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The planner alone, as JSON: the solver against Python's sorted() on the same numbers, its memory, and the waves.

`make env`, then `.nox/newest/bin/python tools/benchmarks/planner.py`; about three minutes.
A ratio is the fastest solver run by the fastest sorted() run of the same process. sorted() is very fast for sorted
input, but the solver must process each job. `ratio_to_shuffled` compares with sorted() on the shuffled list of the
same size, and shows whether the effort of the solver itself grows.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".cache" / "collections"))

from ansible_collections.objectstore.batch.plugins.module_utils._queue.solver import PriorityLimits, solve  # noqa: E402
from ansible_collections.objectstore.batch.plugins.module_utils._queue.write_order import waves  # noqa: E402

LARGEST = 2147483647
STARTS = ("shuffled", "reversed", "nearly_sorted", "in_order", "all_equal")


def priorities(start: str, count: int) -> list[int]:
    """Present priorities in the wanted order: sorted from the highest down, nothing would have to be done."""
    dice = random.Random(count)
    if start == "all_equal":
        return [10] * count
    numbers = dice.sample(range(LARGEST), count)
    if start == "shuffled":
        return numbers
    numbers.sort(reverse=start != "reversed")
    if start == "nearly_sorted":
        for _swap in range(count // 100):
            one, other = dice.randrange(count), dice.randrange(count)
            numbers[one], numbers[other] = numbers[other], numbers[one]
    return numbers


def seconds(act: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def peak_bytes(act: Callable[[], object]) -> int:
    """Return the peak memory in addition to the memory of the caller, including the result."""
    gc.collect()
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def measure(start: str, count: int, repeats: int, spacing: int) -> dict[str, object]:
    numbers = priorities(start, count)
    shuffled = priorities("shuffled", count)
    tiers = [[(f"{index:08x}-0000-4000-8000-000000000000", number)] for index, number in enumerate(numbers)]
    limits = PriorityLimits(spacing=spacing)
    # One after another, so that a slow moment of the machine does not fall on one of them alone.
    runs = [
        (seconds(lambda: sorted(numbers)), seconds(lambda: sorted(shuffled)), seconds(lambda: solve(tiers, limits)))
        for _repeat in range(repeats)
    ]
    same, other, own = (min(column) for column in zip(*runs, strict=True))
    answer = solve(tiers, limits)
    changes = [(job_id, number, answer[job_id]) for [(job_id, number)] in tiers if number != answer[job_id]]
    plan = waves(changes)
    return {
        "start": start,
        "jobs": count,
        "solve_seconds": round(own, 6),
        "sorted_seconds": round(same, 6),
        "ratio": round(own / same, 2),
        "ratio_to_shuffled": round(own / other, 2),
        "solve_peak_bytes": peak_bytes(lambda: solve(tiers, limits)),
        "writes": len(changes),
        "waves": len(plan),
        "waves_seconds": round(min(seconds(lambda: waves(changes)) for _repeat in range(repeats)), 6),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**3, 10**4, 10**5, 10**6], metavar="JOBS")
    parser.add_argument("--starts", choices=STARTS, nargs="+", default=STARTS)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--spacing", type=int, default=10)
    parser.add_argument("--at-most", type=float, metavar="RATIO", help="fail if a shuffled list takes more than this")
    options = parser.parse_args()
    rows = []
    for count in options.sizes:
        for start in options.starts:
            print(f"{count} jobs, {start}", file=sys.stderr)
            rows.append(measure(start, count, options.repeats, options.spacing))
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "repeats": options.repeats,
        "spacing": options.spacing,
        "rows": rows,
    }
    print(json.dumps(report, indent=2))
    slow = [row for row in rows if options.at_most and row["start"] == "shuffled" and row["ratio"] > options.at_most]
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
