# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Approved changes: whatever was approved, and however the queue has changed since, nothing forbidden is done."""

from __future__ import annotations

import functools

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._queue.declarations import prepare
from ansible_collections.objectstore.batch.plugins.module_utils._queue.workflow import execute
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    ScriptedProvider,
    fail,
    session,
)
from hypothesis import event, given, settings, strategies as st

NAMES = "abcde"
STATUSES = ["Ready", "Active", "Paused", "Suspended", "Hibernating", "Complete"]
OPTIONS = {
    **dict.fromkeys(
        ("order", "rules", "min_priority", "max_priority", "max_updates", "protect", "classes", "approved")
    ),
    "direction": "any",
    "out_of_bounds": "clamp",
    "min_delta": 0,
    "spacing": 1,
    "when_ended": "ignore",
    "expect_plan": None,
    "on_error": "stop",
    "verify": False,
    "unmatched": "warn",
    "approval_mode": "still_valid",
}

steady = functools.partial(settings, derandomize=True, deadline=None, database=None)


class Queue(ScriptedProvider):
    """A cloud that keeps what it is told."""

    def __init__(self, jobs):
        super().__init__()
        self.jobs = {job.job_id: job for job in jobs}
        self.written = {}

    def list_page(self, token):
        return list(self.jobs.values()), ""

    def describe(self, job_id):
        if job_id not in self.jobs:
            raise fail("not_found")
        return self.jobs[job_id]

    def update_priority(self, job_id, priority):
        assert job_id not in self.written
        self.written[job_id] = priority
        return priority


def run(jobs, **options):
    """Return the cloud afterwards, the result, and the failure that ended the task, if one did."""
    cloud = Queue(jobs)
    try:
        result = execute(session(cloud), prepare({**OPTIONS, **options}, TRAITS), False, QueueId("cos", "r", "1"))
    except BatchError as error:
        return cloud, None, error.failure
    return cloud, result, None


numbers = st.integers(0, 12)
queues = st.lists(
    st.builds(
        lambda priority, status, operation: (priority, status, operation),
        numbers,
        st.sampled_from(STATUSES),
        st.sampled_from("xy"),
    ),
    min_size=1,
    max_size=5,
).map(
    lambda rows: [
        Job(name, status, priority, operation=operation)
        for name, (priority, status, operation) in zip(NAMES, rows)  # noqa: B905  # Python 3.9 knows no strict
    ]
)
moves = st.dictionaries(st.sampled_from(NAMES), st.tuples(numbers, numbers), max_size=5)
bounds = st.fixed_dictionaries(
    {},
    optional={
        "direction": st.sampled_from(["any", "raise_only", "lower_only"]),
        "min_priority": st.integers(0, 6),
        "max_priority": st.integers(6, 12),
        "max_updates": st.integers(0, 3),
        "protect": st.lists(st.sampled_from([*NAMES, {"operations": ["y"]}]), max_size=2),
        "approval_mode": st.sampled_from(["still_valid", "still_valid", "exact"]),
    },
)
orders = st.lists(
    st.sampled_from([*NAMES, {"operations": ["x"]}, {"operations": ["y"]}]), min_size=1, max_size=4, unique_by=str
)
rule_lists = st.lists(
    st.one_of(
        st.builds(
            lambda key, number: {"match": {"operations": [key]}, "priority": number}, st.sampled_from("xy"), numbers
        ),
        st.builds(
            lambda key, delta: {"match": {"operations": [key]}, "delta": delta},
            st.sampled_from("xy"),
            st.integers(-3, 3),
        ),
    ),
    min_size=1,
    max_size=2,
)


def full(rule):
    """Return a rule with the keys that AnsibleModule adds."""
    return {**dict.fromkeys(("name", "match", "priority", "class", "delta", "escalate")), **rule}


def is_protected(job, options):
    return any(
        job.job_id == item if isinstance(item, str) else job.operation in item["operations"]
        for item in options.get("protect", [])
    )


def is_listed(job, declared):
    if "rules" in declared:
        return any(job.operation in rule["match"]["operations"] for rule in declared["rules"])
    return any(
        job.job_id == item if isinstance(item, str) else job.operation in item["operations"]
        for item in declared["order"]
    )


