# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The printed lines that connect by inventory, with two accounts of each provider and different keys in one file.

The environment holds the usual variables of one of the accounts, as it does on most machines. What is not connected by
the inventory falls back to them, and reads or changes the queue of another account.
"""

from __future__ import annotations

import collections
import re
import shlex
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import (
    AWS_KEY,
    AWS_OTHER_KEY,
    COS_KEY,
    COS_OTHER_KEY,
    OSS_KEY,
    OSS_OTHER_KEY,
    Credential,
)

from .playbooks import ROOT, Run, run
from .test_docsite_guides import named
from .test_readmes import blocks

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

FILE = "accounts.batch_queues.yml"
REGIONS = {"aws": "eu-central-1", "cos": "ap-guangzhou", "oss": "cn-hangzhou"}
KEYS = {
    "AWS_ONE": AWS_KEY,
    "AWS_TWO": AWS_OTHER_KEY,
    "COS_ONE": COS_KEY,
    "COS_TWO": COS_OTHER_KEY,
    "OSS_ONE": OSS_KEY,
    "OSS_TWO": OSS_OTHER_KEY,
}
USUAL = {
    "aws": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "cos": ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"),
    "oss": ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"),
}
ENDPOINTS = ("AWS_ENDPOINT_URL", "COS_ENDPOINT_URL", "OSS_ENDPOINT_URL")
HOSTS = {f"{key.provider}-{key.account}-{REGIONS[key.provider]}": key for key in KEYS.values()}


def environment(emulator: Emulator, usual: str) -> dict[str, str]:
    """Return the keys of all accounts by names of their own, and by the usual names those of ONE or of TWO."""
    found = dict.fromkeys(ENDPOINTS, emulator.url)
    for name, key in KEYS.items():
        found |= {f"{name}_ID": key.key_id, f"{name}_KEY": key.secret}
        if name.endswith(usual):
            found |= dict(zip(USUAL[key.provider], (key.key_id, key.secret), strict=True))
    return found


def write(folder: Path, **options: t.Any) -> None:
    """Write the inventory file of six accounts, each with these options, too."""
    accounts = [
        {
            "provider": key.provider,
            "account_id": key.account,
            **({"app_id": key.app_id} if key.app_id else {}),
            "regions": [REGIONS[key.provider]],
            "access_key_variable": f"{name}_ID",
            "secret_key_variable": f"{name}_KEY",
            **options,
        }
        for name, key in KEYS.items()
    ]
    text = yaml.safe_dump({"plugin": "objectstore.batch.queues", "accounts": accounts})
    (folder / FILE).write_text(text, encoding="utf-8")


def seed(emulator: Emulator, description: str) -> None:
    """Give each account one job, which only its own host may change; all look alike."""
    for number, key in enumerate(KEYS.values()):
        emulator.seed(
            {
                "provider": key.provider,
                "account": key.account,
                "region": REGIONS[key.provider],
                "job_id": f"job{number}=" if key.provider == "oss" else f"job-{number}",
                "description": description,
                "operation": {"aws": "S3InitiateRestoreObject", "cos": "COSInitiateRestoreObject"}.get(
                    key.provider, "RestoreObject"
                ),
                "status": "Ready",
                "priority": 10,
                "frozen": True,
            }
        )


def requests(emulator: Emulator) -> dict[str, collections.Counter[str]]:
    """Return the operations of the log by the account whose credentials were sent; every request was answered."""
    found: dict[str, collections.Counter[str]] = {key.account: collections.Counter() for key in KEYS.values()}
    for entry in emulator.log():
        assert entry["http_status"] == 200, entry
        found[entry["account"]][entry["operation"]] += 1
    return found


def asked(key: Credential, reads: int, **more: int) -> dict[str, int]:
    """Return the operations of an account whose queue was read so often: by the inventory, and by each task."""
    # Requests to OSS name no account, so it is asked whose credentials they are.
    return {"ListJobs": reads, **({"GetCallerIdentity": reads} if key.provider == "oss" else {}), **more}


def priorities(emulator: Emulator) -> dict[str, int]:
    return {job["account"]: job["priority"] for job in emulator.jobs()}


def play(folder: Path, content: list[dict[str, t.Any]], variables: dict[str, str], *words: str) -> Run:
    (folder / "play.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return run(folder, Path(FILE), Path("play.yml"), *words, environment=variables)


def readme() -> list[dict[str, t.Any]]:
    """Return a play of the README's lines: its connection of all hosts, and the task of its quick start."""
    [[quick], lines] = [yaml.safe_load(block) for block in blocks("README.md")]
    return [{"hosts": "all:!unreachable", "gather_facts": False, **lines, "tasks": quick["tasks"]}]


