# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-core runs on which Python here: the newest that fits, and the oldest where there is a second Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .interpreters import Interpreter
from .paths import REQUIREMENTS, ROOT

# Controller Pythons in the order of preference, with the ansible-core that the pinned requirements give them.
NEWEST = {"3.13": "2.21", "3.12": "2.21", "3.14": "2.21", "3.11": "2.19"}
OLDEST = {"3.11": "2.16", "3.12": "2.16", "3.10": "2.16"}


class NoPython(Exception):
    """No interpreter here can run the tools."""


@dataclass(frozen=True)
class Lane:
    name: str
    core: str
    interpreter: Interpreter
    env: Path

    @property
    def python(self) -> Path:
        return self.env / "bin" / "python"

    def program(self, name: str) -> str:
        return str(self.python.with_name(name))

    @property
    def pins(self) -> Path:
        return REQUIREMENTS / f"{self.name}.txt"

    def __str__(self) -> str:
        return f"{self.name}: ansible-core {self.core} on Python {self.interpreter.version}"


def newest(pythons: dict[str, Interpreter]) -> Lane:
    for version, core in NEWEST.items():
        if version in pythons:
            return Lane("newest", core, pythons[version], ROOT / ".venv")
    raise NoPython(f"No Python of {', '.join(sorted(NEWEST))} was found on PATH or in PYENV_ROOT: install one of them.")


def oldest(pythons: dict[str, Interpreter], other: Lane) -> Lane | None:
    """None where the machine has no second Python for it."""
    for version, core in OLDEST.items():
        if version in pythons and version != other.interpreter.version:
            return Lane("oldest", core, pythons[version], ROOT / ".venv-oldest")
    return None