def forbidden(job, after, options, declared):
    """Return what a fresh plan would never do to a job."""
    before, direction = job.priority, options.get("direction", "any")
    reasons = {
        "not live": not job.is_live,
        "unknown status": not job.is_known,
        "protected": is_protected(job, options),
        "not matched": not is_listed(job, declared),
        "lowered": direction == "raise_only" and after < before,
        "raised": direction == "lower_only" and after > before,
        "too low": after < options.get("min_priority", 0),
        "too high": after > options.get("max_priority", 2147483647),
    }
    return [name for name, holds in reasons.items() if holds]


def judge(jobs, approved, options, declared):
    given = {**declared, "rules": [full(rule) for rule in declared["rules"]]} if "rules" in declared else declared
    listed = [{"job_id": job_id, "from": before, "to": after} for job_id, (before, after) in approved.items()]
    cloud, result, failure = run(jobs, **given, **options, approved=listed)
    by_id = {job.job_id: job for job in jobs}
    for job_id, after in cloud.written.items():
        assert approved[job_id] == (by_id[job_id].priority, after), "only what was approved, and as it was approved"
        assert not forbidden(by_id[job_id], after, options, declared)
    assert len(cloud.written) <= options.get("max_updates", len(jobs))
    if failure or result.get("failed"):
        event("refused")
        assert not cloud.written
        return
    event("exact" if options.get("approval_mode") == "exact" else f"{len(cloud.written)} written")
    told = {job["job_id"] for job in result["jobs"] if job["outcome"] == "changed"}
    assert told == set(cloud.written)
    made = {
        job_id for job_id, (_before, after) in approved.items() if job_id in by_id and by_id[job_id].priority == after
    }
    left = set(approved) - set(cloud.written) - made
    if options.get("approval_mode") == "exact":
        assert not left
        return
    warned = [text for text in result.get("warnings", []) if "is not applied" in text]
    assert len(warned) == len(left)
    for job_id in left:
        assert any(text.startswith(f"Job {job_id}: the approved change from ") for text in warned)
        job = by_id.get(job_id)
        if job and "order" in declared and job.priority == approved[job_id][0]:
            assert forbidden(job, approved[job_id][1], options, declared), "what may be done is done"


def approvals(jobs, data):
    """Return moves of which most are about the jobs as they are."""
    drawn = data.draw(moves)
    now = {job.job_id: job.priority for job in jobs}
    stale = data.draw(st.sets(st.sampled_from(NAMES), max_size=1))
    return {
        job_id: (before if job_id in stale else now.get(job_id, before), after)
        for job_id, (before, after) in drawn.items()
    }


def existing(jobs, order):
    """Return an order without ids that are not there, which would be an error of their own."""
    names = {job.job_id for job in jobs}
    return [item for item in order if not isinstance(item, str) or item in names] or [{"operations": ["x"]}]


@steady(max_examples=600)
@given(queues, bounds, orders, st.data())
def test_an_order_never_makes_more_of_an_approval_than_a_fresh_plan_may(jobs, options, order, data):
    judge(jobs, approvals(jobs, data), options, {"order": existing(jobs, order)})


@steady(max_examples=600)
@given(queues, bounds, rule_lists, st.integers(0, 3), st.data())
def test_rules_never_make_more_of_an_approval_than_a_fresh_plan_may(jobs, options, rules, min_delta, data):
    judge(jobs, approvals(jobs, data), {**options, "min_delta": min_delta}, {"rules": rules})


@steady(max_examples=200)
@given(queues, bounds, st.one_of(orders, rule_lists))
def test_the_plan_of_this_moment_is_always_approved(jobs, options, entries):
    """What a dry run plans can be carried out as long as nothing has changed, in both modes."""
    declared = (
        {"order": existing(jobs, entries)}
        if not (isinstance(entries[0], dict) and "match" in entries[0])
        else {"rules": [full(rule) for rule in entries]}
    )
    options = {name: value for name, value in options.items() if name not in ("approval_mode", "max_updates")}
    planned, result, failure = run(jobs, **declared, **options)
    if failure or result.get("failed"):
        return
    for mode in ("all", "still_valid"):
        cloud, again, failure = run(jobs, **declared, **options, approved=result["plan"], approval_mode=mode)
        assert failure is None and not again.get("failed"), again
        assert cloud.written == planned.written
        assert not [text for text in again.get("warnings", []) if "is not applied" in text]
