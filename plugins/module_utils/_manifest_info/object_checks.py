# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a sample of the objects of a manifest: do they exist, are they archived, restored, or encrypted?

Private to this collection.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import heapq
import typing as t
from urllib.parse import unquote

from .._core import display, errors, job_values, object_stores, providers
from .._requests import downloads, parallel, sessions
from . import operation_needs, row_findings

MOST: t.Final = 10_000
"""Objects of a sample, at most: one request each."""
_OWN: t.Final = ("invalid", "access_denied")
"""Failures of one object: a key that cannot be requested, a version that is none, or a policy for some objects."""
_MARKER: t.Final = "MethodNotAllowed"
"""The response for a version that is a delete marker."""


class Sample:
    """A sample of rows that depends only on their content: the objects with the smallest digests."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[tuple[int, row_findings.Object]] = []

    def add(self, item: row_findings.Object, line: bytes) -> None:
        """Offer one object.

        :param line: the object for a sorter.
        """
        if not self._size:
            return
        digest = int.from_bytes(hashlib.sha256(line).digest()[:8], "big")
        if len(self._kept) < self._size:
            heapq.heappush(self._kept, (-digest, item))
        elif -digest > self._kept[0][0]:
            heapq.heapreplace(self._kept, (-digest, item))

    def objects(self) -> list[row_findings.Object]:
        """Return the sample, each object once, in the order of bucket, key, and version."""
        return sorted({item for _digest, item in self._kept})


def check(
    session: sessions.Session,
    reader: downloads.Reader,
    sample: t.Sequence[row_findings.Object],
    operation: str,
    encoded: bool,
    examples: row_findings.Examples,
) -> job_values.Values:
    """Send a HEAD request for each object, note the findings, and return the figures.

    :param encoded: whether the keys are URL-encoded.
    :raises BatchError: no object can be checked, or the requests fail for another reason than the objects.
    """
    traits = reader.store.traits
    look = functools.partial(_look, session, reader.store, encoded)
    found = parallel.in_parallel(look, sample, session.sender.width)
    refused = [there for there in found if isinstance(there, errors.BatchError)]
    if refused and len(refused) == len(found):
        raise refused[0]
    classes: collections.Counter[str] = collections.Counter()
    methods: collections.Counter[str] = collections.Counter()
    counts: collections.Counter[str] = collections.Counter()
    for item, there in zip(sample, found):
        if isinstance(there, errors.BatchError):
            continue
        shown = f"{item.bucket}/{item.key}{f' version {item.version}' if item.version else ''}"
        if there is None:
            examples.add("missing_object", shown)
            counts["missing"] += 1
            continue
        counts["existing"] += 1
        classes[there.storage_class or "STANDARD"] += 1
        methods[there.encryption or "none reported"] += 1
        _archive(there, traits, operation, shown, examples, counts)
    return {
        "objects": len(sample),
        **{name: counts[name] for name in ("existing", "missing", "archived", "restored", "restoring")},
        "unchecked": len(refused),
        "unchecked_reason": display.escape(refused[0].failure.message) if refused else None,
        "storage_classes": dict(sorted(classes.items())),
        "encryption": dict(sorted(methods.items())),
    }


def _archive(
    there: object_stores.Found,
    traits: providers.Traits,
    operation: str,
    shown: str,
    examples: row_findings.Examples,
    counts: t.MutableMapping[str, int],
) -> None:
    """Note whether an object is archived; for a restore, an object that is not archived is a finding."""
    text = f"{shown} ({' '.join(filter(None, (there.storage_class or 'STANDARD', there.tier)))})"
    archived = there.storage_class in traits.manifests.archives or bool(there.tier)
    ongoing, done = 'ongoing-request="true"' in there.restore, 'ongoing-request="false"' in there.restore
    restores = operation_needs.is_restore(operation)
    if archived:
        counts["archived"] += 1
        counts["restoring"] += ongoing
        counts["restored"] += done
        if ongoing:
            examples.add("restore_in_progress", text)
        elif not done and not restores:
            examples.add("archived", text)
    elif restores:
        examples.add("not_archived", text)


def _look(
    session: sessions.Session, store: object_stores.Store, encoded: bool, item: row_findings.Object
) -> t.Union[object_stores.Found, errors.BatchError, None]:
    """Return the properties of an object, None if it does not exist, and an error if only this one cannot be checked.

    A plus sign in an encoded key can mean a space. The object is missing only if neither exists. Only OSS distinguishes
    a missing bucket from a missing object here. Neither can be processed.
    """
    keys = [unquote(item.key, errors="surrogateescape") if encoded else item.key]
    if encoded and "+" in item.key:
        keys.append(unquote(item.key.replace("+", " "), errors="surrogateescape"))
    for key in keys:
        if not _possible(key, store.traits.manifests.longest_key):
            continue
        try:
            return session.sender.send("HeadObject", functools.partial(store.head, item.bucket, key, item.version))
        except errors.BatchError as error:
            failure = error.failure
            if failure.kind == "not_found" or failure.code == _MARKER:
                continue
            named = downloads.about(item.bucket, item.key, error)
            if failure.kind in _OWN:
                return named
            raise named from error
    return None


def _possible(key: str, longest: int) -> bool:
    """Whether an object can have a key; a request for another one would only be refused."""
    try:
        return 0 < len(key.encode()) <= longest and "\0" not in key
    except UnicodeEncodeError:
        return False
