# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record what commands print in a terminal, and draw it as an animated picture (SVG)."""

from __future__ import annotations

import dataclasses
import typing as t
from html import escape

from rich.text import Text

from render import terminal

if t.TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMN, ROW, LEFT, TOP = 8.2, 18, 16, 44
"""Pixels: a character's width, a line's height, and the space before the text."""
COLORS = ("#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4")
"""The eight colors of a terminal on a dark background; each has at least 4.5:1 contrast but the first."""
HEAD = """\
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" xml:space="preserve" role="img"
  aria-labelledby="t">
<title id="t">{title}</title>
<style>
  rect {{ fill: #0d1117; stroke: #30363d }}
  text {{ font: 13.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #c9d1d9; white-space: pre }}
  .p {{ font-weight: 600; fill: #f0f6fc }}
  @keyframes show {{ from {{ visibility: hidden }} to {{ visibility: visible }} }}
  @media (prefers-reduced-motion: no-preference) {{ text {{ animation: show 1ms var(--t) both }} }}
</style>
<rect x="0.5" y="0.5" width="{inner:.0f}" height="{tall}" rx="8"/>
<circle cx="20" cy="18" r="5" fill="#ff5f57"/>
<circle cx="38" cy="18" r="5" fill="#febc2e"/>
<circle cx="56" cy="18" r="5" fill="#28c840"/>
"""


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a recording: the second in which it appears, and its text with terminal colors."""

    seconds: float
    text: str
    is_prompt: bool = False


def record(
    commands: Sequence[Sequence[str]],
    folder: Path,
    environment: dict[str, str],
    pause: float,
    columns: int = terminal.COLUMNS,
) -> list[Line]:
    """Run commands one after another; return their lines, with a prompt before each command.

    :param pause: seconds to read the prompt, and to read the output before the next prompt.
    """
    lines: list[Line] = []
    now = 0.0
    for command in commands:
        lines.append(Line(now, "$ " + " ".join(command), is_prompt=True))
        began, rest = now + pause, ""
        for seconds, chunk in terminal.run(command, folder, environment, columns):
            now = began + seconds
            *whole, rest = (rest + chunk.decode()).replace("\r\n", "\n").split("\n")
            lines += [Line(now, line) for line in whole]
        now += pause
    while not lines[-1].text.strip():
        del lines[-1]
    return lines


def draw(lines: Sequence[Line], title: str) -> str:
    """Return the picture: each line appears in its second, or at once for readers who prefer reduced motion."""
    height = TOP + len(lines) * ROW + 10
    width = 2 * LEFT + COLUMN * max(len(Text.from_ansi(line.text).plain.rstrip()) for line in lines)
    parts = [HEAD.format(width=width, height=height, title=escape(title), inner=width - 1, tall=height - 1)]
    for number, line in enumerate(lines):
        if not line.text.strip():
            continue
        kind = ' class="p"' if line.is_prompt else ""
        y = TOP + number * ROW + 6
        parts.append(f'<text{kind} x="{LEFT}" y="{y}" style="--t:{line.seconds:.1f}s">{_colored(line.text)}</text>\n')
    return "".join([*parts, "</svg>\n"])


def _colored(raw: str) -> str:
    text = Text.from_ansi(raw)
    parts, end = [], 0
    for span in text.spans:
        color = getattr(span.style, "color", None)
        number = None if color is None else color.number
        parts.append(escape(text.plain[end : span.start]))
        words = escape(text.plain[span.start : span.end])
        parts.append(words if number is None else f'<tspan fill="{COLORS[number % 8]}">{words}</tspan>')
        end = span.end
    return "".join([*parts, escape(text.plain[end:])])
