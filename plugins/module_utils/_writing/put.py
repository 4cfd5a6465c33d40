# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts an object whose key says what it holds, once: what is there is left as it is.

A lost answer is settled by looking. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    objects as _objects,
)
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    objects as _reader,
    retry as _retry,
)


@dataclasses.dataclass(frozen=True)
class Put:
    """What became of an object.

    :param outcome: changed, unchanged or would_change.
    :param found: what is known of it; None where it does not exist yet.
    """

    outcome: str
    found: t.Optional[_objects.Found]


def put_once(
    reader: _reader.Reader, caller: _retry.Caller, bucket: str, key: str, body: _objects.Body, check_mode: bool
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
        found = caller.send("PutObject", functools.partial(reader.store.put, bucket, key, body))
    except _errors.BatchError as error:
        # A conflict is an object that is there by now: ours, after an answer that was lost, or another run's.
        if error.failure.kind != "conflict" and error.failure.kind not in _errors.IN_DOUBT:
            raise
        there = reader.head(bucket, key)
        if not there:
            raise
        found = _same(reader, bucket, key, body, there)
    return Put("changed", found if found.etag else reader.head(bucket, key))


def _same(reader: _reader.Reader, bucket: str, key: str, body: _objects.Body, there: _objects.Found) -> _objects.Found:
    if there.size != body.size:
        text = f"{key} in {bucket} has {there.size} bytes and not {body.size}, though its name says what it holds"
        hint = "Somebody else has written it; look at it, and take it away or choose another prefix."
        raise _errors.BatchError(reader.store.facts.failure("conflict", text, operation="HeadObject", hint=hint))
    return there
