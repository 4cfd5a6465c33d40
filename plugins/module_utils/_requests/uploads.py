# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put an object whose key is a digest of its content, unless it exists.

An existing object counts only if it has the same content. A lost response is resolved by reading.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._core import errors, object_stores
from . import downloads, senders


@dataclasses.dataclass(frozen=True)
class Put:
    """The outcome for an object.

    :param outcome: changed, unchanged, or would_change.
    :param found: its known properties; None if it does not exist yet.
    """

    outcome: str
    found: t.Optional[object_stores.Found]


_SLOWEST: t.Final = 2**20
"""Bytes per second: an upload can take one second for each of these, beyond the limit of any request."""


def put_if_absent(
    reader: downloads.Reader,
    sender: senders.Sender,
    bucket: str,
    key: str,
    body: object_stores.Body,
    check_mode: bool,
) -> Put:
    """Put an object unless it exists.

    :raises BatchError: it cannot be put, or exists with other content.
    """
    there = reader.head(bucket, key)
    if there:
        return Put("unchanged", _same(reader, bucket, key, body, there))
    if check_mode:
        return Put("would_change", None)
    try:
        put = functools.partial(reader.store.put, bucket, key, body)
        found = sender.send("PutObject", put, sender.budget(extra=body.size / _SLOWEST))
    except errors.BatchError as error:
        # A conflict is an object that exists by now: after a lost response, or from another run.
        if error.failure.kind != "conflict" and not error.failure.is_ambiguous:
            raise downloads.about(bucket, key, error) from error
        there = reader.head(bucket, key)
        if not there:
            raise downloads.about(bucket, key, error) from error
        found = _same(reader, bucket, key, body, there)
    return Put("changed", found)


def _same(
    reader: downloads.Reader, bucket: str, key: str, body: object_stores.Body, there: object_stores.Found
) -> object_stores.Found:
    """Return the properties of an existing object, if it has the content to put.

    The name contains the digest, so other users can predict it. For this reason the content is compared. The ETag is
    the MD5 of an object that was put in one part and without KMS. If it differs, the object is read.

    :raises BatchError: the object has other content (kind conflict).
    """
    if there.size != body.size:
        raise _foreign(reader, bucket, key, f"({there.size} bytes, expected {body.size})")
    if reader.store.stored(there).etag.lower() != body.md5.hex() and reader.md5(bucket, key, there) != body.md5:
        raise _foreign(reader, bucket, key, f"({there.size} bytes as expected, but another MD5)")
    return there


def _foreign(reader: downloads.Reader, bucket: str, key: str, what: str) -> errors.BatchError:
    text = f"{downloads.named(bucket, key)} already exists with different content {what}"
    hint = "Another user or process wrote it. Delete it, or change manifest_prefix. No changes were made."
    return errors.BatchError(reader.store.traits.failure("conflict", text, operation="HeadObject", hint=hint))
