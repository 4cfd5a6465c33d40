# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the collection, as the checks read them."""

from __future__ import annotations

import ast
import fnmatch
import os
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import yaml

Yaml = dict[str, Any]
_NESTING = ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")
PLUGIN_KINDS = ("action", "doc_fragments", "filter", "inventory", "module_utils", "modules")


class _Loose(yaml.SafeLoader):
    """Reads YAML with tags of Ansible."""


_Loose.add_multi_constructor("!", lambda loader, suffix, node: None)


class Tree:
    """The files in a directory that contains galaxy.yml."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def text(self, path: str) -> str:
        """Return the text of a file; an empty text if the file does not exist."""
        file = self.root / path
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    def yaml(self, path: str) -> Any:
        return yaml.load(self.text(path), _Loose)

    def files(self, *patterns: str) -> list[Path]:
        """Return the files that match patterns, in order."""
        found = {file for pattern in patterns for file in self.root.glob(pattern) if file.is_file()}
        return sorted(file for file in found if "__pycache__" not in file.parts)

    def label(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    @cached_property
    def galaxy(self) -> Yaml:
        return cast(Yaml, self.yaml("galaxy.yml"))

    @cached_property
    def runtime(self) -> Yaml:
        return cast(Yaml, self.yaml("meta/runtime.yml"))

    @cached_property
    def modules(self) -> dict[str, dict[str, str]]:
        """The strings at the top of each module, such as DOCUMENTATION."""
        return {file.stem: strings(file) for file in self.files("plugins/modules/[!_]*.py")}

    def documentation(self, module: str) -> Yaml:
        return cast(Yaml, yaml.safe_load(self.modules[module].get("DOCUMENTATION", "{}")) or {})

    @cached_property
    def sessions(self) -> dict[str, set[str]]:
        """The tags of the sessions in noxfile.py, by name."""
        found = {}
        for node in ast.walk(ast.parse(self.text("noxfile.py"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "in_lane":
                    words = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
                    tags = {ast.literal_eval(tag) for tag in call.args} | {words.get("suite", "test")}
                    found[words.get("name", node.name)] = tags
        return found

    @cached_property
    def cores(self) -> list[str]:
        """The versions of ansible-core that `make test-all` adds to the newest and the oldest."""
        for node in ast.parse(self.text("tools/harness/pythons.py")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CORES":
                return list(ast.literal_eval(node.value))
        return []

    @cached_property
    def shipped(self) -> list[Path]:
        """The files that the artifact would contain."""
        ignored = [*self.galaxy.get("build_ignore", []), ".git", "__pycache__", "*.pyc"]
        found = []
        for folder, folders, files in os.walk(self.root):
            place = Path(folder).relative_to(self.root)
            # Skip excluded directories, such as an environment with thousands of files.
            folders[:] = [name for name in folders if not self._ignored(place / name, ignored)]
            found += [self.root / place / name for name in files if not self._ignored(place / name, ignored)]
        return sorted(found)

    @staticmethod
    def _ignored(path: Path, patterns: list[str]) -> bool:
        names = [*(str(parent) for parent in (path, *path.parents[:-1])), *path.parts]
        return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in patterns)


def strings(file: Path) -> dict[str, str]:
    """Return the named strings of a Python file."""
    found = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found[getattr(node.targets[0], "id", "")] = node.value.value
    return found


def tasks(value: Any) -> list[Yaml]:
    """Return every task in a file of tasks or plays, including the tasks in blocks and handlers."""
    found: list[Yaml] = []
    for item in value if isinstance(value, list) else []:
        if not isinstance(item, dict):
            continue
        inner = [item[key] for key in _NESTING if key in item]
        if not inner and "hosts" not in item and "import_playbook" not in str(list(item)):
            found.append(item)
        for part in inner:
            found += tasks(part)
    return found
