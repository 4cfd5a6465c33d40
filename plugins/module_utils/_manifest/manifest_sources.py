# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the objects of a source, and keep the lines of those that the filter keeps, in bounded memory.

Private to this collection.
"""

from __future__ import annotations

import itertools
import re
import typing as t

from .._core import errors, providers
from .._report import report_manifest, report_rows
from .._requests import downloads, text_lines
from . import external_sort, header_rows, local_files, manifest_options, object_filters, row_encoder

_BATCH: t.Final = 1000


class Collection:
    """The lines of the objects that were kept.

    :param pinned: lines with versions.
    :param latest: lines without a version.

    Afterwards, rows has the number of objects that were read, filtered those that were not kept, and unsupported those
    that a manifest cannot contain.
    """

    def __init__(self) -> None:
        self.pinned = external_sort.ExternalSorter()
        self.latest = external_sort.ExternalSorter()
        self.rows = self.filtered = self.unsupported = self.kept = 0

    def add(self, rows: int, pinned: t.Sequence[bytes], latest: t.Sequence[bytes], unsupported: int) -> None:
        """Add the lines of some rows."""
        kept = len(pinned) + len(latest)
        self.rows += rows
        self.kept += kept
        self.unsupported += unsupported
        self.filtered += rows - kept - unsupported
        self.pinned.add_all(pinned)
        self.latest.add_all(latest)


def collect(reader: downloads.Reader, traits: providers.Traits, task: manifest_options.ManifestTask) -> Collection:
    """Return the lines of all objects of the source that the filter keeps.

    :raises BatchError: the source cannot be read completely, or has a row that no manifest can have.
    """
    found = Collection()
    source = task.source
    if isinstance(source, manifest_options.KeySource):
        _collect_keys(found, traits, source, task.keeps)
    elif isinstance(source, manifest_options.ListSource):
        _collect_list(found, reader, traits, source, task)
    elif isinstance(source, manifest_options.FileSource):
        encoder = row_encoder.RowEncoder(traits, source.form)
        rows = _Rows(found, encoder, task.keeps, source.fields)
        _collect_file(rows, source)
    else:
        encoder = row_encoder.RowEncoder(traits, "copied")
        rows = _Rows(found, encoder, task.keeps, source.fields)
        _collect_manifest(rows, reader, source)
    return found


def _collect_keys(
    found: Collection,
    traits: providers.Traits,
    source: manifest_options.KeySource,
    keeps: object_filters.ObjectFilter,
) -> None:
    encoder = row_encoder.RowEncoder(traits, "plain")
    keys = iter(source.keys)
    for batch in iter(lambda: list(itertools.islice(keys, _BATCH)), []):
        lines = [encoder.line(source.bucket, key) for key in batch if keeps.keeps_key(key)]
        kept = [line for line in lines if line]
        found.add(len(batch), [], kept, len(lines) - len(kept))


def _collect_list(
    found: Collection,
    reader: downloads.Reader,
    traits: providers.Traits,
    source: manifest_options.ListSource,
    task: manifest_options.ManifestTask,
) -> None:
    encoder = row_encoder.RowEncoder(traits, "plain")
    # The next run would list the manifests of the last one, so it would never find the same objects again.
    own = re.compile(re.escape(task.prefix) + "/[0-9a-f]{16}\\.csv") if source.bucket == task.bucket else None
    for page in reader.listed(source.bucket, source.prefix, task.versions):
        lines: list[t.Optional[bytes]] = []
        for item in page:
            if own and own.fullmatch(item.key):
                continue
            try:
                if task.keeps.keeps(item):
                    lines.append(encoder.line(source.bucket, item.key, item.version))
            except object_filters.UnknownPropertyError as error:
                text = f"the list of bucket {source.bucket} does not contain the {error} of an object"
                raise errors.BatchError(traits.failure("invalid_response", text, operation="ListObjects")) from error
            except row_encoder.RowError as error:
                text = f"the list of bucket {source.bucket} contains an object that cannot exist: {error}"
                raise errors.BatchError(traits.failure("invalid_response", text, operation="ListObjects")) from error
        kept = [line for line in lines if line]
        pinned, latest = (kept, []) if task.versions else ([], kept)
        found.add(len(page), pinned, latest, len(lines) - len(kept))


class _Rows:
    """Adds the rows of a CSV file."""

    def __init__(
        self,
        found: Collection,
        encoder: row_encoder.RowEncoder,
        keeps: object_filters.ObjectFilter,
        fields: t.Sequence[str],
    ) -> None:
        self.fields = fields
        self._found = found
        self._encoder = encoder
        self._keeps = None if keeps.is_empty else keeps
        self._bucket, self._key = fields.index("Bucket"), fields.index("Key")
        self._version = fields.index("VersionId") if "VersionId" in fields else None
        self._number = 0

    def add(self, rows: t.Sequence[report_rows.Row]) -> None:
        """Add some rows.

        :raises RowError: a row is not one of an object; the text begins with its number.
        """
        pinned: list[bytes] = []
        latest: list[bytes] = []
        unsupported = 0
        width, index, column = len(self.fields), self._bucket, self._key
        line, keeps, decode = self._encoder.line, self._keeps, self._encoder.decode
        for number, row in enumerate(rows, self._number + 1):
            if len(row) != width:
                raise row_encoder.RowError(f"row {number} has {len(row)} columns, expected {width}")
            key = row[column]
            if keeps and not keeps.keeps_key(decode(key)):
                continue
            version = "" if self._version is None else row_encoder.version_of(row[self._version])
            try:
                text = line(row[index], key, version)
            except row_encoder.RowError as error:
                raise row_encoder.RowError(f"row {number}: {error}") from error
            if text is None:
                unsupported += 1
            else:
                (pinned if version else latest).append(text)
        self._number += len(rows)
        self._found.add(len(rows), pinned, latest, unsupported)

    def skip(self) -> None:
        """Count the header row."""
        self._number += 1


def _collect_file(rows: _Rows, source: manifest_options.FileSource) -> None:
    try:
        batches = _batches(local_files.parts(source.path), source.path)
        first = next(batches, None)
        if first is None:
            return
        header = header_rows.is_header(first[0], source.fields)
        if header and not source.skip_header:
            text = "has a header row, which a job would process as an object"
            raise local_files.failed(source.path, text, "Set file_header=skip to skip the row.")
        if source.skip_header and not header:
            text = "has no header row: the first row is not one, so it was not skipped"
            raise local_files.failed(source.path, text, "Set file_header=none, or correct file_fields.")
        if header:
            rows.skip()
            first = first[1:]
        for batch in itertools.chain([first], batches):
            rows.add(batch)
    except (report_manifest.UnrecognizedFormatError, row_encoder.RowError) as error:
        hint = "Correct the file. For keys that are not URL-encoded, set file_encoding=plain."
        raise local_files.failed(source.path, f"is not a valid list of objects: {error}", hint) from error


def _collect_manifest(rows: _Rows, reader: downloads.Reader, source: manifest_options.ManifestSource) -> None:
    name = downloads.named(source.bucket, source.key)
    found = reader.head(source.bucket, source.key)
    if found is None:
        text = f"Manifest not found: {name}"
        raise errors.BatchError(errors.Failure("not_found", text, hint="Check manifest.object_arn."))
    given = (source.etag and source.etag.lower() != found.etag.lower()) or (
        source.version and source.version != found.version
    )
    if given:
        text = f"The manifest {name} is not the one in the option: it has ETag {found.etag}"
        text += f" and version {found.version}" if found.version else ""
        hint = "Another user or process changed it. Check the manifest, then set its current etag and version_id."
        raise errors.BatchError(errors.Failure("conflict", text, hint=f"{hint} No changes were made."))
    parts = reader.parts(source.bucket, source.key, etag=found.etag)
    try:
        for batch in _batches(parts, name):
            rows.add(batch)
    except (report_manifest.UnrecognizedFormatError, row_encoder.RowError) as error:
        text = f"The manifest {name} is not a valid CSV manifest: {error}"
        hint = "Check manifest.fields and the manifest. No changes were made."
        raise errors.BatchError(errors.Failure("unrecognized_format", text, hint=hint)) from error


def _batches(parts: t.Iterable[bytes], name: str) -> t.Iterator[list[report_rows.Row]]:
    """Yield the rows of a CSV file in batches.

    :raises UnrecognizedFormatError: the file is not valid CSV, or a row has several lines.
    """
    for batch in report_rows.batches(text_lines.lines(parts, name)):
        if batch.broken:
            raise report_manifest.UnrecognizedFormatError("a row has several lines, which is not allowed")
        yield batch.rows
