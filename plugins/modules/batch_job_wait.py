#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_wait
short_description: Wait for object-storage batch jobs, with progress on the screen
version_added: 0.1.0
description:
  - Waits until batch jobs of AWS S3 Batch Operations, Tencent COS or Alibaba Cloud OSS have ended, or are in a given
    status, and tells how many of their tasks succeeded.
  - Every look at the jobs is one walk through the list of jobs (1,000 a page), however many are waited for. Only a
    job that the list does not show is read by itself, and, once, at the end, each that has ended, since lists say
    neither why a job failed nor where its report is.
  - V(Complete) never means that all objects succeeded. A Complete job with more failed tasks than
    O(max_failed_tasks) and O(max_failed_ratio) allow fails the task.
  - While it waits, an action plugin on the controller prints a line for each job that has changed (status, per
    cent, tasks done and failed, rate, time left), every 10 seconds at the most, as plain text in 80 columns. With
    C(async) and with C(no_log) nothing is printed.
  - The lines go to the standard error, so they do not mix with a callback that prints JSON. If the standard error is
    not a terminal, the plugin prints a new status at once, and other changes every five minutes.
  - Nothing is ever written. Jobs go on untouched when the waiting ends, by O(timeout), Ctrl-C or a failure.
extends_documentation_fragment:
  - objectstore.batch.attributes.info
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.some
options:
  job_id:
    description: Wait for this job, or these jobs, by their ids, or on AWS by their ARNs. Either this or O(select) is
      required, which chooses the jobs once, at the beginning.
    type: list
    elements: str
    aliases: [job_ids]
  status:
    description:
      - Wait until each job is in one of these statuses, in the cloud's own words. If not set, until it has ended.
      - A job that has gone further on the way from New over Preparing, Suspended, Ready and Active to Complete
        counts, too, since no look may fall into the moment in which it was there.
      - A job that ends elsewhere fails the task.
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
      - What to do about a job that is Suspended. It waits for a confirmation and will not move by itself, so
        V(fail) fails at once.
      - Use V(wait) where somebody else confirms the job meanwhile.
    type: str
    choices: [fail, wait]
    default: fail
  max_failed_tasks:
    description:
      - So many failed tasks may a Complete job have and still count as a success.
      - If neither this nor O(max_failed_ratio) is set, none may have failed. If both are set, both must hold.
    type: int
  max_failed_ratio:
    description: The share of failed tasks, from 0 to 1, that a Complete job may have and still count as a success.
    type: float
  on_error:
    description:
      - V(stop) fails the task as soon as one job cannot come to what is waited for.
      - V(continue) waits for the other jobs first.
    type: str
    choices: [stop, continue]
    default: stop
  timeout:
    description:
      - Wait at most so many seconds, or for a duration such as V(1d12h). Then the task fails with kind V(timeout) and
        says where each job stands; the jobs go on.
      - V(0) looks once. V(365d) or less.
    type: raw
    default: 3600
  interval:
    description: Seconds, or a duration such as V(2m), between two looks at the start, and after a job has changed its
      status. From V(0.1) to V(1d).
    type: raw
    default: 10
  max_interval:
    description:
      - Seconds, or a duration, that the time between two looks grows to while no status changes, by one half each time;
        faster while the cloud throttles.
      - If not set, V(60), or O(interval) where that is longer. V(1d) or less.
    type: raw
  progress:
    description: Whether to print lines about the progress.
    type: bool
    default: true
  _watch:
    description: What the action plugin hands on from one slice of the waiting to the next. Not for use in
      playbooks, where it is overwritten.
    type: dict
notes:
  - A cloud that cannot be reached for a while does not end the waiting once it has answered the first look.
  - Each slice of the waiting is a module run of its own, at most one in 10 seconds; between two of them nothing
    runs on the target.
  - With C(loop) the jobs are waited for one after the other; give O(job_id) a list to wait for all at once.
seealso:
  - module: objectstore.batch.batch_job_info
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Wait until a restore has ended; a failed object fails the task
  objectstore.batch.batch_job_wait:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    timeout: 1d

- name: Wait for several jobs and bear with one failed object in a hundred
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

- name: Show how it went
  ansible.builtin.debug:
    msg: "{{ item.job_id }}: {{ item.result }}, {{ item.progress.failed }} failed"
  loop: "{{ copies.jobs }}"
  loop_control:
    label: "{{ item.job_id }}"

- name: Wait until somebody has confirmed a job and it runs, without a word
  objectstore.batch.batch_job_wait:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status: [Active]
    suspended: wait
    progress: false

