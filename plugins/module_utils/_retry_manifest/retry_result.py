# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of a task that made a retry manifest. Private to this collection."""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t

from .._core import batch_jobs, display, errors, job_values, object_stores
from .._create import recognition
from .._report import report_result, report_rows

_CODES: t.Final = 100
"""Codes that a result names."""


@dataclasses.dataclass(frozen=True)
class Made:
    """One manifest.

    :param resource: the cloud's name of the object.
    :param count: of its lines.
    :param outcome: changed, unchanged or would_change.
    :param found: what is known of the object; None where it does not exist yet.
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
    """What is not tried again.

    :param tasks: failed tasks, by code, benign ones included.
    :param unwritable: objects that were chosen, and cannot stand in a manifest.
    :param count: objects that failed, are not benign, and are in no manifest.
    :param named: some of these.
    """

    tasks: t.Mapping[str, int]
    unwritable: int
    count: int
    named: t.Sequence[report_rows.ObjectOperation] = ()


def render_retry(
    queue_id: job_values.QueueId,
    made: t.Sequence[Made],
    left: Left,
    job: t.Optional[batch_jobs.Job],
    former: t.Optional[job_values.Values],
) -> job_values.Values:
    """Return the result of a task that made manifests.

    :param former: the former job in the words of batch_job; None where it is not known.
    """
    manifests = [_manifest(item, job) for item in made]
    count = sum(item.count for item in made)
    codes = [
        {"code": display.escape(display.truncate(code)), "count": number}
        for code, number in sorted(left.tasks.items(), key=lambda item: (-item[1], item[0]))
    ]
    left_count = sum(left.tasks.values())
    result: job_values.Values = {
        "changed": _changed(made),
        "jobs": [job_values.render_job(queue_id, job)] if job else [],
        "manifest": manifests[0]["manifest"] if manifests else None,
        "manifests": manifests,
        "count": count,
        "left": codes[:_CODES],
        "left_count": left_count,
        "unwritable": left.unwritable,
        "lost": [report_result.render_task(task) for task in left.named],
        "lost_count": left.count,
        "job": former,
        "diff": _diff(made),
    }
    warnings = _warnings(made, left.unwritable)
    result["msg"] = " ".join([_message(made, count, left_count), *warnings])
    if warnings:
        result["warnings"] = warnings
    return result


def with_made(error: errors.BatchError, made: t.Sequence[Made]) -> errors.BatchError:
    """Return an error that says what was made before it."""
    details: job_values.Values = {"changed": _changed(made), "manifests": [_manifest(item, None) for item in made]}
    return errors.BatchError(error.failure, **{**details, **error.details})


def _changed(made: t.Sequence[Made]) -> bool:
    return any(item.outcome != "unchanged" for item in made)


def token(job: batch_jobs.Job, made: Made) -> str:
    """Return the token of the job that retries a manifest: of the former job and what is in the manifest."""
    digest = hashlib.sha256("\n".join([job.job_id, made.digest]).encode()).hexdigest()
    return f"retry-{digest[:32]}"


def former(
    job: batch_jobs.Job, parameters: t.Mapping[str, t.Any], tags: t.Mapping[str, str], made: t.Sequence[Made]
) -> job_values.Values:
    """Return a job that has ended in the words of batch_job, for one that does the same to other objects."""
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
        # Tags of the cloud's own cannot be set.
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
    rest = f" {left} failed tasks are not tried again." if left else ""
    if not made:
        return f"There is nothing to try again, so there is no manifest.{rest}"
    written = {"changed": "was written", "unchanged": "is there already", "would_change": "would be written"}
    names = "; ".join(f"{item.bucket}/{item.key} ({item.count}) {written[item.outcome]}" for item in made)
    return f"{count} objects are to be tried again: {display.escape(names)}.{rest}"


def _warnings(made: t.Sequence[Made], unwritable: int) -> list[str]:
    found = []
    if unwritable:
        found.append(f"{unwritable} objects are in no manifest, since their key or version cannot stand in one.")
    if len(made) > 1:
        found.append(
            f"{made[1].count} objects have no version in the report; they are in a manifest of their own, the second"
            " one, which acts on the latest version."
        )
    return found
