# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders docs/collection-requirements.md: `make render`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from checklist.rows import judged
from checklist.tree import Tree

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "collection-requirements.md"
HEAD = """\
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Collection requirements

This page lists the requirements for Ansible collections, and shows which of them this collection meets.
The sources are (R) Ansible's requirements for collections, (C) the checklist for inclusion in the `ansible` package,
(P) Red Hat's certification, and (G) the developer guide of amazon.aws. They were read in 2026. Read the live pages
before you submit the collection. The tests check each requirement. The last column lists what a person must do at a
public place after the check has passed. `make render` writes this page.

{counts}.

| # | requirement | level | source | state | checked by | task for a person |
| --- | --- | --- | --- | --- | --- | --- |
"""


def render(tree: Tree) -> str:
    """Return the page."""
    rows = judged(tree)
    counts = Counter(row.state(problems) for row, problems in rows)
    text = HEAD.format(counts=", ".join(f"{state}: {count}" for state, count in sorted(counts.items())).capitalize())
    for row, problems in rows:
        state = row.state(problems)
        person = row.person if not problems else "; ".join(problems)
        text += f"| {row.number} | {row.item} | {row.level} | {row.source} | {state} | {row.how} | {person} |\n"
    return text


def main() -> None:
    """Write the page, and print the problems."""
    tree = Tree(ROOT)
    TARGET.write_text(render(tree), encoding="utf-8")
    for row, problems in judged(tree):
        for problem in problems:
            print(f"row {row.number} ({row.item}): {problem}")
