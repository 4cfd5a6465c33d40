# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render progress for people: one line for each job that changed, in 80 columns of plain text.

Private to this collection.
"""

from __future__ import annotations

import collections
import dataclasses
import textwrap
import typing as t

from .._core import batch_jobs, display, job_estimates, statuses
from . import wait_conditions

WIDTH: t.Final = 80
_MOST_LINES: t.Final = 20
"""Jobs that get one line each at the same time; the others are counted."""
_LABEL: t.Final = 16
_NAME: t.Final = 8
"""Minimum length of a shortened job ID, similar to git hashes."""
_SAMPLES: t.Final = 6
_HEARTBEAT: t.Final = 300.0
"""Seconds without output after which a line shows that the task is still waiting."""


def show_count(number: int) -> str:
    """Return a count in at most six characters: 20 billion objects are possible."""
    if number < 100_000:
        return str(number)
    for divisor, unit in ((1e3, "k"), (1e6, "M"), (1e9, "G")):
        if number / divisor < 999.95:
            return f"{number / divisor:.1f}{unit}"
    return f"{number / 1e9:.0f}G"


def short_names(job_ids: t.Sequence[str], width: int) -> dict[str, str]:
    """Return a name of at most width characters for each job: the shortest unique beginning, if there is one.

    Otherwise, long IDs are shortened in the middle. The result of the module has the full IDs.
    """
    longest = max(map(len, job_ids), default=0)
    if longest <= width and longest <= 2 * _NAME:
        return {job_id: job_id for job_id in job_ids}
    for length in range(_NAME, width + 1):
        names = {job_id: job_id[:length] for job_id in job_ids}
        if len(set(names.values())) == len(job_ids):
            return names
    tail = (width - 2) // 2
    head = width - 2 - tail
    return {item: item if len(item) <= width else f"{item[:head]}..{item[-tail:]}" for item in job_ids}


@dataclasses.dataclass
class Watch:
    """What was seen and shown of the jobs; plain data, because it is passed between the slices of a wait.

    :param shown: status, finished tasks, and failed tasks of each job in its last line.
    :param samples: the last counts of each active job: seconds of waiting, tasks done.
    :param spoken: seconds of waiting at which the last line was shown.
    :param troubled: the same for the last line about a failed poll.
    """

    shown: dict[str, list[t.Any]] = dataclasses.field(default_factory=dict)
    samples: dict[str, list[list[float]]] = dataclasses.field(default_factory=dict)
    spoken: float = 0.0
    troubled: float = -_HEARTBEAT

    def note(self, jobs: t.Iterable[batch_jobs.Job], now: float) -> None:
        """Keep the known progress of active jobs; a job that is not running has no rate."""
        samples = {}
        for job in jobs:
            if job.status == "Active" and (job.progress.succeeded, job.progress.failed) != (None, None):
                old = self.samples.get(job.job_id, [])
                samples[job.job_id] = [*old, [now, float(tasks_done(job))]][-_SAMPLES:]
        self.samples = samples

    def trouble(self, sentence: str, now: float, label: str, rare: bool = False) -> list[str]:
        """Return the lines about a failed poll; if rare, only once in five minutes."""
        if rare and now - self.troubled < _HEARTBEAT:
            return []
        self.troubled = now
        return _wrap(f"No response, retrying: {sentence}", _fit(label, _LABEL))

    def lines(
        self,
        verdicts: t.Sequence[wait_conditions.WaitStatus],
        now: float,
        timeout: float,
        label: str,
        rare: bool = False,
    ) -> list[str]:
        """Return the lines for jobs that changed since the last call, and count them as shown.

        :param rare: whether new counts are shown only once in five minutes; a new status is always shown.
        """
        label = _fit(label, _LABEL)
        changed = [item for item in verdicts if self.shown.get(item.job_id) != _shape(item)]
        if rare and now - self.spoken < _HEARTBEAT:
            changed = [item for item in changed if self._status_shown(item) != _shape(item)[0]]
        if not changed and now - self.spoken < _HEARTBEAT:
            return []
        self.spoken = now
        # A new status is more important than a new count.
        changed.sort(key=lambda item: self._status_shown(item) == _shape(item)[0])
        names = short_names([item.job_id for item in verdicts], WIDTH - len(label) - 50)
        column = max(map(len, names.values()), default=0)
        lines = [self._line(item, label, names[item.job_id].ljust(column)) for item in changed[:_MOST_LINES]]
        if len(changed) > _MOST_LINES:
            lines.append(f"{label}... and {len(changed) - _MOST_LINES} more changed")
        if len(verdicts) > 1 or not changed:
            lines.append(_fit(f"{label}{_summary(verdicts)}; {_clock(now, timeout)}", WIDTH))
        self.shown.update((item.job_id, _shape(item)) for item in changed)
        return lines

    def _status_shown(self, verdict: wait_conditions.WaitStatus) -> t.Optional[str]:
        return t.cast("t.Optional[str]", (self.shown.get(verdict.job_id) or [None])[0])

    def _line(self, verdict: wait_conditions.WaitStatus, label: str, name: str) -> str:
        job = verdict.job
        start = f"{label}{name}  "
        if job is None:
            return _fit(f"{start}{verdict.failure.kind if verdict.failure else 'not seen yet'}", WIDTH)
        parts = [f"{job.status:<10}"]
        if job.status == "Suspended":
            parts.append("awaiting confirmation")
        elif job.progress.succeeded is not None or job.progress.failed is not None:
            parts += [_percent(job), _counts(job)]
        if job.is_ended:
            parts.append(f"result {wait_conditions.task_result(job) or 'unknown'}")
        found = job_estimates.estimate(job, self.samples.get(job.job_id, ()))
        rate = found.rate if job.status == "Active" else None
        if rate:
            parts.append(f"{_show_rate(rate)}/s")
            if found.seconds_left is not None:
                parts.append(f"{display.duration(found.seconds_left)} left")
        text = start + "  ".join(parts)
        if len(text) > WIDTH and rate:
            del parts[3]  # the rate, because the remaining time is more useful
            text = start + "  ".join(parts)
        return _fit(text, WIDTH).rstrip()


def tasks_done(job: batch_jobs.Job) -> int:
    """Return the number of finished tasks, including failed tasks."""
    return (job.progress.succeeded or 0) + (job.progress.failed or 0)


def announce(job_ids: t.Sequence[str], goal: str, timeout: float, label: str) -> list[str]:
    """Return the first lines of a wait; you must know what Ctrl+C does before you press it.

    :param goal: completion, or the statuses to wait for.
    """
    label = _fit(label, _LABEL)
    one = len(job_ids) == 1
    many = "" if one else f" of {len(job_ids)} jobs"
    return [
        *([_fit(f"{label}Job {job_ids[0]}", WIDTH)] if one else []),
        *_wrap(f"Waiting for {goal}{many} (timeout: {display.duration(timeout)})", label),
        f"{label}Press Ctrl+C to stop waiting. The {'job keeps' if one else 'jobs keep'} running.",
    ]


def _shape(verdict: wait_conditions.WaitStatus) -> list[t.Any]:
    """Return the content of a line; if it is equal, the job has not changed."""
    job = verdict.job
    if job is None:
        return [verdict.state, 0, 0]
    return [job.status, tasks_done(job), job.progress.failed or 0]


def _percent(job: batch_jobs.Job) -> str:
    """Return the progress in percent, rounded down so that 100 % means finished; blank if the total is unknown."""
    total = job.progress.total
    return f"{min(100, tasks_done(job) * 100 // total):>3} %" if total else "     "


def _show_rate(rate: float) -> str:
    if rate < 0.05:
        return "<0.1"
    return show_count(round(rate)) if rate >= 10 else f"{rate:.1f}"


def _counts(job: batch_jobs.Job) -> str:
    total = job.progress.total
    done = show_count(tasks_done(job)) + (f"/{show_count(total)}" if total is not None else " tasks")
    return f"{done}, {show_count(job.progress.failed or 0)} failed"


def _summary(verdicts: t.Sequence[wait_conditions.WaitStatus]) -> str:
    """Return the number of jobs in each status, the latest status first."""
    counts = collections.Counter(item.job.status if item.job else "not found" for item in verdicts)
    order = [*statuses.STATUSES, *sorted(set(counts) - set(statuses.STATUSES))]
    text = ", ".join(f"{counts[status]} {status}" for status in reversed(order) if counts[status])
    return f"{sum(item.state != 'waiting' for item in verdicts)} of {len(verdicts)} done: {text}"


def _clock(now: float, timeout: float) -> str:
    return f"waited {display.duration(now)} of {display.duration(timeout)}"


def _wrap(text: str, label: str) -> list[str]:
    return [label + line for line in textwrap.wrap(text, WIDTH - len(label))]


def _fit(text: str, width: int) -> str:
    return display.truncate(text, width, columns=True)
