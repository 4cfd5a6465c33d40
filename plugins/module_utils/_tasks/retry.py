# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of batch_retry_manifest: choose tasks of a report, write their objects into a manifest, once.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    input as _input,
    job as _job,
    objects as _objects,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import stores as _stores
from ansible_collections.objectstore.batch.plugins.module_utils._reports import (
    codes as _codes,
    manifest as _manifest,
    place as _place,
    retry as _retry,
    rows as _rows,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    lines as _lines,
    objects as _reader,
    session as _session,
)
from ansible_collections.objectstore.batch.plugins.module_utils._results import (
    jobs as _jobs,
    reports as _reports,
    retries as _retries,
)
from ansible_collections.objectstore.batch.plugins.module_utils._tasks import (
    finding as _finding,
    losses as _losses,
    spool as _spool,
    wishes as _wishes,
)
from ansible_collections.objectstore.batch.plugins.module_utils._writing import put as _put

_SHOWN: t.Final = 100
"""Lines of a manifest that the diff shows."""
_ROOM: t.Final = 100
"""Bytes of a key behind its prefix: the id of a job has 64 at the most, the rest is ours."""


@dataclasses.dataclass(frozen=True)
class Task:
    """What a task asks for, checked.

    :param rest: whether everything of the original manifest is wanted that did not succeed, and not what failed.
    :param bucket: empty for that of the original manifest, or of the report.
    :param limit: how many of the objects are named that are tried no more.
    """

    wish: _finding.Wish
    choice: _retry.Choice
    rest: bool
    benign: t.Optional[frozenset[str]]
    bucket: str
    prefix: str
    limit: int


@dataclasses.dataclass
class Chosen:
    """The lines of the manifests to be.

    :param pinned: lines with versions.
    :param latest: lines that stand for the latest version.
    :param real: whether any version is a real one.
    :param unwritable: tasks whose object no manifest can hold.
    :param broken: rows of the original manifest that name no object.
    :param left: failed tasks that are not tried again, by code.
    :param losses: the objects that are not tried again, though they neither succeeded nor are benign.
    """

    pinned: _spool.Spool
    latest: _spool.Spool
    losses: _losses.Losses
    real: bool = False
    unwritable: int = 0
    broken: int = 0
    left: dict[str, int] = dataclasses.field(default_factory=dict)


def prepare(params: t.Mapping[str, t.Any], facts: _provider.Facts) -> Task:
    """Return the task that the options describe.

    :raises InputError: an option breaks its rule.
    """
    words = {name: frozenset(_wishes.parse_words(name, params[name]) or ()) for name in ("again", "include", "exclude")}
    for name in words:
        _input.check_words(name, params[name])
    if _retry.NOTHING in words["again"] and len(words["again"]) > 1:
        raise _input.refusal("again", sorted(words["again"]), f"must hold {_retry.NOTHING} alone, or not at all")
    if not 0 <= params["limit"] <= _reports.MOST_NAMED:
        raise _input.refusal("limit", params["limit"], f"must be from 0 to {_reports.MOST_NAMED}")
    both = words["include"] & words["exclude"]
    if both:
        raise _input.refusal("exclude", sorted(both), "must not name what include names")
    benign = _wishes.parse_words("benign", params["benign"])
    return Task(
        _wishes.parse_wish(params, facts),
        _retry.Choice(words["again"], words["include"], words["exclude"]),
        params["tasks"] == "not_succeeded",
        None if benign is None else frozenset(benign),
        _wishes.parse_bucket("manifest_bucket", params["manifest_bucket"], facts),
        _wishes.parse_prefix("manifest_prefix", params["manifest_prefix"], facts, _ROOM),
        params["limit"],
    )


