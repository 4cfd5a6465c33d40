# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of batch_job_priority: check, read, plan, apply, render.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._apply import apply_plan
from ansible_collections.objectstore.batch.plugins.module_utils._input import parse_priority
from ansible_collections.objectstore.batch.plugins.module_utils._plan import Policy, Wanted, make_plan
from ansible_collections.objectstore.batch.plugins.module_utils._provider import Facts
from ansible_collections.objectstore.batch.plugins.module_utils._render import (
    Place,
    Values,
    render_diff,
    render_outcome,
    render_sentence,
)
from ansible_collections.objectstore.batch.plugins.module_utils._session import Session


@dataclasses.dataclass(frozen=True)
class Task:
    """What a task asks for, checked."""

    wanted: tuple[Wanted, ...]
    policy: Policy


def prepare(params: t.Mapping[str, t.Any], facts: Facts) -> Task:
    """Return the task that the options describe.

    :raises InputError: an option breaks its rule.
    """
    job_id = facts.rules["job_id"].check("job_id", params["job_id"])
    priority = parse_priority("priority", params["priority"], facts.largest_priority)
    expected = params["expect_current"]
    if expected is not None:
        expected = parse_priority("expect_current", expected, facts.largest_priority)
    wanted = Wanted(job_id, priority, expected)
    return Task((wanted,), Policy(params["direction"], params["when_ended"]))


def execute(session: Session, task: Task, check_mode: bool, place: Place) -> Values:
    """Bring the jobs to their wanted priorities; return the module's result.

    The result holds ``failed`` where a job is not, and may not stay, as it is wanted.
    """
    reading = session.find([item.job_id for item in task.wanted])
    plan = make_plan(task.wanted, reading.jobs, reading.missing, task.policy)
    outcomes = apply_plan(session, plan, check_mode)
    jobs = [render_outcome(place, outcome) for outcome in outcomes]
    before = [outcome.before for outcome in outcomes if outcome.before]
    after = [outcome.job for outcome in outcomes if outcome.job]
    result: Values = {
        "changed": any(outcome.changed for outcome in outcomes),
        "jobs": jobs,
        "msg": " ".join(render_sentence(outcome) for outcome in outcomes),
        "diff": render_diff(place, before, after),
    }
    if len(jobs) == 1:
        result["job"] = jobs[0]
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if failures:
        result.update(failed=True, error=failures[0].as_result())
    return result
