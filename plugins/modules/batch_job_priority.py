#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_priority
short_description: Set the priority of object-storage batch jobs
version_added: 0.1.0
description:
  - Sets the priority of a batch job of AWS S3 Batch Operations, Tencent COS or Alibaba Cloud OSS.
  - The current priority is read first, and an update is sent only when it differs. A task without a change costs
    one request, a change two.
  - A higher number goes first. The number counts against the other jobs of the same account and region.
  - An answer that gets lost, or a job that ends between reading and writing, is settled by reading the job again.
  - A Suspended job takes a priority, but starts only after it is confirmed. The message and a warning state this.
  - After Ctrl+C, or SIGTERM, the task fails with an error of kind V(interrupted). RV(jobs) lists the jobs that were
    changed, those that may have been changed (V(failed)), and those that were not written to (V(skipped)).
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.one
options:
  job_id:
    description:
      - The job, by its id, or on AWS by its ARN. Needs O(priority). An ID that consists of digits must be in quotes.
      - One of O(job_id), O(jobs) and O(select) is required.
    type: str
  priority:
    description:
      - The wanted priority, a whole number from 0 to 2147483647, higher first, or the name of a class, see O(classes).
      - An integer or a string of decimal digits. Booleans, floats, signs, blanks, leading zeros, hexadecimal
        numbers and exponents are refused.
    type: raw
  jobs:
    description:
      - Several jobs, each with its wanted priority.
      - They are read through the list of live jobs, 1,000 a page, and only those missing from it one by one; then
        they are written to O(concurrency) at a time, raises from the top down first, lowerings from the bottom up
        last.
      - A job may stand in the list twice only with the same values.
    type: list
    elements: dict
    suboptions:
      job_id:
        description: The job.
        type: str
        required: true
      priority:
        description: The wanted priority, as in O(priority).
        type: raw
        required: true
      expect_current:
        description:
          - As O(expect_current), for this job.
          - A task that wrote several jobs and expected any of them to have a certain number reads the list once
            more at the end and reports a V(conflict) for jobs that show another number than its own, so that two
            tasks at once never end in a silent mix of their numbers.
        type: raw
  direction:
    description:
      - Which way the priority may go. A change in the other direction is not made and reported as skipped, with a
        reason.
    type: str
    choices: [any, raise_only, lower_only]
    default: any
  expect_current:
    description:
      - Refuse the change with an error of kind V(conflict) when the current priority is neither this one nor the
        wanted one.
      - None of the clouds can compare and set in one request, so a change made by somebody else between the read
        and the write of this task goes unnoticed.
    type: raw
  when_ended:
    description:
      - What to do when the priority differs but the job has ended (Complete, Cancelled, Failed) or is ending
        (Completing, Cancelling, Failing). The job is never written to.
      - With V(fail) the task fails, with an error of kind V(ended) or V(not_updatable).
      - With V(ignore) the job is reported as skipped, with a reason.
    type: str
    choices: [fail, ignore]
    default: fail
  on_error:
    description:
      - What to do when a job fails.
      - With V(stop) nothing is written at all when an error is known before the first write (a missing or ended
        job, a conflict), and no further write is started after one that failed. Jobs that were not written to are
        reported as skipped.
      - With V(continue) all other jobs are brought to their priority, and the task fails at the end.
    type: str
    choices: [stop, continue]
    default: stop
  verify:
    description:
      - Whether a task that wrote several jobs reads the list once more at the end, a request for each 1,000 live
        jobs, and fails with an error of kind V(conflict) for each job that does not show its number.
      - No cloud can compare and set. So without this look, of two tasks that write to the same jobs at once both
        can succeed and leave a mixture; with it at least the one that looks last fails.
    type: bool
    default: true
    version_added: 1.0.0
seealso:
  - module: objectstore.batch.batch_job_info
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Put an urgent restore before everything else on AWS
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    priority: 900

- name: The restore whose id nobody knows at 3 a.m.; if not exactly one job matches, the error lists the candidates
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    select:
      description: urgent restore
    priority: urgent

- name: Every re-tagging run goes down, however many there are
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

- name: The same as the first on Alibaba Cloud OSS
  objectstore.batch.batch_job_priority:
    provider: oss
    region: cn-hangzhou
    job_id: MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU=
    priority: 900

- name: The same on Tencent COS
  objectstore.batch.batch_job_priority:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    priority: 900

- name: Look before you leap, whatever mode the playbook runs in
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    priority: 950
  check_mode: true
  diff: true

- name: Lower a re-tagging run, but only if nobody has touched it since it was approved
  objectstore.batch.batch_job_priority:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    priority: 5
    expect_current: 50
    direction: lower_only

- name: Raise a job that may have finished meanwhile, which is fine
  objectstore.batch.batch_job_priority:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000004
    priority: 700
    when_ended: ignore

- name: Several jobs at once, as far as possible
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
  description: What happened, in a sentence; on failure what is wrong and what to do next.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: priority changed from 10 to 900.'
job:
  description: The job; the only element of RV(jobs).
  returned: with O(job_id), when the cloud was asked for the job
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
      description: The job's status, in the cloud's own words; empty where the job could not be read.
      type: str
      sample: Ready
    priority:
      description: The priority that the job has now, or in check mode would have; null where it could not be
        read.
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
      description: The priority that was read before the change; null where it could not be read.
      type: int
      sample: 10
    rank:
      description: Position among all live jobs after the change, 1 first; null where a single job was read without
        the queue around it.
      type: int
      sample: 1
    previous_rank:
      description: Position before the change; null like RV(jobs[].rank).
      type: int
      sample: 7
    outcome:
      description: One of V(changed), V(unchanged), V(would_change) (check mode), V(skipped), V(conflict), V(failed).
      type: str
      sample: changed
    reason:
      description: Why the job was skipped, in conflict or failed; else empty.
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
      description: The job's id.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: The job's status, in the cloud's own words; empty where the job could not be read.
      type: str
      sample: Ready
    priority:
      description: The priority that the job has now, or in check mode would have; null where it could not be
        read.
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
      description: The priority that was read before the change; null where it could not be read.
      type: int
      sample: 10
    rank:
      description: Position among all live jobs after the change, 1 first; null where a single job was read without
        the queue around it.
      type: int
      sample: 1
    previous_rank:
      description: Position before the change; null like RV(jobs[].rank).
      type: int
      sample: 7
    outcome:
      description: One of V(changed), V(unchanged), V(would_change) (check mode), V(skipped), V(conflict), V(failed).
      type: str
      sample: changed
    reason:
      description: Why the job was skipped, in conflict or failed; else empty.
      type: str
    error:
      description: The error of this job, as in RV(error); null where there is none.
      type: dict
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
      sample: not_found
    code:
      description: The cloud's raw error code; empty where there was none.
      type: str
      sample: NoSuchJob
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
      sample: UpdateJobPriority
    retryable:
      description: Whether the same task may succeed later, unchanged.
      type: bool
    hint:
      description: What to do next.
      type: str
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
