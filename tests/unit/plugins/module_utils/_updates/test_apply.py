# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one writer: what it sends, and how it settles every doubtful answer."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import (
    DesiredPriority,
    Policy,
    make_plan,
    preview,
)
from ansible_collections.objectstore.batch.plugins.module_utils._updates.apply import apply_plan
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    JOB_ID,
    ScriptedProvider,
    fail,
    job,
    session,
)

LOST = ["timeout", "unreachable", "unavailable", "invalid_response"]


def run(describe=(), update=(), before=None, wanted=100, expect=None, check_mode=False, limits=(4, 60.0), **policy):
    """Apply the plan for a job that was read as before; return outcome, provider and counts."""
    provider = ScriptedProvider(describe, update)
    before = before or job(10)
    plan = make_plan([DesiredPriority(JOB_ID, wanted, expect)], {JOB_ID: before}, {}, Policy(**policy))
    current = session(provider, *limits)
    outcomes = preview(plan) if check_mode else apply_plan(current, plan)
    assert len(outcomes) == 1
    assert not any(provider.steps.values()), "the script was not played to its end"
    return outcomes[0], provider, current.sender.counts()


def test_a_change_is_one_write():
    outcome, provider, counts = run(update=[100])
    assert (outcome.outcome, outcome.changed) == ("changed", True)
    assert (outcome.before.priority, outcome.job.priority) == (10, 100)
    assert provider.asked == [("update", JOB_ID, 100)]
    assert counts == {"sent": {"UpdateJobPriority": 1}, "retried": 0, "throttled": 0}


def test_check_mode_writes_nothing_and_shows_the_same_jobs():
    planned, provider, *_rest = run(check_mode=True)
    assert (planned.outcome, planned.changed) == ("would_change", True)
    assert provider.asked == []
    done, *_rest = run(update=[100])
    assert (planned.before, planned.job) == (done.before, done.job)


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_needs_no_write_gets_none(check_mode):
    outcome, provider, *_rest = run(before=job(100), check_mode=check_mode)
    assert (outcome.outcome, outcome.changed) == ("unchanged", False)
    assert provider.asked == []


@pytest.mark.parametrize("kind", LOST)
def test_lost_answer_and_the_value_is_there(kind):
    outcome, *_rest = run(update=[fail(kind)], describe=[job(100)])
    assert (outcome.outcome, outcome.changed, outcome.job.priority) == ("changed", True, 100)


@pytest.mark.parametrize("kind", LOST)
def test_lost_answer_and_the_value_is_not_there(kind):
    outcome, provider, counts = run(update=[fail(kind), 100], describe=[job(10)])
    assert (outcome.outcome, outcome.changed) == ("changed", True)
    assert [verb for verb, *rest in provider.asked] == ["update", "describe", "update"]
    assert counts["retried"] == 1


def test_lost_answers_end_with_the_attempts():
    outcome, *_rest = run(update=[fail("timeout")] * 3, describe=[job(10)] * 3, limits=(3, 60.0))
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("failed", "timeout", False)
    assert "Gave up after 3 attempts" in outcome.failure.message
    assert outcome.job.priority == 10


def test_lost_answer_and_no_way_to_look():
    outcome, *_rest = run(update=[fail("unreachable")], describe=[fail("unreachable")] * 2, limits=(2, 60.0))
    assert (outcome.outcome, outcome.failure.kind) == ("failed", "unreachable")
    assert "no response to UpdateJobPriority. The priority of job job-1 is 10 or 100" in outcome.failure.message
    assert outcome.failure.hint.startswith("Run the task again to confirm the result.")


@pytest.mark.parametrize("status", ["Complete", "Cancelled", "Failed"])
def test_lost_answer_and_the_job_ended(status):
    outcome, *_rest = run(update=[fail("timeout")], describe=[job(10, status)])
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("failed", "job_ended", False)
    assert outcome.job.status == status


def test_lost_answer_and_the_job_ended_with_the_wanted_value():
    outcome, *_rest = run(update=[fail("timeout")], describe=[job(100, "Complete")])
    assert (outcome.outcome, outcome.changed) == ("changed", True)


@pytest.mark.parametrize("last", [fail("invalid", code="Strange"), fail("access_denied"), fail("invalid_credentials")])
def test_doubt_outlives_a_read_and_a_refusal(last):
    """The old value proves nothing: the lost write may be applied at any time, and a 4xx is about another one."""
    reads = [job(10)] * (2 if last.failure.kind == "invalid" else 1)
    outcome, *_rest = run(update=[fail("timeout"), last], describe=reads)
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("failed", last.failure.kind, False)
    for text in (outcome.failure.message, outcome.reason):
        assert text.startswith("Result unknown: no response to UpdateJobPriority. ")
        assert "The priority of job job-1 is 10 or 100, and the update can still take effect. Details: " in text


def test_an_answered_write_settles_the_doubt():
    outcome, *_rest = run(update=[fail("timeout"), 7], describe=[job(10)] * 4)
    assert (outcome.outcome, outcome.failure.kind) == ("failed", "invalid_response")
    assert "can still take effect" not in outcome.failure.message


