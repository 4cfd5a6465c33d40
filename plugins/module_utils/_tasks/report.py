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
    errors as _errors,
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
from ansible_collections.objectstore.batch.plugins.module_utils._tasks import finding as _finding

MOST_SHOWN: t.Final = 10_000
_LONGEST_WAIT: t.Final = 86400
WISH_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "job_id": {"type": "str"},
    "location": {
        "type": "dict",
        "options": {
            "bucket": {"type": "str", "required": True},
            "prefix": {"type": "str"},
            "scope": {"type": "str", "choices": ["AllTasks", "FailedTasksOnly"]},
            "manifest": {"type": "str"},
        },
    },
    "columns": {"type": "list", "elements": "str"},
    "wait_for_report": {"type": "raw", "default": 0},
}
"""Options that say which report is meant, the same in all modules that read one."""


@dataclasses.dataclass(frozen=True)
class Task:
    """What a task asks for, checked.

    :param limit: how many failed objects are named.
    :param benign: codes that count as no failure; None for those that are benign by themselves.
    """

    wish: _finding.Wish
    limit: int
    benign: t.Optional[frozenset[str]]


def parse_wish(params: t.Mapping[str, t.Any], facts: _provider.Facts) -> _finding.Wish:
    """Return which report a task asks for.

    :raises InputError: an option breaks its rule.
    """
    wait = params["wait_for_report"]
    if not 0 <= wait <= _LONGEST_WAIT:
        raise _input.refusal("wait_for_report", wait, f"must be from 0 to {_LONGEST_WAIT} seconds")
    _input.check_words("columns", params["columns"])
    columns = tuple(params["columns"] or ())
    if columns and not _rows.known(columns):
        raise _input.refusal("columns", list(columns), "must name at least Key and TaskStatus")
    job_id = facts.check_job_id("job_id", params["job_id"]) if params["job_id"] is not None else ""
    location = _finding.parse_location(params)
    if location is None and not job_id:
        raise _errors.InputError("one of job_id and location is required.")
    return _finding.Wish(job_id, location, wait, columns)


def prepare(params: t.Mapping[str, t.Any], facts: _provider.Facts) -> Task:
    """Return the task that the options describe.

    :raises InputError: an option breaks its rule.
    """
    if not 0 <= params["limit"] <= MOST_SHOWN:
        raise _input.refusal("limit", params["limit"], f"must be from 0 to {MOST_SHOWN}")
    benign = None if params["benign"] is None else frozenset(params["benign"])
    return Task(parse_wish(params, facts), params["limit"], benign)


def execute(session: _session.Session, task: Task, check_mode: bool, place: _jobs.Place) -> _jobs.Values:
    """Return what a report says, as the module's result; nothing is ever written."""
    reader = _reader.Reader(_stores.STORES[place.provider](session.provider), session.caller)
    report = _finding.Finder(session, reader, task.wish).find()
    tally: t.Optional[_rows.Tally] = None
    for layout, rows in _finding.read_rows(reader, report, task.wish.columns):
        if tally is None:
            tally = _rows.Tally(layout, task.limit)
        elif tally.layout != layout:
            raise _finding.not_recognised(reader.store.facts, "its files have different columns")
        tally.add(rows)
    operation = report.job.operation if report.job else ""
    benign = _codes.benign(operation) if task.benign is None else task.benign
    summary = _reports.Summary(
        report.location, report.key, report.manifest, report.written, report.job, task.wish.job_id
    )
    return {"changed": False, **_reports.render_report(place, summary, tally, benign)}
