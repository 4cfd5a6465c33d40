# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the jobs that a selector without a match nearly matches, among jobs that were read anyway.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import difflib
import typing as t

from .._core import batch_jobs, display, errors
from . import job_matcher

_SHOWN: t.Final = 3
"""Jobs, or operations, that one sentence names."""
_LONGEST: t.Final = 60
"""Characters of an operation that are shown and compared."""


def near_misses(
    selector: job_matcher.Selector,
    live: t.Sequence[batch_jobs.Job],
    ended: t.Sequence[batch_jobs.Job],
    moment: job_matcher.Moment,
) -> list[str]:
    """Return sentences about the jobs that the selector nearly matches; none if there are none, or after a time limit.

    Tags are read for live jobs only, so a selector with tags is not compared with ended jobs.

    :param ended: ended jobs that are still listed.
    """
    try:
        return [clause for clause in _clauses(selector, live, ended, moment) if clause]
    except errors.OptionError:
        return []


def _clauses(
    selector: job_matcher.Selector,
    live: t.Sequence[batch_jobs.Job],
    ended: t.Sequence[batch_jobs.Job],
    moment: job_matcher.Moment,
) -> list[str]:
    relaxed = selector.relaxed()
    clauses = [_clause(relaxed, live, moment, "live job", "if case is ignored")]
    if not selector.tags:
        # The statuses of a selector are those of live jobs.
        strict, loose = (dataclasses.replace(item, statuses=None) for item in (selector, relaxed))
        clauses.append(
            _clause(strict, ended, moment, "ended job")
            or _clause(loose, ended, moment, "ended job", "if case is ignored")
        )
    return [*clauses, *_operations(selector, live)]


def _clause(
    selector: job_matcher.Selector,
    jobs: t.Sequence[batch_jobs.Job],
    moment: job_matcher.Moment,
    what: str,
    unless: str = "",
) -> str:
    found = [job for job in jobs if selector.matches(job, *moment)]
    if not found:
        return ""
    names = [f"{job.job_id} ({job.status})" for job in sorted(found, key=batch_jobs.age_order, reverse=True)[:_SHOWN]]
    verb = f"1 {what} matches" if len(found) == 1 else f"{len(found)} {what}s match"
    return f"{verb}{' ' if unless else ''}{unless}: {display.and_more(names, _SHOWN, len(found))}"


def _operations(selector: job_matcher.Selector, live: t.Sequence[batch_jobs.Job]) -> t.Iterator[str]:
    """Yield a sentence for each operation that no live job has."""
    there = sorted({job.operation[:_LONGEST] for job in live if job.operation})
    lower = {name.lower(): name for name in there}
    for name in sorted((selector.operations or frozenset()) - set(there))[:_SHOWN]:
        close = difflib.get_close_matches(name.lower(), list(lower), 1)
        hint = f" (did you mean {lower[close[0]]}?)" if close else ""
        if not close and there:
            hint = f" (operations of live jobs: {display.and_more(there, _SHOWN)})"
        yield f"no live job has the operation {name[:_LONGEST]!r}{hint}"
