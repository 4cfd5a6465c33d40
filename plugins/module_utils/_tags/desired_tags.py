# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which tags a job gets, and describe the difference. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import batch_jobs, display, errors, job_tags, plans, providers

_SHOWN: t.Final = 5
"""Tag keys that a message lists."""
_KEY: t.Final = "Tags"


class DesiredTags(t.NamedTuple):
    """The tags that a task sets.

    :param purge: whether to remove all other tags.
    """

    job_id: str
    tags: t.Mapping[str, str]
    purge: bool


TagsDecision = plans.Decision[DesiredTags]


def tagged(job_id: str, tags: t.Mapping[str, str]) -> batch_jobs.Job:
    """Return a job of which only the tags are known."""
    return batch_jobs.Job(job_id, extra={_KEY: dict(tags)})


def of(job: t.Optional[batch_jobs.Job]) -> dict[str, str]:
    """Return the tags of such a job."""
    return dict(job.extra[_KEY]) if job else {}


def target(desired: DesiredTags, current: t.Mapping[str, str]) -> dict[str, str]:
    """Return the tags of the job after the task. Tags that only the provider sets stay."""
    kept = {key: value for key, value in current.items() if not desired.purge or job_tags.is_system(key)}
    return {**kept, **desired.tags}


def own(tags: t.Mapping[str, str]) -> dict[str, str]:
    """Return the tags that users can set."""
    return {key: value for key, value in tags.items() if not job_tags.is_system(key)}


def decide(desired: DesiredTags, current: t.Mapping[str, str], traits: providers.Traits) -> TagsDecision:
    """Return the decision: update, unchanged, or failed (too many tags)."""
    job = tagged(desired.job_id, current)
    after = target(desired, current)
    if after == dict(current):
        return TagsDecision(desired.job_id, "unchanged", job, desired=desired)
    count = len(own(after))
    if count > job_tags.MOST:
        text = f"job {desired.job_id} would have {count} tags, but at most {job_tags.MOST} are allowed"
        hint = "Set fewer tags, or set purge_tags to true. No changes were made."
        failure = traits.failure("quota", text, hint=hint)
        return TagsDecision(desired.job_id, "failed", job, text, failure, desired=desired)
    return TagsDecision(desired.job_id, "update", job, desired=desired)


def missing(desired: DesiredTags, failure: errors.Failure) -> TagsDecision:
    """Return the decision about a job that is not found."""
    return TagsDecision(desired.job_id, "failed", None, failure.message, failure, desired=desired)


def summary(before: t.Mapping[str, str], after: t.Mapping[str, str]) -> str:
    """Return the difference of two sets of tags as text, with escaped keys and without values."""
    groups = {
        "added": sorted(after.keys() - before.keys()),
        "changed": sorted(key for key in after.keys() & before.keys() if after[key] != before[key]),
        "removed": sorted(before.keys() - after.keys()),
    }
    return ", ".join(
        f"{len(keys)} {word} ({display.and_more([display.escape(key) for key in keys], _SHOWN)})"
        for word, keys in groups.items()
        if keys
    )


def lines(tags: t.Mapping[str, str]) -> str:
    """Return the tags as text for a diff: one escaped line for each tag, sorted by key."""
    return "".join(f"{display.escape(key)}: {display.escape(value)}\n" for key, value in sorted(tags.items()))
