# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collections roots made from the checkout: one that links to it, and copies for the tools that refuse a link."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .paths import COLLECTION, LINKED, ROOT


def link() -> Path:
    target = LINKED / COLLECTION
    if not target.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.path.relpath(ROOT, target.parent))
    return LINKED


def copy(root: Path) -> Path:
    """The collection below `root`, with just the files that git would take."""
    target = root / COLLECTION
    _empty(target)
    for name in _files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name, follow_symlinks=False)
    # Tools that ask git for the files would find the checkout around the copy, in which the copy is ignored.
    subprocess.run(["git", "init", "--quiet", str(target)], check=True, stdin=subprocess.DEVNULL)
    return target


def _empty(target: Path) -> None:
    """All of an earlier copy goes but the output of ansible-test, which keeps its environments there."""
    output = target / "tests" / "output"
    kept = target.with_name("output")
    if output.is_dir():
        shutil.rmtree(kept, ignore_errors=True)
        output.rename(kept)
    shutil.rmtree(target, ignore_errors=True)
    output.parent.mkdir(parents=True)
    if kept.is_dir():
        kept.rename(output)


def _files() -> list[str]:
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    # A file that is deleted but not yet committed is still listed.
    return [name for name in answer.stdout.split("\0") if name and os.path.lexists(ROOT / name)]
