#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_wait
short_description: Wait for object storage batch jobs and check for failed objects
version_added: 0.1.0
description:
  - Waits until batch jobs of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS have ended, or until they have
    reached a status. Returns how many of their tasks succeeded.
  - The status V(Complete) never means that all objects succeeded. The task fails if a V(Complete) job has more failed
    tasks than O(max_failed_tasks) and O(max_failed_ratio) allow.
  - Each poll reads the job list once, 1,000 jobs for each request, regardless of the number of jobs. The module reads a
    job directly only if the list does not contain it, and once at the end of the job. Job lists do not contain the
    failure reasons and the location of the report.
  - While the module waits, an action plugin on the control node prints a line for each job that has changed, at most
    every 10 seconds. The line contains status, percentage, completed and failed tasks, rate, and remaining time, as
    plain text in 80 columns. With C(async) or C(no_log), it prints nothing.
  - The lines go to standard error, so they do not mix with a callback that prints JSON. If standard error is not a
    terminal, the plugin prints a new status immediately, and other changes every five minutes.
  - The module never changes a job. Jobs keep running if the wait ends because of O(timeout), C(Ctrl+C), or a failure.
extends_documentation_fragment:
  - objectstore.batch.attributes.info
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.some
options:
  job_id:
    description:
      - IDs of the jobs to wait for, or their ARNs on AWS.
      - Exactly one of O(job_id) and O(select) is required. The module evaluates O(select) only once, at the start.
    type: list
    elements: str
    aliases: [job_ids]
  status:
    description:
      - Statuses to wait for. The task ends when each job has reached one of them. If not set, it ends when each job has
        ended.
      - A job that is already past the requested status also counts, because a job can pass through a status between two
        polls. The order is V(New), V(Preparing), V(Suspended), V(Ready), V(Active), and V(Complete).
      - The task fails if a job ends in another status.
    type: list
    elements: str
    choices:
      - New
      - Preparing
      - Ready
      - Active
      - Pausing
      - Paused
      - Suspended
      - Completing
      - Complete
      - Cancelling
      - Cancelled
      - Failing
      - Failed
  suspended:
    description:
      - Action for a job that is V(Suspended), which does not start before it is confirmed.
      - With V(fail), the task fails immediately. With V(wait), it waits until another user or process confirms the job.
    type: str
    choices: [fail, wait]
    default: fail
  max_failed_tasks:
    description:
      - Maximum number of failed tasks in a V(Complete) job that still counts as successful.
      - If neither O(max_failed_tasks) nor O(max_failed_ratio) is set, no failed task is allowed. If both are set, the
        job must meet both limits.
    type: int
  max_failed_ratio:
    description:
      - Maximum share of failed tasks, from V(0) to V(1), in a V(Complete) job that still counts as successful.
      - Refer to O(max_failed_tasks) for the combination of both options.
    type: float
  on_error:
    description:
      - Action if a job cannot reach the requested status.
      - With V(stop), the task fails immediately. With V(continue), it waits for the other jobs first.
    type: str
    choices: [stop, continue]
    default: stop
  timeout:
    description:
      - Maximum time to wait. Set a number of seconds, or a duration, for example V(1d12h). At most V(365d) is allowed.
        With V(0), the module polls once.
      - After this time, the task fails with RV(error.kind=timeout) and reports the status of each job. The jobs keep
        running.
    type: raw
    default: 3600
  interval:
    description: Time between two polls at the start, and after a job has changed its status. Set a number of seconds
      from V(0.1) to V(86400), or a duration, for example V(2m).
    type: raw
    default: 10
  max_interval:
    description:
      - Maximum time between two polls. Set a number of seconds, at most V(86400), or a duration. If not set, the
        maximum is V(60), or O(interval) if that is longer.
      - While no status changes, each interval is one half longer than the previous one. It increases faster while the
        provider throttles.
      - Must not be shorter than O(interval).
    type: raw
  progress:
    description: Whether to print lines about the progress.
    type: bool
    default: true
  _watch:
    description: State that the action plugin passes between polling intervals. Internal use only. The action plugin
      overwrites it.
    type: dict
notes:
  - If the provider becomes unreachable after the first successful poll, the module continues to wait.
  - A long wait consists of several module runs, at most one every 10 seconds. Nothing runs on the target between two of
    them.
  - With C(loop), the task waits for one job after the other. Set O(job_id) to a list to wait for all jobs at the same
    time.
seealso:
  - module: objectstore.batch.batch_job_info
    description: Lists jobs and their progress once.
  - module: objectstore.batch.batch_job_report_info
    description: Reads which objects failed.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Wait until a restore has ended, and fail if any object failed
  objectstore.batch.batch_job_wait:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    timeout: 1d

- name: Wait for several jobs, and accept up to 1% failed objects
  objectstore.batch.batch_job_wait:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id:
      - 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
      - 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    max_failed_tasks: 1000
    max_failed_ratio: 0.01
    on_error: continue
    interval: 30
    max_interval: 300
  register: copies

- name: Show the results
  ansible.builtin.debug:
    msg: "{{ item.job_id }}: {{ item.result }}, {{ item.progress.failed }} failed"
  loop: "{{ copies.jobs }}"
  loop_control:
    label: "{{ item.job_id }}"

- name: Wait for a job on Alibaba Cloud OSS
  objectstore.batch.batch_job_wait:
    provider: oss
    region: cn-hangzhou
    job_id: MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU=

- name: Wait until another user has confirmed a job and it runs, without progress lines
  objectstore.batch.batch_job_wait:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status: [Active]
    suspended: wait
    progress: false

