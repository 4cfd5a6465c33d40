#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_chain
short_description: Confirm object storage batch jobs after the jobs that they depend on
version_added: 0.1.0
description:
  - Confirms a batch job when the jobs that it depends on have ended with an accepted result. Chains and trees of jobs
    are possible.
  - Create each dependent job with O(objectstore.batch.batch_job#module:confirmation_required=true), so that it is
    V(Suspended) until it is confirmed.
  - The module reads the queue once and plans all links. Before it confirms a job, it describes this job, and the jobs
    that it depends on. It only changes jobs that are V(Suspended) and need a confirmation.
  - The state of the queue is the only memory. If a run is interrupted, run the same task again.
  - A link that cannot continue does not stop the other links. It is part of RV(blocked), and the task succeeds. The
    role P(objectstore.batch.job_chain#role) also fails because of it.
  - A job that cannot be found is never accepted. The providers keep jobs for a limited time after they end.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  links:
    description:
      - The dependencies. Each link is about one job. A job must not have two links.
      - A job is an ID (or its ARN on AWS), or a selector that must match exactly one job of the queue. A selector is
        a dictionary with the keys C(description) (a regular expression), C(operations) (a list), and C(max_age) (a
        duration since the creation of the job, for example V(2d)).
      - A selector also matches ended jobs, so it requires C(max_age), and C(description) or C(operations). Other users
        can create a job with the same description. Use IDs if other users can create jobs in this queue.
    type: list
    elements: dict
    required: true
    suboptions:
      job:
        description: Job to confirm.
        type: raw
        required: true
      after:
        description: Jobs that must have ended with an accepted result. An empty list is not allowed.
        type: list
        elements: raw
        required: true
      accept:
        description:
          - Results that are accepted, for each of the jobs in O(links[].after).
          - V(complete) requires that the job is V(Complete), and that all of its tasks succeeded.
          - V(partial) requires that the job is V(Complete), and that at most O(links[].max_failed) of its tasks failed.
          - V(any) accepts a job that is V(Complete), V(Failed), or V(Cancelled).
        type: str
        choices: [complete, partial, any]
        default: complete
      max_failed:
        description:
          - Maximum number of failed tasks (for example V(10)), or their maximum share (for example V(0.5%)), for each
            of the jobs in O(links[].after).
          - A task without a result counts as failed.
          - Required with O(links[].accept=partial), and not allowed without it.
        type: raw
  on_failure:
    description:
      - Action for a V(Suspended) job that can never be confirmed, because a job that it depends on has ended with
        another result.
      - With V(keep), the job stays V(Suspended) until the provider fails it. AWS fails it after 30 days, and OSS after
        14 days. COS does not document a limit.
      - With V(cancel), the module cancels the job, and the jobs that depend on it. It does not cancel a job because a
        job was not found, or because task counts are unknown.
    type: str
    choices: [keep, cancel]
    default: keep
  reason:
    description:
      - Reason for the requests. The provider stores it with the job.
      - The maximum length is 256 characters on AWS and OSS, and 256 bytes of UTF-8 on COS.
    type: str
  wait:
    description:
      - Whether to continue until each job of O(links) has ended, or cannot continue.
      - With V(false), the task does one pass over the chain. Run it again later, for example by a schedule of AWX.
      - In check mode, the module does not wait.
    type: bool
    default: false
  wait_timeout:
    description:
      - Maximum time to wait. Set a number of seconds, or a duration, for example V(12h). At most V(365d) is allowed.
      - After this time, the task fails with RV(error.kind=timeout). The jobs keep running.
      - Only used if O(wait=true).
    type: raw
    default: 1d
  interval:
    description:
      - Time between two passes. Set a number of seconds from V(0.1) to V(86400), or a duration, for example V(2m).
      - Only used if O(wait=true).
    type: raw
    default: 30
  _watch:
    description: State that the action plugin passes between the passes. Internal use only. The action plugin
      overwrites it.
    type: dict
notes:
  - While the task waits, it prints each line of the plan that has changed. Nothing runs on the target between two
    passes, and C(async) is not supported.
  - If the provider becomes unreachable after the first successful pass, the task continues to wait.
seealso:
  - module: objectstore.batch.batch_job
    description: Creates jobs that wait for a confirmation.
  - module: objectstore.batch.batch_job_status
    description: Confirms or cancels single jobs.
  - module: objectstore.batch.batch_job_wait
    description: Waits for jobs.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Confirm a tagging job after two copy jobs
  objectstore.batch.batch_job_chain:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    links:
      - job: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
        after:
          - 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
          - 6f1f7ff1-5e6c-4b7a-9f3a-000000000002

- name: Wait for a chain that accepts up to 1% of failed tasks, and cancel the rest of it if there are more
  objectstore.batch.batch_job_chain:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    links:
      - job: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
        after: [6f1f7ff1-5e6c-4b7a-9f3a-000000000001]
        accept: partial
        max_failed: 1%
      - job: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
        after: [6f1f7ff1-5e6c-4b7a-9f3a-000000000002]
    on_failure: cancel
    reason: part of the nightly chain
    wait: true
    wait_timeout: 12h
    interval: 2m

- name: Find the jobs by their descriptions
  objectstore.batch.batch_job_chain:
    provider: oss
    region: cn-hangzhou
    links:
      - job: {description: ^tag the films$, max_age: 7d}
        after:
          - {description: ^restore the films$, max_age: 7d}
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Chain of 2 links: 1 waiting, 1 confirmed. Confirmed: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002.'
jobs:
  description: The job of each link, in the order of O(links). Empty if the task failed before it could read the queue.
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
      description: ID of the job. Empty if a selector did not match exactly one job.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description:
        - Status of the job after the task. In check mode, the status that the job would have right after the request.
          Empty if the job could not be read.
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
      description: Result for the job, which is V(changed), V(unchanged) (it was confirmed or has ended before),
        V(would_change) (check mode), V(skipped), or V(failed).
      type: str
      sample: changed
    reason:
      description: Reason for the state of the link.
      type: str
    error:
      description: Error of this job, with the keys of RV(error). V(null) if the job has no error.
      type: dict
    previous_status:
      description: Status of the job before the request. V(null) if the job could not be read.
      type: str
      sample: Suspended
    state:
      description:
        - V(waiting) if a job that it depends on has not ended, or if the job is not yet V(Suspended).
        - V(ready) if the job would be confirmed (check mode), or if the request failed.
        - V(confirmed) if the job was confirmed and has not ended, and V(ended) if it is V(Complete).
        - V(blocked) if a job that it depends on has ended with a result that is not accepted, was not found, or is
          blocked itself.
        - V(failed) if the job is V(Failed) or V(Cancelled), or will be. V(missing) if the job was not found.
      type: str
      sample: confirmed
    after:
      description:
        - The jobs that it depends on, with the keys C(job_id), C(verdict), and C(reason).
        - C(verdict) is V(accepted), V(pending), or V(rejected).
      type: list
      elements: dict
plan:
  description: One line for each link, in the order of O(links), with the job and the reason for its state.
  returned: when the queue could be read
  type: list
  elements: str
confirmed:
  description: IDs of the jobs that this task confirmed. Empty in check mode.
  returned: when the queue could be read
  type: list
  elements: str
cancelled:
  description: IDs of the jobs that this task canceled. Empty in check mode.
  returned: when the queue could be read
  type: list
  elements: str
blocked:
  description: IDs of the jobs with the state V(blocked), V(failed), or V(missing). An ID is empty if a selector did not
    match exactly one job.
  returned: when the queue could be read
  type: list
  elements: str
pending:
  description: IDs of the jobs that have not ended, and can still end or be confirmed.
  returned: when the queue could be read
  type: list
  elements: str
finished:
  description: Whether RV(pending) is empty, so that another pass would change nothing.
  returned: when the queue could be read
  type: bool
  sample: false
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
calls:
  description: Number of requests, as C(sent) (by operation), C(retried) (retries), and C(throttled) (throttled
    responses).
  returned: always
  type: dict
  sample:
    sent:
      DescribeJob: 3
      ListJobs: 1
      UpdateJobStatus: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._chain import links, workflow


def main() -> None:
    _module.run(
        {
            "links": {"type": "list", "elements": "dict", "required": True, "options": links.LINK_SPEC},
            "on_failure": {"type": "str", "choices": ["keep", "cancel"], "default": "keep"},
            "reason": {"type": "str"},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "raw", "default": "1d"},
            "interval": {"type": "raw", "default": 30},
            "_watch": {"type": "dict"},
        },
        workflow.prepare,
        workflow.execute,
    )


if __name__ == "__main__":
    main()