def execute(session: _session.Session, task: Task, check_mode: bool, place: _jobs.Place) -> _jobs.Values:
    """Write the manifests; return the module's result."""
    reader = _reader.Reader(_stores.STORES[place.provider](session.provider), session.caller)
    report = _finding.Finder(session, reader, task.wish).find()
    tags, warnings = _tags(session, report.job)
    origin = _place.origin(report.job) if report.job else None
    bucket = task.bucket or (origin.bucket if origin else report.location.bucket)
    maker = _Maker(session.provider.facts, reader, report, task)
    chosen = maker.rest(origin) if task.rest else maker.failed(origin)
    made: list[_retries.Made] = []
    for lines, fields in _kinds(chosen, origin):
        written = _spool.write(lines, _SHOWN)
        if not written.count:
            continue
        try:
            _check_size(session.provider.facts, written)
            key = f"{task.prefix}/retry-of-{_name(task, report)}/{written.digest[:16]}.csv"
            put = _put.put_once(reader, session.caller, bucket, key, written.body, check_mode)
        except _errors.BatchError as error:
            raise _retries.with_made(error, made) from error
        name = reader.store.resource(bucket, key)
        made.append(_retries.Made(bucket, key, name, fields, written.count, put.outcome, put.found))
        made[-1] = dataclasses.replace(made[-1], first=tuple(written.first), digest=written.digest)
    job = _former(session.provider, report.job, tags, made)
    lost = chosen.losses.result()
    count = lost.count + chosen.broken
    # Of the original manifest whatever is lost is so since it cannot be written: what succeeded does not matter.
    unwritable = count if task.rest and not task.choice.nothing else chosen.unwritable
    left = _retries.Left(chosen.left, unwritable, count, lost.tasks)
    result = _retries.render_retry(place, made, left, report.job, job)
    if warnings:
        result["warnings"] = [*result.get("warnings", ()), *warnings]
    return result


def _check_size(facts: _provider.Facts, written: _spool.Written) -> None:
    if written.body.size > _objects.LARGEST_PUT:
        text = f"the manifest would have {written.body.size} bytes, more than one request can carry"
        raise _errors.BatchError(facts.failure("unsupported", text))


class _Maker:
    """Chooses lines."""

    def __init__(
        self,
        facts: _provider.Facts,
        reader: _reader.Reader,
        report: _finding.Report,
        task: Task,
    ) -> None:
        self._facts = facts
        self._reader = reader
        self._report = report
        self._task = task
        operation = report.job.operation if report.job else ""
        self._benign = _codes.benign(operation) if task.benign is None else task.benign

    def failed(self, origin: t.Optional[_place.Origin]) -> Chosen:
        """Return the failed tasks that are tried again."""
        chosen = self._nothing()
        versions = not (origin and origin.fields and "VersionId" not in origin.fields)
        for task in self._tasks():
            if task.succeeded:
                continue
            found = _retry.line_of(task)
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

    def rest(self, origin: t.Optional[_place.Origin]) -> Chosen:
        """Return what the original manifest names and what neither succeeded nor is benign."""
        if origin is None or not {"Bucket", "Key"} <= set(origin.fields):
            text = "The original manifest is not known, or no CSV file, so what did not succeed cannot be told"
            hint = "Set tasks=failed, or give job_id without location for a job that was made of a CSV manifest."
            raise _errors.BatchError(_errors.Failure("unsupported", text, hint=hint))
        if self._report.location.scope != "AllTasks":
            text = "The report names failed tasks only, so what did not succeed cannot be told"
            hint = "Set tasks=failed; a report of AllTasks says what succeeded."
            raise _errors.BatchError(_errors.Failure("unsupported", text, hint=hint))
        versions = "VersionId" in origin.fields
        done, every = _spool.Spool(), self._nothing()
        for task in self._tasks():
            found = _retry.line_of(task)
            line = found if versions else dataclasses.replace(found, version="")
            if not task.succeeded and task.code not in self._benign:
                every.losses.know(line, task)
                continue
            every.losses.save(line)
            written = line.text(self._facts.manifest_quotes)
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
        return Chosen(_spool.Spool(), _spool.Spool(), _losses.Losses(self._task.limit))

    def _tasks(self) -> t.Iterator[_rows.Task]:
        """Yield the rows of the report.

        :raises BatchError: at the end, where it lacks some: what it does not name would never be tried again.
        """
        whole = every = 0
        for layout, batch in _finding.read_rows(self._reader, self._report, self._task.wish.columns):
            every += len(batch.rows) + _rows.swallowed(layout, batch)
            for row in batch.rows:
                if len(row) == layout.width:
                    whole += 1
                    yield _rows.read(layout, row)
        expected = _place.expected_rows(self._report.job, self._report.location.scope)
        if whole != every or expected not in (None, whole):
            of = f" instead of {expected}" if expected is not None else f", and {every - whole} that are no rows"
            text = f"The report is not complete: it has {whole} rows{of}"
            hint = "Wait for the rest of it (wait_for_report), or name the location to take it as it is."
            raise _errors.BatchError(_errors.Failure("not_ready", text, hint=hint))

    def _original(self, origin: _place.Origin) -> t.Iterator[t.Optional[_retry.Line]]:
        parts = self._reader.parts(origin.bucket, origin.key, etag=origin.etag)
        name = _reader.named(origin.bucket, origin.key)
        try:
            for batch in _rows.batches(_lines.lines(parts, name)):
                if batch.broken:
                    raise _manifest.NotRecognised("a row of it goes over several lines, as none may")
                yield from _retry.original_lines(batch.rows, origin.fields)
        except _manifest.NotRecognised as error:
            text = f"The original manifest {name} is no CSV file: {error}"
            raise _errors.BatchError(_errors.Failure("not_recognised", text)) from error

    def _add(self, chosen: Chosen, line: _retry.Line) -> bool:
        """Take a line, and return whether a manifest can hold it."""
        real = line.version not in _retry.NO_VERSION
        text = line.text(self._facts.manifest_quotes)
        if text is None or (real and not self._facts.manifest_versions):
            chosen.unwritable += 1
            return False
        chosen.real = chosen.real or real
        (chosen.pinned if line.version else chosen.latest).add(text)
        return True


