# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m harness COMMAND`, as the Makefile calls it."""

from __future__ import annotations

import argparse
import subprocess
import sys

from . import environments, interpreters, lanes, pins, trees
from .interpreters import Interpreter
from .run import run
from .suite import GROUPS


def main() -> int:
    parser = argparse.ArgumentParser(prog="harness", description=__doc__)
    parser.add_argument("command", choices=("env", "pins", "test", *GROUPS))
    command = parser.parse_args().command
    try:
        return _carry_out(command, interpreters.find())
    except KeyboardInterrupt:
        return 130
    except lanes.NoPython as problem:
        print(problem, file=sys.stderr)
    except subprocess.CalledProcessError as problem:
        words = " ".join(str(word) for word in problem.cmd)
        print(f"This command failed with status {problem.returncode}: {words}", file=sys.stderr)
    return 1


def _carry_out(command: str, pythons: dict[str, Interpreter]) -> int:
    if command == "pins":
        pins.compile_all(pythons)
        return 0
    if command == "env":
        environments.ensure(lanes.newest(pythons), pythons)
        trees.link()
        return 0
    return run(GROUPS[1:] if command == "test" else (command,), pythons)


if __name__ == "__main__":
    sys.exit(main())
