# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints and draws the imports between the packages of plugins/module_utils, from the sources (`make render`)."""

from __future__ import annotations

import ast
import collections
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UTILS = ROOT / "plugins" / "module_utils"
TARGET = ROOT / "docs" / "design" / "architecture.svg"
PAGE = TARGET.with_suffix(".md")
PREFIX = "ansible_collections.objectstore.batch.plugins.module_utils"


def imported(path: Path) -> set[str]:
    """Return the files of module_utils that a file imports, at whatever depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith(PREFIX)):
            start = (node.module or "")[len(PREFIX) :].strip(".")
            if node.level:
                package = path.relative_to(UTILS).parent.parts
                parts = (*package[: len(package) - node.level + 1], *filter(None, [node.module]))
                start = ".".join(parts)
            names = {".".join(filter(None, (start, name.name))) for name in node.names}
            found |= {name for name in {start, *names} if (UTILS / (name.replace(".", "/") + ".py")).is_file()}
    return found


def imports() -> collections.Counter[tuple[str, str]]:
    """Return how many files of one package import how many of another."""
    count: collections.Counter[tuple[str, str]] = collections.Counter()
    for path in sorted(UTILS.rglob("*.py")):
        package = path.relative_to(UTILS).with_suffix("").parts[0]
        count.update((package, name.split(".")[0]) for name in imported(path) if name.split(".")[0] != package)
    return count


WIDTH, HEIGHT, BOX, TALL = 760, 110, 118, 38
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
Drawn from the sources by `make render`.
-->
<title id="title">The packages of plugins/module_utils by layers; each line leads down to an imported package</title>
<style>
  text {{ font: 14px monospace; text-anchor: middle; fill: #1f2328; }}
  .layer {{ font-size: 12px; fill: #59636e; }}
  rect {{ fill: #f6f8fa; stroke: #59636e; }}
  path {{ fill: none; stroke: #0969da; stroke-opacity: 0.55; }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e4e6ea; }}
    .layer {{ fill: #9aa4b0; }}
    rect {{ fill: #22262c; stroke: #9aa4b0; }}
    path {{ stroke: #8ab8ff; }}
  }}
</style>
"""


def layers(found: collections.Counter[tuple[str, str]]) -> dict[str, int]:
    """Return the layer of each package: one above the highest that it imports.

    :raises ValueError: the packages import one another in a circle.
    """
    packages = sorted({package for pair in found for package in pair})
    known: dict[str, int] = {}
    while len(known) < len(packages):
        ready = {}
        for package in packages:
            below = [end for start, end in found if start == package]
            if package not in known and all(end in known for end in below):
                ready[package] = 1 + max((known[end] for end in below), default=0)
        if not ready:
            raise ValueError(f"a circle among {sorted(set(packages) - set(known))}")
        known |= ready
    return known


def draw(found: collections.Counter[tuple[str, str]]) -> str:
    """Return the picture: a row of boxes a layer, and a line for each pair, thicker where it stands for more files."""
    level = layers(found)
    top = max(level.values())
    place = {}
    for layer in range(1, top + 1):
        row = sorted(package for package in level if level[package] == layer)
        for number, package in enumerate(row):
            x = 60 + (WIDTH - 60) * (2 * number + 1) // (2 * len(row))
            place[package] = (x, (top - layer) * HEIGHT + 40)
    text = HEAD.format(width=WIDTH, height=top * HEIGHT - 10)
    for (start, end), count in sorted(found.items()):
        (x, y), (to_x, to_y) = place[start], place[end]
        y, to_y = y + TALL // 2, to_y - TALL // 2
        bend = (to_y - y) // 2
        curve = f"M{x} {y} C{x} {y + bend} {to_x} {to_y - bend} {to_x} {to_y}"
        text += f'<path d="{curve}" stroke-width="{1 + min(count, 40) / 10:g}"/>\n'
    for package, (x, y) in sorted(place.items()):
        text += f'<rect x="{x - BOX // 2}" y="{y - TALL // 2}" width="{BOX}" height="{TALL}" rx="6"/>\n'
        text += f'<text x="{x}" y="{y + 5}">{package}</text>\n'
    for layer in range(1, top + 1):
        text += f'<text class="layer" x="28" y="{(top - layer) * HEIGHT + 44}">layer {layer}</text>\n'
    return text + "</svg>\n"


PAGE_HEAD = """\
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
Rendered from the sources by `make render`.
-->

# Packages of module_utils

![Packages by layer](architecture.svg)

This page lists the packages of `plugins/module_utils` and the purpose of each file.
`make render` writes it from the sources.
A package imports only packages in lower layers. The numbers after the names are the numbers of imports.

| layer | package | lines | imports |
| --- | --- | --- | --- |
"""


def first_sentence(path: Path) -> str:
    """Return the first sentence of a file's docstring."""
    text = " ".join((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split())
    return text.partition(". ")[0].rstrip(".") + "."


def page(found: collections.Counter[tuple[str, str]]) -> str:
    """Return the page: a table of the packages, then the files of each with what they do."""
    level = layers(found)
    files: dict[str, list[Path]] = {}
    for path in sorted(UTILS.rglob("*.py")):
        files.setdefault(path.relative_to(UTILS).with_suffix("").parts[0], []).append(path)
    text = PAGE_HEAD
    order = sorted(files, key=lambda name: (-level.get(name, 1), name))
    for name in order:
        lines = sum(len(path.read_text("utf-8").splitlines()) for path in files[name])
        ends = ", ".join(f"`{end}` ({found[start, end]})" for start, end in sorted(found) if start == name)
        text += f"| {level.get(name, 1)} | `{name}` | {lines} | {ends} |\n"
    for name in order:
        text += f"\n## {name}\n\n"
        text += "".join(f"- `{path.relative_to(UTILS)}`: {first_sentence(path)}\n" for path in files[name])
    return text


def main() -> None:
    found = imports()
    for package in sorted({start for start, _end in found}):
        ends = ", ".join(f"{end} ({found[start, end]})" for start, end in sorted(found) if start == package)
        print(f"{package:<15} -> {ends}")
    print(f"{len(found)} imports between {len({package for pair in found for package in pair})} packages")
    TARGET.write_text(draw(found), encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
