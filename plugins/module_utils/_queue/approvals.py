# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a plan with the changes that were approved in check mode, and decide what may still be applied.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, priority_classes, providers, validation

APPROVED_SPEC: t.Final[dict[str, t.Any]] = {
    "job_id": {"type": "str", "required": True},
    "from": {"type": "raw", "required": True},
    "to": {"type": "raw", "required": True},
}
"""Options of one approved move, as AnsibleModule takes them."""
_NAMED: t.Final = 3
"""Moves of each kind that a message names."""


@dataclasses.dataclass(frozen=True)
class Move:
    """One job from one priority to another."""

    job_id: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.job_id} from {self.before} to {self.after}"


@dataclasses.dataclass(frozen=True)
class Approval:
    """The moves that were approved.

    :param whole: whether all of them have to be the plan, or those that are still valid are carried out.
    """

    moves: tuple[Move, ...]
    whole: bool


def parse_approval(
    params: t.Mapping[str, t.Any], traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> t.Optional[Approval]:
    """Return what the options approve; None where they approve nothing in particular.

    :raises OptionError: a move breaks its rule, or a job stands in two of them.
    """
    if params["approved"] is None:
        return None
    moves: dict[str, Move] = {}
    for number, item in enumerate(params["approved"]):
        option = f"approved[{number}]"
        job_id = traits.check_job_id(f"{option}.job_id", item["job_id"])
        if job_id in moves:
            raise validation.invalid_value(f"{option}.job_id", job_id, "must stand in one move only")
        moves[job_id] = Move(job_id, *(classes.parse(f"{option}.{name}", item[name]) for name in ("from", "to")))
    return Approval(tuple(moves.values()), params["approved_only"] == "all")


def moves(decisions: t.Iterable[plans.Decision]) -> list[Move]:
    """Return the moves that decisions make."""
    return [
        Move(item.desired.job_id, item.before.priority or 0, item.desired.priority or 0)
        for item in decisions
        if item.outcome == "update" and item.before
    ]


@dataclasses.dataclass(frozen=True)
class Terms:
    """What holds for the moves of a fresh plan, and so for approved ones.

    :param policy: with the direction that the task allows, also where an order keeps to it by itself.
    :param held: why jobs are not written to whatever is declared, by id.
    :param ruled: whether each job has a number of its own by rules, and not only a place in an order.
    :param ended: the jobs that the list still shows and that have no place in the queue any more.
    """

    policy: plans.Policy
    low: int
    high: int
    min_delta: int = 0
    held: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    ruled: bool = False
    ended: t.Mapping[str, batch_jobs.Job] = dataclasses.field(default_factory=dict)


def deviation(approval: Approval, decisions: t.Sequence[plans.Decision], terms: Terms) -> str:
    """Say in which way a plan is not the approved one; empty where it is, and where it is carried out already."""
    known = {item.desired.job_id: item for item in decisions}
    open_moves = {move for move in approval.moves if not _made(move, known.get(move.job_id), terms)}
    planned = set(moves(decisions))
    new = [str(move) for move in sorted(planned - open_moves, key=str)]
    gone = [
        f"{move} (the job {_why_not(known.get(move.job_id), move, terms) or 'would move otherwise'})"
        for move in sorted(open_moves - planned, key=str)
    ]
    texts = [
        f"{len(found)} {what}, such as {', '.join(found[:_NAMED])}"
        for found, what in ((new, "not approved"), (gone, "approved and no longer planned"))
        if found
    ]
    return "; ".join(texts)


def lost(approval: Approval, decisions: t.Sequence[plans.Decision], terms: Terms) -> list[plans.Decision]:
    """Return a decision for each approved move that has not been made and whose job is not in the queue any more."""
    known = {item.desired.job_id for item in decisions}
    return [
        _left(_absent(move, terms), move, _why_not(None, move, terms))
        for move in approval.moves
        if move.job_id not in known and not _made(move, None, terms)
    ]


def still_valid(
    approval: Approval, decisions: t.Sequence[plans.Decision], terms: Terms
) -> tuple[list[plans.Decision], list[str]]:
    """Return the decisions with the approved moves that are still as they were approved, and no other ones.

    Whatever else the plan would do by now, such as an escalation that has become due, is left and says so. Whatever
    holds for the moves of a fresh plan holds for approved ones.

    :return: the decisions, and a sentence for each approved move that is left.
    """
    approved = {move.job_id: move for move in approval.moves}
    made: list[plans.Decision] = []
    left: list[str] = []
    for item in decisions:
        move = approved.get(item.desired.job_id)
        if move is None:
            made.append(_not_approved(item))
            continue
        why = _why_not(item, move, terms)
        made.append(_left(item, move, why) if why else _moved(item, move, terms))
        if why:
            left.append(_sentence(move, why))
    for item in lost(approval, decisions, terms):
        made.append(item)
        move = approved[item.desired.job_id]
        ended = f": it has ended ({item.before.status})" if item.before else ""
        left.append(_sentence(move, _why_not(None, move, terms) + ended))
    return made, left


def _not_approved(planned: plans.Decision) -> plans.Decision:
    if planned.outcome != "update":
        return planned
    text = f"{planned.desired.reason}, but no move of this job was approved"
    return dataclasses.replace(planned, outcome="skipped", reason=text)


def _made(move: Move, planned: t.Optional[plans.Decision], terms: Terms) -> bool:
    """Whether a move has been made already; that its job has ended or is protected since takes nothing back."""
    job = planned.before if planned else terms.ended.get(move.job_id)
    return job is not None and job.priority == move.after


def _why_not(planned: t.Optional[plans.Decision], move: Move, terms: Terms) -> str:
    """Return why a move cannot be made any more, to follow "the job"; empty where it can, or has been."""
    if _made(move, planned, terms):
        return ""
    if planned is None:
        return "is not in the queue"
    job = planned.before
    if job is None:
        return "cannot be read"
    if job.priority != move.before:
        return "names no priority now" if job.priority is None else f"has priority {job.priority} now"
    if not planned.listed:
        return "is matched by nothing any more"
    if planned.outcome in ("skipped", "conflict", "failed"):
        # Protected, ended, of an unknown status: what holds now holds for approved moves, too.
        return planned.reason or "cannot be written to"
    refused = _by_terms(planned, move, terms)
    if refused:
        return refused
    decided = _moved(planned, move, terms)
    return "" if decided.outcome == "update" else decided.reason


def _by_terms(planned: plans.Decision, move: Move, terms: Terms) -> str:
    """Return why the declaration would not make such a move now."""
    if move.job_id in terms.held:
        return terms.held[move.job_id]
    if not terms.low <= move.after <= terms.high:
        return f"may only get a priority from {terms.low} to {terms.high} now"
    if terms.ruled and abs(move.after - move.before) < terms.min_delta:
        return f"would move by less than min_delta, {terms.min_delta}"
    target = planned.desired.priority or 0
    if terms.ruled and not min(move.before, target) <= move.after <= max(move.before, target):
        return f"has a rule that asks for {target} now ({planned.desired.reason})"
    return ""


def _moved(planned: plans.Decision, move: Move, terms: Terms) -> plans.Decision:
    """Return the decision to make a move, or that it has been made."""
    wanted = dataclasses.replace(planned.desired, priority=move.after, expect_current=move.before)
    job = planned.before or batch_jobs.Job(move.job_id)
    return dataclasses.replace(plans.decide(wanted, job, terms.policy), listed=planned.listed)


def _absent(move: Move, terms: Terms) -> plans.Decision:
    return plans.Decision(plans.DesiredState(move.job_id, None), "skipped", terms.ended.get(move.job_id))


def _left(planned: plans.Decision, move: Move, why: str) -> plans.Decision:
    text = f"approved from {move.before} to {move.after}, but the job {why}"
    return dataclasses.replace(planned, outcome="skipped", reason=text, failure=None)


def _sentence(move: Move, why: str) -> str:
    return f"Job {move.job_id} is left as it is: approved from {move.before} to {move.after}, but the job {why}."


def refusal(text: str) -> errors.Failure:
    """Return the failure of a plan that is not the approved one."""
    hint = "Have the plan of a new dry run approved, or say approved_only=still_valid to carry out what is left of it."
    return errors.Failure("conflict", f"The plan is not the approved one: {text}; nothing was written", hint=hint)


def largest_first(found: t.Iterable[Move]) -> list[Move]:
    """Return moves with the largest change first."""
    return sorted(found, key=lambda move: (-abs(move.after - move.before), move.job_id))


def job_of(move: Move, jobs: t.Mapping[str, batch_jobs.Job]) -> batch_jobs.Job:
    """Return the job that a move is about, as far as it is known."""
    return jobs.get(move.job_id) or batch_jobs.Job(move.job_id)
