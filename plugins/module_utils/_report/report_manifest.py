# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the manifest.json of a completion report, which names its files; it is written last.

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
    """What was read is no report of a known form; the text says what was seen instead."""


@dataclasses.dataclass(frozen=True)
class File:
    """One file of a report.

    :param md5: of its bytes, hexadecimal; empty where the manifest names none.
    """

    key: str
    md5: str = ""


@dataclasses.dataclass(frozen=True)
class Manifest:
    """What a report consists of.

    :param format: the cloud's word for it, such as Report_CSV_20180820.
    :param created: as the cloud writes it.
    :param columns: their names, as they are declared; empty where they are not.
    """

    files: tuple[File, ...]
    format: str = ""
    created: str = ""
    columns: tuple[str, ...] = ()


def parse_manifest(body: bytes, bucket: str, traits: providers.Traits) -> Manifest:
    """Return what a manifest.json says.

    :param bucket: the bucket of the report, where its files have to be, too.
    :param traits: of the cloud, which say what a key may be.
    :raises UnrecognizedFormatError: it is no such manifest.
    """
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnrecognizedFormatError(f"its manifest.json is not JSON ({type(error).__name__})") from error
    if not isinstance(data, dict):
        raise UnrecognizedFormatError(f"its manifest.json holds a {type(data).__name__} and no object")
    listed = data.get("Results", data.get("files"))
    if not isinstance(listed, list):
        raise UnrecognizedFormatError(f"its manifest.json has no list of Results or files, but {_names(data)}")
    if len(listed) > _MOST_FILES:
        raise UnrecognizedFormatError(f"its manifest.json names {len(listed)} files, more than {_MOST_FILES}")
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
        raise UnrecognizedFormatError("its manifest.json lists a file without a key")
    key = _text(entry, "Key", "key")
    if not key:
        raise UnrecognizedFormatError(f"its manifest.json lists a file without a key, with {_names(entry)}")
    rule = object_stores.key_rule(key, traits)
    if rule:
        raise UnrecognizedFormatError(
            f"its manifest.json names a file by the key {key[:100]!r}, which cannot be one: it {rule}"
        )
    there = traits.reports.bucket_name(_text(entry, "Bucket", "bucket"))
    if there and there != bucket:
        raise UnrecognizedFormatError(f"its manifest.json names a file in another bucket, {there[:100]!r}")
    md5 = _text(entry, "MD5Checksum", "MD5checksum", "md5Checksum").lower()
    if md5 and not re.fullmatch("[0-9a-f]{32}", md5):
        raise UnrecognizedFormatError(f"its manifest.json names an MD5 that is none, {md5[:100]!r}")
    return File(key, md5)


def _text(data: t.Mapping[str, t.Any], *names: str) -> str:
    value = next((data[name] for name in names if name in data), "")
    return value if isinstance(value, str) else ""


def _names(data: t.Mapping[str, t.Any]) -> str:
    return ", ".join(repr(str(name)[:40]) for name in list(data)[:10]) or "nothing"
