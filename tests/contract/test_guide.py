# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide of a restore: its tasks run as they are printed, in their order, on every cloud."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from .clouds import ACCOUNTS
from .guides import assert_printed, examples, named
from .moments import at_each
from .playbooks import ROOT, play
from .test_playbooks import connection

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

RECORDED = ROOT / "docs" / "examples" / "wait-terminal.txt"


def steps_of_the_guide() -> list[dict[str, t.Any]]:
    """Return the tasks of the guide; examples with a name are the head of the play, variables, and outputs."""
    return [
        task
        for example in examples("restore")
        if example.language == "yaml" and not example.name
        for task in yaml.safe_load(example.text)
    ]


def variables(provider: str) -> dict[str, t.Any]:
    """Return the variables of the job that the guide prints for a provider."""
    printed = named("restore")
    if provider == "aws":
        return t.cast("dict[str, t.Any]", yaml.safe_load(printed["head"])[0]["vars"])
    return t.cast("dict[str, t.Any]", yaml.safe_load(printed[provider]))


def shape(line: str) -> str:
    """Return a line of progress without its numbers."""
    return re.sub(r"[\d.]+[kMh]?", "#", " ".join(line.split()))


def test_the_progress_is_that_of_a_recorded_run() -> None:
    recorded = {shape(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()}
    printed = {shape(line) for line in named("restore")["progress"].splitlines()}
    assert printed <= recorded


def test_the_guide_runs_as_it_is_printed(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {
        account.provider: {
            "connection": connection(account, emulator),
            **variables(account.provider),
            "expected_objects": 1000,  # what the emulator finds in every manifest
        }
        for account in ACCOUNTS
    }
    steps = steps_of_the_guide()
    assert {name.rpartition(".")[2] for task in steps for name in task if name.startswith("objectstore.")} == {
        "batch_job",
        "batch_job_info",
        "batch_job_priority",
        "batch_job_status",
        "batch_job_wait",
    }
    for task in steps:
        task.get("objectstore.batch.batch_job_wait", {}).setdefault("interval", 1)

    def go_on(turn: int) -> None:
        # Time stands still from the confirmation to the new priority, or the job would be done before it.
        moving = [job for job in emulator.jobs() if job["status"] in ("Ready", "Active") and job["priority"] == 10]
        if not moving:
            emulator.advance(60)

    dry = play(tmp_path, steps, hosts, "--check", "--diff")
    assert dry.code == 0, dry.output
    assert {host: (counts["changed"], counts["failed"]) for host, counts in dry.recap.items()} == dict.fromkeys(
        hosts, (1, 0)
    )
    assert (emulator.jobs(), [entry for entry in emulator.log() if entry["write"]]) == ([], [])
    with at_each(emulator, ["ListJobs", "DescribeJob"], go_on):
        run = play(tmp_path, steps, hosts)
    assert run.code == 0, run.output
    assert run.output.count("full, 0 failed, report: ") == len(hosts)
    assert_printed("restore", "result", run.output)
    # Twice the same playbook: nothing is created, confirmed or raised again.
    for words in ((), ("--check", "--diff")):
        again = play(tmp_path, steps, hosts, *words)
        assert again.code == 0, again.output
        assert {host: counts["changed"] for host, counts in again.recap.items()} == dict.fromkeys(hosts, 0)
    assert [(job["status"], job["priority"]) for job in emulator.jobs()] == [("Complete", 900)] * len(hosts)
