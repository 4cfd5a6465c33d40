# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_queue: list, decide for the whole queue, plan, apply, render. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, errors, job_outcomes, job_values, plans
from .._requests import sessions
from .._select import read_jobs
from .._updates import apply, verify
from . import approvals, coverage, declarations, plan_hash, plan_text, queue_planning, refusals, target_priorities


def execute(
    session: sessions.Session, declaration: declarations.Declaration, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Bring a queue into its declared state, and return the module's result."""
    reading = session.find(declaration.named, listed=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    moment = (now, read_jobs.read_tags(session, declaration.selectors, reading.queue, now))
    targets, decisions, plan = queue_planning.plan_queue(declaration, reading, moment)
    digest = plan_hash.plan_hash(queue_id, plan)
    judged = _approve(plan, decisions, declaration, _terms(targets, reading, declaration))
    plan = judged.plan
    taken = {target.job.job_id: (target.place, target.entry) for target in targets if target.place is not None}
    gaps = coverage.find_gaps(declaration.conditions, reading.queue, reading.ended, taken, moment)
    moves = plans.moves(plan.decisions)
    refusal = refusals.plan_refusal(judged, declaration, digest, gaps.unmatched)
    if refusal:
        plan = refusals.withheld(plan, refusal)
    warnings = [
        *job_values.few(judged.left, "approved changes are not applied"),
        *job_values.unknown_job_warnings(reading.queue),
    ]
    if declaration.unmatched != "ignore":
        warnings += plan_text.gap_warnings(gaps, declaration.unmatched == "warn")
    values = {
        "plan_hash": digest,
        "plan": plan_text.render_moves(moves),
        "plan_text": plan_text.render_text(queue_id, moves, reading.queue),
        **plan_text.render_gaps(gaps),
    }
    report = _Report(queue_id, reading.queue, values, warnings, refusal)
    if check_mode:
        return report.render(plans.preview(plan))
    application = apply.Application(session, plan)
    session.unfinished = application.report(report.render, job_outcomes.cut_short)
    outcomes = application.run()
    return report.render(*(verify.verify(session, outcomes) if declaration.verify else (outcomes, None)))


@dataclasses.dataclass(frozen=True)
class _Report:
    """The result of a task for any outcomes of its updates.

    :param values: the plan, by the keys of the result.
    :param refusal: why no changes are made; None if they are made.
    """

    queue_id: job_values.QueueId
    queue: t.Sequence[batch_jobs.Job]
    values: job_values.Values
    warnings: t.Sequence[str]
    refusal: t.Optional[errors.Failure]

    def render(
        self, outcomes: t.Sequence[plans.Outcome], trouble: t.Optional[errors.Failure] = None
    ) -> job_values.Values:
        """Return the module's result, with the jobs by rank."""
        ranked = sorted(
            outcomes, key=lambda item: batch_jobs.queue_order(item.job or batch_jobs.Job(item.job_id, "Complete"))
        )
        result = {**job_outcomes.render_result(self.queue_id, self.queue, ranked, trouble=trouble), **self.values}
        warnings = [*result.get("warnings", ()), *self.warnings]
        if warnings:
            result["warnings"] = warnings
        if self.refusal:
            result.update(failed=True, error=self.refusal.as_result(), msg=self.refusal.sentence())
        return result


def _terms(
    targets: t.Sequence[target_priorities.Target], reading: sessions.Reading, declaration: declarations.Declaration
) -> approvals.Terms:
    bounds = declaration.bounds
    return approvals.Terms(
        policy=declaration.policy._replace(direction=bounds.direction),
        low=bounds.low,
        high=bounds.high,
        min_delta=bounds.min_delta,
        held={target.job.job_id: target.held for target in targets if target.held},
        ruled=not declaration.order,
        ended={job.job_id: job for job in reading.ended},
    )


def _approve(
    plan: plans.Plan,
    decisions: t.Sequence[plans.PriorityDecision],
    declaration: declarations.Declaration,
    terms: approvals.Terms,
) -> refusals.JudgedPlan:
    """Return the part of a plan that the approved changes allow, and what must be reported."""
    approval = declaration.approval
    if approval is None:
        return refusals.JudgedPlan(plan)
    if approval.whole:
        deviation = approvals.deviation(approval, decisions, terms)
        gone = approvals.lost(approval, decisions, terms) if deviation else []
        return refusals.JudgedPlan(dataclasses.replace(plan, decisions=(*plan.decisions, *gone)), deviation)
    valid, left = approvals.still_valid(approval, decisions, terms)
    return refusals.JudgedPlan(plans.plan_of(valid, declaration.policy, queue_planning.waves), left=left)
