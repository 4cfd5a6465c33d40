# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the jobs that a task describes by their properties. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, display, errors, priority_classes, providers
from . import filter_keys, job_matcher, near_misses

_SHOWN: t.Final = 10
_DESCRIPTION: t.Final = 60


@dataclasses.dataclass(frozen=True)
class Selection:
    """A selector for live jobs, and how many must match: one, some (at least one), or any."""

    selector: job_matcher.Selector
    matches: str


def parse_selection(
    params: t.Mapping[str, t.Any], traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> Selection:
    """Return the selection of the options.

    :raises OptionError: a key is not valid, or there is none: an empty selector must never match everything.
    """
    value = params["select"]
    if all(item is None for item in value.values()):
        raise errors.OptionError(
            "value of select must have at least one key: an empty selector would match every job."
            f" Set one of {', '.join(filter_keys.KEYS)}."
        )
    return Selection(job_matcher.parse_selector("select", value, traits, classes), params["matches"])


@dataclasses.dataclass(frozen=True)
class Found:
    """The queue in which jobs are selected, and its jobs.

    :param where: provider, account, and region, for messages.
    :param ended: ended jobs that are still listed.
    """

    where: str
    queue: t.Sequence[batch_jobs.Job]
    ended: t.Sequence[batch_jobs.Job] = ()


def choose(selection: Selection, there: Found, now: datetime.datetime, tags: job_matcher.Tags) -> list[batch_jobs.Job]:
    """Return the matching jobs of a queue, by rank.

    :raises BatchError: the number of matching jobs is wrong. Its details list the candidates: the matching jobs, or
        the jobs of the queue if none matches.
    """
    ranked = sorted(there.queue, key=batch_jobs.queue_order)
    found = [job for job in ranked if selection.selector.matches(job, now, tags)]
    wrong = (selection.matches == "one" and len(found) != 1) or (selection.matches == "some" and not found)
    if not wrong:
        return found
    rank = batch_jobs.ranks(there.queue)
    keys = ("job_id", "status", "priority", "description", "operation")
    candidates = [
        {"rank": rank.get(job.job_id), **{name: getattr(job, name) for name in keys}} for job in found or ranked
    ]
    if found:
        count = f"{len(found)} jobs in {there.where}"
        text = f"select matched {count}, but matches=one requires exactly 1: {_named(candidates)}"
        hint = (
            "Select by a longer description or by more keys, or use the job ID. In a task, matches=some uses all of"
            " them. No changes were made."
        )
        failure = errors.Failure("conflict", text, hint=hint)
    else:
        near = near_misses.near_misses(selection.selector, ranked, there.ended, (now, tags))
        others = f"{_live(len(candidates))}: {_named(candidates)}" if candidates else "This queue has no live jobs"
        text = ". ".join([f"No live job in {there.where} matches select", *map(display.capitalize, near), others])
        check = "the selector, region, and account" if candidates else "region and account"
        hint = f"Ended jobs are never selected. Check {check}. No changes were made."
        failure = errors.Failure("not_found", text, hint=hint)
    raise errors.BatchError(failure, candidates=candidates[: 10 * _SHOWN])


def _live(count: int) -> str:
    return "The only live job" if count == 1 else f"The {count} live jobs"


def _named(candidates: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    texts = [
        f"{item['rank']}. {item['job_id']} ({item['status']}, {_short(item['operation'])},"
        f" '{_short(item['description'])}')"
        for item in candidates[:_SHOWN]
    ]
    return display.and_more(texts, _SHOWN, len(candidates))


def _short(text: str) -> str:
    # Untrusted characters are escaped where the message is shown.
    return display.truncate(text, _DESCRIPTION)
