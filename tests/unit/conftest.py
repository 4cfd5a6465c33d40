# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `ansible-test units`, which forks for each test, would otherwise import and read in each fork anew."""

from __future__ import annotations

import importlib

import botocore.loaders
import botocore.session
import pytest
from hypothesis import HealthCheck, settings

# No example has a time, nor has the making of them: a busy machine takes longer.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

importlib.import_module("requests")
LOADER = botocore.loaders.create_loader()
LOADER.load_service_model("s3control", "service-2")
LOADER.load_service_model("s3control", "endpoint-rule-set-1")
for name in ("endpoints", "partitions", "sdk-default-configuration"):
    LOADER.load_data(name)


@pytest.fixture(autouse=True)
def _models_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.session, "create_loader", lambda *paths: LOADER)
