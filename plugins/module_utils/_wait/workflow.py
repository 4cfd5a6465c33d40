# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_wait: check, wait, and render, at once or in slices that the action plugin requests.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, display, job_estimates, job_values, priority_classes, providers, validation
from .._requests import sessions
from .._select import read_jobs, selections
from . import job_waiter, progress_lines, slices, wait_conditions, wait_result

_SLICE: t.Final = 10.0
"""Maximum seconds of a slice; with a longer interval, a slice is one poll.

A wait starts at most one process in 10 seconds, even with a short interval. No process stays on the target while the
controller waits for the next poll, so nothing is left behind if the playbook is interrupted.
"""
_MAX_INTERVAL: t.Final = 60.0
_LEAST: t.Final = {"timeout": 0, "interval": 0.1, "max_interval": 0.1, "max_failed_tasks": 0, "max_failed_ratio": 0}


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """The checked options of a task.

    :param job_ids: empty if the task has a selection.
    :param progress: whether to return lines about the progress.
    :param slice: the state that the action plugin passes between slices; None to wait at once.
    """

    job_ids: tuple[str, ...]
    goal: wait_conditions.WaitCondition
    timing: job_waiter.Timing
    on_error: str
    progress: bool
    slice: t.Optional[t.Mapping[str, t.Any]]
    selection: t.Optional[selections.Selection] = None


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    for option, least in _LEAST.items():
        if params[option] is not None and not params[option] >= least:
            raise validation.invalid_value(option, params[option], f"must be {least} or more")
    if params["max_failed_ratio"] is not None and params["max_failed_ratio"] > 1:
        raise validation.invalid_value(
            "max_failed_ratio",
            params["max_failed_ratio"],
            "must be a share from 0 to 1",
            "For example, use 0.05 for 5%.",
        )
    interval, longest = params["interval"], params["max_interval"]
    if longest is not None and longest < interval:
        raise validation.invalid_value("max_interval", longest, f"must be at least interval, which is {interval:g}")
    ids = params["job_id"] or ()
    job_ids = tuple(dict.fromkeys(traits.check_job_id("job_id", item) for item in ids))
    if params["job_id"] is not None and not job_ids:
        raise validation.invalid_value("job_id", params["job_id"], "must contain at least one job ID")
    selection = None
    if params["select"] is not None:
        classes = priority_classes.parse_classes(params["classes"], traits)
        selection = selections.parse_selection(params, traits, classes)
    allowed = params["max_failed_tasks"]
    if allowed is None and params["max_failed_ratio"] is None:
        allowed = 0
    return TaskOptions(
        job_ids=job_ids,
        goal=wait_conditions.WaitCondition(
            tuple(params["status"] or ()), params["suspended"], allowed, params["max_failed_ratio"]
        ),
        timing=job_waiter.Timing(
            params["timeout"], interval, max(interval, _MAX_INTERVAL) if longest is None else longest
        ),
        on_error=params["on_error"],
        progress=params["progress"],
        slice=slices.check_state(params["_watch"]),
        selection=selection,
    )


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Wait for the jobs; return the module's result, or the state of a wait that continues."""
    if task.selection:
        # Selected once: a job that matches later is a different job.
        chosen = (task.slice or {}).get("job_ids") or list(read_jobs.read(session, task.selection, queue_id).jobs)
        if not chosen:
            return {
                "changed": False,
                "jobs": [],
                "msg": "No job matches select. There is nothing to wait for.",
                "waited": 0.0,
            }
        task = dataclasses.replace(task, job_ids=tuple(chosen))
    if check_mode:
        return _single(task, _preview(session, task, queue_id))
    if task.slice is None:
        waiter = job_waiter.Waiter(session, task.job_ids, task.goal, task.timing, task.on_error)
        watch = progress_lines.Watch()
        waiter.run(lambda verdicts: watch.note(_jobs(verdicts), waiter.elapsed()))
        return _result(task, waiter, queue_id, watch)
    return _slice(session, task, queue_id, task.slice)


def _slice(
    session: sessions.Session, task: TaskOptions, queue_id: job_values.QueueId, state: t.Mapping[str, t.Any]
) -> job_values.Values:
    """Wait for a part of the time; return the lines to show, and the state of the wait or its result."""
    session.sender.resume(state.get("calls") or {})
    watch = progress_lines.Watch(**state.get("watch") or {})
    # The first slice is one poll, so that the first lines appear at once.
    length = _SLICE if "watch" in state else 0.0
    timing = dataclasses.replace(task.timing, length=length)
    memory = job_waiter.PollState(**{**(state.get("memory") or {}), "elapsed": state.get("elapsed", 0.0)})
    waiter = job_waiter.Waiter(session, task.job_ids, task.goal, timing, task.on_error, memory)
    over = waiter.run(lambda verdicts: watch.note(_jobs(verdicts), waiter.elapsed()))
    label, rare = state.get("label", ""), state.get("rare", False)
    now, timeout = waiter.elapsed(), task.timing.timeout
    if waiter.trouble:
        lines = watch.trouble(waiter.trouble, now, label, rare)
    else:
        lines = watch.lines(list(waiter.verdicts.values()), now, timeout, label, rare)
    if not over and "watch" not in state:
        lines = [*progress_lines.announce(task.job_ids, task.goal.target, timeout, label), *lines]
    result: job_values.Values = {"lines": [display.escape(line) for line in lines] if task.progress else []}
    if over:
        return {**_result(task, waiter, queue_id, watch), **result}
    memory = waiter.memory()
    carried = {"memory": dataclasses.asdict(memory), "watch": dataclasses.asdict(watch), "job_ids": list(task.job_ids)}
    return {**result, "next": {**carried, "calls": session.sender.counts(), "pause": memory.due - memory.elapsed}}


def _preview(session: sessions.Session, task: TaskOptions, queue_id: job_values.QueueId) -> job_values.Values:
    """Return what the task would wait for; a job that awaits confirmation can be confirmed by then."""
    goal = dataclasses.replace(task.goal, suspended="wait")
    waiter = job_waiter.Waiter(session, task.job_ids, goal, task.timing, task.on_error)
    waiter.look()
    verdicts = [
        dataclasses.replace(item, reason=f"{item.reason}: the task would wait for {goal.target}")
        if item.state == "waiting"
        else item
        for item in waiter.verdicts.values()
    ]
    return {**_rendered(queue_id, verdicts, {}), "waited": 0.0}


def _result(
    task: TaskOptions, waiter: job_waiter.Waiter, queue_id: job_values.QueueId, watch: progress_lines.Watch
) -> job_values.Values:
    waiter.describe_ended()
    verdicts: list[wait_conditions.WaitStatus] = list(waiter.verdicts.values())
    rendered = _rendered(queue_id, verdicts, watch.samples)
    return _single(task, {**rendered, "waited": round(waiter.elapsed(), 1)})


def _rendered(
    queue_id: job_values.QueueId,
    verdicts: t.Sequence[wait_conditions.WaitStatus],
    polls: t.Mapping[str, t.Sequence[job_estimates.Poll]],
) -> job_values.Values:
    return wait_result.render_waited(queue_id, verdicts, datetime.datetime.now(datetime.timezone.utc), polls)


def _jobs(verdicts: t.Iterable[wait_conditions.WaitStatus]) -> list[batch_jobs.Job]:
    return [item.job for item in verdicts if item.job]


def _single(task: TaskOptions, result: job_values.Values) -> job_values.Values:
    return {**result, "job": result["jobs"][0]} if len(task.job_ids) == 1 else result
