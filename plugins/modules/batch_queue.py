#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_queue
short_description: Reorder a queue of object storage batch jobs
version_added: 0.1.0
description:
  - Changes the priorities of the live jobs of one account and region to a declared order (O(order)), or by rules
    (O(rules)). It makes as few changes as possible.
  - The module reads the queue once, which costs one request for each 1,000 jobs. It then updates only jobs whose
    priority must change, up to O(concurrency) jobs at a time.
  - The module sorts the updates. Two jobs of different entries or rules that are in the correct order before and after
    the task keep this order in between. They also never have the same priority in between. This holds unless an update
    fails. Jobs of the same entry can briefly change places, so that a block of jobs changes its position at once.
  - Jobs with a higher priority run first. No provider promises an order for equal priorities, so the module sets
    different priorities for different positions.
  - You can set the priority of a V(Suspended) job, but it starts only after it is confirmed. The message and a warning
    state this.
  - After C(Ctrl+C) or SIGTERM, the task fails with RV(error.kind=interrupted). RV(jobs) lists the jobs that were
    changed, the jobs that might have been changed (V(failed)), and the jobs that were not updated (V(skipped)).
  - To review changes before they are made, run the task in check mode, and pass RV(plan) to O(approved) or
    RV(plan_hash) to O(expect_plan) later.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  order:
    description:
      - Order of the jobs, first to last.
      - An entry is a job ID, a selector, or a list of these. A selector is a dictionary with the keys of
        O(rules[].match). A list is a tier, whose jobs all get the same priority.
      - Jobs that one selector matches keep their order among themselves. If an entry contains the ID of a job, this
        entry applies to the job. Otherwise, the first selector that matches the job applies.
      - A selector without keys, C({}), matches all remaining jobs. The module rejects an empty list and a key with an
        empty value.
      - The module places the jobs that the order matches before all other jobs. Refer to O(unlisted).
      - As many jobs as possible keep their priorities. No plan with fewer changes exists.
      - Exactly one of O(order) and O(rules) is required.
    type: list
    elements: raw
  rules:
    description:
      - Rules that set priorities. The first rule that matches a job applies. Jobs that no rule matches keep their
        priorities.
      - Exactly one of O(order) and O(rules) is required.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the rule, which RV(jobs[].reason) contains.
        type: str
      match:
        description:
          - Selector of the jobs to which the rule applies. A job must match all keys that you set.
          - If not set, or without keys, the rule applies to every job. A key with an empty value is rejected.
        type: dict
        suboptions:
          job_ids:
            description: Only match jobs with one of these IDs.
            type: list
            elements: str
          statuses:
            description: Only match jobs in one of these statuses. Each must be the status of a live job.
            type: list
            elements: str
          operations:
            description: Only match jobs with one of these operations, by the name that the provider uses.
            type: list
            elements: str
          description:
            description: Only match jobs whose description contains a match of this regular expression (Python's
              C(re.search)).
            type: str
          min_age:
            description: Minimum time since the creation of the job, for example V(90s), V(45m), V(6h), V(2d), or
              V(1d12h). The maximum is V(3650d).
            type: str
          max_age:
            description: Maximum time since the creation of the job, at most V(3650d).
            type: str
          min_priority:
            description: Lowest current priority to match.
            type: raw
          max_priority:
            description: Highest current priority to match.
            type: raw
          tags:
            description: Only match jobs that have all these tags (AWS only). Costs one request for each job that the
              other keys match.
            type: dict
      priority:
        description:
          - Priority of the jobs, or the name of a class. Refer to O(classes).
          - Exactly one of O(rules[].priority), O(rules[].class), and O(rules[].delta) is required.
        type: raw
      class:
        description:
          - Name of a priority. Refer to O(classes).
          - Exactly one of O(rules[].priority), O(rules[].class), and O(rules[].delta) is required.
        type: str
      delta:
        description:
          - Value to add to the current priority. The module adds it in each run, so the rule is not idempotent.
          - Exactly one of O(rules[].priority), O(rules[].class), and O(rules[].delta) is required.
        type: int
      escalate:
        description: Higher priorities for jobs that have waited (V(New), V(Preparing), V(Ready), V(Pausing), V(Paused))
          for some time since their creation.
        type: list
        elements: dict
        suboptions:
          after:
            description: Time since the creation of the job, for example V(6h). The maximum is V(3650d).
            type: str
            required: true
          to:
            description: Priority after this time, or the name of a class. It is never lower than the priority of the
              rule.
            type: raw
            required: true
  unlisted:
    description:
      - Action for live jobs that no entry of O(order) matches.
      - With V(keep), they keep their priorities, and the module places the jobs in O(order) before them.
    type: str
    choices: [keep]
    default: keep
  direction:
    description:
      - Allowed direction of changes.
      - With O(order), the task fails if the order requires a change in the other direction. With O(rules), the module
        skips such a change and reports V(skipped) with a reason.
    type: str
    choices: [any, raise_only, lower_only]
    default: any
  min_priority:
    description:
      - Lowest priority that the module can set.
      - With O(order), all jobs that the order matches and that are not protected get at least this priority.
    type: raw
  max_priority:
    description:
      - Highest priority that the module can set.
      - With O(order), all jobs that the order matches and that are not protected get at most this priority.
    type: raw
  out_of_bounds:
    description:
      - Action if a rule requires a priority below O(min_priority) or above O(max_priority).
      - With V(fail), the task fails. With V(clamp), the module sets the nearest allowed priority.
      - With O(order), the module selects only allowed priorities. The task fails if the order does not fit.
    type: str
    choices: [fail, clamp]
    default: fail
  max_updates:
    description: Maximum number of updates in the plan. If the plan has more, the task makes no changes and fails with
      RV(error.kind=conflict).
    type: int
  min_delta:
    description:
      - Smallest change that the module makes with O(rules). It skips smaller changes.
      - Mutually exclusive with O(order), because an order requires every change.
    type: int
    default: 0
  protect:
    description:
      - Jobs that the module never updates. Each is a job ID, or a selector with the keys of O(rules[].match). The
        module arranges the other jobs around them.
    type: list
    elements: raw
  spacing:
    description:
      - Distance between new priorities with O(order), if there is enough room. With this distance, you can insert jobs
        later without further changes.
      - It never causes additional changes.
    type: int
    default: 10
  when_ended:
    description:
      - Action if O(order) contains the ID of a job that has ended or is ending.
      - With V(fail), the task fails with RV(error.kind=job_ended) or RV(error.kind=not_updatable). With V(ignore), the
        module reports V(skipped) for the job.
    type: str
    choices: [fail, ignore]
    default: fail
  expect_plan:
    description:
      - RV(plan_hash) of an approved plan from check mode.
      - If there are changes to make and the plan is different, the task makes no changes and fails with
        RV(error.kind=conflict). The plan includes every job that O(order) or O(rules) matches, even if its priority
        does not change.
      - After the updates, the module reads the job list again. It reports V(conflict) for each job with a different
        priority.
      - Mutually exclusive with O(approved).
    type: str
  on_error:
    description:
      - Action if a job fails.
      - With V(stop), the module makes no changes if it detects an error before the first update. After an update fails,
        it starts no other updates and reports the remaining jobs as V(skipped).
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
  unmatched:
    description:
      - Action if an entry of O(order) or a rule matches no live job, for example because of a typo. RV(unmatched) lists
        such entries and rules in any case.
      - With V(warn), the task also shows a warning. With V(fail), the task makes no changes and fails.
      - If other entries or rules apply to all jobs that an entry or a rule matches, RV(shadowed) lists it. A warning
        names it unless this option is V(ignore). It never fails the task, because the jobs exist.
      - This option does not apply to job IDs in O(order), and to rules without O(rules[].match).
    type: str
    choices: [ignore, warn, fail]
    default: warn
    version_added: 1.0.0
  approved:
    description:
      - Changes to make, which is RV(plan) of an approved run in check mode. The module makes no other changes, even if
        the queue has changed or escalations have become due.
      - An empty list approves no changes.
      - Mutually exclusive with O(expect_plan).
    type: list
    elements: dict
    version_added: 1.0.0
    suboptions:
      job_id:
        description: ID of the job.
        type: str
        required: true
      from:
        description: Priority of the job when the change was approved.
        type: raw
        required: true
      to:
        description: Approved new priority of the job.
        type: raw
        required: true
  approval_mode:
    description:
      - Condition for making the changes in O(approved).
      - With V(exact), the current plan must consist of exactly these changes. Otherwise, the task makes no changes and
        fails with RV(error.kind=conflict). Changes that have already been made are ignored. The task also fails if no
        approved change is possible any more.
      - With V(still_valid), the module makes a change only if the job still has the priority in O(approved[].from). The
        job must also be live, matched, and not protected. It reports V(skipped) with a reason for the other jobs. A
        warning lists each approved change that is not made.
      - O(direction), O(min_priority), O(max_priority), O(max_updates), and O(protect) also apply to approved changes.
      - With O(rules), O(min_delta) also applies. No change goes beyond or away from the priority that the rules require
        now, so it never reverts an escalation.
      - With V(still_valid) and O(order), the module checks each change separately. Another run can be necessary to
        reach the declared order.
    type: str
    choices: [exact, still_valid]
    default: exact
    version_added: 1.0.0
