#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_priority
short_description: Set the priority of object storage batch jobs
version_added: 0.1.0
description:
  - Sets the priority of batch jobs of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS.
  - The module reads the current priority first. It sends an update only if the priority differs. For one job, a task
    without a change costs one request, and a task with a change costs two.
  - Jobs with a higher priority run first. Priorities are compared with the other jobs of the same account and region.
  - If a response is lost, or if a job ends between reading and updating, the module reads the job again to confirm the
    result.
  - You can set the priority of a V(Suspended) job, but it starts only after it is confirmed. The message and a warning
    state this.
  - After C(Ctrl+C) or SIGTERM, the task fails with RV(error.kind=interrupted). RV(jobs) lists the jobs that were
    changed, the jobs that might have been changed (V(failed)), and the jobs that were not updated (V(skipped)).
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.one
options:
  job_id:
    description:
      - ID of the job, or its ARN on AWS. Requires O(priority).
      - Exactly one of O(job_id), O(jobs), and O(select) is required.
    type: str
  priority:
    description:
      - Priority to set, from V(0) to V(2147483647), or the name of a class. Refer to O(classes). Jobs with higher
        values run first.
      - Set an integer or a string of decimal digits. The module rejects booleans, floats, signs, blanks, leading zeros,
        hexadecimal numbers, and exponents.
      - Required with O(job_id) and O(select). Mutually exclusive with O(jobs).
    type: raw
  jobs:
    description:
      - Jobs to update, each with its own priority.
      - The module reads the list of live jobs, 1,000 jobs for each request. It then reads each job that is not in the
        list.
      - The module updates up to O(concurrency) jobs at a time. It raises priorities first, highest first, and then
        lowers priorities, lowest first.
      - You can list a job more than once only with the same values.
      - Mutually exclusive with O(job_id), O(select), O(priority), and O(expect_current).
    type: list
    elements: dict
    suboptions:
      job_id:
        description: ID of the job, or its ARN on AWS.
        type: str
        required: true
      priority:
        description: Priority to set, in the format of O(priority).
        type: raw
        required: true
      expect_current:
        description:
          - Expected current priority of this job, as in O(expect_current).
          - If a task updates several jobs and expects the current priority of any of them, it reads the job list again
            at the end. It reports V(conflict) for each job with a different priority. Two tasks at the same time
            therefore never leave a mixture of their priorities unnoticed.
        type: raw
  direction:
    description:
      - Allowed direction of the change.
      - The module skips changes in the other direction and reports V(skipped) with a reason.
    type: str
    choices: [any, raise_only, lower_only]
    default: any
  expect_current:
    description:
      - Expected current priority of the job. The task fails with RV(error.kind=conflict) if the current priority is
        neither this value nor O(priority).
      - None of the providers can compare and set a priority in one request. A change that another user or process makes
        between reading and updating is therefore not detected.
      - Mutually exclusive with O(jobs). Use O(jobs[].expect_current) instead.
    type: raw
  when_ended:
    description:
      - Action for a job that has a different priority but has ended (V(Complete), V(Cancelled), V(Failed)) or is ending
        (V(Completing), V(Cancelling), V(Failing)). The module never updates such a job.
      - With V(fail), the task fails with RV(error.kind=job_ended) or RV(error.kind=not_updatable).
      - With V(ignore), the module reports V(skipped) with a reason.
    type: str
    choices: [fail, ignore]
    default: fail
  on_error:
    description:
      - Action if a job fails.
      - With V(stop), the module makes no changes if it detects a missing job, an ended job, or a conflict before the
        first update. After an update fails, it starts no other updates and reports the remaining jobs as V(skipped).
      - With V(continue), the module updates all other jobs, and the task fails at the end.
    type: str
    choices: [stop, continue]
    default: stop
  verify:
    description:
      - Whether to verify the priorities after an update of several jobs. The module reads the job list again, which
        costs one request for each 1,000 live jobs. The task fails with RV(error.kind=conflict) if a job has a different
        priority.
      - No provider can compare and set a priority in one request. Without this verification, two tasks that update the
        same jobs at the same time can both succeed and leave a mixture. With it, at least the task that verifies last
        fails.
    type: bool
    default: true
    version_added: 1.0.0
  report_overtaken:
    description:
      - Whether to report the live jobs that a raised job overtakes, in RV(jobs[].overtaken) and at the end of RV(msg).
      - A job is overtaken if its priority is at least the old priority and lower than the new priority of the raised
        job. Jobs with equal priorities have no order.
      - In check mode, the module reports the jobs that the change would overtake.
      - With O(job_id), the module requests the job list once, after the update. With O(select), and with two or more
        O(jobs), it uses the list that it has read already. Without a raise, it sends no request.
      - If the list cannot be read completely, RV(jobs[].overtaken) is V(null), and a warning states why. The update
        itself is not affected.
    type: bool
    default: false
    version_added: 1.0.0
