# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One playbook on the oldest ansible-core, then on the newest, and the other way round: one job on each cloud.

Before 2.19 the result of a template is text, later it keeps its type: modules get "7" and then 7.
"""

from __future__ import annotations

import typing as t

import pytest

from .clouds import ACCOUNTS, Cloud
from .playbooks import FQCN, ROOT, Run, play
from .test_create import OPTIONS, create, jobs
from .test_playbooks import CLOUDS, connection
from .test_same_job import COPY, restore

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

LANES = {lane: ROOT / ".nox" / lane / "bin" for lane in ("oldest", "newest")}
"""Environments of the repository, by lane; a test runs in one of them."""
BOTH = all((tools / "ansible-playbook").is_file() for tools in LANES.values())
EXAMPLES: dict[str, list[dict[str, t.Any]]] = {
    "aws": [
        {"S3InitiateRestoreObject": {"ExpirationInDays": "{{ days | int }}", "GlacierJobTier": "{{ tier }}"}},
        {
            "S3PutObjectCopy": {
                "TargetResource": "arn:aws:s3:::b",
                "BucketKeyEnabled": "{{ wanted }}",
                "StorageClass": "{{ nothing }}",
                "ModifiedSinceConstraint": "{{ since }}",
            }
        },
    ],
    "cos": [
        {"COSInitiateRestoreObject": {"ExpirationInDays": "{{ days | int }}", "JobTier": "{{ tier }}"}},
        {
            "COSPutObjectCopy": {
                **COPY,
                "PrefixReplace": "{{ wanted }}",
                "StorageClass": "{{ nothing }}",
                "ModifiedSinceConstraint": "{{ since }}",
            }
        },
    ],
    "oss": [{"RestoreObject": {"Days": "{{ days | int }}", "Tier": "{{ nothing }}"}}],
}
VARIABLES = {"days": 7, "wanted": True, "nothing": None, "since": 1700000000}
TIERS = {"aws": "BULK", "cos": "Bulk", "oss": "Bulk"}


def tasks() -> list[dict[str, t.Any]]:
    options = {name: f"{{{{ wish.{name} }}}}" for name in ("manifest", "report", "role_arn")}
    # A template that is the whole dictionary keeps the types of its values on every core, so each operation is a task.
    return [
        {
            f"{FQCN}batch_job": {**options, "priority": 5, "description": f"job {number}", "operation": operation},
            "when": f"inventory_hostname == {cloud!r}",
        }
        for cloud, operations in EXAMPLES.items()
        for number, operation in enumerate(operations)
    ]


def run(emulator: Emulator, folder: Path, lane: str) -> Run:
    hosts = {
        account.provider: {
            "connection": connection(account, emulator),
            "wish": {**OPTIONS[account.provider], "operation": None},
            "tier": TIERS[account.provider],
            **VARIABLES,
        }
        for account in ACCOUNTS
    }
    done = play(folder, tasks(), hosts, tools=LANES[lane])
    assert done.code == 0, done.output
    return done


@pytest.mark.slow
@pytest.mark.skipif(not BOTH, reason="it needs the environments of both lanes: make env, and nox -Rs oldest")
@pytest.mark.parametrize("lanes", [("oldest", "newest"), ("newest", "oldest")], ids=" then ".join)
def test_another_ansible_core_finds_the_jobs_of_the_first(
    emulator: Emulator, tmp_path: Path, lanes: tuple[str, str]
) -> None:
    first, second = (run(emulator, tmp_path, lane).recap for lane in lanes)
    assert {cloud: first[cloud]["changed"] for cloud in CLOUDS} == {name: len(EXAMPLES[name]) for name in CLOUDS}
    assert {cloud: second[cloud]["changed"] for cloud in CLOUDS} == dict.fromkeys(CLOUDS, 0)
    for cloud in CLOUDS:
        assert len(emulator.jobs(provider=cloud)) == len(EXAMPLES[cloud])


@pytest.mark.parametrize("first", [7, "7"])
def test_a_module_takes_the_arguments_of_either_core(cloud: Cloud, first: t.Any) -> None:
    """What the two send to a module for one template, in either order."""
    second = "7" if first == 7 else 7
    assert create(cloud, **restore(cloud, days=first))["changed"] is True
    assert create(cloud, **restore(cloud, days=second))["changed"] is False
    # The tier of none, as 2.16 sends it and as 2.19 does.
    forms: tuple[t.Any, t.Any] = ("", None) if first == 7 else (None, "")
    assert create(cloud, description="none", **restore(cloud, tier=forms[0]))["changed"] is True
    assert create(cloud, description="none", **restore(cloud, tier=forms[1]))["changed"] is False
    assert len(jobs(cloud)) == 2
