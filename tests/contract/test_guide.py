# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide of a restore: its tasks run as they are printed, in their order, on every cloud."""

from __future__ import annotations

import re
import typing as t

import yaml

from .clouds import ACCOUNTS
from .playbooks import ROOT, play
from .test_playbooks import connection, seed
from .test_wait import meanwhile

if t.TYPE_CHECKING:
    from pathlib import Path

    from emulator.client import Emulator

GUIDE = ROOT / "docs" / "guides" / "restore.md"


def tasks() -> list[dict[str, t.Any]]:
    """Return the tasks of the guide; the first block is the head of the play."""
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [task for block in blocks[1:] for task in yaml.safe_load(block)]


def test_the_guide_runs_as_it_is_printed(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for account in ACCOUNTS:
        job_id = f"{account.provider}-restore"
        seed(emulator, account, job_id, status="Preparing", confirmation_required=True, frozen=False, tasks_total=2000)
        hosts[account.provider] = {
            "connection": connection(account, emulator),
            "job_id": job_id,
            "expected_objects": 2000,
        }
    wait = next(task["objectstore.batch.batch_job_wait"] for task in tasks() if "bear with" in task["name"])
    assert wait["timeout"] == 86400

    def confirm(turn: int) -> None:
        # What batch_job_status does, once the priority has been raised.
        for job in emulator.jobs():
            if job["status"] == "Suspended" and job["priority"] == 900:
                emulator.patch(job["job_id"], status="Ready")
        emulator.advance(20)

    steps = tasks()
    steps[-2]["objectstore.batch.batch_job_wait"] |= {"suspended": "wait", "interval": 1}
    with meanwhile(confirm):
        run = play(tmp_path, steps, hosts)
    assert run.code == 0, run.output
    assert run.output.count("full, 0 failed; report in ") == 2
    assert {job["priority"] for job in emulator.jobs()} == {900}
