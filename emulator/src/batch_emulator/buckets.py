# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Buckets and their objects: as much of object storage as manifests and reports need."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from .jobs import QueueKey


def in_order(key: str) -> bytes:
    """The order of keys in lists of every cloud: that of their UTF-8 bytes."""
    return key.encode("utf-8", "surrogateescape")


@dataclass(slots=True)
class Stored:
    """One object."""

    body: bytes
    modified: float
    etag: str
    content_type: str = "binary/octet-stream"
    version: str | None = None
    # In the words of the cloud, as a list has it.
    storage_class: str = "STANDARD"
    # State of a restore, as in the header; empty for none.
    restore: str = ""
    # Method of the encryption at rest; empty if the responses have none.
    encryption: str = ""
    # Whether it is a delete marker.
    marker: bool = False


@dataclass(slots=True)
class Bucket:
    """owner says whose it is, and where; versions are kept where it is versioned, the newest last."""

    name: str
    owner: QueueKey
    versioned: bool = False
    objects: dict[str, list[Stored]] = field(default_factory=dict)

    def find(self, key: str, version: str | None = None) -> Stored | None:
        found = [item for item in self.objects.get(key, ()) if version in (None, item.version)]
        return found[-1] if found and not found[-1].marker else None

    def latest(self) -> list[tuple[str, Stored]]:
        """The keys that have an object, and it, in the order of lists."""
        every = sorted(self.objects, key=in_order)
        return [(key, self.objects[key][-1]) for key in every if not self.objects[key][-1].marker]

    def remove(self, key: str, now: float) -> Stored | None:
        """Remove an object; where versions are kept, return the delete marker that hides them."""
        if not self.versioned:
            self.objects.pop(key, None)
            return None
        kept = self.objects.setdefault(key, [])
        kept.append(Stored(b"", now, "", version=f"v{len(kept) + 1:06}", marker=True))
        return kept[-1]

    def put(
        self,
        key: str,
        body: bytes,
        now: float,
        content_type: str | None = None,
        etag: str | None = None,
        storage_class: str | None = None,
    ) -> Stored:
        """Keep an object.

        etag is for one whose ETag says nothing of its content, as of one in several pieces or encrypted with a key of
        KMS; of all others it is the MD5, which OSS writes in capital letters (in every sample of its documents).
        """
        kept = self.objects.setdefault(key, [])
        md5 = hashlib.md5(body).hexdigest()
        mark = etag or (md5.upper() if self.owner.provider == "oss" else md5)
        item = Stored(body, now, mark, content_type or "binary/octet-stream")
        # As each sample of the documents has it.
        item.storage_class = storage_class or ("Standard" if self.owner.provider == "oss" else "STANDARD")
        if self.versioned:
            item.version = f"v{len(kept) + 1:06}"
        else:
            kept.clear()
        kept.append(item)
        return item


class Buckets:
    """The buckets of each cloud; a name is taken once in a cloud."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def clear(self) -> None:
        self._buckets.clear()

    def find(self, provider: str, name: str) -> Bucket | None:
        return self._buckets.get((provider, name))

    def make(self, owner: QueueKey, name: str, versioned: bool = False) -> Bucket:
        bucket = Bucket(name, owner, versioned)
        return self._buckets.setdefault((owner.provider, name), bucket)
