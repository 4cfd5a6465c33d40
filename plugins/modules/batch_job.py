#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job
short_description: Create object storage batch jobs idempotently
version_added: 0.1.0
description:
  - Creates a batch job on AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS, unless the job already exists.
  - A request token identifies the job. Refer to O(client_request_token). None of the three providers returns the tokens
    of existing jobs.
  - The module therefore adds a marker to the end of the description, for example C([token 0123456789ab-01234567]). The
    marker contains digests of the token and of the job definition.
  - Before the module creates a job, it searches the list of all jobs for the marker. This costs one request for each
    1,000 jobs.
  - Any user can copy a description. The module therefore reads each job that has the marker. It accepts the job only if
    the provider reports the same operation, parameters, manifest, report, and role. Otherwise, the task fails with
    RV(error.kind=conflict).
  - If several jobs match, the module uses the oldest job and lists the others in a warning.
  - If the response to the request is lost, the module lists the jobs again. It repeats the request only with the same
    token, so it never creates a second job.
  - AWS lists a job for about 90 days after its end, and COS for about 90 days after its creation. Afterwards, the
    result of the same task depends on how long the provider retains the token, which neither AWS nor COS documents. The
    task then creates a new job, returns the ID of the old job (AWS), or fails with RV(error.kind=conflict) (COS).
  - OSS does not document how long it lists a job, and how it handles a token that was used before.
  - Providers do not support deleting a job. Use M(objectstore.batch.batch_job_status) to cancel it.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  operation:
    description:
      - Operation to perform on each object, as a dictionary with one key. The key is the operation name that the
        provider uses. Its value contains the parameters of the provider, or is empty if the operation has no
        parameters.
      - On AWS, the installed botocore validates the parameters before the module sends a request, also in check mode.
        If botocore expects a number or a boolean, the module converts digits, V(true), and V(false), so templates work
        with each ansible-core version. Times are in ISO 8601 (UTC if they have no time zone) or in seconds since 1970.
      - On COS and OSS, numbers and booleans can be typed or text.
      - Put text in quotes, because YAML reads V(NO) as a boolean and V(1.10) as 1.1. If the provider expects text, for
        example the value of a tag, the module rejects other types and V(null).
      - A parameter of the operation with the value V(null) is not set. The module rejects V(null) for free text, for
        lists, in lists, and at deeper levels.
      - Lists have the form that the provider expects. For example, C(TagSet) is a list of C(Key) and C(Value) for each
        provider.
    type: dict
    required: true
  manifest:
    description:
      - Manifest object, which lists the objects of the job.
      - Exactly one of O(manifest) and O(manifest_generator) is required.
    type: dict
    suboptions:
      object_arn:
        description: Resource name of the manifest object, in the format of the provider. On OSS, use
          C(acs:oss:REGION:UID:BUCKET/KEY), or C(oss://BUCKET/KEY) as in C(ossutil).
        type: str
        required: true
      etag:
        description:
          - ETag of the manifest object. The provider rejects a manifest that has changed.
          - If not set, the module looks up the ETag with one HEAD request, also in check mode, and returns it in
            RV(manifest_etag). The credentials of the task must be allowed to read the object.
          - If the object was changed after the task created its job, the task then fails with RV(error.kind=conflict)
            and creates no second job. To create another job for the new content, set the new ETag or another
            O(client_request_token).
        type: str
      version_id:
        description: Version ID of the manifest object.
        type: str
      format:
        description: Format of the manifest. V(csv) is a CSV file, and V(inventory) is an inventory report of the
          provider.
        type: str
        choices: [csv, inventory]
        default: csv
      fields:
        description: Columns of the CSV file. If not set, the columns are V(Bucket) and V(Key).
        type: list
        elements: str
        choices: [Ignore, Bucket, Key, VersionId]
  manifest_generator:
    description:
      - Manifest that the provider generates, in the format of the provider, for example C(S3JobManifestGenerator) on
        AWS, or C(SourceBucket) and C(Prefix) on OSS. COS does not support this option.
      - The module validates and converts the values in the same way as those of O(operation).
      - Exactly one of O(manifest) and O(manifest_generator) is required.
    type: dict
  report:
    description:
      - Completion report of the job.
      - If not set, AWS jobs have no report. COS and OSS always require O(report.bucket).
    type: dict
    suboptions:
      enabled:
        description: Whether the job writes a report. If not set, the job writes a report if O(report.bucket) is set.
        type: bool
      bucket:
        description: Resource name of the bucket, in the format of the provider. On OSS, the name of the bucket is
          sufficient.
        type: str
      prefix:
        description: Prefix of the object keys of the report. At most 512 characters on AWS, and 256 bytes on COS and
          OSS.
        type: str
      scope:
        description: Tasks to report. V(AllTasks) reports all tasks, and V(FailedTasksOnly) reports the failed tasks.
        type: str
        choices: [AllTasks, FailedTasksOnly]
        default: AllTasks
      expected_bucket_owner:
        description:
          - ID of the AWS account that must own O(report.bucket) (AWS only). Put the 12 digits in quotes.
          - Requires botocore 1.40.12 or newer. Otherwise, the task fails with RV(error.kind=unsupported).
        type: str
  role_arn:
    description: Resource name of the role with which the job accesses objects, in the format of the provider.
    type: str
    required: true
  priority:
    description:
      - Initial priority of the job, from V(0) to V(2147483647), or the name of a class. Refer to O(classes). Jobs with
        higher values run first. The format is that of O(objectstore.batch.batch_job_priority#module:priority).
      - The module does not compare it with the priority of an existing job. Use M(objectstore.batch.batch_job_priority)
        to change the priority.
    type: raw
    required: true
  description:
    description:
      - Purpose of the job. The module adds the marker to it.
      - The maximum length, without the marker, is 226 characters on AWS, and 226 bytes of UTF-8 on COS and OSS. The
        marker uses the rest of the 256 that the provider allows.
    type: str
  confirmation_required:
    description:
      - Whether the job waits in the status V(Suspended) until M(objectstore.batch.batch_job_status) or another user
        confirms it.
      - The module does not compare it with an existing job.
    type: bool
    default: false
  tags:
    description:
      - Tags of the job, as a dictionary of text values (AWS only).
      - The module does not compare them with an existing job.
    type: dict
  client_request_token:
    description:
      - Idempotency token of the job, which has 1 to 64 printable ASCII characters. Set a new token when the same job is
        due again, for example the date or the number of a change request.
      - If not set, the module derives a token from the provider, region, account, operation, manifest, report, role,
        and description. The same task then creates its job once. It makes no changes while the provider lists the job,
        even after the job is V(Complete), V(Failed), or V(Cancelled).
      - If the module looks up O(manifest.etag), the ETag is not part of the derived token.
      - Only the request that the module sends counts. V(7) and V("7"), an ETag with and without quotes, and the order
        of keys make no difference. On OSS, O(account_id) makes no difference, because no request contains it.
      - If a job with the same token has different content, the task fails with RV(error.kind=conflict).
    type: str
seealso:
  - module: objectstore.batch.batch_job_status
    description: Confirms or cancels the job.
  - module: objectstore.batch.batch_job_tags
    description: Changes the tags of the job.
  - module: objectstore.batch.batch_job_priority
    description: Changes the priority of the job.
  - module: objectstore.batch.batch_job_wait
    description: Waits for the job and checks for failed objects.
  - module: objectstore.batch.batch_job_info
    description: Lists jobs and their ranks.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Create a job that restores the objects of a manifest
  objectstore.batch.batch_job:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    description: restore of project alpha
    operation:
      S3InitiateRestoreObject:
        ExpirationInDays: 7
        GlacierJobTier: BULK
    manifest:
      object_arn: arn:aws:s3:::example-manifests/alpha.csv
      etag: d41d8cd98f00b204e9800998ecf8427e
      fields: [Bucket, Key]
    report:
      bucket: arn:aws:s3:::example-reports
      prefix: restores
      scope: FailedTasksOnly
    role_arn: arn:aws:iam::111122223333:role/batch
    priority: 100
    confirmation_required: true
    tags:
      team: storage
  register: restore

- name: Create a tagging job once a month with a manifest that AWS generates
  objectstore.batch.batch_job:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    operation:
      S3PutObjectTagging:
        TagSet:
          - Key: class
            Value: cold
    manifest_generator:
      S3JobManifestGenerator:
        SourceBucket: arn:aws:s3:::example-data
        EnableManifestOutput: false
    role_arn: arn:aws:iam::111122223333:role/batch
    priority: 1
    client_request_token: retagging-2026-11

- name: Create a restore job on Tencent COS
  objectstore.batch.batch_job:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    description: restore of project alpha
    operation:
      COSInitiateRestoreObject:
        ExpirationInDays: 7
        JobTier: Bulk
    manifest:
      object_arn: qcs::cos:ap-guangzhou:uid/1250000000:manifests-1250000000/alpha.csv
      etag: d41d8cd98f00b204e9800998ecf8427e
    report:
      enabled: false
      bucket: qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000
    role_arn: qcs::cam::uin/100000000001:roleName/batch
    priority: 100

- name: Create a restore job on Alibaba Cloud OSS
  objectstore.batch.batch_job:
    provider: oss
    region: cn-hangzhou
    description: restore of project alpha
    operation:
      RestoreObject:
        Days: 7
        Tier: Bulk
    manifest:
      object_arn: oss://example-manifests/alpha.csv
      etag: d41d8cd98f00b204e9800998ecf8427e
    report:
      bucket: example-reports
      prefix: restores/alpha
    role_arn: acs:ram::1000000000000001:role/batch
    priority: 100
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: created with priority 900.'
job:
  description: The only element of RV(jobs).
  returned: when the module could read the job list
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
      description: ID of the job. Empty in check mode if the job does not exist yet.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: Status of the job, by the name that the provider uses. V(New) for a new job, because the module does
        not read it again.
      type: str
      sample: New
    priority:
      description: Priority of the job. In check mode, the priority that a new job would have.
      type: int
      sample: 900
    class:
      description: Name of this priority. Refer to O(classes). V(null) if the priority has no name.
      type: str
      sample: high
    description:
      description: Description of the job, with the marker by which the next run finds the job.
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
    previous_priority:
      description: Priority of an existing job. V(null) for a new job.
      type: int
    rank:
      description: Always V(null), because this module does not rank jobs. Use M(objectstore.batch.batch_job_info) to
        get ranks.
      type: int
    previous_rank:
      description: Always V(null), because this module does not read the queue.
      type: int
    outcome:
      description: Result for the job, which is V(changed), V(unchanged), V(would_change) (check mode), or V(failed).
      type: str
      sample: changed
    reason:
      description: Reason for V(failed), or the difference between an existing job and the options. Empty in all other
        cases.
      type: str
    error:
      description: Error of this job, with the keys of RV(error). V(null) if the job has no error.
      type: dict
client_request_token:
  description: Request token of the job, which you have set or the module has derived.
  returned: when the module could read the job list
  type: str
manifest_etag:
  description: ETag of the manifest object, which the module has looked up.
  returned: if O(manifest.etag) is not set, and the module could read the job list
  type: str
  sample: d41d8cd98f00b204e9800998ecf8427e
unchecked:
  description: Conditions that check mode cannot verify, one sentence each.
  returned: in check mode, if the job would be created
  type: list
  elements: str
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
      sample: conflict
    code:
      description: Error code of the provider. Empty if the provider sent none.
      type: str
      sample: IdempotencyException
    http_status:
      description: HTTP status. V(null) without a response. Not reliable on AWS, so do not use it for decisions.
      type: int
      sample: 400
    message:
      description: Error message of the provider, or of the module.
      type: str
    request_id:
      description: ID of the request at the provider, for a support case. Empty if the provider sent none.
      type: str
    operation:
      description: API operation that failed.
      type: str
      sample: CreateJob
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
      CreateJob: 1
      ListJobs: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._create import job_definition, workflow


def main() -> None:
    _module.run(
        {
            "operation": {"type": "dict", "required": True},
            "manifest": {"type": "dict", "options": job_definition.MANIFEST_SPEC},
            "manifest_generator": {"type": "dict"},
            "report": {"type": "dict", "options": job_definition.REPORT_SPEC},
            "role_arn": {"type": "str", "required": True},
            "priority": {"type": "raw", "required": True},
            "description": {"type": "str"},
            "confirmation_required": {"type": "bool", "default": False},
            "tags": {"type": "dict"},
            "client_request_token": {"type": "str", "no_log": False},
        },
        job_definition.prepare,
        workflow.execute,
        required_one_of=[("manifest", "manifest_generator")],
        mutually_exclusive=[("manifest", "manifest_generator")],
    )


if __name__ == "__main__":
    main()
