# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders docs/checklist.md: `make render`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from checklist.rows import judged
from checklist.tree import Tree

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "checklist.md"
HEAD = """\
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# What a collection is asked for, and where this one stands

The rows come from (R) Ansible's requirements for collections, (C) the checklist of the inclusion in the `ansible`
package, (P) Red Hat's certification and (G) the developer guide of amazon.aws, as they read in 2026; read the live
pages before you submit. Each is checked by the tests; a row that needs a public place says what a person has to do
there once the check has passed. This page is rendered by `make render`.

{counts}.

| # | asked for | level | from | state | checked by | for a person |
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
    """Write the page, and print what is wrong."""
    tree = Tree(ROOT)
    TARGET.write_text(render(tree), encoding="utf-8")
    for row, problems in judged(tree):
        for problem in problems:
            print(f"row {row.number} ({row.item}): {problem}")
