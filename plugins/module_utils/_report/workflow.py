# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_report_info: find the report, count its rows, classify them, and export checksums.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._checksums import checksum_options, collector
from .._clouds import stores
from .._core import display, errors, job_values, providers, validation
from .._requests import downloads, sessions
from . import failure_codes, locations, locator, report_options, report_result, report_rows


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """The checked options of a task.

    :param limit: maximum number of failed objects in the result.
    :param benign: codes that do not count as failures; None for the default codes.
    :param checksums: what to do with the checksums in the report; None for nothing.
    """

    request: report_options.ReportRequest
    limit: int
    benign: t.Optional[frozenset[str]]
    checksums: t.Optional[checksum_options.ChecksumRequest] = None


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    if not 0 <= params["limit"] <= report_result.MOST_NAMED:
        raise validation.invalid_value(
            "limit", params["limit"], f"must be an integer from 0 to {report_result.MOST_NAMED}"
        )
    words = report_options.parse_words("benign", params["benign"])
    benign = None if words is None else frozenset(words)
    request = report_options.parse_report_request(params, traits)
    checksums = checksum_options.parse_checksums(params["checksums"], traits)
    collector.check_files(checksums)
    return TaskOptions(request, params["limit"], benign, checksums)


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Return the content of a report as the module's result; only checksums are written."""
    # A file of expected values that is not valid is an error before any request.
    sums = collector.Collector(task.checksums) if task.checksums else None
    reader = downloads.Reader(stores.STORES[queue_id.provider](session.provider), session.sender)
    report = locator.ReportLocator(session, reader, task.request).find()
    if sums:
        _check_operation(report, session.provider.traits.reports.checksum_operation)
    tally: t.Optional[report_rows.ResultCounter] = None
    for layout, batch in locator.read_rows(reader, report, task.request.columns):
        if tally is None:
            tally = report_rows.ResultCounter(layout, task.limit)
        elif tally.layout != layout:
            raise locator.unrecognized_format_failure(
                reader.store.traits, "the files of the report have different columns"
            )
        rows = tally.add(batch)
        if sums:
            sums.add(layout, rows)
    operation = report.job.operation if report.job else ""
    benign = failure_codes.benign(operation) if task.benign is None else task.benign
    summary = report_result.Summary(
        report.location, report.key, report.manifest, report.written, report.job, task.request.job_id
    )
    result = {"changed": False, **report_result.render_report(queue_id, summary, tally, benign)}
    if sums:
        _check_complete(report, tally)
        found = sums.finish(reader, session.sender, _name(task, report), check_mode)
        warnings = [*result.get("warnings", ()), *found["warnings"]]
        result = {**result, **found, "msg": f"{result['msg']} {found['msg']}", "warnings": warnings}
    return result


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
    return task.request.job_id or (found[1] if found else "unknown")
