# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the location of a completion report from the provider's data about the job.

Sources: Amazon S3 User Guide, "Examples: completion reports", and the keys of real reports. COS and OSS do not document
a path, so their reports are searched. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._core import batch_jobs, providers

MANIFEST: t.Final = "manifest.json"
_ENDS: t.Final = r"\.csv|\.csv\.gz|\.json"
_MACHINE_MADE: t.Final = re.compile(
    "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}|[A-Za-z0-9+/]{43}="
)
"""A machine-generated ID: a UUID, 32 hexadecimal digits, or 32 bytes in Base64."""


@dataclasses.dataclass(frozen=True)
class Location:
    """A bucket and the prefix of its reports.

    :param bucket: the plain name.
    :param scope: AllTasks or FailedTasksOnly; empty if unknown.
    :param manifest: the key of the report's manifest.json, if known.
    """

    bucket: str
    prefix: str = ""
    scope: str = ""
    manifest: str = ""


def of_job(job: batch_jobs.Job, traits: providers.Traits) -> t.Optional[Location]:
    """Return the report location of a described job; None if the job has no report."""
    target = job.report
    if target is None or not target.enabled:
        return None
    return Location(traits.reports.bucket_name(target.bucket), target.prefix, target.scope)


def expected_rows(job: t.Optional[batch_jobs.Job], scope: str) -> t.Optional[int]:
    """Return the expected number of rows in the report of a job; None if unknown."""
    progress = job.progress if job else batch_jobs.Progress()
    if progress.succeeded is None and progress.failed is None:
        return None
    succeeded, failed = progress.succeeded or 0, progress.failed or 0
    return failed if scope == "FailedTasksOnly" else succeeded + failed if scope == "AllTasks" else None


def manifests(location: Location, job_id: str) -> list[str]:
    """Return the possible keys of a report's manifest, the likeliest first.

    A slash follows the prefix even if the prefix ends with one, because S3 builds keys so.
    """
    if location.manifest:
        return [location.manifest]
    prefix = location.prefix
    glued = f"{prefix}/job-{job_id}/{MANIFEST}" if prefix else f"job-{job_id}/{MANIFEST}"
    bare = f"{prefix.rstrip('/')}/job-{job_id}/{MANIFEST}".lstrip("/")
    return list(dict.fromkeys([glued, bare]))


def of_this_job(keys: t.Iterable[str], names: t.Collection[str]) -> list[str]:
    """Return the possible keys of a report of the job: a whole part of the path is a name, or job- and a name.

    A part that only contains the name belongs to another job (restore-10 of restore-1), or to a retry manifest. A name
    that a person could choose, such as a date, counts only after job-.

    :param names: the ID of the job, and what can represent it in a path.
    """
    words = [re.escape(name) for name in names if name and name.isprintable()]
    if not words:
        return []
    alone = [re.escape(name) for name in names if _MACHINE_MADE.fullmatch(name)]
    part = "|".join([f"job-(?:{'|'.join(words)})", *alone])
    found = re.compile(f"(?:^|/)(?:{part})(?:{_ENDS})?(?:/|$)")
    return [key for key in keys if found.search(key)]
