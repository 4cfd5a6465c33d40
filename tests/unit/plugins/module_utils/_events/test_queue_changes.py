# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events between two readings of a queue, one line of the table each."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._events.queue_changes import AHEAD, Limits, compare
from hypothesis import given, strategies as st

HOUR = 3600.0
DAY = 24 * HOUR
TODAY = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
LIMITS = Limits((0.0, 7 * DAY, 28 * DAY), 30, HOUR, 2 * HOUR, 0.05, 10)


def job(job_id="a", status="Ready", priority=10, done=0, failed=0, **more):
    return Job(job_id, status, priority, progress=Progress(1000, done - failed, failed), **more)


def read(*steps, scope="none", limits=LIMITS):
    """Return the events of readings: each step is the moment, the listed jobs, and the vanished IDs."""
    jobs, events = {}, []
    for number, (now, listed, *gone) in enumerate(steps):
        today = TODAY + datetime.timedelta(seconds=now)
        found = compare(jobs, listed, gone[0] if gone else (), limits, now, today, "all" if number else scope)
        jobs = found.jobs
        events.append([(change.type, change.job_id) for change in found.changes])
        last = found.changes
    return events, last


@pytest.mark.parametrize("scope", ["none", "live", "all"])
def test_the_first_reading(scope):
    listed = [job("a"), job("b", "Suspended"), job("c", "Complete")]
    expected = {
        "none": [],
        "live": [("job_created", "a"), ("job_created", "b"), ("awaiting_confirmation", "b")],
        "all": [
            *[("job_created", "a"), ("job_created", "b"), ("awaiting_confirmation", "b")],
            *[("job_created", "c"), ("ended", "c")],
        ],
    }
    assert read((0, listed), scope=scope)[0] == [expected[scope]]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (job(), job(), []),
        (job(), job(priority=20), ["priority_changed"]),
        (job(), job(status="Active"), ["status_changed"]),
        (job(), job(status="Active", priority=5), ["status_changed", "priority_changed"]),
        (job(), job(priority=None), []),
        (job(priority=None), job(), ["priority_changed"]),
        (job(), job(status="Suspended"), ["status_changed", "awaiting_confirmation"]),
        (job(status="Active"), job(status="Complete", done=1000), ["status_changed", "ended"]),
        (job(status="Failing"), job(status="Failed"), ["status_changed", "ended"]),
        (job(status="Complete"), job(status="Complete"), []),
        (job(), job(status="Hibernating"), ["status_changed"]),
        (job(done=100), job(done=100, failed=10), ["failed_tasks"]),
        (job(done=100), job(done=100, failed=9), []),
        (job(done=1000), job(done=1000, failed=50), []),
    ],
)
def test_one_change(before, after, expected):
    events, last = read((0, [before]), (60, [after]))
    assert events == [[], [(name, "a") for name in expected]]
    assert [change.number for change in last] == list(range(len(expected)))


def test_a_job_that_was_created_and_ended_between_two_readings():
    events, last = read((0, []), (60, [job(status="Complete", done=1000, failed=1)]))
    assert events[1] == [("job_created", "a"), ("ended", "a")]
    assert last[1].values["result"] == "partial"


def test_a_vanished_job_is_reported_once_and_one_that_only_left_the_list_is_kept():
    events, _last = read((0, [job("a"), job("b")]), (60, [job("b")]), (120, [job("b")], ["a"]), (180, [job("b")]))
    assert events == [[], [], [("vanished", "a")], []]
    events, _last = read((0, [job("a")]), (60, []), (120, [job("a", "Active")]))
    assert events == [[], [], [("status_changed", "a")]]


def test_before_and_after():
    _events, [change] = read(
        (0, [job("a"), job("b", priority=20)]), (60, [job("a", priority=30), job("b", priority=20)])
    )
    assert change.values["before"] == {"status": "Ready", "priority": 10, "rank": 2}
    assert change.values["after"] == {"status": "Ready", "priority": 30, "rank": 1}


