# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options that name reports, buckets, keys, and codes before any request.

Empty values are errors: they must never mean everything or the default. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._core import errors, object_stores, providers, validation
from . import locations, report_rows

_LONGEST_WAIT: t.Final = 86400
_LONGEST_WORD: t.Final = 1000
_NO_TEXT: t.Final = re.compile("True|False|None|[\\[{].*", re.DOTALL)
"""The text that Ansible makes of booleans, null, lists, and dictionaries."""
REPORT_REQUEST_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
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
    "columns": {"type": "list", "elements": "raw"},
    "wait_for_report": {"type": "raw", "default": 0},
}
"""Options that identify a report, the same in all modules that read one."""


@dataclasses.dataclass(frozen=True)
class ReportRequest:
    """The report that a task reads.

    :param job_id: empty if the location has the manifest.
    :param location: None to use the location in the job.
    :param wait: seconds to wait for the report.
    :param columns: column names, if the provider does not declare them.
    """

    job_id: str
    location: t.Optional[locations.Location]
    wait: float
    columns: tuple[str, ...] = ()


def parse_report_request(params: t.Mapping[str, t.Any], traits: providers.Traits) -> ReportRequest:
    """Return the report that a task requests.

    :raises OptionError: an option breaks its rule.
    """
    wait = params["wait_for_report"]
    if not 0 <= wait <= _LONGEST_WAIT:
        raise validation.invalid_value(
            "wait_for_report", wait, f"must be a number of seconds from 0 to {_LONGEST_WAIT}"
        )
    columns = tuple(parse_words("columns", params["columns"]) or ())
    validation.check_words("columns", params["columns"])
    if columns and not report_rows.known(columns):
        raise validation.invalid_value("columns", list(columns), "must contain at least Key and TaskStatus")
    job_id = traits.check_job_id("job_id", params["job_id"]) if params["job_id"] is not None else ""
    location = _location(params, traits)
    if location is None and not job_id:
        raise errors.OptionError("one of the following is required: job_id, location")
    return ReportRequest(job_id, location, wait, columns)


def parse_words(option: str, words: t.Optional[t.Sequence[t.Any]]) -> t.Optional[list[str]]:
    """Return a list of words, such as codes; None if the option is not set.

    :raises OptionError: one of them is not text, is empty, or is too long.
    """
    for word in words or ():
        if not isinstance(word, str):
            raise validation.invalid_value(
                option, words, "must contain only text", "Put numbers and words such as yes in quotes."
            )
        if not word.strip() or len(word) > _LONGEST_WORD:
            raise validation.invalid_value(option, words, f"must contain only words of 1 to {_LONGEST_WORD} characters")
    return None if words is None else list(words)


def parse_bucket(option: str, value: t.Optional[str], traits: providers.Traits) -> str:
    """Return the bucket name from a bucket name or resource name; empty if the option is not set.

    :raises OptionError: the value does not name a bucket.
    """
    if value is None:
        return ""
    rule = traits.rules["bucket"]
    try:
        return rule.check(option, traits.reports.bucket_name(value))
    except errors.OptionError as error:
        # The error shows the original value.
        raise validation.invalid_value(option, value, f"must be {rule.sentence}") from error


def parse_prefix(option: str, value: str, traits: providers.Traits, room: int) -> str:
    """Return the prefix of keys, without slashes at its ends.

    :param room: bytes that are needed after it.
    :raises OptionError: a key cannot begin with it.
    """
    prefix = value.strip("/")
    longest = traits.manifests.longest_key - room
    blank = not prefix.strip("/ ") or value != value.strip()
    if blank or not value.isprintable() or len(value) > longest or len(value.encode()) > longest:
        rule = f"must be 1 to {longest} bytes of printable text, not only slashes, without spaces at the ends"
        raise validation.invalid_value(option, value, rule)
    if "://" in value or _NO_TEXT.fullmatch(value):
        raise validation.invalid_value(
            option, value, "must be a key prefix without the bucket", "For example, use batch-retries."
        )
    return _key(option, prefix, traits)


def _location(params: t.Mapping[str, t.Any], traits: providers.Traits) -> t.Optional[locations.Location]:
    """Return the location in the options, None if there is none.

    :raises OptionError: the location is incomplete or not valid.
    """
    given = params["location"]
    if given is None:
        return None
    if not isinstance(given, t.Mapping):
        raise validation.invalid_value(
            "location", given, "must be a dictionary with bucket and prefix, or bucket and manifest"
        )
    prefix, manifest = given["prefix"], given["manifest"]
    if not given["bucket"]:
        raise validation.invalid_value("location.bucket", given["bucket"], "must not be empty")
    if manifest is None and not params["job_id"]:
        raise errors.OptionError(
            "job_id is required with location, unless location.manifest is set to the key of the report's manifest.json"
        )
    if manifest is not None:
        _key("location.manifest", manifest, traits)
    if prefix is not None:
        # Unchanged from the job, including slashes at its ends.
        _key("location.prefix", prefix, traits)
    bucket = parse_bucket("location.bucket", given["bucket"], traits)
    return locations.Location(bucket, prefix or "", given["scope"] or "", manifest or "")


def _key(option: str, value: str, traits: providers.Traits) -> str:
    rule = object_stores.key_rule(value, traits)
    if not rule and (not value.strip() or not value.isprintable() or _NO_TEXT.fullmatch(value)):
        rule = "must be printable text and not only spaces"
    if rule:
        raise validation.invalid_value(option, value, rule)
    return value
