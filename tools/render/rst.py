# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the examples of the guides (`.. code-block::`), and the comments of examples that are not run."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "docsite" / "rst"
_BLOCK = re.compile(r"^(?P<indent> *)\.\. code-block:: *(?P<language>\S+)$")
_NOT_RUN = re.compile(r"^ *\.\. not run: (?P<reason>\S.*)$")
_OPTION = re.compile(r"^ +:(?P<name>[a-z-]+):(?: (?P<value>.*))?$")


class Example(NamedTuple):
    """One example as printed."""

    language: str
    text: str
    line: int
    name: str
    """What its option `:name:` says, to find it by; or nothing."""
    not_run: str
    """Why no test runs it, from a comment `.. not run: REASON` right before it; or nothing."""


def examples(guide: Path) -> list[Example]:
    """The examples of a guide, in its order.

    :raises ValueError: an example is empty, or no example follows a reason.
    """
    lines = guide.read_text(encoding="utf-8").splitlines()
    found, reason = [], ""
    for number, line in enumerate(lines):
        if said := _NOT_RUN.match(line):
            reason = said["reason"]
        elif start := _BLOCK.match(line):
            found.append(_example(guide, lines, number, start, reason))
            reason = ""
        elif line.strip() and reason:
            raise ValueError(f"{guide.name}:{number + 1}: no example follows 'not run: {reason}'")
    return found


def _example(guide: Path, lines: list[str], start: int, head: re.Match[str], reason: str) -> Example:
    inside = []
    for line in lines[start + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= len(head["indent"]):
            break
        inside.append(line)
    options = {}
    while inside and (option := _OPTION.match(inside[0])):
        options[option["name"]] = option["value"] or ""
        inside.pop(0)
    text = textwrap.dedent("\n".join(inside)).strip("\n")
    if not text:
        raise ValueError(f"{guide.name}:{start + 1}: the example is empty")
    return Example(head["language"], text + "\n", start + 1, options.get("name", ""), reason)
