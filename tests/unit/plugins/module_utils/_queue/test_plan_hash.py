# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest of a plan, by which it is approved."""

from __future__ import annotations

import re

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import (
    Decision,
    DesiredPriority,
    Plan,
    Policy,
)
from ansible_collections.objectstore.batch.plugins.module_utils._queue.plan_hash import plan_hash

QUEUE = QueueId("aws", "eu-central-1", "123456789012")


def decision(job_id="a", before=10, after=900, outcome="update", status="Active", reason="", listed=True):
    job = Job(job_id, status, before)
    return Decision(job_id, outcome, job, reason, listed=listed, desired=DesiredPriority(job_id, after, reason=reason))


def digest(*decisions, queue=QUEUE, policy=None, waves=(("a",),)):
    return plan_hash(queue, Plan(tuple(decisions), policy or Policy(), waves))


PLAN = (decision(), decision("b", 5, 5, "unchanged"), decision("c", None, None, "failed"))


@pytest.mark.parametrize(
    "same",
    [
        digest(*reversed(PLAN)),
        digest(*PLAN, waves=()),
        digest(*PLAN, policy=Policy(on_error="continue")),
        # A status, an age and the words about them change by themselves.
        digest(decision(status="Paused", reason="escalated"), *PLAN[1:]),
        # A refusal of the plan as a whole changes outcomes, and not the plan.
        digest(decision(outcome="skipped"), *PLAN[1:]),
        # Jobs that nothing in the declaration matches come and go.
        digest(*PLAN, decision("d", 7, 7, "unchanged", listed=False)),
    ],
)
def test_the_same_plan_for_the_same_jobs_has_the_same_digest(same):
    assert same == digest(*PLAN)
    assert re.fullmatch("[0-9a-f]{64}", same)


@pytest.mark.parametrize(
    "other",
    [
        digest(),
        digest(*PLAN[:2]),
        digest(*PLAN, decision("d", 7, 7, "unchanged")),
        digest(decision(after=901), *PLAN[1:]),
        digest(decision(before=11), *PLAN[1:]),
        digest(decision("A"), *PLAN[1:]),
        # A job that keeps its number was moved by another user.
        digest(PLAN[0], decision("b", 6, 6, "unchanged"), PLAN[2]),
        digest(*PLAN[:2], decision("c", 0, None, "failed")),
        digest(*PLAN, queue=QueueId("aws", "eu-central-1", "123456789013")),
        digest(*PLAN, queue=QueueId("aws", "eu-west-1", "123456789012")),
        digest(*PLAN, queue=QueueId("cos", "eu-central-1", "123456789012")),
    ],
)
def test_another_plan_another_job_or_another_queue_has_another_digest(other):
    assert other != digest(*PLAN)


def test_numbers_do_not_pass_from_one_job_to_another():
    assert digest(decision("a", 1, 2), decision("b", 3, 4)) != digest(decision("a", 3, 4), decision("b", 1, 2))
    assert digest(decision("a", 1, 2)) != digest(decision("a", 2, 1))


def test_a_job_that_could_not_be_read_has_a_digest():
    unread = Decision("a", "failed", desired=DesiredPriority("a", 5))
    assert digest(unread) == digest(decision("a", None, 5))
