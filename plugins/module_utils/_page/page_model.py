# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert module results to the lines of a report about queues, for any form of page.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import math
import typing as t

from .._core import display, job_estimates, statuses

MOST_JOBS: t.Final = 2000
"""Maximum number of jobs in a report, for all queues together; the others are counted."""
TOP: t.Final = 20
"""Ranks in the table of a plan."""
_LONGEST: t.Final = 200
_FINISHED: t.Final = ("succeeded", "failed")
_MOST: t.Final = 1e18


@dataclasses.dataclass(frozen=True)
class Line:
    """One job; texts are safe to show.

    :param share: the share of finished tasks, from 0 to 1; None if unknown.
    :param why: when it ends, what it waits for, its deadline, or why it failed.
    """

    job_id: str
    rank: str
    priority: str
    status: str
    state: str
    operation: str
    description: str
    share: t.Optional[float]
    tasks: str
    why: str


@dataclasses.dataclass(frozen=True)
class Move:
    """One rank, before and after a plan: priority and job ID."""

    rank: int
    before: str
    after: str
    moved: bool


@dataclasses.dataclass(frozen=True)
class Queue:
    """One queue.

    :param error: why it could not be read; empty if it could.
    :param states: the number of jobs in each state.
    :param hidden: the number of jobs that are not shown.
    :param failures: code, count, and job of the reports that were read.
    """

    name: str
    place: str
    error: str
    states: dict[str, int]
    lines: list[Line]
    hidden: int
    moves: list[Move]
    changes: int
    failures: list[tuple[str, int, str]]

    @property
    def planned(self) -> str:
        """The number of jobs that a plan changes, in words."""
        return display.count(self.changes, "job")


def queues(data: t.Iterable[t.Mapping[str, t.Any]], most: int = MOST_JOBS) -> list[Queue]:
    """Return the queues in module results, sorted by name.

    :param data: one mapping for each queue, with name, and jobs as batch_job_info returns them, or error; optionally
        plan as batch_queue returns it, and failures, which are results of batch_job_report_info.
    """
    found = []
    left = most
    for item in sorted(data, key=lambda item: _text(item.get("name")).casefold()):
        jobs = [job for job in item.get("jobs") or () if isinstance(job, t.Mapping)]
        shown = jobs[:left]
        left -= len(shown)
        moves, changes = _moves(jobs, item.get("plan") or ())
        found.append(
            Queue(
                _text(item.get("name")),
                " ".join(_text(item.get(key)) for key in ("provider", "account_id", "region") if item.get(key)),
                _text(item.get("error"), 1000),
                _count(jobs),
                [job_line(job) for job in shown],
                len(jobs) - len(shown),
                moves,
                changes,
                _failures(item.get("failures") or ()),
            )
        )
    return found


