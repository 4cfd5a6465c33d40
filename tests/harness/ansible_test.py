# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-test needs: a copy of the collection, a home, and the pip that it would fetch from a host of its own."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

from . import pip_settings, trees
from .environments import download, installer
from .interpreters import Interpreter
from .lanes import Lane
from .paths import CACHE
from .settings import home

# It runs in place of get-pip.py, whose options for older versions of pip it drops.
GET_PIP = """\
import sys
sys.path.insert(0, {pip!r})
from pip._internal.cli.main import main
wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--no-index", "--find-links", {wheels!r}, *wanted]))
"""

# Its answer is what this ansible-test would put into a bare environment of each Python, as pip and the like to version.
PACKAGES = """
import json, sys, types
from ansible_test._internal.python_requirements import get_venv_packages
print(json.dumps([get_venv_packages(types.SimpleNamespace(version=version)) for version in sys.argv[1:]]))
"""


def workspace(name: str, lane: Lane, pythons: dict[str, Interpreter]) -> Path:
    """The copy that ansible-test is to run in; two runs at a time need two workspaces."""
    _seed(home(name), lane, pythons)
    return trees.copy(CACHE / "trees" / name)


def _seed(target: Path, lane: Lane, pythons: dict[str, Interpreter]) -> None:
    wheels = CACHE / "wheels"
    cache = target / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for packages in _packages(lane.python, tuple(pythons)):
        if not all(list(wheels.glob(f"{name}-{version}-*.whl")) for name, version in packages.items()):
            download(pythons, [f"{name}=={version}" for name, version in packages.items()], wheels)
        pip = wheels / f"pip-{packages['pip']}-py3-none-any.whl"
        script = cache / f"get_pip_{packages['pip'].replace('.', '_')}.py"
        script.write_text(GET_PIP.format(pip=str(pip), wheels=str(wheels)), encoding="utf-8")
    pip_settings.write(target, pip_settings.read(installer(pythons) / "bin" / "python"))


@cache
def _packages(python: Path, versions: tuple[str, ...]) -> list[dict[str, str]]:
    command = [str(python), "-c", PACKAGES, *versions]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    found: list[dict[str, str]] = json.loads(answer.stdout)
    return found
