# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python interpreters of this machine, each found by running it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# From the oldest target to the newest controller of any supported ansible-core.
VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

PROBE = """
import importlib.util, sys
print("%d.%d" % sys.version_info[:2], importlib.util.find_spec("ensurepip") is not None, sys.executable, sep="\\n")
"""


@dataclass(frozen=True)
class Interpreter:
    version: str
    path: Path
    has_pip: bool


def find() -> dict[str, Interpreter]:
    """One interpreter of each version; one that can make an environment with pip goes before one that cannot."""
    found: dict[str, Interpreter] = {}
    for version in VERSIONS:
        for candidate in _candidates(version):
            interpreter = _probe(candidate)
            if interpreter is None or interpreter.version != version:
                continue
            found.setdefault(version, interpreter)
            if interpreter.has_pip:
                found[version] = interpreter
                break
    return found


def _candidates(version: str) -> Iterator[Path]:
    name = f"python{version}"
    if sys.version.startswith(version + "."):
        # The base of a virtual environment outlives it.
        yield Path(getattr(sys, "_base_executable", sys.executable))
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(versions.glob(f"{version}.*/bin/{name}"), reverse=True)
    for folder in os.get_exec_path():
        executable = shutil.which(name, path=folder)
        if executable:
            yield Path(executable)


def _probe(path: Path) -> Interpreter | None:
    """The shims of a version manager exist for versions that are not active, too, and fail when they are run."""
    try:
        answer = subprocess.run(
            [str(path), "-I", "-c", PROBE],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        version, has_pip, executable = answer.stdout.splitlines()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter(version, Path(executable), has_pip == "True")