@pytest.mark.parametrize("ignore", [True, False])
def test_the_old_number_of_a_job_that_ended(ignore):
    """AWS may answer 200 with the number that an ended job has."""
    when = {"when_ended": "ignore"} if ignore else {}
    outcome, *_rest = run(update=[10], describe=[job(10, "Complete")], **when)
    assert (outcome.outcome, outcome.changed) == ("skipped" if ignore else "failed", False)
    assert (outcome.failure.kind if outcome.failure else "") == ("" if ignore else "job_ended")


def test_lost_answer_and_somebody_else_wrote():
    outcome, *_rest = run(update=[fail("timeout"), 100], describe=[job(50)])
    assert (outcome.outcome, outcome.before.priority) == ("changed", 10)
    outcome, *_rest = run(update=[fail("timeout")], describe=[job(50)], expect=10)
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("conflict", "conflict", False)
    outcome, *_rest = run(update=[fail("timeout")], describe=[job(500)], direction="raise_only")
    assert (outcome.outcome, outcome.changed) == ("skipped", False)
    assert "is 10 or 100, and the update can still take effect" in outcome.reason


@pytest.mark.parametrize("kind", ["not_found", "invalid", "not_updatable", "job_ended"])
def test_refused_because_the_job_ended_meanwhile(kind):
    refusal = fail(kind, code="NoSuchJob", http_status=404, request_id="r1", operation="UpdateJobPriority")
    outcome, *_rest = run(update=[refusal], describe=[job(10, "Complete")])
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("failed", "job_ended", False)
    assert (outcome.failure.code, outcome.failure.http_status, outcome.failure.request_id) == ("NoSuchJob", 404, "r1")
    outcome, *_rest = run(update=[refusal], describe=[job(10, "Complete")], when_ended="ignore")
    assert (outcome.outcome, outcome.failure) == ("skipped", None)


def test_refused_because_the_job_is_gone():
    outcome, *_rest = run(update=[fail("not_found")], describe=[fail("not_found")])
    assert (outcome.outcome, outcome.failure.kind) == ("failed", "not_found")


def test_lost_then_refused_with_the_value_there():
    outcome, *_rest = run(update=[fail("timeout"), fail("not_found")], describe=[job(10), job(100, "Complete")])
    assert (outcome.outcome, outcome.changed) == ("changed", True)


def test_refused_and_somebody_else_set_the_value():
    outcome, *_rest = run(update=[fail("invalid")], describe=[job(100, "Complete")])
    assert (outcome.outcome, outcome.changed) == ("unchanged", False)


@pytest.mark.parametrize("max_attempts", [1, 2, 6])
def test_a_job_that_is_there_is_never_reported_as_missing(max_attempts):
    reads = min(3, max_attempts)
    outcome, *_rest = run(
        update=[fail("not_found", code="NoSuchJob", http_status=404)],
        describe=[job(10)] * reads,
        limits=(max_attempts, 60.0),
    )
    assert (outcome.outcome, outcome.failure.kind, outcome.failure.code) == ("failed", "not_updatable", "NoSuchJob")
    assert "job job-1 (Active) was not changed: UpdateJobPriority was rejected: " in outcome.failure.message


def test_an_invalid_request_stays_invalid_but_not_for_a_suspended_job():
    outcome, *_rest = run(update=[fail("invalid")], describe=[job(10)])
    assert outcome.failure.kind == "invalid"
    outcome, *_rest = run(update=[fail("invalid")], describe=[job(10, "Suspended")] * 3, before=job(10, "Suspended"))
    assert outcome.failure.kind == "not_updatable"


@pytest.mark.parametrize("kind", ["access_denied", "invalid_credentials", "clock_skew", "quota"])
def test_final_refusals_cost_nothing_more(kind):
    outcome, *_rest = run(update=[fail(kind)])
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("failed", kind, False)


def test_throttled_writes_are_resent_without_reading():
    outcome, _asked, counts = run(update=[fail("throttled"), fail("throttled"), 100])
    assert outcome.outcome == "changed"
    assert counts == {"sent": {"UpdateJobPriority": 3}, "retried": 2, "throttled": 2}


def test_another_priority_in_the_answer_may_be_a_lagging_read():
    outcome, *_rest = run(update=[7], describe=[job(7), job(100)])
    assert (outcome.outcome, outcome.job.priority) == ("changed", 100)


def test_another_priority_in_the_answer_that_stays():
    outcome, *_rest = run(update=[7], describe=[job(7)] * 3)
    assert (outcome.outcome, outcome.failure.kind, outcome.changed) == ("failed", "invalid_response", True)
    text = "contains priority 7 for job job-1, expected 100. After 3 more reads, the job has priority 7"
    assert text in outcome.failure.message
    outcome, *_rest = run(update=[7], describe=[job(10)] * 3)
    assert (outcome.outcome, outcome.changed) == ("failed", False)
