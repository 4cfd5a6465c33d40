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


@dataclasses.dataclass(frozen=True)
class DesiredState:
    """The desired priority of one job.

    :param priority: None for a job that the task names without a priority.
    :param expect_current: fail unless this is the current priority; None for any.
    :param reason: why the job gets this priority, for users.
    :param entry: its entry in the declaration of a queue; empty without one.
    """

    job_id: str
    priority: t.Optional[int]
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
class Decision:
    """The decision about one job.

    :param outcome: update, unchanged, skipped, conflict, or failed.
    :param before: the job as it was read; None if it could not be read.
    :param reason: why the job is not changed, for users.
    :param failure: the error, with the outcomes conflict and failed.
    :param listed: whether the task is about this job, or shows it only because it is in the same queue.
    """

    desired: DesiredState
    outcome: DecisionOutcome
    before: t.Optional[batch_jobs.Job] = None
    reason: str = ""
    failure: t.Optional[errors.Failure] = None
    listed: bool = True


@dataclasses.dataclass(frozen=True)
class Plan:
    """One decision for each job, in the order of the task.

    :param waves: the IDs of the jobs to update: those of one wave in parallel, the waves one after another.
    """

    decisions: tuple[Decision, ...]
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
    wanted: t.Iterable[DesiredState],
    jobs: t.Mapping[str, batch_jobs.Job],
    missing: t.Mapping[str, errors.Failure],
    policy: Policy,
) -> Plan:
    """Return the plan that changes the jobs to their desired state."""
    decisions = [
        Decision(item, "failed", failure=missing[item.job_id])
        if item.job_id in missing
        else decide(item, jobs[item.job_id], policy)
        for item in wanted
    ]
    return plan_of(decisions, policy, _one_wave)


def plan_of(
    decisions: t.Sequence[Decision],
    policy: Policy,
    sequence: t.Callable[[t.Sequence[Decision]], tuple[tuple[str, ...], ...]],
) -> Plan:
    """Return the plan of decisions.

    With on_error=stop, an error that is already known prevents all updates.

    :param sequence: from decisions to waves.
    """
    failed = next((decision for decision in decisions if decision.failure), None)
    if failed and policy.on_error == "stop":
        decisions = [withheld(item, failed.desired.job_id) if item.outcome == "update" else item for item in decisions]
    return Plan(tuple(decisions), policy, sequence(decisions))


def preview(plan: Plan) -> list[Outcome]:
    """Return the outcome of each job without updates: the result of check mode, in the order of the plan."""
    return [_would_change(item) if item.outcome == "update" else reconcile(item, item) for item in plan.decisions]


def reconcile(planned: Decision, now: Decision) -> Outcome:
    """Return the outcome of a decision without (further) updates."""
    # A decision to update becomes an outcome when it is applied or withheld.
    outcome = t.cast(FinalOutcome, now.outcome)
    return Outcome(
        now.desired.job_id, outcome, False, now.before, planned.before, now.reason, now.failure, planned.listed
    )


def _would_change(planned: Decision) -> Outcome:
    target = planned.before and dataclasses.replace(planned.before, priority=planned.desired.priority)
    return Outcome(planned.desired.job_id, "would_change", True, target, planned.before, planned.desired.reason)


def withheld(decision: Decision, failed_id: str) -> Decision:
    """Return the decision not to update a job because another one failed."""
    text = f"job {decision.desired.job_id} was not changed because job {failed_id} failed (on_error=stop)"
    return dataclasses.replace(decision, outcome="skipped", reason=text)


def _one_wave(decisions: t.Sequence[Decision]) -> tuple[tuple[str, ...], ...]:
    """Return all updates as one wave: first raised priorities, highest first, then lowered ones, lowest first."""
    ups: list[tuple[int, str]] = []
    downs: list[tuple[int, str]] = []
    for item in decisions:
        if item.outcome == "update" and item.before:
            target = item.desired.priority or 0
            if target > (item.before.priority or 0):
                ups.append((-target, item.desired.job_id))
            else:
                downs.append((target, item.desired.job_id))
    wave = tuple(job_id for _number, job_id in [*sorted(ups), *sorted(downs)])
    return (wave,) if wave else ()


def decide(wanted: DesiredState, found: batch_jobs.Job, policy: Policy) -> Decision:
    """Return the decision about one job.

    Equality comes first, so that a second run changes nothing, even with bounds or for an ended job.
    """
    if found.priority is None:
        text = f"job {found.job_id} was not changed: the response does not contain its priority"
        hint = "Some providers omit a priority of 0. Check the job in the provider's console, then run the task again."
        return _failed(wanted, found, "invalid_response", text, hint=hint)
    if found.priority == wanted.priority:
        return Decision(wanted, "unchanged", found, reason=wanted.reason)
    return (
        _by_status(wanted, found, policy)
        or _by_bounds(wanted, found, policy)
        or Decision(wanted, "update", found, wanted.reason)
    )


def _by_status(wanted: DesiredState, job: batch_jobs.Job, policy: Policy) -> t.Optional[Decision]:
    """Return the decision that the status of the job requires, if any."""
    if job.is_ended or job.is_ending:
        kind: errors.Kind = "job_ended" if job.is_ended else "not_updatable"
        state = "has ended" if job.is_ended else "is ending"
        text = f"job {job.job_id} {state} ({job.status}, priority {job.priority})"
        text += "" if wanted.priority is None else f", so its priority cannot be set to {wanted.priority}"
        if policy.when_ended == "ignore":
            return Decision(wanted, "skipped", job, reason=text)
        hint = "Set when_ended=ignore to skip ended and ending jobs."
        return _failed(wanted, job, kind, text, hint=hint)
    if not job.is_known:
        text = f"job {job.job_id} was not changed: its status {job.status!r} is unknown"
        hint = "Install a newer release of objectstore.batch, or check the status in the provider's console."
        return _failed(wanted, job, "not_updatable", text, hint=hint)
    return None


def _by_bounds(wanted: DesiredState, job: batch_jobs.Job, policy: Policy) -> t.Optional[Decision]:
    """Return the decision that expect_current or direction requires, if any."""
    current = job.priority or 0
    target = wanted.priority or 0
    if wanted.expect_current is not None and current != wanted.expect_current:
        text = f"job {job.job_id} was not changed: its priority is {current}, expect_current is {wanted.expect_current}"
        hint = "Another user or process changed it. Check the queue, then adjust expect_current."
        return _failed(wanted, job, "conflict", text, outcome="conflict", hint=hint)
    lowers = target < current
    forbidden = (policy.direction == "raise_only" and lowers) or (policy.direction == "lower_only" and not lowers)
    if forbidden:
        verb = "lowering" if lowers else "raising"
        text = f"direction={policy.direction} does not allow {verb} the priority from {current} to {target}"
        return Decision(wanted, "skipped", job, reason=text)
    return None


def _failed(
    wanted: DesiredState,
    job: batch_jobs.Job,
    kind: errors.Kind,
    text: str,
    outcome: DecisionOutcome = "failed",
    hint: str = "",
) -> Decision:
    return Decision(wanted, outcome, job, reason=text, failure=errors.Failure(kind, text, hint=hint))