seealso:
  - module: objectstore.batch.batch_job_priority
    description: Changes the priority of individual jobs.
  - module: objectstore.batch.batch_job_info
    description: Lists jobs and their ranks.
  - plugin: objectstore.batch.queues
    plugin_type: inventory
    description: Adds queues of many accounts and regions as hosts.
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: Run one restore first, then all other restores, then copies
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    order:
      - 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
      - operations: [S3InitiateRestoreObject]
      - operations: [S3PutObjectCopy]
    max_updates: 50

- name: Run two jobs with equal priority first, and tagging jobs last
  objectstore.batch.batch_queue:
    provider: cos
    region: ap-guangzhou
    uin: "100000000001"
    appid: "1250000000"
    order:
      - [6f1f7ff1-5e6c-4b7a-9f3a-000000000002, 6f1f7ff1-5e6c-4b7a-9f3a-000000000004]
      - {}
      - description: ^re-tagging
    min_priority: 1
    max_priority: 100000
    spacing: 100
    protect:
      - min_priority: 90000
    direction: any
    unlisted: keep

- name: Run a job first on Alibaba Cloud OSS
  objectstore.batch.batch_queue:
    provider: oss
    region: cn-hangzhou
    order:
      - MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU=
      - {}

- name: Create a plan from rules in check mode
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    classes:
      nightly: 500
    rules:
      - name: restores
        match:
          operations: [S3InitiateRestoreObject]
        class: high
        escalate:
          - after: 6h
            to: urgent
      - name: nightly runs
        match:
          description: nightly
          max_age: 2d
        class: nightly
      - name: other jobs
        match:
          max_priority: 100
        delta: -1
    min_priority: 1
    out_of_bounds: clamp
    min_delta: 1
    when_ended: ignore
    on_error: continue
    verify: true
  check_mode: true
  diff: true
  register: planned

