# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one reader: pages, and which jobs are listed or described."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._requests import sessions as _sessions
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    Clock,
    ScriptedProvider,
    fail,
    job,
    session,
)


def ids(jobs):
    return [item.job_id for item in jobs]


def page(*names, token="", status="Active"):
    return [job(1, status, name) for name in names], token


def test_all_pages():
    provider = ScriptedProvider(pages=[page("a", "b", token="t1"), page("c", token="t2"), page("d")])
    assert ids(session(provider).list_jobs()) == ["a", "b", "c", "d"]
    assert provider.asked == [("list", ""), ("list", "t1"), ("list", "t2")]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page("a", token="a"), page("b", token="b"), page()], ["a", "b"]),  # the last job as token of an empty page
        ([page("a", token="t1"), page(token="t2"), page("b")], ["a", "b"]),  # a page that a filter emptied
    ],
)
def test_a_list_goes_on_to_its_end(pages, expected):
    provider = ScriptedProvider(pages=pages)
    assert ids(session(provider).list_jobs()) == expected
    assert provider.steps["list"] == []


ONCE_MORE = [page("a", token="t1"), page("b", token="t2"), page("c")]


@pytest.mark.parametrize(
    "stumble",
    [
        [page("a", token="t1"), page("b", token="t1")],  # a token that leads back
        [page("a", token="t1"), page(token="t1")],
        [page("a", token="t1"), page("a", token="t2")],  # a page that comes again
        [page("a", token="t1"), page("a")],  # the last page, too: it may lack jobs
        [page("a", "b", token="t1"), page("c", "b", token="t2")],  # a part of it
        [page("a", "b", "a", token="t1")],  # a page that repeats itself
        [page("a", "b", token="b"), page("b", "c")],  # also where the token names that job
    ],
)
def test_a_list_that_repeats_itself_begins_anew(stumble):
    provider = ScriptedProvider(pages=[*stumble, *ONCE_MORE])
    current = session(provider, max_attempts=1)
    assert ids(current.list_jobs()) == ["a", "b", "c"]
    assert provider.asked == [
        *[("list", token) for token in ["", *[token for _jobs, token in stumble]][: len(stumble)]],
        *[("list", token) for token in ("", "t1", "t2")],
    ]
    assert current.sender.counts()["retried"] == 1
    with pytest.raises(BatchError, match="can be incomplete and was not used") as error:
        session(ScriptedProvider(pages=stumble * 3)).list_jobs()
    assert error.value.failure.kind == "invalid_response"


def test_jobs_that_are_looked_for_come_from_one_reading():
    """What was found before a list repeats itself does not count: it may have moved since."""
    stumble = [page("a", token="t1"), page("a", token="t2")]
    provider = ScriptedProvider(pages=[*stumble, page("b", token="t1"), page("a", "c", token="t2")])
    assert sorted(session(provider).pick(["a", "b"])) == ["a", "b"]
    assert provider.steps["list"] == []


def test_each_page_has_attempts_and_a_deadline_of_its_own():
    pages = [page("a", token="t1"), fail("unavailable"), page("b", token="t2"), fail("unavailable"), page("c")]
    for read in (
        lambda current, budget: current.list_jobs(budget),
        lambda current, budget: current.pick("abc", budget),
    ):
        current = session(ScriptedProvider(pages=pages), max_attempts=2)
        assert len(read(current, current.sender.budget())) == 3


def test_all_pages_together_have_one_end():
    clock = Clock()
    slow = [page(f"job-{number}", token=f"t{number}") for number in range(1, 9)]
    provider = ScriptedProvider(pages=slow)
    current = session(provider, clock=clock)
    budget = current.sender.budget(5.0)
    took = provider.list_page
    provider.list_page = lambda token: (clock.sleep(1.0), took(token))[1]
    with pytest.raises(BatchError) as error:
        current.list_jobs(budget)
    assert (error.value.failure.kind, clock.time) == ("timeout", 5.0)


def test_a_list_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr(_sessions, "_MOST_PAGES", 3)
    provider = ScriptedProvider(pages=[page(token=f"t{number}") for number in range(5)])
    with pytest.raises(BatchError, match="the job list does not end after 3 pages, so it was not used"):
        session(provider).list_jobs()


def test_jobs_in_a_status_that_nobody_knows_are_live():
    provider = ScriptedProvider(pages=[([job(1, "Active", "a"), job(1, "Complete", "b"), job(1, "Odd", "c")], "")])
    assert ids(session(provider).queue()) == ["a", "c"]


def test_a_missing_priority_is_looked_for_once():
    provider = ScriptedProvider(
        pages=[([job(None, job_id="a"), job(None, job_id="b"), job(1, job_id="c")], "")],
        describe=[job(7, job_id="a"), job(None, job_id="b")],
    )
    assert [found.priority for found in session(provider).queue()] == [7, None, 1]


def test_one_job_is_described():
    provider = ScriptedProvider(describe=[job(5)])
    reading = session(provider).find(["job-1"])
    assert ids(reading.jobs.values()) == ["job-1"]
    assert provider.asked == [("describe", "job-1")]


def test_several_jobs_are_listed_and_only_missing_ones_described():
    provider = ScriptedProvider(
        pages=[page("a", "b", "other")], describe=[job(5, "Complete", "ended"), fail("not_found")]
    )
    reading = session(provider).find(["b", "ended", "gone", "a"])
    assert list(reading.jobs) == ["b", "ended", "a"]
    assert list(reading.missing) == ["gone"]
    assert ids(reading.queue) == ["a", "b", "other"]
    assert provider.asked == [("list", ""), ("describe", "ended"), ("describe", "gone")]


def test_what_is_not_about_one_job_ends_the_reading():
    with pytest.raises(BatchError):
        session(ScriptedProvider(describe=[fail("access_denied")])).find(["job-1"])


def test_the_answer_must_be_about_the_job():
    provider = ScriptedProvider(describe=[job(5, job_id="job-2")] * 2)
    with pytest.raises(BatchError, match="describes job job-2, expected job job-1"):
        session(provider, max_attempts=2).describe("job-1")
