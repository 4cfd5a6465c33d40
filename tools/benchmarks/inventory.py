# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares one inventory of many queues, each in a separate region, with a loop of tasks."""

from __future__ import annotations

from typing import Any

import yaml

from .contest import Cheated, Say
from .rivals import PLAYBOOK, TOOLS, Stage, play
from .scope import Scope
from .stopwatch import Command, Stopwatch
from .world import World

INFO = "objectstore.batch.batch_job_info"
LIMIT = 900.0
"""Seconds; the loop takes minutes."""


def measure(world: World, stage: Stage, watch: Stopwatch, scope: Scope, say: Say) -> list[dict[str, Any]]:
    """Return one row: seconds of ours and of the rival's, round by round."""
    regions = [f"ap-{number}x" for number in range(scope.queues)]
    seconds: dict[str, list[float]] = {"ours": [], "rival": []}
    for _round in range(scope.queue_rounds):
        for name, build in (("ours", _inventory), ("rival", _loop)):
            world.lay_out("cos", 1, "nothing")
            seconds[name].append(watch.run(build(stage, regions)).seconds)
            asked = [entry for entry in world.emulator.log() if entry["operation"] == "ListJobs"]
            if len(asked) != len(regions) or any(entry["http_status"] != 200 for entry in asked):
                raise Cheated(
                    f"{len(asked)} lists were read where there are {len(regions)} queues, or not all could be"
                )
    row = {"queues": len(regions), **seconds}
    say(f"{len(regions)} queues: inventory {min(row['ours']):.2f} s; loop {min(row['rival']):.2f} s")
    return [row]


def _inventory(stage: Stage, regions: list[str]) -> Command:
    place = {name: value for name, value in stage.place("cos").items() if name != "concurrency"}
    account = {**place, "regions": regions}
    del account["region"]
    file = stage.folder / "some.batch_queues.yml"
    file.write_text(yaml.safe_dump({"plugin": "objectstore.batch.queues", "accounts": [account]}), encoding="utf-8")
    words = (str(TOOLS / "ansible-inventory"), "-i", file.name, "--list")
    return stage.command("cos", words)._replace(limit=LIMIT)


def _loop(stage: Stage, regions: list[str]) -> Command:
    task = {INFO: {**stage.place("cos"), "region": "{{ item }}"}, "loop": regions}
    words = tuple(word for word in PLAYBOOK if word not in ("-e", "@jobs.json"))
    return play(stage, "cos", task)._replace(words=words, limit=LIMIT)
