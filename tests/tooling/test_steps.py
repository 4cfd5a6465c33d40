# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps end in time, leave a log and stop their chain when they fail."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from harness import steps
from harness.steps import Chain, Runner, Step


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "LOGS", tmp_path)


def step(name: str, code: str, tmp_path: Path, minutes: float = 1) -> Step:
    return Step(name, (sys.executable, "-c", code), tmp_path, os.environ, minutes=minutes)


def test_a_failure_shows_its_log_and_ends_the_chain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner()
    failing = step("one", "raise SystemExit('what went wrong')", tmp_path)
    runner.run(Chain([failing, step("two", "", tmp_path)]))
    assert (runner.total.passed, runner.total.failed, runner.total.skipped) == (0, 1, 1)
    shown = capsys.readouterr().out
    assert "what went wrong" in shown
    assert "skipped two: one failed" in shown


def test_success(tmp_path: Path) -> None:
    runner = Runner()
    runner.run(Chain([step("one", "print('word')", tmp_path)]))
    assert (runner.total.passed, runner.total.failed) == (1, 0)
    assert (tmp_path / "one.log").read_text("utf-8") == "word\n"


def test_time_is_limited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner()
    started = time.monotonic()
    runner.run(Chain([step("slow", "import time; time.sleep(60)", tmp_path, minutes=0.005)]))
    assert time.monotonic() - started < 30
    assert runner.total.failed == 1
    assert "stopped after 0.005 minutes" in capsys.readouterr().out


def test_a_program_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner()
    runner.run(Chain([Step("absent", (str(tmp_path / "nothing"),), tmp_path, os.environ)]))
    assert runner.total.failed == 1
    assert "No such file" in capsys.readouterr().out


def test_a_program_that_a_signal_ended(tmp_path: Path) -> None:
    runner = Runner()
    runner.run(Chain([step("killed", "import os; os.kill(os.getpid(), 9)", tmp_path)]))
    assert runner.total.failed == 1
