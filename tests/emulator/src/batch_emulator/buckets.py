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
    """One object; its ETag is the MD5 of its body, as of everything that is put in one piece."""

    body: bytes
    modified: float
    content_type: str = "binary/octet-stream"
    version: str | None = None
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        self.etag = hashlib.md5(self.body).hexdigest()


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

    def put(self, key: str, body: bytes, now: float, content_type: str | None = None) -> Stored:
        kept = self.objects.setdefault(key, [])
        item = Stored(body, now, content_type or "binary/octet-stream")
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
