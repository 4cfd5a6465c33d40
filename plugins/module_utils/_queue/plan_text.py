# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a plan for a person who has to approve it, as data and as text for a message. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import batch_jobs, display, job_values
from . import approvals, coverage

LINES: t.Final = 40
COLUMNS: t.Final = 100
_NAMED: t.Final = 3
"""Entries or rules that a sentence names."""


def render_moves(moves: t.Iterable[approvals.Move]) -> list[job_values.Values]:
    """Return moves in the form in which they are approved, the largest change first."""
    return [{"job_id": move.job_id, "from": move.before, "to": move.after} for move in approvals.largest_first(moves)]


def render_text(
    queue_id: job_values.QueueId, moves: t.Sequence[approvals.Move], queue: t.Sequence[batch_jobs.Job]
) -> str:
    """Return a plan as text for a chat or a mail: at most 40 lines of 100 columns, the rest counted."""
    live = sum(job.is_live for job in queue)
    head = f"{queue_id}: {len(moves)} of {live} jobs would move" if moves else f"{queue_id}: nothing to do, {live} jobs"
    jobs = {job.job_id: job for job in queue}
    ordered = approvals.largest_first(moves)
    room = LINES - 1 if len(ordered) < LINES else LINES - 2
    lines = [head, *(_line(move, approvals.job_of(move, jobs)) for move in ordered[:room])]
    rest = ordered[room:]
    if rest:
        lines.append(f"... and {len(rest)} smaller moves, of {abs(rest[0].after - rest[0].before)} at the most")
    return "".join(f"{display.truncate(display.escape(line), COLUMNS, columns=True)}\n" for line in lines)


def render_gaps(gaps: coverage.Gaps) -> job_values.Values:
    """Return the entries and rules that no job stands under."""
    shadowed = [
        {"entry": item.label, "matches": item.matches, "taken_by": list(item.taken_by)} for item in gaps.shadows
    ]
    return {"unmatched": list(gaps.unmatched), "shadowed": shadowed}


def gap_warnings(gaps: coverage.Gaps, unmatched: bool) -> list[str]:
    """Return a sentence for each entry and rule that no job stands under.

    :param unmatched: whether those are named, too, that match no live job.
    """
    typos = [
        f"{label} matches no live job; {'; '.join(gaps.near.get(label) or ['look for a typing error'])}."
        for label in (gaps.unmatched if unmatched else ())
    ]
    taken = [
        f"{item.label}: {item.matches} live {'job matches' if item.matches == 1 else 'jobs match'},"
        f" taken by: {display.and_more(item.taken_by, _NAMED)}."
        for item in gaps.shadows
    ]
    return [
        *job_values.few(typos, "entries or rules match no live job"),
        *job_values.few(taken, "entries or rules have only jobs that others take"),
    ]


def _line(move: approvals.Move, job: batch_jobs.Job) -> str:
    return f"{move.before:>10} -> {move.after:<10} {job.job_id}  {job.status}  {job.description}".rstrip()
