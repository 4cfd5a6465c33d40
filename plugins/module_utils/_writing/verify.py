# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A last look at several jobs that were written, so that two runs at once never end in a silent mix.

No cloud here can compare and set, so a run that wrote several jobs reads the list once more: of two runs that
mixed their writes, at least the one that looks last finds a number that is not its own. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import errors as _errors, job as _job
from ansible_collections.objectstore.batch.plugins.module_utils._planning import plan as _plan
from ansible_collections.objectstore.batch.plugins.module_utils._requests import session as _session


def verify(
    session: _session.Session, outcomes: list[_plan.Outcome]
) -> tuple[list[_plan.Outcome], t.Optional[_errors.Failure]]:
    """Return the outcomes, with a conflict where a job that was written does not show its number (any more).

    A look that fails takes nothing away from what was written: the outcomes stand, and the failure comes beside them.
    """
    if sum(outcome.outcome == "changed" for outcome in outcomes) < 2:
        return outcomes, None
    try:
        listed = {job.job_id: job for job in session.list_jobs() if job.is_live}
    except _errors.BatchError as error:
        text = f"the jobs were written, but the last look at them failed: {error.failure.message}"
        return outcomes, dataclasses.replace(error.failure, message=text)
    return [_compared(session, outcome, listed.get(outcome.job_id)) for outcome in outcomes], None


def _compared(session: _session.Session, outcome: _plan.Outcome, seen: t.Optional[_job.Job]) -> _plan.Outcome:
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
