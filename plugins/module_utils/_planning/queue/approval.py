# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Approved moves: what somebody has read in a dry run, and what of it may still be carried out.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    classes as _classes,
    errors as _errors,
    input as _input,
    job as _job,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._planning import plan as _plan

APPROVED_SPEC: t.Final[dict[str, t.Any]] = {
    "job_id": {"type": "str", "required": True},
    "from": {"type": "raw", "required": True},
    "to": {"type": "raw", "required": True},
}
"""Options of one approved move, as AnsibleModule takes them."""


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
    params: t.Mapping[str, t.Any], facts: _provider.Facts, classes: _classes.Classes
) -> t.Optional[Approval]:
    """Return what the options approve; None where they approve nothing in particular.

    :raises InputError: a move breaks its rule, or a job stands in two of them.
    """
    if params["approved"] is None:
        return None
    moves: dict[str, Move] = {}
    for number, item in enumerate(params["approved"]):
        option = f"approved[{number}]"
        job_id = facts.check_job_id(f"{option}.job_id", item["job_id"])
        if job_id in moves:
            raise _input.refusal(f"{option}.job_id", job_id, "must stand in one move only")
        moves[job_id] = Move(job_id, *(classes.parse(f"{option}.{name}", item[name]) for name in ("from", "to")))
    return Approval(tuple(moves.values()), params["approved_only"] == "all")


def moves(decisions: t.Iterable[_plan.Decision]) -> list[Move]:
    """Return the moves that decisions make."""
    return [
        Move(item.wanted.job_id, item.before.priority or 0, item.wanted.priority or 0)
        for item in decisions
        if item.outcome == "update" and item.before
    ]


def deviation(approval: Approval, decisions: t.Sequence[_plan.Decision]) -> str:
    """Say in which way a plan is not the approved one; empty where it is, and where it is carried out already."""
    priorities = {item.wanted.job_id: item.before.priority for item in decisions if item.before}
    open_moves = {move for move in approval.moves if priorities.get(move.job_id) != move.after}
    planned = set(moves(decisions))
    new, gone = sorted(planned - open_moves, key=str), sorted(open_moves - planned, key=str)
    texts = [
        f"{len(found)} {what}, such as {found[0]}"
        for found, what in ((new, "not approved"), (gone, "approved and no longer planned"))
        if found
    ]
    return "; ".join(texts)


def still_valid(
    approval: Approval, decisions: t.Sequence[_plan.Decision], policy: _plan.Policy
) -> list[_plan.Decision]:
    """Return the decisions with the approved moves that are still as they were approved, and no other ones.

    Whatever else the plan would do by now, such as an escalation that has become due, is left and says so.
    """
    approved = {move.job_id: move for move in approval.moves}
    known = {item.wanted.job_id for item in decisions}
    gone = [move for move in approval.moves if move.job_id not in known]
    return [
        *(_judge(item, approved.get(item.wanted.job_id), policy) for item in decisions),
        *(
            _left(_plan.Decision(_plan.Wanted(move.job_id, None), "skipped"), move, "is not in the queue")
            for move in gone
        ),
    ]


def _judge(planned: _plan.Decision, move: t.Optional[Move], policy: _plan.Policy) -> _plan.Decision:
    job = planned.before
    if move is None:
        if planned.outcome != "update":
            return planned
        text = f"{planned.wanted.reason}, but no move of this job was approved"
        return dataclasses.replace(planned, outcome="skipped", reason=text)
    if job is None:
        return _left(planned, move, "cannot be read")
    if job.priority != move.after and job.priority != move.before:
        return _left(planned, move, f"has priority {job.priority} now")
    if not planned.listed:
        return _left(planned, move, "is matched by nothing any more")
    if planned.outcome in ("skipped", "conflict", "failed"):
        # Protected, ended, of an unknown status: what holds now holds for approved moves, too.
        return _left(planned, move, planned.reason or "cannot be written to")
    wanted = dataclasses.replace(planned.wanted, priority=move.after, expect_current=move.before)
    decided = _plan.decide(wanted, job, policy)
    return decided if decided.outcome in ("update", "unchanged") else _left(planned, move, decided.reason)


def _left(planned: _plan.Decision, move: Move, why: str) -> _plan.Decision:
    text = f"approved from {move.before} to {move.after}, but the job {why}" if why else ""
    return dataclasses.replace(planned, outcome="skipped", reason=text, failure=None)


def refusal(text: str) -> _errors.Failure:
    """Return the failure of a plan that is not the approved one."""
    hint = "Have the plan of a new dry run approved, or say approved_only=still_valid to carry out what is left of it."
    return _errors.Failure("conflict", f"The plan is not the approved one: {text}; nothing was written", hint=hint)


def largest_first(found: t.Iterable[Move]) -> list[Move]:
    """Return moves with the largest change first."""
    return sorted(found, key=lambda move: (-abs(move.after - move.before), move.job_id))


def job_of(move: Move, jobs: t.Mapping[str, _job.Job]) -> _job.Job:
    """Return the job that a move is about, as far as it is known."""
    return jobs.get(move.job_id) or _job.Job(move.job_id)
