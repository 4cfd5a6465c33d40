# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many tests a log tells of, and the lines in which its runner says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from .interpreters import VERSIONS

COUNTING = (
    "Counted: every pytest test in every run of it (`ansible-test units` runs once per target Python), every sanity\n"
    "test per ansible-core (compile and import: per target Python, too), every integration target per ansible-core,\n"
    "and one for each other step."
)

PYTEST_CLOSING = re.compile(r"^=* ?((?:\d+ \w+(?:, )?)+) in [\d.]+s(?: \([\d:]+\))? ?=*$", re.MULTILINE)
PYTEST_COUNT = re.compile(r"(\d+) (\w+)")
SANITY_RUN = re.compile(r'^Running sanity test "[^"]+"(?: on Python (\S+))?$', re.MULTILINE)
SKIPPED = re.compile(r"^WARNING: Skipping .*$", re.MULTILINE)
SANITY_FAILED = re.compile(r"^(?:ERROR|FATAL): The (\d+) sanity test\(s\) listed below .*$", re.MULTILINE)
TARGET_RUN = re.compile(r"^(?:\S+ )?Running (\S+) integration test role.*$", re.MULTILINE)
PLAY_RECAP = re.compile(r"^\S+ +: ok=\d+ .*$", re.MULTILINE)


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    closing: tuple[str, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


# Reads a log and whether its command succeeded.
Reader = Callable[[str, bool], Tally]


def read(log: str, succeeded: bool, reader: Reader) -> Tally:
    """The runner's own count, which never hides that its command failed or that it ran nothing."""
    tally = reader(log, succeeded)
    if succeeded and not tally.passed and not tally.failed:
        return Tally(failed=1, skipped=tally.skipped, closing=(*tally.closing, "no test was run"))
    if not succeeded and not tally.failed:
        return Tally(tally.passed, 1, tally.skipped, tally.closing)
    return tally


def whole(log: str, succeeded: bool) -> Tally:
    """A step that counts as one test."""
    return Tally(passed=int(succeeded), failed=int(not succeeded))


def silent(log: str, succeeded: bool) -> Tally:
    """A step whose program succeeds even when all it has to show is a warning."""
    return whole(log, succeeded and "[WARNING]" not in log)


def pytest(log: str, succeeded: bool) -> Tally:
    counts: Counter[str] = Counter()
    names = {"error": "failed", "errors": "failed", "xpassed": "passed", "xfailed": "passed"}
    closing = [match.group(0) for match in PYTEST_CLOSING.finditer(log)]
    for line in closing:
        for number, word in PYTEST_COUNT.findall(line.partition(" in ")[0]):
            counts[names.get(word, word)] += int(number)
    return Tally(counts["passed"], counts["failed"], counts["skipped"], tuple(closing))


def units(log: str, succeeded: bool) -> Tally:
    """`ansible-test units`: pytest, and the Pythons that are not on this machine."""
    tests = pytest(log, succeeded)
    absent = _skipped(log)
    return Tally(tests.passed, tests.failed, tests.skipped + len(absent), absent + tests.closing)


def _skipped(log: str) -> tuple[str, ...]:
    """ansible-test repeats its warnings at the end."""
    return tuple(dict.fromkeys(SKIPPED.findall(log)))


def sanity(log: str, succeeded: bool) -> Tally:
    # It also names the Pythons that no file of this collection concerns.
    run = sum(version in ("", *VERSIONS) for version in SANITY_RUN.findall(log))
    skipped = _skipped(log)
    failures = SANITY_FAILED.search(log)
    failed = int(failures.group(1)) if failures else 0
    return Tally(run - failed, failed, len(skipped), (*skipped, *([failures.group(0)] if failures else ())))


def integration(log: str, succeeded: bool) -> Tally:
    targets = TARGET_RUN.findall(log)
    failed = int(not succeeded)
    return Tally(max(0, len(targets) - failed), failed, 0, tuple(PLAY_RECAP.findall(log)))
