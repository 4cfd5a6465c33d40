# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples that the guides print: their files, tasks, commands, and outputs, and how to run them."""

from __future__ import annotations

import os
import shlex
import sys
import textwrap
import typing as t
from pathlib import Path

import yaml
from render import rst

from .playbooks import Run, launch


def examples(guide: str) -> list[rst.Example]:
    """Return the examples of a guide, in their order."""
    return rst.examples(rst.GUIDES / f"guide_{guide}.rst")


def named(guide: str) -> dict[str, str]:
    """Return the examples of a guide that have a name."""
    return {item.name: item.text for item in examples(guide) if item.name}


def tasks(guide: str, *names: str) -> list[dict[str, t.Any]]:
    """Return the tasks of a guide, or only those of the examples with these names."""
    found = []
    for item in examples(guide):
        if item.language == "yaml" and not item.not_run and (item.name in names or not names):
            content = yaml.safe_load(item.text)
            found += content if isinstance(content, list) and "hosts" not in content[0] else []
    return found


def execute(folder: Path, guide: str, name: str, environment: dict[str, str]) -> Run:
    """Run the command that a guide prints under this name, in a directory that has the files of the guide."""
    program, *words = shlex.split(named(guide)[name].removeprefix("$ ").replace("\\\n", " "))
    tools = Path(sys.executable).parent
    return launch(folder, [str(tools / program), *words], {"PATH": os.defpath, **environment})


def assert_printed(guide: str, name: str, output: str) -> None:
    """Assert that a run printed the lines of this example, in their order."""
    rest = output
    for line in named(guide)[name].splitlines():
        assert line.strip() in rest, f"{line!r} is not in the rest of the output:\n{rest}"
        rest = rest.partition(line.strip())[2]


def write_play(folder: Path, file: str, steps: str) -> None:
    """Write a playbook of these tasks with the connection that the guide to the first change sets."""
    head = named("first_change")["head"].partition("  tasks:\n")[0]
    (folder / file).write_text(f"{head}  tasks:\n{textwrap.indent(steps, '    ')}", encoding="utf-8")
