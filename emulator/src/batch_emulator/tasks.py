# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of jobs whose manifest is in a bucket that is here: the manifest is read, each row has its fate, and a
report is written. Jobs of other manifests have tasks in number only.

Sources: Amazon S3 User Guide, "Specifying a manifest", "Examples: completion reports", "Troubleshooting Batch
Operations"; reports of real jobs for the order of columns, CRLF, prefixes and times. COS and OSS document no layout;
here they write that of S3.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from . import checksums
from .buckets import Buckets, Stored
from .clock import iso
from .jobs import Job
from .settings import Settings

SCHEMA = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"
_FORMATS = {"aws": "Report_CSV_20180820", "cos": "Report_CSV_V1", "oss": "Report_CSV_20250611"}
_RESTORES = "InitiateRestoreObject"
_PERMANENT = "PermanentFailure"


class Row(NamedTuple):
    """One line of a manifest; the version is missing if the manifest has no such column."""

    bucket: str
    key: str
    version: str | None


class Fault(NamedTuple):
    code: str
    reason: str


class Tasks:
    def __init__(self, buckets: Buckets, settings: Settings) -> None:
        self._buckets = buckets
        self._settings = settings
        # How often each object was worked on, by rule.
        self._tried: Counter[tuple[int, str, str, str]] = Counter()

    def clear(self) -> None:
        self._tried.clear()

    def prepare(self, job: Job) -> Fault | None:
        """Read the manifest of a job; what is wrong with it, None where nothing is."""
        place = _manifest(job)
        bucket = self._buckets.find(job.queue.provider, place.bucket) if place else None
        if place is None or bucket is None:
            return None
        item = bucket.find(place.key, place.version)
        if item is None:
            return Fault("ManifestNotFound", "Manifest object was not found")
        # OSS's samples have both letter cases.
        if item.etag.lower() != place.etag.lower():
            return Fault("ManifestNotFound", "Etag mismatch reading manifest")
        rows = _rows(item.body, place.fields)
        if isinstance(rows, Fault):
            return rows
        job.rows = rows
        job.tasks_total = len(rows)
        failing = sum(self._fate(job, row, False) is not None for row in rows)
        job.failing_share = failing / len(rows) if rows else 0.0
        return None

    def finish(self, job: Job, at: float) -> Callable[[], None] | None:
        """Count the results of the rows that a job has processed; only the commit of the report remains."""
        if job.rows is None:
            return None
        done = job.rows[: job.tasks_done]
        fates = [(row, self._fate(job, row, True)) for row in done]
        job.rows = None
        job.tasks_failed = sum(fate is not None for _row, fate in fates)
        return self._report(job, fates, at) if done else None

    def _fate(self, job: Job, row: Row, counted: bool) -> tuple[str, int, str] | None:
        """Code, HTTP status and message of a task that fails, None for one that succeeds."""
        bucket = self._buckets.find(job.queue.provider, row.bucket)
        # Without the bucket, the emulator knows nothing about its objects.
        if checksums.OPERATION in job.operation and bucket is not None:
            if self._object(job, row) is None:
                return _PERMANENT, 200, checksums.failure("Key not found", 404)
            if not checksums.knows(job.documents["Operation"]):
                return _PERMANENT, 200, checksums.failure("The emulator does not compute this algorithm", 500)
        # COS documents keys in manifests as plain: an encoded key must be decoded before it is written.
        key = row.key if job.queue.provider == "cos" else unquote(row.key)
        if bucket is not None and bucket.find(key) is None:
            return "NoSuchKey", 404, "The specified key does not exist."
        for number, rule in enumerate(self._settings.task_rules):
            if not re.search(rule["key"], row.key):
                continue
            tried = (number, job.queue.provider, row.bucket, row.key)
            times = rule.get("times")
            if times is None or self._tried[tried] < times:
                self._tried[tried] += counted
                return str(rule["code"]), int(rule.get("http_status", 500)), str(rule.get("message", "It failed."))
        return None

    def _object(self, job: Job, row: Row) -> Stored | None:
        bucket = self._buckets.find(job.queue.provider, row.bucket)
        return bucket.find(unquote(row.key), row.version or None) if bucket is not None else None

    def _success(self, job: Job, row: Row) -> str:
        """The message of a task that succeeds."""
        item = self._object(job, row) if checksums.OPERATION in job.operation else None
        if item is not None:
            return checksums.success(job.documents["Operation"], item.body, item.etag)
        return "Successful" if _RESTORES in job.operation else "success"

    def _report(
        self, job: Job, fates: list[tuple[Row, tuple[str, int, str] | None]], at: float
    ) -> Callable[[], None] | None:
        """Write the files of a report; what writes its manifest.json, None where the job has no report."""
        tree = ET.fromstring(job.documents.get("Report", "<Report/>"))
        bucket = self._buckets.find(job.queue.provider, _bucket(tree.findtext("Bucket") or ""))
        if (tree.findtext("Enabled") or "").lower() != "true" or bucket is None:
            return None
        prefix = tree.findtext("Prefix") or ""
        # Glued on with a slash, also where the prefix ends in one.
        folder = f"{prefix}/job-{job.job_id}" if prefix else f"job-{job.job_id}"
        files = {"failed": [pair for pair in fates if pair[1] is not None]}
        if tree.findtext("ReportScope") == "AllTasks":
            files = {"succeeded": [pair for pair in fates if pair[1] is None], **files}
        results = []
        for status, pairs in files.items():
            if not pairs:
                continue
            text = "".join(_line(row, status, fate or ("", 200, self._success(job, row))) for row, fate in pairs)
            body = text.encode("utf-8", "surrogateescape")
            key = f"{folder}/results/{hashlib.sha1(body).hexdigest()}.csv"
            bucket.put(key, body, at)
            md5 = hashlib.md5(body).hexdigest()
            results.append({"TaskExecutionStatus": status, "Bucket": bucket.name, "MD5Checksum": md5, "Key": key})
        manifest = {
            "Format": _FORMATS[job.queue.provider],
            "ReportCreationDate": f"{iso(at)[:-1]}.474712072Z",
            "Results": results,
            "ReportSchema": SCHEMA,
        }
        content = json.dumps(manifest).encode()

        def commit() -> None:
            bucket.put(f"{folder}/manifest.json", content, at + self._settings.report_delay)
            md5 = hashlib.md5(content).hexdigest().encode()
            bucket.put(f"{folder}/manifest.json.md5", md5, at + self._settings.report_delay)

        return commit


