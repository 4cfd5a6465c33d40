# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of a task that created a retry manifest. Private to this collection."""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t

from .._core import batch_jobs, display, job_values
from .._create import recognition
from .._manifest import made_manifests
from .._report import report_result, report_rows

_CODES: t.Final = 100
"""Maximum number of codes in a result."""


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
    made: t.Sequence[made_manifests.Made],
    left: Left,
    job: t.Optional[batch_jobs.Job],
    former: t.Optional[job_values.Values],
) -> job_values.Values:
    """Return the result of a task that created manifests.

    :param former: the former job as options of batch_job; None if unknown.
    """
    manifests = [made_manifests.render_made(item, token(job, item) if job else None) for item in made]
    count = sum(item.count for item in made)
    codes = [
        {"code": display.escape(display.truncate(code)), "count": number}
        for code, number in sorted(left.tasks.items(), key=lambda item: (-item[1], item[0]))
    ]
    not_retried_count = sum(left.tasks.values())
    result: job_values.Values = {
        "changed": made_manifests.is_changed(made),
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
        "diff": made_manifests.render_diff(made),
    }
    warnings = _warnings(made, left.unsupported_objects)
    result["msg"] = " ".join([_message(made, count, not_retried_count), *warnings])
    if warnings:
        result["warnings"] = warnings
    return result


def token(job: batch_jobs.Job, made: made_manifests.Made) -> str:
    """Return the idempotency token of the retry job, which depends on the former job and the manifest content."""
    digest = hashlib.sha256("\n".join([job.job_id, made.digest]).encode()).hexdigest()
    return f"retry-{digest[:32]}"


def former(
    job: batch_jobs.Job,
    parameters: t.Mapping[str, t.Any],
    tags: t.Mapping[str, str],
    made: t.Sequence[made_manifests.Made],
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


def _message(made: t.Sequence[made_manifests.Made], count: int, left: int) -> str:
    verb = "is" if left == 1 else "are"
    rest = f" {display.count(left, 'failed task')} {verb} not retried." if left else ""
    if not made:
        return f"No objects to retry, so no manifest is required.{rest}"
    return f"{display.count(count, 'object')} to retry: {made_manifests.describe(made)}.{rest}"


def _warnings(made: t.Sequence[made_manifests.Made], unsupported_objects: int) -> list[str]:
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