- name: Wait for all restores that are under way
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
  description: The jobs, in the order of O(job_id).
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
      description: The job's status at the last look; empty where there is no such job.
      type: str
      sample: Complete
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
      sample:
        total: 1000
        succeeded: 988
        failed: 12
    created:
      description: Time of creation, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T03:00:00Z'
    ended:
      description: Time of the end, ISO 8601 in UTC; null while the job has not ended.
      type: str
    suspended:
      description: Since when the job waits for a confirmation, where the cloud said so.
      type: str
    status_reason:
      description: The reason given with the last request to change the status, of jobs that failed or were cancelled.
      type: str
    failure_reasons:
      description: Why the job failed as a whole, as a list of C(code) and C(reason). Single objects may have
        failed without one.
      type: list
      elements: dict
    result:
      description:
        - Of an ended job, how many of its tasks were done, V(full), V(partial) or V(none).
        - Null while the job has not ended, and for a Complete job where the cloud names no counts.
      type: str
      sample: partial
    report:
      description:
        - Of an ended job, where the report on the objects goes, with the keys C(bucket), C(prefix), C(scope)
          and C(format). Each ended job is described for it, once, at the end.
        - Null where the job writes none, has not ended, or could not be described within 4 seconds.
      type: dict
      sample:
        bucket: arn:aws:s3:::reports
        prefix: restores
        scope: FailedTasksOnly
        format: Report_CSV_20180820
    outcome:
      description: V(unchanged) where the job is as it was waited for, V(skipped) where the waiting ended before,
        V(failed) where it fails the task.
      type: str
      sample: unchanged
    reason:
      description: The outcome in words.
      type: str
      sample: is Complete, 1000 of 1000 tasks done, 12 of them failed
    error:
      description: Why the job fails the task, with the keys of RV(error); null where it does not.
      type: dict
job:
  description: The job, where O(job_id) names exactly one.
  returned: when O(job_id) names one job
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
      description: The job's status at the last look; empty where there is no such job.
      type: str
      sample: Complete
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
      sample:
        total: 1000
        succeeded: 988
        failed: 12
    created:
      description: Time of creation, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T03:00:00Z'
    ended:
      description: Time of the end, ISO 8601 in UTC; null while the job has not ended.
      type: str
    suspended:
      description: Since when the job waits for a confirmation, where the cloud said so.
      type: str
    status_reason:
      description: The reason given with the last request to change the status, of jobs that failed or were cancelled.
      type: str
    failure_reasons:
      description: Why the job failed as a whole, as a list of C(code) and C(reason). Single objects may have
        failed without one.
      type: list
      elements: dict
    result:
      description:
        - Of an ended job, how many of its tasks were done, V(full), V(partial) or V(none).
        - Null while the job has not ended, and for a Complete job where the cloud names no counts.
      type: str
      sample: partial
    report:
      description:
        - Of an ended job, where the report on the objects goes, with the keys C(bucket), C(prefix), C(scope)
          and C(format). Each ended job is described for it, once, at the end.
        - Null where the job writes none, has not ended, or could not be described within 4 seconds.
      type: dict
      sample:
        bucket: arn:aws:s3:::reports
        prefix: restores
        scope: FailedTasksOnly
        format: Report_CSV_20180820
    outcome:
      description: V(unchanged) where the job is as it was waited for, V(skipped) where the waiting ended before,
        V(failed) where it fails the task.
      type: str
      sample: unchanged
    reason:
      description: The outcome in words.
      type: str
      sample: is Complete, 1000 of 1000 tasks done, 12 of them failed
    error:
      description: Why the job fails the task, with the keys of RV(error); null where it does not.
      type: dict
waited:
  description: How many seconds the task has waited.
  type: float
  returned: when the jobs could be read
  sample: 754.2
msg:
  description: How the waiting went, in words.
  returned: always
  type: str
  sample: Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001 is Complete, 1000 of 1000 tasks done.
error:
  description:
    - What went wrong.
    - C(kind) is V(ended) for a job that is Failed or Cancelled, V(conflict) for one that is Suspended or has
      too many failed tasks, V(timeout) for one that is still on its way, V(not_found) for an id that the cloud
      does not know.
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
      sample: ended
    code:
      description: The cloud's raw error code; empty where there was none.
      type: str
      sample: ''
    http_status:
      description: The HTTP status; null where there was no answer. Not reliable on AWS, so do not branch on it.
      type: int
      sample: 200
    message:
      description: The cloud's own words, or a sentence of this module.
      type: str
    request_id:
      description: The cloud's id of the request, for a support case.
      type: str
    operation:
      description: The API operation that failed.
      type: str
      sample: DescribeJob
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
  description: How many requests were sent (C(sent), by operation), C(retried) and C(throttled), in the whole
    wait.
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
