# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the manifests that a task has written, for every module that writes some. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import display, errors, job_values, object_stores
from . import manifest_place

_WORDS: t.Final = {"changed": "created", "unchanged": "already exists", "would_change": "would be created"}


@dataclasses.dataclass(frozen=True)
class Made:
    """One manifest.

    :param resource: the provider's name of the object, such as an ARN.
    :param count: number of lines.
    :param outcome: changed, unchanged, or would_change.
    :param found: the data of the object; None if it does not exist yet.
    :param first: its first lines.
    """

    bucket: str
    key: str
    resource: str
    fields: tuple[str, ...]
    count: int
    outcome: str
    found: t.Optional[object_stores.Found] = None
    first: tuple[bytes, ...] = ()
    digest: str = ""


def is_changed(made: t.Sequence[Made]) -> bool:
    """Whether a manifest was created, or would be created."""
    return any(item.outcome != "unchanged" for item in made)


def with_made(error: errors.BatchError, made: t.Sequence[Made]) -> errors.BatchError:
    """Return an error that includes the manifests created before it."""
    details: job_values.Values = {"changed": is_changed(made), "manifests": [render_made(item, None) for item in made]}
    return errors.BatchError(error.failure, **{**details, **error.details})


def render_made(made: Made, token: t.Optional[str]) -> job_values.Values:
    """Return a manifest as modules show it.

    :param token: the idempotency token of its job; None if there is none.
    """
    found = made.found
    manifest = {
        "object_arn": made.resource,
        "etag": found.etag if found else manifest_place.UNWRITTEN,
        "format": "csv",
        "fields": list(made.fields),
        **({"version_id": found.version} if found and found.version else {}),
    }
    return {
        "bucket": made.bucket,
        "key": made.key,
        "count": made.count,
        "outcome": made.outcome,
        "manifest": manifest,
        "client_request_token": token,
    }


def render_diff(made: t.Sequence[Made]) -> list[job_values.Values]:
    """Return the diff of a task: the first lines of each new manifest."""
    diffs = []
    for item in made:
        if item.outcome != "unchanged":
            lines = [display.escape(line.decode("utf-8", "surrogateescape").rstrip("\n")) + "\n" for line in item.first]
            more = item.count - len(lines)
            after = "".join(lines) + (f"... and {more} more\n" if more else "")
            name = f"{item.bucket}/{item.key}"
            header = {"before_header": f"{name} (absent)", "after_header": name}
            diffs.append({**header, "before": "", "after": after})
    return diffs


def describe(made: t.Sequence[Made]) -> str:
    """Return what happened to each manifest, for a message."""
    names = [
        f"manifest {item.bucket}/{item.key} ({display.count(item.count, 'object')}) {_WORDS[item.outcome]}"
        for item in made
    ]
    return display.escape("; ".join(names))
