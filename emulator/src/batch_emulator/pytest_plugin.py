# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests of other projects; `pip install objectstore-batch-emulator` is all that it takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .client import Emulator, start
from .environment import variables


class Running(Emulator):
    """A running emulator, and what points the clouds' tools at it."""

    @property
    def env(self) -> dict[str, str]:
        """Environment variables for the clients of all clouds."""
        return variables(self.url)


@pytest.fixture(scope="session")
def batch_emulator_session() -> Iterator[Running]:
    """One emulator for all tests, on a free port, whose clock moves by advance() alone."""
    with start(clock="manual") as emulator:
        yield Running(emulator.url)


@pytest.fixture
def batch_emulator(batch_emulator_session: Running) -> Running:
    """The emulator without jobs, faults and log."""
    batch_emulator_session.reset()
    return batch_emulator_session
