# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole life of jobs as one playbook on every cloud: tried, run, and run again without a change."""

from __future__ import annotations

import collections
import re
import typing as t

import pytest

from .clouds import ACCOUNTS
from .moments import at_each
from .playbooks import ROOT, Run, run

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

LIFE = ROOT / "tests" / "life"
CLOUDS = [account.provider for account in ACCOUNTS]
CREATED = ("life restore", "life second", "life third")
CHANGES = {"CreateJob": 3, "UpdateJobStatus": 2, "UpdateJobPriority": 1}


def play_life(emulator: Emulator, folder: Path, *arguments: str) -> Run:
    return run(
        folder,
        LIFE / "inventory.yml",
        LIFE / "playbook.yml",
        *arguments,
        environment={"EMULATOR_URL": emulator.url},
    )


def pass_time(emulator: Emulator) -> t.Callable[[int], None]:
    """Return what lets time pass at each look: a restore loses one object in twenty, the second job takes for ever."""
    manners = {"life restore": {"failing_share": 0.05}, "life second": {"tasks_per_second": 0.01}}
    taught: set[str] = set()

    def turn(number: int) -> None:
        for job in emulator.jobs():
            if job["job_id"] not in taught:
                taught.add(job["job_id"])
                emulator.patch(job["job_id"], **manners.get(name_of(job), {"tasks_total": 1000}))
        emulator.advance(20)

    return turn


def name_of(job: dict[str, t.Any]) -> str:
    return t.cast(str, job["description"]).partition(" [token ")[0]


def jobs_of(emulator: Emulator, cloud: str) -> dict[str, dict[str, t.Any]]:
    jobs = emulator.jobs(provider=cloud)
    assert sorted(name_of(job) for job in jobs) == list(CREATED), "one job for each creation"
    return {name_of(job): job for job in jobs}


def applied(emulator: Emulator, cloud: str) -> dict[str, int]:
    entries = [entry for entry in emulator.log() if entry["provider"] == cloud and entry["write"]]
    assert all(entry["applied"] for entry in entries), "a write was sent in vain"
    return dict(collections.Counter(entry["operation"] for entry in entries))


def way_of(job: dict[str, t.Any]) -> list[str]:
    """Return the statuses that a job has been in, in their order."""
    return [entry[1] for entry in job["history"]]


def shown(output: str, cloud: str) -> list[str]:
    """Return the lines about progress in a host's name."""
    return re.findall(rf"^\[{cloud}\] .*$", output, re.MULTILINE)


def test_the_whole_life_on_every_cloud(emulator: Emulator, tmp_path: Path) -> None:
    dry = play_life(emulator, tmp_path, "--check", "--diff")
    assert dry.code == 0, dry.output
    # Three jobs, one of them twice: a dry run creates none that the second task could find.
    assert {host: counts["changed"] for host, counts in dry.recap.items()} == dict.fromkeys(CLOUDS, 4)
    assert (emulator.jobs(), {entry["operation"] for entry in emulator.log()}) == ([], {"ListJobs"})

    with at_each(emulator, ["ListJobs", "DescribeJob"], pass_time(emulator)):
        real = play_life(emulator, tmp_path)
    assert real.code == 0, real.output
    assert {host: counts["changed"] for host, counts in real.recap.items()} == dict.fromkeys(
        CLOUDS, sum(CHANGES.values())
    )
    before = {cloud: jobs_of(emulator, cloud) for cloud in CLOUDS}
    for cloud, jobs in before.items():
        assert applied(emulator, cloud) == CHANGES
        check_the_ends(jobs)
        check_what_was_shown(real.output, cloud, jobs["life restore"])

    mark = emulator.log()[-1]["seq"]
    dry_again = play_life(emulator, tmp_path, "--check", "--diff")
    again = play_life(emulator, tmp_path)
    for nothing in (dry_again, again):
        assert nothing.code == 0, nothing.output
        assert {host: counts["changed"] for host, counts in nothing.recap.items()} == dict.fromkeys(CLOUDS, 0)
    assert not [entry for entry in emulator.log(since=mark) if entry["write"]]
    assert {cloud: jobs_of(emulator, cloud) for cloud in CLOUDS} == before


def check_the_ends(jobs: dict[str, dict[str, t.Any]]) -> None:
    restore, second, third = (jobs[name] for name in CREATED)
    assert way_of(restore) == ["New", "Preparing", "Suspended", "Ready", "Active", "Completing", "Complete"]
    assert (restore["priority"], restore["tasks_done"]) == (900, 1000)
    assert 0 < restore["tasks_failed"] < 100
    # The raised restore made it step back, and it was Active when it was cancelled.
    assert way_of(second)[-6:] == ["Active", "Pausing", "Paused", "Active", "Cancelling", "Cancelled"]
    assert second["status_update_reason"] == "no longer needed"
    assert (way_of(third), third["priority"]) == (["New", "Preparing", "Suspended"], 20)


def check_what_was_shown(output: str, cloud: str, restore: dict[str, t.Any]) -> None:
    lines = shown(output, cloud)
    assert f"[{cloud}] Job {restore['job_id']}" in lines
    short = restore["job_id"][:8]
    own = [line for line in lines if f" {short} " in line]
    assert any(re.search(r" (Ready|Active) ", line) for line in own), lines
    assert any("Complete" in line and line.endswith("result partial") for line in own), lines
    assert f"restore: partial, {restore['tasks_failed']} failed" in output
    assert output.count("is Suspended and awaiting confirmation") >= len(CLOUDS)
    assert "Confirm the job (batch_job_status, status=ready), or cancel it" in output
