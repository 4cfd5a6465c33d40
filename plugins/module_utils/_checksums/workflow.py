# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_report_info: read the report, and with the option checksums also write and compare its checksums.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._core import display, errors, job_values, providers
from .._report import locations, locator, report_rows, workflow as report_workflow
from .._requests import sessions
from . import checksum_options, collector


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """The checked options of a task.

    :param checksums: what to do with the checksums in the report; None for nothing.
    """

    report: report_workflow.TaskOptions
    checksums: t.Optional[checksum_options.ChecksumRequest]


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    :raises BatchError: the provider has no checksums (kind unsupported).
    """
    report = report_workflow.prepare(params, traits)
    checksums = checksum_options.parse_checksums(params["checksums"], traits)
    collector.check_files(checksums)
    return TaskOptions(report, checksums)


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Return the content of a report as the module's result; only checksums are written."""
    if task.checksums is None:
        return report_workflow.execute(session, task.report, check_mode, queue_id)
    # A file of expected values that is not valid is an error before any request.
    sums = collector.Collector(task.checksums)
    operation = session.provider.traits.reports.checksum_operation

    def check(report: locator.Report) -> None:
        _check_operation(report, operation)

    reading = report_workflow.read(session, task.report, queue_id, check, sums.add)
    _check_complete(reading.report, reading.tally)
    found = sums.finish(reading.reader, session.sender, _name(task, reading.report), check_mode)
    result = reading.result
    warnings = [*result.get("warnings", ()), *found["warnings"]]
    return {**result, **found, "msg": f"{result['msg']} {found['msg']}", "warnings": warnings}


def _check_operation(report: locator.Report, operation: str) -> None:
    """Reject a report that cannot contain the checksum of each object.

    :raises BatchError: kind unsupported.
    """
    job = report.job
    if job and job.operation != operation:
        text = f"job {job.job_id} has the operation {job.operation}, and only reports of {operation} contain checksums"
        hint = "Set job_id to a job that computes checksums, or remove the option checksums. No changes were made."
        raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))
    if report.location.scope == "FailedTasksOnly":
        text = "the report contains only failed tasks, which have no checksums"
        hint = "Create the job again with report.scope=AllTasks. No changes were made."
        raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))


def _check_complete(report: locator.Report, tally: t.Optional[report_rows.ResultCounter]) -> None:
    """Reject an incomplete report: the checksums of its other rows would be missing.

    :raises BatchError: kind not_ready.
    """
    rows, malformed = (tally.rows, tally.malformed) if tally else (0, 0)
    expected = locations.expected_rows(report.job, report.location.scope)
    if malformed or expected not in (None, rows):
        of = f"{malformed} malformed" if malformed else f"expected {expected}"
        text = f"The report is incomplete, so its checksums were not used: it has {display.count(rows, 'row')}, {of}"
        hint = "Set wait_for_report to wait for the rest. No changes were made."
        raise errors.BatchError(errors.Failure("not_ready", text, hint=hint))


def _name(task: TaskOptions, report: locator.Report) -> str:
    """Return the ID of the job, for the key of an object."""
    found = re.search("job-([^/]+)/[^/]*$", report.key)
    return task.report.request.job_id or (found[1] if found else "unknown")
