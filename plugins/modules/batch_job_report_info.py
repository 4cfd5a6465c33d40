#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_report_info
short_description: Read the completion report of an object-storage batch job
version_added: 1.0.0
description:
  - Reads the completion report of a batch job of AWS S3 Batch Operations, Tencent COS or Alibaba Cloud OSS, and tells
    how many tasks failed, with which codes, whether another try is worth it, and which objects they are.
  - V(Complete) never means that all objects succeeded; the failed ones are named nowhere but in the report.
  - Reports of any size are read as streams, row by row. A file whose MD5 is not the one that the report names is
    refused.
  - AWS documents its reports. COS and OSS do not document theirs, so they are looked for below the prefix and checked
    by what they hold. What is of no known form is never guessed at, and the error says what was seen instead.
extends_documentation_fragment:
  - objectstore.batch.attributes.info
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.report
options:
  limit:
    description: How many failed objects RV(failures) names, 10000 at the most.
    type: int
    default: 100
  benign:
    description:
      - Codes of failed tasks that are no failure, since the object is as the task wants it already.
      - If not set, V(RestoreAlreadyInProgress) for restores. An empty list is none.
      - Each must be text that is not empty.
    type: list
    elements: raw
author:
  - objectstore.batch contributors (@objectstore-batch)
requirements:
  - boto3 >= 1.34.0 (provider=aws)
  - requests >= 2.31.0 (provider=cos, provider=oss)
seealso:
  - module: objectstore.batch.batch_retry_manifest
  - module: objectstore.batch.batch_job_wait
"""

EXAMPLES = r"""
- name: What failed, and why
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    wait_for_report: 10m
  register: report

- name: Say it
  ansible.builtin.debug:
    msg: "{{ report.msg }}"

- name: Name every object that failed, and take what is gone for done
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    limit: 10000
    benign: [RestoreAlreadyInProgress, NoSuchKey]

- name: Read the report of a job that the cloud has forgotten
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    location:
      bucket: reports
      prefix: restores
"""

RETURN = r"""
msg:
  description: What happened, in a sentence; on failure what is wrong and what to do next.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: 988 tasks succeeded, 12 failed: 10 InternalError, 2 NoSuchKey.
    10 of the failed ones can be tried again as they are.'
report:
  description: The report that was read.
  returned: when the report was found
  type: dict
  contains:
    bucket:
      description: The bucket, by its name.
      type: str
      sample: reports
    prefix:
      description: The prefix, as the job was created with it.
      type: str
      sample: restores
    manifest:
      description: The key of the report's C(manifest.json); empty where it has none.
      type: str
      sample: restores/job-6f1f7ff1-5e6c-4b7a-9f3a-000000000001/manifest.json
    scope:
      description: V(AllTasks) or V(FailedTasksOnly); empty where it is not known.
      type: str
      sample: AllTasks
    format:
      description: The cloud's word for the format.
      type: str
      sample: Report_CSV_20180820
    written:
      description: When the C(manifest.json) was written, which is the last of the report, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T04:10:00Z'
    files:
      description: How many files the report has.
      type: int
      sample: 2
    checksums:
      description: Whether the report names the MD5 of every file, all of which were found to be right.
      type: bool
    rows:
      description: How many tasks the report names.
      type: int
      sample: 1000
    malformed_rows:
      description: How many rows have another number of columns than the first one; they count nowhere else.
      type: int
      sample: 0
    complete:
      description:
        - Whether the report names as many tasks as the job has counted.
        - Null where the cloud was not asked for the job, or does not say.
      type: bool
succeeded:
  description: How many tasks succeeded, as the report says.
  returned: when the report was found
  type: int
  sample: 988
failed_tasks:
  description: How many tasks failed, benign ones included.
  returned: when the report was found
  type: int
  sample: 12
benign:
  description: How many of them have a code of O(benign).
  returned: when the report was found
  type: int
  sample: 0
never_attempted:
  description:
    - How many tasks the job never started, as after too many failures. No report names them.
    - Null where nothing tells.
  returned: when the report was found
  type: int
  sample: 0
codes:
  description: The codes of the failed tasks, the most frequent first.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    code:
      description: The code, as it stands in the report.
      type: str
      sample: InternalError
    http_status:
      description: The HTTP status; null where the report names none.
      type: int
      sample: 500
    count:
      description: How many tasks failed with it.
      type: int
      sample: 10
    again:
      description:
        - Whether another try is worth it. V(yes) as it is, V(fixed) once the cause is mended, V(no) never, V(done)
          where there is nothing left to do.
        - The page C(docs/report-codes.md) of the repository lists them.
      type: str
      sample: 'yes'
    benign:
      description: Whether it is a code of O(benign).
      type: bool
    sample:
      description: One task that has it, with the keys of RV(failures) but the code, and C(request_id).
      type: dict
