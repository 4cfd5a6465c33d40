# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan what becomes of jobs: data that check mode, diff, result, and writer share. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from . import batch_jobs, errors

DecisionOutcome = t.Literal["update", "unchanged", "skipped", "conflict", "failed"]
FinalOutcome = t.Literal["changed", "unchanged", "would_change", "skipped", "conflict", "failed"]
Direction = t.Literal["any", "raise_only", "lower_only"]


@dataclasses.dataclass(frozen=True)
class DesiredState:
    """The priority that one job shall have.

    :param priority: None for a job that the task names without knowing a number for it.
    :param expect_current: refuse unless this is the current priority; None where any will do.
    :param reason: why the job shall have this priority, for a person.
    :param entry: what it stands under in a declaration of a queue; empty outside of one.
    """

    job_id: str
    priority: t.Optional[int]
    expect_current: t.Optional[int] = None
    reason: str = ""
    entry: str = ""


@dataclasses.dataclass(frozen=True)
class Policy:
    """Which changes are allowed.

    :param direction: any, raise_only or lower_only.
    :param when_ended: fail or ignore.
    :param on_error: stop writing when a job fails, or continue with the others.
    """

    direction: str = "any"
    when_ended: str = "fail"
    on_error: str = "stop"


@dataclasses.dataclass(frozen=True)
class Decision:
    """What shall happen to one job.

    :param outcome: update, unchanged, skipped, conflict or failed.
    :param before: the job as it was read; None where it could not be.
    :param reason: why nothing is written, for a person.
    :param failure: the error, with the outcomes conflict and failed.
    :param listed: whether the task is about this job, or shows it only because of the queue it stands in.
    """

    desired: DesiredState
    outcome: DecisionOutcome
    before: t.Optional[batch_jobs.Job] = None
    reason: str = ""
    failure: t.Optional[errors.Failure] = None
    listed: bool = True


@dataclasses.dataclass(frozen=True)
class Plan:
    """One decision for each wanted job, in the order they were given.

    :param waves: the ids of the jobs to write: those of one wave are sent at once, the waves one after another.
    """

    decisions: tuple[Decision, ...]
    policy: Policy
    waves: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one decision.

    :param outcome: changed, unchanged, would_change, skipped, conflict or failed.
    :param changed: whether this task changed the job's priority, or in check mode would.
    :param job: the job as far as it is known now; None where it was never read.
    :param before: the job as the plan found it.
    :param listed: whether the task is about this job, or shows it only because of the queue it stands in.
    :param note: what a person should know of it although it is no failure: a sentence that names the job.
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
    """Return the plan that turns the jobs as they are into the wanted ones."""
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
    """Return the plan that decisions make.

    With on_error=stop an error that is known now means that nothing is written at all.

    :param sequence: from decisions to waves.
    """
    failed = next((decision for decision in decisions if decision.failure), None)
    if failed and policy.on_error == "stop":
        decisions = [withheld(item, failed.desired.job_id) if item.outcome == "update" else item for item in decisions]
    return Plan(tuple(decisions), policy, sequence(decisions))


def preview(plan: Plan) -> list[Outcome]:
    """Return what becomes of each job when nothing is written: the result of check mode, in the plan's order."""
    return [_would_change(item) if item.outcome == "update" else reconcile(item, item) for item in plan.decisions]


def reconcile(planned: Decision, now: Decision) -> Outcome:
    """Return the outcome of a decision that writes nothing (more)."""
    # A decision to update becomes an outcome where it is carried out or withheld.
    outcome = t.cast(FinalOutcome, now.outcome)
    return Outcome(
        now.desired.job_id, outcome, False, now.before, planned.before, now.reason, now.failure, planned.listed
    )


def _would_change(planned: Decision) -> Outcome:
    target = planned.before and dataclasses.replace(planned.before, priority=planned.desired.priority)
    return Outcome(planned.desired.job_id, "would_change", True, target, planned.before, planned.desired.reason)


def withheld(decision: Decision, failed_id: str) -> Decision:
    """Return the decision not to write to a job because another one failed."""
    text = f"job {decision.desired.job_id} was not written to, since job {failed_id} failed and on_error is stop"
    return dataclasses.replace(decision, outcome="skipped", reason=text)


def _one_wave(decisions: t.Sequence[Decision]) -> tuple[tuple[str, ...], ...]:
    """Return all writes as one wave: first raises from the top down, then lowerings from the bottom up."""
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
    """Return what shall happen to one job.

    Equality comes first, so that a second run changes nothing whatever the bounds and also on an ended job.
    """
    if found.priority is None:
        text = f"job {found.job_id} has no priority in the cloud's answer to compare with; nothing is written to it"
        hint = "Some clouds leave out a priority of 0. Look at the job in the cloud's console, then run the task again."
        return _failed(wanted, found, "bad_answer", text, hint=hint)
    if found.priority == wanted.priority:
        return Decision(wanted, "unchanged", found, reason=wanted.reason)
    return (
        _by_status(wanted, found, policy)
        or _by_bounds(wanted, found, policy)
        or Decision(wanted, "update", found, wanted.reason)
    )


def _by_status(wanted: DesiredState, job: batch_jobs.Job, policy: Policy) -> t.Optional[Decision]:
    """Return the refusal that the job's status calls for, if any."""
    if job.is_ended or job.is_ending:
        kind: errors.Kind = "ended" if job.is_ended else "not_updatable"
        state = "has ended" if job.is_ended else "is ending"
        text = f"job {job.job_id} {state} ({job.status}) with priority {job.priority}"
        text += "" if wanted.priority is None else f"; {wanted.priority} is not set"
        if policy.when_ended == "ignore":
            return Decision(wanted, "skipped", job, reason=text)
        hint = "Set when_ended=ignore where jobs that finish meanwhile are no error."
        return _failed(wanted, job, kind, text, hint=hint)
    if not job.is_known:
        text = f"job {job.job_id} has the unknown status {job.status!r}; nothing is written to it"
        hint = "A newer release of objectstore.batch may know the status; the cloud's console shows what it means."
        return _failed(wanted, job, "not_updatable", text, hint=hint)
    return None


def _by_bounds(wanted: DesiredState, job: batch_jobs.Job, policy: Policy) -> t.Optional[Decision]:
    """Return the refusal that expect_current or direction calls for, if any."""
    current = job.priority or 0
    target = wanted.priority or 0
    if wanted.expect_current is not None and current != wanted.expect_current:
        text = f"job {job.job_id} has priority {current}, not {wanted.expect_current} as expect_current says"
        hint = "Somebody else changed it. Look at the queue again, then decide."
        return _failed(wanted, job, "conflict", text, outcome="conflict", hint=hint)
    lowers = target < current
    forbidden = (policy.direction == "raise_only" and lowers) or (policy.direction == "lower_only" and not lowers)
    if forbidden:
        verb = "lower" if lowers else "raise"
        text = f"direction={policy.direction} forbids to {verb} the priority from {current} to {target}"
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
