# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify several updates at the end, so that two runs at once never leave a silent mixture.

No cloud here can compare and set, so a run that wrote several jobs reads the list once more: of two runs that mixed
their writes, at least the one that looks last finds a number that is not its own. A list may lag behind, and may leave
out numbers; so jobs that deviate are described, a few times, before anything is said of them.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans
from .._requests import sessions

_REREADS: t.Final = 3
"""Descriptions of a job whose number is not the one that was written."""


def verify(
    session: sessions.Session, outcomes: list[plans.Outcome]
) -> tuple[list[plans.Outcome], t.Optional[errors.Failure]]:
    """Return the outcomes, with a conflict where a job that the task is about shows somebody else's number.

    A look that fails takes nothing away from what was written: the outcomes stand, and the failure comes beside them.
    """
    if sum(outcome.outcome == "changed" for outcome in outcomes) < 2:
        return outcomes, None
    try:
        seen = _deviating(session, outcomes)
    except errors.BatchError as error:
        text = f"the jobs were written, but the last look at them failed: {error.failure.message}"
        return outcomes, dataclasses.replace(error.failure, message=text)
    return [
        _judged(session, outcome, seen[outcome.job_id]) if outcome.job_id in seen else outcome for outcome in outcomes
    ], None


def _deviating(session: sessions.Session, outcomes: t.Iterable[plans.Outcome]) -> dict[str, batch_jobs.Job]:
    """Return the jobs that do not show their numbers, as the last of a few reads found them.

    Jobs that the task only shows because of their queue are left out, and those that have ended since: they prove
    nothing.
    """
    listed = {job.job_id: job for job in session.list_jobs()}
    wanted = {
        outcome.job_id: outcome.job.priority
        for outcome in outcomes
        if outcome.listed and outcome.job and outcome.outcome in ("changed", "unchanged")
    }
    seen = {
        job_id: listed[job_id]
        for job_id, number in wanted.items()
        if job_id in listed and _deviates(listed[job_id], number)
    }
    for times in range(_REREADS):
        # That no number is named will not pass by itself.
        unclear = [job_id for job_id, job in seen.items() if times == 0 or job.priority is not None]
        if not unclear:
            break
        if times:
            session.sender.read_anew(times)
        for job_id, found in session.describe_all(unclear).items():
            if isinstance(found, batch_jobs.Job) and _deviates(found, wanted[job_id]):
                seen[job_id] = found
            else:
                del seen[job_id]
    return seen


def _deviates(job: batch_jobs.Job, wanted: t.Optional[int]) -> bool:
    """Whether a live job shows another number than the wanted one, or none."""
    return job.is_live and job.priority != wanted


def _judged(session: sessions.Session, outcome: plans.Outcome, seen: batch_jobs.Job) -> plans.Outcome:
    """Return what a number means that is not the wanted one, and stays so when it is read again."""
    wanted = outcome.job.priority if outcome.job else None
    name = f"job {outcome.job_id}"
    if seen.priority is None and wanted == 0:
        return outcome  # a cloud may leave out a 0 (cos-go-sdk-v5, batch.go)
    if seen.priority is None:
        return dataclasses.replace(outcome, note=f"{name} was set to {wanted}, and no answer names its priority since")
    if outcome.changed and outcome.before and seen.priority == outcome.before.priority:
        # The answer to the update counts; a read that lags never makes a failure of it.
        text = (
            f"{name} was set to {wanted}, and {_REREADS} more reads still show {seen.priority}, which it had before:"
            " reads may lag behind, or somebody set it back; look at it again in a moment"
        )
        return dataclasses.replace(outcome, note=text)
    text = f"{name} shows priority {seen.priority} after this task saw to {wanted}: somebody else wrote, too"
    hint = "Find out who else changes this queue, look at it, then run the task again."
    failure = session.provider.traits.failure("conflict", text, hint=hint, operation="DescribeJob")
    return dataclasses.replace(outcome, outcome="conflict", job=seen, reason=text, failure=failure)
