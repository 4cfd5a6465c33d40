# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m harness WORDS`: run nox with these words, end every process that it leaves, and add up what was tested."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys

from . import CACHE, REPORTS, ROOT, processes, tally, trees


def main() -> int:
    """The exit status; 130 when the run was interrupted."""
    adopts = processes.adopt_orphans()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / "tests.lock", "w", encoding="utf-8") as lock:
        try:
            # One run at a time in a checkout; the kernel drops the lock of a run that died.
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = _work_tree()
            trees.fresh(REPORTS)
            report = REPORTS / "nox.json"
            command = [sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"), "--report", str(report)]
            # In a session of its own: an interrupt reaches it through us alone.
            status = subprocess.call([*command, *sys.argv[1:]], stdin=subprocess.DEVNULL, start_new_session=True)
        except KeyboardInterrupt:
            processes.end_leftovers(grace=0)
            print("Interrupted; every process of the run was ended.", flush=True)
            return 130
    sessions = json.loads(report.read_text("utf-8"))["sessions"] if report.is_file() else []
    total = tally.count(sessions, REPORTS)
    left = processes.end_leftovers() if adopts else []
    changed = _work_tree() if os.environ.get("CI") and _work_tree() != before else ""
    named = (("left behind a process", left), ("changed the work tree", changed))
    problems = [f"the run {problem}: {found}" for problem, found in named if found]
    if status and not total.failed:
        problems.append(f"nox ended with {status}")
    total += tally.Tally(failed=tuple(problems))
    print(total, flush=True)
    return 1 if total.failed or not total.passed else 0


def _work_tree() -> str:
    command = ["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=all"]
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


if __name__ == "__main__":
    sys.exit(main())
