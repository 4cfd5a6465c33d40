#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_retry_manifest
short_description: Create a manifest to retry the failed objects of a batch job
version_added: 1.0.0
description:
  - Reads the completion report of a batch job of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS. Uploads a
    new manifest that contains the objects of the failed tasks to retry.
  - RV(manifest) and RV(job) contain the options of M(objectstore.batch.batch_job) for the job that retries them.
  - The module copies object keys from the report without changes, so they have the form of the original manifest. Each
    object is listed once.
  - The object key of the new manifest is derived from the job and from the content of the manifest. A second run
    therefore finds the manifest and changes nothing.
  - The module never overwrites an object. If an object with this key exists and has different content, the task fails
    with RV(error.kind=conflict). It makes no changes, and does not return the ETag of the object.
  - If no object needs a retry, the module creates no manifest.
  - If only some of the objects have a version, the module creates two manifests. Each manifest needs a job. Refer to
    RV(manifests).
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.report
options:
  retry_scope:
    description:
      - Tasks to retry.
      - V(failed) retries the failed tasks that O(retry_class), O(include), and O(exclude) select.
      - V(unfinished) retries all objects of the original manifest that neither succeeded nor are benign. It includes
        objects that were never processed because the job failed early. It requires the original CSV manifest of the
        job, unchanged, and a report of all tasks. It ignores O(retry_class), O(include), and O(exclude).
    type: str
    choices: [failed, unfinished]
    default: failed
  retry_class:
    description:
      - Retry classes of the failed tasks to retry, as in
        RV(objectstore.batch.batch_job_report_info#module:codes[].retry_class).
      - V(retryable) tasks can succeed without changes. V(after_fix) tasks can succeed after you fix the cause.
        V(permanent) tasks cannot succeed.
      - V(none) selects no task. The module then creates no manifest, and RV(lost_objects) lists all failed objects. It
        must be the only element.
    type: list
    elements: str
    choices: [retryable, after_fix, permanent, none]
    default: [retryable]
  include:
    description:
      - Error codes to retry regardless of O(retry_class). Each code must be text and must not be empty.
      - A code cannot be in both O(include) and O(exclude).
    type: list
    elements: raw
  exclude:
    description:
      - Error codes not to retry. Each code must be text and must not be empty.
      - A code cannot be in both O(include) and O(exclude).
    type: list
    elements: raw
  benign:
    description:
      - Error codes of failed tasks that do not count as failures, because the object already has the requested state.
        The module does not retry them.
      - If not set, the module uses V(RestoreAlreadyInProgress) for restores. With an empty list, no code is benign.
      - Each code must be text and must not be empty.
    type: list
    elements: raw
  manifest_bucket:
    description:
      - Bucket of the new manifest. The role of the next job must be able to read it.
      - If not set, the module uses the bucket of the original manifest, or the bucket of the report if the original
        manifest is unknown.
    type: str
  manifest_prefix:
    description:
      - Prefix of the object key of the new manifest. The module removes slashes at both ends.
      - It must be printable text without the path segments C(.) and C(..). It must be at least 100 bytes shorter than
        the longest object key that the provider allows.
    type: str
    default: batch-retries
  limit:
    description: Maximum number of objects in RV(lost_objects), from V(0) to V(10000).
    type: int
    default: 100
author:
  - objectstore.batch contributors (@objectstore-batch)
notes:
  - On AWS, a manifest must be encrypted with SSE-S3. The default encryption of the bucket must not use KMS.
  - The module uploads a manifest in one request. The request can take as long as the larger of O(request_timeout) and
    O(retry_deadline), plus one second for each MiB of the manifest. A retry can also start this much later.
  - The module sorts the objects in temporary files without names, in the directory that E(TMPDIR) sets. No files remain
    if the task is stopped.
  - On COS and OSS, a bucket with versioning cannot prevent overwriting. If another user creates an object with the same
    key between check and upload, that object remains as a version of the key.
  - OSS does not document versions in manifests. On OSS, RV(unsupported_objects) counts the objects for which the report
    contains a version.
seealso:
  - module: objectstore.batch.batch_job_report_info
    description: Reads which objects failed, and the retry class of each error code.
  - module: objectstore.batch.batch_job
    description: Creates the job that retries the objects.
"""

EXAMPLES = r"""
- name: Create a manifest of the failed objects that a retry can fix
  objectstore.batch.batch_retry_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    wait_for_report: 10m
  register: retry

- name: Create the job that retries the failed objects
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

- name: Create a manifest of objects whose cause of failure is fixed
  objectstore.batch.batch_retry_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    retry_class: [after_fix]
    include: [PermanentFailure]
    exclude: [AssumeRoleNotPermitted]
    benign: []
    manifest_bucket: example-manifests
    manifest_prefix: retries/2026

- name: Create a job for each manifest if only some objects have a version
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

- name: Create a manifest of all unfinished objects
  objectstore.batch.batch_retry_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    retry_scope: unfinished
    manifest_bucket: example-manifests
    limit: 1000
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: '10 objects to retry: manifest manifests/batch-retries/retry-of-6f1f7ff1/0123456789abcdef.csv (10 objects)
    created.'
manifest:
  description:
    - New manifest, for O(objectstore.batch.batch_job#module:manifest). V(null) if no object needs a retry.
    - In check mode, it has no ETag if the manifest does not exist yet.
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
  description: All manifests. There are two if only some of the objects have a version.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    bucket:
      description: Bucket of the manifest.
      type: str
      sample: manifests
    key:
      description: Object key of the manifest.
      type: str
      sample: batch-retries/retry-of-6f1f7ff1/0123456789abcdef.csv
    count:
      description: Number of objects in the manifest.
      type: int
      sample: 10
    outcome:
      description: Result for the manifest, which is V(changed), V(unchanged) if it already exists, or V(would_change)
        (check mode).
      type: str
      sample: changed
    manifest:
      description: Manifest, in the same format as RV(manifest).
      type: dict
    client_request_token:
      description:
        - Token of the job that retries this manifest, for O(objectstore.batch.batch_job#module:client_request_token).
          Each manifest has its own token, so that its job is created only once.
        - V(null) if the module did not read the job.
      type: str
      sample: retry-0123456789abcdef0123456789abcdef
count:
  description: Number of objects to retry.
  returned: when the report was found
  type: int
  sample: 10
not_retried:
  description: Failed tasks that are not retried, as C(code) and C(count). At most 100 codes.
  returned: when the report was found
  type: list
  elements: dict
  sample:
    - code: NoSuchKey
      count: 2
not_retried_count:
  description: Number of failed tasks that are not retried, for all codes, including benign failures.
  returned: when the report was found
  type: int
  sample: 2
unsupported_objects:
  description: Number of objects that are in no manifest, because a manifest cannot contain their key or version.
  returned: when the report was found
  type: int
  sample: 0
lost_count:
  description:
    - Number of objects that failed, are not benign, and are in no manifest. Each object counts once.
    - With O(retry_scope=unfinished), number of objects of the original manifest that no new manifest can contain.
  returned: when the report was found
  type: int
  sample: 2
lost_objects:
  description: Objects that RV(lost_count) counts, at most O(limit), each with the details of one of its failed tasks.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    bucket:
      description: Bucket of the object.
      type: str
      sample: archive
    key:
      description: Object key, in the form of the report.
      type: str
      sample: films/a%20b.mov
    decoded_key:
      description: Object key, URL-decoded.
      type: str
      sample: films/a b.mov
    version_id:
      description: Version of the object, in the form of the report.
      type: str
      sample: ''
    code:
      description: Error code of the task. Empty if the task was never started.
      type: str
      sample: NoSuchKey
    http_status:
      description: HTTP status of the task. V(null) if the report does not contain it.
      type: int
      sample: 404
    message:
      description: Error message of the task, without request IDs.
      type: str
job:
  description:
    - Options of M(objectstore.batch.batch_job) that the original job had. They are C(operation), C(report),
      C(role_arn), C(priority), C(description), C(confirmation_required), C(tags), and C(client_request_token). Pass
      them to M(objectstore.batch.batch_job) unchanged.
    - C(client_request_token) is derived from the job and the first manifest, so that the next job is created only once.
      RV(manifests[].client_request_token) contains the tokens for all manifests.
    - C(tags) are the tags of the job on AWS, which cost one request, and empty on COS and OSS. If the credentials do
      not allow reading them, C(tags) is empty and the task shows a warning.
    - V(null) if the module did not read the job.
  returned: when the report was found
  type: dict
jobs:
  description: Jobs of this task. Empty if the task failed before it could read a job.
  returned: always
  type: list
  elements: dict
  contains:
    provider:
      description: Provider that runs the job, which is V(aws), V(cos), or V(oss).
      type: str
      sample: aws
    region:
      description: Region of the job, by the name that the provider uses.
      type: str
      sample: eu-central-1
    account_id:
      description: AWS account ID, COS UIN, or OSS UID. Empty on OSS if O(account_id) is not set.
      type: str
      sample: '111122223333'
    job_id:
      description: ID of the job.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: Status of the job, by the name that the provider uses.
      type: str
      sample: Ready
    priority:
      description: Priority of the job. Jobs with higher values run first. V(null) if the provider does not report it.
      type: int
      sample: 900
    class:
      description: Name of this priority. Refer to O(classes). V(null) if the priority has no name.
      type: str
      sample: high
    description:
      description: Description of the job. Empty if it has none.
      type: str
    operation:
      description: Operation of the job, by the name that the provider uses.
      type: str
      sample: S3InitiateRestoreObject
    progress:
      description: Number of tasks of the job, as C(total), C(succeeded), and C(failed). Each is V(null) until the
        provider has counted the tasks.
      type: dict
    created:
      description: Creation time of the job, ISO 8601 in UTC. V(null) if the provider does not report it.
      type: str
      sample: '2026-01-31T03:00:00Z'
error:
  description: Details of the error.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - Kind of the error. It is the same for all providers, and stable across releases.
        - One of V(not_found), V(job_ended), V(not_updatable), V(conflict), V(access_denied), V(invalid), V(throttled),
          V(quota), V(clock_skew), V(invalid_credentials), V(unreachable), V(timeout), V(unavailable),
          V(invalid_response), V(unsupported), V(report_not_found), V(not_ready), V(unrecognized_format),
          V(missing_dependency), and V(interrupted).
      type: str
      sample: not_ready
    code:
      description: Error code of the provider. Empty if the provider sent none.
      type: str
      sample: ''
    http_status:
      description: HTTP status. V(null) without a response. Not reliable on AWS, so do not use it for decisions.
      type: int
      sample: 404
    message:
      description: Error message of the provider, or of the module.
      type: str
    request_id:
      description: ID of the request at the provider, for a support case. Empty if the provider sent none.
      type: str
    operation:
      description: API operation that failed.
      type: str
      sample: PutObject
    retryable:
      description: Whether the same task can succeed later without changes.
      type: bool
    hint:
      description: Recommended action.
      type: str
calls:
  description: Number of requests, as C(sent) (by operation), C(retried) (retries), and C(throttled) (throttled
    responses).
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
            "retry_scope": {"type": "str", "choices": ["failed", "unfinished"], "default": "failed"},
            "retry_class": {
                "type": "list",
                "elements": "str",
                "choices": ["retryable", "after_fix", "permanent", "none"],
                "default": ["retryable"],
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
