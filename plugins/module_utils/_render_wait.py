# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task that waited returns. Private to this collection."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils import _job, _render, _waiting

_WAITED: t.Final = {"reached": "unchanged", "waiting": "skipped", "failed": "failed"}


def render_waited(place: _render.Place, verdicts: t.Sequence[_waiting.Verdict]) -> _render.Values:
    """Return the result of a task that waited, with ``failed`` where a job is not as the task needs it."""
    jobs = [
        {
            **_render.render_job(place, job),
            "ended": _render.render_time(job.ended),
            "suspended": _render.render_time(job.suspended),
            "status_reason": job.status_reason,
            "failure_reasons": list(job.failure_reasons),
            "result": _waiting.task_result(job),
            "outcome": _WAITED[verdict.state],
            "reason": verdict.reason,
            "error": verdict.failure.as_result() if verdict.failure else None,
        }
        for verdict in verdicts
        for job in [verdict.job or _job.Job(verdict.job_id)]
    ]
    result: _render.Values = {"changed": False, "jobs": jobs, "msg": _waited_message(verdicts)}
    failures = [verdict.failure for verdict in verdicts if verdict.failure]
    if failures:
        result.update(failed=True, error=failures[0].as_result())
    return result


def _waited_message(verdicts: t.Sequence[_waiting.Verdict]) -> str:
    """Return how the waiting went: a sentence a job, or counts where there are many, and what failed."""
    if len(verdicts) <= _render.SENTENCES:
        return " ".join(_waited_sentence(item) for item in verdicts)
    counts = collections.Counter(item.job.status if item.job else "not found" for item in verdicts)
    text = f"{len(verdicts)} jobs: " + ", ".join(f"{count} {status}" for status, count in counts.most_common()) + "."
    bad = [item for item in verdicts if item.failure]
    more = f" {len(bad) - _render.SENTENCES} more jobs failed the task." if len(bad) > _render.SENTENCES else ""
    return " ".join([text, *(_waited_sentence(item) for item in bad[: _render.SENTENCES])]) + more


def _waited_sentence(verdict: _waiting.Verdict) -> str:
    if verdict.failure:
        return _render.named(verdict.job_id, verdict.failure.sentence())
    return f"Job {verdict.job_id} {verdict.reason}."
