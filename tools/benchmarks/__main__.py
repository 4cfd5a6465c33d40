# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the benchmarks and write the report: `python -m benchmarks [--quick | --full] [--output DIRECTORY]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from batch_emulator.client import Emulator, start
from harness import CACHE, ROOT

from . import inventory, manifests, moves, planner_runs, plot, report, reports, startup
from .contest import Cheated, Contest
from .rivals import Stage, copy_collection
from .scope import SCOPES, Scope
from .stopwatch import Failed, Stopwatch, stopwatch
from .targets import TITLES, judge
from .world import World

DOCS = ROOT / "docs" / "benchmarks"
PACKAGES = ("ansible-core", "boto3", "botocore", "requests", "awscli", "cos-python-sdk-v5", "alibabacloud-oss-v2")
PARTS = ("queue", "moves", "startup", "planner", "inventory", "reports", "manifests")
SIDECAR = """Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
"""


def say(text: str) -> None:
    print(text, flush=True)


def measure(scope: Scope, parts: list[str], emulator: Emulator, watch: Stopwatch, folder: Path) -> dict[str, Any]:
    """Measure the requested parts."""
    world = World(emulator, scope.latency_ms, scope.rate)
    collections = copy_collection(folder / "collections")
    stage = Stage(folder, collections, emulator.url, scope.concurrency, scope.limit)
    results: dict[str, Any] = {}
    if "startup" in parts:
        results["startup"] = startup.measure(world, stage, watch, scope, say)
        results["profile"] = {
            provider: {"jobs": min(1000, sizes[-1]), "phases": {}} for provider, sizes in scope.sizes.items()
        }
        for provider, found in results["profile"].items():
            found["phases"] = startup.profile(world, stage, watch, provider, found["jobs"])
    if "planner" in parts:
        results["planner"] = planner_runs.measure(stage, watch, scope)
        for row in results["planner"]:
            say(f"planner, {row['jobs']} jobs, {row['start']}: {row['ratio']} x sorted()")
    if "moves" in parts:
        results["moves"] = moves.measure(world, stage, watch, scope, say)
    if "inventory" in parts:
        results["inventory"] = inventory.measure(world, stage, watch, scope, say)
    if "reports" in parts:
        results["reports"] = reports.measure(world, stage, watch, scope, say)
    if "manifests" in parts:
        results["manifests"] = manifests.measure(world, stage, watch, scope, say)
    if "queue" in parts:
        results["queue"] = Contest(world, stage, watch, scope, say).run()
    return results


def machine(load_before: float) -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "load": [round(load_before, 1), round(os.getloadavg()[0], 1)],
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }


def write(results: dict[str, Any], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / "README.md").write_text(report.render(results), encoding="utf-8")
    (target / "results.json").write_text(_lines(results), encoding="utf-8")
    (target / "results.json.license").write_text(SIDECAR, encoding="utf-8")
    for provider, title in TITLES.items():
        if any(row["provider"] == provider for row in results.get("queue", [])):
            latency = results["scope"]["latency_ms"]
            caption = f"{title}: time to set the requested priorities of a queue, {latency:g} ms latency"
            svg = plot.draw(results["queue"], provider, caption)
            (target / f"queues-{provider}.svg").write_text(svg, encoding="utf-8")


def _lines(results: dict[str, Any]) -> str:
    """Return JSON with one row per line, which a person can read and compare."""
    parts = []
    for name, value in results.items():
        text = json.dumps(value)
        if isinstance(value, list):
            text = "[\n" + ",\n".join(f"  {json.dumps(item)}" for item in value) + "\n ]"
        parts.append(f' "{name}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--quick",
        dest="scope",
        action="store_const",
        const="quick",
        help="about a minute; only checks that everything runs",
    )
    extent.add_argument("--full", dest="scope", action="store_const", const="full", help="also queues of 10,000 jobs")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS), help="parts to measure")
    parser.add_argument("--output", type=Path, help="directory of the report")
    options = parser.parse_args()
    scope = SCOPES[options.scope or "default"]
    target = options.output or (CACHE / "benchmarks" if scope.name == "quick" else DOCS)
    # As with Ctrl-C, everything that was started is ended.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    began, load = time.monotonic(), os.getloadavg()[0]
    try:
        with start() as emulator, stopwatch() as watch, tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
            results = measure(scope, options.only, emulator, watch, Path(folder))
    except (Cheated, Failed) as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    minutes = round((time.monotonic() - began) / 60, 1)
    results = {
        "scope": {**scope._asdict(), "slow_size": dict(scope.slow_size)},
        "machine": machine(load),
        "minutes": minutes,
        **results,
    }
    write(results, target)
    for item in judge(results):
        say(f"{item.verdict:8} {item.best:8.2f} {item.middle:8.2f}  ({item.limit:g})  {item.text}")
    say(f"Report: {target / 'README.md'} ({minutes} minutes).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
