# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task that waited returns. Private to this collection."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._core import (
    batch_jobs as _batch_jobs,
    deadlines as _deadlines,
    display as _display,
    job_outcomes as _job_outcomes,
    job_values as _job_values,
)
from ansible_collections.objectstore.batch.plugins.module_utils._wait import goals as _goals

_WAITED: t.Final = {"reached": "unchanged", "waiting": "skipped", "failed": "failed"}


def render_waited(place: _job_values.Place, verdicts: t.Sequence[_goals.Verdict]) -> _job_values.Values:
    """Return the result of a task that waited, with ``failed`` where a job is not as the task needs it."""
    jobs = [
        {
            **_job_values.render_job(place, job),
            "ended": _job_values.render_time(job.ended),
            "suspended": _job_values.render_time(job.suspended),
            "status_reason": job.status_reason,
            "failure_reasons": list(job.failure_reasons),
            "result": _goals.task_result(job),
            "report": _deadlines.report(job),
            "outcome": _WAITED[verdict.state],
            "reason": _display.shown(verdict.reason),
            "error": verdict.failure.as_result() if verdict.failure else None,
        }
        for verdict in verdicts
        for job in [verdict.job or _batch_jobs.Job(verdict.job_id)]
    ]
    result: _job_values.Values = {"changed": False, "jobs": jobs, "msg": _waited_message(verdicts)}
    failures = [verdict.failure for verdict in verdicts if verdict.failure]
    if failures:
        result.update(failed=True, error=failures[0].as_result())
    return result


def _waited_message(verdicts: t.Sequence[_goals.Verdict]) -> str:
    """Return how the waiting went: a sentence a job, or counts where there are many, and what failed."""
    if len(verdicts) <= _job_outcomes.SENTENCES:
        return " ".join(_waited_sentence(item) for item in verdicts)
    counts = collections.Counter(item.job.status if item.job else "not found" for item in verdicts)
    states = ", ".join(f"{count} {_display.shown(status)}" for status, count in counts.most_common())
    text = f"{len(verdicts)} jobs: {states}."
    bad = [item for item in verdicts if item.failure]
    more = (
        f" {len(bad) - _job_outcomes.SENTENCES} more jobs failed the task."
        if len(bad) > _job_outcomes.SENTENCES
        else ""
    )
    return " ".join([text, *(_waited_sentence(item) for item in bad[: _job_outcomes.SENTENCES])]) + more


def _waited_sentence(verdict: _goals.Verdict) -> str:
    if verdict.failure:
        return _job_outcomes.named(verdict.job_id, verdict.failure.sentence())
    return f"Job {verdict.job_id} {_display.shown(verdict.reason)}."
