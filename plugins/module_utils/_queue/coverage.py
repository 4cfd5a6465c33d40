# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the entries and rules of a declaration that no job matches: a slip, or an earlier rule that takes all.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs
from .._select import job_matcher, near_misses

_NEAR: t.Final = 10
"""Conditions that match nothing for which near misses are looked for: a walk through all jobs each."""


@dataclasses.dataclass(frozen=True)
class Condition:
    """An entry of an order or a rule that asks for something.

    :param place: its number in the order, or among the rules.
    """

    place: int
    label: str
    selectors: tuple[job_matcher.Selector, ...]


@dataclasses.dataclass(frozen=True)
class Shadow:
    """A condition whose jobs all stand under earlier ones, or where an order names them.

    :param matches: how many live jobs it matches.
    :param taken_by: the labels of what these jobs stand under.
    """

    label: str
    matches: int
    taken_by: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Gaps:
    """The conditions that no job stands under.

    :param unmatched: the labels of those that match no live job.
    :param near: what they nearly match, by label, as far as anything was found.
    """

    unmatched: tuple[str, ...]
    shadows: tuple[Shadow, ...]
    near: t.Mapping[str, t.Sequence[str]]


def find_gaps(
    conditions: t.Iterable[Condition],
    live: t.Sequence[batch_jobs.Job],
    ended: t.Sequence[batch_jobs.Job],
    taken: t.Mapping[str, tuple[int, str]],
    moment: job_matcher.Moment,
) -> Gaps:
    """Return the conditions that no live job stands under.

    A condition some of whose jobs stand under nothing, because the cloud names no priority of them, is no gap.

    :param ended: jobs that the list still shows and that have no place in the queue any more.
    :param taken: place and label of what each job stands under, by id.
    """
    busy = {place for place, _label in taken.values()}
    by_id = {job.job_id: job for job in live}
    unmatched: list[Condition] = []
    shadows: list[Shadow] = []
    for condition in conditions:
        if condition.place in busy:
            continue
        found = list(_jobs_of(condition, live, by_id, moment))
        if not found:
            unmatched.append(condition)
        elif all(job_id in taken for job_id in found):
            labels = dict.fromkeys(taken[job_id][1] for job_id in found)
            shadows.append(Shadow(condition.label, len(found), tuple(labels)))
    near = {
        condition.label: [
            clause
            for selector in condition.selectors
            for clause in near_misses.near_misses(selector, live, ended, moment)
        ]
        for condition in unmatched[:_NEAR]
    }
    return Gaps(tuple(condition.label for condition in unmatched), tuple(shadows), near)


def _jobs_of(
    condition: Condition,
    live: t.Sequence[batch_jobs.Job],
    by_id: t.Mapping[str, batch_jobs.Job],
    moment: job_matcher.Moment,
) -> t.Iterator[str]:
    """Yield the ids of the jobs that a condition matches, each once; jobs that it names are not looked for."""
    seen: set[str] = set()
    for selector in condition.selectors:
        named = selector.job_ids
        some = live if named is None else [by_id[job_id] for job_id in sorted(named) if job_id in by_id]
        for job in some:
            if job.job_id not in seen and selector.matches(job, *moment):
                seen.add(job.job_id)
                yield job.job_id
