# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a one-job task without a change costs, as whole processes and split into its phases."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from . import rivals
from .rivals import MODULE_PATH, Rival, Stage
from .scope import Scope
from .stopwatch import Command, Reading, Stopwatch
from .world import Layout, World

PROBE = (sys.executable, str(Path(__file__).resolve().parent / "probe.py"))
PROVIDERS = ("aws", "cos", "oss")
Phases = dict[str, float]
Prepared = dict[str, Command]


def _payload(stage: Stage, command: Command, watch: Stopwatch, name: str) -> Command:
    """Return the process that Ansible starts for a task: the file that it sends, kept instead of removed."""
    folder = stage.folder / f"payload_{name}"
    settings = {"ANSIBLE_KEEP_REMOTE_FILES": "1", "ANSIBLE_REMOTE_TMP": str(folder)}
    watch.run(command._replace(environment=command.environment | settings))
    (payload,) = folder.glob("*/AnsiballZ_*.py")
    return command._replace(words=(sys.executable, str(payload)))


def _prepare(stage: Stage, layout: Layout, watch: Stopwatch) -> Prepared:
    """Return the processes to compare for one provider, each with a directory for its files."""
    provider = layout.provider

    def place(name: str) -> Stage:
        folder = stage.folder / f"{provider}_{name}"
        folder.mkdir()
        return stage._replace(folder=folder)

    def script(name: str) -> Command:
        return Rival(name, "", rivals.script(name)).prepare(place(name), layout)

    module = (sys.executable, "-m", MODULE_PATH)
    ping, ours = rivals.ping(place("ping"), layout), rivals.one_job(place("task"), layout)
    prepared = {
        "ping_play": ping,
        "task_play": ours,
        "ping_payload": _payload(stage, ping, watch, f"{provider}_ping"),
        "task_payload": _payload(stage, ours, watch, f"{provider}_task"),
        "task_module": rivals.module_with(place("module"), provider, _first(layout), module),
        "script": script("read"),
        "python": stage.command(provider, (sys.executable, "-c", "pass")),
    }
    if provider == "cos":
        prepared["script_sdk"] = script("read_sdk")
    return prepared


class Field:
    """The processes of one cloud, and what was read of them."""

    def __init__(self, world: World, stage: Stage, watch: Stopwatch, provider: str) -> None:
        self._world = world
        self._watch = watch
        self._provider = provider
        layout = self._lay_out()
        self._commands = _prepare(stage, layout, watch)
        probe_stage = stage._replace(folder=self._commands["task_module"].folder)
        self._probe = rivals.module_with(probe_stage, provider, _first(layout), PROBE)
        self._readings: dict[str, list[Reading]] = {name: [] for name in self._commands}
        self._phases: list[Phases] = []

    def _lay_out(self) -> Layout:
        # Without latency, so that nothing hides behind it.
        return self._world.lay_out(self._provider, 1, "nothing", latency_ms=0)

    def warm_up(self) -> None:
        """The first start of anything reads files that later ones find in memory."""
        self._lay_out()
        for command in (*self._commands.values(), self._probe):
            self._watch.run(command)

    def run(self) -> None:
        """One round."""
        self._lay_out()
        for name, command in self._commands.items():
            self._readings[name].append(self._watch.run(command))
        self._phases.append(_phases(self._watch.run(self._probe), self._probe.folder))

    def result(self) -> dict[str, Any]:
        readings = self._readings.items()
        return {
            "seconds": {name: [round(item.seconds, 4) for item in found] for name, found in readings},
            "processor": {name: [round(item.processor, 4) for item in found] for name, found in readings},
            "peak_mib": {name: round(max(item.peak_kib for item in found) / 1024, 1) for name, found in readings},
            "phases": {name: round(median(item[name] for item in self._phases), 4) for name in self._phases[0]},
        }


def measure(world: World, stage: Stage, watch: Stopwatch, scope: Scope, say: Callable[[str], None]) -> dict[str, Any]:
    """Interleave all processes of all clouds."""
    fields = {provider: Field(world, stage, watch, provider) for provider in PROVIDERS}
    for field in fields.values():
        field.warm_up()
    for _round in range(scope.startup_rounds):
        for field in fields.values():
            field.run()
    results = {provider: field.result() for provider, field in fields.items()}
    for provider, found in results.items():
        say(f"{provider}, start-up: " + _summary(found["seconds"]))
    return results


def _first(layout: Layout) -> dict[str, Any]:
    job_id, priority = next(iter(layout.desired.items()))
    return {"job_id": job_id, "priority": priority}


def profile(world: World, stage: Stage, watch: Stopwatch, provider: str, jobs: int) -> Phases:
    """Return where the module's time goes for a queue that is all wrong."""
    layout = world.lay_out(provider, jobs, "all")
    wanted = [{"job_id": job_id, "priority": priority} for job_id, priority in layout.desired.items()]
    probe = rivals.module_with(stage, provider, {"jobs": wanted}, PROBE)
    return _phases(watch.run(probe), stage.folder)


def _phases(reading: Reading, folder: Path) -> Phases:
    """Return seconds by phase; they add up to the whole run of the probe."""
    noted = json.loads((folder / "phases.json").read_text(encoding="utf-8"))
    spans: dict[str, list[tuple[float, float, float]]] = noted["spans"]

    def window(*names: str) -> float:
        """From the first beginning to the last end: threads work at the same time."""
        found = [span for name in names for span in spans.get(name, ())]
        if not found:
            return 0.0
        begin, end = min(span[0] for span in found), max(span[1] for span in found)
        return end - begin - sum(span[2] for span in found)

    phases = {"Python": noted["loaded"] - reading.began}
    phases |= {f"imports: {owner}": seconds for owner, seconds in noted["imports"].items()}
    phases["client"] = window("__init__")
    phases["requests: read"] = window("identify", "describe", "list_page")
    phases["requests: write"] = window("update_priority")
    phases["options, plan, result"] = noted["done"] - reading.began - sum(phases.values())
    phases["end of the process"] = reading.ended - noted["done"]
    return {name: round(value, 4) for name, value in phases.items()}


def _summary(seconds: dict[str, list[float]]) -> str:
    return ", ".join(f"{name} {min(values) * 1000:.0f}" for name, values in seconds.items()) + " ms"
