#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_retry_manifest
short_description: Make a manifest of what failed in an object-storage batch job
version_added: 1.0.0
description:
  - Reads the completion report of a batch job of AWS S3 Batch Operations, Tencent COS or Alibaba Cloud OSS, chooses the
    tasks that are worth another try, and writes their objects into a new manifest.
  - Keys are copied as they stand in the report, which is how they stood in the manifest. Each object is named once.
  - The key of the new manifest is derived from the job and from what the manifest holds. So a second run finds it and
    changes nothing, and nothing is ever overwritten. Where there is nothing to try again no object is made.
  - An object that is already at that key is only used if its content is the same. Another content is a
    RV(error.kind=conflict), nothing is written, and its ETag is not returned.
  - If some of the objects have a version and others have none, the module makes two manifests, and each of them needs
    a job of its own. See RV(manifests).
  - What M(objectstore.batch.batch_job) needs to create the next job is in RV(manifest) and RV(job).
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.report
options:
  tasks:
    description:
      - With V(failed) the failed tasks that O(again), O(include) and O(exclude) choose.
      - With V(not_succeeded) everything that the original manifest names and that neither succeeded nor is benign.
        Only this includes what a job never started that died of too many failures. It needs the job's CSV manifest as
        it was, and a report of all tasks; O(again), O(include) and O(exclude) do not matter.
    type: str
    choices: [failed, not_succeeded]
    default: failed
  again:
    description:
      - Which failed tasks are tried again, by what M(objectstore.batch.batch_job_report_info) says of their code.
        V(yes) are those that may succeed as they are, V(fixed) those whose cause had to be mended first.
      - V(nothing), alone, chooses no task. Then no manifest is made, and RV(lost) holds everything that failed.
    type: list
    elements: str
    choices: ['yes', fixed, 'no', nothing]
    default: ['yes']
  include:
    description: Codes that are tried again whatever O(again) says. Each must be text that is not empty.
    type: list
    elements: raw
  exclude:
    description: Codes that are not tried again. Each must be text that is not empty.
    type: list
    elements: raw
  benign:
    description:
      - Codes of failed tasks that are no failure, because the object is as the task wants it already. They are not
        tried again.
      - If not set, V(RestoreAlreadyInProgress) for restores. An empty list is none.
      - Each must be text that is not empty.
    type: list
    elements: raw
  manifest_bucket:
    description: The bucket of the new manifest, which the role of the next job has to be able to read. If not set, that
      of the original manifest, or of the report where the original one is not known.
    type: str
  manifest_prefix:
    description:
      - What the key of the new manifest begins with.
      - It must be printable text without parts that are C(.) or C(..), and leave 100 bytes of the longest key that
        the cloud takes. Slashes at its ends are removed.
    type: str
    default: batch-retries
  limit:
    description: Number of objects to list in RV(lost), at most 10000.
    type: int
    default: 100
author:
  - objectstore.batch contributors (@objectstore-batch)
requirements:
  - boto3 >= 1.34.0 (provider=aws)
  - requests >= 2.31.0 (provider=cos, provider=oss)
notes:
  - On AWS a manifest has to be encrypted with SSE-S3, so the bucket must not encrypt with KMS by default.
  - The manifest is uploaded in one request. The request may take as long as the larger of O(request_timeout) and
    O(retry_deadline), and one second more for each MiB of the manifest. A retry may start that much later, too.
  - The objects are sorted in temporary files without names, in the directory that E(TMPDIR) sets. Nothing of them is
    left if the task is stopped.
  - On COS and OSS a bucket that keeps versions cannot refuse to overwrite. An object that another user writes to the
    same key between the check and the upload stays a version of the key then.
  - OSS documents no versions in manifests. Objects whose version the report names are counted in RV(unwritable) there.
seealso:
  - module: objectstore.batch.batch_job_report_info
  - module: objectstore.batch.batch_job
"""

EXAMPLES = r"""
- name: Make a manifest of what failed and may succeed
  objectstore.batch.batch_retry_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    wait_for_report: 10m
  register: retry

- name: Create the next job, once
  objectstore.batch.batch_job:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    operation: "{{ retry.job.operation }}"
    manifest: "{{ retry.manifest }}"
    report: "{{ retry.job.report }}"
    role_arn: "{{ retry.job.role_arn }}"
    priority: "{{ retry.job.priority }}"
    description: "{{ retry.job.description }}"
    tags: "{{ retry.job.tags }}"
    confirmation_required: "{{ retry.job.confirmation_required }}"
    client_request_token: "{{ retry.job.client_request_token }}"
  when: retry.count > 0

- name: Try again what was denied, now that the policy is mended, and what broke off
  objectstore.batch.batch_retry_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    again: [fixed]
    include: [PermanentFailure]
    exclude: [AssumeRoleNotPermitted]
    benign: []
    manifest_bucket: example-manifests
    manifest_prefix: retries/2026

- name: Create a job for each manifest, where some objects have a version and others have none
  objectstore.batch.batch_job:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    operation: "{{ retry.job.operation }}"
    manifest: "{{ item.manifest }}"
    report: "{{ retry.job.report }}"
    role_arn: "{{ retry.job.role_arn }}"
    priority: "{{ retry.job.priority }}"
    description: "{{ retry.job.description }}"
    client_request_token: "{{ item.client_request_token }}"
  loop: "{{ retry.manifests }}"

