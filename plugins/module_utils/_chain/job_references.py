# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the jobs that a chain names, among all jobs that the provider lists. Private to this collection.

Ended jobs count, because a chain continues after the first of its jobs have ended. A selector must match exactly one
job: with two of them, no decision is possible.
"""

from __future__ import annotations

import datetime
import typing as t

from .._core import batch_jobs, display
from . import link_order, links

_SHOWN: t.Final = 3


class Found(t.NamedTuple):
    """The jobs of a chain, by node.

    :param job_ids: the ID of each reference that names one job. The job itself can still be missing.
    :param problems: why the others name no job, or several.
    """

    job_ids: dict[str, str]
    problems: dict[str, str]


def find_jobs(chain: t.Sequence[links.Link], listed: t.Sequence[batch_jobs.Job], now: datetime.datetime) -> Found:
    """Return the job of each reference.

    :param listed: all jobs of the queue, also ended ones.
    :raises OptionError: a regular expression takes too long.
    """
    found = Found({}, {})
    references = {item.node: item for link in chain for item in (link.job, *link.after)}
    for node, reference in references.items():
        if reference.selector is None:
            found.job_ids[node] = node
            continue
        matching = [job for job in listed if reference.selector.matches(job, now, {})]
        if len(matching) == 1:
            found.job_ids[node] = matching[0].job_id
        else:
            found.problems[node] = _problem(node, matching)
    return found


def _problem(node: str, matching: t.Sequence[batch_jobs.Job]) -> str:
    text = f"selector {link_order.name(node)}"
    if not matching:
        return f"{text} matches no job of this queue"
    names = [f"{job.job_id} ({job.status})" for job in sorted(matching, key=batch_jobs.age_order, reverse=True)]
    return f"{text} matches {len(matching)} jobs instead of 1: {display.and_more(names[:_SHOWN], _SHOWN, len(names))}"
