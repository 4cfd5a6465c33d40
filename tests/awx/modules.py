# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch the collection awx.awx from the package that contains it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "awx"
PINS = ROOT / "requirements" / "awx.txt"
INSIDE = "ansible_collections/awx/awx/"


def fetch() -> Path:
    """Return the directory with awx.awx, fetched once from the package index of pip."""
    if (FOLDER / INSIDE / "MANIFEST.json").is_file():
        return FOLDER
    tools = ROOT / ".cache" / "tools" / "bin" / "python"
    python = str(tools) if tools.exists() else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-input", "--no-deps"]
        subprocess.run([*command, "--require-hashes", "-r", str(PINS), "-d", folder], check=True, timeout=600)
        [wheel] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(INSIDE)]
            # The manifest last: it says that all is there.
            for name in sorted(names, key=lambda name: name.endswith("MANIFEST.json")):
                archive.extract(name, FOLDER)
    return FOLDER
