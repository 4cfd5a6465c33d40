# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of batch_job_report_info: find the report, count its rows, say what they mean.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._clouds import stores as _stores
from ansible_collections.objectstore.batch.plugins.module_utils._core import (
    job_values as _job_values,
    providers as _providers,
    validation as _validation,
)
from ansible_collections.objectstore.batch.plugins.module_utils._report import (
    failure_codes as _failure_codes,
    locator as _locator,
    report_options as _report_options,
    report_result as _report_result,
    report_rows as _report_rows,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    downloads as _downloads,
    sessions as _sessions,
)


@dataclasses.dataclass(frozen=True)
class Task:
    """What a task asks for, checked.

    :param limit: how many failed objects are named.
    :param benign: codes that count as no failure; None for those that are benign by themselves.
    """

    request: _report_options.ReportRequest
    limit: int
    benign: t.Optional[frozenset[str]]


def prepare(params: t.Mapping[str, t.Any], facts: _providers.Facts) -> Task:
    """Return the task that the options describe.

    :raises InputError: an option breaks its rule.
    """
    if not 0 <= params["limit"] <= _report_result.MOST_NAMED:
        raise _validation.refusal("limit", params["limit"], f"must be from 0 to {_report_result.MOST_NAMED}")
    words = _report_options.parse_words("benign", params["benign"])
    benign = None if words is None else frozenset(words)
    return Task(_report_options.parse_report_request(params, facts), params["limit"], benign)


def execute(session: _sessions.Session, task: Task, check_mode: bool, place: _job_values.Place) -> _job_values.Values:
    """Return what a report says, as the module's result; nothing is ever written."""
    reader = _downloads.Reader(_stores.STORES[place.provider](session.provider), session.caller)
    report = _locator.Finder(session, reader, task.request).find()
    tally: t.Optional[_report_rows.Tally] = None
    for layout, batch in _locator.read_rows(reader, report, task.request.columns):
        if tally is None:
            tally = _report_rows.Tally(layout, task.limit)
        elif tally.layout != layout:
            raise _locator.not_recognised(reader.store.facts, "its files have different columns")
        tally.add(batch)
    operation = report.job.operation if report.job else ""
    benign = _failure_codes.benign(operation) if task.benign is None else task.benign
    summary = _report_result.Summary(
        report.location, report.key, report.manifest, report.written, report.job, task.request.job_id
    )
    return {"changed": False, **_report_result.render_report(place, summary, tally, benign)}
