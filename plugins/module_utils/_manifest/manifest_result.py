# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of a task that created manifests from a source. Private to this collection."""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t

from .._core import display, job_values
from . import made_manifests


@dataclasses.dataclass(frozen=True)
class Counts:
    """What became of the rows of a source.

    :param rows: all of them.
    :param filtered: rows that the filter removed.
    :param duplicates: rows of objects that an earlier row has.
    :param unsupported: rows whose key or version a manifest cannot contain.
    :param unsampled: objects that the sample does not contain.
    """

    rows: int = 0
    filtered: int = 0
    duplicates: int = 0
    unsupported: int = 0
    unsampled: int = 0


def render_manifests(made: t.Sequence[made_manifests.Made], counts: Counts, versions: bool) -> job_values.Values:
    """Return the result of a task.

    :param versions: whether the manifests must have versions.
    """
    manifests = [made_manifests.render_made(item, token(item)) for item in made]
    count = sum(item.count for item in made)
    latest = sum(item.count for item in made if "VersionId" not in item.fields) if versions else 0
    warnings = _warnings(counts.unsupported, latest)
    result: job_values.Values = {
        "changed": made_manifests.is_changed(made),
        "manifest": manifests[0]["manifest"] if manifests else None,
        "manifests": manifests,
        "count": count,
        "rows": counts.rows,
        "filtered": counts.filtered,
        "duplicates": counts.duplicates,
        "unsupported_objects": counts.unsupported,
        "diff": made_manifests.render_diff(made),
        "msg": " ".join([_message(made, count, counts), *warnings]),
    }
    if warnings:
        result["warnings"] = warnings
    return result


def token(made: made_manifests.Made) -> str:
    """Return the idempotency token of a job with the manifest, which depends on its content and place."""
    digest = hashlib.sha256("\n".join([made.resource, made.digest]).encode()).hexdigest()
    return f"manifest-{digest[:32]}"


def _message(made: t.Sequence[made_manifests.Made], count: int, counts: Counts) -> str:
    removed = [
        f"{display.count(number, noun)} {words}"
        for number, noun, words in (
            (counts.filtered, "object", "removed by the filter"),
            (counts.duplicates, "duplicate", "removed"),
            (counts.unsampled, "object", "not in the sample"),
        )
        if number
    ]
    rest = f" {'; '.join(removed)}." if removed else ""
    read = f"{display.count(counts.rows, 'row')} read"
    if not made:
        return f"No objects are left, so no manifest is required: {read}.{rest}"
    return f"{display.count(count, 'object')} of {read}: {made_manifests.describe(made)}.{rest}"


def _warnings(unsupported: int, latest: int) -> list[str]:
    found = []
    if unsupported:
        objects = "1 object is" if unsupported == 1 else f"{unsupported} objects are"
        found.append(f"{objects} not in a manifest, because a manifest cannot contain the key.")
    if latest:
        found.append(
            f"{display.count(latest, 'object')} without a version: listed in a separate manifest, which applies to the"
            " latest versions."
        )
    return found
