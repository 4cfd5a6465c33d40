# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify several updates at the end, so that two concurrent tasks never leave a mixture unreported.

No provider supports compare-and-set. A task that updated several jobs lists the jobs once more: of two concurrent
tasks, at least the one that verifies last finds a priority that it did not set. A list can lag behind, and can omit
priorities, so jobs that differ are described a few times before they are reported. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans
from .._requests import sessions

_REREADS: t.Final = 3
"""How often a job is described whose priority is not the expected one."""


def verify(
    session: sessions.Session, outcomes: list[plans.Outcome]
) -> tuple[list[plans.Outcome], t.Optional[errors.Failure]]:
    """Return the outcomes, with a conflict for each job of the task that has an unexpected priority.

    If the verification itself fails, the outcomes stay, and its failure is returned in addition.
    """
    if sum(outcome.outcome == "changed" for outcome in outcomes) < 2:
        return outcomes, None
    try:
        seen = _deviating(session, outcomes)
    except errors.BatchError as error:
        operation = f" ({error.failure.operation})" if error.failure.operation else ""
        text = f"The priorities were updated, but the final verification{operation} failed: {error.failure.message}"
        hint = f"Run the task again to verify the priorities. {error.failure.hint}".strip()
        return outcomes, dataclasses.replace(error.failure, message=text, hint=hint)
    return [
        _judged(session, outcome, seen[outcome.job_id]) if outcome.job_id in seen else outcome for outcome in outcomes
    ], None


def _deviating(session: sessions.Session, outcomes: t.Iterable[plans.Outcome]) -> dict[str, batch_jobs.Job]:
    """Return the jobs without their expected priorities, as the last of a few reads found them.

    Jobs that are only listed because of their queue are left out, and jobs that have ended since: they prove nothing.
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
        # A missing priority does not appear by itself.
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
    """Whether a live job has another priority than the expected one, or none."""
    return job.is_live and job.priority != wanted


def _judged(session: sessions.Session, outcome: plans.Outcome, seen: batch_jobs.Job) -> plans.Outcome:
    """Return the outcome of a job that still has an unexpected priority after more reads."""
    wanted = outcome.job.priority if outcome.job else None
    name = f"job {outcome.job_id}"
    if seen.priority is None and wanted == 0:
        return outcome  # a provider can omit a 0 (cos-go-sdk-v5, batch.go)
    if seen.priority is None:
        text = f"{name} was updated to priority {wanted}, but later responses do not contain its priority"
        return dataclasses.replace(outcome, note=text)
    if outcome.changed and outcome.before and seen.priority == outcome.before.priority:
        # The response to the update counts; a read that lags behind does not make it a failure.
        text = (
            f"{name} was updated to priority {wanted}, but {_REREADS} more reads still return {seen.priority}, its"
            " previous priority. Reads can lag behind, or another user or process changed it back. Read the job again"
            " in a moment"
        )
        return dataclasses.replace(outcome, note=text)
    text = (
        f"{name} has priority {seen.priority} after this task, expected {wanted}. Another user or process changed it at"
        " the same time"
    )
    hint = "Find out which other user or process changes this queue, then run the task again."
    failure = session.provider.traits.failure("conflict", text, hint=hint, operation="DescribeJob")
    return dataclasses.replace(outcome, outcome="conflict", job=seen, reason=text, failure=failure)
