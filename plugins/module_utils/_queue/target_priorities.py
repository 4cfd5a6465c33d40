# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the priority of each job of a declared queue, by a wanted order or by rules. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, statuses
from .._select import job_matcher
from . import matching, solver


@dataclasses.dataclass(frozen=True)
class Entry:
    """One place in a wanted order.

    :param label: what the user wrote, for reasons.
    :param members: job ids and selectors; of a tier they all end with one priority.
    :param tier: whether the members are one tier, or jobs that keep the order they have among themselves.
    """

    label: str
    members: tuple[t.Union[str, job_matcher.Selector], ...]
    tier: bool


@dataclasses.dataclass(frozen=True)
class Escalation:
    """The priority of a job that has waited for so long."""

    after: datetime.timedelta
    priority: int
    label: str


@dataclasses.dataclass(frozen=True)
class Rule:
    """What the priority of the jobs that a selector matches shall be: a number, or the present one plus delta."""

    label: str
    selector: job_matcher.Selector
    priority: t.Optional[int] = None
    delta: int = 0
    escalations: tuple[Escalation, ...] = ()


@dataclasses.dataclass(frozen=True)
class Bounds:
    """What the declaration may do, whatever it says.

    :param clamp: whether a number outside of low and high is moved to the nearest bound, or refused.
    :param min_delta: changes smaller than this are not worth a write (rules only).
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
    """What the declaration says about one job; priority is None where it says that nothing is written.

    :param entry: what it stands under; jobs of one entry may pass each other while the plan is carried out.
    :param place: the number of that in the order, or among the rules; None where it stands under nothing.
    :param held: why the job keeps its number whatever is declared; empty where it need not.
    """

    job: batch_jobs.Job
    priority: t.Optional[int]
    reason: str
    listed: bool = True
    entry: str = ""
    place: t.Optional[int] = None
    held: str = ""


class OutOfBoundsError(Exception):
    """A rule asks for a number outside the bounds; the text says which and for which job."""

    def __init__(self, job_id: str, text: str) -> None:
        super().__init__(text)
        self.jobs = (job_id,)


Moment = job_matcher.Moment


def by_order(
    jobs: t.Sequence[batch_jobs.Job], entries: t.Sequence[Entry], bounds: Bounds, moment: Moment
) -> list[Target]:
    """Return a target for each job, so that the listed ones stand in order and before all others.

    A job id that is named outright stands where it is named; of the selectors the first match counts. Jobs that
    no entry matches keep their numbers.

    :param jobs: all live jobs with their priorities.
    :raises OrderConflictError: the bounds leave no numbers for the order.
    """
    tiers, places = _tiers(sorted(jobs, key=batch_jobs.queue_order), entries, moment)
    listed = {job.job_id for tier in tiers for job in tier}
    protect = matching.Matcher(bounds.protect)
    held = {job.job_id: _held(job, protect, moment) for job in jobs}
    fixed = {job_id: why for job_id, why in held.items() if why}
    low = bounds.low
    for job in jobs:
        # Whatever is not listed comes after what is.
        if listed and job.job_id not in listed and (job.priority or 0) >= low:
            low = (job.priority or 0) + 1
            if low > bounds.high:
                text = (
                    f"job {job.job_id} is not listed and has priority {job.priority}: no number up to"
                    f" {bounds.high} is left above it; list it, or lower it first"
                )
                raise solver.OrderConflictError((job.job_id,), text)
    limits = solver.PriorityLimits(low, bounds.high, bounds.direction, bounds.spacing)
    numbers = solver.solve([[(job.job_id, job.priority or 0) for job in tier] for tier in tiers], limits, fixed)
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
        else Target(job, None, "no entry of order matches it", listed=False)
        for job in jobs
    ]


def by_rules(jobs: t.Sequence[batch_jobs.Job], rules: t.Sequence[Rule], bounds: Bounds, moment: Moment) -> list[Target]:
    """Return a target for each job by the first rule that matches it; jobs that no rule matches keep their numbers.

    :raises OutOfBoundsError: a number is outside the bounds, and is not to be clamped.
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
        return Target(job, None, "no rule matches it", listed=False)
    rule = rules[place]
    stands = Target(job, None, rule.label, entry=rule.label, place=place)
    if protect.first(job, moment) is not None:
        return dataclasses.replace(stands, reason=f"{rule.label}, but it is protected")
    if not job.is_known:
        return dataclasses.replace(stands, reason=f"{rule.label}, but its status {job.status!r} is unknown")
    current = job.priority or 0
    number, reason = _ruled(job, rule, moment[0])
    if not bounds.low <= number <= bounds.high:
        nearest = bounds.low if number < bounds.low else bounds.high
        if not bounds.clamp:
            span = f"{bounds.low} to {bounds.high}"
            text = f"{rule.label} asks for priority {number} for job {job.job_id}, outside of {span}"
            raise OutOfBoundsError(job.job_id, text)
        reason += f", clamped from {number}"
        number = nearest
    if 0 < abs(number - current) < bounds.min_delta:
        return dataclasses.replace(stands, reason=f"{reason}, but {current} to {number} is less than min_delta")
    return dataclasses.replace(stands, priority=number, reason=reason)


def _ruled(job: batch_jobs.Job, rule: Rule, now: datetime.datetime) -> tuple[int, str]:
    """Return the number that a rule gives to a job, and why."""
    number = (job.priority or 0) + rule.delta if rule.priority is None else rule.priority
    reason = rule.label
    if job.status in statuses.WAITING and job.created is not None:
        for step in rule.escalations:
            if now - job.created >= step.after and step.priority > number:
                number, reason = step.priority, f"{rule.label}, {step.label}"
    return number, reason


def _tiers(
    queue: t.Sequence[batch_jobs.Job], entries: t.Sequence[Entry], moment: Moment
) -> tuple[list[list[batch_jobs.Job]], dict[str, int]]:
    """Return the listed jobs tier by tier, and the number of the entry that each one stands under."""
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
    """Return jobs in the order they have, those of one priority as one tier: it need not be broken up."""
    tiers: list[list[batch_jobs.Job]] = []
    for job in jobs:
        if tiers and tiers[-1][0].priority == job.priority:
            tiers[-1].append(job)
        else:
            tiers.append([job])
    return tiers


def _held(job: batch_jobs.Job, protect: matching.Matcher, moment: Moment) -> str:
    """Return why a job keeps its number whatever is declared, to follow its name; empty where it need not."""
    if not job.is_known:
        return f"has the unknown status {job.status!r} and stays"
    return "" if protect.first(job, moment) is None else "is protected"


def _order_reason(job: batch_jobs.Job, label: str, fixed: t.Container[str]) -> str:
    if job.job_id not in fixed:
        return label
    return f"{label}, " + ("protected" if job.is_known else f"left alone: status {job.status!r}")
