# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment variables of a test: nothing of the user's clouds, proxies or Ansible, and a home of its own."""

from __future__ import annotations

import os
from pathlib import Path

from .interpreters import Interpreter
from .lanes import Lane
from .paths import CACHE

# What a test may see of the user's environment.
KEPT = ("LANG", "LC_ALL", "TERM", "TZ", "USER", "CI")


def home(name: str) -> Path:
    """A home directory below the cache, so that a test neither reads the user's settings nor writes among them."""
    path = CACHE / "homes" / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def settings(lane: Lane, pythons: dict[str, Interpreter], home_name: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    scratch = CACHE / "tmp" / home_name
    scratch.mkdir(parents=True, exist_ok=True)
    return {
        "LC_ALL": "C.UTF-8",
        **kept,
        "HOME": str(home(home_name)),
        "PATH": search_path(lane, pythons),
        "TMPDIR": str(scratch),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
    }


def search_path(lane: Lane, pythons: dict[str, Interpreter]) -> str:
    """The lane's tools, then real interpreters: ansible-test runs pythonX.Y by name and gives up at a failing shim."""
    links = CACHE / "pythons"
    links.mkdir(parents=True, exist_ok=True)
    for interpreter in pythons.values():
        name = links / f"python{interpreter.version}"
        if not name.is_symlink() or name.readlink() != interpreter.path:
            name.unlink(missing_ok=True)
            name.symlink_to(interpreter.path)
    others = [folder for folder in os.get_exec_path() if Path(folder).name != "shims"]
    return os.pathsep.join([str(lane.python.parent), str(links), *others])
