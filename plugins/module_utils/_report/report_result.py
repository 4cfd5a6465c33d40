# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of a task that read a completion report. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t
from urllib.parse import unquote

from .._core import batch_jobs, display, job_values
from . import failure_codes, locations, report_manifest, report_rows

MOST_NAMED: t.Final = 10_000
"""Objects that a result names."""
_NAMED: t.Final = 5
_LONGEST_KEY: t.Final = 3 * 1024
"""Characters of a key: 1,024 bytes, each of them encoded."""


@dataclasses.dataclass(frozen=True)
class Summary:
    """A report that was found.

    :param key: of its manifest.json; empty if there is none.
    :param job: None if the job was not requested.
    """

    location: locations.Location
    key: str
    manifest: report_manifest.Manifest
    written: t.Optional[datetime.datetime]
    job: t.Optional[batch_jobs.Job]
    job_id: str


@dataclasses.dataclass(frozen=True)
class _Counts:
    succeeded: int
    failed: int
    benign: int
    malformed: int
    expected: t.Optional[int]
    never_attempted: t.Optional[int]

    @property
    def rows(self) -> int:
        return self.succeeded + self.failed

    @property
    def complete(self) -> t.Optional[bool]:
        if self.malformed:
            return False
        return None if self.expected is None else self.rows == self.expected


def render_report(
    queue_id: job_values.QueueId,
    summary: Summary,
    tally: t.Optional[report_rows.ResultCounter],
    benign: t.Collection[str],
) -> job_values.Values:
    """Return the result of a task that read a report.

    :param tally: None if the report has no rows.
    """
    groups = tally.groups() if tally else []
    codes = [render_code(task, count, benign) for task, count in groups if not task.succeeded]
    succeeded = sum(count for task, count in groups if task.succeeded)
    failed = sum(item["count"] for item in codes)
    excused = sum(item["count"] for item in codes if item["benign"])
    counts = _Counts(succeeded, failed, excused, tally.malformed if tally else 0, *_expected(summary))
    location, manifest = summary.location, summary.manifest
    shown = display.escape
    result: job_values.Values = {
        "jobs": [job_values.render_job(queue_id, summary.job)] if summary.job else [],
        "report": {
            "bucket": shown(location.bucket),
            "prefix": shown(location.prefix),
            "manifest": shown(summary.key),
            "scope": shown(location.scope),
            "format": shown(manifest.format),
            "written": job_values.render_time(summary.written),
            "files": len(manifest.files),
            "checksums": all(file.md5 for file in manifest.files),
            "rows": counts.rows,
            "malformed_rows": counts.malformed,
            "complete": counts.complete,
        },
        "succeeded": succeeded,
        "failed": failed,
        "benign": excused,
        "never_attempted": counts.never_attempted,
        "codes": codes,
        "failures": [{**render_task(task), **_verdict(task, benign)} for task in (tally.failed if tally else ())],
        "msg": _message(summary, counts, codes),
    }
    if summary.job:
        result["job"] = result["jobs"][0]
    warnings = _warnings(summary, counts)
    if warnings:
        result["warnings"] = warnings
    # A separate key, because Ansible uses failed for the outcome of the task.
    result["failed_tasks"] = result.pop("failed")
    return result


def render_code(task: report_rows.ObjectOperation, count: int, benign: t.Collection[str]) -> job_values.Values:
    """Return the meaning of a code, with one task that has it."""
    return {
        "code": display.escape(display.truncate(task.code)),
        "http_status": task.http_status,
        "count": count,
        **_verdict(task, benign),
        "sample": {
            **{name: value for name, value in render_task(task).items() if name not in ("code", "http_status")},
            "request_id": failure_codes.request_id(task.message),
        },
    }


def _verdict(task: report_rows.ObjectOperation, benign: t.Collection[str]) -> job_values.Values:
    return {
        "retry_class": failure_codes.classify(task.code, task.http_status, task.message),
        "benign": task.code in benign,
    }


def render_task(task: report_rows.ObjectOperation) -> job_values.Values:
    """Return a task of a report for people, with the key from the report and the decoded key."""
    key = display.truncate(task.key, _LONGEST_KEY)
    return {
        "bucket": display.escape(display.truncate(task.bucket)),
        "key": display.escape(key),
        "decoded_key": display.escape(unquote(key, errors="replace")),
        "version_id": display.escape(display.truncate(task.version)),
        "code": display.escape(display.truncate(task.code)),
        "http_status": task.http_status,
        "message": display.escape(display.truncate(failure_codes.normalize_message(task.message))),
    }


def _expected(summary: Summary) -> tuple[t.Optional[int], t.Optional[int]]:
    """Return the expected number of rows, and the number of tasks that never started; None if unknown."""
    progress = summary.job.progress if summary.job else batch_jobs.Progress()
    expected = locations.expected_rows(summary.job, summary.location.scope)
    if progress.total is None or (progress.succeeded is None and progress.failed is None):
        return expected, None
    return expected, max(0, progress.total - (progress.succeeded or 0) - (progress.failed or 0))


def _message(summary: Summary, counts: _Counts, codes: t.Sequence[job_values.Values]) -> str:
    name = f"Job {summary.job_id}" if summary.job_id else f"The report {display.escape(summary.key)}"
    only = summary.location.scope == "FailedTasksOnly"
    counted = (counts.failed, "failed task") if only else (counts.succeeded, "successful task")
    text = f"{name}: {display.count(*counted)}"
    if not only:
        text += f", {counts.failed} failed"
    named = [f"{item['count']} {item['code'] or 'without a code'}" for item in codes[:_NAMED]]
    text += f": {display.and_more(named, _NAMED, len(codes), 'codes')}." if named else "."
    again = sum(item["count"] for item in codes if item["retry_class"] == "retryable" and not item["benign"])
    if again:
        text += f" Retryable without changes: {again}."
    if counts.benign:
        text += f" Already in the requested state: {counts.benign}."
    return " ".join([text, *_warnings(summary, counts)])


def _warnings(summary: Summary, counts: _Counts) -> list[str]:
    found = []
    if counts.malformed:
        rows = display.count(counts.malformed, "malformed report row")
        found.append(f"Ignored {rows} (unexpected number of columns, or inside an unmatched quote).")
    elif counts.complete is False:
        found.append(
            f"The report is incomplete: it has {display.count(counts.rows, 'row')}, expected {counts.expected}."
        )
    if counts.never_attempted:
        found.append(f"{display.count(counts.never_attempted, 'task')} never started. Reports do not list such tasks.")
    return found
