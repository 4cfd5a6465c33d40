# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A last look at several jobs that were written, so that two runs at once never end in a silent mix.

No cloud here can compare and set, so a run that wrote several jobs reads the list once more: of two runs that
mixed their writes, at least the one that looks last finds a number that is not its own. Private to this collection.
"""

from __future__ import annotations

import dataclasses

from ansible_collections.objectstore.batch.plugins.module_utils._model import job as _job
from ansible_collections.objectstore.batch.plugins.module_utils._planning import plan as _plan
from ansible_collections.objectstore.batch.plugins.module_utils._requests import session as _session


def verify(session: _session.Session, outcomes: list[_plan.Outcome]) -> list[_plan.Outcome]:
    """Return the outcomes, with a conflict where a job that was written does not show its number (any more)."""
    if sum(outcome.outcome == "changed" for outcome in outcomes) < 2:
        return outcomes
    listed = {job.job_id: job for job in session.list_jobs(_job.LIVE)}
    return [_compared(session, outcome, listed.get(outcome.job_id)) for outcome in outcomes]


def _compared(session: _session.Session, outcome: _plan.Outcome, seen: _job.Job | None) -> _plan.Outcome:
    """Return the outcome, or a conflict; a job that is no longer listed has ended meanwhile and proves nothing."""
    wanted = outcome.job.priority if outcome.job else None
    if seen is None or outcome.outcome not in ("changed", "unchanged") or seen.priority == wanted:
        return outcome
    text = (
        f"job {outcome.job_id} shows priority {seen.priority} after this task saw to {wanted}: somebody else wrote, too"
    )
    hint = "Find out who else changes this queue, look at it, then run the task again."
    failure = session.provider.facts.failure("conflict", text, hint=hint, operation="ListJobs")
    return dataclasses.replace(outcome, outcome="conflict", job=seen, reason=text, failure=failure)
