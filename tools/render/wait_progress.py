# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what batch_job_wait shows, in a terminal of 80 columns and with its output in a file.

`nox -Rs tool -- render.wait_progress` writes docs/examples.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from batch_emulator.client import Emulator, start

from render import terminal

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
COMMAND = ("ansible-playbook", "-i", "inventory.json", "wait.yml")
SPEED = 30
HEADER = """\
# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Created by: nox -Rs tool -- render.wait_progress
# The emulated providers run {speed} times as fast as real time.

$ {command}
"""
CLOUDS = {
    "aws": {
        "region": "eu-central-1",
        "account_id": "111122223333",
        "access_key": "EMULATORAWSKEY",
        "secret_key": "emulator-aws-secret-not-real",
    },
    "cos": {
        "region": "ap-guangzhou",
        "account_id": "100000000001",
        "app_id": "1250000000",
        "access_key": "EMULATORCOSID",
        "secret_key": "emulator-cos-secret-not-real",
    },
}


def seed(emulator: Emulator, provider: str) -> list[str]:
    """Create a restore that runs and two jobs that wait for it, one of which will lose some objects."""
    number = len(emulator.jobs())
    base = {"provider": provider, "region": CLOUDS[provider]["region"], "tasks_per_second": 2000}
    jobs = [
        {"priority": 900, "status": "Active", "tasks_total": 2_500_000},
        {"priority": 20, "status": "Ready", "tasks_total": 800_000, "failing_share": 0.01},
        {"priority": 10, "status": "Ready", "tasks_total": 200_000},
    ]
    ids = [f"{0x6F1F7FF1 + 977 * (number + item):08x}-5e6c-4b7a-9f3a-00000000000{item}" for item in range(len(jobs))]
    return emulator.seed(*[{**base, **job, "job_id": job_id} for job, job_id in zip(jobs, ids, strict=True)])


def prepare(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Write the inventory and the playbook; return the environment of the run."""
    emulator.reset()
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {
        name: {
            **local,
            "cloud": {"provider": name, "endpoint_url": emulator.url, **options},
            "job_ids": seed(emulator, name),
        }
        for name, options in CLOUDS.items()
    }
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    (folder / "wait.yml").write_bytes((EXAMPLES / "wait.yml").read_bytes())
    return terminal.environment(folder)


def in_terminal(folder: Path, environment: dict[str, str], command: tuple[str, ...] = COMMAND) -> str:
    """Run the command in a terminal of 80 columns; return its text without colors."""
    raw = b"".join(chunk for _seconds, chunk in terminal.run(command, folder, environment))
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw.decode()).replace("\r\n", "\n")


def redirected(folder: Path, environment: dict[str, str]) -> str:
    """Run the command with its output in a file; return the file."""
    with (folder / "wait.log").open("w+b") as log:
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
        subprocess.run(COMMAND, cwd=folder, env=environment, check=True, **streams)
        log.seek(0)
        return log.read().decode()


def main() -> None:
    with start(clock="real") as emulator, tempfile.TemporaryDirectory() as name:
        emulator.clock(speed=SPEED)
        folder = Path(name)
        for target, record, suffix in (
            ("wait-terminal.txt", in_terminal, ""),
            ("wait-redirected.txt", redirected, " > wait.log 2>&1"),
        ):
            header = HEADER.format(speed=SPEED, command=" ".join(COMMAND) + suffix)
            text = record(folder, prepare(emulator, folder))
            lines = [line.rstrip() for line in text.strip("\n").splitlines()]
            (EXAMPLES / target).write_text(header + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
