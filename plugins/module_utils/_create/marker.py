# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make and find the marker at the end of a description, by which a job is recognized.

The marker is a digest of the sent request, so that two spellings of one request are one job. The digest must
not change while its jobs are listed: a change of the digest creates duplicate jobs. Private to this collection.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t

_MARK: t.Final = re.compile(r"\[token ([0-9a-f]{12})-([0-9a-f]{8})\]\Z")


class Mark(t.NamedTuple):
    """The beginnings of two digests: the token's finds the job, the content's shows whether it is the same job."""

    token: str
    content: str

    def __str__(self) -> str:
        return f"[token {self.token}-{self.content}]"


NONE: t.Final = Mark("", "")
LENGTH: t.Final = len(f" {Mark('0123456789ab', '01234567')}")
"""Characters of a description that a marker takes."""


def digest(value: t.Any) -> str:
    """Return the digest of a value that JSON can hold, or nearly so."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def make(token: str, content: t.Any) -> Mark:
    """Return the marker of a token and a content."""
    return Mark(digest(token)[:12], digest(content)[:8])


def find(description: str) -> Mark:
    """Return the marker of a description; NONE if it has none."""
    match = _MARK.search(description)
    return Mark(match[1], match[2]) if match else NONE


def strip(description: str) -> str:
    """Return a description without its marker."""
    return _MARK.sub("", description).rstrip()


def canonical(sent: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the digested part of a request in one form: providers take an ETag with and without quotes."""
    content = dict(sent)
    manifest = content.get("Manifest")
    if isinstance(manifest, t.Mapping) and isinstance(manifest.get("Location"), t.Mapping):
        location = manifest["Location"]
        content["Manifest"] = {**manifest, "Location": {**location, "ETag": str(location.get("ETag", "")).strip('" ')}}
    return content


def without_etag(content: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the digested part of a request without the ETag of its manifest object."""
    manifest = content.get("Manifest")
    if not isinstance(manifest, t.Mapping) or not isinstance(manifest.get("Location"), t.Mapping):
        return dict(content)
    location = {name: value for name, value in manifest["Location"].items() if name != "ETag"}
    return {**content, "Manifest": {**manifest, "Location": location}}