- name: Take everything that did not succeed, also what was never started
  objectstore.batch.batch_retry_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    tasks: not_succeeded
    manifest_bucket: example-manifests
    limit: 1000
"""

RETURN = r"""
msg:
  description: What happened, in a sentence; on failure what is wrong and what to do next.
  returned: always
  type: str
  sample: '10 objects are to be tried again: manifests/batch-retries/retry-of-6f1f7ff1/0123456789abcdef.csv (10)
    was written.'
manifest:
  description:
    - The new manifest, as O(objectstore.batch.batch_job#module:manifest) takes it; null where there is nothing
      to try again.
    - In check mode its ETag is not known yet.
  returned: when the report was found
  type: dict
  sample:
    object_arn: arn:aws:s3:::manifests/batch-retries/retry-of-6f1f7ff1/0123456789abcdef.csv
    etag: d41d8cd98f00b204e9800998ecf8427e
    format: csv
    fields:
      - Bucket
      - Key
manifests:
  description:
    - All manifests that were made. There are two where some of the tasks have a version and others have none.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    bucket:
      description: The bucket of the manifest.
      type: str
      sample: manifests
    key:
      description: The key of the manifest.
      type: str
      sample: batch-retries/retry-of-6f1f7ff1/0123456789abcdef.csv
    count:
      description: How many objects it names.
      type: int
      sample: 10
    outcome:
      description: V(changed), V(unchanged) where it was there already, or V(would_change) (check mode).
      type: str
      sample: changed
    manifest:
      description: As RV(manifest).
      type: dict
    client_request_token:
      description:
        - For O(objectstore.batch.batch_job#module:client_request_token) of the job that retries this manifest.
          Each manifest has a token of its own, so that each job is created once.
        - V(null) if the job was not read.
      type: str
      sample: retry-0123456789abcdef0123456789abcdef
count:
  description: How many objects are to be tried again.
  returned: when the report was found
  type: int
  sample: 10
left:
  description: The failed tasks that are not tried again, as a list of C(code) and C(count), 100 codes at the
    most.
  returned: when the report was found
  type: list
  elements: dict
  sample:
    - code: NoSuchKey
      count: 2
left_count:
  description: The number of failed tasks that are not tried again, of all codes, benign ones included.
  returned: when the report was found
  type: int
  sample: 2
unwritable:
  description: How many objects are in no manifest, because their key or version cannot stand in one.
  returned: when the report was found
  type: int
  sample: 0
lost_count:
  description:
    - The number of objects that failed, are not benign, and are in none of the manifests. An object counts once,
      however many of its tasks failed.
    - With O(tasks=not_succeeded) the objects of the original manifest that no new manifest can hold.
  returned: when the report was found
  type: int
  sample: 2
lost:
  description: Those objects, at most O(limit) of them, with what the report says of one of their failed tasks.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    bucket:
      description: The object's bucket.
      type: str
      sample: archive
    key:
      description: The object's key, as it is in the report.
      type: str
      sample: films/a%20b.mov
    decoded_key:
      description: The key, URL-decoded.
      type: str
      sample: films/a b.mov
    version_id:
      description: The object's version, as it is in the report.
      type: str
      sample: ''
    code:
      description: The error code; empty if the task was never started.
      type: str
      sample: NoSuchKey
    http_status:
      description: The HTTP status; V(null) if the report has none.
      type: int
      sample: 404
    message:
      description: The message of the failed task.
      type: str
job:
  description:
    - What the job was, in the words of M(objectstore.batch.batch_job), with the keys C(operation), C(report),
      C(role_arn), C(priority), C(description), C(confirmation_required), C(tags), and C(client_request_token).
      It can be passed to M(objectstore.batch.batch_job) unchanged. The token is derived from the job and the
      first manifest, so that the next job is created once. RV(manifests[].client_request_token) has those of
      further manifests.
    - C(tags) are the tags of the job on AWS, which cost one request, and empty elsewhere. If the credentials
      are not allowed to read them, C(tags) is empty and the task shows a warning.
    - Null where the cloud was not asked for the job.
  returned: when the report was found
  type: dict
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
      sample: PutObject
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
      GetObject: 2
      HeadObject: 1
      PutObject: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._report import report_options
from ..module_utils._retry_manifest import workflow


def main() -> None:
    _module.run(
        {
            **report_options.REPORT_REQUEST_SPEC,
            "tasks": {"type": "str", "choices": ["failed", "not_succeeded"], "default": "failed"},
            "again": {
                "type": "list",
                "elements": "str",
                "choices": ["yes", "fixed", "no", "nothing"],
                "default": ["yes"],
            },
            "include": {"type": "list", "elements": "raw"},
            "exclude": {"type": "list", "elements": "raw"},
            "benign": {"type": "list", "elements": "raw"},
            "manifest_bucket": {"type": "str"},
            "manifest_prefix": {"type": "str", "default": "batch-retries"},
            "limit": {"type": "int", "default": 100},
        },
        workflow.prepare,
        workflow.execute,
        required_one_of=[("job_id", "location")],
    )


if __name__ == "__main__":
    main()
