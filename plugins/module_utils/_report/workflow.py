# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_report_info: find the report, count its rows, and classify them. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._clouds import stores
from .._core import job_values, providers, validation
from .._requests import downloads, sessions
from . import failure_codes, locator, report_options, report_result, report_rows


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """The checked options of a task.

    :param limit: maximum number of failed objects in the result.
    :param benign: codes that do not count as failures; None for the default codes.
    """

    request: report_options.ReportRequest
    limit: int
    benign: t.Optional[frozenset[str]]


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
    return TaskOptions(report_options.parse_report_request(params, traits), params["limit"], benign)


@dataclasses.dataclass(frozen=True)
class Reading:
    """A report that was read.

    :param tally: None if it has no rows.
    :param result: the module's result.
    """

    reader: downloads.Reader
    report: locator.Report
    tally: t.Optional[report_rows.ResultCounter]
    result: job_values.Values


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Return the content of a report as the module's result; makes no changes."""
    return read(session, task, queue_id).result


def read(
    session: sessions.Session,
    task: TaskOptions,
    queue_id: job_values.QueueId,
    check: t.Callable[[locator.Report], None] = lambda report: None,
    visit: t.Callable[[report_rows.Layout, list[report_rows.Row]], None] = lambda layout, rows: None,
) -> Reading:
    """Read a report.

    :param check: gets the report before its rows are read; raises BatchError to reject it.
    :param visit: gets the well-formed rows, in batches.
    """
    reader = downloads.Reader(stores.STORES[queue_id.provider](session.provider), session.sender)
    report = locator.ReportLocator(session, reader, task.request).find()
    check(report)
    tally: t.Optional[report_rows.ResultCounter] = None
    for layout, batch in locator.read_rows(reader, report, task.request.columns):
        if tally is None:
            tally = report_rows.ResultCounter(layout, task.limit)
        elif tally.layout != layout:
            raise locator.unrecognized_format_failure(
                reader.store.traits, "the files of the report have different columns"
            )
        visit(layout, tally.add(batch))
    operation = report.job.operation if report.job else ""
    benign = failure_codes.benign(operation) if task.benign is None else task.benign
    summary = report_result.Summary(
        report.location, report.key, report.manifest, report.written, report.job, task.request.job_id
    )
    result = {"changed": False, **report_result.render_report(queue_id, summary, tally, benign)}
    return Reading(reader, report, tally, result)
