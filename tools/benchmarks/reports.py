# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the module with a plain loop over csv.reader for a completion report of a million rows."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from batch_emulator import accounts

from .contest import Cheated, Say
from .rivals import SCRIPTS, Stage
from .scope import Scope
from .stopwatch import Command, Stopwatch
from .world import World

MODULE_PATH = "ansible_collections.objectstore.batch.plugins.modules.batch_job_report_info"
BUCKET = "reports"
JOB_ID = "00000000-0000-4000-8000-000000000001"
CODES = (("503", "SlowDown"), ("403", "AccessDenied"), ("404", "NoSuchKey"), ("500", "InternalError"))
LIMIT = 900.0


def measure(world: World, stage: Stage, watch: Stopwatch, scope: Scope, say: Say) -> list[dict[str, Any]]:
    """Return one row: seconds and peak memory (MiB) of ours and of the rival's, round by round."""
    emulator = world.emulator
    emulator.reset()
    emulator.make_bucket("aws", BUCKET, accounts.AWS_ACCOUNT, accounts.AWS_REGION)
    manifest = _write(world, scope.report_rows)
    # No latency: the benchmark compares only reading.
    emulator.settings(latency_ms=0)
    row: dict[str, Any] = {"rows": scope.report_rows, "ours": [], "rival": [], "peak": [], "rival_peak": []}
    for _round in range(scope.report_rounds):
        for name, command in (("ours", _ours(stage)), ("rival", _rival(stage, manifest))):
            reading = watch.run(command)
            said = (stage.folder / "output").read_text("utf-8")
            counted = said.strip() == str(scope.report_rows) or f'"rows": {scope.report_rows},' in said
            if not counted:
                raise Cheated(f"{name} did not count {scope.report_rows} rows: {said[:500]}")
            row[name].append(reading.seconds)
            row["peak" if name == "ours" else "rival_peak"].append(reading.peak_kib / 1024)
    say(f"{row['rows']:,} rows: module {min(row['ours']):.2f} s; bare loop {min(row['rival']):.2f} s")
    return [row]


def _write(world: World, rows: int) -> str:
    """Write a report of that many rows, one in a hundred failed; return the key of its manifest.json."""
    failed = rows // 100
    bodies = {
        "succeeded": "".join(
            f"archive,films/2026/{number:010}.mov,,succeeded,200,,Successful\r\n" for number in range(rows - failed)
        ),
        "failed": "".join(
            f"archive,films/lost/{number:010}.mov,,failed,{status},{code},It failed.\r\n"
            for number in range(failed)
            for status, code in [CODES[number % len(CODES)]]
        ),
    }
    results = []
    for status, text in bodies.items():
        body, key = text.encode(), f"p/job-{JOB_ID}/results/{status}.csv"
        world.emulator.put_object("aws", BUCKET, key, body)
        md5 = hashlib.md5(body).hexdigest()
        results.append({"TaskExecutionStatus": status, "Bucket": BUCKET, "MD5Checksum": md5, "Key": key})
    manifest = f"p/job-{JOB_ID}/manifest.json"
    world.emulator.put_object("aws", BUCKET, manifest, json.dumps({"Results": results}).encode())
    return manifest


def _ours(stage: Stage) -> Command:
    location = {"bucket": BUCKET, "prefix": "p"}
    place = {**stage.place("aws"), "endpoint_url": stage.url, "location": location, "job_id": JOB_ID}
    source = stage.folder / "arguments.json"
    source.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": place}), encoding="utf-8")
    words = (sys.executable, "-m", MODULE_PATH)
    command = stage.command("aws", words, standard_input=source)
    environment = {**command.environment, "PYTHONPATH": str(stage.collections), "HTTP_PROXY": ""}
    return command._replace(environment=environment, limit=LIMIT)


def _rival(stage: Stage, manifest: str) -> Command:
    words = (sys.executable, str(SCRIPTS / "aws_report.py"), stage.url, BUCKET, manifest)
    command = stage.command("aws", words)
    return command._replace(environment={**command.environment, "HTTP_PROXY": ""}, limit=LIMIT)
