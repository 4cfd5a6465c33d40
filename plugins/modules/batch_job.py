#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job
short_description: Create object-storage batch jobs, each of them once
version_added: 0.1.0
description:
  - Creates a batch job on AWS S3 Batch Operations, Tencent COS or Alibaba Cloud OSS, unless it has been created
    already.
  - A request token says which job it is, see O(client_request_token). Neither cloud lists the tokens of its jobs,
    so a mark such as C([token 0123456789ab-01234567]), digests of the token and of what the job does, is put at the
    end of the description, and the task looks for it in the list of all jobs before it creates one. That costs a
    request for each 1,000 jobs.
  - A description is free text that anybody can copy. So a job with the mark is described, and counts only if the
    cloud says the same of its operation, parameters, manifest, report and role; any other one is an error of kind
    V(conflict). Of several jobs that fit the oldest counts, and a warning names the others.
  - An answer that gets lost is settled by listing the jobs again, and the request is only ever sent again with the
    same token, so there is never a second job.
  - AWS and COS stop listing a job after about 90 days (AWS after its end, COS after its creation). What the same
    task comes to then depends on how long the cloud remembers the token, which neither documents. A new job is
    created, or the id of the old one is returned (AWS), or the task fails with an error of kind V(conflict) (COS).
    OSS does not say how long it lists a job, and what it does with a token that was used before.
  - There is no way to delete a job; see M(objectstore.batch.batch_job_status) to cancel one.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  operation:
    description:
      - What is done with each object, as a dictionary with one key, the cloud's name of the operation, and the
        cloud's own parameters as its value; nothing for operations that have none.
      - On AWS the installed botocore checks the parameters before anything is sent, also in check mode. Digits become a
        number and V(true) or V(false) becomes a boolean if botocore's model expects one, so templates work on every
        ansible-core. Times are in ISO 8601 (UTC if they have no zone) or in seconds since 1970.
      - On COS and OSS numbers and booleans can be typed or text.
      - Text must be text. YAML reads V(NO) as a boolean and V(1.10) as 1.1. If the cloud expects text, such as the
        value of a tag, the task rejects them, and null. Put them in quotes.
      - A parameter of the operation itself that is null counts as not set. Null is rejected for free text, for lists,
        in lists, and at a deeper level.
      - Lists are written as the cloud wants them, so C(TagSet) is a list of C(Key) and C(Value) on every cloud.
    type: dict
    required: true
  manifest:
    description: The list of objects, itself an object in the cloud. Either this or O(manifest_generator) is
      required.
    type: dict
    suboptions:
      object_arn:
        description: The manifest object, by the cloud's own resource name; on OSS C(acs:oss:REGION:UID:BUCKET/KEY), or
          C(oss://BUCKET/KEY) as C(ossutil) writes it.
        type: str
        required: true
      etag:
        description: The ETag of the manifest object. A manifest that was changed since is refused by the cloud.
        type: str
        required: true
      version_id:
        description: The version of the manifest object.
        type: str
      format:
        description: A CSV file, or an inventory report of the cloud.
        type: str
        choices: [csv, inventory]
        default: csv
      fields:
        description: The columns of a CSV file; C(Bucket) and C(Key) if left out.
        type: list
        elements: str
        choices: [Ignore, Bucket, Key, VersionId]
  manifest_generator:
    description:
      - A manifest that the cloud makes itself, in its own words, such as C(S3JobManifestGenerator) on AWS, or
        C(SourceBucket) and C(Prefix) on OSS. COS makes none.
      - Values are checked and converted in the same way as those of O(operation).
    type: dict
  report:
    description: Where the report of the job goes. Without it there is none on AWS; COS and OSS want the bucket all the
      same.
    type: dict
    suboptions:
      enabled:
        description: Whether a report is written. The default is whether O(report.bucket) is given.
        type: bool
      bucket:
        description: The bucket, by the cloud's own resource name; on OSS its name is enough.
        type: str
      prefix:
        description: What the names of the report's objects begin with, at most 512 characters on AWS, 256 bytes on
          COS and OSS.
        type: str
      scope:
        description: Which tasks are reported.
        type: str
        choices: [AllTasks, FailedTasksOnly]
        default: AllTasks
      expected_bucket_owner:
        description: The 12 digits of the AWS account that must own O(report.bucket), in quotes (AWS only).
        type: str
  role_arn:
    description: The role in which the job works, by the cloud's own resource name.
    type: str
    required: true
  priority:
    description:
      - The priority that the job starts with, a whole number from 0 to 2147483647, higher first; written as in
        M(objectstore.batch.batch_job_priority), which changes it later.
      - It is not compared with that of a job that is there already.
    type: raw
    required: true
  description:
    description:
      - What the job is for. With the mark that is put behind it, it may have 256 characters on AWS, 256 bytes of
        UTF-8 on COS and OSS, which leaves 226 for yours.
    type: str
  confirmation_required:
    description:
      - Whether the job waits, Suspended, until it is confirmed by M(objectstore.batch.batch_job_status) or by a
        person.
      - It is not compared with that of a job that is there already.
    type: bool
    default: false
  tags:
    description: Tags of the job (AWS only), as text. They are not compared with those of a job that is there
      already.
    type: dict
  client_request_token:
    description:
      - What makes the job this one and no other, 1 to 64 visible ASCII characters.
      - Without it a token is derived from O(provider), region, account, O(operation), O(manifest) or
        O(manifest_generator), O(report), O(role_arn) and O(description). Then the same task creates its job once,
        and does nothing for as long as the cloud lists the job, even when that has ended, whether it was complete,
        cancelled or failed.
      - Only the request that is sent counts, so V(7) and V("7"), an ETag with and without quotes, and the order of
        keys make no difference. On OSS O(account_id) makes none, because no request contains it.
      - With it you decide when the same job is due again, by giving another token, such as the date or the number
        of a change request. A job with the same token but other content is an error of kind V(conflict).
    type: str
seealso:
  - module: objectstore.batch.batch_job_status
  - module: objectstore.batch.batch_job_priority
  - module: objectstore.batch.batch_job_info
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Restore the objects of a list, once
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

- name: Tag the objects that the cloud finds itself, once a month
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

- name: The same restore on Tencent COS
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

- name: The same restore on Alibaba Cloud OSS
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
  description: What happened, in a sentence; on failure what is wrong and what to do next.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: created with priority 900.'
job:
  description: The job; the only element of RV(jobs).
  returned: when the cloud was asked for its jobs
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
      description: The job's id; empty in check mode, where it does not exist yet.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: The job's status, in the cloud's own words; V(New) for a job that was just created, which is
        not read again.
      type: str
      sample: New
    priority:
      description: The priority that the job has now, or in check mode would have.
      type: int
      sample: 900
    class:
      description: The name of exactly this priority, see O(classes); null where it has none.
      type: str
      sample: high
    description:
      description: The job's description, with the mark by which the next run finds the job.
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
    previous_priority:
      description: The priority of a job that was there already; null for a new one.
      type: int
    rank:
      description: Null; see M(objectstore.batch.batch_job_info) for ranks.
      type: int
    previous_rank:
      description: Null, like RV(jobs[].rank).
      type: int
    outcome:
      description: One of V(changed), V(unchanged), V(would_change) (check mode), V(failed).
      type: str
      sample: changed
    reason:
      description: Why the task failed, or in which way a job that was there already is not as it was created.
      type: str
    error:
      description: The error of this job, as in RV(error); null where there is none.
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
      description: The job's id; empty in check mode, where it does not exist yet.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: The job's status, in the cloud's own words; V(New) for a job that was just created, which is
        not read again.
      type: str
      sample: New
    priority:
      description: The priority that the job has now, or in check mode would have.
      type: int
      sample: 900
    class:
      description: The name of exactly this priority, see O(classes); null where it has none.
      type: str
      sample: high
    description:
      description: The job's description, with the mark by which the next run finds the job.
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
    previous_priority:
      description: The priority of a job that was there already; null for a new one.
      type: int
    rank:
      description: Null; see M(objectstore.batch.batch_job_info) for ranks.
      type: int
    previous_rank:
      description: Null, like RV(jobs[].rank).
      type: int
    outcome:
      description: One of V(changed), V(unchanged), V(would_change) (check mode), V(failed).
      type: str
      sample: changed
    reason:
      description: Why the task failed, or in which way a job that was there already is not as it was created.
      type: str
    error:
      description: The error of this job, as in RV(error); null where there is none.
      type: dict
client_request_token:
  description: The token of the request, given or derived.
  returned: when the cloud was asked for its jobs
  type: str
unchecked:
  description: What a dry run cannot know, a sentence each.
  returned: in check mode, when the job would be created
  type: list
  elements: str
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
      sample: conflict
    code:
      description: The cloud's raw error code; empty where there was none.
      type: str
      sample: IdempotencyException
    http_status:
      description: The HTTP status; null where there was no answer. Not reliable on AWS, so do not branch on it.
      type: int
      sample: 400
    message:
      description: The cloud's own words, or a sentence of this module.
      type: str
    request_id:
      description: The cloud's id of the request, for a support case.
      type: str
    operation:
      description: The API operation that failed.
      type: str
      sample: CreateJob
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
