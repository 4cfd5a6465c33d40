# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_retry_manifest: select object operations of a report, and write their objects to a manifest idempotently.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._clouds import stores
from .._core import batch_jobs, display, errors, job_values, providers, validation
from .._manifest import external_sort, made_manifests, manifest_lines, manifest_writer
from .._report import failure_codes, locations, locator, report_manifest, report_options, report_result, report_rows
from .._requests import downloads, sessions, text_lines
from . import lost_objects, retry_choice, retry_result


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """The checked options of a task.

    :param rest: whether to retry everything in the original manifest that did not succeed, not only failed tasks.
    :param bucket: empty for the bucket of the original manifest or of the report.
    :param limit: maximum number of lost objects in the result.
    """

    request: report_options.ReportRequest
    choice: retry_choice.Choice
    rest: bool
    benign: t.Optional[frozenset[str]]
    bucket: str
    prefix: str
    limit: int


@dataclasses.dataclass
class Chosen:
    """The lines of the manifests.

    :param pinned: lines with versions.
    :param latest: lines for the latest version.
    :param real: whether any version is a real one.
    :param unsupported_objects: tasks with an object that a manifest cannot contain.
    :param broken: malformed rows of the original manifest.
    :param left: number of failed tasks that are not retried, by code.
    :param losses: the objects that are not retried, although they did not succeed and are not benign.
    """

    pinned: external_sort.ExternalSorter
    latest: external_sort.ExternalSorter
    losses: lost_objects.Losses
    real: bool = False
    unsupported_objects: int = 0
    broken: int = 0
    left: dict[str, int] = dataclasses.field(default_factory=dict)


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    words = {
        name: frozenset(report_options.parse_words(name, params[name]) or ())
        for name in ("retry_class", "include", "exclude")
    }
    for name in words:
        validation.check_words(name, params[name])
    if retry_choice.NOTHING in words["retry_class"] and len(words["retry_class"]) > 1:
        raise validation.invalid_value(
            "retry_class", sorted(words["retry_class"]), f"must not combine {retry_choice.NOTHING} with other values"
        )
    if not 0 <= params["limit"] <= report_result.MOST_NAMED:
        raise validation.invalid_value(
            "limit", params["limit"], f"must be an integer from 0 to {report_result.MOST_NAMED}"
        )
    both = words["include"] & words["exclude"]
    if both:
        raise validation.invalid_value("exclude", sorted(both), "must not contain codes that are also in include")
    benign = report_options.parse_words("benign", params["benign"])
    return TaskOptions(
        report_options.parse_report_request(params, traits),
        retry_choice.Choice(words["retry_class"], words["include"], words["exclude"]),
        params["retry_scope"] == "unfinished",
        None if benign is None else frozenset(benign),
        report_options.parse_bucket("manifest_bucket", params["manifest_bucket"], traits),
        report_options.parse_prefix("manifest_prefix", params["manifest_prefix"], traits, manifest_writer.LONGEST_NAME),
        params["limit"],
    )


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Write the manifests; return the module's result."""
    reader = downloads.Reader(stores.STORES[queue_id.provider](session.provider), session.sender)
    report = locator.ReportLocator(session, reader, task.request).find()
    tags, warnings = _tags(session, report.job)
    origin = report.job.manifest if report.job else None
    bucket = task.bucket or (origin.bucket if origin else report.location.bucket)
    maker = _Maker(session.provider.traits, reader, report, task)
    chosen = maker.rest(origin) if task.rest else maker.failed(origin)
    prefix = f"{task.prefix}/retry-of-{_name(task, report)}"
    writer = manifest_writer.ManifestWriter(reader, session.sender, bucket, prefix, check_mode)
    for lines, fields in _kinds(chosen, origin):
        writer.write(lines, fields)
    made = writer.made
    job = _former(session.provider, report.job, tags, made)
    lost = chosen.losses.result()
    count = lost.count + chosen.broken
    # With the original manifest, objects are lost only because a manifest cannot contain them.
    unsupported_objects = count if task.rest and not task.choice.nothing else chosen.unsupported_objects
    left = retry_result.Left(chosen.left, unsupported_objects, count, lost.tasks)
    result = retry_result.render_retry(queue_id, made, left, report.job, job)
    if warnings:
        result["warnings"] = [*result.get("warnings", ()), *warnings]
    return result


