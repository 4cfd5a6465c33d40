# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the manifest.json of a completion report, which lists its files and is written last.

Sources: Amazon S3 User Guide, "Examples: completion reports"; manifests of real reports. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from .._core import object_stores, providers

_MOST_FILES: t.Final = 10_000


class UnrecognizedFormatError(ValueError):
    """A report has an unrecognized format; the text describes the difference."""


@dataclasses.dataclass(frozen=True)
class File:
    """One file of a report.

    :param md5: of its bytes, hexadecimal; empty if the manifest has none.
    """

    key: str
    md5: str = ""


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The content of a report.

    :param format: the provider's name of the format, such as Report_CSV_20180820.
    :param created: unchanged from the file.
    :param columns: the declared names; empty if none are declared.
    """

    files: tuple[File, ...]
    format: str = ""
    created: str = ""
    columns: tuple[str, ...] = ()


def parse_manifest(body: bytes, bucket: str, traits: providers.Traits) -> Manifest:
    """Return the content of a manifest.json.

    :param bucket: the bucket of the report, which must also contain its files.
    :param traits: of the provider, which define valid keys.
    :raises UnrecognizedFormatError: the file is not such a manifest.
    """
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnrecognizedFormatError(f"manifest.json is not valid JSON ({type(error).__name__})") from error
    if not isinstance(data, dict):
        raise UnrecognizedFormatError(f"manifest.json must contain an object, got: {type(data).__name__}")
    listed = data.get("Results", data.get("files"))
    if not isinstance(listed, list):
        raise UnrecognizedFormatError(f"manifest.json has no list named Results or files. Names found: {_names(data)}")
    if len(listed) > _MOST_FILES:
        raise UnrecognizedFormatError(f"manifest.json lists {len(listed)} files, and the maximum is {_MOST_FILES}")
    schema = data.get("ReportSchema", data.get("fileSchema", ""))
    names = [name.strip() for name in schema.split(",")] if isinstance(schema, str) else []
    return Manifest(
        tuple(_file(entry, bucket, traits) for entry in listed),
        _text(data, "Format", "fileFormat"),
        _text(data, "ReportCreationDate", "creationTimestamp"),
        tuple(name for name in names if name),
    )


def _file(entry: t.Any, bucket: str, traits: providers.Traits) -> File:
    if not isinstance(entry, dict):
        raise UnrecognizedFormatError("manifest.json lists a file without a key")
    key = _text(entry, "Key", "key")
    if not key:
        raise UnrecognizedFormatError(f"manifest.json lists a file without a key. Names found: {_names(entry)}")
    rule = object_stores.key_rule(key, traits)
    if rule:
        raise UnrecognizedFormatError(f"manifest.json lists a file with an invalid key, {key[:100]!r}: it {rule}")
    there = traits.reports.bucket_name(_text(entry, "Bucket", "bucket"))
    if there and there != bucket:
        raise UnrecognizedFormatError(f"manifest.json lists a file in a different bucket, {there[:100]!r}")
    md5 = _text(entry, "MD5Checksum", "MD5checksum", "md5Checksum").lower()
    if md5 and not re.fullmatch("[0-9a-f]{32}", md5):
        raise UnrecognizedFormatError(f"manifest.json lists an invalid MD5 checksum, {md5[:100]!r}")
    return File(key, md5)


def _text(data: t.Mapping[str, t.Any], *names: str) -> str:
    value = next((data[name] for name in names if name in data), "")
    return value if isinstance(value, str) else ""


def _names(data: t.Mapping[str, t.Any]) -> str:
    return ", ".join(repr(str(name)[:40]) for name in list(data)[:10]) or "nothing"
