# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the jobs that a task describes instead of naming them. Private to this collection."""

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
    """A selector among the live jobs, and how many have to fit: one, some (at least one) or any."""

    selector: job_matcher.Selector
    matches: str


def parse_selection(
    params: t.Mapping[str, t.Any], traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> Selection:
    """Return the selection that the options describe.

    :raises OptionError: a key breaks its rule, or there is none: what is empty must never come to mean everything.
    """
    value = params["select"]
    if all(item is None for item in value.values()):
        keys = ", ".join(filter_keys.KEYS)
        raise errors.OptionError(f"select: the selector is empty, so it would match every job; give a key of {keys}.")
    return Selection(job_matcher.parse_selector("select", value, traits, classes), params["matches"])


@dataclasses.dataclass(frozen=True)
class Found:
    """Where jobs are selected, and what was read there.

    :param where: provider, account and region, for messages.
    :param ended: jobs that the list still shows and that have no place in the queue any more.
    """

    where: str
    queue: t.Sequence[batch_jobs.Job]
    ended: t.Sequence[batch_jobs.Job] = ()


def choose(selection: Selection, there: Found, now: datetime.datetime, tags: job_matcher.Tags) -> list[batch_jobs.Job]:
    """Return the jobs of a queue that fit, by rank.

    :raises BatchError: not as many fit as have to; its details list the candidates: those that fit, or where none
        does the jobs of the queue.
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
        text = f"select matches {count}, and matches=one wants exactly one: {_named(candidates)}"
        hint = "Select more narrowly, or set matches=some to act on all of them. Nothing was written."
        failure = errors.Failure("conflict", text, hint=hint)
    else:
        near = near_misses.near_misses(selection.selector, ranked, there.ended, (now, tags))
        others = [f"the {_live(len(candidates))} {_named(candidates)}"] if candidates else ["there are no live jobs"]
        text = "; ".join([f"select matches no live job in {there.where}", *near, *others])
        look = "Look for a typing error, or another" if candidates else "Look for another"
        hint = f"{look} region or account; jobs that have ended are not selected. Nothing was written."
        failure = errors.Failure("not_found", text, hint=hint)
    raise errors.BatchError(failure, candidates=candidates[: 10 * _SHOWN])


def _live(count: int) -> str:
    return "live job is" if count == 1 else f"{count} live jobs are"


def _named(candidates: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    texts = [
        f"{item['rank']}. {item['job_id']} ({item['status']}, {_short(item['operation'])},"
        f" '{_short(item['description'])}')"
        for item in candidates[:_SHOWN]
    ]
    return display.and_more(texts, _SHOWN, len(candidates))


def _short(text: str) -> str:
    # What is hostile in it is escaped where the message is shown.
    return display.truncate(text, _DESCRIPTION)
