# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the rows of any manifest as a stream: CSV manifests, inventories, and generated manifests.

Sources: Amazon S3 User Guide, "Specifying a manifest" and "Locating your inventory list"; Tencent COS "Inventory
overview". Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import errors, object_stores, providers
from .._report import report_manifest
from .._requests import downloads, text_lines
from . import manifest_rows

_COLUMNS: t.Final = {"bucket": "Bucket", "key": "Key", "versionid": "VersionId"}
"""The columns of an inventory that a job reads, in lower case; all others are ignored."""
_RATIO: t.Final = 250
"""Bytes that a byte of gzip can expand to. Inventories reach 100, and gzip bombs 1,000."""
_SLACK: t.Final = 64 * 2**20
"""Bytes that a file can have in any case."""


@dataclasses.dataclass(frozen=True)
class ManifestFile:
    """A manifest that exists.

    :param fields: the columns of its rows, Ignore for those that a job does not read.
    :param app_id: the number of the column with the APPID of the bucket; None if there is none.
    :param generated: whether a provider wrote it, so that its keys are encoded by the provider.
    """

    bucket: str
    key: str
    found: object_stores.Found
    fields: tuple[str, ...]
    generated: bool
    files: tuple[report_manifest.File, ...]
    app_id: t.Optional[int] = None


def open_manifest(
    reader: downloads.Reader, bucket: str, key: str, found: object_stores.Found, form: str, fields: tuple[str, ...]
) -> ManifestFile:
    """Return a manifest whose rows can be read.

    :param found: the object as the task found it; another content is an error from here on.
    :param form: csv or inventory.
    :param fields: the columns of a CSV manifest.
    :raises BatchError: the object is not such a manifest (kind unrecognized_format), or has another format than CSV
        inside (kind unsupported).
    """
    if form == "csv":
        return ManifestFile(bucket, key, found, fields, False, (report_manifest.File(key),))
    body, now = reader.whole(bucket, key)
    traits = reader.store.traits
    name = downloads.named(bucket, key)
    if now.etag != found.etag:
        raise changed(traits, name)
    try:
        manifest = report_manifest.parse_manifest(body, bucket, traits)
    except report_manifest.UnrecognizedFormatError as error:
        text = f"{name} is not the manifest.json of an inventory: {error}"
        hint = "For a CSV manifest, set manifest.format=csv."
        raise errors.BatchError(traits.failure("unrecognized_format", text, hint=hint)) from error
    if manifest.format.upper() in ("ORC", "PARQUET"):
        text = f"{name} is an inventory in the format {manifest.format}, and only CSV inventories can be read"
        hint = "Configure the inventory with the output format CSV. Batch jobs also require CSV."
        raise errors.BatchError(traits.failure("unsupported", text, hint=hint))
    columns = tuple(_COLUMNS.get(_plain(column), "Ignore") for column in manifest.columns)
    if columns.count("Bucket") != 1 or columns.count("Key") != 1 or columns.count("VersionId") > 1:
        shown = ", ".join(manifest.columns)[:200] or "no columns"
        text = f"{name} must declare the columns Bucket and Key, got: {shown}"
        raise errors.BatchError(traits.failure("unrecognized_format", text, hint="Check the fields of the inventory."))
    names = [_plain(column) for column in manifest.columns]
    app_id = names.index("appid") if "appid" in names else None
    return ManifestFile(bucket, key, found, columns, True, manifest.files, app_id)


def changed(traits: providers.Traits, name: str) -> errors.BatchError:
    """Return the error about an object that changed while it was read."""
    text = f"{name} was changed while it was read"
    return errors.BatchError(traits.failure("conflict", text, hint="Run the task again."))


def rows(reader: downloads.Reader, manifest: ManifestFile) -> t.Iterator[manifest_rows.Row]:
    """Yield all lines of a manifest, also empty and malformed ones.

    A row of a manifest is one line: line breaks in keys are encoded.

    :raises BatchError: a file cannot be read completely, or differs from its MD5 in the manifest.json.
    """
    quotes = reader.store.traits.manifests.quotes or manifest.generated
    number = 0
    for file in manifest.files:
        name = downloads.named(manifest.bucket, file.key)
        own = file.key == manifest.key
        parts = reader.parts(manifest.bucket, file.key, file.md5, manifest.found.etag if own else "")
        if file.key.endswith(".gz") and not own:
            parts = _unzipped(parts, name, reader.store.traits)
        if own:
            parts = manifest_rows.with_bom(parts)
        for line in text_lines.lines(parts, name):
            number += 1
            text = line.rstrip("\r\n")
            cells = manifest_rows.cells(text, quotes)
            if manifest.app_id is not None and cells and len(cells) == len(manifest.fields):
                cells = manifest_rows.with_app_id(cells, manifest.fields.index("Bucket"), manifest.app_id)
            yield manifest_rows.Row(number, text, cells)


def _plain(column: str) -> str:
    return "".join(letter for letter in column.lower() if letter.isalnum())


def _unzipped(parts: t.Iterator[bytes], name: str, traits: providers.Traits) -> t.Iterator[bytes]:
    """Yield the decompressed content of a file, if it is not much larger than any inventory.

    :raises BatchError: it is too large, so its rows would never end.
    """
    read = written = 0

    def counted() -> t.Iterator[bytes]:
        nonlocal read
        for part in parts:
            read += len(part)
            yield part

    for part in text_lines.unzipped(counted(), name):
        written += len(part)
        if written > _SLACK + read * _RATIO:
            text = f"{name} expands to more than {_RATIO} times its size, which no inventory does"
            hint = "The file is not from the provider, so it was not used. Check who can write to the bucket."
            raise errors.BatchError(traits.failure("invalid_response", text, hint=hint, permanent=True))
        yield part
