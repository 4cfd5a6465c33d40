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
    """A report that was found, or one that holds nothing.

    :param job: what the cloud says of the job; None where it was not asked.
    :param key: of its manifest.json; empty where it has none.
    :param written: when that was written.
    """

    location: locations.Location
    job: t.Optional[batch_jobs.Job]
    manifest: report_manifest.Manifest
    key: str = ""
    written: t.Optional[datetime.datetime] = None


class ReportLocator:
    """Looks for a report where it should be, until it is there or the time is over."""

    def __init__(
        self, session: sessions.Session, reader: downloads.Reader, request: report_options.ReportRequest
    ) -> None:
        self._session = session
        self._reader = reader
        self._request = request
        self._too_many = False

    def find(self) -> Report:
        """Return the report.

        :raises BatchError: kinds no_report, not_ready and not_recognised, and all others.
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
            hint = "A report is asked for when a job is created; this one has no list of what failed."
            raise self._failure("no_report", f"job {self._request.job_id} writes no report", hint)
        return location

    def _look(self, location: locations.Location, job: t.Optional[batch_jobs.Job]) -> t.Optional[Report]:
        """Return the report that is there now, None where there is none."""
        for key in locations.manifests(location, self._request.job_id):
            found = self._read(location, job, key)
            if found:
                return found
        reports = self._session.provider.traits.reports
        if reports.documented_path or location.manifest or self._too_many:
            return None
        every = self._reader.keys(location.bucket, location.prefix)
        if not every.complete:
            # Nothing is decided on a part of the keys, and the next look would see no more of them.
            self._too_many = True
            return None
        keys = locations.of_this_job(every.keys, reports.names(self._request.job_id))
        named = [key for key in keys if key.endswith(f"/{locations.MANIFEST}")]
        if named:
            return self._one_of(location, job, named)
        data = [key for key in keys if key.endswith(_DATA)]
        if keys and not data:
            raise self._not_recognised("nothing there is a manifest.json or a CSV file", keys)
        files = tuple(report_manifest.File(key) for key in data)
        return Report(location, job, report_manifest.Manifest(files)) if data else None

    def _one_of(
        self, location: locations.Location, job: t.Optional[batch_jobs.Job], keys: t.Sequence[str]
    ) -> t.Optional[Report]:
        """Return the report that is found at one key, or as copies at several.

        :raises BatchError: they are not the same (kind not_recognised).
        """
        found = [self._read(location, job, key) for key in keys[:_MOST_COPIES]]
        there = [report for report in found if report]
        if len(keys) > _MOST_COPIES or any(report.manifest != there[0].manifest for report in there):
            raise self._not_recognised("there are several reports of the job; name one in location.manifest", keys)
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
        """Return an empty report where there is nothing to report; else say why there is none.

        :raises BatchError: kinds no_report and not_ready.
        """
        where = f"in {location.bucket} at {locations.manifests(location, self._request.job_id)[0]}"
        if job is None:
            self._check_looked_everywhere(location, where)
            raise self._failure("not_ready", f"There is no report {where}", "Check bucket, prefix and job_id.")
        name = f"job {job.job_id}"
        if not job.is_ended:
            hint = "Wait for its end (batch_job_wait), or set wait_for_report."
            raise self._failure(
                "not_ready", f"{name} is {job.status}, and its report is written when it has ended", hint
            )
        done, failed = (job.progress.succeeded or 0) + (job.progress.failed or 0), job.progress.failed or 0
        if not done:
            reasons = "; ".join(f"{item['code']}: {item['reason']}" for item in job.failure_reasons)
            why = f" ({reasons})" if reasons else ""
            hint = "Nothing was done to any object; create the job again once the cause is mended."
            raise self._failure("no_report", f"{name} is {job.status}, and none of its tasks was started{why}", hint)
        if location.scope == "FailedTasksOnly" and not failed:
            return Report(location, job, report_manifest.Manifest(()))
        self._check_looked_everywhere(location, where)
        hint = (
            "It may take the cloud a while (set wait_for_report), the role of the job may lack the right to write into"
            " the bucket, or a rule of the bucket may have removed it."
        )
        raise self._failure("not_ready", f"The report of {name} is not there, {where}", hint)

    def _check_looked_everywhere(self, location: locations.Location, where: str) -> None:
        """Say that a report may be where it was not looked for.

        :raises BatchError: kind unsupported.
        """
        if self._too_many:
            text = f"There is no report {where}, and too many keys begin with {location.prefix[:200]!r} to look for it"
            hint = "Set location with a prefix that fewer keys have, or with the key of its manifest.json (manifest)."
            raise self._failure("unsupported", text, hint)

    def _not_recognised(self, text: str, keys: t.Sequence[str]) -> errors.BatchError:
        seen = display.and_more([repr(key) for key in keys[:_SHOWN_KEYS]], _SHOWN_KEYS, len(keys))
        return unrecognized_format_failure(self._session.provider.traits, f"{text}; what was found: {seen}")

    def _failure(self, kind: errors.Kind, text: str, hint: str) -> errors.BatchError:
        return errors.BatchError(errors.Failure(kind, text, hint=hint))


def unrecognized_format_failure(traits: providers.Traits, text: str) -> errors.BatchError:
    """Return the error for a report that is of no known form."""
    hint = (
        "Report this to the collection, with one row of the file."
        if traits.reports.documented_path
        else f"{traits.title} does not document its reports; name the columns, or report this with one row of the file."
    )
    return errors.BatchError(errors.Failure("not_recognised", f"The report is of no known form: {text}", hint=hint))


def read_rows(
    reader: downloads.Reader, report: Report, columns: tuple[str, ...]
) -> t.Iterator[tuple[report_rows.Layout, report_rows.Batch]]:
    """Yield the rows of a report, many at once, and which of their columns is what.

    :raises BatchError: a file cannot be read, is not what the manifest says, or is of no known form.
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
