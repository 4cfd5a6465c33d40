# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the suite with one worker per core of a small machine and adds up what was tested."""

from __future__ import annotations

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

from . import environments, interpreters, lanes, processes, tally, trees
from .interpreters import Interpreter
from .paths import ROOT
from .steps import Chain, Runner, Skip
from .suite import Suite, needs_oldest

WORKERS = 2


def run(groups: tuple[str, ...], pythons: dict[str, Interpreter]) -> int:
    """The exit status; 130 when the run was interrupted."""
    adopts = processes.adopt_orphans()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    before = _work_tree()
    runner = Runner()
    try:
        with environments.locked("tests"):
            _run_all(runner, _suite(pythons, groups), groups)
    except KeyboardInterrupt:
        processes.end_leftovers()
        print("Interrupted; every process of the run was ended.", flush=True)
        return 130
    _check_traces(runner, adopts, before)
    print(tally.COUNTING)
    print(runner.total, flush=True)
    return 1 if runner.total.failed or not runner.total.passed else 0


def _suite(pythons: dict[str, Interpreter], groups: tuple[str, ...]) -> Suite:
    newest = lanes.newest(pythons)
    oldest = lanes.oldest(pythons, newest) if needs_oldest(groups) else None
    absent = [version for version in interpreters.VERSIONS if version not in pythons]
    print(f"Pythons here: {', '.join(pythons)}" + (f"; not here: {', '.join(absent)}" if absent else ""))
    for lane in (newest, oldest):
        if lane:
            print(lane, flush=True)
            environments.ensure(lane, pythons)
    trees.link()
    return Suite(newest, oldest, pythons)


def _run_all(runner: Runner, suite: Suite, groups: tuple[str, ...]) -> None:
    planned = suite.plan(groups)
    for skip in planned:
        if isinstance(skip, Skip):
            runner.skip(skip)
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for done in [pool.submit(runner.run, chain) for chain in planned if isinstance(chain, Chain)]:
                done.result()
        except BaseException:
            runner.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _check_traces(runner: Runner, adopts: bool, before: str) -> None:
    if adopts:
        left = processes.end_leftovers()
        runner.record("no process left behind", "; ".join(left))
    else:
        runner.skip(Skip("no process left behind", "only Linux tells"))
    if os.environ.get("CI"):
        runner.record("no file left behind", "" if _work_tree() == before else f"git status now says\n{_work_tree()}")
    else:
        runner.skip(Skip("no file left behind", "CI is not set, and somebody may be editing meanwhile"))


def _work_tree() -> str:
    command = ["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=all"]
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