failures:
  description: The first failed tasks, as many as O(limit) allows.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    bucket:
      description: The bucket of the object.
      type: str
      sample: archive
    key:
      description: The key as it stands in the manifest and in the report, which is often URL-encoded.
      type: str
      sample: films/a%20b.mov
    decoded_key:
      description: The key, decoded.
      type: str
      sample: films/a b.mov
    version_id:
      description: The version as the report writes it, which may be empty, C(null) or C(\N) where there is none.
      type: str
    code:
      description: The code.
      type: str
      sample: InternalError
    http_status:
      description: The HTTP status; null where the report names none.
      type: int
      sample: 500
    message:
      description: The message, without ids of requests.
      type: str
      sample: We encountered an internal error. Please try again.
    again:
      description: As RV(codes[].again).
      type: str
      sample: 'yes'
    benign:
      description: As RV(codes[].benign).
      type: bool
job:
  description: The job; the only element of RV(jobs).
  returned: when the cloud was asked for the job
  type: dict
  contains:
    provider:
      description: The cloud.
      type: str
      sample: aws
    region:
      description: The region.
      type: str
      sample: eu-central-1
    account_id:
      description: AWS account id or COS UIN; empty on OSS where the task names no account.
      type: str
      sample: '111122223333'
    job_id:
      description: The job's id.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: The job's status, in the cloud's own words.
      type: str
      sample: Ready
    priority:
      description: The job's priority, higher first; null where the cloud names none.
      type: int
      sample: 900
    class:
      description: The name of exactly this priority, see O(classes); null where it has none.
      type: str
      sample: high
    description:
      description: The job's description.
      type: str
    operation:
      description: The cloud's name of the operation.
      type: str
      sample: S3InitiateRestoreObject
    progress:
      description: Counts of tasks (C(total), C(succeeded), C(failed)); null where the cloud has not counted yet.
      type: dict
    created:
      description: Time of creation, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T03:00:00Z'
jobs:
  description: The jobs that the task is about. Empty when the task failed before a job could be read.
  returned: always
  type: list
  elements: dict
  contains:
    provider:
      description: The cloud.
      type: str
      sample: aws
    region:
      description: The region.
      type: str
      sample: eu-central-1
    account_id:
      description: AWS account id or COS UIN; empty on OSS where the task names no account.
      type: str
      sample: '111122223333'
    job_id:
      description: The job's id.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: The job's status, in the cloud's own words.
      type: str
      sample: Ready
    priority:
      description: The job's priority, higher first; null where the cloud names none.
      type: int
      sample: 900
    class:
      description: The name of exactly this priority, see O(classes); null where it has none.
      type: str
      sample: high
    description:
      description: The job's description.
      type: str
    operation:
      description: The cloud's name of the operation.
      type: str
      sample: S3InitiateRestoreObject
    progress:
      description: Counts of tasks (C(total), C(succeeded), C(failed)); null where the cloud has not counted yet.
      type: dict
    created:
      description: Time of creation, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T03:00:00Z'
error:
  description: What went wrong.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - Stable across clouds and releases.
        - One of V(not_found), V(ended), V(not_updatable), V(conflict), V(denied), V(invalid), V(throttled), V(quota),
          V(clock_skew), V(credentials), V(unreachable), V(timeout), V(unavailable), V(bad_answer), V(unsupported),
          V(no_report), V(not_ready), V(not_recognised), V(missing_dependency), V(interrupted).
      type: str
      sample: not_ready
    code:
      description: The cloud's raw error code; empty where there was none.
      type: str
      sample: ''
    http_status:
      description: The HTTP status; null where there was no answer. Not reliable on AWS, so do not branch on it.
      type: int
      sample: 404
    message:
      description: The cloud's own words, or a sentence of this module.
      type: str
    request_id:
      description: The cloud's id of the request, for a support case.
      type: str
    operation:
      description: The API operation that failed.
      type: str
      sample: GetObject
    retryable:
      description: Whether the same task may succeed later, unchanged.
      type: bool
    hint:
      description: What to do next.
      type: str
calls:
  description: How many requests were sent (C(sent), by operation), C(retried) and C(throttled).
  returned: always
  type: dict
  sample:
    sent:
      DescribeJob: 1
      GetObject: 3
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._report import report_options, workflow


def main() -> None:
    _module.run(
        {
            **report_options.REPORT_REQUEST_SPEC,
            "limit": {"type": "int", "default": 100},
            "benign": {"type": "list", "elements": "raw"},
        },
        workflow.prepare,
        workflow.execute,
        required_one_of=[("job_id", "location")],
    )


if __name__ == "__main__":
    main()
