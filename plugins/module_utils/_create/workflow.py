# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job: check, list, decide, create, render. Private to this collection."""

from __future__ import annotations

from .._core import display, job_outcomes, job_values, plans
from .._requests import sessions
from .._updates import apply, confirm
from . import creation_change, manifest_etag, recognition


def execute(
    session: sessions.Session, creation: recognition.Creation, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Create the job unless it exists, and return the module's result."""
    traits = session.provider.traits
    if creation.looked_up:
        creation = manifest_etag.look_up(session, creation, queue_id.provider)
    creation = creation.in_queue(session.provider.as_sent(creation.draft), queue_id, traits)
    planned, warning = creation_change.look(session, creation)
    change = creation_change.CreationChange(planned, creation, traits)
    ledger = confirm.Ledger(session.sender)

    def render(outcome: plans.Outcome) -> job_values.Values:
        result = {
            **job_outcomes.render_result(queue_id, [], [outcome], job_outcomes.CREATION),
            "client_request_token": creation.token,
        }
        result["job"] = result["jobs"][0]
        if creation.looked_up:
            etag = creation.location["ETag"]
            result["manifest_etag"] = etag
            result["msg"] += f" The manifest object has the ETag {display.escape(etag)}, which was looked up."
        if outcome.outcome == "would_change":
            result["unchecked"] = creation.unchecked()
        if warning:
            result["warnings"] = [warning]
        return result

    def unfinished() -> job_values.Values:
        outcome = ledger.so_far(change)
        return job_outcomes.cut_short(render(outcome), [outcome], 1)

    if not check_mode:
        session.unfinished = unfinished
    return render(apply.apply_change(session, change, check_mode, ledger))
