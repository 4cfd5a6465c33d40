# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario that users copy, as molecule plays it: the emulator, a task twice, and a look at what came of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from .playbooks import COLLECTIONS, ROOT

if t.TYPE_CHECKING:
    from collections.abc import Iterator

MOLECULE = Path(sys.executable).parent / "molecule"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not MOLECULE.exists(), reason="molecule is not installed")]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What molecule runs with: our command on the path, without an installation."""
    command = tmp_path / "bin" / "batch-emulator"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m batch_emulator "$@" --parent-pid {os.getpid()}\n')
    command.chmod(0o755)
    folders = [str(command.parent), str(MOLECULE.parent), os.environ["PATH"]]
    yield os.environ | {
        "PATH": os.pathsep.join(folders),
        "PYTHONPATH": str(ROOT / "emulator" / "src"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "HOME": str(tmp_path),
        "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / "molecule"),
        "NO_COLOR": "1",
    }


def test_the_scenario(env: dict[str, str], tmp_path: Path) -> None:
    scenario = tmp_path / "project"
    shutil.copytree(ROOT / "extensions" / "molecule", scenario / "molecule")
    command = [str(MOLECULE), "test", "--destroy", "never"]
    done = subprocess.run(command, cwd=scenario, env=env, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-4000:]
    assert "Check the priority" in output
    assert not list((tmp_path / "molecule").rglob("ready.json")), "the emulator was left behind"
