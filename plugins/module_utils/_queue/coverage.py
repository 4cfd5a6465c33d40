# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find entries and rules without jobs: nothing matches them, or other entries and rules apply first.

Private to this collection.
"""

from __future__ import annotations

import typing as t

from .._core import batch_jobs
from .._select import job_matcher, near_misses

_NEAR: t.Final = 10
"""Most unmatched conditions with a search for near misses, which reads all jobs each time."""


class Condition(t.NamedTuple):
    """An entry of an order, or a rule, with a selector.

    :param place: its index in the order or the rules.
    """

    place: int
    label: str
    selectors: tuple[job_matcher.Selector, ...]


class Shadow(t.NamedTuple):
    """A condition to whose jobs other conditions apply first, or which an order lists by ID.

    :param matches: how many live jobs it matches.
    :param taken_by: the labels of the conditions that apply to these jobs.
    """

    label: str
    matches: int
    taken_by: tuple[str, ...]


class Gaps(t.NamedTuple):
    """The conditions without jobs.

    :param unmatched: the labels of the conditions that match no live job.
    :param near: near misses of these conditions, by label.
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
    """Return the conditions without live jobs.

    A condition with jobs to which nothing applies, because the response contains no priority of them, is not a gap.

    :param ended: listed jobs that have ended and have no position in the queue.
    :param taken: index and label of the condition that applies to each job, by ID.
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
    """Yield the IDs of the jobs that a condition matches, each once; jobs are looked up if it lists their IDs."""
    seen: set[str] = set()
    for selector in condition.selectors:
        named = selector.job_ids
        some = live if named is None else [by_id[job_id] for job_id in sorted(named) if job_id in by_id]
        for job in some:
            if job.job_id not in seen and selector.matches(job, *moment):
                seen.add(job.job_id)
                yield job.job_id
