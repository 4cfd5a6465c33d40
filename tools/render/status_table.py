# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/status-table.md: the result of batch_job_status for each status, from its rules.

`make render` writes the file. A test fails if it is out of date.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Traits
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES
from ansible_collections.objectstore.batch.plugins.module_utils._status.allowed_transitions import (
    REQUESTS,
    Request,
    decide,
)

TARGET = Path(__file__).resolve().parents[2] / "docs" / "status-table.md"

HEAD = """<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Status transitions

This page shows the result of `batch_job_status` for each status of a job: `changed` (in check mode, `would_change`),
`unchanged`, or the `error.kind` of a failure. If the task fails, it sends no update. Unknown statuses also fail with
`not_updatable`.

`make render` writes this page from the code.
"""


def outcome(traits: Traits, status: str, requested: str) -> str:
    """Return changed, unchanged, or the kind of the error."""
    decision = decide(Request("job", requested), Job("job", status), traits)
    if decision.failure:
        return decision.failure.kind
    return {"update": "changed"}.get(decision.outcome, decision.outcome)


def render() -> str:
    """Return the page."""
    text = HEAD
    for load in PROVIDERS.values():
        traits = load().traits
        text += f"\n## {traits.title}\n\n| status | " + " | ".join(f"`status: {word}`" for word in REQUESTS) + " |\n"
        text += "| --- " * (1 + len(REQUESTS)) + "|\n"
        for status in STATUSES:
            text += f"| {status} | " + " | ".join(f"`{outcome(traits, status, word)}`" for word in REQUESTS) + " |\n"
    return text


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(), encoding="utf-8")
