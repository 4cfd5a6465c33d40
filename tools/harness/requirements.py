# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compiles requirements/*.in into pinned versions, with hashes."""

from __future__ import annotations

import os
import subprocess

from . import ROOT, pip
from .pythons import CORES
from .sessions import UV

# Sources, target, and the lowest Python of each; ansible-test reads the constraints.
_PINS = (
    ("tools.in", "tools.txt", "3.10"),
    ("newest.in", "newest.txt", "3.11"),
    ("oldest.in", "oldest.txt", "3.10"),
    ("importer.in", "importer.txt", "3.11"),
    ("eda.in", "eda.txt", "3.11"),
    ("units.in", "../tests/unit/constraints.txt", "3.9"),
    ("../tests/integration/requirements.txt", "../tests/integration/constraints.txt", "3.9"),
)
_NOT_RELEASED = {"2.22": "2.22.0rc1"}


def compile_all(*flags: str) -> None:
    """Compile every file; `--upgrade` takes the newest versions, else those stay that still fit."""
    for source, target, python in _PINS:
        _compile(source, target, python, flags)
    for core, pythons in CORES.items():
        wanted = f"-r lane.in\nansible-core=={_NOT_RELEASED.get(core, f'{core}.*')}\n"
        _compile("-", f"core-{core}.txt", pythons[0], flags, wanted)


def _compile(source: str, target: str, python: str, flags: tuple[str, ...], content: str = "") -> None:
    # ansible-test installs more packages than the constraints contain, which pip rejects next to hashes.
    hashes = () if "constraints" in target else ("--generate-hashes",)
    shape = ("--universal", "--annotation-style", "line", "--no-emit-index-url", "--no-emit-find-links")
    files = ("--override", "overrides.txt", "--output-file", target, source)
    command = (UV, "pip", "compile", "--quiet", *flags, *shape, *hashes, "--python-version", python, *files)
    env = {**os.environ, **pip.for_uv(), "UV_CUSTOM_COMPILE_COMMAND": "nox -s pins"}
    cwd = ROOT / "requirements"
    subprocess.run(command, check=True, cwd=cwd, env=env, input=content, text=True, stdout=subprocess.DEVNULL)
