# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report which live jobs a raise overtakes: they were not behind the job before, and are behind it now.

Jobs with equal priorities have no order, so a job with the old priority is overtaken, and a job with the new priority
is not. Private to this collection.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t
from bisect import bisect_left

from .._core import batch_jobs, display, errors, job_values, plans

MOST: t.Final = 100
"""Most overtaken jobs that are listed for each job."""
_NAMED: t.Final = 3
"""Most jobs that a sentence names, and most jobs with a sentence of their own."""
_DESCRIPTION: t.Final = 60
"""Characters of a description that are shown."""
_Change = tuple[int, int]
"""Priority before and after."""


@dataclasses.dataclass(frozen=True)
class Overtaken:
    """The jobs that one raise overtakes: the first of them by rank, and their number."""

    jobs: t.Sequence[batch_jobs.Job]
    count: int


@dataclasses.dataclass(frozen=True)
class Report:
    """The overtaken jobs of a task.

    :param by_id: by the ID of the job that overtakes them; without the jobs for which they are unknown.
    :param warning: why they are unknown; empty if they are known.
    """

    by_id: t.Mapping[str, Overtaken]
    warning: str = ""


def read(
    list_live: t.Callable[[], t.Sequence[batch_jobs.Job]],
    queue: t.Sequence[batch_jobs.Job],
    outcomes: t.Sequence[plans.Outcome],
) -> Report:
    """Return the overtaken jobs of each outcome; without a raise, nothing is listed.

    :param list_live: lists all live jobs.
    :param queue: all live jobs; empty if they have not been listed.
    """
    raised = [outcome for outcome in outcomes if _change(outcome)]
    unraised = {item.job_id: Overtaken((), 0) for item in outcomes if not item.failure and not _change(item)}
    if not raised:
        return Report(unraised)
    try:
        live = queue or list_live()
    except errors.BatchError as error:
        return Report(unraised, _warning(error.failure.sentence()))
    known = {outcome.job_id for outcome in outcomes if outcome.job and outcome.job.priority is not None}
    unknown = [job.job_id for job in live if job.priority is None and job.job_id not in known]
    if unknown:
        count = f"{len(unknown)} live {'job' if len(unknown) == 1 else 'jobs'}"
        return Report(
            unraised,
            _warning(f"The response contains no priority for {count} ({display.and_more(unknown, _NAMED)})."),
        )
    return Report({**unraised, **find(live, outcomes)})


def find(queue: t.Iterable[batch_jobs.Job], outcomes: t.Iterable[plans.Outcome]) -> dict[str, Overtaken]:
    """Return the overtaken jobs of each raise, by the ID of the raised job.

    :param queue: all live jobs with their priorities; those of the jobs with outcomes are ignored.
    """
    raises: dict[_Change, list[str]] = collections.defaultdict(list)
    moving: dict[_Change, list[batch_jobs.Job]] = collections.defaultdict(list)
    own = set()
    for outcome in outcomes:
        own.add(outcome.job_id)
        change = _change(outcome)
        if change:
            raises[change].append(outcome.job_id)
        if outcome.job and outcome.job.is_live:
            span = _span(outcome)
            if span:
                moving[span].append(outcome.job)
    others = sorted((job for job in queue if job.job_id not in own), key=batch_jobs.queue_order)
    falling = [-batch_jobs.priority_of(job) for job in others]
    found: dict[str, Overtaken] = {}
    for (before, after), job_ids in raises.items():
        # Of the jobs without outcomes, those from the old priority up to the new one, excluding it.
        start, stop = bisect_left(falling, 1 - after), bisect_left(falling, 1 - before)
        passed = [job for change, jobs in moving.items() if change[0] >= before and change[1] < after for job in jobs]
        shown = sorted([*others[start : min(stop, start + MOST)], *passed], key=batch_jobs.queue_order)
        item = Overtaken(shown[:MOST], stop - start + len(passed))
        found.update(dict.fromkeys(job_ids, item))
    return found


def add(result: job_values.Values, report: Report, outcomes: t.Sequence[plans.Outcome]) -> None:
    """Add the overtaken jobs to the result of a task, and a sentence to its message."""
    for job in result["jobs"]:
        item = report.by_id.get(job["job_id"])
        if item:
            job.update(overtaken=[_render(other) for other in item.jobs], overtaken_count=item.count)
    text = _text(report, outcomes)
    if text:
        result["msg"] = f"{result['msg']} {text}"
    if report.warning:
        result["warnings"] = [*result.get("warnings", ()), report.warning]


def _change(outcome: plans.Outcome) -> t.Optional[_Change]:
    """Return the priorities before and after a raise; None for all other outcomes."""
    span = _span(outcome) if outcome.outcome in ("changed", "would_change") else None
    return span if span and span[1] > span[0] else None


def _span(outcome: plans.Outcome) -> t.Optional[_Change]:
    """Return the priorities of a job before and after the task; None if one of them is not known."""
    before = outcome.before.priority if outcome.before else None
    after = outcome.job.priority if outcome.job else None
    return None if before is None or after is None else (before, after)


def _warning(cause: str) -> str:
    return f"Cannot report the overtaken jobs. {cause} The priority changes are not affected."


def _render(job: batch_jobs.Job) -> job_values.Values:
    return {
        "job_id": job.job_id,
        "description": _description(job),
        "status": job.status,
        "priority": job.priority,
    }


def _description(job: batch_jobs.Job) -> str:
    return display.escape(display.truncate(job.description, _DESCRIPTION))


def _text(report: Report, outcomes: t.Sequence[plans.Outcome]) -> str:
    """Return the end of the message: a sentence for each raise, or a count if there are many."""
    raises = [item for item in outcomes if _change(item) and item.job_id in report.by_id]
    would = "would overtake" if any(item.outcome == "would_change" for item in raises) else ""
    if len(raises) > _NAMED:
        number = sum(report.by_id[item.job_id].count > 0 for item in raises)
        return f"{number} of {len(raises)} raised jobs {would or 'overtake'} other live jobs."
    return " ".join(
        f"{'It' if len(outcomes) == 1 else f'Job {item.job_id}'} {would or 'overtakes'}"
        f" {_named(report.by_id[item.job_id])}."
        for item in raises
    )


def _named(item: Overtaken) -> str:
    if not item.count:
        return "no live jobs"
    names = [f"{job.job_id} ({_description(job)})" if job.description else job.job_id for job in item.jobs[:_NAMED]]
    noun = "1 live job" if item.count == 1 else f"{item.count} live jobs"
    return f"{noun}: {display.and_more(names, _NAMED, item.count)}"
