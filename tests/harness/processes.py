# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds and ends the processes that the steps left behind (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 5


def adopt_orphans() -> bool:
    """Makes this process the parent of every descendant whose own parent ends; False where that is not to be had."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def end_leftovers() -> list[str]:
    """The command lines of descendants that outlived the steps and had to be killed."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := _living_descendants()) and time.monotonic() < deadline:
        time.sleep(0.1)
    commands = [_command(pid) for pid in left]
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return commands


def _living_descendants() -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The command name may hold blanks and brackets; the fields after its last bracket are plain.
            state, parent = (entry / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            children.setdefault(int(parent), []).append(int(entry.name))
    found = []
    queue = [os.getpid()]
    while queue:
        queue += (below := children.get(queue.pop(), []))
        found += below
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", errors="replace").replace("\0", " ").strip()
    except OSError:
        return f"process {pid}"
