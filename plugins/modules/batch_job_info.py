#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_info
short_description: List object-storage batch jobs by rank
version_added: 0.1.0
description:
  - Reads batch jobs of AWS S3 Batch Operations, Tencent COS or Alibaba Cloud OSS, one or a few by id, or all of a
    queue, filtered.
  - Jobs come sorted by rank, the one of the highest priority first; ended jobs come last.
extends_documentation_fragment:
  - objectstore.batch.attributes.info
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.any
options:
  job_id:
    description:
      - Read this job, or these jobs. Ids that the cloud does not know are returned in RV(missing) and are no error.
      - A single job is read without the queue around it, so it has no rank. An empty list asks for no job.
      - Cannot be combined with O(select) and with the filters below, and neither can these two.
    type: list
    elements: str
    aliases: [job_ids]
  statuses:
    description:
      - Only jobs in these statuses. V(live) stands for all that have a place in the queue, V(ending) for
        Completing, Cancelling and Failing, V(ended) for Complete, Cancelled and Failed.
      - If not set, all jobs that the cloud still lists, which includes those that ended up to 90 days ago.
    type: list
    elements: str
    choices:
      - live
      - ending
      - ended
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
  operations:
    description: Only jobs of these operations, by the cloud's own name, such as V(S3InitiateRestoreObject) or
      V(COSPutObjectCopy).
    type: list
    elements: str
    aliases: [operation]
  description:
    description: Only jobs whose description contains a match of this regular expression (Python's C(re.search)).
    type: str
  min_priority:
    description: Only jobs of this priority or a higher one.
    type: raw
  max_priority:
    description: Only jobs of this priority or a lower one.
    type: raw
  tags:
    description:
      - Whether to read the tags of the jobs, too. It costs one request for each job that is returned.
      - Only jobs of AWS have tags; elsewhere the task fails with kind V(unsupported).
    type: bool
    default: false
seealso:
  - module: objectstore.batch.batch_job_priority
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: What stands in the queue, first to last
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    statuses: [live]
  register: queue

- name: Show it
  ansible.builtin.debug:
    msg: "{{ item.rank }}. {{ item.job_id }} {{ item.status }} {{ item.priority }} {{ item.description }}"
  loop: "{{ queue.jobs }}"
  loop_control:
    label: "{{ item.job_id }}"

- name: One job
  objectstore.batch.batch_job_info:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002

- name: A job with its tags, where its report goes, and how long it will still be there
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    tags: true
  register: restore

- name: Show them
  ansible.builtin.debug:
    msg: "{{ restore.job.tags }} {{ restore.job.report }} {{ restore.job.shown_days_left }}"

- name: Restores that wait with a priority from 1 to 99
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    statuses: [Ready, Paused]
    operations: [S3InitiateRestoreObject]
    description: "^restore"
    min_priority: 1
    max_priority: 99

- name: Jobs of a team that wait for more than a day
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    select:
      tags: {team: storage}
      min_age: 1d
    matches: any
"""

RETURN = r"""
jobs:
  description: The jobs, sorted by rank.
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
      description: The job's status, in the cloud's own words.
      type: str
      sample: Ready
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
    created:
      description: Time of creation, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T03:00:00Z'
    rank:
      description:
        - Position among all live jobs of the account and region, 1 first. Among equal priorities the older job
          is shown first, although the clouds promise no order there.
        - Null for jobs that have ended or are ending, and where a single job was read by id.
      type: int
      sample: 1
    blocked_by:
      description:
        - For a job that waits (New, Preparing, Ready, Pausing, Paused) the ids of the live jobs of a higher priority,
          the first 20 of them. Suspended jobs are left out, since they wait for a confirmation and let others
          pass.
        - Empty where a single job was read by id.
      type: list
      elements: str
    blocked_by_count:
      description: How many jobs block this one, also beyond those that RV(jobs[].blocked_by) names.
      type: int
    ended:
      description: Time of the end, ISO 8601 in UTC; null while the job has not ended.
      type: str
    suspended:
      description: Since when the job waits for a confirmation, ISO 8601 in UTC. Read by id only.
      type: str
    suspended_cause:
      description: Why the job is suspended. Read by id only.
      type: str
    status_reason:
      description: The reason given with the last request to change the status. Read by id only.
      type: str
    confirmation_required:
      description: Whether the job starts only after a confirmation; null where the answer does not say.
      type: bool
    failure_reasons:
      description: Why the job failed as a whole, as a list of C(code) and C(reason). Single objects may have
        failed without one.
      type: list
      elements: dict
    waiting_since:
      description:
        - Since when a job waits, ISO 8601 in UTC. For a Suspended job since it waits for its confirmation, which
          is known where it is read by id only; for one that is New, Preparing or Ready since its creation.
        - Null for all others.
      type: str
    confirm_until:
      description:
        - When the cloud fails a Suspended job that nobody confirms, ISO 8601 in UTC.
        - Null where the cloud documents no such time (COS), and in lists.
      type: str
    confirm_days_left:
      description: The days until RV(jobs[].confirm_until), by the clock of the host that runs the task.
      type: float
      sample: 12.5
    shown_until:
      description:
        - When an ended job disappears from lists and can no longer be read, ISO 8601 in UTC.
        - AWS counts 90 days from the end, COS from the creation of the job.
      type: str
    shown_days_left:
      description: The days until RV(jobs[].shown_until), by the clock of the host that runs the task.
      type: float
      sample: 88.1
    report:
      description:
        - Where the report on the objects goes, with the keys C(bucket), C(prefix), C(scope) and C(format).
        - Null where the job writes none. Read by id only.
      type: dict
      sample:
        bucket: arn:aws:s3:::reports
        prefix: restores
        scope: FailedTasksOnly
        format: Report_CSV_20180820
    tags:
      description: The tags of the job, where O(tags=true); otherwise null.
      type: dict
    extra:
      description: What the cloud's answer holds beyond these fields, by the cloud's own names.
      type: dict
job:
  description: The job, where O(job_id) names exactly one and it exists.
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
      description: The job's status, in the cloud's own words.
      type: str
      sample: Ready
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
    created:
      description: Time of creation, ISO 8601 in UTC.
      type: str
      sample: '2026-01-31T03:00:00Z'
    rank:
      description:
        - Position among all live jobs of the account and region, 1 first. Among equal priorities the older job
          is shown first, although the clouds promise no order there.
        - Null for jobs that have ended or are ending, and where a single job was read by id.
      type: int
      sample: 1
    blocked_by:
      description:
        - For a job that waits (New, Preparing, Ready, Pausing, Paused) the ids of the live jobs of a higher priority,
          the first 20 of them. Suspended jobs are left out, since they wait for a confirmation and let others
          pass.
        - Empty where a single job was read by id.
      type: list
      elements: str
    blocked_by_count:
      description: How many jobs block this one, also beyond those that RV(jobs[].blocked_by) names.
      type: int
    ended:
      description: Time of the end, ISO 8601 in UTC; null while the job has not ended.
      type: str
    suspended:
      description: Since when the job waits for a confirmation, ISO 8601 in UTC. Read by id only.
      type: str
    suspended_cause:
      description: Why the job is suspended. Read by id only.
      type: str
    status_reason:
      description: The reason given with the last request to change the status. Read by id only.
      type: str
    confirmation_required:
      description: Whether the job starts only after a confirmation; null where the answer does not say.
      type: bool
    failure_reasons:
      description: Why the job failed as a whole, as a list of C(code) and C(reason). Single objects may have
        failed without one.
      type: list
      elements: dict
    waiting_since:
      description:
        - Since when a job waits, ISO 8601 in UTC. For a Suspended job since it waits for its confirmation, which
          is known where it is read by id only; for one that is New, Preparing or Ready since its creation.
        - Null for all others.
      type: str
    confirm_until:
      description:
        - When the cloud fails a Suspended job that nobody confirms, ISO 8601 in UTC.
        - Null where the cloud documents no such time (COS), and in lists.
      type: str
    confirm_days_left:
      description: The days until RV(jobs[].confirm_until), by the clock of the host that runs the task.
      type: float
      sample: 12.5
    shown_until:
      description:
        - When an ended job disappears from lists and can no longer be read, ISO 8601 in UTC.
        - AWS counts 90 days from the end, COS from the creation of the job.
      type: str
    shown_days_left:
      description: The days until RV(jobs[].shown_until), by the clock of the host that runs the task.
      type: float
      sample: 88.1
    report:
      description:
        - Where the report on the objects goes, with the keys C(bucket), C(prefix), C(scope) and C(format).
        - Null where the job writes none. Read by id only.
      type: dict
      sample:
        bucket: arn:aws:s3:::reports
        prefix: restores
        scope: FailedTasksOnly
        format: Report_CSV_20180820
    tags:
      description: The tags of the job, where O(tags=true); otherwise null.
      type: dict
    extra:
      description: What the cloud's answer holds beyond these fields, by the cloud's own names.
      type: dict
missing:
  description: Ids of O(job_id) that the cloud does not know.
  returned: success
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
      sample: ListJobs
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
      ListJobs: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._core import statuses
from ..module_utils._info import workflow
from ..module_utils._select import filter_keys


def main() -> None:
    filters = ("statuses", "operations", "description", "min_priority", "max_priority")
    _module.run(
        {
            "job_id": {"type": "list", "elements": "str", "aliases": ["job_ids"]},
            "statuses": {"type": "list", "elements": "str", "choices": [*workflow.GROUPS, *statuses.STATUSES]},
            "operations": {"type": "list", "elements": "str", "aliases": ["operation"]},
            "description": {"type": "str"},
            "min_priority": {"type": "raw"},
            "max_priority": {"type": "raw"},
            "tags": {"type": "bool", "default": False},
            **filter_keys.select_spec("any"),
        },
        workflow.prepare,
        workflow.execute,
        mutually_exclusive=[("job_id", "select"), *[(way, name) for way in ("job_id", "select") for name in filters]],
    )


if __name__ == "__main__":
    main()
