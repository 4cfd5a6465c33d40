# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time over the number of jobs as an SVG, one panel for each start, both axes logarithmic."""

from __future__ import annotations

import math
from typing import Any

from .targets import START_TITLES

Rows = list[dict[str, Any]]
Points = list[tuple[int, float]]

# Colors that stay apart for the color-blind too (Okabe and Ito), and a mark for those who see none.
STYLES = {
    "cli": ("AWS CLI in a loop", "#D55E00", "square"),
    "loop": ("one module call per job in a loop", "#E69F00", "diamond"),
    "sequential": ("sequential script", "#CC79A7", "triangle"),
    "task": ("one task of the collection (playbook)", "#0072B2", "circle"),
    "module": ("one task of the collection (module process)", "#56B4E9", "circle"),
    "threaded": ("threaded script", "#009E73", "cross"),
    "floor": ("lower bound", "#444444", ""),
}
WIDTH, HEIGHT, GAP, LEFT, TOP = 250, 300, 24, 64, 64
HEADER = """<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->
"""


class Scale:
    """Convert jobs and seconds to positions in a panel."""

    def __init__(self, rows: Rows) -> None:
        values = [value for row in rows for value in (*row["seconds"], row["floor"])]
        self.sizes = sorted({row["jobs"] for row in rows})
        self.low = math.floor(math.log10(min(values)))
        self.high = math.ceil(math.log10(max(values)))

    def x(self, jobs: int) -> float:
        span = math.log10(self.sizes[-1] / self.sizes[0]) or 1.0
        return 14 + (WIDTH - 28) * math.log10(jobs / self.sizes[0]) / span

    def y(self, seconds: float) -> float:
        return HEIGHT - HEIGHT * (math.log10(seconds) - self.low) / (self.high - self.low)


def draw(rows: Rows, provider: str, caption: str) -> str:
    """Return the plot of one provider."""
    rows = [row for row in rows if row["provider"] == provider]
    starts = [start for start in START_TITLES if any(row["start"] == start for row in rows)]
    scale = Scale(rows)
    width = LEFT + len(starts) * (WIDTH + GAP) + 10
    names = [name for name in STYLES if any(row["rival"] == name for row in rows)] + ["floor"]
    columns = max(1, width // 270)
    height = TOP + HEIGHT + 60 + 20 * -(-len(names) // columns)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="12">',
        f"<title>{caption}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="bold" fill="#111111">{caption}</text>',
        f'<text x="14" y="{TOP + HEIGHT / 2}" transform="rotate(-90 14 {TOP + HEIGHT / 2})" text-anchor="middle"'
        ' fill="#333333">seconds</text>',
    ]
    for number, start in enumerate(starts):
        left = LEFT + number * (WIDTH + GAP)
        parts.append(f'<g transform="translate({left} {TOP})">')
        parts += _frame(scale, START_TITLES[start], labeled=number == 0)
        for name in names:
            parts += _line(scale, [row for row in rows if row["start"] == start], name)
        parts.append("</g>")
    for index, name in enumerate(names):
        place = (LEFT + 270 * (index % columns), TOP + HEIGHT + 62 + 20 * (index // columns))
        parts += _legend(name, *place)
    return HEADER + "\n".join([*parts, "</svg>", ""])


def _frame(scale: Scale, title: str, labeled: bool) -> list[str]:
    parts = [
        f'<text x="{WIDTH / 2}" y="-12" text-anchor="middle" font-weight="bold" fill="#111111">{title}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT + 36}" text-anchor="middle" fill="#333333">jobs</text>',
    ]
    for power in range(scale.low, scale.high + 1):
        y = scale.y(10.0**power)
        parts.append(f'<line x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        if labeled:
            text = f"{10.0**power:g}"
            parts.append(f'<text x="-8" y="{y + 4:.1f}" text-anchor="end" fill="#333333">{text}</text>')
    for size in scale.sizes:
        x = scale.x(size)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{HEIGHT}" stroke="#eeeeee"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT + 18}" text-anchor="middle" fill="#333333">{size:,}</text>')
    return [*parts, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999999"/>']


def _line(scale: Scale, rows: Rows, name: str) -> list[str]:
    """The line of one program through its fastest runs; a stopped run is a hollow mark with an arrow."""
    _title, color, mark = STYLES[name]
    if name == "floor":
        points = sorted({(row["jobs"], row["floor"]) for row in rows})
        return [_path(scale, points, color, ' stroke-dasharray="5 4"')]
    ran = [row for row in rows if row["rival"] == name and row["seconds"]]
    points = [(row["jobs"], min(row["seconds"])) for row in ran]
    parts = [_path(scale, points, color, "")] if len(points) > 1 else []
    for row, (jobs, seconds) in zip(ran, points, strict=True):
        stopped = row["state"] == "stopped"
        x, y = scale.x(jobs), scale.y(seconds)
        parts.append(_mark(mark, x, y, color, hollow=stopped))
        if stopped:
            parts.append(f'<path d="M{x:.1f} {y - 6:.1f}v-10m-3 4l3 -4l3 4" fill="none" stroke="{color}"/>')
    return parts


def _path(scale: Scale, points: Points, color: str, extra: str) -> str:
    steps = "L".join(f"{scale.x(jobs):.1f} {scale.y(seconds):.1f}" for jobs, seconds in points)
    return f'<path d="M{steps}" fill="none" stroke="{color}" stroke-width="1.8"{extra}/>'


def _mark(mark: str, x: float, y: float, color: str, hollow: bool = False) -> str:
    fill = "#ffffff" if hollow else color
    shapes = {
        "square": "m-4 -4h8v8h-8z",
        "diamond": "m0 -5l5 5l-5 5l-5 -5z",
        "triangle": "m0 -5l5 9h-10z",
        "circle": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        "cross": "m-4 -4l8 8m0 -8l-8 8",
    }
    return f'<path d="M{x:.1f} {y:.1f}{shapes[mark]}" fill="{fill}" stroke="{color}" stroke-width="1.6"/>'


def _legend(name: str, x: float, y: float) -> list[str]:
    title, color, mark = STYLES[name]
    dash = ' stroke-dasharray="5 4"' if name == "floor" else ""
    parts = [f'<path d="M{x} {y - 4}h28" stroke="{color}" stroke-width="1.8"{dash}/>']
    if mark:
        parts.append(_mark(mark, x + 14, y - 4, color))
    return [*parts, f'<text x="{x + 36}" y="{y}" fill="#111111">{title}</text>']
