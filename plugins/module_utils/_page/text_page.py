# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a report about queues as plain text, for a terminal, an email, or a chat. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import display
from . import page_model, text_columns

WIDTH: t.Final = 100
_SHOWN: t.Final = 10
"""Maximum number of jobs, and of codes, for each queue."""


def text(queues: t.Sequence[page_model.Queue], title: str, generated: str) -> str:
    """Return the report in lines of at most WIDTH columns."""
    lines = [title, f"As of {generated}.", ""]
    for queue in queues:
        lines += [*_queue_lines(queue), ""]
    return "\n".join(text_columns.fit(line, WIDTH).rstrip() for line in lines)


def _queue_lines(queue: page_model.Queue) -> t.Iterator[str]:
    yield f"{queue.name} ({queue.place})" if queue.place else queue.name
    if queue.error:
        yield f"  could not be read: {queue.error}"
        return
    yield "  " + (", ".join(f"{count} {state}" for state, count in queue.states.items() if count) or "no jobs")
    for line in queue.lines[:_SHOWN]:
        share = "" if line.share is None else f"{100 * line.share:3.0f} %"
        start = f"  {line.rank:>4}  {line.priority:>14}  {text_columns.pad(line.status, 10)} {share:>5}"
        yield f"{start}  {line.job_id}  {line.description}"
        if line.why:
            yield f"{'':<24}{line.why}"
    more = max(0, len(queue.lines) - _SHOWN) + queue.hidden
    if more > 0:
        yield f"  and {display.count(more, 'more job')}"
    if queue.changes:
        yield f"  planned changes: {queue.planned}"
    for code, count, job_id in queue.failures[:_SHOWN]:
        yield f"  failed: {display.count(count, 'task')} of {job_id} with {code}"
