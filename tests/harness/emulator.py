# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator beside the integration tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulator.client import EmulatorError, start

from .lanes import Lane


@contextmanager
def beside(collection: Path, lane: Lane) -> Iterator[None]:
    """ansible-test strips the environment, so the address travels in the variables file of the integration tests."""
    config = collection / "tests" / "integration" / "integration_config.yml"
    try:
        with start(python=str(lane.python)) as running:
            config.write_text(json.dumps({"emulator_url": running.url}) + "\n", encoding="utf-8")
            yield
    except EmulatorError as problem:
        raise RuntimeError(str(problem)) from problem
