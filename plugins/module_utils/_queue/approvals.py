# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a plan with the changes that were approved in check mode, and decide which of them can still be applied.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, display, errors, plans, priority_classes, providers, validation

APPROVED_SPEC: t.Final[dict[str, t.Any]] = {
    "job_id": {"type": "str", "required": True},
    "from": {"type": "raw", "required": True},
    "to": {"type": "raw", "required": True},
}
"""Options of one approved change, as AnsibleModule takes them."""
_NAMED: t.Final = 3
"""Changes of each kind that a message lists."""


class Approval(t.NamedTuple):
    """The approved changes.

    :param whole: whether the plan must be exactly these changes, or the changes that are still valid are applied.
    """

    moves: tuple[plans.Move, ...]
    whole: bool


def parse_approval(
    params: t.Mapping[str, t.Any], traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> t.Optional[Approval]:
    """Return the approved changes; None if the option is not set.

    :raises OptionError: a change breaks its rule, or a job is listed more than once.
    """
    if params["approved"] is None:
        return None
    moves: dict[str, plans.Move] = {}
    for number, item in enumerate(params["approved"]):
        option = f"approved[{number}]"
        job_id = traits.check_job_id(f"{option}.job_id", item["job_id"])
        if job_id in moves:
            raise validation.invalid_value(f"{option}.job_id", job_id, "must be listed only once")
        moves[job_id] = plans.Move(job_id, *(classes.parse(f"{option}.{name}", item[name]) for name in ("from", "to")))
    return Approval(tuple(moves.values()), params["approval_mode"] == "exact")


@dataclasses.dataclass(frozen=True)
class Terms:
    """The limits of a new plan, which also apply to approved changes.

    :param policy: with the direction that the task allows, also for an order.
    :param held: why jobs are never updated, by ID: a clause that follows "the job".
    :param ruled: whether rules set the priority of each job, rather than an order its position.
    :param ended: listed jobs that have ended and have no position in the queue.
    """

    policy: plans.Policy
    low: int
    high: int
    min_delta: int = 0
    held: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    ruled: bool = False
    ended: t.Mapping[str, batch_jobs.Job] = dataclasses.field(default_factory=dict)


def deviation(approval: Approval, decisions: t.Sequence[plans.PriorityDecision], terms: Terms) -> str:
    """Return how a plan differs from the approved plan; empty if it does not, or if that plan was applied already."""
    known = {item.job_id: item for item in decisions}
    open_moves = {move for move in approval.moves if not _made(move, known.get(move.job_id), terms)}
    planned = set(plans.moves(decisions))
    new = [str(move) for move in sorted(planned - open_moves, key=str)]
    gone = [
        f"{move} ({_why_not(known.get(move.job_id), move, terms) or 'the plan contains another change of this job'})"
        for move in sorted(open_moves - planned, key=str)
    ]
    texts = [
        f"{len(found)} {'change is' if len(found) == 1 else 'changes are'} {what}: {display.and_more(found, _NAMED)}"
        for found, what in ((new, "not approved"), (gone, "approved but no longer planned"))
        if found
    ]
    return ". ".join(texts)


def lost(
    approval: Approval, decisions: t.Sequence[plans.PriorityDecision], terms: Terms
) -> list[plans.PriorityDecision]:
    """Return a decision for each open approved change whose job is no longer in the queue."""
    known = {item.job_id for item in decisions}
    return [
        _left(_absent(move, terms), move, _why_not(None, move, terms))
        for move in approval.moves
        if move.job_id not in known and not _made(move, None, terms)
    ]


def still_valid(
    approval: Approval, decisions: t.Sequence[plans.PriorityDecision], terms: Terms
) -> tuple[list[plans.PriorityDecision], list[str]]:
    """Return the decisions with the approved changes that are still valid, and no other changes.

    Other changes of the current plan, such as an escalation that is due since then, are not applied and are reported.
    The limits of a new plan also apply to approved changes.

    :return: the decisions, and a sentence for each approved change that is not applied.
    """
    approved = {move.job_id: move for move in approval.moves}
    made: list[plans.PriorityDecision] = []
    left: list[str] = []
    for item in decisions:
        move = approved.get(item.job_id)
        if move is None:
            made.append(_not_approved(item))
            continue
        why = _why_not(item, move, terms)
        made.append(_left(item, move, why) if why else _moved(item, move, terms))
        if why:
            left.append(_sentence(move, why))
    for item in lost(approval, decisions, terms):
        made.append(item)
        move = approved[item.job_id]
        left.append(_sentence(move, _why_not(None, move, terms)))
    return made, left


def _not_approved(planned: plans.PriorityDecision) -> plans.PriorityDecision:
    if planned.outcome != "update":
        return planned
    text = f"{planned.reason}, but no change of this job was approved"
    return dataclasses.replace(planned, outcome="skipped", reason=text)


def _made(move: plans.Move, planned: t.Optional[plans.PriorityDecision], terms: Terms) -> bool:
    """Whether a change was made already, also if its job has ended or is protected since then."""
    job = planned.before if planned else terms.ended.get(move.job_id)
    return job is not None and job.priority == move.after


def _why_not(planned: t.Optional[plans.PriorityDecision], move: plans.Move, terms: Terms) -> str:
    """Return why a change can no longer be made; empty if it can, or if it was made already."""
    if _made(move, planned, terms):
        return ""
    if planned is None:
        ended = terms.ended.get(move.job_id)
        return f"the job is no longer in the queue ({ended.status})" if ended else "the job is not in the queue"
    job = planned.before
    if job is None:
        return "the job cannot be read"
    if job.priority != move.before:
        priority = "no priority in the response" if job.priority is None else f"priority {job.priority}"
        return f"the job has {priority} now"
    if not planned.listed:
        return "no entry or rule matches the job now"
    if planned.outcome in ("skipped", "conflict", "failed"):
        # The job is protected or has ended, or its status is unknown: this also applies to approved changes.
        return planned.reason or "the job cannot be updated"
    refused = _by_terms(planned, move, terms)
    if refused:
        return refused
    decided = _moved(planned, move, terms)
    return "" if decided.outcome == "update" else decided.reason


def _by_terms(planned: plans.PriorityDecision, move: plans.Move, terms: Terms) -> str:
    """Return why the declaration would not make such a change now."""
    if move.job_id in terms.held:
        return f"the job {terms.held[move.job_id]}"
    if not terms.low <= move.after <= terms.high:
        return f"only priorities from {terms.low} to {terms.high} are allowed now"
    if terms.ruled and abs(move.after - move.before) < terms.min_delta:
        return f"the change is smaller than min_delta ({terms.min_delta})"
    desired = planned.desired
    if terms.ruled and desired and not _between(move.after, move.before, desired.priority):
        return f"the rules set priority {desired.priority} now ({desired.reason})"
    return ""


def _between(number: int, one: int, other: int) -> bool:
    return min(one, other) <= number <= max(one, other)


def _moved(planned: plans.PriorityDecision, move: plans.Move, terms: Terms) -> plans.PriorityDecision:
    """Return the decision to make a change, or that it was made already."""
    desired = planned.desired or plans.DesiredPriority(move.job_id, move.after)
    wanted = dataclasses.replace(desired, priority=move.after, expect_current=move.before)
    job = planned.before or batch_jobs.Job(move.job_id)
    return dataclasses.replace(plans.decide(wanted, job, terms.policy), listed=planned.listed)


def _absent(move: plans.Move, terms: Terms) -> plans.PriorityDecision:
    return plans.Decision(move.job_id, "skipped", terms.ended.get(move.job_id))


def _left(planned: plans.PriorityDecision, move: plans.Move, why: str) -> plans.PriorityDecision:
    text = f"the approved change from {move.before} to {move.after} is not applied: {why}"
    return dataclasses.replace(planned, outcome="skipped", reason=text, failure=None)


def _sentence(move: plans.Move, why: str) -> str:
    return f"Job {move.job_id}: the approved change from {move.before} to {move.after} is not applied: {why}."


def refusal(text: str) -> errors.Failure:
    """Return the failure of a plan that differs from the approved plan."""
    text = f"The plan differs from the approved plan. {text}. No changes were made"
    hint = (
        "Run in check mode again and have the new plan approved, or set approval_mode=still_valid to apply only the"
        " approved changes that are still valid."
    )
    return errors.Failure("conflict", text, hint=hint)


def largest_first(found: t.Iterable[plans.Move]) -> list[plans.Move]:
    """Return changes, the largest first."""
    return sorted(found, key=lambda move: (-abs(move.after - move.before), move.job_id))


def job_of(move: plans.Move, jobs: t.Mapping[str, batch_jobs.Job]) -> batch_jobs.Job:
    """Return the job of a change, with the values that are known."""
    return jobs.get(move.job_id) or batch_jobs.Job(move.job_id)
