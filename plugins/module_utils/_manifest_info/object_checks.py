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

from .._core import errors, job_values, object_stores, providers
from .._manifest import row_encoder
from .._requests import downloads, parallel, sessions
from . import operation_needs, row_findings

MOST: t.Final = 10_000
"""Objects of a sample, at most: one request each."""


class Sample:
    """A sample of rows that depends only on their content: the objects with the smallest digests."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[tuple[int, row_findings.Object]] = []

    def add(self, item: row_findings.Object) -> None:
        """Offer one object."""
        if not self._size:
            return
        digest = int.from_bytes(hashlib.sha256(item.line()).digest()[:8], "big")
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
    generated: bool,
    examples: row_findings.Examples,
) -> job_values.Values:
    """Send a HEAD request for each object, note the findings, and return the figures.

    :param generated: whether the provider wrote the manifest, so that its keys are encoded.
    :raises BatchError: an object cannot be checked for another reason than that it does not exist.
    """
    traits = reader.store.traits
    decode = row_encoder.RowEncoder(traits, "encoded" if generated else "copied").decode
    look = functools.partial(_look, session, reader.store, decode)
    found = parallel.in_parallel(look, sample, session.sender.width)
    classes: collections.Counter[str] = collections.Counter()
    methods: collections.Counter[str] = collections.Counter()
    counts: collections.Counter[str] = collections.Counter()
    for item, there in zip(sample, found):
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
    text = f"{shown} ({there.storage_class or 'STANDARD'})"
    archived = there.storage_class in traits.manifests.archives
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
    elif restores or not operation:
        examples.add("not_archived", text)


def _look(
    session: sessions.Session,
    store: object_stores.Store,
    decode: t.Callable[[str], str],
    item: row_findings.Object,
) -> t.Optional[object_stores.Found]:
    key = decode(item.key)
    if not _possible(key, store.traits.manifests.longest_key):
        return None
    try:
        request = functools.partial(store.head, item.bucket, key, item.version)
        return session.sender.send("HeadObject", request)
    except errors.BatchError as error:
        if error.failure.kind == "not_found":
            # Only OSS tells a missing bucket from a missing object here; neither can be processed.
            return None
        raise downloads.about(item.bucket, key, error) from error


def _possible(key: str, longest: int) -> bool:
    """Whether an object can have a key; a request for another one would only be refused."""
    try:
        return 0 < len(key.encode()) <= longest and "\0" not in key
    except UnicodeEncodeError:
        return False
