# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of batch_job_priority: check, read, plan, apply, render.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    input as _input,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._planning import plan as _plan
from ansible_collections.objectstore.batch.plugins.module_utils._requests import session as _session
from ansible_collections.objectstore.batch.plugins.module_utils._results import jobs as _jobs, outcomes as _outcomes


@dataclasses.dataclass(frozen=True)
class Task:
    """What a task asks for, checked."""

    wanted: tuple[_plan.Wanted, ...]
    policy: _plan.Policy
    single: bool
    verify: bool = True


def prepare(params: t.Mapping[str, t.Any], facts: _provider.Facts) -> Task:
    """Return the task that the options describe.

    :raises InputError: an option breaks its rule.
    """
    policy = _plan.Policy(params["direction"], params["when_ended"], params["on_error"])
    if params["job_id"] is not None:
        return Task((_wanted("", params, facts),), policy, single=True)
    wanted: dict[str, _plan.Wanted] = {}
    for number, item in enumerate(params["jobs"]):
        new = _wanted(f"jobs[{number}].", item, facts)
        old = wanted.setdefault(new.job_id, new)
        if old != new:
            raise _errors.InputError(
                f"jobs[{number}].job_id: {new.job_id!r} is refused: the job stands in the list twice, with"
                f" {_values(old)} and {_values(new)}; keep one of the two."
            )
    if params["expect_current"] is not None:
        raise _errors.InputError("expect_current: with jobs it belongs into the entries of the list, one for each job.")
    return Task(tuple(wanted.values()), policy, single=False, verify=params["verify"])


def execute(session: _session.Session, task: Task, check_mode: bool, place: _jobs.Place) -> _jobs.Values:
    """Bring the jobs to their wanted priorities; return the module's result."""
    reading = session.find([item.job_id for item in task.wanted])
    plan = _plan.make_plan(task.wanted, reading.jobs, reading.missing, task.policy)
    trouble = None
    if check_mode or not plan.waves:
        outcomes = _plan.foreseen(plan)
    else:
        outcomes, trouble = _apply(session, task, plan)
    result = _outcomes.render_result(place, reading.queue, outcomes, trouble=trouble)
    if task.single:
        result["job"] = result["jobs"][0]
    return result


def _apply(
    session: _session.Session, task: Task, plan: _plan.Plan
) -> tuple[list[_plan.Outcome], t.Optional[_errors.Failure]]:
    # Imported where they are used: a task without a change, which is most of them, does not pay for the writer.
    from ansible_collections.objectstore.batch.plugins.module_utils._writing.apply import apply_plan
    from ansible_collections.objectstore.batch.plugins.module_utils._writing.verify import verify

    outcomes = apply_plan(session, plan)
    return verify(session, outcomes) if task.verify else (outcomes, None)


def _wanted(prefix: str, params: t.Mapping[str, t.Any], facts: _provider.Facts) -> _plan.Wanted:
    """Return one wanted job; prefix says where it stands among the options."""
    job_id = facts.rules["job_id"].check(f"{prefix}job_id", params["job_id"])
    priority = _input.parse_priority(f"{prefix}priority", params["priority"], facts.largest_priority)
    expected = params["expect_current"]
    if expected is not None:
        expected = _input.parse_priority(f"{prefix}expect_current", expected, facts.largest_priority)
    return _plan.Wanted(job_id, priority, expected)


def _values(wanted: _plan.Wanted) -> str:
    expected = "" if wanted.expect_current is None else f" (expect_current {wanted.expect_current})"
    return f"priority {wanted.priority}{expected}"
