# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put an object whose key is a digest of its content, unless it exists.

What is there counts as ours only if it holds the same. A lost answer is settled by looking. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._core import errors, object_stores
from . import downloads, senders


@dataclasses.dataclass(frozen=True)
class Put:
    """What became of an object.

    :param outcome: changed, unchanged or would_change.
    :param found: what is known of it; None where it does not exist yet.
    """

    outcome: str
    found: t.Optional[object_stores.Found]


_SLOWEST: t.Final = 2**20
"""Bytes a second: an upload may take a second for each, beyond what any request may take."""


def put_if_absent(
    reader: downloads.Reader,
    sender: senders.Sender,
    bucket: str,
    key: str,
    body: object_stores.Body,
    check_mode: bool,
) -> Put:
    """Put an object unless it is there.

    :raises BatchError: it cannot be put, or another one is there.
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
        # A conflict is an object that is there by now: ours, after an answer that was lost, or another run's.
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
    """Return what is known of an object that is there, if it is the one to be put.

    The name says what it holds, and so anybody can foresee it: the content is compared. An ETag is the MD5 of what was
    put in one piece and not encrypted with a key of KMS; where it is another one, the object is read.

    :raises BatchError: it holds something else (kind conflict).
    """
    if there.size != body.size:
        raise _foreign(reader, bucket, key, f"has {there.size} bytes and not {body.size}")
    if reader.store.stored(there).etag.lower() != body.md5.hex() and reader.md5(bucket, key, there) != body.md5:
        raise _foreign(reader, bucket, key, "holds something else")
    return there


def _foreign(reader: downloads.Reader, bucket: str, key: str, what: str) -> errors.BatchError:
    text = f"{downloads.named(bucket, key)} {what}, though its name says what it holds. Nothing was written"
    hint = "Another user has written it: delete it, or set manifest_prefix to another prefix."
    return errors.BatchError(reader.store.traits.failure("conflict", text, operation="HeadObject", hint=hint))
