# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a queue with its declared state, and plan what would restore it. Private to this collection."""

from __future__ import annotations

import datetime
import typing as t

from .._core import batch_jobs, errors, job_values, plans
from .._queue import declarations, plan_hash, plan_text, queue_planning
from . import event_values

_LISTED: t.Final = 100
"""Most changes of a plan that an event lists; the text of the plan counts the others."""


class Drift(t.NamedTuple):
    """How a queue differs from its declared state.

    :param digest: the plan_hash of the plan, as of batch_queue; empty if the declared state holds.
    :param values: the keys of the event.
    """

    digest: str
    values: job_values.Values


def find(
    declaration: declarations.Declaration,
    queue_id: job_values.QueueId,
    listed: t.Sequence[batch_jobs.Job],
    today: datetime.datetime,
) -> Drift:
    """Return the drift of a queue.

    A job that the order names and that is not listed any more is ignored. A declaration that cannot be planned is a
    drift, too: its event has no plan, but the reason.
    """
    live = [job for job in listed if job.is_live]
    known = {job.job_id: job for job in listed}
    named = {job_id: known[job_id] for job_id in declaration.named if job_id in known}
    gone = {job_id: errors.Failure("not_found", "gone") for job_id in declaration.named if job_id not in known}
    reading = batch_jobs.Reading(named, gone, live, [job for job in listed if not job.is_live])
    try:
        plan = queue_planning.plan_queue(declaration, reading, (today, {})).plan
    except errors.BatchError as error:
        return Drift(error.failure.message, {"plan": [], "plan_hash": "", "plan_text": error.failure.sentence()})
    moves = plans.moves(plan.decisions)
    if not moves:
        return Drift("", {})
    digest = plan_hash.plan_hash(queue_id, plan)
    values = {
        "plan": plan_text.render_moves(moves)[:_LISTED],
        "plan_hash": digest,
        "plan_text": event_values.Lines(plan_text.render_text(queue_id, moves, live)),
    }
    return Drift(digest, values)
