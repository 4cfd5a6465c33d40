# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a report on queues, from results that can be incomplete or hostile."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._page.page_model import TOP, queues


def one(**item):
    [queue] = queues([{"name": "q", **item}])
    return queue


def line(**job):
    [found] = one(jobs=[job]).lines
    return found


@pytest.mark.parametrize("item", [{}, {"jobs": None, "plan": None, "failures": None}, {"jobs": ["x", 5, None, []]}])
def test_an_empty_or_odd_result_is_an_empty_queue(item):
    queue = one(**item)
    assert (queue.lines, queue.hidden, queue.moves, queue.changes, queue.failures) == ([], 0, [], 0, [])
    assert set(queue.states.values()) == {0}


def test_states_are_counted_also_of_unknown_statuses_and_hidden_jobs():
    jobs = [{"status": name} for name in ("Active", "Ready", "Hibernating", None, "Suspended", "Failed", "Failing")]
    [queue] = queues([{"name": "q", "jobs": jobs}], most=2)
    counts = {state: count for state, count in queue.states.items() if count}
    assert counts == {"running": 1, "waiting": 3, "unconfirmed": 1, "ended": 1, "ending": 1}
    assert (len(queue.lines), queue.hidden) == (2, 5)


def test_the_limit_of_jobs_is_one_for_all_queues():
    jobs = [{"job_id": "j", "status": "Ready"}] * 3
    found = queues([{"jobs": jobs}, {"jobs": jobs}, {"jobs": jobs}], most=4)
    assert [(len(queue.lines), queue.hidden) for queue in found] == [(3, 0), (1, 2), (0, 3)]


@pytest.mark.parametrize(
    ("progress", "share", "tasks"),
    [
        (None, None, ""),
        ({}, None, ""),
        ({"total": 10}, None, ""),
        ({"total": 10, "succeeded": 0, "failed": None}, 0.0, "0 of 10 done, 0 failed"),
        ({"total": 10, "succeeded": None, "failed": 4}, 0.4, "4 of 10 done, 4 failed"),
        ({"total": None, "succeeded": 3, "failed": 1}, None, "4 done, 1 failed"),
        ({"total": 0, "succeeded": 0, "failed": 0}, None, "0 done, 0 failed"),
        ({"total": 250_000, "succeeded": 91_000, "failed": 1200}, 0.3688, "92,200 of 250,000 done, 1,200 failed"),
        # A total that is counted later than its tasks.
        ({"total": 10, "succeeded": 12, "failed": 0}, 1.0, "12 of 10 done, 0 failed"),
    ],
)
def test_the_share_that_is_done(progress, share, tasks):
    found = line(job_id="j", status="Active", progress=progress)
    assert (found.share, found.tasks) == (share, tasks)


def test_queues_are_sorted_by_name():
    found = queues([{"name": name} for name in ("cos-1", "Archive", "aws-2", "aws-1")])
    assert [queue.name for queue in found] == ["Archive", "aws-1", "aws-2", "cos-1"]


def test_a_priority_of_zero_is_a_number_and_null_is_none():
    assert [line(priority=0).priority, line(priority=None).priority, line().priority] == ["0", "none", "none"]
    assert line(priority=4000, **{"class": "urgent"}).priority == "4000 (urgent)"


@pytest.mark.parametrize(
    ("job", "why"),
    [
        ({"status": "Ready", "blocked_by_count": 2}, "waiting for 2 jobs with a higher priority"),
        ({"status": "Ready", "blocked_by_count": 1}, "waiting for 1 job with a higher priority"),
        ({"status": "Ready", "blocked_by_count": 1500}, "waiting for 1,500 jobs with a higher priority"),
        ({"status": "Ready", "blocked_by_count": 0}, ""),
        ({"status": "Suspended"}, "awaiting confirmation"),
        ({"status": "Suspended", "days_until_deadline": 12.5}, "awaiting confirmation, fails in 12.5 days"),
        ({"status": "Complete", "days_until_expiration": 0.0}, "expires in 0 days"),
        ({"status": "Complete", "days_until_expiration": 1.0}, "expires in 1 day"),
        ({"status": "Complete", "days_until_expiration": 88.0}, "expires in 88 days"),
        ({"status": "Failed", "failure_reasons": [{"code": "C", "reason": "r\n"}] * 4}, "C: r\\n; C: r\\n; C: r\\n"),
        ({"status": "Failed", "failure_reasons": None}, ""),
    ],
)
def test_why_a_job_is_where_it_is(job, why):
    assert line(**job).why == why


