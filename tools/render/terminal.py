# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command in a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 80
ROWS = 40


def environment(directory: Path) -> dict[str, str]:
    """Return the environment of a command of Ansible in a terminal, with this directory as its home."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "HOME": str(directory),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
        "ANSIBLE_NOCOWS": "1",
    }


def run(
    command: Sequence[str], directory: Path, environment: dict[str, str], columns: int = COLUMNS
) -> Iterator[tuple[float, bytes]]:
    """Run a command in a terminal; yield what it prints, with the seconds since its start.

    :raises RuntimeError: the command failed; the text is what it printed.
    """
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    began = time.monotonic()
    raw = b""
    with subprocess.Popen(
        command, cwd=directory, env=environment, stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:  # Linux reports a closed terminal in this way.
                break
            raw += chunk
            yield time.monotonic() - began, chunk
    os.close(leader)
    if process.returncode:
        raise RuntimeError(raw.decode())
