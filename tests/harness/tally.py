# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many tests the reports of a run tell of: those of nox, and the JUnit files of the runners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

COUNTING = (
    "Counted: pytest and sanity tests in every run of them (per ansible-core; units, compile and import per target\n"
    "Python, too), integration targets per ansible-core, and one for each other session."
)


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def count(sessions: Sequence[dict[str, Any]], reports: Path) -> Tally:
    """Add up sessions, as nox reports them; one that failed, or ran no test, never counts as passed."""
    return sum((_count(session, reports / session["name"]) for session in sessions), Tally())


def _count(session: dict[str, Any], folder: Path) -> Tally:
    result = session["result"]
    if not folder.is_dir():
        return {"success": Tally(1), "skipped": Tally(0, 0, 1)}.get(result, Tally(0, 1))
    files = sorted(folder.glob("*.xml"))
    # A target is a playbook, whose file tells of each task.
    tally = Tally(len(files)) if "integration" in session["name"] else sum(map(_read, files), Tally())
    if result == "success" and (tally.passed or tally.failed):
        return tally
    return tally if tally.failed else Tally(max(0, tally.passed - 1), 1, tally.skipped)


def _read(file: Path) -> Tally:
    try:
        cases = list(ElementTree.parse(file).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Tally(failed=1)
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Tally(len(cases) - failed - skipped, failed, skipped)
