# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compiles what we ask for into pinned versions for every Python that it is for."""

from __future__ import annotations

import os
import subprocess

from .environments import installer
from .interpreters import Interpreter
from .lanes import NoPython
from .paths import REQUIREMENTS

# What is compiled, into what, for which lowest Python.
PINS = (
    ("newest.in", "newest.txt", "3.11"),
    ("oldest.in", "oldest.txt", "3.10"),
    ("units.in", "../tests/unit/constraints.txt", "3.9"),
    ("../tests/integration/requirements.txt", "../tests/integration/constraints.txt", "3.9"),
)


def compile_all(pythons: dict[str, Interpreter]) -> None:
    uv = installer(pythons) / "bin" / "uv"
    if not uv.exists():
        raise NoPython("uv is not to be had for this machine, and only uv compiles the pins.")
    # The addresses of a machine's own package index have no place in the pins.
    settings = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make pins"}
    for source, target, floor in PINS:
        command = [str(uv), "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", floor]
        command += ["--annotation-style", "line", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["--override", "overrides.txt", "--output-file", target, source]
        subprocess.run(
            command, check=True, cwd=REQUIREMENTS, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
