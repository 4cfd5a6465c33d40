# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the completion report of a job, and read its rows. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import typing as t

from .._core import batch_jobs, display, errors, providers
from .._requests import downloads, sessions, text_lines
from . import locations, report_manifest, report_options, report_rows

_FIRST_PAUSE: t.Final = 2.0
_LONGEST_PAUSE: t.Final = 30.0
_SHOWN_KEYS: t.Final = 20
_MOST_COPIES: t.Final = 5
_DATA: t.Final = (".csv", ".csv.gz")


@dataclasses.dataclass(frozen=True)
class Report:
    """A report that was found, or an empty one.

    :param job: the described job; None if it was not requested.
    :param key: of its manifest.json; empty if there is none.
    :param written: when the manifest.json was written.
    """

    location: locations.Location
    job: t.Optional[batch_jobs.Job]
    manifest: report_manifest.Manifest
    key: str = ""
    written: t.Optional[datetime.datetime] = None


class ReportLocator:
    """Searches for a report until it appears or the time is over."""

    def __init__(
        self, session: sessions.Session, reader: downloads.Reader, request: report_options.ReportRequest
    ) -> None:
        self._session = session
        self._reader = reader
        self._request = request
        self._too_many = False

    def find(self) -> Report:
        """Return the report.

        :raises BatchError: kinds report_not_found, not_ready and unrecognized_format, and all others.
        """
        sender = self._session.sender
        end = sender.now() + self._request.wait
        pause = _FIRST_PAUSE
        while True:
            job = None if self._request.location else self._session.describe(self._request.job_id)
            location = self._request.location or self._of(job)
            found = None if job and not job.is_ended else self._look(location, job)
            if found:
                return found
            left = end - sender.now()
            if left <= 0:
                return self._absent(location, job)
            sender.pause(min(pause, left))
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _of(self, job: t.Optional[batch_jobs.Job]) -> locations.Location:
        location = locations.of_job(job, self._session.provider.traits) if job else None
        if location is None or not location.bucket:
            hint = "You cannot add a report to an existing job. Set report when you create a job with batch_job."
            raise self._failure("report_not_found", f"job {self._request.job_id} has no completion report", hint)
        return location

    def _look(self, location: locations.Location, job: t.Optional[batch_jobs.Job]) -> t.Optional[Report]:
        """Return the report if it exists now, otherwise None."""
        for key in locations.manifests(location, self._request.job_id):
            found = self._read(location, job, key)
            if found:
                return found
        reports = self._session.provider.traits.reports
        if reports.documented_path or location.manifest or self._too_many:
            return None
        every = self._reader.keys(location.bucket, location.prefix)
        if not every.complete:
            # An incomplete list decides nothing, and the next request would return no more keys.
            self._too_many = True
            return None
        keys = locations.of_this_job(every.keys, reports.names(self._request.job_id))
        named = [key for key in keys if key.endswith(f"/{locations.MANIFEST}")]
        if named:
            return self._one_of(location, job, named)
        data = [key for key in keys if key.endswith(_DATA)]
        if keys and not data:
            raise self._not_recognised("no manifest.json and no CSV file", keys)
        files = tuple(report_manifest.File(key) for key in data)
        return Report(location, job, report_manifest.Manifest(files)) if data else None

    def _one_of(
        self, location: locations.Location, job: t.Optional[batch_jobs.Job], keys: t.Sequence[str]
    ) -> t.Optional[Report]:
        """Return the report at one key, or equal copies at several keys.

        :raises BatchError: the copies differ (kind unrecognized_format).
        """
        found = [self._read(location, job, key) for key in keys[:_MOST_COPIES]]
        there = [report for report in found if report]
        if len(keys) > _MOST_COPIES or any(report.manifest != there[0].manifest for report in there):
            raise self._not_recognised("the job has several reports, and location.manifest selects none", keys)
        return there[0] if there else None

    def _read(self, location: locations.Location, job: t.Optional[batch_jobs.Job], key: str) -> t.Optional[Report]:
        try:
            body, found = self._reader.whole(location.bucket, key)
        except errors.BatchError as error:
            if error.failure.code != "NoSuchKey":
                raise
            return None
        try:
            manifest = report_manifest.parse_manifest(body, location.bucket, self._session.provider.traits)
        except report_manifest.UnrecognizedFormatError as error:
            raise self._not_recognised(str(error), [key]) from error
        return Report(location, job, manifest, key, found.modified)

    def _absent(self, location: locations.Location, job: t.Optional[batch_jobs.Job]) -> Report:
        """Return an empty report if no object failed; otherwise fail.

        :raises BatchError: kinds report_not_found and not_ready.
        """
        key = locations.manifests(location, self._request.job_id)[0]
        where = f"no object {key} in bucket {location.bucket}"
        if job is None:
            self._check_looked_everywhere(location, where)
            hint = "Check location.bucket, location.prefix, and job_id."
            raise self._failure("not_ready", f"Completion report not found: {where}", hint)
        name = f"job {job.job_id}"
        if not job.is_ended:
            hint = "Wait for the end of the job (batch_job_wait), or set wait_for_report."
            raise self._failure(
                "not_ready", f"{name} is {job.status}, and its completion report appears after the job has ended", hint
            )
        done, failed = (job.progress.succeeded or 0) + (job.progress.failed or 0), job.progress.failed or 0
        if not done:
            reasons = "; ".join(f"{item['code']}: {item['reason']}" for item in job.failure_reasons)
            why = f": {reasons}" if reasons else ""
            hint = "Fix the cause, then create the job again. No objects were changed."
            raise self._failure(
                "report_not_found", f"{name} is {job.status} and ended before it processed any objects{why}", hint
            )
        if location.scope == "FailedTasksOnly" and not failed:
            return Report(location, job, report_manifest.Manifest(()))
        self._check_looked_everywhere(location, where)
        hint = (
            "The report can take several minutes. Set wait_for_report to wait for it. If it does not appear, check that"
            " the job role can write to the bucket and that no lifecycle rule deleted the report."
        )
        raise self._failure("not_ready", f"Completion report of {name} not found: {where}", hint)

    def _check_looked_everywhere(self, location: locations.Location, where: str) -> None:
        """Fail if the report can be at a key that was not searched.

        :raises BatchError: kind unsupported.
        """
        if self._too_many:
            prefix = repr(location.prefix[:200])
            text = f"Completion report not found: {where}, and too many keys begin with {prefix} to search them"
            hint = "Set location.manifest to the key of the report's manifest.json, or set a longer location.prefix."
            raise self._failure("unsupported", text, hint)

    def _not_recognised(self, text: str, keys: t.Sequence[str]) -> errors.BatchError:
        seen = display.and_more([repr(key) for key in keys[:_SHOWN_KEYS]], _SHOWN_KEYS, len(keys))
        return unrecognized_format_failure(self._session.provider.traits, f"{text}. Keys found: {seen}")

    def _failure(self, kind: errors.Kind, text: str, hint: str) -> errors.BatchError:
        return errors.BatchError(errors.Failure(kind, text, hint=hint))


