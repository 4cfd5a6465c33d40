#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_status
short_description: Confirm or cancel object storage batch jobs
version_added: 0.1.0
description:
  - Confirms batch jobs that are waiting for a confirmation, or cancels batch jobs, on AWS S3 Batch Operations, Tencent
    COS, or Alibaba Cloud OSS.
  - The module reads the job first. It sends a request only if the job has not reached the requested status. For one
    job, a task without a change costs one request, and a task with a change costs two.
  - If a response is lost, or if the status changes between reading and updating, the module reads the job again to
    confirm the result.
  - A provider needs some time to cancel a job. Set O(wait) to wait until the job has reached the requested status.
  - Providers cannot pause a job, resume a canceled job, or delete a job.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.one
options:
  job_id:
    description:
      - ID of the job, or its ARN on AWS.
      - Exactly one of O(job_id) and O(select) is required.
    type: str
  status:
    description:
      - Status to request for the job.
      - V(ready) confirms a job that is V(Suspended). The module does not change a job that is already V(Ready) or in a
        later status (V(Active), V(Pausing), V(Paused), V(Completing), V(Complete)). In any other status, the task fails
        with RV(error.kind=not_updatable). A new job needs some time to become V(Suspended).
      - V(cancelled) cancels a job that has not ended. The module does not change a job that is V(Cancelling) or
        V(Cancelled). If the job has ended or is ending in another way (V(Completing), V(Complete), V(Failing),
        V(Failed)), the task fails with RV(error.kind=not_updatable).
      - Cancelling a job does not revert the objects that the job has already processed.
    type: str
    choices: [ready, cancelled]
    required: true
  reason:
    description:
      - Reason for the request. The provider stores it with the job.
      - The maximum length is 256 characters on AWS and OSS, and 256 bytes of UTF-8 on COS.
      - OSS requires a reason to cancel a job. If not set, the module sends V(no reason given).
      - The module sends the reason with a request, but never compares it. A different reason alone changes nothing.
    type: str
  wait:
    description:
      - Whether to wait until the job has reached the requested status, even if an earlier task sent the request.
      - With O(status=ready), the module waits until the job is V(Ready) or in a later status. With O(status=cancelled),
        it waits until the job is V(Cancelled).
      - The task fails with RV(error.kind=job_ended) if the job ends in another status.
      - The module polls the job list, first after 5 seconds, then at increasing intervals of up to one minute. For
        waits of hours, use M(objectstore.batch.batch_job_wait), which shows the progress.
      - In check mode, the module does not wait.
    type: bool
    default: false
  wait_timeout:
    description:
      - Maximum time to wait. Set a number of seconds, or a duration, for example V(20m). At most V(365d) is allowed.
        With V(0), the module polls once.
      - After this time, the task fails with RV(error.kind=timeout) and reports the status of the job. The request
        remains in effect.
      - Only used if O(wait=true).
    type: raw
    default: 600
seealso:
  - module: objectstore.batch.batch_job_info
    description: Lists jobs, their status, and their confirmation deadlines.
  - module: objectstore.batch.batch_job_priority
    description: Changes the priority of jobs.
  - module: objectstore.batch.batch_job_wait
    description: Waits for jobs with progress output.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Confirm a suspended job
  objectstore.batch.batch_job_status:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status: ready
    reason: approved in change 4711

- name: Cancel a tagging job on Tencent COS
  objectstore.batch.batch_job_status:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    status: cancelled
    reason: replaced by a later job

- name: Cancel a job on Alibaba Cloud OSS
  objectstore.batch.batch_job_status:
    provider: oss
    region: cn-hangzhou
    job_id: MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU=
    status: cancelled
    reason: replaced by a later job

- name: Cancel a job and wait until it is canceled
  objectstore.batch.batch_job_status:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    status: cancelled
    wait: true
    wait_timeout: 1800

- name: Cancel all live tagging jobs that are older than a week
  objectstore.batch.batch_job_status:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    select:
      operations: [S3PutObjectTagging]
      min_age: 7d
    matches: any
    status: cancelled
    reason: older than a week
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: status changed from Suspended to Ready.'
job:
  description: The only element of RV(jobs).
  returned: when O(job_id) is set, or O(select) matches exactly one job
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
      description:
        - Status of the job after the task, or after the last poll if O(wait=true). In check mode, the status that the
          job would have right after the request. Empty if the job could not be read.
        - A provider needs some time to cancel a job, so the status is V(Cancelling) at first.
      type: str
      sample: Ready
    priority:
      description: Priority of the job. V(null) if the job could not be read.
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
      description: Same as RV(jobs[].priority), for consistency with other modules.
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
    previous_status:
      description: Status of the job before the request. V(null) if the job could not be read.
      type: str
      sample: Suspended
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
      sample: not_updatable
    code:
      description: Error code of the provider. Empty if the provider sent none.
      type: str
      sample: JobStatusException
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
      sample: UpdateJobStatus
    retryable:
      description: Whether the same task can succeed later without changes.
      type: bool
    hint:
      description: Recommended action.
      type: str
waited:
  description: Time that the task has waited, in seconds.
  type: float
  returned: when O(wait=true) and the request succeeded, except in check mode
  sample: 12.5
candidates:
  description:
    - Jobs that O(select) matches, or all live jobs if it matches none. At most 100 jobs, sorted by rank.
    - The keys of each are C(rank), C(job_id), C(status), C(priority), C(description), and C(operation).
  returned: when the number of jobs that O(select) matches differs from O(matches)
  type: list
  elements: dict
calls:
  description: Number of requests, as C(sent) (by operation), C(retried) (retries), and C(throttled) (throttled
    responses).
  returned: always
  type: dict
  sample:
    sent:
      DescribeJob: 1
      UpdateJobStatus: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._select import filter_keys
from ..module_utils._status import workflow


def main() -> None:
    _module.run(
        {
            "job_id": {"type": "str"},
            "status": {"type": "str", "choices": ["ready", "cancelled"], "required": True},
            "reason": {"type": "str"},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "raw", "default": 600},
            **filter_keys.select_spec("one"),
        },
        workflow.prepare,
        workflow.execute,
        required_one_of=[("job_id", "select")],
        mutually_exclusive=[("job_id", "select")],
    )


if __name__ == "__main__":
    main()