class _Maker:
    """Chooses lines."""

    def __init__(
        self,
        traits: providers.Traits,
        reader: downloads.Reader,
        report: locator.Report,
        task: TaskOptions,
    ) -> None:
        self._traits = traits
        self._reader = reader
        self._report = report
        self._task = task
        operation = report.job.operation if report.job else ""
        self._benign = failure_codes.benign(operation) if task.benign is None else task.benign

    def failed(self, origin: t.Optional[batch_jobs.Manifest]) -> Chosen:
        """Return the failed tasks to retry."""
        chosen = self._nothing()
        versions = not (origin and origin.fields and "VersionId" not in origin.fields)
        for task in self._tasks():
            if task.succeeded:
                continue
            found = retry_choice.line_of(task)
            line = found if versions else dataclasses.replace(found, version="")
            benign = task.code in self._benign
            if not benign and self._task.choice.takes(task):
                if self._add(chosen, line):
                    chosen.losses.save(line)
                    continue
            else:
                chosen.left[task.code] = chosen.left.get(task.code, 0) + 1
            if not benign:
                chosen.losses.know(line, task)
                chosen.losses.add(line)
        return chosen

    def rest(self, origin: t.Optional[batch_jobs.Manifest]) -> Chosen:
        """Return the objects of the original manifest that did not succeed and are not benign."""
        if origin is None or not {"Bucket", "Key"} <= set(origin.fields):
            text = (
                "Cannot determine which objects were not processed: the original manifest is unavailable or is not a"
                " CSV file"
            )
            hint = "Set retry_scope=failed. For a job with a CSV manifest, you can also set job_id without location."
            raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))
        if self._report.location.scope != "AllTasks":
            text = "Cannot determine which objects were not processed: the report contains only failed tasks"
            hint = "Set retry_scope=failed. For retry_scope=unfinished, the job must have a report with scope AllTasks."
            raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))
        versions = "VersionId" in origin.fields
        done, every = external_sort.ExternalSorter(), self._nothing()
        for task in self._tasks():
            found = retry_choice.line_of(task)
            line = found if versions else dataclasses.replace(found, version="")
            if not task.succeeded and task.code not in self._benign:
                every.losses.know(line, task)
                continue
            every.losses.save(line)
            written = line.text(self._traits.manifests.quotes)
            if written:
                done.add(written)
        for original in self._original(origin):
            if original is None:
                every.broken += 1
            elif self._task.choice.nothing or not self._add(every, original):
                every.losses.add(original)
        return dataclasses.replace(
            every,
            pinned=_Difference(every.pinned, done),
            latest=_Difference(every.latest, done),
        )

    def _nothing(self) -> Chosen:
        return Chosen(
            external_sort.ExternalSorter(), external_sort.ExternalSorter(), lost_objects.Losses(self._task.limit)
        )

    def _tasks(self) -> t.Iterator[report_rows.ObjectOperation]:
        """Yield the rows of the report.

        :raises BatchError: at the end, if rows are missing: their objects would never be retried.
        """
        whole = every = 0
        for layout, batch in locator.read_rows(self._reader, self._report, self._task.request.columns):
            every += len(batch.rows) + report_rows.swallowed(layout, batch)
            for row in batch.rows:
                if len(row) == layout.width:
                    whole += 1
                    yield report_rows.read(layout, row)
        expected = locations.expected_rows(self._report.job, self._report.location.scope)
        if whole != every or expected not in (None, whole):
            of = f", expected {expected}" if expected is not None else f", and {every - whole} malformed"
            text = f"The report is incomplete: it has {display.count(whole, 'row')}{of}"
            hint = "Set wait_for_report to wait for the rest, or set location to use the incomplete report."
            raise errors.BatchError(errors.Failure("not_ready", text, hint=hint))

    def _original(self, origin: batch_jobs.Manifest) -> t.Iterator[t.Optional[manifest_lines.Line]]:
        parts = self._reader.parts(origin.bucket, origin.key, etag=origin.etag)
        name = downloads.named(origin.bucket, origin.key)
        try:
            for batch in report_rows.batches(text_lines.lines(parts, name)):
                if batch.broken:
                    raise report_manifest.UnrecognizedFormatError("a row has several lines, which is not allowed")
                yield from manifest_lines.original_lines(batch.rows, origin.fields)
        except report_manifest.UnrecognizedFormatError as error:
            text = f"The original manifest {name} is not a valid CSV file: {error}"
            raise errors.BatchError(errors.Failure("unrecognized_format", text)) from error

    def _add(self, chosen: Chosen, line: manifest_lines.Line) -> bool:
        """Add a line, and return whether a manifest can contain it."""
        real = line.version not in manifest_lines.NO_VERSION
        text = line.text(self._traits.manifests.quotes)
        if text is None or (real and not self._traits.manifests.versions):
            chosen.unsupported_objects += 1
            return False
        chosen.real = chosen.real or real
        (chosen.pinned if line.version else chosen.latest).add(text)
        return True


