#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_info
short_description: List object storage batch jobs by rank
version_added: 0.1.0
description:
  - Reads batch jobs of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS. You can read some jobs by ID, or
    filter all jobs of a queue.
  - Jobs are sorted by rank, which is the position in the queue. The job with the highest priority is first, and ended
    jobs are last.
extends_documentation_fragment:
  - objectstore.batch.attributes.info
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.select
  - objectstore.batch.select.any
options:
  job_id:
    description:
      - IDs of the jobs to read, or their ARNs on AWS. An empty list reads no jobs.
      - An ID that does not exist is not an error. RV(missing) lists such IDs.
      - If you set one ID, the module reads the job without the queue, so the job has no rank.
      - Mutually exclusive with O(select), O(statuses), O(operations), O(description), O(min_priority), and
        O(max_priority).
    type: list
    elements: str
    aliases: [job_ids]
  statuses:
    description:
      - Only return jobs in one of these statuses. V(live) is every status with a position in the queue, V(ending) is
        V(Completing), V(Cancelling), and V(Failing), and V(ended) is V(Complete), V(Cancelled), and V(Failed).
      - If not set, the module returns all jobs that the provider lists. They include jobs that ended up to 90 days ago.
      - Mutually exclusive with O(job_id) and O(select).
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
    description:
      - Only return jobs with one of these operations, by the name that the provider uses, for example
        V(S3InitiateRestoreObject) or V(COSPutObjectCopy).
      - Mutually exclusive with O(job_id) and O(select).
    type: list
    elements: str
    aliases: [operation]
  description:
    description:
      - Only return jobs whose description contains a match of this regular expression (Python's C(re.search)).
      - Mutually exclusive with O(job_id) and O(select).
    type: str
  min_priority:
    description:
      - Lowest priority to return.
      - Mutually exclusive with O(job_id) and O(select).
    type: raw
  max_priority:
    description:
      - Highest priority to return.
      - Mutually exclusive with O(job_id) and O(select).
    type: raw
  tags:
    description:
      - Whether to read the tags of the jobs (AWS only). This costs one request for each job that is returned.
      - On COS and OSS, jobs have no tags, and the task fails with RV(error.kind=unsupported).
    type: bool
    default: false
seealso:
  - module: objectstore.batch.batch_job_priority
    description: Changes the priority of jobs.
  - module: objectstore.batch.batch_queue
    description: Orders the jobs of a queue.
  - plugin: objectstore.batch.queues
    plugin_type: inventory
    description: Adds queues of many accounts and regions as hosts.
  - plugin: objectstore.batch.queue_text
    plugin_type: filter
    description: Renders RV(jobs) as plain text.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: List the live jobs of a queue
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    statuses: [live]
  register: queue

- name: Show the jobs as a table
  ansible.builtin.debug:
    msg: "{{ [queue.msg] + queue.table }}"

- name: Show one line for each job
  ansible.builtin.debug:
    msg: "{{ item.rank }}. {{ item.job_id }} {{ item.status }} {{ item.priority }} {{ item.description }}"
  loop: "{{ queue.jobs }}"
  loop_control:
    label: "{{ item.job_id }}"

- name: Read one job on Tencent COS
  objectstore.batch.batch_job_info:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002

- name: Read one job on Alibaba Cloud OSS
  objectstore.batch.batch_job_info:
    provider: oss
    region: cn-hangzhou
    job_id: MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU=

- name: Read a job with its tags
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    tags: true
  register: restore

- name: Show the tags, the report location, and the days until the job expires
  ansible.builtin.debug:
    msg: "{{ restore.job.tags }} {{ restore.job.report }} {{ restore.job.days_until_expiration }}"

- name: List waiting restores with a priority from 1 to 99
  objectstore.batch.batch_job_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    statuses: [Ready, Paused]
    operations: [S3InitiateRestoreObject]
    description: "^restore"
    min_priority: 1
    max_priority: 99

- name: List live jobs of a team that are older than a day
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
  description: Jobs, sorted by rank.
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
      description: Status of the job, by the name that the provider uses.
      type: str
      sample: Ready
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
        RV(jobs[].active_seconds). V(null) if unknown.
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
      description: Source of RV(jobs[].rate), which is V(timer) for the timer of the provider. V(null) if the rate is
        unknown.
      type: str
      sample: timer
    rank:
      description:
        - Position among all live jobs of the account and region, starting at 1. If priorities are equal, the older job
          is first, but providers do not promise this order.
        - V(null) if the job has ended or is ending, and if the module read a single job by its ID.
      type: int
      sample: 1
    blocked_by:
      description:
        - IDs of the live jobs with a higher priority, for a job that waits (V(New), V(Preparing), V(Ready), V(Pausing),
          V(Paused)). At most 20 IDs.
        - Does not contain V(Suspended) jobs, because they wait for a confirmation and do not block other jobs.
        - Empty if no job blocks the job, and if the module read a single job by its ID.
      type: list
      elements: str
    blocked_by_count:
      description: Number of jobs that block this job, including those that RV(jobs[].blocked_by) does not contain.
      type: int
    ended:
      description: End time of the job, ISO 8601 in UTC. V(null) if the job has not ended.
      type: str
    suspended:
      description: Time since which the job waits for a confirmation, ISO 8601 in UTC. V(null) if the job is not
        V(Suspended), and if the job was not read by its ID.
      type: str
    suspended_cause:
      description: Reason why the job is V(Suspended). Empty in all other statuses, and if the job was not read by its
        ID.
      type: str
    status_reason:
      description: Reason in the last request that changed the status. Empty if the request had none, and if the job was
        not read by its ID.
      type: str
    confirmation_required:
      description: Whether the job starts only after a confirmation. V(null) if the response does not contain it.
      type: bool
    failure_reasons:
      description: Reasons why the whole job failed, each with C(code) and C(reason). Objects can fail without such a
        reason.
      type: list
      elements: dict
    waiting_since:
      description:
        - Time since which the job waits, ISO 8601 in UTC. For a V(Suspended) job, it is the time since which it waits
          for a confirmation, if the job was read by its ID. For a job that is V(New), V(Preparing), or V(Ready), it is
          the creation time.
        - V(null) for all other jobs.
      type: str
    confirmation_deadline:
      description:
        - Time at which the provider fails a V(Suspended) job that is not confirmed, ISO 8601 in UTC.
        - V(null) if the job is not V(Suspended), was not read by its ID, or if the provider does not document this time
          (COS).
      type: str
    days_until_deadline:
      description: Number of days until RV(jobs[].confirmation_deadline), by the clock of the host that runs the task.
        V(null) if the job has no deadline.
      type: float
      sample: 12.5
    expires_at:
      description:
        - Time at which an ended job expires, ISO 8601 in UTC. Afterwards, it is not listed and cannot be read.
        - It is 90 days after the end of the job on AWS, and 90 days after its creation on COS.
        - V(null) if the job has not ended, and if the provider does not document this time (OSS).
      type: str
    days_until_expiration:
      description: Number of days until RV(jobs[].expires_at), by the clock of the host that runs the task. V(null) if
        the time is not known.
      type: float
      sample: 88.1
    report:
      description:
        - Location of the completion report, with the keys C(bucket), C(prefix), C(scope), and C(format).
        - V(null) if the job has no report, and if the job was not read by its ID.
      type: dict
      sample:
        bucket: arn:aws:s3:::reports
        prefix: restores
        scope: FailedTasksOnly
        format: Report_CSV_20180820
    tags:
      description: Tags of the job. V(null) if O(tags=false).
      type: dict
    extra:
      description: Other fields of the response, by the names that the provider uses.
      type: dict
job:
  description: The only element of RV(jobs).
  returned: when O(job_id) or O(select) matches exactly one job
  type: dict
missing:
  description: IDs in O(job_id) that do not exist at the provider.
  returned: success
  type: list
  elements: str
msg:
  description: The number of jobs and their queue. On failure, the error and what to do.
  returned: always
  type: str
  sample: Found 1 of 6 jobs in the queue of provider aws, account 111122223333, region eu-central-1.
table:
  description:
    - The jobs as text for a terminal or a chat, two lines for each job, at most 80 columns wide. The first two lines
      are the column names.
    - The time left is the time until RV(jobs[].estimated_end). It is omitted if it does not fit into the line.
    - At most 100 jobs. The last line counts the other jobs. Empty if no job matches.
    - Control characters in descriptions are escaped.
  returned: success
  type: list
  elements: str
  sample:
    - rank    priority  status       age  description
    - '      job ID  operation  time left'
    - '   1        4000  Active        2d  urgent restore of films, case 4711'
    - '      6f1f7ff1-5e6c-4b7a-9f3a-000000000001  S3InitiateRestoreObject  ~2h05m left'
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
      sample: ListJobs
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
