# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options of batch_manifest before any request.

Empty values are errors: they must never mean everything or the default. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import typing as t

from .._core import errors, providers, validation
from .._report import report_options
from . import manifest_place, object_filters, row_encoder

Params = t.Mapping[str, t.Any]
_NAME: t.Final = 24
"""Bytes of a key after its prefix."""
SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "keys": {"type": "list", "elements": "str", "no_log": False},
    "source_bucket": {"type": "str"},
    "file": {"type": "path"},
    "file_fields": {"type": "list", "elements": "str", "choices": list(manifest_place.COLUMNS)},
    "file_header": {"type": "str", "choices": ["none", "skip"], "default": "none"},
    "file_encoding": {"type": "str", "choices": ["encoded", "plain"], "default": "encoded"},
    "listing": {
        "type": "dict",
        "options": {
            "bucket": {"type": "str", "required": True},
            "prefix": {"type": "str"},
            "versions": {"type": "bool", "default": False},
        },
    },
    "manifest": {
        "type": "dict",
        "options": manifest_place.MANIFEST_SPEC,
    },
    "filter": {"type": "dict", "options": object_filters.FILTER_SPEC},
    "sample": {"type": "int"},
    "split_by": {"type": "str", "choices": ["bucket", "count"]},
    "split_count": {"type": "int"},
    "versions": {"type": "bool", "default": False},
    "manifest_bucket": {"type": "str", "required": True},
    "manifest_prefix": {"type": "str", "default": "batch-manifests"},
}
"""The options of the module, as AnsibleModule takes them."""
SOURCES: t.Final = ("keys", "file", "listing", "manifest")


@dataclasses.dataclass(frozen=True)
class KeySource:
    """Keys of one bucket in the options."""

    bucket: str
    keys: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class FileSource:
    """A CSV file of the host that runs the task.

    :param skip_header: whether the first row must be a header, which is skipped.
    """

    path: str
    fields: tuple[str, ...]
    skip_header: bool
    form: row_encoder.Form


@dataclasses.dataclass(frozen=True)
class ListSource:
    """The objects of a bucket whose keys begin with a prefix."""

    bucket: str
    prefix: str


@dataclasses.dataclass(frozen=True)
class ManifestSource:
    """A CSV manifest.

    :param etag: the required ETag; empty for any.
    :param version: the required version; empty for any.
    """

    bucket: str
    key: str
    etag: str
    version: str
    fields: tuple[str, ...]


Source = t.Union[KeySource, FileSource, ListSource, ManifestSource]


@dataclasses.dataclass(frozen=True)
class ManifestTask:
    """The checked options of a task.

    :param sample: number of objects to choose; None for all.
    :param split: maximum number of objects in a manifest; None without a limit.
    :param by_bucket: whether each bucket has its own manifest.
    """

    source: Source
    keeps: object_filters.ObjectFilter
    sample: t.Optional[int]
    split: t.Optional[int]
    by_bucket: bool
    versions: bool
    bucket: str
    prefix: str


