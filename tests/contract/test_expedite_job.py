# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role that lets one job go first and puts it back, through the real ansible-playbook on every cloud."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from batch_emulator.client import until

from .clouds import ACCOUNTS, own_id
from .moments import at_each
from .playbooks import COLLECTIONS, FQCN, play
from .test_playbooks import CLOUDS, connection, seed

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow


def hosts_of(emulator: Emulator, clouds: t.Sequence[str] = CLOUDS) -> dict[str, dict[str, t.Any]]:
    return {
        account.provider: {"connection": connection(account, emulator)}
        for account in ACCOUNTS
        if account.provider in clouds
    }


def role(folder: Path, **variables: t.Any) -> list[dict[str, t.Any]]:
    given = {
        "select": {"description": "urgent"},
        "interval": 0.3,
        "timeout": 3600,
        "notes": str(folder / "notes"),
        **variables,
    }
    own = {f"expedite_job_{name}": value for name, value in given.items()}
    return [{"ansible.builtin.include_role": {"name": f"{FQCN}expedite_job"}, "vars": own}]


def lay_out(emulator: Emulator) -> None:
    for account in ACCOUNTS:
        seed(emulator, account, f"{account.provider}-urgent", priority=10, status="Ready", description="urgent restore")
        seed(emulator, account, f"{account.provider}-retag", priority=500, status="Active", description="re-tagging")
        seed(emulator, account, f"{account.provider}-other", priority=20, status="Ready", description="copy")


def priorities(emulator: Emulator, clouds: t.Sequence[str] = CLOUDS) -> dict[str, list[int]]:
    return {cloud: [job["priority"] for job in emulator.jobs(provider=cloud)] for cloud in clouds}


def end(emulator: Emulator, **fields: t.Any) -> t.Callable[[int], None]:
    """Return what ends each urgent job once it has been raised and looked at, before the next look."""

    def turn(number: int) -> None:
        for cloud in CLOUDS:
            job = emulator.jobs(provider=cloud)[0]
            looks = [entry for entry in emulator.log() if entry["provider"] == cloud]
            raised = [number for number, entry in enumerate(looks) if entry["write"]]
            seen = raised and [entry for entry in looks[raised[0] + 1 :] if entry["http_status"] == 200]
            if job["priority"] == 510 and seen and job["status"] == "Ready":
                emulator.patch(job["job_id"], **{"status": "Complete", "tasks_done": 1000, **fields})

    return turn


def test_a_dry_run_writes_nothing(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    run = play(tmp_path, role(tmp_path), hosts_of(emulator), "--check", "--diff")
    assert run.code == 0, run.output
    assert run.output.count("priority would change from 10 to 510") >= len(CLOUDS)
    assert not [entry for entry in emulator.log() if entry["write"]]
    assert not (tmp_path / "notes").exists()


def test_first_and_back_again(emulator: Emulator, tmp_path: Path) -> None:
    """A wait that fails puts the job back, too; here its time is over while the job still waits."""
    lay_out(emulator)
    run = play(tmp_path, role(tmp_path, timeout=1), hosts_of(emulator))
    assert run.code == 2
    assert "Jobs that were ahead or had the same priority: 2" in run.output
    assert priorities(emulator) == {cloud: [10, 500, 20] for cloud in CLOUDS}
    writes = [entry for entry in emulator.log() if entry["write"]]
    assert len(writes) == 2 * len(CLOUDS) and all(entry["applied"] for entry in writes)
    assert list((tmp_path / "notes").iterdir()) == []


def test_until_its_end(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    with at_each(emulator, ["ListJobs"], end(emulator)):
        run = play(tmp_path, role(tmp_path), hosts_of(emulator))
    assert run.code == 0, run.output
    # A job that has ended keeps the number with which it ended.
    assert priorities(emulator) == {cloud: [510, 500, 20] for cloud in CLOUDS}
    assert {host: counts["changed"] for host, counts in run.recap.items()} == dict.fromkeys(CLOUDS, 1)


def test_killed_in_the_middle_and_run_again(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    hosts = hosts_of(emulator)
    # Prepares the files; without a job to select it ends at once.
    play(tmp_path, role(tmp_path), hosts, "--syntax-check")
    start_and_kill(emulator, tmp_path)
    assert priorities(emulator) == {cloud: [510, 500, 20] for cloud in CLOUDS}
    assert len(list((tmp_path / "notes").iterdir())) == len(CLOUDS)
    # Meanwhile others have gone above it, and on one cloud somebody has moved the job: that is left as it is.
    for cloud in CLOUDS:
        emulator.patch(own_id(cloud, f"{cloud}-retag"), priority=600)
    moved = emulator.jobs(provider="cos")[0]["job_id"]
    emulator.patch(moved, priority=33)
    again = play(tmp_path, role(tmp_path, timeout=1), hosts)
    assert again.code == 2
    assert priorities(emulator) == {**{cloud: [10, 600, 20] for cloud in CLOUDS}, "cos": [33, 600, 20]}
    assert list((tmp_path / "notes").iterdir()) == []


def start_and_kill(emulator: Emulator, folder: Path) -> None:
    """Start the play in a group of its own, and kill all of it once every job is raised and waited for."""
    tools = Path(sys.executable).parent
    environment = {
        "PATH": os.pathsep.join([str(tools), os.defpath]),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    words = [str(tools / "ansible-playbook"), "-i", "inventory.yml", "playbook.yml"]
    with (folder / "killed.txt").open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            # The role waits for an hour, so none of them can be put back before all are raised.
            raised = [510] * len(CLOUDS)
            assert until(
                lambda: process.poll() is not None or [jobs[0] for jobs in priorities(emulator).values()] == raised
            )
            assert process.poll() is None, (folder / "killed.txt").read_text()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"select": {"description": "nobody"}}, "No live job in "),
        ({"select": {"description": "restore|copy"}}, "matches=one requires exactly 1"),
        ({"select": {}}, "an empty selector would match every job"),
        ({"job_id": "nobody1"}, "Job nobody1 was not found in "),
    ],
    ids=str,
)
def test_no_job_is_no_write(emulator: Emulator, tmp_path: Path, variables: dict[str, t.Any], words: str) -> None:
    lay_out(emulator)
    run = play(tmp_path, role(tmp_path, **variables), hosts_of(emulator))
    assert run.code == 2
    assert run.output.count(words) >= len(CLOUDS)
    assert not [entry for entry in emulator.log() if entry["write"]]


def test_there_is_no_number_above_the_largest(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    for cloud in CLOUDS:
        emulator.patch(own_id(cloud, f"{cloud}-retag"), priority=2147483647)
    run = play(tmp_path, role(tmp_path), hosts_of(emulator))
    assert run.code == 2
    assert "the highest other priority leaves no priority above it" in run.output
    assert not [entry for entry in emulator.log() if entry["write"]]
