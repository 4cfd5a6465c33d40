# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real ansible-playbook command, as a user runs it, with nothing of the user's settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

from . import quick

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".cache" / "collections"
FQCN = "objectstore.batch."
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


class Run(t.NamedTuple):
    """What a run printed, and its counts per host."""

    code: int
    output: str
    recap: dict[str, dict[str, int]]


def play(
    folder: Path,
    tasks: list[dict[str, t.Any]],
    hosts: dict[str, dict[str, t.Any]],
    *arguments: str,
    environment: dict[str, str] | None = None,
    tools: Path | None = None,
) -> Run:
    """Run tasks on hosts, each with its variables.

    The connection options come from the variable ``connection`` of each host, through the action group.

    :param tools: where ansible-playbook is; that of this lane by default.
    """
    defaults = {f"group/{FQCN}all": "{{ connection }}"}
    playbook = [{"hosts": "all", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}]
    (folder / "playbook.yml").write_text(yaml.safe_dump(playbook, sort_keys=False), encoding="utf-8")
    inventory = {"all": {"hosts": {name: {**LOCAL, **values} for name, values in hosts.items()}}}
    (folder / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    return run(folder, Path("inventory.yml"), Path("playbook.yml"), *arguments, environment=environment, tools=tools)


def run(
    folder: Path,
    inventory: Path | None,
    playbook: Path,
    *arguments: str,
    environment: dict[str, str] | None = None,
    tools: Path | None = None,
) -> Run:
    """Run a playbook that is there, in a folder of its own; without an inventory as a user who names none."""
    tools = tools or Path(sys.executable).parent
    hosts = ("-i", str(inventory)) if inventory else ()
    command = [str(tools / "ansible-playbook"), *hosts, str(playbook), *arguments]
    # Not the inventory of this machine.
    more = {"ANSIBLE_INVENTORY": str(folder / "no-inventory"), **(environment or {})}
    return launch(folder, command, {"PATH": os.pathsep.join([str(tools), os.defpath]), **more})


def launch(folder: Path, command: list[str], environment: dict[str, str]) -> Run:
    """Run a command of Ansible in a folder that is also its home, and with nothing of this machine's environment."""
    done = quick.run(
        command,
        cwd=folder,
        env={
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        },
        stderr=subprocess.STDOUT,
    )
    return Run(done.returncode, done.stdout, _recap(done.stdout))


def _recap(output: str) -> dict[str, dict[str, int]]:
    recap = {}
    for line in output.rpartition("PLAY RECAP")[2].splitlines():
        host, colon, counts = line.partition(" : ")
        if colon:
            recap[host.strip()] = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", counts)}
    return recap
