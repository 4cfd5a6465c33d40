# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds and ends the processes that a run left behind (Linux)."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

import psutil

PR_SET_CHILD_SUBREAPER = 36
# For processes that end when they notice that their parent has ended. On a busy machine, this takes longer.
GRACE_SECONDS = 60


def adopt_orphans() -> bool:
    """Makes this process the parent of every descendant whose own parent ends; False where that is not to be had."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def end_leftovers(grace: float = GRACE_SECONDS) -> list[str]:
    """The command lines of descendants that outlived the run and had to be killed."""
    commands = []
    # A killed process can leave children, or start some before it ends.
    while left := psutil.wait_procs(psutil.Process().children(recursive=True), grace)[1]:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                commands.append(" ".join(process.cmdline()))
                process.kill()
    return commands
