# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collections roots made from the checkout: one that links to it, and copies for the tools that refuse a link."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from . import CACHE, COLLECTION, ROOT


def link() -> None:
    target = CACHE / "collections" / COLLECTION
    if not target.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.path.relpath(ROOT, target.parent))


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def keep_reports(tree: Path, folder: Path) -> None:
    """Keep the JUnit files that ansible-test wrote into a copy."""
    fresh(folder)
    for file in (tree / "tests" / "output" / "junit").glob("*.xml"):
        shutil.copy2(file, folder / file.name)


def copy(name: str) -> Path:
    """The collection below a root of this name, with just the files that git would take."""
    target = fresh(CACHE / "trees" / name) / COLLECTION
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    for file in filter(None, listed.split("\0")):
        # A file that is deleted but not yet committed is still listed.
        if os.path.lexists(ROOT / file):
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, target / file, follow_symlinks=False)
    # Tools that ask git for the files would find the checkout around the copy, in which the copy is ignored.
    subprocess.run(["git", "init", "--quiet", str(target)], check=True, stdin=subprocess.DEVNULL)
    return target
