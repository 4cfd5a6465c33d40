# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How this machine reaches its package index, for the tools that do not read pip's settings by themselves."""

from __future__ import annotations

import ast
import configparser
import subprocess
from functools import cache
from pathlib import Path

# Whatever else is set there concerns the user's own work.
OPTIONS = (
    "index-url",
    "extra-index-url",
    "find-links",
    "cert",
    "client-cert",
    "proxy",
    "trusted-host",
    "default-timeout",
)


@cache
def read(python: Path) -> dict[str, str]:
    """What pip gathers from its files and PIP_* variables; the variables come last and win."""
    command = [str(python), "-m", "pip", "config", "list"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    found = {}
    for line in answer.stdout.splitlines():
        name, value = line.split("=", 1)
        section, option = name.rsplit(".", 1)
        if section in ("global", ":env:") and option in OPTIONS:
            found[option] = str(ast.literal_eval(value))
    return found


def write(home: Path, options: dict[str, str]) -> None:
    """For the pip of a tool that strips the environment and has a home of its own."""
    config = configparser.ConfigParser(interpolation=None)
    config["global"] = options
    path = home / ".config" / "pip" / "pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    # The address of an index may hold a password.
    path.touch(mode=0o600)
    with open(path, "w", encoding="utf-8") as handle:
        config.write(handle)
