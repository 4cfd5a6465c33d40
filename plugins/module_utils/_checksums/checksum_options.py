# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the option checksums before any request. Private to this collection."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from .._core import errors, providers, validation
from .._report import report_options, report_result

_ROOM: t.Final = 120
"""Bytes of a key after its prefix: at most 64 for the job ID, the rest for the fixed parts."""
CHECKSUM_SPEC: t.Final[dict[str, t.Any]] = {
    "type": "dict",
    "options": {
        "path": {"type": "path"},
        "bucket": {"type": "str"},
        "prefix": {"type": "str"},
        "format": {"type": "str", "choices": ["csv", "jsonl"], "default": "csv"},
        "expected": {"type": "path"},
        "limit": {"type": "int", "default": 100},
    },
}
"""The option in the spec of a module."""
_PREFIX: t.Final = "batch-checksums"


@dataclasses.dataclass(frozen=True)
class ChecksumRequest:
    """What a task does with the checksums of a report.

    :param path: of the file to write; empty for none.
    :param bucket: of the object to write; empty for none.
    :param output: csv or jsonl.
    :param expected: path of the file with expected values; empty for none.
    :param limit: maximum number of objects for each result.
    """

    path: str
    bucket: str
    prefix: str
    output: str
    expected: str
    limit: int


def parse_checksums(given: t.Optional[t.Mapping[str, t.Any]], traits: providers.Traits) -> t.Optional[ChecksumRequest]:
    """Return what a task does with checksums, None if the option is not set.

    :raises OptionError: a suboption breaks its rule.
    :raises BatchError: the provider has no such operation (kind unsupported).
    """
    if given is None:
        return None
    if not traits.reports.checksum_operation:
        text = f"{traits.title} has no operation that computes checksums, so its reports contain none"
        hint = "Remove the option checksums. No changes were made."
        raise errors.BatchError(errors.Failure("unsupported", text, hint=hint))
    path, expected = (_path(f"checksums.{name}", given[name]) for name in ("path", "expected"))
    if given["path"] is not None and given["bucket"] is not None:
        raise errors.OptionError("checksums.path and checksums.bucket are mutually exclusive")
    if given["prefix"] is not None and given["bucket"] is None:
        raise errors.OptionError("checksums.bucket is required with checksums.prefix")
    if not path and not expected and given["bucket"] is None:
        raise errors.OptionError(
            "one of the following is required: checksums.path, checksums.bucket, checksums.expected"
        )
    if path and expected and os.path.realpath(path) == os.path.realpath(expected):
        advice = "The file with the expected values would be replaced."
        raise validation.invalid_value("checksums.path", path, "must differ from checksums.expected", advice)
    if not 0 <= given["limit"] <= report_result.MOST_NAMED:
        rule = f"must be an integer from 0 to {report_result.MOST_NAMED}"
        raise validation.invalid_value("checksums.limit", given["limit"], rule)
    bucket = report_options.parse_bucket("checksums.bucket", given["bucket"], traits)
    prefix = _PREFIX if given["prefix"] is None else given["prefix"]
    prefix = report_options.parse_prefix("checksums.prefix", prefix, traits, _ROOM) if bucket else ""
    return ChecksumRequest(path, bucket, prefix, given["format"] or "csv", expected, given["limit"])


def _path(option: str, value: t.Optional[str]) -> str:
    """Return the absolute path of a file; empty if the option is not set.

    :raises OptionError: the value is something else.
    """
    if value is None:
        return ""
    if not os.path.isabs(value) or value.endswith("/") or "\0" in value:
        raise validation.invalid_value(option, value, "must be the absolute path of a file")
    return os.path.normpath(value)
