# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m harness COMMAND`, as the Makefile calls it."""

from __future__ import annotations

import argparse
import subprocess
import sys

from . import environments, interpreters, lanes, pins, trees


def main() -> int:
    parser = argparse.ArgumentParser(prog="harness", description=__doc__)
    parser.add_argument("command", choices=("env", "pins"))
    arguments = parser.parse_args()
    pythons = interpreters.find()
    try:
        if arguments.command == "pins":
            pins.compile_all(pythons)
        else:
            environments.ensure(lanes.newest(pythons), pythons)
            trees.link()
    except lanes.NoPython as problem:
        print(problem, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as problem:
        print(f"This command failed with status {problem.returncode}: {' '.join(problem.cmd)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