def parse_task(
    params: Params,
    traits: providers.Traits,
    now: datetime.datetime,
) -> ManifestTask:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    :raises BatchError: the provider does not support versions in manifests (kind unsupported).
    """
    _check_versions(params, traits)
    _check_belonging(params)
    source = _source(params, traits)
    by_count = params["split_by"] == "count"
    if by_count and params["split_count"] is None:
        raise errors.OptionError("split_count is required for split_by=count. Set it to the objects of each manifest.")
    return ManifestTask(
        source,
        object_filters.parse_filter(
            params["filter"], isinstance(source, ListSource), traits.manifests.longest_key, now
        ),
        _positive("sample", params["sample"]),
        _positive("split_count", params["split_count"]) if by_count else None,
        params["split_by"] == "bucket",
        params["versions"],
        _bucket("manifest_bucket", params["manifest_bucket"], traits),
        report_options.parse_prefix("manifest_prefix", params["manifest_prefix"], traits, _NAME),
    )


def _check_versions(params: Params, traits: providers.Traits) -> None:
    """Reject versions where the provider, or the source, has none; a version must never be lost on the way."""
    if params["versions"] and not traits.manifests.versions:
        text = f"{traits.title} does not document versions in manifests"
        hint = "Remove versions to create a manifest for the latest versions."
        raise errors.BatchError(traits.failure("unsupported", f"{text}. No changes were made", hint=hint))
    found = {
        "listing.versions": (params["listing"] or {}).get("versions", False),
        "file_fields": "VersionId" in (params["file_fields"] or ()),
        "manifest.fields": "VersionId" in ((params["manifest"] or {}).get("fields") or ()),
    }
    named = [name for name, has in found.items() if has]
    if named and not params["versions"]:
        raise errors.OptionError(
            f"versions is required with versions in {named[0]}, because a manifest without versions applies to the"
            " latest versions. Set versions=true, or remove the versions (Ignore ignores a column)."
        )
    if params["versions"] and not named:
        raise errors.OptionError(
            "versions requires a source with versions. Set listing.versions=true, or add VersionId to file_fields or to"
            " manifest.fields."
        )


def _check_belonging(params: Params) -> None:
    """Reject options of another source: a task that sets them expects them to have an effect."""
    given = [name for name in SOURCES if params[name] is not None]
    if len(given) != 1:
        raise errors.OptionError(f"exactly one of the following is required: {', '.join(SOURCES)}")
    owners = {"source_bucket": "keys", "file_fields": "file", "split_count": "split_by=count"}
    for option, owner in owners.items():
        belongs = params["split_by"] == "count" if option == "split_count" else owner == given[0]
        if params[option] is not None and not belongs:
            raise errors.OptionError(f"{option} requires {owner}. Remove {option}.")
    for option, default in (("file_header", "none"), ("file_encoding", "encoded")):
        if params[option] != default and given[0] != "file":
            raise errors.OptionError(f"{option} requires file. Remove {option}.")


def _source(params: Params, traits: providers.Traits) -> Source:
    if params["keys"] is not None:
        return _keys(params, traits)
    if params["file"] is not None:
        return _file(params)
    if params["listing"] is not None:
        given = params["listing"]
        prefix = given["prefix"]
        if prefix is not None and (not prefix or len(prefix.encode()) > traits.manifests.longest_key):
            rule = f"must be 1 to {traits.manifests.longest_key} bytes of text"
            raise validation.invalid_value("listing.prefix", prefix, rule, "Omit it to list the whole bucket.")
        return ListSource(_bucket("listing.bucket", given["bucket"], traits), prefix or "")
    return _manifest(params["manifest"], traits)


def _keys(params: Params, traits: providers.Traits) -> KeySource:
    if params["source_bucket"] is None:
        raise errors.OptionError("source_bucket is required for keys. Set it to the bucket of the objects.")
    bucket = _bucket("source_bucket", params["source_bucket"], traits)
    if not params["keys"]:
        raise validation.invalid_value("keys", params["keys"], "must have at least one key")
    encoder = row_encoder.RowEncoder(traits, "plain")
    for number, key in enumerate(params["keys"]):
        try:
            line = encoder.line(bucket, key)
        except row_encoder.RowError as error:
            rule = f"must be 1 to {traits.manifests.longest_key} bytes of text without NUL"
            raise validation.invalid_value(f"keys[{number}]", key, rule) from error
        if line is None:
            rule = "must have no comma, quotation mark, or line break, because no manifest can contain them"
            raise validation.invalid_value(f"keys[{number}]", key, rule)
    return KeySource(bucket, tuple(params["keys"]))


def _file(params: Params) -> FileSource:
    path = params["file"]
    if not os.path.isabs(path) or "\0" in path or not path.isprintable() or len(path) > 4096:
        raise validation.invalid_value("file", path, "must be an absolute path")
    fields = manifest_place.parse_columns("file_fields", params["file_fields"])
    return FileSource(path, fields, params["file_header"] == "skip", params["file_encoding"])


def _manifest(given: Params, traits: providers.Traits) -> ManifestSource:
    place = manifest_place.parse_place(given, traits)
    if given["format"] != "csv":
        raise validation.invalid_value("manifest.format", given["format"], "must be csv")
    return ManifestSource(*place, manifest_place.parse_columns("manifest.fields", given["fields"]))


def _bucket(option: str, value: str, traits: providers.Traits) -> str:
    if not value:
        raise validation.invalid_value(option, value, "must not be empty")
    return report_options.parse_bucket(option, value, traits)


def _positive(option: str, value: t.Optional[int]) -> t.Optional[int]:
    if value is not None and value < 1:
        raise validation.invalid_value(option, value, "must be an integer from 1")
    return value
