# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints which wing of plugins/module_utils imports which, read from the sources (`make house`)."""

from __future__ import annotations

import ast
import collections
from pathlib import Path

UTILS = Path(__file__).resolve().parents[2] / "plugins" / "module_utils"
PREFIX = "ansible_collections.objectstore.batch.plugins.module_utils"


def imported(path: Path) -> set[str]:
    """Return the files of module_utils that a file imports, at whatever depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            start = (node.module or "")[len(PREFIX) :].strip(".")
            names = {".".join(filter(None, (start, name.name))) for name in node.names}
            found |= {name for name in {start, *names} if (UTILS / (name.replace(".", "/") + ".py")).is_file()}
    return found


def arrows() -> collections.Counter[tuple[str, str]]:
    """Return how many files of one wing import how many of another."""
    count: collections.Counter[tuple[str, str]] = collections.Counter()
    for path in sorted(UTILS.rglob("*.py")):
        wing = path.relative_to(UTILS).with_suffix("").parts[0]
        count.update((wing, name.split(".")[0]) for name in imported(path) if name.split(".")[0] != wing)
    return count


def main() -> None:
    found = arrows()
    for wing in sorted({start for start, _end in found}):
        ends = ", ".join(f"{end} ({found[start, end]})" for start, end in sorted(found) if start == wing)
        print(f"{wing:<11} -> {ends}")
    print(f"{len(found)} arrows between {len({wing for arrow in found for wing in arrow})} wings")


if __name__ == "__main__":
    main()
