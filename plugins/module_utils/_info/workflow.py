# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_info: read, filter, rank. Private to this collection."""

from __future__ import annotations

import bisect
import dataclasses
import datetime
import typing as t

from .._core import (
    batch_jobs,
    bounded_regex,
    deadlines,
    errors,
    job_values,
    priority_classes,
    providers,
    statuses,
    validation,
)
from .._requests import sessions
from .._select import read_jobs, selections

GROUPS: t.Final[dict[str, tuple[str, ...]]] = {
    "live": statuses.LIVE,
    "ending": tuple(status for status in statuses.STATUSES if status in statuses.ENDING),
    "ended": tuple(status for status in statuses.STATUSES if status in statuses.ENDED),
}
SHOWN_BLOCKERS: t.Final = 20
"""How many ids blocked_by names at the most: in a queue of n jobs all of them would be n * n ids."""


@dataclasses.dataclass(frozen=True)
class Query:
    """Which jobs a task asks for, checked.

    :param live: whether jobs of all live statuses are asked for, those that nobody knows included.
    :param job_ids: None where no ids are asked for; no ids are no jobs.
    """

    job_ids: t.Optional[tuple[str, ...]]
    statuses: tuple[str, ...]
    operations: tuple[str, ...]
    description: t.Optional[bounded_regex.Pattern]
    min_priority: t.Optional[int]
    max_priority: t.Optional[int]
    tags: bool = False
    live: bool = False
    selection: t.Optional[selections.Selection] = None

    def matches(self, job: batch_jobs.Job) -> bool:
        """Whether a job is one of those asked for."""
        if self.statuses and not (job.status in self.statuses or (self.live and job.is_live)):
            return False
        if self.operations and job.operation not in self.operations:
            return False
        if self.description and not self.description.search(job.description):
            return False
        if self.min_priority is not None and (job.priority is None or job.priority < self.min_priority):
            return False
        return self.max_priority is None or (job.priority is not None and job.priority <= self.max_priority)


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> Query:
    """Return the query that the options describe.

    :raises OptionError: an option breaks its rule.
    :raises BatchError: tags are asked for on a cloud whose jobs have none.
    """
    if params["tags"] and not traits.jobs.have_tags:
        hint = "Leave the option tags away."
        raise errors.BatchError(traits.failure("unsupported", f"jobs of {traits.title} have no tags", hint=hint))
    classes = priority_classes.parse_classes(params["classes"], traits)
    bounds = {
        option: None if params[option] is None else classes.parse(option, params[option])
        for option in ("min_priority", "max_priority")
    }
    low, high = bounds["min_priority"], bounds["max_priority"]
    if low is not None and high is not None and low > high:
        raise validation.invalid_value("min_priority", low, f"must not be above max_priority, which is {high}")
    words = params["statuses"] or ()
    pattern, ids = params["description"], params["job_id"]
    for option in ("statuses", "operations"):
        validation.check_words(option, params[option])
    return Query(
        job_ids=None if ids is None else tuple(dict.fromkeys(traits.check_job_id("job_id", i) for i in ids)),
        statuses=tuple(dict.fromkeys(status for word in words for status in GROUPS.get(word, (word,)))),
        operations=tuple(params["operations"] or ()),
        description=None if pattern is None else bounded_regex.Pattern("description", pattern),
        min_priority=low,
        max_priority=high,
        tags=params["tags"],
        live="live" in words,
        selection=selections.parse_selection(params, traits, classes) if params["select"] is not None else None,
    )


def execute(
    session: sessions.Session, query: Query, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Return the jobs asked for, sorted by rank, as the module's result; nothing is ever written."""
    jobs, queue, missing = _read(session, query, queue_id)
    places = batch_jobs.ranks(queue)
    blockers = Blockers(queue)
    # One request a job, so only on request, and only for the jobs that are shown.
    tags = session.tags([job.job_id for job in jobs]) if query.tags else {}
    now = datetime.datetime.now(datetime.timezone.utc)
    traits = session.provider.traits
    shown = [
        {
            **job_values.render_job(queue_id, job),
            "rank": places.get(job.job_id),
            **blockers.of(job),
            **job_values.render_details(job),
            **deadlines.render_deadlines(deadlines.find_deadlines(job, traits), now),
            "report": deadlines.report(job),
            "tags": tags.get(job.job_id),
        }
        for job in sorted(jobs, key=batch_jobs.queue_order)
    ]
    result: job_values.Values = {"changed": False, "jobs": shown, "missing": missing}
    odd = job_values.unknown_job_warnings(jobs)
    if odd:
        result["warnings"] = odd
    if len(shown) == 1 and (query.selection or (query.job_ids and len(query.job_ids) == 1)):
        result["job"] = shown[0]
    return result


def _read(
    session: sessions.Session, query: Query, queue_id: job_values.QueueId
) -> tuple[list[batch_jobs.Job], list[batch_jobs.Job], list[str]]:
    """Return the jobs asked for, the queue they stand in as far as it was read, and the ids of no job."""
    if query.job_ids is not None or query.selection:
        reading = (
            read_jobs.read(session, query.selection, queue_id) if query.selection else session.find(query.job_ids or ())
        )
        return list(reading.jobs.values()), reading.queue, list(reading.missing)
    # Ranks are those of the whole queue, whatever the filter shows of it.
    queue = session.list_jobs()
    return [job for job in queue if query.matches(job)], queue, []


class Blockers:
    """The live jobs of a queue that stand before a given one."""

    def __init__(self, queue: t.Sequence[batch_jobs.Job]) -> None:
        # Suspended jobs wait for a confirmation and let lower ones pass (AWS and COS job status guides).
        live = [job for job in queue if job.is_live and job.status != "Suspended" and job.priority is not None]
        self._jobs = sorted(live, key=batch_jobs.queue_order)
        self._keys = [-(job.priority or 0) for job in self._jobs]

    def of(self, job: batch_jobs.Job) -> job_values.Values:
        """Return the live jobs of a higher priority, where the job waits for its turn."""
        if not self._jobs or job.status not in statuses.WAITING or job.priority is None:
            return {"blocked_by": [], "blocked_by_count": 0}
        count = bisect.bisect_left(self._keys, -job.priority)
        shown = self._jobs[: min(count, SHOWN_BLOCKERS)]
        return {"blocked_by": [item.job_id for item in shown], "blocked_by_count": count}
