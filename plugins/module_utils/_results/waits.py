# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task that waited returns. Private to this collection."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import job as _job, shown as _shown
from ansible_collections.objectstore.batch.plugins.module_utils._results import (
    jobs as _jobs,
    outcomes as _outcomes,
    outlook as _outlook,
)
from ansible_collections.objectstore.batch.plugins.module_utils._waiting import goal as _goal

_WAITED: t.Final = {"reached": "unchanged", "waiting": "skipped", "failed": "failed"}


def render_waited(place: _jobs.Place, verdicts: t.Sequence[_goal.Verdict]) -> _jobs.Values:
    """Return the result of a task that waited, with ``failed`` where a job is not as the task needs it."""
    jobs = [
        {
            **_jobs.render_job(place, job),
            "ended": _jobs.render_time(job.ended),
            "suspended": _jobs.render_time(job.suspended),
            "status_reason": job.status_reason,
            "failure_reasons": list(job.failure_reasons),
            "result": _goal.task_result(job),
            "report": _outlook.report(job),
            "outcome": _WAITED[verdict.state],
            "reason": _shown.shown(verdict.reason),
            "error": verdict.failure.as_result() if verdict.failure else None,
        }
        for verdict in verdicts
        for job in [verdict.job or _job.Job(verdict.job_id)]
    ]
    result: _jobs.Values = {"changed": False, "jobs": jobs, "msg": _waited_message(verdicts)}
    failures = [verdict.failure for verdict in verdicts if verdict.failure]
    if failures:
        result.update(failed=True, error=failures[0].as_result())
    return result


def _waited_message(verdicts: t.Sequence[_goal.Verdict]) -> str:
    """Return how the waiting went: a sentence a job, or counts where there are many, and what failed."""
    if len(verdicts) <= _outcomes.SENTENCES:
        return " ".join(_waited_sentence(item) for item in verdicts)
    counts = collections.Counter(item.job.status if item.job else "not found" for item in verdicts)
    states = ", ".join(f"{count} {_shown.shown(status)}" for status, count in counts.most_common())
    text = f"{len(verdicts)} jobs: {states}."
    bad = [item for item in verdicts if item.failure]
    more = f" {len(bad) - _outcomes.SENTENCES} more jobs failed the task." if len(bad) > _outcomes.SENTENCES else ""
    return " ".join([text, *(_waited_sentence(item) for item in bad[: _outcomes.SENTENCES])]) + more


def _waited_sentence(verdict: _goal.Verdict) -> str:
    if verdict.failure:
        return _outcomes.named(verdict.job_id, verdict.failure.sentence())
    return f"Job {verdict.job_id} {_shown.shown(verdict.reason)}."
