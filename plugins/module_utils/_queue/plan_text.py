# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a plan for the approver, as data and as text for a message. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import batch_jobs, display, job_values, plans
from . import approvals, coverage

LINES: t.Final = 40
COLUMNS: t.Final = 100
_NAMED: t.Final = 3
"""Entries or rules that a sentence lists."""


def render_moves(moves: t.Iterable[plans.Move]) -> list[job_values.Values]:
    """Return changes in the form in which they are approved, the largest first."""
    return [{"job_id": move.job_id, "from": move.before, "to": move.after} for move in approvals.largest_first(moves)]


def render_text(queue_id: job_values.QueueId, moves: t.Sequence[plans.Move], queue: t.Sequence[batch_jobs.Job]) -> str:
    """Return a plan as text for a chat or an email: at most 40 lines of 100 columns; other changes are counted."""
    live = sum(job.is_live for job in queue)
    jobs_text = f"{live} live {'job' if live == 1 else 'jobs'}"
    head = f"{queue_id}: {f'priority would change for {len(moves)} of' if moves else 'no changes,'} {jobs_text}"
    jobs = {job.job_id: job for job in queue}
    ordered = approvals.largest_first(moves)
    room = LINES - 1 if len(ordered) < LINES else LINES - 2
    lines = [head, *(_line(move, approvals.job_of(move, jobs)) for move in ordered[:room])]
    rest = ordered[room:]
    if rest:
        lines.append(f"... and {len(rest)} more changes, each by {abs(rest[0].after - rest[0].before)} or less")
    return "".join(f"{display.truncate(display.escape(line), COLUMNS, columns=True)}\n" for line in lines)


def render_gaps(gaps: coverage.Gaps) -> job_values.Values:
    """Return the entries and rules without jobs."""
    shadowed = [
        {"entry": item.label, "matches": item.matches, "taken_by": list(item.taken_by)} for item in gaps.shadows
    ]
    return {"unmatched": list(gaps.unmatched), "shadowed": shadowed}


def gap_warnings(gaps: coverage.Gaps, unmatched: bool) -> list[str]:
    """Return a sentence for each entry and rule without jobs; the name of the queue is added to each warning.

    :param unmatched: whether the entries and rules that match no live job are listed, too.
    """
    missing = [
        f"No live job matches {label}. {_near(gaps.near.get(label) or ['check the spelling'])}"
        for label in (gaps.unmatched if unmatched else ())
    ]
    shadowed = [
        f"{item.label} has no effect. It matches {item.matches} live {'job' if item.matches == 1 else 'jobs'}, but"
        f" another entry or rule has precedence: {display.and_more(item.taken_by, _NAMED)}."
        for item in gaps.shadows
    ]
    return [
        *job_values.few(missing, "entries or rules match no live job"),
        *job_values.few(shadowed, "entries or rules have no effect"),
    ]


def _near(clauses: t.Iterable[str]) -> str:
    return " ".join(f"{display.capitalize(clause)}." for clause in clauses)


def _line(move: plans.Move, job: batch_jobs.Job) -> str:
    return f"{move.before:>10} -> {move.after:<10} {job.job_id}  {job.status}  {job.description}".rstrip()
