# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_priority: check, read, plan, apply, render. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import errors, job_outcomes, job_values, plans, priority_classes, providers
from .._requests import sessions

if t.TYPE_CHECKING:
    from .._select import selections


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """What a task asks for, checked.

    :param desired: with a selection one without an id, which goes for each job that fits.
    """

    desired: tuple[plans.DesiredState, ...]
    policy: plans.Policy
    single: bool
    verify: bool = True
    selection: t.Optional[selections.Selection] = None


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    policy = plans.Policy(params["direction"], params["when_ended"], params["on_error"])
    classes = priority_classes.parse_classes(params["classes"], traits)
    if params["select"] is not None:
        # Imported where it is used: most tasks name their jobs.
        from .._select.selections import parse_selection

        selection = parse_selection(params, traits, classes)
        template = _wanted("", "", params, classes)
        return TaskOptions((template,), policy, single=False, verify=params["verify"], selection=selection)
    if params["job_id"] is not None:
        job_id = traits.check_job_id("job_id", params["job_id"])
        return TaskOptions((_wanted("", job_id, params, classes),), policy, single=True)
    wanted: dict[str, plans.DesiredState] = {}
    for number, item in enumerate(params["jobs"]):
        prefix = f"jobs[{number}]."
        new = _wanted(prefix, traits.check_job_id(f"{prefix}job_id", item["job_id"]), item, classes)
        old = wanted.setdefault(new.job_id, new)
        if old != new:
            raise errors.OptionError(
                f"jobs[{number}].job_id: {new.job_id!r} is refused: the job stands in the list twice, with"
                f" {_values(old)} and {_values(new)}; keep one of the two."
            )
    if params["expect_current"] is not None:
        raise errors.OptionError("expect_current: with jobs it belongs into the entries of the list, one for each job.")
    return TaskOptions(tuple(wanted.values()), policy, single=False, verify=params["verify"])


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Bring the jobs to their wanted priorities; return the module's result."""
    wanted = task.desired
    if task.selection:
        from .._select import read_jobs

        reading = read_jobs.read(session, task.selection, queue_id)
        wanted = tuple(dataclasses.replace(wanted[0], job_id=job_id) for job_id in reading.jobs)
    else:
        reading = session.find([item.job_id for item in wanted])
    plan = plans.make_plan(wanted, reading.jobs, reading.missing, task.policy)

    def render(outcomes: t.Sequence[plans.Outcome], trouble: t.Optional[errors.Failure] = None) -> job_values.Values:
        result = job_outcomes.render_result(queue_id, reading.queue, outcomes, trouble=trouble)
        if task.single or (task.selection and len(wanted) == 1):
            result["job"] = result["jobs"][0]
        return result

    if check_mode or not plan.waves:
        return render(plans.preview(plan))
    return render(*_apply(session, task, plan, render))


def _apply(
    session: sessions.Session,
    task: TaskOptions,
    plan: plans.Plan,
    render: t.Callable[[t.Sequence[plans.Outcome]], job_values.Values],
) -> tuple[list[plans.Outcome], t.Optional[errors.Failure]]:
    # Imported where they are used: a task without a change, which is most of them, does not pay for the writer.
    from .._updates.apply import Application
    from .._updates.verify import verify

    application = Application(session, plan)
    session.unfinished = application.report(render, job_outcomes.cut_short)
    outcomes = application.run()
    return verify(session, outcomes) if task.verify else (outcomes, None)


def _wanted(
    prefix: str, job_id: str, params: t.Mapping[str, t.Any], classes: priority_classes.PriorityClasses
) -> plans.DesiredState:
    """Return one wanted job; prefix says where it stands among the options."""
    expected = params["expect_current"]
    if expected is not None:
        expected = classes.parse(f"{prefix}expect_current", expected)
    return plans.DesiredState(job_id, classes.parse(f"{prefix}priority", params["priority"]), expected)


def _values(wanted: plans.DesiredState) -> str:
    expected = "" if wanted.expect_current is None else f" (expect_current {wanted.expect_current})"
    return f"priority {wanted.priority}{expected}"
