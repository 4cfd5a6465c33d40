# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The count of tests never hides a failure, and nothing run is a failure, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.tally import Tally, count

PASSED = "<testcase name='a'/>"
FAILED = "<testcase classname='tests.b' name='b[1]'><failure message='assert&#10;  1 == 2'>long</failure></testcase>"
ERROR = "<testcase name='c'><error>worker gone</error></testcase>"
B, C = "units: tests.b b[1] assert 1 == 2", "units: c worker gone"
SKIPPED = "<testcase name='d'><skipped/></testcase>"


def counted(folder: Path, result: str, *files: str, name: str = "units") -> Tally:
    for number, cases in enumerate(files):
        path = folder / name / f"{number}.xml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            cases if cases.startswith("not") else f"<testsuites><testsuite>{cases}</testsuite></testsuites>"
        )
    return count([{"name": name, "result": result}], folder)


@pytest.mark.parametrize(
    ("result", "files", "total"),
    [
        ("success", [], Tally(1)),
        ("failed", [], Tally(0, ("units: the session (failed)",))),
        ("aborted", [], Tally(0, ("units: the session (aborted)",))),
        ("skipped", [], Tally(0, (), 1)),
        ("success", [PASSED * 3 + SKIPPED], Tally(3, (), 1)),
        ("success", [PASSED, PASSED * 2], Tally(3)),
        ("failed", [PASSED * 3 + FAILED + ERROR], Tally(3, (B, C))),
        ("success", [PASSED, FAILED], Tally(1, (B,))),
        # It says that it failed, and nothing else does.
        ("failed", [PASSED * 3], Tally(2, ("units: the session (failed)",))),
        ("failed", [""], Tally(0, ("units: the session (failed)",))),
        # Nothing was run.
        ("success", [""], Tally(0, ("units: the session (success)",))),
        ("success", [SKIPPED], Tally(0, ("units: the session (success)",), 1)),
        ("success", [PASSED, "not XML"], Tally(1, ("units: 1.xml cannot be read: syntax error: line 1, column 0",))),
    ],
)
def test_a_session(tmp_path: Path, result: str, files: list[str], total: Tally) -> None:
    assert counted(tmp_path, result, *files) == total


def test_integration_counts_targets(tmp_path: Path) -> None:
    assert counted(tmp_path, "success", PASSED * 9, PASSED * 7, name="integration") == Tally(2)
    named = (f"integration{C.removeprefix('units')}",)
    assert counted(tmp_path, "failed", PASSED * 9, PASSED + FAILED + ERROR, name="integration") == Tally(1, named)
    # A task was rescued.
    assert counted(tmp_path, "success", PASSED * 9, PASSED + FAILED, name="integration") == Tally(2)


def test_sessions_add_up(tmp_path: Path) -> None:
    counted(tmp_path, "success", PASSED * 3)
    sessions = [{"name": "units", "result": "success"}, {"name": "ruff", "result": "failed"}]
    first, *_rest, last = str(count(sessions, tmp_path)).splitlines()
    assert (first, last) == ("FAILED ruff: the session (failed)", "3 passed, 1 failed, 0 skipped")
