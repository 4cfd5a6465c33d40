# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands of Ansible as subprocess.run does, from processes that are prepared for it (quick_start.py)."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import tempfile
import typing as t
from pathlib import Path

START = Path(__file__).with_name("quick_start.py")
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "packages"
LOCALE = "C.UTF-8"
SECONDS = 1800
"""Only a command that hangs takes this long."""


class Starter:
    """A process that runs one command after the other."""

    def __init__(self, python: Path) -> None:
        own, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            words = [str(python), str(START), str(CACHE), str(its.fileno())]
            # Nothing of this process's environment.
            env = {"LC_ALL": LOCALE, "PATH": os.defpath}
            self.process = subprocess.Popen(words, env=env, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
        self.channel = own

    def run(self, command: list[str], folder: Path, environment: dict[str, str], streams: list[int]) -> int:
        """Return the exit status, or that of a command that was killed, as subprocess.run does."""
        asked = {"command": command, "folder": str(folder), "environment": environment}
        socket.send_fds(self.channel, [json.dumps(asked).encode()], streams)
        self.channel.settimeout(SECONDS)
        child = int(self.channel.recv(99))
        try:
            return int(self.channel.recv(99))
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise

    def close(self) -> None:
        self.channel.close()
        self.process.wait()


_idle: dict[Path, list[Starter]] = {}


def run(
    command: list[str], cwd: Path, env: dict[str, str], stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run a command without input and return what it printed; a script of the environment that its Python is in."""
    python = Path(command[0]).with_name("python")
    if env.get("LC_ALL") != LOCALE or any(name.startswith("PYTHON") for name in env):
        return plain(command, cwd, env, stderr)
    waiting = _idle.setdefault(python, [])
    starter = waiting.pop() if waiting else _start(python)
    with open(os.devnull, "rb") as nothing, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        streams = [nothing.fileno(), out.fileno(), (out if stderr == subprocess.STDOUT else err).fileno()]
        code = starter.run(command, cwd, env, streams)
        waiting.append(starter)
        texts = [_text(out), None if stderr == subprocess.STDOUT else _text(err)]
    return subprocess.CompletedProcess(command, code, *texts)


def plain(
    command: list[str], cwd: Path, env: dict[str, str], stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user starts it."""
    more: dict[str, t.Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": stderr, "text": True}
    return subprocess.run(command, cwd=cwd, env=env, timeout=SECONDS, check=False, **more)


def _start(python: Path) -> Starter:
    starter = Starter(python)
    atexit.register(starter.close)
    return starter


def _text(file: t.IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n").replace("\r", "\n")
