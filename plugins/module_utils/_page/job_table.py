# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render jobs as a table of plain text, two lines for each job. Private to this collection."""

from __future__ import annotations

import datetime
import typing as t

from .._core import display
from . import page_model, text_columns

WIDTH: t.Final = 80
MOST_JOBS: t.Final = 100
"""Jobs in a table; the others are counted."""
_HEAD: t.Final = ("rank", "priority", "status", "age", "description", "job ID", "operation", "time left")


def render(jobs: t.Sequence[t.Mapping[str, t.Any]], now: datetime.datetime) -> list[str]:
    """Return the lines of a table, at most WIDTH columns each; no lines if there are no jobs.

    :param jobs: as batch_job_info returns them, in the order of the table.
    """
    if not jobs:
        return []
    lines = list(_lines(*_HEAD))
    for job in jobs[:MOST_JOBS]:
        line = page_model.job_line(job)
        age = _age(job.get("created"), now)
        names = (line.rank, line.priority, line.status, age, line.description, line.job_id, line.operation)
        lines += _lines(*names, _left(job))
    if len(jobs) > MOST_JOBS:
        lines.append(f"and {display.count(len(jobs) - MOST_JOBS, 'more job')}")
    return lines


def _lines(
    rank: str, priority: str, status: str, age: str, description: str, job_id: str, operation: str, left: str
) -> tuple[str, str]:
    """Return both lines of a job: what people know it by, and what commands need.

    :param left: the estimated time until the end, which is omitted if the line has no room for it.
    """
    first = f"{rank:>4}  {priority:>10}  {text_columns.pad(status, 10)}  {age:>4}  {description}"
    second = f"{'':6}{job_id}  {operation}"
    if left and text_columns.width(second) + 2 + len(left) <= WIDTH:
        second = f"{second}  {left}"
    return text_columns.fit(first, WIDTH).rstrip(), text_columns.fit(second, WIDTH).rstrip()


def _left(job: t.Mapping[str, t.Any]) -> str:
    """Return the estimated time until the end of a job; empty if unknown."""
    seconds = page_model.seconds_left(job)
    return "" if seconds is None else f"~{display.duration(seconds)} left"


def _age(created: t.Any, now: datetime.datetime) -> str:
    """Return the age of a job in its largest unit; empty if unknown.

    :param created: ISO 8601 in UTC, as in a result; None if the response does not contain it.
    """
    if not created:
        return ""
    begin = datetime.datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    seconds = max(0, int((now - begin).total_seconds()))
    size, unit = next(
        (size, unit) for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if seconds >= size or size == 1
    )
    return f"{seconds // size}{unit}"
