# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record the quick start of the README: a preview, and the change itself.

`nox -Rs tool -- render.raise_recording` writes docs/examples/raise.svg.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import textwrap
from pathlib import Path

from batch_emulator.accounts import AWS_KEY
from batch_emulator.client import Emulator, start

from render import recording, terminal

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "examples" / "raise.svg"
COMMANDS = (
    ("ansible-playbook", "raise.yml", "--check", "--diff"),
    ("ansible-playbook", "raise.yml"),
)
COLUMNS = 118
"""The width of a diff line."""
TITLE = "Raise the priority of a restore: check mode shows the change as a diff, and the second run applies it."
JOBS = (
    ("6f1f7ff1-5e6c-4b7a-9f3a-000000000001", "S3InitiateRestoreObject", "urgent restore", 10),
    ("0d3c9a52-1b7e-4f63-8c15-000000000002", "S3PutObjectTagging", "tag archive", 3000),
)


def prepare(emulator: Emulator, folder: Path) -> dict[str, str]:
    """Create two jobs, and write the playbook and its inventory; return the environment of the run."""
    base = {"provider": "aws", "region": "eu-central-1", "account": AWS_KEY.account, "status": "Ready", "frozen": True}
    keys = ("job_id", "operation", "description", "priority")
    emulator.seed(*[{**base, **dict(zip(keys, job, strict=True))} for job in JOBS])
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    playbook = re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)
    if playbook is None:
        raise ValueError("README.md prints no playbook")
    (folder / "raise.yml").write_text(textwrap.dedent(playbook[1]), encoding="utf-8")
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": {"localhost": local}}}), encoding="utf-8")
    return {
        **terminal.environment(folder),
        "ANSIBLE_INVENTORY": "hosts.json",
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_ACCESS_KEY_ID": AWS_KEY.key_id,
        "AWS_SECRET_ACCESS_KEY": AWS_KEY.secret,
    }


def main() -> None:
    with start() as emulator, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = recording.record(COMMANDS, folder, prepare(emulator, folder), pause=1.5, columns=COLUMNS)
        PICTURE.write_text(recording.draw(lines, TITLE), encoding="utf-8")


if __name__ == "__main__":
    main()
