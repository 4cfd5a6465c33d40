# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The count of tests never hides a failure, and nothing run is a failure, too."""

from __future__ import annotations

import pytest
from harness import tally
from harness.tally import Reader, Tally

SANITY = """\
Running sanity test "compile" on Python 2.7
Running sanity test "compile" on Python 3.9
WARNING: Skipping sanity test "compile" on Python 3.14 because it could not be found.
Running sanity test "pep8"
Running sanity test "pylint"
WARNING: Reviewing previous 1 warning(s):
WARNING: Skipping sanity test "compile" on Python 3.14 because it could not be found.
"""
TARGETS = "Running one integration test role\nRunning two integration test role\n"


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("===== 12 passed in 0.82s =====", (12, 0, 0)),
        ("12 passed in 61.02s (0:01:01)", (12, 0, 0)),
        ("== 1 failed, 3 passed, 2 skipped, 1 warning in 1.00s ==", (3, 1, 2)),
        ("== 3 passed, 1 error in 1.00s ==", (3, 1, 0)),
        ("== 3 passed, 2 deselected, 1 xfailed, 1 xpassed in 1.00s ==", (5, 0, 0)),
    ],
)
def test_closing_line_of_pytest(line: str, counts: tuple[int, int, int]) -> None:
    found = tally.pytest(f"collected 3 items\n{line}\n", True)
    assert (found.passed, found.failed, found.skipped) == counts
    assert found.closing == (line,)


def test_a_warning_of_ansible_doc_is_a_failure() -> None:
    assert tally.silent("> MODULE objectstore.batch.x\n", True) == Tally(passed=1)
    assert tally.silent("[WARNING]: objectstore.batch.x was not found\n", True) == Tally(failed=1)


def test_runs_of_pytest_add_up() -> None:
    log = "WARNING: Skipping unit tests on Python 3.14 because it could not be found.\n" * 2
    found = tally.units(log + "== 2 passed in 1.00s ==\n== 3 passed in 1.00s ==\n", True)
    assert (found.passed, found.failed, found.skipped) == (5, 0, 1)


def test_sanity_counts_what_concerns_this_collection() -> None:
    found = tally.sanity(SANITY, True)
    assert (found.passed, found.failed, found.skipped) == (3, 0, 1)


def test_failed_sanity_tests_are_not_passed_ones() -> None:
    closing = "FATAL: The 2 sanity test(s) listed below (out of 3) failed. See error output above for details."
    found = tally.sanity(f"{SANITY}{closing}\npep8\npylint\n", False)
    assert (found.passed, found.failed, found.skipped) == (1, 2, 1)
    assert closing in found.closing


def test_integration_counts_targets() -> None:
    assert tally.integration(TARGETS, True).passed == 2
    assert tally.integration(TARGETS, False) == Tally(1, 1)


@pytest.mark.parametrize("reader", [tally.pytest, tally.units, tally.sanity, tally.integration])
@pytest.mark.parametrize("succeeded", [True, False])
def test_a_silent_run_has_failed(reader: Reader, succeeded: bool) -> None:
    found = tally.read("", succeeded, reader)
    assert (found.passed, found.failed) == (0, 1)


def test_a_failed_command_is_never_all_passed() -> None:
    found = tally.read("== 3 passed in 1.00s ==\n", False, tally.pytest)
    assert (found.passed, found.failed) == (3, 1)