- name: Apply rules only if the plan has the approved plan hash
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    rules:
      - name: restores
        match:
          operations: [S3InitiateRestoreObject]
        class: high
    expect_plan: "{{ approved_plan | default(omit) }}"

- name: Create a plan for approval
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    rules: &rules
      - match: {description: restore}
        class: high
    unmatched: ignore
  check_mode: true
  register: planned

- name: Show the plan to approve
  ansible.builtin.debug:
    msg: "{{ planned.plan_text }}"

- name: Apply the approved changes that are still valid
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    rules: *rules
    unmatched: ignore
    approved: "{{ planned.plan }}"
    approval_mode: still_valid
"""

RETURN = r"""
plan_hash:
  description: Digest of the plan, for O(expect_plan). It is the same for the same jobs with the same priorities, and
    the same declaration.
  returned: when the queue could be read
  type: str
plan:
  description:
    - Changes of the plan, the largest first, each with C(job_id), C(from), and C(to). In check mode, they are the
      changes to make.
    - Pass it to O(approved) unchanged.
  returned: when the queue could be read
  type: list
  elements: dict
plan_text:
  description: Plan as text for a chat message or an email, in at most 40 lines of 100 columns. It lists the largest
    changes and the number of the other changes.
  returned: when the queue could be read
  type: str
unmatched:
  description: Entries of O(order) and rules that match no live job.
  returned: when the queue could be read
  type: list
  elements: str
shadowed:
  description:
    - Entries of O(order) and rules that match live jobs, but to all of which other entries or rules apply.
    - C(entry) is the entry or the rule. C(matches) is the number of live jobs that it matches. C(taken_by) lists the
      entries or rules that apply instead.
  returned: when the queue could be read
  type: list
  elements: dict
  sample:
    - entry: 'claims: class urgent'
      matches: 1
      taken_by:
        - 'restores: class high'
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: '12 jobs: 2 changed, 10 unchanged.'
jobs:
  description:
    - All live jobs of the queue, sorted by their rank after the task. The list includes jobs that O(order) and O(rules)
      do not match. Jobs that O(order) contains and that are not live are last.
    - Empty if the task failed before it could read the queue.
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
      description: Entry or rule that applies to the job, or reason for V(skipped), V(conflict), or V(failed).
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
      sample: UpdateJobPriority
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
      ListJobs: 1
      UpdateJobPriority: 2
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._queue import approvals, declarations, workflow


def main() -> None:
    _module.run(
        {
            **declarations.DECLARATION_SPEC,
            "unlisted": {"type": "str", "choices": ["keep"], "default": "keep"},
            "max_updates": {"type": "int"},
            "when_ended": {"type": "str", "choices": ["fail", "ignore"], "default": "fail"},
            "expect_plan": {"type": "str"},
            "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
            "verify": {"type": "bool", "default": True},
            "unmatched": {"type": "str", "choices": ["ignore", "warn", "fail"], "default": "warn"},
            "approved": {"type": "list", "elements": "dict", "options": approvals.APPROVED_SPEC},
            "approval_mode": {"type": "str", "choices": ["exact", "still_valid"], "default": "exact"},
        },
        declarations.prepare,
        workflow.execute,
        required_one_of=[("order", "rules")],
        mutually_exclusive=[("order", "rules"), ("expect_plan", "approved")],
    )


if __name__ == "__main__":
    main()
