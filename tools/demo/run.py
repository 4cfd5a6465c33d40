# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the demo on three emulated providers: start the emulator, seed the queues, run the playbook, and stop."""

from __future__ import annotations

import base64
import collections
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "emulator" / "src")]

from batch_emulator.client import Emulator, start  # noqa: E402

# What the playbook may see of the user's environment: no settings of Ansible, clouds or proxies.
KEPT = ("LANG", "LC_ALL", "TERM", "NO_COLOR")
PLACES = {"aws": "eu-central-1", "cos": "ap-guangzhou", "oss": "cn-hangzhou"}
OPERATIONS = {
    "aws": {"retag": "S3PutObjectTagging", "restore": "S3InitiateRestoreObject", "copy": "S3PutObjectCopy"},
    "cos": {"retag": "COSPutObjectTagging", "restore": "COSInitiateRestoreObject", "copy": "COSPutObjectCopy"},
    # OSS has no copies; the like of it in the queue is a job about access.
    "oss": {"retag": "PutObjectTagging", "restore": "RestoreObject", "copy": "PutObjectAcl"},
}


def own_id(provider: str, name: str) -> str:
    """Return a job ID; on OSS, it is base64."""
    text = f"{provider}-{name}"
    return base64.b64encode(text.encode()).decode() if provider == "oss" else text


def seed(emulator: Emulator) -> None:
    """Create the same small queue on each cloud: a long re-tagging run holds the one place that there is."""
    for provider, region in PLACES.items():
        queue = {"provider": provider, "region": region}
        operations = OPERATIONS[provider]
        emulator.seed(
            {
                **queue,
                "job_id": own_id(provider, "retag-all"),
                "priority": 50,
                "status": "Active",
                "description": "nightly re-tagging",
                "operation": operations["retag"],
                "tasks_total": 5_000_000,
                "tasks_done": 1_200_000,
                "tasks_per_second": 100,
            },
            {
                **queue,
                "job_id": own_id(provider, "restore-2024"),
                "priority": 10,
                "status": "Ready",
                "description": "urgent restore",
                "operation": operations["restore"],
                "tasks_total": 1_000_000,
                "tasks_per_second": 100,
            },
            {
                **queue,
                "job_id": own_id(provider, "copy-archive"),
                "priority": 30,
                "status": "Ready",
                "description": "copy to the archive",
                "operation": operations["copy"],
            },
            {
                **queue,
                "job_id": own_id(provider, "restore-2023"),
                "priority": 20,
                "status": "Ready",
                "description": "restore for the auditors",
                "operation": operations["restore"],
            },
            {
                **queue,
                "job_id": own_id(provider, "copy-done"),
                "priority": 10,
                "status": "Complete",
                "description": "copy of last week",
                "operation": operations["copy"],
            },
        )


def play(emulator: Emulator) -> int:
    """Run the playbook as a user would, and return its exit code."""
    tools = Path(sys.executable).parent
    home = ROOT / ".cache" / "homes" / "demo"
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        "LC_ALL": "C.UTF-8",
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PATH": os.pathsep.join([str(tools), os.defpath]),
        "HOME": str(home),
        "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
    }
    command = [str(tools / "ansible-playbook"), "-e", f"endpoint_url={emulator.url}", str(HERE / "playbook.yml")]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def main() -> int:
    with start(clock="real") as emulator:
        print(f"An emulator of the three clouds listens on {emulator.url}; no real cloud is involved.", flush=True)
        seed(emulator)
        code = play(emulator)
        print("What the emulator was asked:")
        for provider in PLACES:
            sent = collections.Counter(entry["operation"] for entry in emulator.log() if entry["provider"] == provider)
            print(f"  {provider}: " + ", ".join(f"{count} {name}" for name, count in sorted(sent.items())))
    return code


if __name__ == "__main__":
    sys.exit(main())
