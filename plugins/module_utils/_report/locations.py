# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute where a completion report is, from what the provider says of the job.

Sources: Amazon S3 User Guide, "Examples: completion reports", and the keys of reports as they were seen. COS and OSS
document no path, so theirs is looked for. Private to this collection.
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
"""An id that nobody thinks up: a UUID, 32 hexadecimal digits, or those in Base64."""


@dataclasses.dataclass(frozen=True)
class Location:
    """A bucket, and what the keys of its reports begin with.

    :param bucket: the plain name.
    :param scope: AllTasks or FailedTasksOnly; empty where it is not known.
    :param manifest: the key of the report's manifest.json, where it is known.
    """

    bucket: str
    prefix: str = ""
    scope: str = ""
    manifest: str = ""


def of_job(job: batch_jobs.Job, traits: providers.Traits) -> t.Optional[Location]:
    """Return where the report of a described job goes; None where it writes none."""
    target = job.report
    if target is None or not target.enabled:
        return None
    return Location(traits.reports.bucket_name(target.bucket), target.prefix, target.scope)


def expected_rows(job: t.Optional[batch_jobs.Job], scope: str) -> t.Optional[int]:
    """Return how many rows the report of a job has to have; None where nothing tells."""
    progress = job.progress if job else batch_jobs.Progress()
    if progress.succeeded is None and progress.failed is None:
        return None
    succeeded, failed = progress.succeeded or 0, progress.failed or 0
    return failed if scope == "FailedTasksOnly" else succeeded + failed if scope == "AllTasks" else None


def manifests(location: Location, job_id: str) -> list[str]:
    """Return the keys that a report's manifest may have, the likeliest first.

    The prefix is glued on with a slash even where it ends in one, as S3 does it.
    """
    if location.manifest:
        return [location.manifest]
    prefix = location.prefix
    glued = f"{prefix}/job-{job_id}/{MANIFEST}" if prefix else f"job-{job_id}/{MANIFEST}"
    bare = f"{prefix.rstrip('/')}/job-{job_id}/{MANIFEST}".lstrip("/")
    return list(dict.fromkeys([glued, bare]))


def of_this_job(keys: t.Iterable[str], names: t.Collection[str]) -> list[str]:
    """Return the keys that a report of the job may have: a whole part of their path is a name, or job- and a name.

    A part that only holds the name belongs to another job (restore-10 of restore-1), or to our own retry manifests. A
    name that may be a word of people's, such as a date, counts behind job- alone.

    :param names: the ID of the job, and what may stand for it in a path.
    """
    words = [re.escape(name) for name in names if name and name.isprintable()]
    if not words:
        return []
    alone = [re.escape(name) for name in names if _MACHINE_MADE.fullmatch(name)]
    part = "|".join([f"job-(?:{'|'.join(words)})", *alone])
    found = re.compile(f"(?:^|/)(?:{part})(?:{_ENDS})?(?:/|$)")
    return [key for key in keys if found.search(key)]