def test_the_ages_of_an_unconfirmed_job():
    days = [0, 1, 6, 7, 8, 27, 29]
    waiting = job(status="Suspended", suspended=TODAY)
    events, last = read(*((day * DAY, [waiting]) for day in days), scope="live")
    named = [days[number] for number, found in enumerate(events) if ("awaiting_confirmation", "a") in found]
    assert named == [0, 7, 29]
    assert last[0].values == {"age_seconds": 29 * DAY, "days_left": 1}


def test_the_age_of_an_unconfirmed_job_without_dates_counts_from_when_it_was_seen():
    events, _last = read(*((day * DAY, [job(status="Suspended")]) for day in (0, 6, 7)), scope="live")
    assert [bool(found) for found in events] == [True, False, True]
    old = job(status="Suspended", created=TODAY - datetime.timedelta(days=8))
    _events, last = read((0, [old]), scope="live")
    assert last[1].values == {"age_seconds": 8 * DAY, "days_left": 22}


def test_days_left_are_unknown_where_they_are_not_documented():
    _events, last = read((0, [job(status="Suspended")]), scope="live", limits=LIMITS._replace(confirmation_days=None))
    assert last[1].values["days_left"] is None


def test_a_stalled_job_is_reported_once_for_each_stall():
    steps = [(0, 5), (1800, 5), (3600, 5), (7200, 5), (7260, 6), (7320, 6), (10920, 6)]
    events, last = read(*((now, [job(status="Active", done=done)]) for now, done in steps))
    assert [found for found in events if found] == [[("stalled", "a")], [("stalled", "a")]]
    assert [bool(found) for found in events] == [False, False, True, False, False, False, True]
    assert last[0].values == {"seconds": 3660}


def test_a_starved_job_is_reported_with_the_jobs_ahead():
    others = [job(f"x{number:02}", "Active", 100 - number, done=number) for number in range(AHEAD + 2)]
    moving = [job(f"x{number:02}", "Active", 100 - number, done=number + 1) for number in range(AHEAD + 2)]
    events, last = read((0, [job(), *others]), (7200, [job(), *moving]), (7300, [job(), *moving]))
    assert events == [[], [("starved", "a")], []]
    events, last = read((0, [job(), *others]), (7200, [job(), *moving]))
    assert (last[0].values["ahead_count"], len(last[0].values["ahead"])) == (AHEAD + 2, AHEAD)
    assert last[0].values["ahead"][0] == {"job_id": "x00", "status": "Active", "priority": 100, "operation": ""}


def test_the_first_job_of_a_queue_is_not_starved():
    assert read((0, [job()]), (DAY, [job()]))[0] == [[], []]


def test_another_status_starts_the_time_again():
    other = job("b", "Active", 90)
    progress = [job("b", "Active", 90, done=number) for number in range(1, 4)]
    events, _last = read(
        (0, [job(), other]), (7000, [job(status="Paused"), progress[0]]), (7300, [job(status="Paused"), progress[1]])
    )
    assert events[1:] == [[("status_changed", "a")], []]


STATUS = st.sampled_from(["Ready", "Active", "Suspended", "Complete", "Failed", "Paused", "Odd"])
QUEUE = st.dictionaries(st.sampled_from("abcd"), st.tuples(STATUS, st.integers(0, 3)), max_size=4)


@given(st.lists(QUEUE, min_size=2, max_size=5))
def test_the_events_tell_every_change_of_status_and_priority(queues):
    """Whoever applies the events to the first reading has the last one."""
    state = {name: list(values) for name, values in queues[0].items()}
    jobs = {}
    for number, queue in enumerate(queues):
        listed = [job(name, status, priority) for name, (status, priority) in queue.items()]
        gone = set(jobs) - set(queue)
        found = compare(jobs, listed, gone, LIMITS, number, TODAY, "all" if number else "none")
        jobs = found.jobs
        for change in found.changes:
            if change.type == "vanished":
                del state[change.job_id]
            elif change.type in ("job_created", "status_changed", "priority_changed"):
                after = change.values["after"]
                state[change.job_id] = [after["status"], after["priority"]]
        assert state == {name: list(values) for name, values in queue.items()}
        numbers = [(change.job_id, change.number) for change in found.changes if change.type != "vanished"]
        assert len(set(numbers)) == len(numbers)