- name: Wait for all live restores
  objectstore.batch.batch_job_wait:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    select:
      operations: [S3InitiateRestoreObject]
    matches: any
    status: [Complete]
"""

RETURN = r"""
jobs:
  description: Jobs, in the order of O(job_id).
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
      description: Status of the job at the last poll, by the name that the provider uses. Empty if the job does not
        exist.
      type: str
      sample: Complete
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
      sample:
        total: 1000
        succeeded: 988
        failed: 12
    created:
      description: Creation time of the job, ISO 8601 in UTC. V(null) if the provider does not report it.
      type: str
      sample: '2026-01-31T03:00:00Z'
    active_seconds:
      description: Time that the job has been V(Active), in seconds, by the timer of the provider. V(null) if the
        response has no timer. COS has none.
      type: int
      sample: 4120
    rate:
      description: Finished objects per second, including failed objects. It is the average over
        RV(jobs[].active_seconds), or over the last polls of this task if the provider has no timer. V(null) if unknown.
      type: float
      sample: 68.4
    estimated_end:
      description:
        - Estimated end of an V(Active) job, ISO 8601 in UTC, if RV(jobs[].rate) stays the same. It is an estimate and
          no promise. The current time comes from the clock of the host that runs the task.
        - V(null) if the job is not V(Active), if the rate or the number of objects is unknown, and if the end is more
          than a year away.
      type: str
      sample: '2026-01-31T05:12:40Z'
    estimate_basis:
      description: Source of RV(jobs[].rate), which is V(timer) for the timer of the provider, or V(polls) for the last
        polls of this task. V(null) if the rate is unknown.
      type: str
      sample: timer
    ended:
      description: End time of the job, ISO 8601 in UTC. V(null) if the job has not ended.
      type: str
    suspended:
      description: Time since which the job waits for a confirmation, ISO 8601 in UTC. V(null) if the provider does not
        report it.
      type: str
    status_reason:
      description: Reason in the last request that changed the status, for jobs that failed or were canceled. Empty if
        the request had none.
      type: str
    failure_reasons:
      description: Reasons why the whole job failed, each with C(code) and C(reason). Objects can fail without such a
        reason.
      type: list
      elements: dict
    result:
      description:
        - Share of the tasks of an ended job that succeeded, which is V(full), V(partial), or V(none).
        - V(null) if the job has not ended, and if a V(Complete) job has no task counts.
      type: str
      sample: partial
    report:
      description:
        - Location of the completion report of an ended job, with the keys C(bucket), C(prefix), C(scope), and
          C(format). The module reads each ended job once for it.
        - V(null) if the job has no report, has not ended, or could not be read within 4 seconds.
      type: dict
      sample:
        bucket: arn:aws:s3:::reports
        prefix: restores
        scope: FailedTasksOnly
        format: Report_CSV_20180820
    outcome:
      description: Result for the job. V(unchanged) if it reached the requested status, V(skipped) if the wait ended
        before, and V(failed) if it fails the task.
      type: str
      sample: unchanged
    reason:
      description: The state of the job in words. V(null) if RV(jobs[].error) describes it.
      type: str
      sample: is Complete, 1000 of 1000 tasks done (12 failed)
    error:
      description: Why the job fails the task, with the keys of RV(error). V(null) if it does not.
      type: dict
job:
  description: The only element of RV(jobs).
  returned: when O(job_id) or O(select) matches exactly one job
  type: dict
waited:
  description: Time that the task has waited, in seconds.
  type: float
  returned: when the jobs could be read
  sample: 754.2
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001 is Complete, 1000 of 1000 tasks done.
error:
  description:
    - Details of the error.
    - C(kind) is V(job_ended) if a job is V(Failed) or V(Cancelled), and V(conflict) if it is V(Suspended) or has too
      many failed tasks. It is V(timeout) if a job has not reached the requested status in time, and V(not_found) if it
      does not exist.
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
      sample: job_ended
    code:
      description: Error code of the provider. Empty if the provider sent none.
      type: str
      sample: ''
    http_status:
      description: HTTP status. V(null) without a response. Not reliable on AWS, so do not use it for decisions.
      type: int
      sample: 200
    message:
      description: Error message of the provider, or of the module.
      type: str
    request_id:
      description: ID of the request at the provider, for a support case. Empty if the provider sent none.
      type: str
    operation:
      description: API operation that failed.
      type: str
      sample: DescribeJob
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
  description: Number of requests of the whole wait, as C(sent) (by operation), C(retried) (retries), and C(throttled)
    (throttled responses).
  returned: always
  type: dict
  sample:
    sent:
      ListJobs: 14
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._core import statuses
from ..module_utils._select import filter_keys
from ..module_utils._wait import workflow


def main() -> None:
    _module.run(
        {
            "job_id": {"type": "list", "elements": "str", "aliases": ["job_ids"]},
            "status": {"type": "list", "elements": "str", "choices": list(statuses.STATUSES)},
            "suspended": {"type": "str", "choices": ["fail", "wait"], "default": "fail"},
            "max_failed_tasks": {"type": "int"},
            "max_failed_ratio": {"type": "float"},
            "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
            "timeout": {"type": "raw", "default": 3600},
            "interval": {"type": "raw", "default": 10},
            "max_interval": {"type": "raw"},
            "progress": {"type": "bool", "default": True},
            "_watch": {"type": "dict"},
            **filter_keys.select_spec("some"),
        },
        workflow.prepare,
        workflow.execute,
        required_one_of=[("job_id", "select")],
        mutually_exclusive=[("job_id", "select")],
    )


if __name__ == "__main__":
    main()
