# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares a block of jobs that moves as a whole, and adaptive concurrency, each with another program."""

from __future__ import annotations

import sys
from typing import Any

from .contest import Cheated, Say
from .rivals import Stage, module_with, script
from .scope import Scope
from .stopwatch import Stopwatch
from .world import Layout, World, save_wanted

QUEUE = (sys.executable, "-m", "ansible_collections.objectstore.batch.plugins.modules.batch_queue")
PRIORITY = (sys.executable, "-m", "ansible_collections.objectstore.batch.plugins.modules.batch_job_priority")
BLOCK, WIDE = 500, 1000


def measure(world: World, stage: Stage, watch: Stopwatch, scope: Scope, say: Say) -> list[dict[str, Any]]:
    """Return one row for each kind and provider: seconds of ours and of the rival's, round by round."""
    rows = []
    for provider, sizes in scope.sizes.items():
        rows.append(_block(world, stage, watch, provider, min(BLOCK, sizes[-1]), scope))
        rows.append(_width(world, stage, watch, provider, min(WIDE, sizes[-1]), scope))
    for row in rows:
        say(f"{row['provider']}, {row['what']} of {row['jobs']}: {min(row['ours']):.2f} s; {min(row['rival']):.2f} s")
    return rows


def _block(world: World, stage: Stage, watch: Stopwatch, provider: str, jobs: int, scope: Scope) -> dict[str, Any]:
    """A selector's jobs move to the top of their queue; the rival writes the same numbers without any promise."""
    seconds: dict[str, list[float]] = {"ours": [], "rival": []}
    layout = world.lay_out_block(provider, jobs)
    for _round in range(scope.rounds):
        layout = world.lay_out_block(provider, jobs)
        options = {"order": [{"operations": ["Move"]}, {}]}
        seconds["ours"].append(watch.run(module_with(stage, provider, options, QUEUE)).seconds)
        reached = {job["job_id"]: job["priority"] for job in world.emulator.jobs(provider=provider)}
        _check(world, jobs, min(reached[name] for name in layout.desired) > max(layout.others.values()))
        world.lay_out_block(provider, jobs)
        save_wanted(Layout(provider, reached, jobs), stage.folder / "jobs.json")
        command = script("threaded", threaded=True)(stage, Layout(provider, reached, jobs))
        seconds["rival"].append(watch.run(command).seconds)
        _check(world, jobs, True)
    floor = world.floor(Layout(provider, {**layout.desired, **layout.others}, jobs), scope.concurrency)
    return {"what": "block", "provider": provider, "jobs": jobs, "floor": round(floor, 4), **seconds}


def _width(world: World, stage: Stage, watch: Stopwatch, provider: str, jobs: int, scope: Scope) -> dict[str, Any]:
    """All jobs are wrong: once with the width that finds itself, once with eight requests at once."""
    seconds: dict[str, list[float]] = {"ours": [], "rival": []}
    for _round in range(scope.rounds):
        for name, width in (("ours", None), ("rival", 8)):
            layout = world.lay_out(provider, jobs, "all")
            wanted = [{"job_id": job_id, "priority": priority} for job_id, priority in layout.desired.items()]
            options = {"jobs": wanted, "concurrency": width}
            seconds[name].append(watch.run(module_with(stage, provider, options, PRIORITY)).seconds)
            _check(world, jobs, world.judge(layout).reached)
    return {"what": "width", "provider": provider, "jobs": jobs, "floor": 0.0, **seconds}


def _check(world: World, writes: int, reached: bool) -> None:
    applied = sum(bool(entry["applied"]) for entry in world.emulator.log())
    if applied != writes or not reached:
        raise Cheated(f"{applied} writes where {writes} were due, and the wanted state is reached: {reached}")
