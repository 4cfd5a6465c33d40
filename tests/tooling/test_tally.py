# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The count of tests never hides a failure, and nothing run is a failure, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.tally import Tally, count

PASSED = "<testcase name='a'/>"
FAILED = "<testcase name='b'><failure/></testcase>"
ERROR = "<testcase name='c'><error/></testcase>"
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
        ("failed", [], Tally(0, 1)),
        ("aborted", [], Tally(0, 1)),
        ("skipped", [], Tally(0, 0, 1)),
        ("success", [PASSED * 3 + SKIPPED], Tally(3, 0, 1)),
        ("success", [PASSED, PASSED * 2], Tally(3)),
        ("failed", [PASSED * 3 + FAILED + ERROR], Tally(3, 2)),
        ("success", [PASSED, FAILED], Tally(1, 1)),
        # It says that it failed, and nothing else does.
        ("failed", [PASSED * 3], Tally(2, 1)),
        ("failed", [""], Tally(0, 1)),
        # Nothing was run.
        ("success", [""], Tally(0, 1)),
        ("success", [SKIPPED], Tally(0, 1, 1)),
        ("success", [PASSED, "not XML"], Tally(1, 1)),
    ],
)
def test_a_session(tmp_path: Path, result: str, files: list[str], total: Tally) -> None:
    assert counted(tmp_path, result, *files) == total


def test_integration_counts_targets(tmp_path: Path) -> None:
    assert counted(tmp_path, "success", PASSED * 9, PASSED * 7, name="integration") == Tally(2)
    assert counted(tmp_path, "failed", PASSED * 9, PASSED + FAILED, name="integration") == Tally(1, 1)


def test_sessions_add_up(tmp_path: Path) -> None:
    counted(tmp_path, "success", PASSED * 3)
    sessions = [{"name": "units", "result": "success"}, {"name": "ruff", "result": "failed"}]
    assert count(sessions, tmp_path) == Tally(3, 1)
    assert str(count(sessions, tmp_path)) == "3 passed, 1 failed, 0 skipped"
