# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan the declared state of a queue from one complete reading of it. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import batch_jobs, errors, plans
from .._select import job_matcher
from . import declarations, solver, target_priorities, write_order


class QueuePlan(t.NamedTuple):
    """A plan for a whole queue.

    :param targets: the declared priority of each live job that has one.
    :param decisions: a decision for each live job, and for each other job that the order lists.
    """

    targets: list[target_priorities.Target]
    decisions: list[plans.PriorityDecision]
    plan: plans.Plan


def plan_queue(
    declaration: declarations.Declaration, reading: batch_jobs.Reading, moment: job_matcher.Moment
) -> QueuePlan:
    """Return the plan that brings a queue into its declared state.

    :raises BatchError: no priorities within the bounds make the declared order (kind conflict).
    """
    targets = _targets_of(declaration, [job for job in reading.queue if job.priority is not None], moment)
    decisions = _decisions(targets, reading, declaration)
    return QueuePlan(targets, decisions, plans.plan_of(decisions, declaration.policy, waves))


def _targets_of(
    declaration: declarations.Declaration, jobs: t.Sequence[batch_jobs.Job], moment: job_matcher.Moment
) -> list[target_priorities.Target]:
    try:
        if declaration.order:
            return target_priorities.by_order(jobs, declaration.order, declaration.bounds, moment)
        return target_priorities.by_rules(jobs, declaration.rules, declaration.bounds, moment)
    except (solver.OrderConflictError, target_priorities.OutOfBoundsError) as error:
        hint = f"{error.hint} No changes were made."
        raise errors.BatchError(errors.Failure("conflict", str(error), hint=hint)) from error


def _decisions(
    targets: t.Sequence[target_priorities.Target], reading: batch_jobs.Reading, declaration: declarations.Declaration
) -> list[plans.PriorityDecision]:
    """Return a decision for each live job, and for each other job that the order lists."""
    live = [target.job for target in targets]
    decisions = [*_decided(targets, declaration), *_unlisted(reading.jobs, reading.missing, live, declaration)]
    shown = {decision.job_id for decision in decisions}
    return decisions + [_unread(job) for job in reading.queue if job.job_id not in shown]


def _decided(
    targets: t.Iterable[target_priorities.Target], declaration: declarations.Declaration
) -> t.Iterator[plans.PriorityDecision]:
    for target in targets:
        job, current = target.job, batch_jobs.priority_of(target.job)
        if target.priority is None:
            wanted = plans.DesiredPriority(job.job_id, current, reason=target.reason)
            outcome: plans.DecisionOutcome = "skipped" if target.listed else "unchanged"
            yield plans.Decision(job.job_id, outcome, job, target.reason, listed=target.listed, desired=wanted)
        else:
            # If the job is changed after it was read, the plan is outdated: this is a conflict.
            wanted = plans.DesiredPriority(job.job_id, target.priority, current, target.reason, target.entry)
            yield plans.decide(wanted, target.job, declaration.policy)


def _unread(job: batch_jobs.Job) -> plans.PriorityDecision:
    """Return the decision about a job without a priority that the order does not list."""
    text = "the response contains no priority for the job, so the job is not changed"
    return plans.Decision(job.job_id, "skipped", job, text, listed=False)


def _unlisted(
    found: t.Mapping[str, batch_jobs.Job],
    missing: t.Mapping[str, errors.Failure],
    live: t.Sequence[batch_jobs.Job],
    declaration: declarations.Declaration,
) -> t.Iterator[plans.PriorityDecision]:
    """Return the decisions for jobs that the order lists and that are not live or have no priority."""
    known = {job.job_id for job in live}
    for job_id in declaration.named:
        if job_id in missing:
            yield plans.Decision(job_id, "failed", failure=missing[job_id])
        elif job_id not in known and found[job_id].is_live:
            text = f"job {job_id} exists, but ListJobs does not return it or its priority"
            failure = errors.Failure(
                "invalid_response", text, hint="If the job was just created, run the task again in a moment."
            )
            yield plans.Decision(job_id, "failed", found[job_id], text, failure)
        elif job_id not in known:
            yield plans.decide_ended(found[job_id], declaration.policy)


def waves(decisions: t.Sequence[plans.PriorityDecision]) -> tuple[tuple[str, ...], ...]:
    """Return the IDs of the jobs to update, in the order in which the updates are sent."""
    entries = {item.job_id: item.desired.entry for item in decisions if item.desired}
    ordered = write_order.waves(plans.moves(decisions), entries)
    return tuple(tuple(job_id for job_id, _before, _after in wave) for wave in ordered)
