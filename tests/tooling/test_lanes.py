# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-core is tested on which Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import lanes
from harness.interpreters import Interpreter


def pythons(*versions: str) -> dict[str, Interpreter]:
    return {version: Interpreter(version, Path("bin") / f"python{version}", True) for version in versions}


@pytest.mark.parametrize(
    ("versions", "newest", "oldest"),
    [
        (("3.9", "3.10", "3.11", "3.12", "3.13"), ("2.21", "3.13"), ("2.16", "3.11")),
        (("3.12", "3.13"), ("2.21", "3.13"), ("2.16", "3.12")),
        (("3.11", "3.12"), ("2.21", "3.12"), ("2.16", "3.11")),
        (("3.10", "3.11"), ("2.19", "3.11"), ("2.16", "3.10")),
        (("3.9", "3.11"), ("2.19", "3.11"), None),
        (("3.11",), ("2.19", "3.11"), None),
        (("3.12",), ("2.21", "3.12"), None),
        (("3.14",), ("2.21", "3.14"), None),
    ],
)
def test_choice(versions: tuple[str, ...], newest: tuple[str, str], oldest: tuple[str, str] | None) -> None:
    found = pythons(*versions)
    first = lanes.newest(found)
    second = lanes.oldest(found, first)
    assert (first.core, first.interpreter.version) == newest
    assert (second and (second.core, second.interpreter.version)) == oldest


@pytest.mark.parametrize("versions", [(), ("3.9", "3.10")])
def test_no_python_that_fits(versions: tuple[str, ...]) -> None:
    with pytest.raises(lanes.NoPython, match=r"No Python of 3\.11, 3\.12, 3\.13, 3\.14"):
        lanes.newest(pythons(*versions))
