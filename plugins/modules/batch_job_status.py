#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_status
short_description: Confirm or cancel object-storage batch jobs
version_added: 0.1.0
description:
  - Confirms a batch job that waits for its confirmation, or cancels a job, on AWS S3 Batch Operations, Tencent
    COS or Alibaba Cloud OSS.
  - The job is read first, and a request is sent only when the job is not where it would lead already. A task
    without a change costs one request, a change two.
  - An answer that gets lost, or a job that moves between reading and writing, is settled by reading the job again.
  - A request is not its effect, and cancelling takes the cloud a while. With O(wait) the task ends once the job is
    there.
  - No cloud can pause a job, take a cancelled one up again or delete one.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.one
options:
  job_id:
    description: The job, by its id, or on AWS by its ARN. Either this or O(select) is required.
    type: str
  status:
    description:
      - Where the job shall go.
      - V(ready) confirms a job that is Suspended. A job that is Ready or beyond (Active, Pausing, Paused,
        Completing, Complete) is left unchanged. All others are refused, with an error of kind V(not_updatable); a
        job that was just created takes a while to become Suspended.
      - V(cancelled) cancels a job that has not ended. A job that is Cancelling or Cancelled is left unchanged. Jobs
        that have ended or are ending otherwise (Completing, Complete, Failing, Failed) are refused, with an error
        of kind V(not_updatable).
      - Objects that a cancelled job has worked on stay as they are.
    type: str
    choices: [ready, cancelled]
    required: true
  reason:
    description:
      - Why, for people who look at the job later; the cloud keeps it with the job.
      - At most 256 characters on AWS and OSS, 256 bytes of UTF-8 on COS.
      - OSS wants one for each cancellation; without one V(no reason given) is sent there.
      - It is sent with a request and never compared, so another reason alone changes nothing.
    type: str
  wait:
    description:
      - Whether to wait until the job is where the request leads, also where that was requested before.
      - With O(status=ready) that is when the job is Ready or beyond, with O(status=cancelled) when it is Cancelled.
      - A job that ends elsewhere, for example fails meanwhile, fails the task with an error of kind V(ended).
      - A look at the job is a walk through the list of jobs, after 5 seconds at first, then less and less often,
        but once a minute at the least. For waits of hours use M(objectstore.batch.batch_job_wait), which shows the
        progress.
      - In check mode nothing is waited for.
    type: bool
    default: false
  wait_timeout:
    description:
      - Wait at most so many seconds, or for a duration such as V(20m). Then the task fails with an error of kind
        V(timeout) that says where the job stands; what was requested stays requested. V(0) looks once.
      - Of no meaning without O(wait). V(365d) or less.
    type: raw
    default: 600
seealso:
  - module: objectstore.batch.batch_job_info
  - module: objectstore.batch.batch_job_priority
  - module: objectstore.batch.batch_job_wait
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Confirm a job that waits for it
  objectstore.batch.batch_job_status:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status: ready
    reason: approved in change 4711

- name: Cancel a re-tagging run, if it has not ended
  objectstore.batch.batch_job_status:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    status: cancelled
    reason: superseded by the run of tonight

- name: Cancel a job and go on when no object is touched any more
  objectstore.batch.batch_job_status:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    status: cancelled
    wait: true
    wait_timeout: 1800

- name: Cancel all re-tagging runs that have waited for more than a week
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
  description: What happened, in a sentence; on failure what is wrong and what to do next.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: status changed from Suspended to Ready.'
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
      description:
        - The status that the job has now, or in check mode would have right after the request; empty where the
          job could not be read.
        - Cancelling takes the cloud a while, so it is V(Cancelling) at first. After waiting, the status at the
          last look.
      type: str
      sample: Ready
    priority:
      description: The job's priority; null where it could not be read.
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
    previous_priority:
      description: The same as RV(jobs[].priority), as in the results of the other modules.
      type: int
      sample: 900
    rank:
      description: Null; the queue is not read for this.
      type: int
    previous_rank:
      description: Null, like RV(jobs[].rank).
      type: int
    outcome:
      description: One of V(changed), V(unchanged), V(would_change) (check mode), V(failed).
      type: str
      sample: changed
    reason:
      description: Why the task failed for this job; else empty.
      type: str
    error:
      description: The error of this job, as in RV(error); null where there is none.
      type: dict
    previous_status:
      description: The status that was read before the request; null where it could not be read.
      type: str
      sample: Suspended
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
      description:
        - The status that the job has now, or in check mode would have right after the request; empty where the
          job could not be read.
        - Cancelling takes the cloud a while, so it is V(Cancelling) at first. After waiting, the status at the
          last look.
      type: str
      sample: Ready
    priority:
      description: The job's priority; null where it could not be read.
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
    previous_priority:
      description: The same as RV(jobs[].priority), as in the results of the other modules.
      type: int
      sample: 900
    rank:
      description: Null; the queue is not read for this.
      type: int
    previous_rank:
      description: Null, like RV(jobs[].rank).
      type: int
    outcome:
      description: One of V(changed), V(unchanged), V(would_change) (check mode), V(failed).
      type: str
      sample: changed
    reason:
      description: Why the task failed for this job; else empty.
      type: str
    error:
      description: The error of this job, as in RV(error); null where there is none.
      type: dict
    previous_status:
      description: The status that was read before the request; null where it could not be read.
      type: str
      sample: Suspended
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
      sample: not_updatable
    code:
      description: The cloud's raw error code; empty where there was none.
      type: str
      sample: JobStatusException
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
      sample: UpdateJobStatus
    retryable:
      description: Whether the same task may succeed later, unchanged.
      type: bool
    hint:
      description: What to do next.
      type: str
waited:
  description: How many seconds the task has waited.
  type: float
  returned: when O(wait) is set and the request stands, outside of check mode
  sample: 12.5
candidates:
  description:
    - The jobs that O(select) matches, where they are not as many as O(matches) wants. Where it matches none,
      the live jobs. By rank, 100 at the most.
    - Each with C(rank), C(job_id), C(status), C(priority), C(description), and C(operation).
  returned: when O(select) does not match as many jobs as it has to
  type: list
  elements: dict
calls:
  description: How many requests were sent (C(sent), by operation), C(retried) and C(throttled).
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
