# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the RETURN blocks of the modules from returns.yml.

`make render` writes the blocks. A test fails while one of them is out of date.
"""

from __future__ import annotations

import re
import sys
import textwrap
import typing as t
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
MODULES = HERE.parents[1] / "plugins" / "modules"
BLOCK = re.compile(r'(?<=\nRETURN = r"""\n).*?(?="""\n)', re.DOTALL)
WIDTH = 120


class Dumper(yaml.SafeDumper):
    """Indent sequences under their key, as in the rest of the documentation, and write no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: t.Any) -> bool:
        return True


def blocks() -> dict[str, str]:
    """Return the RETURN block of each module, by the name of the module."""
    modules = yaml.safe_load((HERE / "returns.yml").read_text(encoding="utf-8"))["modules"]
    return {
        name: wrapped(yaml.dump(fields, Dumper=Dumper, sort_keys=False, width=sys.maxsize, allow_unicode=True))
        for name, fields in modules.items()
    }


def wrapped(text: str) -> str:
    """Return YAML with its long lines wrapped between words: PyYAML wraps after the first word that is too long."""
    lines: list[str] = []
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        wrapper = textwrap.TextWrapper(WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
        wrapper.break_long_words = wrapper.break_on_hyphens = False
        lines += wrapper.wrap(line.strip())
    return "".join(f"{line}\n" for line in lines)


def render(name: str, block: str) -> str:
    """Return the source of a module with its RETURN block replaced."""
    source = (MODULES / f"{name}.py").read_text(encoding="utf-8")
    rendered, count = BLOCK.subn(lambda _: block, source)
    if count != 1:
        raise ValueError(f'plugins/modules/{name}.py needs one block RETURN = r"""')
    return rendered


def main() -> None:
    """Write the blocks."""
    for name, block in blocks().items():
        (MODULES / f"{name}.py").write_text(render(name, block), encoding="utf-8")