class _Difference(_spool.Spool):
    """The lines of one spool that are not in another."""

    def __init__(self, lines: _spool.Spool, gone: _spool.Spool) -> None:
        self._all = lines
        self._gone = gone

    def lines(self) -> t.Iterator[bytes]:
        return _retry.without(self._all.lines(), self._gone.lines())


def _kinds(chosen: Chosen, origin: t.Optional[_place.Origin]) -> t.Iterator[tuple[t.Iterator[bytes], tuple[str, ...]]]:
    """Yield the lines of each manifest with its columns: one for versions where there are any, one for the rest."""
    pinned = bool(origin and "VersionId" in origin.fields) or chosen.real
    if pinned:
        yield chosen.pinned.lines(), ("Bucket", "Key", "VersionId")
        yield chosen.latest.lines(), ("Bucket", "Key")
        return
    # Where no version is a real one, null says nothing.
    every = _spool.Spool()
    for line in chosen.pinned.lines():
        every.add(line[: line.rindex(b",")] + b"\n")
    for line in chosen.latest.lines():
        every.add(line)
    yield every.lines(), ("Bucket", "Key")


def _name(task: Task, report: _finding.Report) -> str:
    """Return the job's id as keys may hold it."""
    found = re.search("job-([^/]+)/[^/]*$", report.key)
    name = task.wish.job_id or (found[1] if found else "unknown")
    return re.sub("[^A-Za-z0-9_-]", "-", name)[:64]


def _tags(session: _session.Session, job: t.Optional[_job.Job]) -> tuple[dict[str, str], list[str]]:
    """Return the tags of the job, and a warning where they may not be read; before anything is written."""
    if job is None or not session.provider.facts.has_tags:
        return {}, []
    try:
        return session.tags([job.job_id])[job.job_id], []
    except _errors.BatchError as error:
        if error.failure.kind != "denied":
            raise
        text = f"The tags of job {job.job_id} cannot be read, so job.tags is empty: {error.failure.text()}"
        return {}, [f"{text.rstrip('.')}. Allow s3:GetJobTagging, or set the tags of the next job."]


def _former(
    provider: _provider.Provider,
    job: t.Optional[_job.Job],
    tags: t.Mapping[str, str],
    made: t.Sequence[_retries.Made],
) -> t.Optional[_jobs.Values]:
    """Return what the former job was, as batch_job takes it, with a token of its own."""
    if job is None:
        return None
    parameters = provider.as_written("Operation", {job.operation: job.parameters})[job.operation]
    return _retries.former(job, parameters if isinstance(parameters, t.Mapping) else {}, tags, made)
