# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks every file that git would take, or those that the command line names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import texts, words

_KINDS = (".md", ".rst", ".yml", ".yaml", ".py", ".txt", ".in", ".toml", ".cfg", ".ini", "Makefile", "Containerfile")
_NOT_READ = (
    # Legal texts, pins, recorded output, and the list itself.
    *("LICENSES/", "requirements/awx.txt", "changelogs/changelog.yaml", "docs/examples/"),
    *(".vale/", "tools/prose/exceptions.yml"),
)
_PRIVATE = ("plugins/module_utils/",)
"""Where comments and docstrings are read only with --all: no user sees them."""


def is_read(path: str) -> bool:
    """Return whether a file has prose that people read; the code of the tests has none."""
    if path.startswith(_NOT_READ) or not path.endswith(_KINDS):
        return False
    if path.endswith(".txt"):
        return path.startswith(("changelogs/", "docs/"))
    return not (path.startswith("tests/") and path.endswith(".py"))


def tracked(root: Path) -> list[str]:
    """Return the files that git would take."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return sorted(name for name in set(listed.split("\0")) if name and (root / name).is_file())


def check(root: Path, paths: Iterable[str], exemptions: list[words.Exemption], everything: bool) -> Iterator[str]:
    """Yield a line for each word of the list in these files; note which exceptions are needed."""
    word_list = words.word_list()
    for path in paths:
        text = (root / path).read_text(encoding="utf-8")
        try:
            prose = texts.prose(path, text, comments=everything or not path.startswith(_PRIVATE))
        except (SyntaxError, ValueError) as error:
            yield f"{path}: cannot be read: {error}"
            continue
        for exemption in exemptions:
            if exemption.applies(path):
                prose = exemption.remove(prose)
        for found in word_list.findings(prose):
            yield f"{path}:{found.line}: {found.word!r} -> {found.advice}"


def main(arguments: list[str], root: Path = words.ROOT) -> int:
    """Print the findings, and return 1 if there are any."""
    everything, names = "--all" in arguments, [name for name in arguments if name != "--all"]
    paths = names or [name for name in tracked(root) if is_read(name)]
    exemptions = words.exemptions()
    lines = list(check(root, paths, exemptions, everything))
    if not names:
        # Only the whole tree shows whether an exception is still needed.
        file = words.EXCEPTIONS.relative_to(words.ROOT)
        lines += [f"{file}: no file needs {entry.text!r}: remove it" for entry in exemptions if not entry.needed]
    print("\n".join([*lines, f"prose: {len(paths)} files, {len(lines)} findings"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
