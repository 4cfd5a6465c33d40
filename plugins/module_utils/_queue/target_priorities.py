# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the priority of each job of a declared queue, by an order or by rules. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, statuses
from .._select import job_matcher
from . import matching, solver


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry of an order.

    :param label: the user's text, for reasons.
    :param members: job IDs and selectors; the members of a tier all get one priority.
    :param tier: whether the members are one tier, or jobs that keep their order among themselves.
    """

    label: str
    members: tuple[t.Union[str, job_matcher.Selector], ...]
    tier: bool


@dataclasses.dataclass(frozen=True)
class Escalation:
    """The priority of a job that has waited this long."""

    after: datetime.timedelta
    priority: int
    label: str


@dataclasses.dataclass(frozen=True)
class Rule:
    """The priority of the jobs that a selector matches: a number, or the current priority plus delta."""

    label: str
    selector: job_matcher.Selector
    priority: t.Optional[int] = None
    delta: int = 0
    escalations: tuple[Escalation, ...] = ()


@dataclasses.dataclass(frozen=True)
class Bounds:
    """The limits of a declaration.

    :param clamp: whether a priority outside of low and high is changed to the nearest bound, or rejected.
    :param min_delta: smaller changes are not made (rules only).
    """

    low: int
    high: int
    direction: str = "any"
    spacing: int = 1
    min_delta: int = 0
    clamp: bool = False
    protect: tuple[job_matcher.Selector, ...] = ()


@dataclasses.dataclass(frozen=True)
class Target:
    """The declared priority of one job; None if the job is not updated.

    :param entry: the entry or rule of the job; jobs of one entry can pass each other while the plan is applied.
    :param place: the index of that entry or rule; None if none applies.
    :param held: why the job is never updated, a clause that follows the job; empty if it can be.
    """

    job: batch_jobs.Job
    priority: t.Optional[int]
    reason: str
    listed: bool = True
    entry: str = ""
    place: t.Optional[int] = None
    held: str = ""


class OutOfBoundsError(Exception):
    """A rule sets a priority outside the bounds; the text states the priority and the job."""

    def __init__(self, job_id: str, text: str) -> None:
        super().__init__(text)
        self.jobs = (job_id,)
        self.hint = "Change the rule or the bounds, or set out_of_bounds=clamp."


Moment = job_matcher.Moment


def by_order(
    jobs: t.Sequence[batch_jobs.Job], entries: t.Sequence[Entry], bounds: Bounds, moment: Moment
) -> list[Target]:
    """Return a target for each job, so that the listed jobs are in order and before all other jobs.

    A job ID in the order has precedence; otherwise, the first selector that matches applies. Jobs that no entry matches
    keep their priorities.

    :param jobs: all live jobs with their priorities.
    :raises OrderConflictError: no priorities within the bounds make this order.
    """
    tiers, places = _tiers(sorted(jobs, key=batch_jobs.queue_order), entries, moment)
    listed = {job.job_id for tier in tiers for job in tier}
    protect = matching.Matcher(bounds.protect)
    held = {job.job_id: _held(job, protect, moment) for job in jobs}
    fixed = {job_id: why for job_id, why in held.items() if why}
    low = bounds.low
    for job in jobs:
        # All jobs that are not listed come after the listed jobs.
        priority = batch_jobs.priority_of(job)
        if listed and job.job_id not in listed and priority >= low:
            low = priority + 1
            if low > bounds.high:
                text = (
                    f"Cannot place the jobs of order above job {job.job_id}: it is not listed, its priority is"
                    f" {priority}, and the highest allowed priority is {bounds.high}"
                )
                hint = "Add the job to order, lower its priority first, or raise max_priority."
                raise solver.OrderConflictError((job.job_id,), text, hint)
    limits = solver.PriorityLimits(low, bounds.high, bounds.direction, bounds.spacing)
    numbers = solver.solve(
        [[(job.job_id, batch_jobs.priority_of(job)) for job in tier] for tier in tiers], limits, fixed
    )
    return [
        Target(
            job,
            numbers[job.job_id],
            _order_reason(job, entries[places[job.job_id]].label, fixed),
            entry=entries[places[job.job_id]].label,
            place=places[job.job_id],
            held=held[job.job_id],
        )
        if job.job_id in listed
        else Target(job, None, "no entry of order matches the job", listed=False)
        for job in jobs
    ]


def by_rules(jobs: t.Sequence[batch_jobs.Job], rules: t.Sequence[Rule], bounds: Bounds, moment: Moment) -> list[Target]:
    """Return a target for each job by the first rule that matches; jobs that no rule matches keep their priorities.

    :raises OutOfBoundsError: a priority is outside the bounds, and clamping is off.
    """
    matcher, protect = matching.Matcher(rule.selector for rule in rules), matching.Matcher(bounds.protect)
    return [_by_rules(job, matcher.first(job, moment), rules, bounds, protect, moment) for job in jobs]


def _by_rules(
    job: batch_jobs.Job,
    place: t.Optional[int],
    rules: t.Sequence[Rule],
    bounds: Bounds,
    protect: matching.Matcher,
    moment: Moment,
) -> Target:
    if place is None:
        return Target(job, None, "no rule matches the job", listed=False)
    rule = rules[place]
    stands = Target(job, None, rule.label, entry=rule.label, place=place)
    if protect.first(job, moment) is not None:
        return dataclasses.replace(stands, reason=f"{rule.label}, but the job is protected")
    if not job.is_known:
        return dataclasses.replace(stands, reason=f"{rule.label}, but the status {job.status!r} is unknown")
    current = batch_jobs.priority_of(job)
    number, reason = _ruled(job, current, rule, moment[0])
    if not bounds.low <= number <= bounds.high:
        nearest = bounds.low if number < bounds.low else bounds.high
        if not bounds.clamp:
            span = f"from {bounds.low} to {bounds.high}"
            text = f"Cannot set priority {number} for job {job.job_id}: it must be {span} (min_priority, max_priority)."
            raise OutOfBoundsError(job.job_id, f"{text} The rule is {rule.label}")
        reason += f", clamped from {number}"
        number = nearest
    if 0 < abs(number - current) < bounds.min_delta:
        text = f"{reason}, but the change from {current} to {number} is smaller than min_delta ({bounds.min_delta})"
        return dataclasses.replace(stands, reason=text)
    return dataclasses.replace(stands, priority=number, reason=reason)


def _ruled(job: batch_jobs.Job, current: int, rule: Rule, now: datetime.datetime) -> tuple[int, str]:
    """Return the priority that a rule sets for a job, and the reason."""
    number = current + rule.delta if rule.priority is None else rule.priority
    reason = rule.label
    if job.status in statuses.WAITING and job.created is not None:
        for step in rule.escalations:
            if now - job.created >= step.after and step.priority > number:
                number, reason = step.priority, f"{rule.label}, {step.label}"
    return number, reason


def _tiers(
    queue: t.Sequence[batch_jobs.Job], entries: t.Sequence[Entry], moment: Moment
) -> tuple[list[list[batch_jobs.Job]], dict[str, int]]:
    """Return the listed jobs by tier, and the index of the entry of each job."""
    by_id = {job.job_id: job for job in queue}
    members = [member for entry in entries for member in entry.members]
    named = {member for member in members if isinstance(member, str)}
    selectors = [member for member in members if not isinstance(member, str)]
    matcher = matching.Matcher(selectors)
    matched: list[list[batch_jobs.Job]] = [[] for _selector in selectors]
    for job in queue:
        number = None if job.job_id in named else matcher.first(job, moment)
        if number is not None:
            matched[number].append(job)
    following = iter(matched)
    tiers: list[list[batch_jobs.Job]] = []
    places: dict[str, int] = {}
    for place, entry in enumerate(entries):
        found: list[batch_jobs.Job] = []
        for member in entry.members:
            if not isinstance(member, str):
                found += next(following)
            elif member in by_id:
                found.append(by_id[member])
        places.update((job.job_id, place) for job in found)
        tiers += [found] if entry.tier else _as_they_are(found)
    return tiers, places


def _as_they_are(jobs: list[batch_jobs.Job]) -> list[list[batch_jobs.Job]]:
    """Return jobs in their current order, with the jobs of one priority as one tier."""
    tiers: list[list[batch_jobs.Job]] = []
    for job in jobs:
        if tiers and tiers[-1][0].priority == job.priority:
            tiers[-1].append(job)
        else:
            tiers.append([job])
    return tiers


def _held(job: batch_jobs.Job, protect: matching.Matcher, moment: Moment) -> str:
    """Return why a job is never updated, as a clause that follows the job; empty if it can be updated."""
    if not job.is_known:
        return f"has the unknown status {job.status!r}"
    return "" if protect.first(job, moment) is None else "is protected"


def _order_reason(job: batch_jobs.Job, label: str, fixed: t.Container[str]) -> str:
    if job.job_id not in fixed:
        return label
    return f"{label}, " + ("protected" if job.is_known else f"not changed because the status {job.status!r} is unknown")
