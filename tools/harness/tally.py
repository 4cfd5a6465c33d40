# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts the tests of a run from the report of nox and the JUnit files of the runners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any
from xml.etree import ElementTree

COUNTING = (
    "Counted: pytest and sanity tests in every run of them (per ansible-core; units, compile and import per target\n"
    "Python, too), integration targets per ansible-core, and one for each other session."
)


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: tuple[str, ...] = ()  # a line each: a log may be kept in part only
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        names = "".join(f"FAILED {name}\n" for name in self.failed)
        return f"{names}{COUNTING}\n{self.passed} passed, {len(self.failed)} failed, {self.skipped} skipped"


def count(sessions: Sequence[dict[str, Any]], reports: Path) -> Tally:
    """Add up sessions, as nox reports them; one that failed, or ran no test, never counts as passed."""
    return sum((_count(session["name"], session["result"], reports) for session in sessions), Tally())


def _count(name: str, result: str, reports: Path) -> Tally:
    itself = (f"{name}: the session ({result})",)
    if not (reports / name).is_dir():
        return {"success": Tally(1), "skipped": Tally(0, (), 1)}.get(result, Tally(0, itself))
    tallies = [_read(file, name) for file in (reports / name).glob("*.xml")]
    tally = sum(tallies, Tally())
    if "integration" in name:
        # A target is a playbook. Its file lists each task, and lists a rescued task as failed.
        lost = () if result == "success" else tuple(one.failed[-1] for one in tallies if one.failed)
        tally = Tally(len(tallies) - len(lost), lost)
    if tally.failed or (result == "success" and tally.passed):
        return tally
    return Tally(max(0, tally.passed - 1), itself, tally.skipped)


def _read(file: Path, name: str) -> Tally:
    try:
        cases = list(ElementTree.parse(file).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        return Tally(failed=(f"{name}: {file.name} cannot be read: {error}",))
    found = [(case, problem) for case in cases for problem in [*case.iter("failure"), *case.iter("error")][:1]]
    words = ((case.get("classname"), case.get("name"), one.get("message") or one.text) for case, one in found)
    failed = tuple(f"{name}: " + shorten(" ".join(filter(None, said)), 400) for said in words)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Tally(len(cases) - len(failed) - skipped, failed, skipped)
