# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role checked_job: what is wrong with a manifest, a sample, an approval with the figures, the job, and its report."""

from __future__ import annotations

import json
import os
import typing as t

import pytest
from batch_emulator.accounts import OSS_UID

from .clouds import ACCOUNTS, Account
from .moments import at_each
from .playbooks import FQCN, Run, play
from .test_playbooks import CLOUDS, connection
from .test_story import OPERATIONS, ROLES

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

BUCKET = "archive-1250000000"
SAMPLE = 10
OBJECTS = int(os.environ.get("CHECKED_JOB_OBJECTS", "60"))
"""The objects of the story; 20,000 for the figures of a release."""
GLACIER = {"aws": "GLACIER", "cos": "ARCHIVE", "oss": "Archive"}


def keys(count: int = OBJECTS) -> list[str]:
    return [f"films/a b {number:05}.mov" for number in range(count)]


def resource(account: Account, key: str = "") -> str:
    name = f"{BUCKET}/{key}" if key else BUCKET
    return {
        "aws": f"arn:aws:s3:::{name}",
        "cos": f"qcs::cos:ap-guangzhou:uid/1250000000:{name}",
        "oss": f"oss://{name}" if key else BUCKET,
    }[account.provider]


def lay_out(emulator: Emulator, account: Account, names: list[str]) -> None:
    place = account.connection
    emulator.make_bucket(account.provider, BUCKET, place.get("account_id", OSS_UID), place["region"])
    for name in names:
        emulator.put_object(account.provider, BUCKET, name, b"x", storage_class=GLACIER[account.provider])


def hosts_of(
    emulator: Emulator, names: list[str] | None = None, clouds: t.Sequence[str] = CLOUDS
) -> dict[str, dict[str, t.Any]]:
    """A host for each of the clouds, with the variables of the role."""
    hosts = {}
    for account in ACCOUNTS:
        if account.provider not in clouds:
            continue
        lay_out(emulator, account, keys() if names is None else names)
        given = {
            "keys": keys() if names is None else names,
            "source_bucket": BUCKET,
            "manifest_bucket": BUCKET,
            "operation": OPERATIONS[account.provider],
            "report": {"bucket": resource(account), "prefix": "reports", "scope": "FailedTasksOnly"},
            "role_arn": ROLES[account.provider],
            "priority": 100,
            "description": "restore of films",
            "sample": SAMPLE,
            "interval": 0.3,
            "wait_for_report": 3600,
            "progress": False,
        }
        own = {f"checked_job_{name}": value for name, value in given.items()}
        hosts[account.provider] = {"connection": connection(account, emulator), **own}
    return hosts


def role(**variables: t.Any) -> list[dict[str, t.Any]]:
    """Run the role, and show its result, whether it fails or not."""
    own = {f"checked_job_{name}": value for name, value in variables.items()}
    task = {"ansible.builtin.include_role": {"name": f"{FQCN}checked_job"}, "vars": own}
    show = {"ansible.builtin.debug": {"msg": "RESULT {{ checked_job_result | to_json }}"}}
    return [{"block": [task], "always": [show]}]


def results(run: Run) -> dict[str, dict[str, t.Any]]:
    """What the role left, by host."""
    found, host = {}, ""
    for line in run.output.splitlines():
        if line.startswith("ok: ["):
            host = line.partition("[")[2].partition("]")[0]
        if '"msg": "RESULT ' in line:
            found[host] = json.loads(json.loads("{" + line.strip().rstrip(",") + "}")["msg"].partition(" ")[2])
    return found


def running(emulator: Emulator, folder: Path, *arguments: t.Any) -> Run:
    """Play while the jobs run, in the emulator's own time."""
    with at_each(emulator, ["ListJobs", "GetObject"], lambda turn: emulator.advance(60)):
        return play(folder, *arguments)


def writes(emulator: Emulator, cloud: str) -> list[str]:
    return [entry["operation"] for entry in emulator.log() if entry["write"] and entry["provider"] == cloud]


PLANNED = ["PutObject", "PutObject", "CreateJob"]
RUN = ["CreateJob", "UpdateJobStatus"]


def test_from_keys_to_an_approved_job(emulator: Emulator, tmp_path: Path) -> None:
    """Rehearsed, stopped, approved, run, and run again without a change."""
    hosts = hosts_of(emulator)
    emulator.settings(capacity=8)
    emulator.clear_log()
    first = running(emulator, tmp_path, role(), hosts)
    assert first.code == 0, first.output
    planned = results(first)
    for cloud, result in planned.items():
        assert result["state"] == "awaiting_approval", first.output
        assert result["rehearsal"]["tasks"] == SAMPLE and result["rehearsal"]["failed"] == 0
        assert writes(emulator, cloud) == PLANNED
        assert len(emulator.jobs(provider=cloud)) == 1
    print(first.output)
    for cloud, host in hosts.items():
        host["checked_job_approved"] = planned[cloud]["digest"]
    emulator.clear_log()
    second = running(emulator, tmp_path, role(), hosts)
    print(second.output)
    assert second.code == 0, second.output
    for cloud, result in results(second).items():
        assert result["state"] == "complete", second.output
        assert writes(emulator, cloud) == RUN
    emulator.clear_log()
    third = running(emulator, tmp_path, role(), hosts)
    assert third.code == 0, third.output
    print(third.output)
    for cloud, result in results(third).items():
        assert result["state"] == "complete" and writes(emulator, cloud) == []
    assert [counts["changed"] for counts in third.recap.values()] == [0] * len(CLOUDS)
