# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of a task that waited. Private to this collection."""

from __future__ import annotations

import collections
import datetime
import typing as t

from .._core import batch_jobs, deadlines, display, job_estimates, job_outcomes, job_values
from . import wait_conditions

_WAITED: t.Final = {"reached": "unchanged", "waiting": "skipped", "failed": "failed"}


def render_waited(
    queue_id: job_values.QueueId,
    verdicts: t.Sequence[wait_conditions.WaitStatus],
    now: datetime.datetime,
    polls: t.Mapping[str, t.Sequence[job_estimates.Poll]],
) -> job_values.Values:
    """Return the result of a task that waited, with ``failed`` if a job fails the task.

    :param now: the moment of the result.
    :param polls: the progress of the active jobs at the last polls.
    """
    jobs = [
        {
            **job_values.render_job(queue_id, job),
            "ended": job_values.render_time(job.ended),
            "suspended": job_values.render_time(job.suspended),
            "status_reason": job.status_reason,
            "failure_reasons": list(job.failure_reasons),
            **job_estimates.render_estimate(job_estimates.estimate(job, polls.get(job.job_id, ())), now),
            "result": wait_conditions.task_result(job),
            "report": deadlines.report(job),
            "outcome": _WAITED[verdict.state],
            # What failed is in the error, and only there.
            "reason": None if verdict.failure else display.escape(verdict.reason),
            "error": verdict.failure.as_result() if verdict.failure else None,
        }
        for verdict in verdicts
        for job in [verdict.job or batch_jobs.Job(verdict.job_id)]
    ]
    result: job_values.Values = {"changed": False, "jobs": jobs, "msg": _waited_message(verdicts)}
    failures = [verdict.failure for verdict in verdicts if verdict.failure]
    if failures:
        result.update(failed=True, error=failures[0].as_result())
    return result


def _waited_message(verdicts: t.Sequence[wait_conditions.WaitStatus]) -> str:
    """Return one sentence for each job, or counts if there are many jobs, and what failed."""
    if len(verdicts) <= job_outcomes.SENTENCES:
        return " ".join(_waited_sentence(item) for item in verdicts)
    counts = collections.Counter(item.job.status if item.job else "not found" for item in verdicts)
    states = ", ".join(f"{count} {display.escape(status)}" for status, count in counts.most_common())
    text = f"{len(verdicts)} jobs: {states}."
    bad = [item for item in verdicts if item.failure]
    left = len(bad) - job_outcomes.SENTENCES
    more = f" {display.count(left, 'more job')} failed the task." if left > 0 else ""
    return " ".join([text, *(_waited_sentence(item) for item in bad[: job_outcomes.SENTENCES])]) + more


def _waited_sentence(verdict: wait_conditions.WaitStatus) -> str:
    if verdict.failure:
        return job_outcomes.named(verdict.job_id, verdict.failure.sentence())
    return f"Job {verdict.job_id} {display.escape(verdict.reason)}."
