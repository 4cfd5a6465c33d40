# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide of a restore: its tasks run as they are printed, in their order, on every cloud."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from render import rst

from .clouds import ACCOUNTS
from .moments import at_each
from .playbooks import play
from .test_playbooks import connection

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

GUIDE = rst.GUIDES / "guide_restore.rst"


def tasks() -> list[dict[str, t.Any]]:
    """Return the tasks of the guide; the first block is the head of the play."""
    blocks = [example.text for example in rst.examples(GUIDE) if example.language == "yaml"]
    return [task for block in blocks[1:] for task in yaml.safe_load(block)]


# What differs between the clouds: their words for the operation, and their names of things.
OWN: dict[str, dict[str, t.Any]] = {
    "aws": {
        "operation": {"S3InitiateRestoreObject": {"ExpirationInDays": 7, "GlacierJobTier": "BULK"}},
        "manifest": {
            "object_arn": "arn:aws:s3:::example-manifests/a.csv",
            "etag": "e" * 32,
            "fields": ["Bucket", "Key"],
        },
        "report": {"bucket": "arn:aws:s3:::example-reports", "prefix": "restores"},
        "role_arn": "arn:aws:iam::111122223333:role/batch",
    },
    "cos": {
        "operation": {"COSInitiateRestoreObject": {"ExpirationInDays": 7, "JobTier": "Bulk"}},
        "manifest": {"object_arn": "qcs::cos:ap-guangzhou:uid/1250000000:manifests-1250000000/a.csv", "etag": "e" * 32},
        "report": {"bucket": "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000", "prefix": "restores"},
        "role_arn": "qcs::cam::uin/100000000001:roleName/batch",
    },
    "oss": {
        "operation": {"RestoreObject": {"Days": 7, "Tier": "Bulk"}},
        "manifest": {"object_arn": "oss://example-manifests/a.csv", "etag": "e" * 32},
        "report": {"bucket": "example-reports", "prefix": "restores"},
        "role_arn": "acs:ram::1000000000000001:role/batch",
    },
}


def test_the_guide_runs_as_it_is_printed(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {
        account.provider: {
            "connection": connection(account, emulator),
            "expected_objects": 1000,  # what the emulator finds in every manifest
            **OWN[account.provider],
        }
        for account in ACCOUNTS
    }
    steps = tasks()
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
    assert run.output.count("full, 0 failed; report in ") == len(hosts)
    # Twice the same playbook: nothing is created, confirmed or raised again.
    for words in ((), ("--check", "--diff")):
        again = play(tmp_path, steps, hosts, *words)
        assert again.code == 0, again.output
        assert {host: counts["changed"] for host, counts in again.recap.items()} == dict.fromkeys(hosts, 0)
    assert [(job["status"], job["priority"]) for job in emulator.jobs()] == [("Complete", 900)] * len(hosts)
