# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_info: read, filter, and rank jobs. Private to this collection."""

from __future__ import annotations

import bisect
import dataclasses
import datetime
import typing as t

from .._core import (
    batch_jobs,
    bounded_regex,
    deadlines,
    display,
    errors,
    job_estimates,
    job_values,
    priority_classes,
    providers,
    statuses,
    validation,
)
from .._page import job_table
from .._requests import sessions
from .._select import read_jobs, selections

GROUPS: t.Final[dict[str, tuple[str, ...]]] = {
    "live": statuses.LIVE,
    "ending": tuple(status for status in statuses.STATUSES if status in statuses.ENDING),
    "ended": tuple(status for status in statuses.STATUSES if status in statuses.ENDED),
}
SHOWN_BLOCKERS: t.Final = 20
"""Maximum number of IDs in blocked_by: in a queue of n jobs, all of them would be n * n IDs."""
_SHOWN_MISSING: t.Final = 5


@dataclasses.dataclass(frozen=True)
class Query:
    """The jobs that a task requests, checked.

    :param live: whether all live jobs are requested, including jobs with an unknown status.
    :param job_ids: None if no IDs are requested; an empty list requests no jobs.
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

    @property
    def is_exact(self) -> bool:
        """Whether the task names or selects its jobs, so that the queue is not filtered."""
        return self.job_ids is not None or self.selection is not None

    def matches(self, job: batch_jobs.Job) -> bool:
        """Whether a job matches the query."""
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
    """Return the query from the options.

    :raises OptionError: an option is not valid.
    :raises BatchError: tags are requested, but the provider does not support job tags.
    """
    if params["tags"] and not traits.jobs.have_tags:
        text = f"tags are not supported for jobs of {traits.title}"
        raise errors.BatchError(traits.failure("unsupported", text, hint="Remove the tags option."))
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
    """Return the requested jobs, sorted by rank, as the module's result; makes no changes."""
    jobs, queue, missing = _read(session, query, queue_id)
    places = batch_jobs.ranks(queue)
    blockers = Blockers(queue)
    # This sends one request for each job, so only if tags is set, and only for the jobs in the result.
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
            **job_estimates.render_estimate(job_estimates.estimate(job), now),
            "report": deadlines.report(job),
            "tags": tags.get(job.job_id),
        }
        for job in sorted(jobs, key=batch_jobs.queue_order)
    ]
    result: job_values.Values = {
        "changed": False,
        "jobs": shown,
        "missing": missing,
        "msg": _message(queue_id, len(shown), len(shown) + len(missing) if query.is_exact else len(queue), missing),
        "table": job_table.render(shown, now),
    }
    odd = job_values.unknown_job_warnings(jobs)
    if odd:
        result["warnings"] = odd
    if len(shown) == 1 and (query.selection or (query.job_ids and len(query.job_ids) == 1)):
        result["job"] = shown[0]
    return result


def _read(
    session: sessions.Session, query: Query, queue_id: job_values.QueueId
) -> tuple[list[batch_jobs.Job], list[batch_jobs.Job], list[str]]:
    """Return the requested jobs, their queue as far as it was read, and the IDs without a job."""
    if query.is_exact:
        reading = (
            read_jobs.read(session, query.selection, queue_id) if query.selection else session.find(query.job_ids or ())
        )
        return list(reading.jobs.values()), reading.queue, list(reading.missing)
    # Ranks are those of the whole queue, for any filter.
    queue = session.list_jobs()
    return [job for job in queue if query.matches(job)], queue, []


def _message(queue_id: job_values.QueueId, count: int, total: int, missing: t.Sequence[str]) -> str:
    """Return one sentence: how many jobs, and in which queue."""
    parts = (("provider", queue_id.provider), ("account", queue_id.account_id), ("region", queue_id.region))
    where = ", ".join(f"{name} {value}" for name, value in parts if value)
    jobs = f"{count} of {display.count(total, 'job')}" if total != count else display.count(count, "job")
    lost = f"; not found: {display.and_more(missing, _SHOWN_MISSING)}" if missing else ""
    return f"Found {jobs} in the queue of {where}{lost}."


class Blockers:
    """The live jobs of a queue that are ahead of a given job."""

    def __init__(self, queue: t.Sequence[batch_jobs.Job]) -> None:
        # Suspended jobs await confirmation and do not block lower priorities (AWS and COS job status guides).
        live = [job for job in queue if job.is_live and job.status != "Suspended" and job.priority is not None]
        self._jobs = sorted(live, key=batch_jobs.queue_order)
        self._keys = [-(job.priority or 0) for job in self._jobs]

    def of(self, job: batch_jobs.Job) -> job_values.Values:
        """Return the live jobs with a higher priority, if the job is waiting to run."""
        if not self._jobs or job.status not in statuses.WAITING or job.priority is None:
            return {"blocked_by": [], "blocked_by_count": 0}
        count = bisect.bisect_left(self._keys, -job.priority)
        shown = self._jobs[: min(count, SHOWN_BLOCKERS)]
        return {"blocked_by": [item.job_id for item in shown], "blocked_by_count": count}
