# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How this machine reaches its package index, for tools that do not ask pip; and the pip that ansible-test fetches."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from . import CACHE

# Whatever else is set there concerns the user's own work.
OPTIONS = (
    *("index-url", "extra-index-url", "find-links", "cert", "client-cert", "proxy", "trusted-host", "default-timeout"),
)
REACHING = re.compile("(PIP|UV|SSL|NODE|NPM|npm|REQUESTS|CURL)_")
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


@cache
def settings() -> dict[str, str]:
    """What pip gathers from its files and PIP_* variables; the variables come last and win."""
    found = {}
    for line in _output(sys.executable, "-m", "pip", "config", "list").splitlines():
        name, value = line.split("=", 1)
        section, option = name.rsplit(".", 1)
        if section in ("global", ":env:") and option in OPTIONS:
            found[option] = str(ast.literal_eval(value))
    return found


def for_uv() -> dict[str, str]:
    """Variables for uv, which must not pass over an index of this machine's own."""
    index = settings().get("index-url")
    return {"UV_DEFAULT_INDEX": index} if index else {}


def reaching() -> dict[str, str]:
    """Variables for a test that installs from an index: what the user's home and environment say of it."""
    kept = {name: value for name, value in os.environ.items() if REACHING.match(name)}
    return {**kept, **for_uv(), "HOME": os.environ["HOME"]}


def seed(home: Path, python: Path, versions: Sequence[str]) -> None:
    """Put pip, and pip's settings, where the ansible-test of an environment looks for them instead of the network."""
    wheels, cached = CACHE / "wheels", home / ".ansible" / "test" / "cache"
    config = home / ".config" / "pip" / "pip.conf"
    for folder in (cached, config.parent):
        folder.mkdir(parents=True, exist_ok=True)
    for packages in json.loads(_output(str(python), "-c", PACKAGES, *versions)):
        wanted = [f"{name}=={version}" for name, version in packages.items()]
        if not all(list(wheels.glob(f"{item.replace('==', '-')}-*.whl")) for item in wanted):
            flags = ("-qq", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels))
            _output(sys.executable, "-m", "pip", "download", *flags, *wanted)
        wheel = str(wheels / f"pip-{packages['pip']}-py3-none-any.whl")
        script = cached / f"get_pip_{packages['pip'].replace('.', '_')}.py"
        script.write_text(GET_PIP.format(pip=wheel, wheels=str(wheels)), encoding="utf-8")
    # The address of an index may hold a password.
    config.touch(mode=0o600)
    lines = (f"{name} = {value}".replace("\n", "\n  ") for name, value in settings().items())
    config.write_text("\n".join(("[global]", *lines, "")), "utf-8")


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL).stdout
