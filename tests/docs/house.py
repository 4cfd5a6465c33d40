# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints and draws which wing of plugins/module_utils imports which, read from the sources (`make house`)."""

from __future__ import annotations

import ast
import collections
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UTILS = ROOT / "plugins" / "module_utils"
TARGET = ROOT / "docs" / "design" / "house.svg"
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


WIDTH, HEIGHT, BOX, TALL = 760, 110, 118, 38
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
Drawn from the sources by `make house`.
-->
<title id="title">The wings of plugins/module_utils by floors; each line leads down, to a wing that is imported</title>
<style>
  text {{ font: 14px monospace; text-anchor: middle; fill: #1f2328; }}
  .floor {{ font-size: 12px; fill: #59636e; }}
  rect {{ fill: #f6f8fa; stroke: #59636e; }}
  path {{ fill: none; stroke: #0969da; stroke-opacity: 0.55; }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e4e6ea; }}
    .floor {{ fill: #9aa4b0; }}
    rect {{ fill: #22262c; stroke: #9aa4b0; }}
    path {{ stroke: #8ab8ff; }}
  }}
</style>
"""


def floors(found: collections.Counter[tuple[str, str]]) -> dict[str, int]:
    """Return the floor of each wing: one above the highest that it imports.

    :raises ValueError: the wings import one another in a circle.
    """
    wings = sorted({wing for arrow in found for wing in arrow})
    known: dict[str, int] = {}
    while len(known) < len(wings):
        ready = {}
        for wing in wings:
            below = [end for start, end in found if start == wing]
            if wing not in known and all(end in known for end in below):
                ready[wing] = 1 + max((known[end] for end in below), default=0)
        if not ready:
            raise ValueError(f"a circle among {sorted(set(wings) - set(known))}")
        known |= ready
    return known


def draw(found: collections.Counter[tuple[str, str]]) -> str:
    """Return the picture: a row of boxes a floor, and a line for each arrow, thicker where it stands for more files."""
    level = floors(found)
    top = max(level.values())
    place = {}
    for floor in range(1, top + 1):
        row = sorted(wing for wing in level if level[wing] == floor)
        for number, wing in enumerate(row):
            x = 60 + (WIDTH - 60) * (2 * number + 1) // (2 * len(row))
            place[wing] = (x, (top - floor) * HEIGHT + 40)
    text = HEAD.format(width=WIDTH, height=top * HEIGHT - 10)
    for (start, end), count in sorted(found.items()):
        (x, y), (to_x, to_y) = place[start], place[end]
        y, to_y = y + TALL // 2, to_y - TALL // 2
        bend = (to_y - y) // 2
        curve = f"M{x} {y} C{x} {y + bend} {to_x} {to_y - bend} {to_x} {to_y}"
        text += f'<path d="{curve}" stroke-width="{1 + min(count, 40) / 10:g}"/>\n'
    for wing, (x, y) in sorted(place.items()):
        text += f'<rect x="{x - BOX // 2}" y="{y - TALL // 2}" width="{BOX}" height="{TALL}" rx="6"/>\n'
        text += f'<text x="{x}" y="{y + 5}">{wing}</text>\n'
    for floor in range(1, top + 1):
        text += f'<text class="floor" x="28" y="{(top - floor) * HEIGHT + 44}">floor {floor}</text>\n'
    return text + "</svg>\n"


def main() -> None:
    found = arrows()
    for wing in sorted({start for start, _end in found}):
        ends = ", ".join(f"{end} ({found[start, end]})" for start, end in sorted(found) if start == wing)
        print(f"{wing:<11} -> {ends}")
    print(f"{len(found)} arrows between {len({wing for arrow in found for wing in arrow})} wings")
    TARGET.write_text(draw(found), encoding="utf-8")


if __name__ == "__main__":
    main()
