# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one waiter: when it looks, what it asks for, when it stops."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._wait.job_waiter import (
    Clock as WaitClock,
    PollState,
    Timing,
    Waiter,
)
from ansible_collections.objectstore.batch.plugins.module_utils._wait.wait_conditions import WaitCondition
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    Clock,
    ScriptedProvider,
    fail,
    session,
)

TIMING = Timing(timeout=3600, interval=10, max_interval=60)


def page(**statuses):
    return [Job(job_id, status) for job_id, status in statuses.items()], ""


def waiter(
    pages, job_ids=("one",), describe=(), timing=TIMING, memory=None, on_error="stop", max_attempts=1, goal=None
):
    clock = Clock()
    provider = ScriptedProvider(pages=pages, describe=describe)
    made = Waiter(
        session(provider, max_attempts=max_attempts, clock=clock),
        job_ids,
        goal or WaitCondition(),
        timing,
        on_error,
        memory,
        WaitClock(clock.now, clock.sleep, lambda: 1.0),
    )
    return made, provider, clock


def states(made):
    return {job_id: item.state for job_id, item in made.verdicts.items()}


def test_intervals_grow_while_nothing_happens_and_shrink_after_a_change():
    pages = [page(one="Ready")] * 7 + [page(one="Active")] * 3 + [page(one="Complete")]
    made, provider, clock = waiter(pages)
    assert made.run()
    assert clock.slept == pytest.approx([10, 15, 22.5, 33.75, 50.625, 60, 60, 10, 15, 22.5])
    assert provider.asked == [("list", "")] * 11
    assert states(made) == {"one": "reached"}


def test_one_walk_through_the_list_however_many_jobs():
    ids = [f"job-{number}" for number in range(200)]
    early = [Job(job_id, "Active") for job_id in ids]
    late = [Job(job_id, "Complete") for job_id in ids]
    made, provider, _unused = waiter([(early, ""), (late, "")], ids)
    assert made.run()
    assert [step[0] for step in provider.asked] == ["list", "list"]


def test_pages_are_read_as_far_as_needed():
    first = [Job("zero", "Complete")]
    made, provider, _unused = waiter([(first, "a"), ([Job("one", "Complete")], "b")])
    assert made.run()
    assert provider.asked == [("list", ""), ("list", "a")]


def test_a_job_that_no_page_shows_is_described():
    made, provider, _unused = waiter([page(two="Active"), page(one="Complete")], describe=[Job("one", "New")])
    assert made.run()
    assert [step[0] for step in provider.asked] == ["list", "describe", "list"]
    made, provider, _unused = waiter([page()], describe=[fail("not_found")])
    assert made.run()
    assert made.verdicts["one"].failure.kind == "not_found"


def test_the_last_look_is_at_the_end_of_the_time():
    made, _unused, clock = waiter([page(one="Active")] * 4, timing=Timing(40, 10, 60))
    assert made.run()
    assert clock.slept == pytest.approx([10, 15, 15])
    assert made.verdicts["one"].failure.kind == "timeout"
    assert made.elapsed() == pytest.approx(40)


def test_no_time_is_one_look():
    made, provider, clock = waiter([page(one="Active")], timing=Timing(0, 10, 60))
    assert made.run()
    assert (len(provider.asked), clock.slept) == (1, [])


def test_one_failure_stops_the_wait_or_does_not():
    pages = [page(one="Active", two="Failed"), page(one="Complete", two="Failed")]
    described = Job("two", "Failed", failure_reasons=({"code": "1", "reason": "why"},))
    made, provider, _unused = waiter(pages, ("one", "two"), [described])
    assert made.run()
    assert states(made) == {"one": "waiting", "two": "failed"}
    assert [step[0] for step in provider.asked] == ["list", "describe"]
    assert "why" in made.verdicts["two"].failure.message
    made, provider, _unused = waiter(pages, ("one", "two"), [described], on_error="continue")
    assert made.run()
    assert states(made) == {"one": "reached", "two": "failed"}
    assert [step[0] for step in provider.asked] == ["list", "list", "describe"]


def test_reasons_that_cannot_be_read_cost_no_result():
    made, _unused, _clock = waiter([page(one="Failed")], describe=[fail("access_denied")])
    assert made.run()
    assert made.verdicts["one"].failure.kind == "job_ended"


def test_the_first_look_has_to_succeed():
    made, _unused, _clock = waiter([fail("unreachable")])
    with pytest.raises(BatchError) as caught:
        made.run()
    assert caught.value.failure.kind == "unreachable"


def test_a_cloud_that_is_away_for_a_while_ends_no_wait():
    pages = [page(one="Active"), fail("unavailable"), fail("unreachable"), page(one="Complete")]
    made, _unused, clock = waiter(pages)
    seen = []
    assert made.run(seen.append)
    assert states(made) == {"one": "reached"}
    assert clock.slept == pytest.approx([10, 60, 60])
    assert len(seen) == 2


def test_a_cloud_that_says_no_ends_it():
    made, _unused, _clock = waiter([page(one="Active"), fail("access_denied")])
    with pytest.raises(BatchError):
        made.run()


def test_a_cloud_that_stays_away_is_named_when_the_time_is_over():
    made, _unused, _clock = waiter([page(one="Active"), fail("unreachable")], timing=Timing(5, 10, 60))
    assert made.run()
    text = made.verdicts["one"].failure.message
    assert text.startswith("job one is Active, task counts unknown")
    assert "the last poll failed: ListJobs: scripted unreachable" in text


def test_throttled_looks_come_less_often():
    pages = [page(one="Ready"), fail("throttled"), page(one="Active"), page(one="Complete")]
    made, _unused, clock = waiter(pages, max_attempts=3)
    assert made.run()
    gaps = [slept for slept in clock.slept if slept >= 10]
    assert gaps == pytest.approx([10, 30])


def test_slices_carry_on_where_the_last_one_stopped():
    sliced = Timing(3600, 10, 60, length=0)
    made, _unused, clock = waiter([page(one="Ready")], timing=sliced)
    assert not made.run()
    memory = made.memory()
    assert (memory.due, memory.gap, memory.answered, memory.statuses) == (10, 10, True, {"one": "Ready"})
    assert clock.slept == []

    later = PollState(12.0, memory.due, memory.gap, memory.answered, memory.statuses)
    made, _unused, clock = waiter([page(one="Ready")], timing=Timing(3600, 10, 60, length=10), memory=later)
    assert not made.run()
    assert clock.slept == [], "the look is overdue, and the next one lies beyond the slice"
    assert made.memory().due == pytest.approx(12 + 15)
    assert made.memory().gap == pytest.approx(15), "nothing has changed since the slice before"

    failing, _unused, _clock = waiter([fail("unreachable")], timing=Timing(40, 10, 60, length=10), memory=later)
    assert not failing.run()
    assert failing.trouble
    over = PollState(20.0, 20.0, 60, True, {"one": "Ready"})
    failing, _unused, _clock = waiter([fail("unreachable")], timing=Timing(20, 10, 60, length=10), memory=over)
    assert failing.run()
    assert failing.verdicts["one"].failure.message.startswith("job one was Ready (last known status) after 20 s")


def test_short_intervals_stay_in_one_slice():
    pages = [page(one="Active")] * 20
    made, provider, clock = waiter(pages, timing=Timing(3600, 1, 1, length=10))
    assert not made.run()
    assert len(provider.asked) == 11
    assert sum(clock.slept) == pytest.approx(10)
