# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion reports byte for byte as S3 writes them, put into the emulator's buckets by hand."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing as t

from batch_emulator.accounts import OSS_UID

from .clouds import JOB_ID, Cloud

SCHEMA = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"
BUCKET = "reports-1250000000"


def resource(cloud: Cloud, bucket: str = BUCKET) -> str:
    """What the cloud calls a bucket in a job's report."""
    return {"aws": f"arn:aws-cn:s3:::{bucket}", "cos": f"qcs::cos:ap-guangzhou:uid/1250000000:{bucket}"}.get(
        cloud.provider, bucket
    )


@dataclasses.dataclass
class Report:
    """A report, and the job that it is about.

    :param rows: bytes of the CSV files, by the status of their tasks.
    :param manifest: changes of manifest.json.
    :param bucket: its name.
    """

    rows: dict[str, bytes]
    prefix: str = "some/where"
    scope: str = "AllTasks"
    job: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    manifest: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    bucket: str = BUCKET

    def put(self, cloud: Cloud) -> str:
        """Seed the job and write its report; return the key of its manifest.json."""
        emulator = cloud.emulator
        place = cloud.account.connection
        emulator.make_bucket(cloud.provider, self.bucket, place.get("account_id", OSS_UID), place["region"])
        prefix = f"<Prefix>{self.prefix}</Prefix>" if self.prefix else ""
        report = f"<Report><Enabled>true</Enabled><Bucket>{resource(cloud, self.bucket)}</Bucket>{prefix}"
        job = {"job_id": JOB_ID, "status": "Complete", **self.job}
        cloud.seed({**job, "extra_xml": f"{report}<ReportScope>{self.scope}</ReportScope></Report>"})
        name = f"job-{cloud.names.encode(job['job_id'], 'job_id')}"
        folder = f"{self.prefix}/{name}" if self.prefix else name
        results = []
        for status, body in self.rows.items():
            key = f"{folder}/results/{hashlib.sha1(body).hexdigest()}.csv"
            emulator.put_object(cloud.provider, self.bucket, key, body)
            md5 = hashlib.md5(body).hexdigest()
            results.append({"TaskExecutionStatus": status, "Bucket": self.bucket, "MD5Checksum": md5, "Key": key})
        manifest = {
            "Format": "Report_CSV_20180820",
            "ReportCreationDate": "2026-08-27T09:49:46.474712072Z",
            "Results": results,
            "ReportSchema": SCHEMA,
            **self.manifest,
        }
        key = f"{folder}/manifest.json"
        emulator.put_object(cloud.provider, self.bucket, key, json.dumps(manifest).encode())
        return key
