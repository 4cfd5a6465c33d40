# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect the checksums of a report, compare them, and write them to a file or an object.

Private to this collection.
"""

from __future__ import annotations

import collections
import dataclasses
import re
import typing as t

from .._core import errors, job_values, object_stores, validation
from .._manifest import external_sort
from .._report import report_rows
from .._requests import downloads, senders, text_lines, uploads
from . import (
    checksum_comparison,
    checksum_options,
    checksum_records,
    checksum_result,
    checksum_values,
    expected_checksums,
    private_file,
)

_EXPECTED: t.Final = "checksums.expected"


def check_files(request: t.Optional[checksum_options.ChecksumRequest]) -> None:
    """Check the files of a task before any request.

    :raises OptionError: a file cannot be read or written.
    """
    if request and request.expected:
        private_file.check_source(_EXPECTED, request.expected)
    if request and request.path:
        private_file.check_target("checksums.path", request.path)


class Collector:
    """Accepts the rows of a report in any order.

    :raises OptionError: the file with the expected values is not valid.
    """

    def __init__(self, request: checksum_options.ChecksumRequest) -> None:
        self._request = request
        self._sorter = external_sort.ExternalSorter()
        self._rows = checksum_result.Rows()
        if request.expected:
            self._expect()

    def _expect(self) -> None:
        path = self._request.expected
        with private_file.source(_EXPECTED, path) as stream:
            lines = text_lines.lines(private_file.parts(stream), path)
            try:
                for record in expected_checksums.records(lines, path):
                    self._sorter.add(checksum_records.sort_line(record, checksum_records.EXPECTED))
            except errors.BatchError as error:
                if error.failure.kind != "invalid_response":
                    raise
                rule = f"must be the path of a file with lines of at most {text_lines.LONGEST >> 20} MiB"
                raise validation.invalid_value(_EXPECTED, path, rule) from error

    def add(self, layout: report_rows.Layout, rows: t.Iterable[report_rows.Row]) -> None:
        """Add well-formed rows of a report."""
        bucket_at, version_at, message_at = layout.bucket, layout.version, layout.message
        for row in rows:
            if row[layout.task].lower() not in report_rows.SUCCEEDED:
                self._rows.without += 1
                continue
            bucket = "" if bucket_at is None else row[bucket_at]
            key = checksum_records.decoded_key(row[layout.key])
            version = checksum_records.version_of("" if version_at is None else row[version_at])
            try:
                checksum = checksum_records.parse_message("" if message_at is None else row[message_at])
                record = checksum_records.Record(bucket, key, version, *checksum)
                self._sorter.add(checksum_records.sort_line(record, checksum_records.FOUND))
                self._rows.added += 1
            except (checksum_values.ChecksumError, UnicodeError) as error:
                self._rows.malformed += 1
                if len(self._rows.first) < self._request.limit:
                    shown = checksum_result.malformed_row(bucket, key, version, str(error))
                    self._rows.first.append(shown)

    def finish(
        self, reader: downloads.Reader, sender: senders.Sender, name: str, check_mode: bool
    ) -> job_values.Values:
        """Compare, write, and return the values of a result.

        :param name: of the job, for the key of an object.
        :raises BatchError: the file or the object cannot be written.
        """
        request = self._request
        if not self._rows.added and self._rows.malformed:
            text = f"the report contains no checksums: {self._rows.malformed} successful tasks, but none has one"
            hint = "Set job_id or location to the report of a job that computes checksums. No changes were made."
            raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))
        comparison = checksum_comparison.Comparison(bool(request.expected), request.limit)
        content = comparison.lines(self._sorter.lines(), request.output)
        output = checksum_result.Output()
        if request.path or request.bucket:
            written = external_sort.write(content, checksum_result.SHOWN)
            target = (
                self._file(written, check_mode)
                if request.path
                else _object(request, reader, sender, written, name, check_mode)
            )
            output = dataclasses.replace(target, output=request.output, lines=tuple(written.first), count=written.count)
        else:
            collections.deque(content, maxlen=0)
        return {
            "changed": output.outcome in ("changed", "would_change"),
            "checksums": checksum_result.render_checksums(self._rows, comparison, output),
            "diff": checksum_result.render_diff(output),
            "msg": checksum_result.message(self._rows, comparison, output),
            "warnings": checksum_result.warnings(self._rows, comparison),
        }

    def _file(self, written: external_sort.Written, check_mode: bool) -> checksum_result.Output:
        path = self._request.path
        if private_file.same_content(path, written.body.size, written.digest):
            return checksum_result.Output(path, outcome="unchanged")
        before = private_file.exists(path)
        if check_mode:
            return checksum_result.Output(path, outcome="would_change", before=before)
        with written.body.opened() as content:
            private_file.write("checksums.path", path, content)
        return checksum_result.Output(path, outcome="changed", before=before)


def _object(
    request: checksum_options.ChecksumRequest,
    reader: downloads.Reader,
    sender: senders.Sender,
    written: external_sort.Written,
    name: str,
    check_mode: bool,
) -> checksum_result.Output:
    if written.body.size > object_stores.LARGEST_PUT:
        text = f"the checksums have {written.body.size} bytes, and one request can send {object_stores.LARGEST_PUT}"
        hint = "Set checksums.path to write them to a file. No changes were made."
        raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))
    folder = re.sub("[^A-Za-z0-9_-]", "-", name)[:64]
    key = f"{request.prefix}/checksums-of-{folder}/{written.digest[:16]}.{request.output}"
    try:
        put = uploads.put_if_absent(reader, sender, request.bucket, key, written.body, check_mode)
    except errors.BatchError as error:
        if error.failure.kind != "conflict":
            raise
        hint = "Another user or process wrote it. Delete it, or change checksums.prefix. No changes were made."
        raise errors.BatchError(dataclasses.replace(error.failure, hint=hint)) from error
    return checksum_result.Output(bucket=request.bucket, key=key, outcome=put.outcome)
