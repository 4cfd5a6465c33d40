# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan changes of jobs: data that check mode, diff, result, and updates share. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from . import batch_jobs, errors

DecisionOutcome = t.Literal["update", "unchanged", "skipped", "conflict", "failed"]
FinalOutcome = t.Literal["changed", "unchanged", "would_change", "skipped", "conflict", "failed"]
Direction = t.Literal["any", "raise_only", "lower_only"]


D = t.TypeVar("D")


@dataclasses.dataclass(frozen=True)
class DesiredPriority:
    """The desired priority of one job.

    :param expect_current: fail unless this is the current priority; None for any.
    :param reason: why the job gets this priority, for users.
    :param entry: its entry in the declaration of a queue; empty without one.
    """

    job_id: str
    priority: int
    expect_current: t.Optional[int] = None
    reason: str = ""
    entry: str = ""


class Policy(t.NamedTuple):
    """Which changes are allowed.

    :param direction: any, raise_only, or lower_only.
    :param when_ended: fail or ignore.
    :param on_error: stop if a job fails, or continue with the others.
    """

    direction: str = "any"
    when_ended: str = "fail"
    on_error: str = "stop"


@dataclasses.dataclass(frozen=True)
class Decision(t.Generic[D]):
    """The decision about one job, for any kind of desired state.

    :param job_id: empty for a job that does not exist yet.
    :param outcome: update, unchanged, skipped, conflict, or failed.
    :param before: the job as it was read; None if it could not be read.
    :param reason: why the job is changed or not, for users.
    :param failure: the error, with the outcomes conflict and failed.
    :param listed: whether the task is about this job, or shows it only because it is in the same queue.
    :param desired: the desired state; None if the task does not define one for this job.
    """

    job_id: str
    outcome: DecisionOutcome
    before: t.Optional[batch_jobs.Job] = None
    reason: str = ""
    failure: t.Optional[errors.Failure] = None
    listed: bool = True
    desired: t.Optional[D] = None


PriorityDecision = Decision[DesiredPriority]


class Move(t.NamedTuple):
    """One job from one priority to another."""

    job_id: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.job_id} from {self.before} to {self.after}"


