# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one reader: pages, and which jobs are listed or described."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._model.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._requests import session as _session
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
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
    provider = ScriptedProvider(pages=[page("a", "b", token="t1"), page("b", "c", token="t2"), page("d")])
    assert ids(session(provider).list_jobs()) == ["a", "b", "c", "d"]
    assert provider.asked == [("list", ""), ("list", "t1"), ("list", "t2")]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page("a", token="a"), page("b", token="b"), page()], ["a", "b"]),  # the last job as token of an empty page
        ([page("a", token="t1"), page(token="t2"), page("b")], ["a", "b"]),  # a page that a filter emptied
        ([page("a", token="t1"), page("b", token="t1"), page("b", "c")], ["a", "b", "c"]),  # right when read again
    ],
)
def test_a_list_goes_on_to_its_end(pages, expected):
    provider = ScriptedProvider(pages=pages)
    assert ids(session(provider).list_jobs()) == expected
    assert provider.steps["list"] == []


@pytest.mark.parametrize("again", [page("b", token="t1"), page(token="t1")])
def test_a_token_that_leads_back_is_no_end(again):
    provider = ScriptedProvider(pages=[page("a", token="t1"), *[again] * 4])
    with pytest.raises(BatchError, match="may be incomplete") as error:
        session(provider, max_attempts=4).list_jobs()
    assert error.value.failure.kind == "bad_answer"


def test_a_list_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr(_session, "_MOST_PAGES", 3)
    provider = ScriptedProvider(pages=[page(token=f"t{number}") for number in range(5)])
    with pytest.raises(BatchError, match="no end after 3 pages"):
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
        session(ScriptedProvider(describe=[fail("denied")])).find(["job-1"])


def test_the_answer_must_be_about_the_job():
    provider = ScriptedProvider(describe=[job(5, job_id="job-2")] * 2)
    with pytest.raises(BatchError, match="describes job job-2, not job-1"):
        session(provider, max_attempts=2).describe("job-1")


def test_a_page_that_comes_again_under_a_new_token():
    """A list that goes in circles is read again, then refused; one that only stumbled goes on."""
    circle = [page("a", "b", token="t1"), *[page("b", "a", token=f"t{number}") for number in range(2, 6)]]
    with pytest.raises(BatchError, match="repeats an earlier page"):
        session(ScriptedProvider(pages=circle), max_attempts=4).list_jobs()
    stumble = [page("a", token="t1"), page("a", token="t2"), page("b")]
    assert ids(session(ScriptedProvider(pages=stumble)).list_jobs()) == ["a", "b"]