class _Difference(external_sort.ExternalSorter):
    """The lines of one sorter that are not in another."""

    def __init__(self, lines: external_sort.ExternalSorter, gone: external_sort.ExternalSorter) -> None:
        self._all = lines
        self._gone = gone

    def lines(self) -> t.Iterator[bytes]:
        return manifest_lines.without(self._all.lines(), self._gone.lines())


def _kinds(
    chosen: Chosen, origin: t.Optional[batch_jobs.Manifest]
) -> t.Iterator[tuple[t.Iterator[bytes], tuple[str, ...]]]:
    """Yield the lines of each manifest with its columns: one for lines with versions, one for the others."""
    pinned = bool(origin and "VersionId" in origin.fields) or chosen.real
    if pinned:
        yield chosen.pinned.lines(), ("Bucket", "Key", "VersionId")
        yield chosen.latest.lines(), ("Bucket", "Key")
        return
    # If no version is a real one, null has no meaning.
    every = external_sort.ExternalSorter()
    for line in chosen.pinned.lines():
        every.add(line[: line.rindex(b",")] + b"\n")
    for line in chosen.latest.lines():
        every.add(line)
    yield every.lines(), ("Bucket", "Key")


def _name(task: TaskOptions, report: locator.Report) -> str:
    """Return the job ID in a form that keys can contain."""
    found = re.search("job-([^/]+)/[^/]*$", report.key)
    name = task.request.job_id or (found[1] if found else "unknown")
    return re.sub("[^A-Za-z0-9_-]", "-", name)[:64]


def _tags(session: sessions.Session, job: t.Optional[batch_jobs.Job]) -> tuple[dict[str, str], list[str]]:
    """Return the tags of the job, and a warning if access is denied; before any change."""
    if job is None or not session.provider.traits.jobs.have_tags:
        return {}, []
    try:
        return session.tags([job.job_id])[job.job_id], []
    except errors.BatchError as error:
        if error.failure.kind != "access_denied":
            raise
        text = f"Cannot read the tags of job {job.job_id}, so job.tags is empty: {error.failure.text()}"
        return {}, [f"{text.rstrip('.')}. Allow s3:GetJobTagging, or set tags when you create the next job."]


def _former(
    provider: providers.Provider,
    job: t.Optional[batch_jobs.Job],
    tags: t.Mapping[str, str],
    made: t.Sequence[made_manifests.Made],
) -> t.Optional[job_values.Values]:
    """Return the former job as options of batch_job, with a unique idempotency token."""
    if job is None:
        return None
    parameters = provider.as_written("Operation", {job.operation: job.parameters})[job.operation]
    return retry_result.former(job, parameters if isinstance(parameters, t.Mapping) else {}, tags, made)
