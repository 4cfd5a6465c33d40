# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_manifest: read a source, select its objects, and write them to manifests idempotently.

Private to this collection.
"""

from __future__ import annotations

import datetime
import itertools
import typing as t

from .._clouds import stores
from .._core import errors, job_values, providers
from .._requests import downloads, sessions
from . import external_sort, line_choice, manifest_options, manifest_result, manifest_sources, manifest_writer

_MOST: t.Final = 1000
"""Manifests of one task."""
_PINNED: t.Final = ("Bucket", "Key", "VersionId")
_LATEST: t.Final = ("Bucket", "Key")


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> manifest_options.ManifestTask:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    now = datetime.datetime.now(datetime.timezone.utc)
    return manifest_options.parse_task(params, traits, now)


def execute(
    session: sessions.Session,
    task: manifest_options.ManifestTask,
    check_mode: bool,
    queue_id: job_values.QueueId,
) -> job_values.Values:
    """Write the manifests; return the module's result."""
    reader = downloads.Reader(stores.STORES[queue_id.provider](session.provider), session.sender)
    found = manifest_sources.collect(reader, session.provider.traits, task)
    sorters = [found.pinned, found.latest]
    counter = line_choice.Counter()
    if task.sample is not None:
        sorters = line_choice.sample([counter.counted(lines.lines()) for lines in sorters], task.sample)
    _check_number(session.provider.traits, task, found.kept, sorters)
    writer = manifest_writer.ManifestWriter(reader, session.sender, task.bucket, task.prefix, check_mode)
    for sorter, fields in zip(sorters, (_PINNED, _LATEST)):
        lines = sorter.lines() if task.sample is not None else counter.counted(sorter.lines())
        for part in line_choice.parts(lines, task.split, task.by_bucket):
            writer.write(part, fields)
    count = sum(item.count for item in writer.made)
    counts = manifest_result.Counts(
        found.rows, found.filtered, found.kept - counter.count, found.unsupported, counter.count - count
    )
    return {"jobs": [], **manifest_result.render_manifests(writer.made, counts, task.versions)}


def _check_number(
    traits: providers.Traits,
    task: manifest_options.ManifestTask,
    kept: int,
    sorters: t.Sequence[external_sort.ExternalSorter],
) -> None:
    """Reject a task that would write very many manifests, before the first one.

    :param kept: number of lines, including duplicates.
    :raises BatchError: kind unsupported.
    """
    if not task.by_bucket and (task.split is None or kept <= task.split * _MOST):
        return
    number = 0
    for sorter in sorters:
        for _part in itertools.islice(line_choice.parts(sorter.lines(), task.split, task.by_bucket), _MOST + 1):
            number += 1
    if number > _MOST:
        text = f"the task would create more than {_MOST} manifests"
        hint = "Set a larger split_count, or a filter. No changes were made."
        raise errors.BatchError(traits.failure("unsupported", text, hint=hint))
