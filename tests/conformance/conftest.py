# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One emulator for the whole run, swept clean before each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from batch_emulator.client import Emulator, start

from . import clients


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with start(clock="manual") as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture(scope="session")
def shared_boto(running: Emulator) -> Any:
    return clients.boto(running.url)


@pytest.fixture
def aws(emulator: Emulator, shared_boto: Any) -> Any:
    """boto3's s3control client, as the first account."""
    return shared_boto


@pytest.fixture
def cos(emulator: Emulator) -> clients.Cos:
    """Tencent's signer, as the first UIN."""
    return clients.Cos(emulator.url)
