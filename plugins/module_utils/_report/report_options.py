# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options that name reports, buckets, keys, and codes, before anything is sent.

What is empty is refused: it must come to mean neither everything nor the default. Private to this collection.
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
"""What Ansible makes of booleans, null, lists and dictionaries where it needs text."""
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
"""Options that say which report is meant, the same in all modules that read one."""


@dataclasses.dataclass(frozen=True)
class ReportRequest:
    """Which report a task reads.

    :param job_id: empty where the location names the manifest.
    :param location: None where the job says it.
    :param wait: seconds to wait for the report.
    :param columns: names of the columns, where the cloud does not declare them.
    """

    job_id: str
    location: t.Optional[locations.Location]
    wait: float
    columns: tuple[str, ...] = ()


def parse_report_request(params: t.Mapping[str, t.Any], traits: providers.Traits) -> ReportRequest:
    """Return which report a task asks for.

    :raises OptionError: an option breaks its rule.
    """
    wait = params["wait_for_report"]
    if not 0 <= wait <= _LONGEST_WAIT:
        raise validation.invalid_value("wait_for_report", wait, f"must be from 0 to {_LONGEST_WAIT} seconds")
    columns = tuple(parse_words("columns", params["columns"]) or ())
    validation.check_words("columns", params["columns"])
    if columns and not report_rows.known(columns):
        raise validation.invalid_value("columns", list(columns), "must name at least Key and TaskStatus")
    job_id = traits.check_job_id("job_id", params["job_id"]) if params["job_id"] is not None else ""
    location = _location(params, traits)
    if location is None and not job_id:
        raise errors.OptionError("one of job_id and location is required.")
    return ReportRequest(job_id, location, wait, columns)


def parse_words(option: str, words: t.Optional[t.Sequence[t.Any]]) -> t.Optional[list[str]]:
    """Return a list of words, such as codes; None where the option is not set.

    :raises OptionError: one of them is no text, empty, or longer than any.
    """
    for word in words or ():
        if not isinstance(word, str):
            raise validation.invalid_value(
                option, words, "must hold nothing but text; numbers and words such as yes need quotes"
            )
        if not word.strip() or len(word) > _LONGEST_WORD:
            raise validation.invalid_value(
                option, words, f"must hold words of 1 to {_LONGEST_WORD} characters, no empty ones"
            )
    return None if words is None else list(words)


def parse_bucket(option: str, value: t.Optional[str], traits: providers.Traits) -> str:
    """Return the name of a bucket from its name or resource name; empty where the option is not set.

    :raises OptionError: it names no bucket.
    """
    if value is None:
        return ""
    rule = traits.rules["bucket"]
    try:
        return rule.check(option, traits.reports.bucket_name(value))
    except errors.OptionError as error:
        # As it was given, and not what was made of it.
        raise validation.invalid_value(option, value, f"must be {rule.sentence}") from error


def parse_prefix(option: str, value: str, traits: providers.Traits, room: int) -> str:
    """Return what keys begin with, without slashes at its ends.

    :param room: bytes that are needed behind it.
    :raises OptionError: no key can begin so.
    """
    prefix = value.strip("/")
    longest = traits.manifests.longest_key - room
    blank = not prefix.strip("/ ") or value != value.strip()
    if blank or not value.isprintable() or len(value) > longest or len(value.encode()) > longest:
        rule = f"must be 1 to {longest} bytes of printable text, without blanks at its ends, and not slashes alone"
        raise validation.invalid_value(option, value, rule)
    if "://" in value or _NO_TEXT.fullmatch(value):
        raise validation.invalid_value(
            option, value, "must be what keys begin with, such as batch-retries, without the bucket"
        )
    return _key(option, prefix, traits)


def _location(params: t.Mapping[str, t.Any], traits: providers.Traits) -> t.Optional[locations.Location]:
    """Return the location that a task names, None where it names none.

    :raises OptionError: it names too little, or something that cannot be.
    """
    given = params["location"]
    if given is None:
        return None
    if not isinstance(given, t.Mapping):
        raise validation.invalid_value("location", given, "must be a dictionary with bucket, and prefix or manifest")
    prefix, manifest = given["prefix"], given["manifest"]
    if not given["bucket"]:
        raise errors.OptionError("location.bucket: the name is empty.")
    if manifest is None and not params["job_id"]:
        raise errors.OptionError(
            "job_id is required beside location, unless location.manifest names the report's manifest.json."
        )
    if manifest is not None:
        _key("location.manifest", manifest, traits)
    if prefix is not None:
        # As the job has it, slashes at its ends included.
        _key("location.prefix", prefix, traits)
    bucket = parse_bucket("location.bucket", given["bucket"], traits)
    return locations.Location(bucket, prefix or "", given["scope"] or "", manifest or "")


def _key(option: str, value: str, traits: providers.Traits) -> str:
    rule = object_stores.key_rule(value, traits)
    if not rule and (not value.strip() or not value.isprintable() or _NO_TEXT.fullmatch(value)):
        rule = "must be printable text, and not blanks alone"
    if rule:
        raise validation.invalid_value(option, value, rule)
    return value
