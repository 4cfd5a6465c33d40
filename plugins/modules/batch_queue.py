#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_queue
short_description: Declare the order of a queue of object-storage batch jobs
version_added: 0.1.0
description:
  - Brings the live jobs of one account and region into a declared order, or gives them priorities by rules, with as
    few changes of priorities as possible.
  - The queue is read once, a page for 1,000 jobs; then only jobs whose number has to change are written to,
    O(concurrency) at a time.
  - Writes are sequenced so that two jobs of different entries or rules, whose order is right before and after, are
    never the wrong way round, or level, in between. That holds as long as no write fails. Jobs of one entry may
    pass each other for an instant, so that a block of jobs moves at once.
  - A higher number goes first. The clouds promise no order among equal numbers, so different places get different
    numbers.
  - A Suspended job takes a priority, but starts only after it is confirmed. The message and a warning state this.
  - After Ctrl+C, or SIGTERM, the task fails with an error of kind V(interrupted). RV(jobs) lists the jobs that were
    changed, those that may have been changed (V(failed)), and those that were not written to (V(skipped)).
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  order:
    description:
      - The wanted order, first to last. Exactly one of this and O(rules) is required.
      - An entry is a job id, a selector, or a list of these, which is a tier whose jobs all get the same number. A
        selector is a dictionary with the keys of O(rules[].match).
      - Jobs that one selector matches keep the order they have among themselves. A job that is named by its id stands
        where it is named; otherwise the first selector that matches it counts. A selector without any key, C({}),
        matches all jobs that are left; an empty list and an empty value of a key are refused.
      - What is listed comes before what is not, see O(unlisted).
      - As many jobs as possible keep their numbers; no plan with fewer changes exists.
    type: list
    elements: raw
  rules:
    description:
      - Priorities by rules. For each job the first rule that matches it counts; jobs that no rule matches keep their
        numbers.
    type: list
    elements: dict
    suboptions:
      name:
        description: What the rule is for; shown in the reasons of the result.
        type: str
      match:
        description: The jobs that the rule matches. What is not given is not asked for; without any key it is every
          job. An empty value of a key is refused.
        type: dict
        suboptions:
          job_ids:
            description: Jobs of these ids.
            type: list
            elements: str
          statuses:
            description: Jobs in these statuses, which have to be those of live jobs.
            type: list
            elements: str
          operations:
            description: Jobs of these operations, by the cloud's own names.
            type: list
            elements: str
          description:
            description: Jobs whose description contains a match of this regular expression (Python's C(re.search)).
            type: str
          min_age:
            description: Jobs created at least so long ago, such as V(90s), V(45m), V(6h), V(2d) or V(1d12h).
              V(3650d) or less.
            type: str
          max_age:
            description: Jobs created at most so long ago. V(3650d) or less.
            type: str
          min_priority:
            description: Jobs whose present priority is this one or higher.
            type: raw
          max_priority:
            description: Jobs whose present priority is this one or lower.
            type: raw
          tags:
            description: Jobs that have all these tags (AWS only). It costs one request for each job that the other
              keys leave.
            type: dict
      priority:
        description: The priority of these jobs. Exactly one of O(rules[].priority), O(rules[].class) and
          O(rules[].delta) is required.
        type: raw
      class:
        description: The name of a priority, see O(classes).
        type: str
      delta:
        description:
          - What is added to the present priority.
          - It is added in each run, so such a rule is not idempotent.
        type: int
      escalate:
        description: Higher priorities for jobs that wait (New, Preparing, Ready, Pausing, Paused) for too long
          since they were created.
        type: list
        elements: dict
        suboptions:
          after:
            description: The time since the creation, such as V(6h). V(3650d) or less.
            type: str
            required: true
          to:
            description: The priority then, a number or the name of a class. It is never lower than the rule's own.
            type: raw
            required: true
  unlisted:
    description:
      - What happens to live jobs that no entry of O(order) matches.
      - With V(keep) they keep their numbers, and all that is listed is brought before them.
    type: str
    choices: [keep]
    default: keep
  direction:
    description:
      - Which way priorities may go. With O(order) an order that needs the other direction is an error; with
        O(rules) changes in the other direction are skipped, with a reason.
    type: str
    choices: [any, raise_only, lower_only]
    default: any
  min_priority:
    description: The lowest number that may be given; with O(order) all jobs that are listed and not protected end
      at it or above.
    type: raw
  max_priority:
    description: The highest number that may be given; with O(order) all jobs that are listed and not protected end
      at it or below.
    type: raw
  out_of_bounds:
    description:
      - What to do when a rule asks for a number outside of O(min_priority) and O(max_priority). V(clamp) takes the
        nearest bound.
      - With O(order) numbers are chosen within the bounds, and an order that does not fit between them is an error.
    type: str
    choices: [fail, clamp]
    default: fail
  max_updates:
    description: Fail before any write, with an error of kind V(conflict), when the plan has more updates than this.
    type: int
  min_delta:
    description: With O(rules), changes smaller than this are not made. It does not go with O(order), where every
      change is needed.
    type: int
    default: 0
  protect:
    description:
      - Jobs that are never written to, as job ids or selectors with the keys of O(rules[].match). Others are
        arranged around them.
    type: list
    elements: raw
  spacing:
    description:
      - With O(order), the distance that new numbers keep from each other where there is room, so that later inserts
        need no further changes. It never costs a change.
    type: int
    default: 10
  when_ended:
    description:
      - What to do when O(order) names a job by its id that has ended or is ending. With V(fail) the task fails,
        with an error of kind V(ended) or V(not_updatable); with V(ignore) the job is reported as skipped.
    type: str
    choices: [fail, ignore]
    default: fail
  expect_plan:
    description:
      - The RV(plan_hash) of a dry run that was approved. If there is something to write and the plan is not that
        one any more, the task fails with an error of kind V(conflict) and writes nothing. Every job that the
        declaration matches counts, also those that keep their numbers.
      - After the writes the list is read once more, and jobs that show another number than the planned one are
        reported as V(conflict).
    type: str
  on_error:
    description:
      - What to do when a job fails.
      - With V(stop) nothing is written at all when an error is known before the first write, and no further write
        is started after one that failed. Jobs that were not written to are reported as skipped.
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
  unmatched:
    description:
      - What to do when an entry of O(order) or a rule matches no live job, which may be a typing error. They are
        named in RV(unmatched) in any case.
      - With V(warn) in a warning, too; with V(fail) the task fails before anything is written.
      - An entry or a rule whose jobs are all taken by other ones is named in RV(shadowed), and in a warning unless this
        is V(ignore). It never fails the task, because its jobs exist.
      - Jobs that O(order) names by id, and rules without O(rules[].match), are not looked at here.
    type: str
    choices: [ignore, warn, fail]
    default: warn
    version_added: 1.0.0
  approved:
    description:
      - The moves that somebody approved, as RV(plan) of a dry run gave them. Nothing else is written, whatever the
        queue has become since, escalations that have become due included.
      - An empty list approves nothing. Cannot be combined with O(expect_plan).
    type: list
    elements: dict
    version_added: 1.0.0
    suboptions:
      job_id:
        description: The job.
        type: str
        required: true
      from:
        description: The priority that it had when the move was approved.
        type: raw
        required: true
      to:
        description: The priority that it was approved to get.
        type: raw
        required: true
  approved_only:
    description:
      - With V(all) the plan has to consist of the moves in O(approved) and of no other ones, or the task fails with an
        error of kind V(conflict) and writes nothing. Moves that have been made already are fine. The task also fails
        if no approved move can be made any more.
      - With V(still_valid) each move is made whose job still has the priority that it had then, is live, and is
        matched and not protected; the others are left and say why. A warning names each approved move that is left.
      - Whatever holds for a fresh plan holds for approved moves. O(direction), O(min_priority), O(max_priority),
        O(max_updates), and O(protect) apply to them. With O(rules), O(min_delta) applies too, and no move goes
        against the number that the rules ask for now or beyond it, so that an escalation is never undone.
      - With V(still_valid) and O(order), moves are judged one by one. The queue may need another run to be in the
        declared order.
    type: str
    choices: [all, still_valid]
    default: all
    version_added: 1.0.0
seealso:
  - module: objectstore.batch.batch_job_priority
  - module: objectstore.batch.batch_job_info
author:
  - objectstore.batch contributors (@objectstore-batch)
"""

EXAMPLES = r"""
- name: One restore first, then all other restores, then copies; the rest stays behind them as it is
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    order:
      - 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
      - operations: [S3InitiateRestoreObject]
      - operations: [S3PutObjectCopy]
    max_updates: 50

- name: Two jobs of equal rank first, re-tagging last
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

- name: Policy for a queue, as a dry run whose plan somebody approves
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
      - name: everything else a little lower
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

- name: Apply exactly that plan, or nothing
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

- name: Plan a policy in the evening
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    rules: &rules
      - match: {description: restore}
        class: high
    unmatched: ignore
  check_mode: true
  register: evening

- name: Show what somebody has to approve
  ansible.builtin.debug:
    msg: "{{ evening.plan_text }}"

- name: Carry out what is still as it was approved, and nothing else
  objectstore.batch.batch_queue:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    rules: *rules
    unmatched: ignore
    approved: "{{ evening.plan }}"
    approved_only: still_valid
"""

RETURN = r"""
plan_hash:
  description: Digest of the plan, the same for the same jobs with the same numbers and the same declaration;
    for O(expect_plan).
  returned: when the queue was read
  type: str
plan:
  description:
    - The moves of the plan, the largest change first, each with C(job_id), C(from) and C(to). In check mode what
      would be written, else what was planned.
    - It can be given to O(approved) as it is.
  returned: when the queue could be read
  type: list
  elements: dict
plan_text:
  description: The plan as text for a chat or a mail, of 40 lines of 100 columns at the most, the largest moves
    first and the rest counted.
  returned: when the queue could be read
  type: str
unmatched:
  description: The entries of O(order) and the rules that match no live job.
  returned: when the queue could be read
  type: list
  elements: str
shadowed:
  description:
    - The entries of O(order) and the rules that match live jobs of which other ones take all. The first rule
      that matches a job counts, and so does the entry that names it.
    - Each with C(entry), which is the entry or the rule, C(matches), the number of live jobs that it matches,
      and C(taken_by), the entries or rules that take them.
  returned: when the queue could be read
  type: list
  elements: dict
  sample:
    - entry: 'claims: class urgent'
      matches: 1
      taken_by:
        - 'restores: class high'
msg:
  description: What happened, in a sentence; on failure what is wrong and what to do next.
  returned: always
  type: str
  sample: '12 jobs: 2 changed, 10 unchanged.'
jobs:
  description:
    - All live jobs of the queue by their rank after the task, whether the declaration matches them or not; then
      jobs that O(order) names and that are not live.
    - Empty when the task failed before the queue could be read.
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
      description: The entry or rule that the job stands under, or why it was skipped, in conflict or failed.
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
calls:
  description: How many requests were sent (C(sent), by operation), C(retried) and C(throttled).
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
            "order": {"type": "list", "elements": "raw"},
            "rules": {"type": "list", "elements": "dict", "options": declarations.RULE_SPEC},
            "unlisted": {"type": "str", "choices": ["keep"], "default": "keep"},
            "direction": {"type": "str", "choices": ["any", "raise_only", "lower_only"], "default": "any"},
            "min_priority": {"type": "raw"},
            "max_priority": {"type": "raw"},
            "out_of_bounds": {"type": "str", "choices": ["fail", "clamp"], "default": "fail"},
            "max_updates": {"type": "int"},
            "min_delta": {"type": "int", "default": 0},
            "protect": {"type": "list", "elements": "raw"},
            "spacing": {"type": "int", "default": 10},
            "when_ended": {"type": "str", "choices": ["fail", "ignore"], "default": "fail"},
            "expect_plan": {"type": "str"},
            "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
            "verify": {"type": "bool", "default": True},
            "unmatched": {"type": "str", "choices": ["ignore", "warn", "fail"], "default": "warn"},
            "approved": {"type": "list", "elements": "dict", "options": approvals.APPROVED_SPEC},
            "approved_only": {"type": "str", "choices": ["all", "still_valid"], "default": "all"},
        },
        declarations.prepare,
        workflow.execute,
        required_one_of=[("order", "rules")],
        mutually_exclusive=[("order", "rules"), ("expect_plan", "approved")],
    )


if __name__ == "__main__":
    main()
