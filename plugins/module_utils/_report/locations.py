# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a completion report is, from what the cloud says of the job.

Sources: Amazon S3 User Guide, "Examples: completion reports", and the keys of reports as they were seen. COS and OSS
document no path, so theirs is looked for. Private to this collection.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import dataclasses
import re
import typing as t

from .._core import batch_jobs

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


def of_job(job: batch_jobs.Job) -> t.Optional[Location]:
    """Return where the report of a described job goes; None where it writes none."""
    found = job.extra.get("Report")
    if not isinstance(found, t.Mapping) or str(found.get("Enabled", "")).strip().lower() != "true":
        return None
    parts = {name: str(found.get(name) or "") for name in ("Bucket", "Prefix", "ReportScope")}
    return Location(bucket_name(parts["Bucket"].strip()), parts["Prefix"], parts["ReportScope"].strip())


def expected_rows(job: t.Optional[batch_jobs.Job], scope: str) -> t.Optional[int]:
    """Return how many rows the report of a job has to have; None where nothing tells."""
    progress = job.progress if job else batch_jobs.Progress()
    if progress.succeeded is None and progress.failed is None:
        return None
    succeeded, failed = progress.succeeded or 0, progress.failed or 0
    return failed if scope == "FailedTasksOnly" else succeeded + failed if scope == "AllTasks" else None


def bucket_name(text: str) -> str:
    """Return the name of a bucket from a name, an ARN of any partition, or a resource of COS or OSS.

    What a text of these forms does not name is an empty name.
    """
    if text.startswith("arn:"):
        return text.partition(":::")[2].split("/")[0]
    if text.startswith("oss://"):
        return text[6:].split("/")[0]
    return re.split("[:/]", text)[-1] if text.startswith(("qcs:", "acs:oss:")) else text


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


def of_this_job(keys: t.Iterable[str], job_id: str) -> list[str]:
    """Return the keys that a report of the job may have: a whole part of their path is the id, or job- and the id.

    A part that only holds the id belongs to another job (restore-10 of restore-1), or to our own retry manifests. An
    id that may be a word of people's, such as a date, counts behind job- alone.
    """
    names = {job_id}
    with contextlib.suppress(binascii.Error, ValueError):
        # OSS: the id is Base64 of one that may stand in the path instead.
        names.add(base64.b64decode(job_id, validate=True).decode("ascii"))
    words = [re.escape(name) for name in names if name and name.isprintable()]
    alone = [re.escape(name) for name in names if _MACHINE_MADE.fullmatch(name)]
    part = "|".join([f"job-(?:{'|'.join(words)})", *alone])
    found = re.compile(f"(?:^|/)(?:{part})(?:{_ENDS})?(?:/|$)")
    return [key for key in keys if found.search(key)]


@dataclasses.dataclass(frozen=True)
class Origin:
    """The manifest of a job.

    :param fields: the names of its columns; empty where it names them itself or has none, as an inventory does.
    """

    bucket: str
    key: str
    etag: str
    fields: tuple[str, ...] = ()


def origin(job: batch_jobs.Job) -> t.Optional[Origin]:
    """Return the manifest of a described job; None where the cloud made one by itself."""
    manifest = job.extra.get("Manifest")
    if not isinstance(manifest, t.Mapping):
        return None
    location, spec = manifest.get("Location"), manifest.get("Spec")
    if not isinstance(location, t.Mapping) or not isinstance(spec, t.Mapping):
        return None
    fields = spec.get("Fields") or ()
    names = fields.split(",") if isinstance(fields, str) else fields if isinstance(fields, list) else []
    if location.get("Bucket"):
        bucket, key = str(location["Bucket"]), str(location.get("Object") or "")
    else:
        resource, _slash, key = _split(str(location.get("ObjectArn") or ""))
        bucket = bucket_name(resource)
    etag = str(location.get("ETag") or "").strip('" ')
    return Origin(bucket, key, etag, tuple(str(name).strip() for name in names)) if bucket and key else None


def _split(resource: str) -> tuple[str, str, str]:
    """Split a resource name before the key; COS writes uid/APPID before the bucket."""
    found = re.fullmatch("(qcs:(?:[^/]*uid/[0-9]+:)?[^/]*)/(.+)", resource, re.DOTALL)
    return (found[1], "/", found[2]) if found else resource.partition("/")
