# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Buckets and their objects: as much of object storage as manifests and reports need."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from .jobs import QueueKey


@dataclass(slots=True)
class Stored:
    """One object."""

    body: bytes
    modified: float
    etag: str
    content_type: str = "binary/octet-stream"
    version: str | None = None


@dataclass(slots=True)
class Bucket:
    """owner says whose it is, and where; versions are kept where it is versioned, the newest last."""

    name: str
    owner: QueueKey
    versioned: bool = False
    objects: dict[str, list[Stored]] = field(default_factory=dict)

    def find(self, key: str, version: str | None = None) -> Stored | None:
        found = [item for item in self.objects.get(key, ()) if version in (None, item.version)]
        return found[-1] if found else None

    def put(
        self, key: str, body: bytes, now: float, content_type: str | None = None, etag: str | None = None
    ) -> Stored:
        """Keep an object.

        etag is for one whose ETag says nothing of its content, as of one in several pieces or encrypted with a key of
        KMS; of all others it is the MD5, which OSS writes in capital letters (in every sample of its documents).
        """
        kept = self.objects.setdefault(key, [])
        md5 = hashlib.md5(body).hexdigest()
        mark = etag or (md5.upper() if self.owner.provider == "oss" else md5)
        item = Stored(body, now, mark, content_type or "binary/octet-stream")
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
