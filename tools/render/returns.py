# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the RETURN blocks of the modules from returns.yml.

`make render` writes the blocks; a test fails while one is out of date.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
MODULES = HERE.parents[1] / "plugins" / "modules"
BLOCK = re.compile(r'(?<=\nRETURN = r"""\n).*?(?="""\n)', re.DOTALL)
WIDTH = 108


class Dumper(yaml.SafeDumper):
    """Sequences stand indented under their key, as in the rest of the documentation, and nothing is an alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: t.Any) -> bool:
        return True


def blocks() -> dict[str, str]:
    """Return each module's RETURN block, by the module's name."""
    modules = yaml.safe_load((HERE / "returns.yml").read_text(encoding="utf-8"))["modules"]
    for name, fields in modules.items():
        if "job" in fields and name != "batch_retry_manifest":
            # The one job is an element of the list.
            fields["job"] = {**fields["job"], "contains": fields["jobs"]["contains"]}
    return {
        name: yaml.dump(fields, Dumper=Dumper, sort_keys=False, width=WIDTH, allow_unicode=True)
        for name, fields in modules.items()
    }


def render(name: str, block: str) -> str:
    """Return the source of a module with its RETURN block exchanged."""
    source = (MODULES / f"{name}.py").read_text(encoding="utf-8")
    rendered, count = BLOCK.subn(lambda _: block, source)
    if count != 1:
        raise ValueError(f'plugins/modules/{name}.py needs one block RETURN = r"""')
    return rendered


def main() -> None:
    """Write the blocks."""
    for name, block in blocks().items():
        (MODULES / f"{name}.py").write_text(render(name, block), encoding="utf-8")
