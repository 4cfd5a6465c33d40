# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of batch_job_report_info: find the report, count its rows, say what they mean.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    input as _input,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import stores as _stores
from ansible_collections.objectstore.batch.plugins.module_utils._reports import (
    codes as _codes,
    rows as _rows,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    objects as _reader,
    session as _session,
)
from ansible_collections.objectstore.batch.plugins.module_utils._results import (
    jobs as _jobs,
    reports as _reports,
)
from ansible_collections.objectstore.batch.plugins.module_utils._tasks import finding as _finding, wishes as _wishes


@dataclasses.dataclass(frozen=True)
class Task:
    """What a task asks for, checked.

    :param limit: how many failed objects are named.
    :param benign: codes that count as no failure; None for those that are benign by themselves.
    """

    wish: _finding.Wish
    limit: int
    benign: t.Optional[frozenset[str]]


def prepare(params: t.Mapping[str, t.Any], facts: _provider.Facts) -> Task:
    """Return the task that the options describe.

    :raises InputError: an option breaks its rule.
    """
    if not 0 <= params["limit"] <= _reports.MOST_NAMED:
        raise _input.refusal("limit", params["limit"], f"must be from 0 to {_reports.MOST_NAMED}")
    words = _wishes.parse_words("benign", params["benign"])
    benign = None if words is None else frozenset(words)
    return Task(_wishes.parse_wish(params, facts), params["limit"], benign)


def execute(session: _session.Session, task: Task, check_mode: bool, place: _jobs.Place) -> _jobs.Values:
    """Return what a report says, as the module's result; nothing is ever written."""
    reader = _reader.Reader(_stores.STORES[place.provider](session.provider), session.caller)
    report = _finding.Finder(session, reader, task.wish).find()
    tally: t.Optional[_rows.Tally] = None
    for layout, batch in _finding.read_rows(reader, report, task.wish.columns):
        if tally is None:
            tally = _rows.Tally(layout, task.limit)
        elif tally.layout != layout:
            raise _finding.not_recognised(reader.store.facts, "its files have different columns")
        tally.add(batch)
    operation = report.job.operation if report.job else ""
    benign = _codes.benign(operation) if task.benign is None else task.benign
    summary = _reports.Summary(
        report.location, report.key, report.manifest, report.written, report.job, task.wish.job_id
    )
    return {"changed": False, **_reports.render_report(place, summary, tally, benign)}