def unrecognized_format_failure(traits: providers.Traits, text: str) -> errors.BatchError:
    """Return the error for a report in an unrecognized format."""
    hint = (
        "Report this as a bug in the collection, with one row of the file."
        if traits.reports.documented_path
        else f"Set columns, because {traits.title} does not document its report format. If that does not help, report"
        " this as a bug in the collection, with one row of the file."
    )
    return errors.BatchError(errors.Failure("unrecognized_format", f"Unrecognized report format: {text}", hint=hint))


def read_rows(
    reader: downloads.Reader, report: Report, columns: tuple[str, ...]
) -> t.Iterator[tuple[report_rows.Layout, report_rows.Batch]]:
    """Yield the rows of a report in batches, with the layout of their columns.

    :raises BatchError: a file cannot be read, differs from the manifest, or has an unrecognized format.
    """
    for file in report.manifest.files:
        parts = reader.parts(report.location.bucket, file.key, file.md5)
        name = downloads.named(report.location.bucket, file.key)
        if file.key.endswith(".gz"):
            parts = text_lines.unzipped(parts, name)
        try:
            batches = report_rows.batches(text_lines.lines(parts, name))
            first = next(batches, None)
            if first is None:
                continue
            layout, header = report_rows.layout(columns or report.manifest.columns, first.rows[0])
            if header:
                first = dataclasses.replace(first, rows=first.rows[1:])
            for batch in itertools.chain([first], batches):
                yield layout, batch
        except report_manifest.UnrecognizedFormatError as error:
            raise unrecognized_format_failure(reader.store.traits, f"{error}, in {file.key!r}") from error
