#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_tags
short_description: Set the tags of an object storage batch job
version_added: 0.1.0
description:
  - Sets the tags of a batch job on AWS S3 Batch Operations. The job can be live or ended. IAM policies can use the tags
    to control who can cancel the job, confirm it, or change its priority.
  - Jobs of Tencent COS and Alibaba Cloud OSS have no tags. The task fails with RV(error.kind=unsupported) before it
    sends a request.
  - The module reads the tags first. A task without a change costs one request, and a task with a change costs two.
    Check mode costs one request.
  - AWS replaces all tags of a job with each request. If another user or process changes the tags between the read and
    the request of this task, their change can be lost.
  - If a response is lost, the module reads the tags again before it repeats the request.
  - Tags with the prefix C(aws:) belong to AWS. The module keeps them, and does not compare them.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  job_id:
    description: ID of the job, or its ARN on AWS.
    type: str
    required: true
  tags:
    description:
      - Tags of the job, as a dictionary of text values. At most 50 tags. Put numbers, and words such as V(yes), in
        quotes.
      - A key has 1 to 128 characters, and a value has at most 256. Letters, digits, spaces, and the signs
        C(_.:/=+-@) are allowed. A key must not begin with C(aws:).
      - An empty dictionary with O(purge_tags=true) removes all tags. V(null) is rejected.
    type: dict
    required: true
  purge_tags:
    description: Whether to remove the tags of the job that O(tags) does not contain.
    type: bool
    default: true
seealso:
  - module: objectstore.batch.batch_job
    description: Creates jobs with tags.
  - module: objectstore.batch.batch_job_info
    description: Lists jobs with their tags.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Set the tags of a job and remove all others
  objectstore.batch.batch_job_tags:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    tags:
      team: storage
      cost-center: "4711"

- name: Add a tag to a job
  objectstore.batch.batch_job_tags:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    tags:
      approved: "yes"
    purge_tags: false

- name: Remove all tags of a job
  objectstore.batch.batch_job_tags:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    tags: {}
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: tags changed: 1 added (team).'
tags:
  description: Tags of the job after the task, as a dictionary. In check mode, the tags that the job would have. V(null)
    if they could not be read.
  returned: when the module could read the tags, or the job was not found
  type: dict
  sample:
    team: storage
job:
  description: The only element of RV(jobs).
  returned: when the module could read the tags, or the job was not found
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
      description: Always empty, because this module reads only the tags.
      type: str
      sample: Ready
    priority:
      description: Always V(null), because this module reads only the tags.
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
    previous_priority:
      description: Always V(null), because this module reads only the tags.
      type: int
      sample: 900
    rank:
      description: Always V(null), because this module does not read the queue.
      type: int
    previous_rank:
      description: Always V(null), because this module does not read the queue.
      type: int
    outcome:
      description: Result for the job, which is V(changed), V(unchanged), V(would_change) (check mode), or V(failed).
      type: str
      sample: changed
    reason:
      description: Reason for V(failed). Empty in all other cases.
      type: str
    error:
      description: Error of this job, with the keys of RV(error). V(null) if the job has no error.
      type: dict
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
      sample: not_found
    code:
      description: Error code of the provider. Empty if the provider sent none.
      type: str
      sample: NoSuchJob
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
      sample: PutJobTagging
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
      GetJobTagging: 1
      PutJobTagging: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._tags import workflow


def main() -> None:
    _module.run(
        {
            "job_id": {"type": "str", "required": True},
            "tags": {"type": "dict", "required": True},
            "purge_tags": {"type": "bool", "default": True},
        },
        workflow.prepare,
        workflow.execute,
    )


if __name__ == "__main__":
    main()
