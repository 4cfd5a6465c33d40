# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of nox under the harness: its closing line, and that an interrupted one leaves no process behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from batch_emulator.client import until
from harness import ROOT
from harness.processes import GRACE_SECONDS

GRACE = f"GRACE_SECONDS = {GRACE_SECONDS}"
# nox itself is no dependency of the tests; what it does here is to start things and to report.
NOX = """\
import json, os, subprocess, sys, time
mode, mark = sys.argv[-2:]
def sleeper(**how):
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(36000)", mark], **how)
if mode in ("hang", "leave"):
    # One that a signal to the group reaches, and one that it does not.
    [sleeper(), sleeper(start_new_session=True)]
if mode == "hang":
    print("ready", flush=True)
    time.sleep(36000)
with open(sys.argv[sys.argv.index("--report") + 1], "w") as report:
    json.dump({"sessions": [{"name": "a", "result": "success"}]}, report)
sys.exit(mode == "fail")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tools" / "harness", tmp_path / "tools" / "harness")
    # What is left behind here never ends by itself, so it gets no time for that.
    processes = tmp_path / "tools" / "harness" / "processes.py"
    text = processes.read_text("utf-8")
    assert GRACE in text
    processes.write_text(text.replace(GRACE, "GRACE_SECONDS = 1"), "utf-8")
    (tmp_path / "tools" / "nox.py").write_text(NOX)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def start(checkout: Path, mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "harness", mode, str(checkout)]
    env = {**os.environ, "PYTHONPATH": str(checkout / "tools"), "CI": ""}
    return subprocess.Popen(command, env=env, cwd=checkout, stdout=subprocess.PIPE, text=True)


def sleepers(checkout: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if "sleep(36000)" in str(process.info["cmdline"]) and str(checkout) in process.info["cmdline"]
    ]


@pytest.fixture(autouse=True)
def none_left(tmp_path: Path) -> Iterator[None]:
    yield
    for process in sleepers(tmp_path):
        process.kill()


@pytest.mark.parametrize(
    ("mode", "status", "line"),
    [("pass", 0, "1 passed, 0 failed, 0 skipped"), ("fail", 1, "1 passed, 1 failed, 0 skipped")],
)
def test_the_closing_line(checkout: Path, mode: str, status: int, line: str) -> None:
    process = start(checkout, mode)
    output = process.communicate()[0]
    assert (process.returncode, output.splitlines()[-1]) == (status, line)


def test_a_process_that_is_left_behind_is_a_failure_and_ended(checkout: Path) -> None:
    process = start(checkout, "leave")
    output = process.communicate()[0]
    assert (process.returncode, output.splitlines()[-1]) == (1, "1 passed, 1 failed, 0 skipped")
    assert "FAILED the run left behind a process" in output
    assert not sleepers(checkout)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=str)
def test_an_interrupted_run_leaves_nothing_behind(checkout: Path, number: signal.Signals) -> None:
    process = start(checkout, "hang")
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    assert len(sleepers(checkout)) == 2
    process.send_signal(number)
    assert process.stdout.read() == "Interrupted; every process of the run was ended.\n"
    assert process.wait() == 130
    assert until(lambda: not sleepers(checkout))
