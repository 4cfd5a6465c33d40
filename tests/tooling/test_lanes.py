# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every contract test runs with every ansible-core, or somebody has said why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from harness import lanes
from harness.pythons import CORES, LANES

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.stem.partition("_")[2]: path for path in (ROOT / "tests" / "contract").glob("test_*.py")}
PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")} - {"awx_setup", "awx_failure"}


def test_every_file_stands_in_one_of_the_lists() -> None:
    every = {name.partition("::")[0] for name in lanes.EVERY_LANE}
    assert every | set(lanes.ONE_LANE) == set(FILES)
    assert not every & set(lanes.ONE_LANE)
    assert all(len(reason.split()) > 3 for reason in lanes.ONE_LANE.values())


def test_single_tests_are_there() -> None:
    for name in (*lanes.EVERY_LANE, *lanes.VARIANTS):
        file, _colons, test = name.partition("[")[0].partition("::")
        source = FILES[file].read_text(encoding="utf-8")
        assert not test or re.search(rf"^def {test}\(", source, re.MULTILINE), name


def test_what_runs_in_every_lane_does_not_wait() -> None:
    assert not set(lanes.EVERY_LANE) & set(lanes.VARIANTS)
    assert all(len(reason.split()) > 3 for reason in lanes.VARIANTS.values())


def test_no_variant_takes_another_test_along() -> None:
    """pytest deselects whatever begins with a name."""
    for name in lanes.VARIANTS:
        file, _colons, test = name.partition("::")
        found = re.findall(r"^def (test_\w+)\(", FILES[file].read_text(encoding="utf-8"), re.MULTILINE)
        others = [other for other in found if test and other.startswith(test) and other != test]
        assert all(f"{file}::{other}" in lanes.VARIANTS for other in others), others


def test_every_role_and_playbook_runs_in_every_lane() -> None:
    """Playbooks by the one test of how each of them ends; roles by the name of their own test."""
    source = FILES["playbook_hosts"].read_text(encoding="utf-8")
    forms = re.search(r"^FORMS\b.*?^}", source, re.MULTILINE | re.DOTALL)
    assert forms and set(re.findall(r'^    "([a-z_]+)":', forms[0], re.MULTILINE)) == PLAYBOOKS
    assert "playbook_ends" in lanes.EVERY_LANE
    roles = {path.name for path in (ROOT / "roles").iterdir()} - {"awx_setup"}
    every = {name.partition("::")[0] for name in lanes.EVERY_LANE}
    assert roles <= every, roles - every


@pytest.mark.parametrize("lane", LANES)
def test_every_lane_has_pins_with_hashes(lane: str) -> None:
    pins = (ROOT / "requirements" / f"{lane}.txt").read_text(encoding="utf-8")
    _head, *packages = re.split(r"^(?=[A-Za-z0-9])", pins, flags=re.MULTILINE)
    assert len(packages) > 20
    assert [package for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("core", CORES)
def test_the_pins_of_a_core_are_its_own(core: str) -> None:
    pins = (ROOT / "requirements" / f"core-{core}.txt").read_text(encoding="utf-8")
    assert re.findall(r"^ansible-core==(\d+\.\d+)\.", pins, re.MULTILINE) == [core]


def test_the_sources_of_pins() -> None:
    """One source a lane; those of the cores are derived from the file that lanes share."""
    names = {path.stem for path in (ROOT / "requirements").glob("*.in")}
    assert names == {"tools", "newest", "oldest", "importer", "lane", "units", "eda"}