@dataclasses.dataclass(frozen=True)
class Plan:
    """One decision for each job, in the order of the task.

    :param waves: the IDs of the jobs to update: those of one wave in parallel, the waves one after another.
    """

    decisions: tuple[PriorityDecision, ...]
    policy: Policy
    waves: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The outcome of one decision.

    :param outcome: changed, unchanged, would_change, skipped, conflict, or failed.
    :param changed: whether this task changed the job's priority, or in check mode would.
    :param job: the known state of the job; None if it was never read.
    :param before: the job as the plan found it.
    :param listed: whether the task is about this job, or shows it only because it is in the same queue.
    :param note: a warning about it that is not a failure: a sentence that names the job.
    """

    job_id: str
    outcome: FinalOutcome
    changed: bool = False
    job: t.Optional[batch_jobs.Job] = None
    before: t.Optional[batch_jobs.Job] = None
    reason: str = ""
    failure: t.Optional[errors.Failure] = None
    listed: bool = True
    note: str = ""


def make_plan(
    wanted: t.Iterable[DesiredPriority],
    jobs: t.Mapping[str, batch_jobs.Job],
    missing: t.Mapping[str, errors.Failure],
    policy: Policy,
) -> Plan:
    """Return the plan that changes the jobs to their desired state."""
    decisions = [
        Decision(item.job_id, "failed", failure=missing[item.job_id], desired=item)
        if item.job_id in missing
        else decide(item, jobs[item.job_id], policy)
        for item in wanted
    ]
    return plan_of(decisions, policy, _one_wave)


def plan_of(
    decisions: t.Sequence[PriorityDecision],
    policy: Policy,
    sequence: t.Callable[[t.Sequence[PriorityDecision]], tuple[tuple[str, ...], ...]],
) -> Plan:
    """Return the plan of decisions.

    With on_error=stop, an error that is already known prevents all updates.

    :param sequence: from decisions to waves.
    """
    failed = next((decision for decision in decisions if decision.failure), None)
    if failed and policy.on_error == "stop":
        decisions = [withheld(item, failed.job_id) if item.outcome == "update" else item for item in decisions]
    return Plan(tuple(decisions), policy, sequence(decisions))


def preview(plan: Plan) -> list[Outcome]:
    """Return the outcome of each job without updates: the result of check mode, in the order of the plan."""
    return [_would_change(item) if item.outcome == "update" else reconcile(item, item) for item in plan.decisions]


def reconcile(planned: Decision[D], now: Decision[D]) -> Outcome:
    """Return the outcome of a decision without (further) updates."""
    # A decision to update becomes an outcome when it is applied or withheld.
    outcome = t.cast(FinalOutcome, now.outcome)
    return Outcome(now.job_id, outcome, False, now.before, planned.before, now.reason, now.failure, planned.listed)


def _would_change(planned: PriorityDecision) -> Outcome:
    before, desired = planned.before, planned.desired
    target = dataclasses.replace(before, priority=desired.priority) if before and desired else None
    return Outcome(planned.job_id, "would_change", True, target, before, planned.reason)


def withheld(decision: Decision[D], failed_id: str) -> Decision[D]:
    """Return the decision not to update a job because another one failed."""
    text = f"job {decision.job_id} was not changed because job {failed_id} failed (on_error=stop)"
    return dataclasses.replace(decision, outcome="skipped", reason=text)


def moves(decisions: t.Iterable[PriorityDecision]) -> list[Move]:
    """Return the changes that decisions make."""
    return [
        Move(item.job_id, batch_jobs.priority_of(item.before), item.desired.priority)
        for item in decisions
        if item.outcome == "update" and item.before and item.desired
    ]


def _one_wave(decisions: t.Sequence[PriorityDecision]) -> tuple[tuple[str, ...], ...]:
    """Return all updates as one wave: first raised priorities, highest first, then lowered ones, lowest first."""
    ups: list[tuple[int, str]] = []
    downs: list[tuple[int, str]] = []
    for move in moves(decisions):
        if move.after > move.before:
            ups.append((-move.after, move.job_id))
        else:
            downs.append((move.after, move.job_id))
    wave = tuple(job_id for _number, job_id in [*sorted(ups), *sorted(downs)])
    return (wave,) if wave else ()


def decide(wanted: DesiredPriority, found: batch_jobs.Job, policy: Policy) -> PriorityDecision:
    """Return the decision about one job.

    Equality comes first, so that a second run changes nothing, even with bounds or for an ended job.
    """
    if found.priority is None:
        return _without_priority(found, wanted)
    if found.priority == wanted.priority:
        return Decision(wanted.job_id, "unchanged", found, wanted.reason, desired=wanted)
    return (
        _by_status(wanted, found, policy)
        or _by_bounds(wanted, found, found.priority, policy)
        or Decision(wanted.job_id, "update", found, wanted.reason, desired=wanted)
    )


def decide_ended(found: batch_jobs.Job, policy: Policy) -> PriorityDecision:
    """Return the decision about a job that the task names, and that has ended or is ending."""
    return _without_priority(found) if found.priority is None else _ended(found, policy)


def _without_priority(found: batch_jobs.Job, wanted: t.Optional[DesiredPriority] = None) -> PriorityDecision:
    text = f"job {found.job_id} was not changed: the response does not contain its priority"
    hint = "Some providers omit a priority of 0. Check the job in the provider's console, then run the task again."
    return _failed(wanted, found, "invalid_response", text, hint=hint)


def _ended(job: batch_jobs.Job, policy: Policy, wanted: t.Optional[DesiredPriority] = None) -> PriorityDecision:
    kind: errors.Kind = "job_ended" if job.is_ended else "not_updatable"
    state = "has ended" if job.is_ended else "is ending"
    text = f"job {job.job_id} {state} ({job.status}, priority {job.priority})"
    text += f", so its priority cannot be set to {wanted.priority}" if wanted else ""
    if policy.when_ended == "ignore":
        return Decision(job.job_id, "skipped", job, text, desired=wanted)
    return _failed(wanted, job, kind, text, hint="Set when_ended=ignore to skip ended and ending jobs.")


def _by_status(wanted: DesiredPriority, job: batch_jobs.Job, policy: Policy) -> t.Optional[PriorityDecision]:
    """Return the decision that the status of the job requires, if any."""
    if job.is_ended or job.is_ending:
        return _ended(job, policy, wanted)
    if not job.is_known:
        text = f"job {job.job_id} was not changed: its status {job.status!r} is unknown"
        hint = "Install a newer release of objectstore.batch, or check the status in the provider's console."
        return _failed(wanted, job, "not_updatable", text, hint=hint)
    return None


def _by_bounds(
    wanted: DesiredPriority, job: batch_jobs.Job, current: int, policy: Policy
) -> t.Optional[PriorityDecision]:
    """Return the decision that expect_current or direction requires, if any."""
    target = wanted.priority
    if wanted.expect_current is not None and current != wanted.expect_current:
        text = f"job {job.job_id} was not changed: its priority is {current}, expect_current is {wanted.expect_current}"
        hint = "Another user or process changed it. Check the queue, then adjust expect_current."
        return _failed(wanted, job, "conflict", text, outcome="conflict", hint=hint)
    lowers = target < current
    forbidden = (policy.direction == "raise_only" and lowers) or (policy.direction == "lower_only" and not lowers)
    if forbidden:
        verb = "lowering" if lowers else "raising"
        text = f"direction={policy.direction} does not allow {verb} the priority from {current} to {target}"
        return Decision(job.job_id, "skipped", job, text, desired=wanted)
    return None


def _failed(
    wanted: t.Optional[DesiredPriority],
    job: batch_jobs.Job,
    kind: errors.Kind,
    text: str,
    outcome: DecisionOutcome = "failed",
    hint: str = "",
) -> PriorityDecision:
    return Decision(job.job_id, outcome, job, text, errors.Failure(kind, text, hint=hint), desired=wanted)
