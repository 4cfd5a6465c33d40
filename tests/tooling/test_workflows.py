# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workflows and texts name targets of make and sessions of nox that exist; workflows have few rights."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from checklist.tree import Tree
from prose import words

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
DOCUMENTED = set(re.findall(r"^([a-z-]+):.*  ## .*\(.+\)", MAKEFILE, re.MULTILINE))
MAKE = re.compile(r"(?:[`\"]make|\$ make|run: make|\"make\", \")(?: |(?<=\"))([a-z][a-z-]*)")
NOX = re.compile(r"\bnox -R?s ([a-z][a-z-]*)")


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_runs_what_there_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    runs = [step["run"] for step in steps(workflow) if "run" in step]
    assert runs
    for run in runs:
        is_pinned = re.fullmatch(r"python -m pip install [a-z]+==[\d.]+", run)
        assert is_pinned or (run.startswith("make ") and run.split()[1] in TARGETS), run
    for step in steps(workflow):
        assert re.fullmatch(r"(actions/[a-z-]+|vale-cli/vale-action)@v\d+", step.get("uses", "actions/none@v1"))
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_the_run_of_ci_calls_what_there_is() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = re.findall(r"^make ([a-z-]+)", script, re.MULTILINE)
    assert called == ["test", "test-oldest"] and set(called) <= TARGETS


def test_few_targets_and_each_explained() -> None:
    """A line of `make help` ends with how long the target takes, in parentheses."""
    assert len(DOCUMENTED) <= 12
    assert {"help", "chromium"} == TARGETS - DOCUMENTED
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in sorted(DOCUMENTED) if f"`make {name}`" not in contributing] == []
    assert len((ROOT / "noxfile.py").read_text(encoding="utf-8").splitlines()) <= 200


def test_texts_name_what_there_is() -> None:
    tree = Tree(ROOT)
    sessions = {*tree.sessions, "newest", "importer", "oldest", "emulator-wheel", "pins", "eda"}
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    files = [ROOT / name for name in names if Path(name).suffix in (".md", ".rst", ".py", ".yml", ".toml", ".txt")]
    targets, called = set(), set()
    for file in files:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        targets |= {(tree.label(file), name) for name in MAKE.findall(text)}
        called |= {(tree.label(file), name) for name in NOX.findall(text)}
    assert len(targets) > 30
    assert len(called) > 10
    assert [pair for pair in sorted(targets) if pair[1] not in TARGETS] == []
    assert [pair for pair in sorted(called) if pair[1] not in sessions] == []


def test_vale_reads_the_word_list_of_make_lint() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    [vale] = [step for step in workflow["jobs"]["vale"]["steps"] if "vale" in step.get("uses", "")]
    assert re.fullmatch(r"\d+\.\d+\.\d+", vale["with"]["version"]) and vale["with"]["fail_on_error"] is True
    settings = dict(
        line.split(" = ") for line in (ROOT / ".vale.ini").read_text(encoding="utf-8").splitlines() if " = " in line
    )
    assert ROOT / settings["StylesPath"] / settings["BasedOnStyles"] / "Words.yml" == words.WORDS


def test_the_night_covers_every_core() -> None:
    nightly = yaml.safe_load((ROOT / ".github" / "workflows" / "nightly.yml").read_text(encoding="utf-8"))
    assert nightly["jobs"]["core"]["strategy"]["matrix"]["core"] == Tree(ROOT).cores


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.name)
def test_a_form_can_be_filled_in(file: Path) -> None:
    form = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields) > 2
    assert all(field["attributes"]["label"] for field in fields)
