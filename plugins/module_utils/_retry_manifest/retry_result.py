# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of a task that created a retry manifest. Private to this collection."""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t

from .._core import batch_jobs, display, errors, job_values, object_stores
from .._create import recognition
from .._report import report_result, report_rows

_CODES: t.Final = 100
"""Maximum number of codes in a result."""


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


@dataclasses.dataclass(frozen=True)
class Left:
    """What is not retried.

    :param tasks: number of failed tasks by code, including benign ones.
    :param unsupported_objects: selected objects that a manifest cannot contain.
    :param count: objects that failed, are not benign, and are not in a manifest.
    :param named: some of these.
    """

    tasks: t.Mapping[str, int]
    unsupported_objects: int
    count: int
    named: t.Sequence[report_rows.ObjectOperation] = ()


def render_retry(
    queue_id: job_values.QueueId,
    made: t.Sequence[Made],
    left: Left,
    job: t.Optional[batch_jobs.Job],
    former: t.Optional[job_values.Values],
) -> job_values.Values:
    """Return the result of a task that created manifests.

    :param former: the former job as options of batch_job; None if unknown.
    """
    manifests = [_manifest(item, job) for item in made]
    count = sum(item.count for item in made)
    codes = [
        {"code": display.escape(display.truncate(code)), "count": number}
        for code, number in sorted(left.tasks.items(), key=lambda item: (-item[1], item[0]))
    ]
    not_retried_count = sum(left.tasks.values())
    result: job_values.Values = {
        "changed": _changed(made),
        "jobs": [job_values.render_job(queue_id, job)] if job else [],
        "manifest": manifests[0]["manifest"] if manifests else None,
        "manifests": manifests,
        "count": count,
        "not_retried": codes[:_CODES],
        "not_retried_count": not_retried_count,
        "unsupported_objects": left.unsupported_objects,
        "lost_objects": [report_result.render_task(task) for task in left.named],
        "lost_count": left.count,
        "job": former,
        "diff": _diff(made),
    }
    warnings = _warnings(made, left.unsupported_objects)
    result["msg"] = " ".join([_message(made, count, not_retried_count), *warnings])
    if warnings:
        result["warnings"] = warnings
    return result


def with_made(error: errors.BatchError, made: t.Sequence[Made]) -> errors.BatchError:
    """Return an error that includes the manifests created before it."""
    details: job_values.Values = {"changed": _changed(made), "manifests": [_manifest(item, None) for item in made]}
    return errors.BatchError(error.failure, **{**details, **error.details})


def _changed(made: t.Sequence[Made]) -> bool:
    return any(item.outcome != "unchanged" for item in made)


def token(job: batch_jobs.Job, made: Made) -> str:
    """Return the idempotency token of the retry job, which depends on the former job and the manifest content."""
    digest = hashlib.sha256("\n".join([job.job_id, made.digest]).encode()).hexdigest()
    return f"retry-{digest[:32]}"


def former(
    job: batch_jobs.Job, parameters: t.Mapping[str, t.Any], tags: t.Mapping[str, str], made: t.Sequence[Made]
) -> job_values.Values:
    """Return an ended job as options of batch_job, for a job that does the same with other objects."""
    seen = job.report or batch_jobs.Report(False)
    report = {
        "bucket": seen.bucket,
        "prefix": seen.prefix,
        "scope": seen.scope,
        "expected_bucket_owner": seen.owner,
    }
    return {
        "operation": {job.operation: dict(parameters)},
        "report": {"enabled": seen.enabled, **{key: text for key, text in report.items() if text}},
        "role_arn": job.role,
        "priority": job.priority,
        "description": recognition.strip_marker(job),
        "confirmation_required": bool(job.confirmation_required),
        # Users cannot set the provider's own tags.
        "tags": {key: value for key, value in tags.items() if not key.startswith("aws:")},
        "client_request_token": token(job, made[0]) if made else None,
    }


def _manifest(made: Made, job: t.Optional[batch_jobs.Job]) -> job_values.Values:
    found = made.found
    manifest = {
        "object_arn": made.resource,
        "etag": found.etag if found else "unknown-until-it-is-written",
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
        "client_request_token": token(job, made) if job else None,
    }


def _diff(made: t.Sequence[Made]) -> list[job_values.Values]:
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


def _message(made: t.Sequence[Made], count: int, left: int) -> str:
    verb = "is" if left == 1 else "are"
    rest = f" {display.count(left, 'failed task')} {verb} not retried." if left else ""
    if not made:
        return f"No objects to retry, so no manifest is required.{rest}"
    written = {"changed": "created", "unchanged": "already exists", "would_change": "would be created"}
    names = "; ".join(
        f"manifest {item.bucket}/{item.key} ({display.count(item.count, 'object')}) {written[item.outcome]}"
        for item in made
    )
    return f"{display.count(count, 'object')} to retry: {display.escape(names)}.{rest}"


def _warnings(made: t.Sequence[Made], unsupported_objects: int) -> list[str]:
    found = []
    if unsupported_objects:
        objects = "1 object is" if unsupported_objects == 1 else f"{unsupported_objects} objects are"
        found.append(f"{objects} not in a manifest, because a manifest cannot contain the key or version.")
    if len(made) > 1:
        found.append(
            f"{display.count(made[1].count, 'object')} without a version in the report: listed in the second manifest,"
            " which applies to the latest versions."
        )
    return found
