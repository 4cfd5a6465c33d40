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

from ansible_collections.objectstore.batch.plugins.module_utils._model import job as _job

MANIFEST: t.Final = "manifest.json"


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


def of_job(job: _job.Job) -> t.Optional[Location]:
    """Return where the report of a described job goes; None where it writes none."""
    found = job.extra.get("Report")
    if not isinstance(found, t.Mapping) or str(found.get("Enabled", "")).strip().lower() != "true":
        return None
    parts = {name: str(found.get(name) or "") for name in ("Bucket", "Prefix", "ReportScope")}
    return Location(bucket_name(parts["Bucket"].strip()), parts["Prefix"], parts["ReportScope"].strip())


def expected_rows(job: t.Optional[_job.Job], scope: str) -> t.Optional[int]:
    """Return how many rows the report of a job has to have; None where nothing tells."""
    progress = job.progress if job else _job.Progress()
    if progress.succeeded is None and progress.failed is None:
        return None
    succeeded, failed = progress.succeeded or 0, progress.failed or 0
    return failed if scope == "FailedTasksOnly" else succeeded + failed if scope == "AllTasks" else None


def bucket_name(text: str) -> str:
    """Return the name of a bucket from a name, an ARN of any partition, or a resource of COS."""
    if text.startswith("arn:"):
        return text.split(":::")[-1].split("/")[0]
    return re.split("[:/]", text)[-1] if text.startswith("qcs:") else text


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
    """Return the keys whose path holds the id of the job, as it is or, on OSS, decoded."""
    names = {job_id}
    with contextlib.suppress(binascii.Error, UnicodeDecodeError):
        names.add(base64.b64decode(job_id, validate=True).decode("ascii"))
    names = {name for name in names if len(name) > 4}
    return [key for key in keys if any(name in key for name in names)]


@dataclasses.dataclass(frozen=True)
class Origin:
    """The manifest of a job.

    :param fields: the names of its columns; empty where it names them itself or has none, as an inventory does.
    """

    bucket: str
    key: str
    etag: str
    fields: tuple[str, ...] = ()


def origin(job: _job.Job) -> t.Optional[Origin]:
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