seealso:
  - module: objectstore.batch.batch_queue
    description: Orders all jobs of a queue, or applies priority rules.
  - module: objectstore.batch.batch_job_info
    description: Lists jobs and their ranks.
  - module: objectstore.batch.batch_job_status
    description: Confirms suspended jobs, or cancels jobs.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Raise the priority of an urgent restore
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    priority: 900

- name: Raise the priority of a restore by its description
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    select:
      description: urgent restore
    priority: urgent

- name: Lower the priority of all tagging jobs
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    select:
      operations: [S3PutObjectTagging]
    matches: any
    priority: idle
    classes:
      idle: 1

- name: Set the priority of a job on Alibaba Cloud OSS
  objectstore.batch.batch_job_priority:
    provider: oss
    region: cn-hangzhou
    job_id: MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU=
    priority: 900

- name: Set the priority of a job on Tencent COS
  objectstore.batch.batch_job_priority:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    priority: 900

- name: Preview a change without making it
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    priority: 950
  check_mode: true
  diff: true

- name: Raise a job and report which jobs it overtakes
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000008
    priority: 900
    report_overtaken: true

- name: Lower a priority only if it has not changed since it was approved
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    priority: 5
    expect_current: 50
    direction: lower_only

- name: Raise the priority of a job unless it has already ended
  objectstore.batch.batch_job_priority:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000004
    priority: 700
    when_ended: ignore

- name: Set the priorities of several jobs, and continue after errors
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    jobs:
      - job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000005
        priority: 800
      - job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000006
        priority: 700
        expect_current: 10
    on_error: continue
    verify: false
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: priority changed from 10 to 900.'
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
      description: Status of the job, by the name that the provider uses. Empty if the job could not be read.
      type: str
      sample: Ready
    priority:
      description: Priority of the job after the task. In check mode, the priority that the job would have. V(null) if
        the job could not be read.
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
      description: Priority of the job before the task. V(null) if the job could not be read.
      type: int
      sample: 10
    rank:
      description: Position among all live jobs after the task, starting at 1. V(null) if the module did not read the
        queue, for example for a single job.
      type: int
      sample: 1
    previous_rank:
      description: Position among all live jobs before the task. V(null) in the same cases as RV(jobs[].rank).
      type: int
      sample: 7
    outcome:
      description: Result for the job, which is V(changed), V(unchanged), V(would_change) (check mode), V(skipped),
        V(conflict), or V(failed).
      type: str
      sample: changed
    reason:
      description: Reason for V(skipped), V(conflict), or V(failed). Empty in all other cases.
      type: str
    error:
      description: Error of this job, with the keys of RV(error). V(null) if the job has no error.
      type: dict
    overtaken:
      description:
        - The live jobs that this job overtakes because its priority is raised, highest priority first, 100 at most.
          Empty if the priority is not raised.
        - V(null) if O(report_overtaken) is V(false), if the job failed, or if the overtaken jobs are unknown.
      type: list
      elements: dict
      contains:
        job_id:
          description: The ID of the overtaken job.
          type: str
          sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000007
        description:
          description: Its description. Only the first 60 characters are shown, and special characters are escaped.
          type: str
        status:
          description: Its status, in the words of the provider.
          type: str
          sample: Ready
        priority:
          description: Its priority, which is lower than the new priority of the raised job.
          type: int
          sample: 500
    overtaken_count:
      description: The number of overtaken live jobs, which can exceed 100. V(null) like RV(jobs[].overtaken).
      type: int
      sample: 1
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
      sample: UpdateJobPriority
    retryable:
      description: Whether the same task can succeed later without changes.
      type: bool
    hint:
      description: Recommended action.
      type: str
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
      UpdateJobPriority: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._priority import workflow
from ..module_utils._select import filter_keys


def main() -> None:
    _module.run(
        {
            "job_id": {"type": "str"},
            "priority": {"type": "raw"},
            "jobs": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "job_id": {"type": "str", "required": True},
                    "priority": {"type": "raw", "required": True},
                    "expect_current": {"type": "raw"},
                },
            },
            "direction": {"type": "str", "choices": ["any", "raise_only", "lower_only"], "default": "any"},
            "expect_current": {"type": "raw"},
            "when_ended": {"type": "str", "choices": ["fail", "ignore"], "default": "fail"},
            "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
            "verify": {"type": "bool", "default": True},
            "report_overtaken": {"type": "bool", "default": False},
            **filter_keys.select_spec("one"),
        },
        workflow.prepare,
        workflow.execute,
        required_one_of=[("job_id", "jobs", "select")],
        mutually_exclusive=[("job_id", "jobs", "select"), ("priority", "jobs")],
        required_by={"job_id": ["priority"], "select": ["priority"]},
    )


if __name__ == "__main__":
    main()
