# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every row of job_differences.py names tests that exist."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

import pytest

from .job_differences import ROWS, Row

TESTS = Path(__file__).resolve().parents[1]


@lru_cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def missing(folder: Path, named: str) -> bool:
    """Whether a test is not there; a name without a function stands for all tests of a file."""
    file, _colons, name = named.partition("::")
    found = functions(folder / file) if (folder / file).is_file() else set()
    return not found or (bool(name) and name not in found)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_difference_is_shown_by_tests(row: Row) -> None:
    assert row.emulator and row.product
    assert [test for test in row.emulator if missing(TESTS / "conformance", test)] == []
    assert [test for test in row.product if missing(TESTS, test)] == []


def test_a_row_is_a_difference() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) > 35
    same = [row.name for row in ROWS if row.aws == row.cos == row.oss]
    assert same == []


def test_a_test_that_is_not_there_is_found() -> None:
    assert missing(TESTS / "conformance", "test_oss.py::test_nothing_of_the_kind")
    assert missing(TESTS / "conformance", "test_of_nobody.py")
    assert not missing(TESTS / "conformance", "test_oss.py")
