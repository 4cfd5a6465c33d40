# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Skips these tests where the real ansible-rulebook cannot run."""

from __future__ import annotations

import shutil

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what is missing, instead of a failure."""
    missing = [program for program in ("ansible-rulebook", "java") if not shutil.which(program)]
    if missing:
        reason = f"not found on PATH: {', '.join(missing)}. Run: nox -s eda"
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))
