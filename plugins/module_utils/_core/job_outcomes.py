# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render outcomes as a module returns them: result, diff, and message. Private to this collection."""

from __future__ import annotations

import collections
import typing as t

from . import batch_jobs, display, errors, job_values, plans

SENTENCES: t.Final = 3
"""Up to this many jobs get a sentence each."""


class Aspect(t.NamedTuple):
    """What a task changes in a job, and the sentences about it.

    :param value: returns it from a job.
    :param sentences: outcome to a sentence about a job of the task; other outcomes show their reason.
    :param others: the same for a job that is shown because it is in the same queue.
    :param starts: whether the task sets a priority, so that a job that does not start needs a hint.
    """

    value: t.Callable[[batch_jobs.Job], object]
    sentences: t.Mapping[str, str]
    others: t.Mapping[str, str] = {}
    starts: bool = False


def _sentences(name: str) -> dict[str, str]:
    return {
        "changed": f"{name} changed from {{old}} to {{new}}",
        "would_change": f"{name} would change from {{old}} to {{new}}",
        "unchanged": f"{name} is already {{new}}",
    }


_CREATED: t.Final = {
    "changed": "created with priority {job.priority}",
    "would_change": (
        "would be created with priority {job.priority}. Check mode cannot verify everything: the return value unchecked"
        " lists the remaining conditions"
    ),
    "unchanged": "already exists with status {job.status}",
}
PRIORITY: t.Final = Aspect(lambda job: job.priority, _sentences("priority"), starts=True)
STATUS: t.Final = Aspect(lambda job: job.status, _sentences("status"))
CREATION: t.Final = Aspect(lambda job: job.job_id, _CREATED, _CREATED)
_OUTCOMES: t.Final = ("changed", "would_change", "unchanged", "skipped", "conflict", "failed")
_NOT_MATCHED: t.Final = "not_matched"
_CONFIRM: t.Final = "{} only after {} confirmed. To confirm, run batch_job_status with status=ready"


def render_outcome(queue_id: job_values.QueueId, outcome: plans.Outcome, rank: Ranks) -> job_values.Values:
    """Return the stable keys of a job of a task, even if the job could not be read."""
    return {
        **job_values.render_job(queue_id, outcome.job or batch_jobs.Job(outcome.job_id)),
        "previous_priority": outcome.before.priority if outcome.before else None,
        "rank": rank.after.get(outcome.job_id),
        "previous_rank": rank.before.get(outcome.job_id),
        "outcome": outcome.outcome,
        "reason": display.escape(outcome.reason),
        "error": outcome.failure.as_result() if outcome.failure else None,
    }


class Ranks(t.NamedTuple):
    """Rank by job ID, before and after a task; empty if the queue was not read."""

    before: t.Mapping[str, int]
    after: t.Mapping[str, int]


def rank_outcomes(queue: t.Sequence[batch_jobs.Job], outcomes: t.Iterable[plans.Outcome]) -> Ranks:
    """Return the ranks in a queue before and after the outcomes."""
    now = {outcome.job_id: outcome.job for outcome in outcomes if outcome.job}
    return Ranks(batch_jobs.ranks(queue), batch_jobs.ranks(now.get(job.job_id, job) for job in queue))


def render_result(
    queue_id: job_values.QueueId,
    queue: t.Sequence[batch_jobs.Job],
    outcomes: t.Sequence[plans.Outcome],
    aspect: Aspect = PRIORITY,
    trouble: t.Optional[errors.Failure] = None,
) -> job_values.Values:
    """Return the result of a task that updates jobs, with ``failed`` if a job failed.

    :param aspect: what the task changes.
    :param trouble: a failure after the updates; it is reported in addition to the changes.
    """
    rank = rank_outcomes(queue, outcomes)
    jobs = [render_outcome(queue_id, outcome, rank) for outcome in outcomes]
    result: job_values.Values = {
        "changed": any(outcome.changed for outcome in outcomes),
        "jobs": jobs,
        "msg": render_message(outcomes, aspect),
        "diff": render_diff(
            queue_id,
            [outcome.before for outcome in outcomes if outcome.before],
            [outcome.job for outcome in outcomes if outcome.job],
        ),
    }
    warnings = job_values.few([f"{display.capitalize(outcome.note)}." for outcome in outcomes if outcome.note])
    waiting = _unconfirmed(outcomes) if aspect.starts else []
    if waiting:
        warnings.append(_unconfirmed_text(waiting))
    if warnings:
        result["warnings"] = warnings
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if trouble:
        failures.append(trouble)
        result["msg"] = f"{result['msg']} {trouble.sentence()}"
    if failures:
        result.update(failed=True, error=failures[0].as_result())
    return result


