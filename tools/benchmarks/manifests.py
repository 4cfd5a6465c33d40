# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares batch_manifest with a plain loop over csv.reader, and with sort -u, for a file with duplicates.

The module checks, sorts, and uploads the rows. The loop only counts them, and sort only writes them to a file.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

from batch_emulator import accounts

from .contest import Cheated, Say
from .rivals import SCRIPTS, Stage
from .scope import Scope
from .stopwatch import Command, Stopwatch
from .world import World

MODULE_PATH = "ansible_collections.objectstore.batch.plugins.modules.batch_manifest"
BUCKET = "manifests"
LIMIT = 1800.0
_BLOCK = 10_000


def measure(world: World, stage: Stage, watch: Stopwatch, scope: Scope, say: Say) -> list[dict[str, Any]]:
    """Return one row: seconds and peak memory (MiB) of the module, of the loop, and of sort, round by round."""
    emulator = world.emulator
    source = stage.folder / "objects.csv"
    different = _write(source, scope.manifest_rows)
    row: dict[str, Any] = {"rows": scope.manifest_rows, "different": different}
    row |= {name: [] for name in ("ours", "loop", "sort", "peak", "loop_peak", "sort_peak", "processor")}
    commands = {"ours": _ours(stage, source), "loop": _loop(stage, source), "sort": _sort(stage, source)}
    # No latency: the benchmark compares only the work.
    for _round in range(scope.manifest_rounds):
        for name, command in commands.items():
            emulator.reset()
            emulator.make_bucket("aws", BUCKET, accounts.AWS_ACCOUNT, accounts.AWS_REGION)
            emulator.settings(latency_ms=0)
            reading = watch.run(command)
            _check(name, stage, scope.manifest_rows, different)
            row[name].append(reading.seconds)
            row["peak" if name == "ours" else f"{name}_peak"].append(reading.peak_kib / 1024)
            if name == "ours":
                row["processor"].append(reading.processor)
    seconds = {name: min(row[name]) for name in commands}
    say(
        f"{row['rows']:,} rows: module {seconds['ours']:.2f} s, {max(row['peak']):.0f} MiB;"
        f" plain loop {seconds['loop']:.2f} s; sort -u {seconds['sort']:.2f} s"
    )
    return [row]


def _write(source: Path, rows: int) -> int:
    """Write rows in random order, of which one in ten comes twice; return the number of different ones."""
    different = rows - rows // 10
    dice = random.Random(24)
    step = 7_368_787 if different % 7_368_787 else 7_368_791
    with source.open("w", encoding="utf-8") as file:
        for start in range(0, rows, _BLOCK):
            numbers = [
                number * step % different if number < different else dice.randrange(different)
                for number in range(start, min(start + _BLOCK, rows))
            ]
            file.writelines(f"archive,films/2026/{number:010}.mov\n" for number in numbers)
    return different


def _check(name: str, stage: Stage, rows: int, different: int) -> None:
    said = (stage.folder / "output").read_text("utf-8")
    if name == "ours":
        found = f'"count": {different},' in said and f'"rows": {rows}' in said
    elif name == "loop":
        found = said.strip() == str(rows)
    else:
        with (stage.folder / "sorted").open("rb") as file:
            found = sum(1 for _line in file) == different
    if not found:
        raise Cheated(f"{name} did not find {different} different rows of {rows}: {said[:500]}")


def _ours(stage: Stage, source: Path) -> Command:
    options = {"file": str(source), "manifest_bucket": BUCKET, "request_timeout": 600}
    place = {"provider": "aws", **stage.place("aws"), "endpoint_url": stage.url, **options}
    arguments = stage.folder / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": place}), encoding="utf-8")
    command = stage.command("aws", (sys.executable, "-m", MODULE_PATH), standard_input=arguments)
    environment = {**command.environment, "PYTHONPATH": str(stage.collections), "HTTP_PROXY": ""}
    return command._replace(environment={**environment, "TMPDIR": str(stage.folder)}, limit=LIMIT)


def _loop(stage: Stage, source: Path) -> Command:
    words = (sys.executable, str(SCRIPTS / "csv_loop.py"), str(source))
    return stage.command("aws", words)._replace(limit=LIMIT)


def _sort(stage: Stage, source: Path) -> Command:
    words = (shutil.which("sort") or "sort", "-u", "-o", str(stage.folder / "sorted"), str(source))
    command = stage.command("aws", words)
    environment = {**command.environment, "LC_ALL": "C", "TMPDIR": str(stage.folder)}
    return command._replace(environment=environment, limit=LIMIT)
