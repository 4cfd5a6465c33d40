# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declared queue to the priority of each job: a wanted order, or rules.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import job as _job
from ansible_collections.objectstore.batch.plugins.module_utils._planning.queue import (
    order as _order,
    select as _select,
)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One place in a wanted order.

    :param label: what the user wrote, for reasons.
    :param members: job ids and selectors; of a tier they all end with one priority.
    :param tier: whether the members are one tier, or jobs that keep the order they have among themselves.
    """

    label: str
    members: tuple[t.Union[str, _select.Selector], ...]
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
    selector: _select.Selector
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
    protect: tuple[_select.Selector, ...] = ()


@dataclasses.dataclass(frozen=True)
class Target:
    """What the declaration says about one job; priority is None where it says that nothing is written.

    :param entry: what it stands under; jobs of one entry may pass each other while the plan is carried out.
    """

    job: _job.Job
    priority: t.Optional[int]
    reason: str
    listed: bool = True
    entry: str = ""


class OutOfBounds(Exception):
    """A rule asks for a number outside the bounds; the text says which and for which job."""

    def __init__(self, job_id: str, text: str) -> None:
        super().__init__(text)
        self.jobs = (job_id,)


Moment = tuple[datetime.datetime, _select.Tags]
"""What selectors look at beside the job: the present time, and tags."""


def by_order(jobs: t.Sequence[_job.Job], entries: t.Sequence[Entry], bounds: Bounds, moment: Moment) -> list[Target]:
    """Return a target for each job, so that the listed ones stand in order and before all others.

    A job id that is named outright stands where it is named; of the selectors the first match counts. Jobs that
    no entry matches keep their numbers.

    :param jobs: all live jobs with their priorities.
    :raises ImpossibleOrder: the bounds leave no numbers for the order.
    """
    tiers, labels = _tiers(sorted(jobs, key=_job.queue_order), entries, moment)
    listed = {job.job_id for tier in tiers for job in tier}
    fixed = {job.job_id for job in jobs if not job.is_known or _protected(job, bounds, moment)}
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
                raise _order.ImpossibleOrder((job.job_id,), text)
    limits = _order.Limits(low, bounds.high, bounds.direction, bounds.spacing)
    numbers = _order.solve([[(job.job_id, job.priority or 0) for job in tier] for tier in tiers], limits, fixed)
    return [
        Target(job, numbers[job.job_id], _order_reason(job, labels, fixed), entry=labels[job.job_id])
        if job.job_id in listed
        else Target(job, None, "no entry of order matches it", listed=False)
        for job in jobs
    ]


def by_rules(jobs: t.Sequence[_job.Job], rules: t.Sequence[Rule], bounds: Bounds, moment: Moment) -> list[Target]:
    """Return a target for each job by the first rule that matches it; jobs that no rule matches keep their numbers.

    :raises OutOfBounds: a number is outside the bounds, and is not to be clamped.
    """
    return [_by_rules(job, rules, bounds, moment) for job in jobs]


def _by_rules(job: _job.Job, rules: t.Sequence[Rule], bounds: Bounds, moment: Moment) -> Target:
    rule = next((rule for rule in rules if rule.selector.matches(job, *moment)), None)
    if rule is None:
        return Target(job, None, "no rule matches it", listed=False)
    if _protected(job, bounds, moment):
        return Target(job, None, f"{rule.label}, but it is protected")
    if not job.is_known:
        return Target(job, None, f"{rule.label}, but its status {job.status!r} is unknown")
    current = job.priority or 0
    number, reason = _ruled(job, rule, moment[0])
    if not bounds.low <= number <= bounds.high:
        nearest = bounds.low if number < bounds.low else bounds.high
        if not bounds.clamp:
            span = f"{bounds.low} to {bounds.high}"
            text = f"{rule.label} asks for priority {number} for job {job.job_id}, outside of {span}"
            raise OutOfBounds(job.job_id, text)
        reason += f", clamped from {number}"
        number = nearest
    if 0 < abs(number - current) < bounds.min_delta:
        return Target(job, None, f"{reason}, but {current} to {number} is less than min_delta")
    return Target(job, number, reason, entry=rule.label)


def _ruled(job: _job.Job, rule: Rule, now: datetime.datetime) -> tuple[int, str]:
    """Return the number that a rule gives to a job, and why."""
    number = (job.priority or 0) + rule.delta if rule.priority is None else rule.priority
    reason = rule.label
    if job.status in _job.WAITING and job.created is not None:
        for step in rule.escalations:
            if now - job.created >= step.after and step.priority > number:
                number, reason = step.priority, f"{rule.label}, {step.label}"
    return number, reason


def _tiers(
    queue: t.Sequence[_job.Job], entries: t.Sequence[Entry], moment: Moment
) -> tuple[list[list[_job.Job]], dict[str, str]]:
    """Return the listed jobs tier by tier, and the label of the entry that each one stands under."""
    by_id = {job.job_id: job for job in queue}
    named = {member for entry in entries for member in entry.members if isinstance(member, str)}
    free = {job.job_id: job for job in queue if job.job_id not in named}
    tiers: list[list[_job.Job]] = []
    labels: dict[str, str] = {}
    for entry in entries:
        found: list[_job.Job] = []
        for member in entry.members:
            if isinstance(member, str):
                found += [by_id[member]] if member in by_id else []
            else:
                matched = [job for job in free.values() if member.matches(job, *moment)]
                found += matched
                for job in matched:
                    del free[job.job_id]
        labels.update((job.job_id, entry.label) for job in found)
        tiers += [found] if entry.tier else _as_they_are(found)
    return tiers, labels


def _as_they_are(jobs: list[_job.Job]) -> list[list[_job.Job]]:
    """Return jobs in the order they have, those of one priority as one tier: it need not be broken up."""
    tiers: list[list[_job.Job]] = []
    for job in jobs:
        if tiers and tiers[-1][0].priority == job.priority:
            tiers[-1].append(job)
        else:
            tiers.append([job])
    return tiers


def unmatched(
    conditions: t.Iterable[tuple[str, t.Sequence[_select.Selector]]], jobs: t.Sequence[_job.Job], moment: Moment
) -> list[str]:
    """Return the labels of the conditions that match none of the jobs, not even one that an earlier one took."""
    return [
        label
        for label, selectors in conditions
        if not any(selector.matches(job, *moment) for selector in selectors for job in jobs)
    ]


def _protected(job: _job.Job, bounds: Bounds, moment: Moment) -> bool:
    return any(selector.matches(job, *moment) for selector in bounds.protect)


def _order_reason(job: _job.Job, labels: t.Mapping[str, str], fixed: t.AbstractSet[str]) -> str:
    if job.job_id not in fixed:
        return labels[job.job_id]
    return f"{labels[job.job_id]}, " + ("protected" if job.is_known else f"left alone: status {job.status!r}")