def cut_short(result: job_values.Values, outcomes: t.Sequence[plans.Outcome], planned: int) -> job_values.Values:
    """Return the result of a task that was interrupted during its updates, with one sentence about the known state.

    :param planned: how many jobs the task wanted to update.
    """
    listed = [outcome for outcome in outcomes if outcome.listed]
    doubtful = [outcome for outcome in listed if outcome.failure and outcome.failure.kind == "interrupted"]
    done = sum(outcome.outcome == "changed" for outcome in listed)
    failed = sum(outcome.failure is not None for outcome in listed) - len(doubtful)
    if planned == len(outcomes) == 1 and (doubtful or not done):
        text = outcomes[0].reason
    else:
        left = max(0, planned - done - len(doubtful) - failed)
        parts = [f"{done} of {planned} jobs were changed", f"the result is unknown for {len(doubtful)}"]
        parts += [f"{failed} failed"] if failed else []
        text = f"{', '.join(parts)}, and {left} were not changed"
    failure = errors.Failure("interrupted", f"The task was interrupted: {text}", hint=errors.HINTS["interrupted"])
    return {**result, "failed": True, "error": failure.as_result(), "msg": failure.sentence()}


def render_message(outcomes: t.Sequence[plans.Outcome], aspect: Aspect = PRIORITY) -> str:
    """Return what happened: a sentence per job, or counts for many jobs, and the first failure."""
    if not outcomes:
        return "No job matches. No changes were made."
    if len(outcomes) <= SENTENCES:
        return " ".join(render_sentence(outcome, aspect) for outcome in outcomes)
    counts = collections.Counter(_counted(outcome) for outcome in outcomes)
    text = f"{len(outcomes)} jobs: " + ", ".join(
        f"{counts[name]} {name.replace('_', ' ')}" for name in (*_OUTCOMES, _NOT_MATCHED) if counts[name]
    )
    waiting = _unconfirmed(outcomes) if aspect.starts else []
    bad = [outcome for outcome in outcomes if outcome.failure]
    return " ".join(
        [
            f"{text}.",
            *([_unconfirmed_text(waiting)] if waiting else []),
            *([render_sentence(bad[0], aspect)] if bad else []),
        ]
    )


def _unconfirmed(outcomes: t.Iterable[plans.Outcome]) -> list[str]:
    """Return the IDs of the jobs that have the requested priority, but do not start before a confirmation.

    A job with a lowered priority is not expected to start.
    """
    return [
        outcome.job_id
        for outcome in outcomes
        if outcome.listed and outcome.job and outcome.job.status == "Suspended"
        if outcome.outcome in ("changed", "would_change", "unchanged")
        if not outcome.before or (outcome.job.priority or 0) >= (outcome.before.priority or 0)
    ]


def _unconfirmed_text(job_ids: t.Sequence[str]) -> str:
    """Return one sentence about any number of Suspended jobs."""
    if len(job_ids) == 1:
        return f"Job {job_ids[0]} is Suspended: {_CONFIRM.format('it starts', 'it is')}."
    names = display.and_more(job_ids, SENTENCES)
    return f"{len(job_ids)} jobs are Suspended ({names}): {_CONFIRM.format('they start', 'they are')}."


def _counted(outcome: plans.Outcome) -> str:
    return outcome.outcome if outcome.listed else _NOT_MATCHED


def render_sentence(outcome: plans.Outcome, aspect: Aspect = PRIORITY) -> str:
    """Return what happened to one job, for users."""
    if outcome.failure:
        return named(outcome.job_id, outcome.failure.sentence())
    old = aspect.value(outcome.before) if outcome.before else None
    new = aspect.value(outcome.job) if outcome.job else None
    templates = aspect.sentences if outcome.listed else aspect.others
    template = templates.get(outcome.outcome, "{reason}")
    text = template.format(old=old, new=new, reason=outcome.reason, job=outcome.job)
    sentence = named(outcome.job_id or "(new)", display.escape(text) + ".")
    if aspect.starts and _unconfirmed([outcome]):
        sentence += f" It is Suspended: {_CONFIRM.format('it starts', 'it is')}."
    return sentence


def named(job_id: str, sentence: str) -> str:
    """Return a sentence that names the job, without naming it twice."""
    sentence = display.capitalize(sentence) if sentence.startswith("job ") else sentence
    return sentence if not job_id or sentence.startswith(f"Job {job_id} ") else f"Job {job_id}: {sentence}"


def render_diff(
    queue_id: job_values.QueueId, before: t.Sequence[batch_jobs.Job], after: t.Sequence[batch_jobs.Job]
) -> job_values.Values:
    """Return a diff in before/after form, one line per job, sorted by rank."""
    return {
        "before_header": f"{queue_id} (highest priority first)",
        "after_header": f"{queue_id} (highest priority first)",
        "before": _table(before),
        "after": _table(after),
    }


def _table(jobs: t.Sequence[batch_jobs.Job]) -> str:
    return "".join(_line(job) + "\n" for job in sorted(jobs, key=batch_jobs.queue_order))


def _line(job: batch_jobs.Job) -> str:
    priority = "unknown" if job.priority is None else str(job.priority)
    text = f"{priority:>10}  {job.status:<10}  {job.job_id or '(new)'}  {job.operation}  {job.description}"
    return display.escape(text).rstrip()
