# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_priority: check, read, plan, apply, render. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import errors, job_outcomes, job_values, plans, priority_classes, providers, validation
from .._requests import sessions

if t.TYPE_CHECKING:
    from .._select import selections


class TaskOptions(t.NamedTuple):
    """Checked options of a task.

    :param desired: with a selection, one desired state without an ID, which applies to each selected job.
    """

    desired: tuple[plans.DesiredPriority, ...]
    policy: plans.Policy
    single: bool
    verify: bool = True
    selection: t.Optional[selections.Selection] = None
    report_overtaken: bool = False


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Check the options of a task.

    :raises OptionError: an option breaks its rule.
    """
    task = _parse(params, traits)
    return task._replace(report_overtaken=params["report_overtaken"])


def _parse(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
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
    wanted: dict[str, plans.DesiredPriority] = {}
    for number, item in enumerate(params["jobs"]):
        prefix = f"jobs[{number}]."
        new = _wanted(prefix, traits.check_job_id(f"{prefix}job_id", item["job_id"]), item, classes)
        old = wanted.setdefault(new.job_id, new)
        if old != new:
            raise validation.invalid_value(
                f"jobs[{number}].job_id",
                new.job_id,
                "must be listed only once, or each time with the same values",
                f"The job is listed with {_values(old)} and with {_values(new)}. Keep one of the two entries.",
            )
    if params["expect_current"] is not None:
        raise errors.OptionError("expect_current belongs in the entries of jobs. Set it there for each job.")
    return TaskOptions(tuple(wanted.values()), policy, single=False, verify=params["verify"])


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Set the requested priorities, and return the module's result."""
    wanted = task.desired
    if task.selection:
        from .._select import read_jobs

        reading = read_jobs.read(session, task.selection, queue_id)
        wanted = tuple(dataclasses.replace(wanted[0], job_id=job_id) for job_id in reading.jobs)
    else:
        reading = session.find([item.job_id for item in wanted])
    plan = plans.make_plan(wanted, reading.jobs, reading.missing, task.policy)

    def render(
        outcomes: t.Sequence[plans.Outcome],
        trouble: t.Optional[errors.Failure] = None,
    ) -> job_values.Values:
        result = job_outcomes.render_result(queue_id, reading.queue, outcomes, trouble=trouble)
        for job in result["jobs"]:
            job.update(overtaken=None, overtaken_count=None)
        if task.single or (task.selection and len(wanted) == 1):
            result["job"] = result["jobs"][0]
        return result

    outcomes: t.Sequence[plans.Outcome]
    if check_mode or not plan.waves:
        outcomes, trouble = plans.preview(plan), None
    else:
        outcomes, trouble = _apply(session, task, plan, render)
    result = render(outcomes, trouble)
    if task.report_overtaken:
        # Imported where it is used, because most tasks do not request it. The update does not wait for the list.
        from . import overtaken

        report = overtaken.read(lambda: session.read_queue().queue, reading.queue, outcomes)
        overtaken.add(result, report, outcomes)
    return result


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
) -> plans.DesiredPriority:
    """Return the desired state of one job; prefix is the place of its options."""
    expected = params["expect_current"]
    if expected is not None:
        expected = classes.parse(f"{prefix}expect_current", expected)
    return plans.DesiredPriority(job_id, classes.parse(f"{prefix}priority", params["priority"]), expected)


def _values(wanted: plans.DesiredPriority) -> str:
    expected = "" if wanted.expect_current is None else f" (expect_current {wanted.expect_current})"
    return f"priority {wanted.priority}{expected}"
