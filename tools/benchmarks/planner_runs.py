# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The planner alone, in a process of its own: what planner.py measures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .rivals import Stage
from .scope import Scope
from .stopwatch import Command, Stopwatch

SCRIPT = Path(__file__).resolve().parent / "planner.py"
LIMIT = 600.0
"""Seconds: a million jobs in five starts, each several times and once more with every allocation traced."""


def measure(stage: Stage, watch: Stopwatch, scope: Scope) -> list[dict[str, Any]]:
    """Return one row for each size and start."""
    rows: list[dict[str, Any]] = []
    for size in scope.planner_sizes:
        # Short runs are disturbed more easily, and cost little.
        repeats = scope.planner_repeats * (1 if size >= 1_000_000 else 5)
        words = [sys.executable, str(SCRIPT), "--repeats", str(repeats), "--sizes", str(size)]
        words += ["--starts", *scope.planner_starts]
        watch.run(Command(tuple(words), stage.environment("aws"), stage.folder, limit=LIMIT))
        # What it says on its way precedes the JSON.
        text = (stage.folder / "output").read_text(encoding="utf-8")
        rows += json.loads(text[text.index("{") :])["rows"]
    return rows
