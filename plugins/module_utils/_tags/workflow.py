# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_tags: check, read, decide, apply, render. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import display, errors, job_outcomes, job_tags, job_values, plans, providers, validation
from .._requests import sessions
from .._updates import apply, confirm
from . import desired_tags, tags_change


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> desired_tags.DesiredTags:
    """Check the options of a task.

    :raises OptionError: an option breaks its rule.
    :raises BatchError: the jobs of the provider have no tags (kind unsupported).
    """
    if not traits.jobs.have_tags:
        text = f"tags are not supported for jobs of {traits.title}"
        raise errors.BatchError(traits.failure("unsupported", text, hint="Remove the task. No changes were made."))
    tags = params["tags"]
    if tags is None:
        advice = "Set {} to remove all tags."
        raise validation.invalid_value("tags", tags, "must be a dictionary of tags", advice)
    return desired_tags.DesiredTags(
        traits.check_job_id("job_id", params["job_id"]), job_tags.check_strictly(tags, traits), params["purge_tags"]
    )


def execute(
    session: sessions.Session, desired: desired_tags.DesiredTags, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Set the tags of the job, and return the module's result."""
    planned = tags_change.read(session, desired)
    removal = desired.purge and not desired.tags
    change = (tags_change.TagsRemoval if removal else tags_change.TagsChange)(planned, desired)
    ledger = confirm.Ledger(session.sender)

    def render(outcome: plans.Outcome) -> job_values.Values:
        return _render(queue_id, outcome)

    def unfinished() -> job_values.Values:
        outcome = ledger.so_far(change)
        return job_outcomes.cut_short(render(outcome), [outcome], 1)

    if not check_mode:
        session.unfinished = unfinished
    return render(apply.apply_change(session, change, check_mode, ledger))


def _render(queue_id: job_values.QueueId, outcome: plans.Outcome) -> job_values.Values:
    before, after = desired_tags.of(outcome.before), desired_tags.of(outcome.job)
    result = job_outcomes.render_result(queue_id, [], [outcome])
    header = f"{queue_id} job {display.escape(outcome.job_id)} tags"
    result["job"] = result["jobs"][0]
    result["tags"] = after if outcome.job else None
    result["diff"] = {
        "before_header": header,
        "after_header": header,
        "before": desired_tags.lines(before),
        "after": desired_tags.lines(after),
    }
    if not outcome.failure:
        result["msg"] = job_outcomes.named(outcome.job_id, f"{_sentence(outcome, before, after)}.")
    return result


def _sentence(outcome: plans.Outcome, before: t.Mapping[str, str], after: t.Mapping[str, str]) -> str:
    """Return what happened to the tags."""
    if outcome.outcome == "unchanged":
        return f"tags are already set ({display.count(len(after), 'tag')})"
    verb = "would change" if outcome.outcome == "would_change" else "changed"
    # Another process can have set the tags after the task had read them.
    return f"tags {verb}: {desired_tags.summary(before, after) or 'nothing differs now'}"