def _count(jobs: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(statuses.PAGE_STATES, 0)
    for job in jobs:
        counts[statuses.page_state(str(job.get("status")))] += 1
    return counts


def job_line(job: t.Mapping[str, t.Any]) -> Line:
    """Return one job of a result of batch_job_info."""
    progress = job.get("progress") or {}
    total, succeeded, failed = (progress.get(name) for name in ("total", "succeeded", "failed"))
    done = (succeeded or 0) + (failed or 0)
    known = succeeded is not None or failed is not None
    counts = f"{group(done)} of {group(total)}" if total else group(done)
    tasks = f"{counts} done, {group(failed or 0)} failed" if known else ""
    name = f" ({_text(job['class'])})" if job.get("class") else ""
    rank, priority = job.get("rank"), job.get("priority")
    return Line(
        _text(job.get("job_id")),
        "" if rank is None else str(rank),
        "none" if priority is None else f"{priority}{name}",
        _text(job.get("status")),
        statuses.page_state(str(job.get("status"))),
        _text(job.get("operation")),
        _text(job.get("description")),
        min(1.0, done / total) if known and isinstance(total, int) and total > 0 else None,
        tasks,
        _why(job),
    )


def group(number: t.Any) -> str:
    """Return a count with its thousands grouped: 250,000."""
    return f"{number:,}" if isinstance(number, int) else _text(number)


def seconds_left(job: t.Mapping[str, t.Any]) -> t.Optional[float]:
    """Return the time until the estimated end at the moment of the result; None if the result has no estimate.

    It is computed from the counts and the rate, so the clock of the host that renders the page does not matter.
    """
    progress = job.get("progress")
    if not job.get("estimated_end") or not isinstance(progress, t.Mapping):
        return None
    total, rate, succeeded, failed = (
        _number(value)
        for value in (progress.get("total"), job.get("rate"), *(progress.get(name) or 0 for name in _FINISHED))
    )
    if total is None or not rate or succeeded is None or failed is None:
        return None
    left = (total - succeeded - failed) / rate
    return left if 0 <= left <= job_estimates.LONGEST else None


def _number(value: t.Any) -> t.Optional[float]:
    """Return a number that can be a count or a rate; None for anything else, including infinity."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if known and 0 <= value <= _MOST else None


def _about(seconds: float) -> str:
    """Return a duration in words, as rough as an estimate is: about 2 hours."""
    if seconds < 60:
        return "less than a minute"
    size, unit = next(
        (size, unit)
        for size, unit, most in ((60, "minute", 5400), (3600, "hour", 172800), (86400, "day", math.inf))
        if seconds < most
    )
    return f"about {display.count(round(seconds / size), unit)}"


def _days(days: t.Any) -> str:
    """Return a number of days in words: 88 days."""
    number = f"{days:g}" if isinstance(days, (int, float)) else _text(days)
    return "1 day" if number == "1" else f"{number} days"


def _why(job: t.Mapping[str, t.Any]) -> str:
    """Return in words when a job ends, what it waits for, its deadline, and why it failed."""
    parts = []
    left = seconds_left(job)
    if left is not None:
        parts.append(f"{_about(left)} left (estimate)")
    blockers = job.get("blocked_by_count")
    if blockers:
        jobs = "1 job" if blockers == 1 else f"{group(blockers)} jobs"
        parts.append(f"waiting for {jobs} with a higher priority")
    if job.get("status") == "Suspended":
        left = job.get("days_until_deadline")
        parts.append("awaiting confirmation" + (f", fails in {_days(left)}" if left is not None else ""))
    if job.get("days_until_expiration") is not None:
        parts.append(f"expires in {_days(job['days_until_expiration'])}")
    reasons = job.get("failure_reasons") or ()
    parts += [f"{_text(item.get('code'))}: {_text(item.get('reason'))}" for item in reasons[:3]]
    return "; ".join(parts)


def _moves(jobs: t.Sequence[t.Mapping[str, t.Any]], plan: t.Iterable[t.Any]) -> tuple[list[Move], int]:
    """Return the first ranks before and after a plan, and the number of jobs that it changes."""
    wanted = {str(move.get("job_id")): move.get("to") for move in plan if isinstance(move, t.Mapping)}
    live = [job for job in jobs if job.get("rank") is not None]
    if not wanted or not live:
        return [], len(wanted)

    def order(job: t.Mapping[str, t.Any], number: t.Any) -> tuple[t.Any, ...]:
        return (number is None, -(number or 0), str(job.get("created") or "9"), str(job.get("job_id")))

    before = sorted(live, key=lambda job: order(job, job.get("priority")))
    after = sorted(live, key=lambda job: order(job, wanted.get(str(job.get("job_id")), job.get("priority"))))
    rows = []
    for rank, (old, new) in enumerate(zip(before[:TOP], after[:TOP]), start=1):
        number = wanted.get(str(new.get("job_id")), new.get("priority"))
        name = _text(new.get("job_id"))
        rows.append(Move(rank, f"{old.get('priority')} {_text(old.get('job_id'))}", f"{number} {name}", name in wanted))
    return rows, len(wanted)


def _failures(data: t.Iterable[t.Any]) -> list[tuple[str, int, str]]:
    found = []
    for item in data:
        if isinstance(item, t.Mapping):
            job_id = _text((item.get("job") or item).get("job_id"))
            for code in item.get("codes") or ():
                found.append((_text(code.get("code")) or "no code", int(code.get("count") or 0), job_id))
    return sorted(found, key=lambda entry: (-entry[1], entry))[:50]


def _text(value: t.Any, longest: int = _LONGEST) -> str:
    """Return untrusted text for display: without control characters, and of limited length."""
    text = display.escape("" if value is None else str(value))
    return display.truncate(text, longest)
