# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that a raise overtakes, compared with every pair of jobs."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, queue_order
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Outcome
from ansible_collections.objectstore.batch.plugins.module_utils._priority import overtaken
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    ScriptedProvider,
    fail,
    session,
)
from hypothesis import given, strategies as st

NAMES = "abcdefgh"
PRIORITIES = st.integers(0, 6)


def outcome(job_id, before, after, name="changed", status="Ready", **details):
    old = Job(job_id, status, before, f"job {job_id}")
    return Outcome(job_id, name, before != after, dataclasses.replace(old, priority=after), old, **details)


def queue(**priorities):
    return [Job(name, "Ready", priority, f"job {name}") for name, priority in priorities.items()]


def reported(outcomes, live=(), listed=()):
    provider = ScriptedProvider(pages=listed)
    report = overtaken.read(lambda: session(provider, max_attempts=1).read_queue().queue, live, outcomes)
    result = {"msg": "Done.", "jobs": [{"job_id": item.job_id} for item in outcomes]}
    overtaken.add(result, report, outcomes)
    return result, [verb for verb, *_rest in provider.asked]


@given(
    st.dictionaries(st.sampled_from(NAMES), PRIORITIES),
    st.dictionaries(st.sampled_from(NAMES), st.tuples(PRIORITIES, PRIORITIES), min_size=1),
)
def test_every_pair_of_jobs(live, changes):
    outcomes = [
        outcome(name, before, after, "unchanged" if before == after else "changed")
        for name, (before, after) in changes.items()
    ]
    # A list that was read before the updates, or after them, has the same result.
    for moment in (0, 1):
        listed = {**live, **{name: change[moment] for name, change in changes.items()}}
        found = overtaken.find(queue(**listed), outcomes)
        both = {**{name: (number, number) for name, number in live.items()}, **changes}
        for name, (old, new) in changes.items():
            if new <= old:
                assert name not in found
                continue
            expected = {other for other, (before, after) in both.items() if before >= old and after < new}
            assert ({job.job_id for job in found[name].jobs}, found[name].count) == (expected, len(expected))
            assert list(found[name].jobs) == sorted(found[name].jobs, key=queue_order)
            assert all(job.priority == both[job.job_id][1] for job in found[name].jobs)


def test_equal_priorities_have_no_order():
    found = overtaken.find(queue(old=10, below=9, new=900, between=500), [outcome("a", 10, 900)])
    assert [job.job_id for job in found["a"].jobs] == ["between", "old"]


def test_at_most_a_hundred_are_listed_and_all_are_counted():
    live = queue(**{f"job{number:03}": number for number in range(300)})
    found = overtaken.find(live, [outcome("a", 10, 200), outcome("b", 150, 199)])
    # Job b is overtaken by job a, from 150 to 199.
    assert (len(found["a"].jobs), found["a"].count) == (100, 191)
    assert {"b", "job199", "job101"} <= {job.job_id for job in found["a"].jobs}
    assert (len(found["b"].jobs), found["b"].count) == (49, 49)


@pytest.mark.parametrize("name", ["changed", "would_change", "unchanged", "skipped"])
def test_without_a_raise_no_request_is_sent(name):
    lowered = outcome("a", 900, 10 if "change" in name and name != "unchanged" else 900, name)
    result, asked = reported([lowered])
    assert (result["jobs"][0]["overtaken"], result["jobs"][0]["overtaken_count"]) == ([], 0)
    assert (result["msg"], asked) == ("Done.", [])


def test_a_job_that_failed_overtakes_an_unknown_number():
    failed = outcome("a", 10, 900, "failed", failure=Failure("timeout", "no response"))
    result, asked = reported([failed])
    assert ("overtaken" in result["jobs"][0], asked) == (False, [])


def test_the_list_is_read_once_and_only_if_it_was_not_read_before():
    live = queue(other=500, a=900)
    result, asked = reported([outcome("a", 10, 900)], listed=[(live, "")])
    assert result["jobs"][0]["overtaken"] == [
        {"job_id": "other", "description": "job other", "status": "Ready", "priority": 500}
    ]
    assert (result["msg"], asked) == ("Done. It overtakes 1 live job: other (job other).", ["list"])
    again, asked = reported([outcome("a", 10, 900)], live)
    assert (again, asked) == (result, [])


@pytest.mark.parametrize("kind", ["access_denied", "unavailable", "invalid_response"])
def test_a_list_that_fails_is_a_warning(kind):
    result, asked = reported([outcome("a", 10, 900), outcome("b", 10, 5)], listed=[fail(kind)])
    assert asked == ["list"]
    assert "overtaken" not in result["jobs"][0]
    assert (result["jobs"][1]["overtaken"], result["msg"]) == ([], "Done.")
    [warning] = result["warnings"]
    assert warning.startswith("Cannot report the overtaken jobs. ")
    assert kind in warning and warning.endswith(". The priority changes are not affected.")


def test_a_live_job_without_a_priority_makes_the_list_incomplete():
    result, _asked = reported([outcome("a", 10, 900)], [*queue(b=20), Job("odd", "Ready"), Job("a", "Ready")])
    assert "overtaken" not in result["jobs"][0]
    assert "The response contains no priority for 1 live job (odd)." in result["warnings"][0]


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        ([outcome("a", 10, 15)], "It overtakes no live jobs."),
        ([outcome("a", 10, 21, "would_change")], "It would overtake 1 live job: n1 (job n1)."),
        ([outcome("a", 10, 900)], "It overtakes 4 live jobs: n4 (job n4), n3, n2 (job n2) and 1 more."),
        (
            [outcome("a", 10, 31), outcome("b", 15, 21), outcome("c", 9, 8)],
            "Job a overtakes 3 live jobs: n2 (job n2), b (job b), n1 (job n1)."
            " Job b overtakes 1 live job: n1 (job n1).",
        ),
        (
            [*(outcome(name, 10, 900) for name in "abc"), outcome("d", 1, 2)],
            "3 of 4 raised jobs overtake other live jobs.",
        ),
        (
            [*(outcome(name, 10, 900, "would_change") for name in "abcd"), outcome("e", 3, 3, "unchanged")],
            "4 of 4 raised jobs would overtake other live jobs.",
        ),
    ],
)
def test_the_end_of_the_message(outcomes, text):
    live = queue(n1=20, n2=30, n3=40, n4=50)
    live[2] = dataclasses.replace(live[2], description="")
    result, _asked = reported(outcomes, live)
    assert result["msg"] == f"Done. {text}"


def test_descriptions_are_cut_and_escaped():
    live = [Job("n", "Ready", 50, "\u202e\n" + "x" * 100)]
    result, _asked = reported([outcome("a", 10, 900)], live)
    text = "\\u202e\\n" + "x" * 58 + "..."
    assert result["jobs"][0]["overtaken"][0]["description"] == text
    assert result["msg"].endswith(f"n ({text}).")


def test_a_job_of_the_task_without_a_priority_is_not_overtaken():
    failed = Outcome(
        "b", "failed", False, Job("b", "Ready"), Job("b", "Ready"), failure=Failure("invalid_response", "no")
    )
    found = overtaken.find(queue(c=3), [outcome("a", 0, 5), failed])
    assert [job.job_id for job in found["a"].jobs] == ["c"]
