# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders the guide "Troubleshooting", which goes by symptoms: `make render`.

The message that it prints is made by the code, and the rest is in troubleshooting.txt.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core import provider_traits
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure

from render.rst import GUIDES

TARGET = GUIDES / "guide_troubleshooting.rst"
SOURCE = Path(__file__).with_name("troubleshooting.txt")
PLACE = "job_id, region (eu-central-1), and account_id (111122223333)"
"""The options of the task, as providers.Provider names them in the hint."""
JOB_ID = "6f1f7ff1-5e6c-4b7a-9f3a-00000000dead"


def message() -> str:
    """Return what a task prints about a job that does not exist."""
    hint = PROVIDERS["aws"]().traits.hint("not_found")
    failure = Failure(
        "not_found",
        "The specified job does not exist",
        code="NotFoundException",
        http_status=400,
        operation="DescribeJob",
        hint=hint.replace(provider_traits.JOB_PLACE, PLACE),
    )
    return f"Job {JOB_ID}: {failure.sentence()}"


def render() -> str:
    """Return the page."""
    printed = textwrap.indent(textwrap.fill(message(), 115, break_on_hyphens=False), "   ")
    return SOURCE.read_text(encoding="utf-8").replace("   MESSAGE", printed)


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(), encoding="utf-8")