class _Place(NamedTuple):
    bucket: str
    key: str
    version: str | None
    etag: str
    fields: list[str]


def _manifest(job: Job) -> _Place | None:
    """Where the CSV manifest of a job is; None where it has none."""
    if "Manifest" not in job.documents:
        return None
    tree = ET.fromstring(job.documents["Manifest"])
    fields = [item.text or "" for item in tree.iterfind("Spec/Fields/member")]
    if not fields:
        fields = [name.strip() for name in (tree.findtext("Spec/Fields") or "").split(",") if name.strip()]
    version = tree.findtext("Location/ObjectVersionId") or tree.findtext("Location/VersionId")
    etag = (tree.findtext("Location/ETag") or "").strip('"')
    name, key = tree.findtext("Location/Bucket"), tree.findtext("Location/Object")
    if not name:
        arn = tree.findtext("Location/ObjectArn") or ""
        found = re.fullmatch(
            r"arn:[^:]+:s3:::([^/]+)/(.+)|qcs::cos:[^:/]*:(?:uid/[0-9]+)?:([^/]+)/(.+)", arn, re.DOTALL
        )
        name, key = (found[1] or found[3], found[2] or found[4]) if found else (None, None)
    return _Place(name, key, version, etag, fields) if name and key and {"Bucket", "Key"} <= set(fields) else None


def _rows(body: bytes, fields: list[str]) -> list[Row] | Fault:
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8", "surrogateescape"), newline="")))
    except csv.Error as error:
        return Fault("InvalidManifestContent", f"The manifest could not be parsed: {error}")
    rows = []
    for number, line in enumerate(lines, 1):
        cells = dict(zip(fields, line, strict=False))
        if len(line) != len(fields) or not cells["Bucket"] or not cells["Key"]:
            reason = f"Required fields are missing in the schema: line {number}"
            return Fault("InvalidManifestContent", reason)
        rows.append(Row(cells["Bucket"], cells["Key"], cells.get("VersionId")))
    return rows


def _line(row: Row, status: str, fate: tuple[str, int, str]) -> str:
    # The status before the code, although the schema says the opposite.
    version = "" if row.version is None else row.version or "\\N"
    code, http_status, message = fate
    if status == "failed" and code != _PERMANENT:
        message += (
            f" (Service: Amazon S3; Status Code: {http_status}; Error Code: {code}; Request ID: {_id()}; Proxy: null)"
        )
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([row.bucket, row.key, version, status, http_status, code, message])
    return text.getvalue()


def _id() -> str:
    return uuid.uuid4().hex[:16].upper()


def _bucket(resource: str) -> str:
    return resource.rpartition(":")[2].partition("/")[0]
