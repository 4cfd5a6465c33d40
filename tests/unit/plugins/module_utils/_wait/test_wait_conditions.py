# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job that is waited for has come to."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import ENDED, STATUSES
from ansible_collections.objectstore.batch.plugins.module_utils._wait.wait_conditions import (
    WaitCondition,
    evaluate,
    failed_ratio,
    out_of_time,
    settled,
    task_result,
)

END = WaitCondition()


def job(status, total=None, succeeded=None, failed=None, **details):
    return Job("job-1", status, 10, progress=Progress(total, succeeded, failed), **details)


def state(status, goal=END, **counts):
    return evaluate(job(status, **counts), goal).state


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating", ""])
def test_every_status_on_the_way_to_the_end(status):
    expected = {"Complete": "reached", "Failed": "failed", "Cancelled": "failed", "Suspended": "failed"}
    assert state(status) == expected.get(status, "waiting")
    assert state(status, WaitCondition(suspended="wait")) == ("waiting" if status == "Suspended" else state(status))


@pytest.mark.parametrize(
    ("wanted", "reached", "failed"),
    [
        ("Active", {"Active", "Pausing", "Paused", "Completing", "Complete"}, {"Failed", "Cancelled", "Suspended"}),
        ("Suspended", {"Suspended", "Ready", "Active", "Pausing", "Paused", "Completing", "Complete"}, ENDED),
        ("Paused", {"Paused"}, {"Suspended", *ENDED}),
        ("Cancelled", {"Cancelled"}, {"Suspended", *ENDED}),
        ("Complete", {"Complete"}, {"Suspended", *ENDED}),
        ("Cancelling", {"Cancelling"}, {"Suspended", *ENDED}),
    ],
)
def test_a_wanted_status_or_one_further_on(wanted, reached, failed):
    for status in STATUSES:
        expected = "reached" if status in reached else "failed" if status in failed else "waiting"
        assert state(status, WaitCondition((wanted,))) == expected, status


@pytest.mark.parametrize(
    ("counts", "result"),
    [
        ((10, 10, 0), "full"),
        ((10, 9, 1), "partial"),
        ((10, 0, 10), "none"),
        ((None, 5, 0), "full"),
        ((None, 5, 1), "partial"),
        ((None, None, 3), "none"),
        ((10, 10, None), "full"),
        ((0, 0, 0), "full"),
        ((0, None, None), "full"),
        ((10, None, None), None),
        ((None, None, None), None),
        ((10, 9, 0), "partial"),
    ],
)
def test_the_result_of_a_complete_job(counts, result):
    assert task_result(job("Complete", *counts)) == result


@pytest.mark.parametrize(
    ("status", "counts", "result"),
    [
        ("Active", (10, 10, 0), None),
        ("Completing", (10, 10, 0), None),
        ("Failed", (None, None, None), "none"),
        ("Failed", (10, 3, 7), "partial"),
        ("Failed", (None, 0, 0), "none"),
        ("Cancelled", (10, 0, 0), "none"),
        ("Cancelled", (10, 4, 0), "partial"),
        ("Cancelled", (10, 10, 0), "full"),
    ],
)
def test_the_result_of_other_jobs(status, counts, result):
    assert task_result(job(status, *counts)) == result


@pytest.mark.parametrize(
    ("goal", "failed", "reached"),
    [
        (WaitCondition(), 0, True),
        (WaitCondition(), 1, False),
        (WaitCondition(max_failed_tasks=3), 3, True),
        (WaitCondition(max_failed_tasks=3), 4, False),
        (WaitCondition(max_failed_tasks=None, max_failed_ratio=0.1), 10, True),
        (WaitCondition(max_failed_tasks=None, max_failed_ratio=0.1), 11, False),
        (WaitCondition(max_failed_tasks=5, max_failed_ratio=0.1), 6, False),
        (WaitCondition(max_failed_tasks=50, max_failed_ratio=0.1), 20, False),
        (WaitCondition(max_failed_tasks=None, max_failed_ratio=1.0), 100, True),
        (WaitCondition(("Complete",)), 1, False),
        (WaitCondition(("Active",)), 1, True),
    ],
)
def test_failed_tasks_decide_about_a_complete_job(goal, failed, reached):
    verdict = evaluate(job("Complete", 100, 100 - failed, failed), goal)
    assert verdict.state == ("reached" if reached else "failed")
    assert (verdict.failure.kind if verdict.failure else None) == (None if reached else "conflict")


def test_a_ratio_never_divides_by_what_is_missing():
    assert failed_ratio(Progress()) == 0.0
    assert failed_ratio(Progress(None, 3, 1)) == 0.25
    assert failed_ratio(Progress(0, 0, 0)) == 0.0


def test_the_target_in_words():
    assert (END.target, str(END)) == ("completion", "completion")
    several = WaitCondition(("Ready", "Active"))
    assert (several.target, str(several)) == ("status Ready or Active", "Ready or Active")


def test_failures_say_why():
    reasons = ({"code": "403", "reason": "no access to the manifest."},)
    failed = evaluate(job("Failed", 10, 2, 1, failure_reasons=reasons), END).failure
    assert failed.kind == "job_ended"
    assert failed.sentence() == "Job job-1 is Failed: 403: no access to the manifest; 3 of 10 tasks done (1 failed)."
    cancelled = evaluate(job("Cancelled", status_reason="wrong manifest"), END).failure
    assert cancelled.message == "job job-1 is Cancelled: 'wrong manifest'; task counts unknown"
    beyond = evaluate(job("Cancelled"), WaitCondition(("Ready", "Active"))).failure
    assert beyond.message == "job job-1 is Cancelled and can no longer become Ready or Active"
    suspended = evaluate(job("Suspended"), END).failure
    assert (suspended.kind, suspended.retryable) == ("conflict", False)
    assert "Confirm the job" in suspended.hint
    late = out_of_time(evaluate(job("Active", 10, 2, 0), END), 60, "ListJobs: down.")
    assert (late.state, late.failure.kind) == ("failed", "timeout")
    assert late.failure.message == (
        "job job-1 is Active, 2 of 10 tasks done after 60 s (timeout); the last poll failed: ListJobs: down."
    )
    assert "keeps running" in late.failure.hint


@pytest.mark.parametrize(
    ("statuses", "stop", "carry_on"),
    [
        (["Complete", "Active"], False, False),
        (["Complete", "Failed"], True, True),
        (["Active", "Failed"], True, False),
        (["Active", "Suspended"], True, False),
    ],
)
def test_when_there_is_nothing_more_to_wait_for(statuses, stop, carry_on):
    verdicts = [evaluate(job(status), END) for status in statuses]
    assert settled(verdicts, "stop") is stop
    assert settled(verdicts, "continue") is carry_on


def test_failed_tasks_are_counted_in_words():
    failure = evaluate(job("Complete", None, 90, 10), WaitCondition(max_failed_tasks=3, max_failed_ratio=0.05)).failure
    assert failure.message == (
        "job job-1 is Complete, but 10 of 100 tasks failed (max_failed_tasks: 3;"
        " max_failed_ratio: 5.00%, failed: 10.00%)"
    )