@pytest.mark.parametrize("usual", ["ONE", "TWO"])
def test_the_lines_of_the_readme(emulator: Emulator, tmp_path: Path, usual: str) -> None:
    seed(emulator, "urgent restore")
    write(tmp_path)
    done = play(tmp_path, readme(), environment(emulator, usual))
    assert done.code == 0, done.output
    assert {host: counts["changed"] for host, counts in done.recap.items()} == dict.fromkeys(HOSTS, 1)
    assert priorities(emulator) == {key.account: 4000 for key in KEYS.values()}
    # The inventory reads each queue once, and so does the task.
    assert requests(emulator) == {key.account: asked(key, 2, UpdateJobPriority=1) for key in KEYS.values()}


def test_what_the_file_says_of_the_connection_reaches_the_task(emulator: Emulator, tmp_path: Path) -> None:
    """The environment points to a server that is not there, with keys that nobody knows."""
    seed(emulator, "urgent restore")
    write(tmp_path, endpoint_url=emulator.url, validate_certs=False)
    wrong = dict.fromkeys(ENDPOINTS, "http://127.0.0.1:9") | {name: "WRONG" for pair in USUAL.values() for name in pair}
    done = play(tmp_path, readme(), environment(emulator, "ONE") | wrong)
    assert done.code == 0, done.output
    assert requests(emulator) == {key.account: asked(key, 2, UpdateJobPriority=1) for key in KEYS.values()}


@pytest.mark.parametrize("host", list(HOSTS)[1::2])
def test_the_lines_of_the_readme_for_one_host(emulator: Emulator, tmp_path: Path, host: str) -> None:
    """The environment holds the keys of the other account."""
    seed(emulator, "urgent restore")
    write(tmp_path)
    mine = HOSTS[host].account
    done = play(tmp_path, readme(), environment(emulator, "ONE"), "--limit", host)
    assert done.code == 0, done.output
    assert priorities(emulator) == {key.account: 4000 if key.account == mine else 10 for key in KEYS.values()}
    expected = {key.account: asked(key, 1) for key in KEYS.values()}
    expected[mine] = asked(HOSTS[host], 2, UpdateJobPriority=1)
    assert requests(emulator) == expected


@pytest.mark.parametrize("usual", ["ONE", "TWO"])
def test_the_play_of_the_guide_to_many_accounts(emulator: Emulator, tmp_path: Path, usual: str) -> None:
    seed(emulator, "urgent restore")
    write(tmp_path)
    done = play(tmp_path, yaml.safe_load(named("many_accounts")["play"]), environment(emulator, usual))
    assert done.code == 0, done.output
    for host in HOSTS:
        assert f"{host}: 1 jobs" in done.output
    assert requests(emulator) == {key.account: asked(key, 2) for key in KEYS.values()}


@pytest.mark.parametrize("usual", ["ONE", "TWO"])
def test_the_policy_of_the_guide_to_approvals(emulator: Emulator, tmp_path: Path, usual: str) -> None:
    seed(emulator, "nightly copy")
    write(tmp_path)
    done = play(tmp_path, yaml.safe_load(named("policy_approval")["policy"]), environment(emulator, usual))
    assert done.code == 0, done.output
    assert {host: counts["changed"] for host, counts in done.recap.items()} == dict.fromkeys(HOSTS, 1)
    wanted = {"aws": 3000, "cos": 1000, "oss": 1000}
    assert priorities(emulator) == {key.account: wanted[key.provider] for key in KEYS.values()}
    assert requests(emulator) == {key.account: asked(key, 2, UpdateJobPriority=1) for key in KEYS.values()}


@pytest.mark.parametrize("host", list(HOSTS)[1::2])
def test_the_command_of_the_playbooks(emulator: Emulator, tmp_path: Path, host: str) -> None:
    """A playbook of the collection connects in the same way."""
    seed(emulator, "urgent restore")
    write(tmp_path)
    page = (ROOT / "playbooks" / "README.md").read_text(encoding="utf-8")
    printed = re.search(r"\$ ansible-playbook (objectstore\.batch\.raise_priority) (-i \S+ --limit QUEUE .+)", page)
    assert printed
    words = shlex.split(printed[2].replace("QUEUE", host))[2:]
    done = run(tmp_path, Path(FILE), Path(printed[1]), *words, environment=environment(emulator, "ONE"))
    assert done.code == 0, done.output
    mine = HOSTS[host].account
    assert priorities(emulator) == {key.account: 4000 if key.account == mine else 10 for key in KEYS.values()}
    expected = {key.account: asked(key, 1) for key in KEYS.values()}
    expected[mine] = asked(HOSTS[host], 2, UpdateJobPriority=1)
    assert requests(emulator) == expected