def test_text_of_others_is_escaped_and_cut():
    hostile = "a\n\x1b[2J\u202e" + "x" * 500
    found = line(
        job_id=hostile, status=hostile, operation=hostile, description=hostile, **{"class": hostile}, priority=1
    )
    for text in (found.job_id, found.status, found.operation, found.description, found.priority):
        assert text.isprintable()
        assert len(text) < 220
    assert one(name=hostile, error=hostile).error.isprintable()
    assert one(provider=hostile).place.isprintable()


def job(job_id, priority, rank=1, created="2026-01-01T00:00:00Z"):
    return {"job_id": job_id, "priority": priority, "rank": rank, "status": "Ready", "created": created}


def test_a_plan_is_shown_as_ranks_before_and_after():
    jobs = [job("a", 30), job("b", 20), job("c", None), {**job("d", 99), "rank": None}]
    queue = one(jobs=jobs, plan=[{"job_id": "b", "from": 20, "to": 40}, "odd"])
    assert [(move.rank, move.before, move.after, move.moved) for move in queue.moves] == [
        (1, "30 a", "40 b", True),
        (2, "20 b", "30 a", False),
        (3, "None c", "None c", False),
    ]
    assert (queue.changes, queue.planned) == (1, "1 job")


def test_jobs_of_one_priority_keep_the_order_of_their_age():
    jobs = [job("b", 5, created="2026-01-02T00:00:00Z"), job("z", 5), job("a", 5, created=None)]
    queue = one(jobs=jobs, plan=[{"job_id": "z", "to": 5}])
    assert [move.before for move in queue.moves] == ["5 z", "5 b", "5 a"]


def test_moves_are_counted_where_only_the_first_ranks_are_shown():
    jobs = [job(f"job-{number:03}", 1000 - number) for number in range(TOP + 5)]
    queue = one(jobs=jobs, plan=[{"job_id": item["job_id"], "to": 1} for item in jobs])
    assert (len(queue.moves), queue.changes, queue.planned) == (TOP, TOP + 5, f"{TOP + 5} jobs")
    assert one(jobs=[], plan=[{"job_id": "a", "to": 1}]).changes == 1


def test_failures_are_sorted_by_their_number_and_bounded():
    codes = [{"code": f"C{number}", "count": number} for number in range(60)]
    failures = one(failures=[{"job": {"job_id": "j"}, "codes": codes}, {"codes": [{}], "job_id": "k"}, None]).failures
    assert failures[0] == ("C59", 59, "j")
    assert len(failures) == 50
    assert one(failures=[{"codes": [{"code": None, "count": None}]}]).failures == [("no code", 0, "")]


ESTIMATED = {
    "status": "Active",
    "estimated_end": "2026-01-01T00:00:00Z",
    "rate": 1.0,
    "progress": {"total": 1000, "succeeded": 0, "failed": 0},
}


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (50.0, "less than a minute"),
        (1000 / 61, "about 1 minute"),
        (1000 / 5399, "about 90 minutes"),
        (1000 / 5400, "about 2 hours"),
        (1000 / 172799, "about 48 hours"),
        (1000 / 172800, "about 2 days"),
        (1000 / 31536000, "about 365 days"),
    ],
)
def test_the_time_left_is_in_words(rate, text):
    assert line(**{**ESTIMATED, "rate": rate}).why == f"{text} left (estimate)"


@pytest.mark.parametrize(
    "change",
    [
        {"estimated_end": None},
        *({"rate": rate} for rate in (None, 0, 0.0, -1.0, "1", True, float("nan"), float("inf"), 1e-9, 10**400)),
        *({"progress": progress} for progress in (None, {}, {"total": None, "succeeded": 1}, {"total": "9"})),
        {"progress": {"total": 5, "succeeded": 9, "failed": 0}},
        {"progress": {"total": 10**400, "succeeded": 9, "failed": 0}},
        {"progress": {"total": 5, "succeeded": float("nan"), "failed": 0}},
    ],
    ids=lambda change: str(change)[:50],
)
def test_no_time_left_from_values_that_cannot_be_true(change):
    assert line(**{**ESTIMATED, **change}).why == ""
