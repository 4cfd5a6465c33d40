# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a pass, by table: which job is confirmed or canceled now, and why the others are not."""

from __future__ import annotations

import random
import time

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain import chain_plan
from ansible_collections.objectstore.batch.plugins.module_utils._chain.link_order import Edges, sort_links
from ansible_collections.objectstore.batch.plugins.module_utils._chain.predecessors import Acceptance
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Outcome
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import ENDED, STATUSES

FULL, SOME, NONE = Progress(100, 100, 0), Progress(100, 97, 3), Progress(100, 0, 100)
GONE = "gone"
"""Instead of a job that was not found."""
UNCONFIRMED = ("New", "Preparing", "Suspended")


def planned(links, jobs, on_failure="keep"):
    """Return the plans by job.

    :param links: job to the jobs before it, or to (jobs, accept, max_failed).
    :param jobs: job to its status, or to (status, progress), or GONE.
    """
    items = []
    for name, link in links.items():
        after, accept = (link, Acceptance()) if isinstance(link, str) else (link[0], Acceptance(*link[1:]))
        items.append(chain_plan.Item(name, tuple(after), accept))
    found = {}
    for name, state in jobs.items():
        status, progress = (state, FULL) if isinstance(state, str) else state
        found[name] = f"job {name} was not found" if status == GONE else Job(name, status, 10, progress=progress)
    order = sort_links([Edges(f"links[{n}]", item.job_id, item.after) for n, item in enumerate(items)])
    plans = chain_plan.make_plan(items, order, found, on_failure)
    assert [plan.item for plan in plans] == items
    return {plan.item.job_id: plan for plan in plans}


def words(plans):
    """Return state, action, and pending (+) of each link as one text."""
    return " ".join(
        f"{name}:{plan.state}{f'/{plan.action}' if plan.action else ''}{'+' if plan.pending else ''}"
        for name, plan in plans.items()
    )


CHAIN = {"b": "a", "c": "b"}
DIAMOND = {"b": "a", "c": "a", "d": "bc"}
S = "Suspended"
TABLE = [
    # A chain of three jobs, from its start to its end.
    (CHAIN, {"a": "Active", "b": "New", "c": "New"}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "Active", "b": S, "c": S}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "Completing", "b": S, "c": S}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "Complete", "b": S, "c": S}, "b:ready/confirm+ c:waiting+"),
    (CHAIN, {"a": "Complete", "b": "Preparing", "c": S}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "Complete", "b": "Ready", "c": S}, "b:confirmed+ c:waiting+"),
    (CHAIN, {"a": "Complete", "b": "Paused", "c": S}, "b:confirmed+ c:waiting+"),
    (CHAIN, {"a": "Complete", "b": "Complete", "c": S}, "b:ended c:ready/confirm+"),
    (CHAIN, {"a": "Complete", "b": "Complete", "c": "Active"}, "b:ended c:confirmed+"),
    (CHAIN, {"a": "Complete", "b": "Complete", "c": "Complete"}, "b:ended c:ended"),
    # The links can be in any order.
    ({"c": "b", "b": "a"}, {"a": "Complete", "b": S, "c": S}, "c:waiting+ b:ready/confirm+"),
    # A job before the chain that waits for a confirmation itself.
    (CHAIN, {"a": S, "b": S, "c": S}, "b:waiting+ c:waiting+"),
    # Another result.
    (CHAIN, {"a": "Failed", "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": "Cancelled", "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": "Cancelling", "b": S, "c": S}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "Failed", "b": "New", "c": "New"}, "b:blocked c:blocked"),
    (CHAIN, {"a": ("Complete", SOME), "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": ("Complete", Progress()), "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": "Complete", "b": ("Complete", NONE), "c": S}, "b:ended c:blocked"),
    (CHAIN, {"a": "Complete", "b": "Failed", "c": S}, "b:failed c:blocked"),
    (CHAIN, {"a": "Complete", "b": "Cancelling", "c": S}, "b:failed+ c:waiting+"),
    # A job that is gone is never accepted.
    (CHAIN, {"a": GONE, "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": "Complete", "b": GONE, "c": S}, "b:missing c:blocked"),
    ({"b": ("a", "any")}, {"a": GONE, "b": S}, "b:blocked"),
    ({"b": ("a", "partial", 100)}, {"a": GONE, "b": S}, "b:blocked"),
    # Statuses that nobody has documented.
    (CHAIN, {"a": "Hibernating", "b": S, "c": S}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "Complete", "b": "Hibernating", "c": S}, "b:waiting+ c:waiting+"),
    (CHAIN, {"a": "", "b": "", "c": ""}, "b:waiting+ c:waiting+"),
    # Somebody else has confirmed it.
    (CHAIN, {"a": "Active", "b": "Active", "c": S}, "b:confirmed+ c:waiting+"),
    (CHAIN, {"a": "Failed", "b": "Ready", "c": S}, "b:confirmed+ c:waiting+"),
    (CHAIN, {"a": "Failed", "b": "Complete", "c": S}, "b:ended c:ready/confirm+"),
    # A diamond.
    (DIAMOND, {"a": "Complete", "b": S, "c": S, "d": S}, "b:ready/confirm+ c:ready/confirm+ d:waiting+"),
    (DIAMOND, {"a": "Complete", "b": "Complete", "c": "Active", "d": S}, "b:ended c:confirmed+ d:waiting+"),
    (DIAMOND, {"a": "Complete", "b": "Complete", "c": "Complete", "d": S}, "b:ended c:ended d:ready/confirm+"),
    (DIAMOND, {"a": "Complete", "b": "Complete", "c": "Failed", "d": S}, "b:ended c:failed d:blocked"),
    (DIAMOND, {"a": "Complete", "b": "Active", "c": "Failed", "d": S}, "b:confirmed+ c:failed d:blocked"),
    # One branch fails, and the other goes on.
    ({"b": "a", "d": "c"}, {"a": "Failed", "b": S, "c": "Complete", "d": S}, "b:blocked d:ready/confirm+"),
    # Partial results.
    ({"b": ("a", "partial", 3)}, {"a": ("Complete", SOME), "b": S}, "b:ready/confirm+"),
    ({"b": ("a", "partial", 2)}, {"a": ("Complete", SOME), "b": S}, "b:blocked"),
    ({"b": ("ac", "partial", 3)}, {"a": ("Complete", SOME), "c": ("Complete", NONE), "b": S}, "b:blocked"),
    ({"b": ("a", "any")}, {"a": ("Failed", NONE), "b": S}, "b:ready/confirm+"),
    ({"b": ("a", "any")}, {"a": ("Failing", NONE), "b": S}, "b:waiting+"),
]
CANCELS = [
    (CHAIN, {"a": "Failed", "b": S, "c": S}, "b:blocked/cancel+ c:blocked/cancel+"),
    (CHAIN, {"a": "Failed", "b": "New", "c": S}, "b:blocked+ c:blocked/cancel+"),
    (CHAIN, {"a": "Failed", "b": "Cancelled", "c": S}, "b:failed c:blocked/cancel+"),
    (CHAIN, {"a": "Failed", "b": "Cancelled", "c": "Cancelled"}, "b:failed c:failed"),
    (CHAIN, {"a": "Failed", "b": "Active", "c": S}, "b:confirmed+ c:waiting+"),
    ({"b": "a", "c": ("b", "any")}, {"a": "Failed", "b": S, "c": S}, "b:blocked/cancel+ c:waiting+"),
    ({"b": "a", "c": ("b", "any")}, {"a": "Failed", "b": "Cancelled", "c": S}, "b:failed c:ready/confirm+"),
    (DIAMOND, {"a": "Complete", "b": "Active", "c": "Failed", "d": S}, "b:confirmed+ c:failed d:blocked/cancel+"),
    # What can still appear, or is not known, cancels nothing.
    (CHAIN, {"a": GONE, "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": "Complete", "b": GONE, "c": S}, "b:missing c:blocked"),
    (CHAIN, {"a": ("Complete", Progress()), "b": S, "c": S}, "b:blocked c:blocked"),
    (CHAIN, {"a": "Hibernating", "b": S, "c": S}, "b:waiting+ c:waiting+"),
    ({"b": "a", "c": ("b", "any")}, {"a": GONE, "b": S, "c": S}, "b:blocked c:blocked"),
    ({"b": "a", "c": "a"}, {"a": GONE, "b": S, "c": "Active"}, "b:blocked c:confirmed+"),
]


@pytest.mark.parametrize(("links", "jobs", "expected"), TABLE)
def test_a_pass(links, jobs, expected):
    assert words(planned(links, jobs)) == expected


@pytest.mark.parametrize(("links", "jobs", "expected"), CANCELS)
def test_a_pass_that_cancels_what_is_hopeless(links, jobs, expected):
    assert words(planned(links, jobs, "cancel")) == expected


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating", ""])
@pytest.mark.parametrize("before", [*STATUSES, "Hibernating", "", GONE])
@pytest.mark.parametrize("on_failure", ["keep", "cancel"])
def test_only_a_suspended_job_is_changed(status, before, on_failure):
    action = planned({"b": "a"}, {"a": before, "b": status}, on_failure)["b"].action
    if status != S:
        assert action == ""
    elif before == "Complete":
        assert action == "confirm"
    else:
        assert action == ("cancel" if before in ENDED and on_failure == "cancel" else "")


def test_a_job_that_needs_no_confirmation_is_left_alone():
    item = chain_plan.Item("b", ("a",), Acceptance())
    for on_failure in ("keep", "cancel"):
        for before in ("Complete", "Failed"):
            jobs = {"a": Job("a", before, progress=FULL), "b": Job("b", S, confirmation_required=False)}
            (plan,) = chain_plan.make_plan([item], [0], jobs, on_failure)
            assert (plan.state, plan.action) == ("blocked", "")
            assert "needs no confirmation" in plan.reason


def test_no_tree_is_confirmed_by_mistake():
    """Random trees and states: a job is confirmed exactly if it is Suspended, and all before it are Complete."""
    dice = random.Random(24)
    names = [chr(97 + number) for number in range(8)]
    confirmed = 0
    for _turn in range(3000):
        links = {
            name: "".join(dice.sample(names[:number], dice.randint(1, min(3, number))))
            for number, name in enumerate(names)
            if number and dice.random() < 0.8
        }
        states = [S, S, "Complete", "Complete", "Failed", "Active", GONE, ("Complete", SOME), ("Complete", Progress())]
        jobs = {name: dice.choice(states) for name in names}
        on_failure = dice.choice(["keep", "cancel"])
        for name, plan in planned(links, jobs, on_failure).items():
            good = jobs[name] == S and all(jobs[before] == "Complete" for before in links[name])
            assert (plan.action == "confirm") is good, (links, jobs, name)
            assert plan.action != "cancel" or (jobs[name] == S and on_failure == "cancel")
            confirmed += good
    assert confirmed > 300


def test_a_tree_of_many_links_takes_little_time():
    links = {f"job-{number}": [f"job-{number // 2}"] for number in range(1, 5001)}
    items = [chain_plan.Item(name, tuple(after), Acceptance()) for name, after in links.items()]
    jobs = {f"job-{number}": Job(f"job-{number}", "Failed" if number == 0 else S) for number in range(5001)}
    began = time.process_time()
    order = sort_links([Edges("links", item.job_id, item.after) for item in items])
    plans = chain_plan.make_plan(items, order, jobs, "cancel")
    assert {plan.action for plan in plans} == {"cancel"}
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("links", "jobs", "reason"),
    [
        ({"b": "a"}, {"a": "Active", "b": S}, "is Suspended: job a is Active"),
        (
            {"b": "a"},
            {"a": "Complete", "b": "New"},
            "is New, and is not confirmed before it is Suspended: job a is Complete, 0 of 100 tasks failed",
        ),
        ({"b": "a"}, {"a": GONE, "b": S}, "is Suspended: job a was not found"),
        ({"b": "a"}, {"a": "Active", "b": GONE}, "job b was not found"),
        # The worst reason counts, and a long list is cut.
        (
            {"b": "acde"},
            {"a": "Complete", "c": "Active", "d": GONE, "e": "New", "b": S},
            "is Suspended: job d was not found",
        ),
        (
            {"b": "acdef"},
            {**dict.fromkeys("acdef", "Active"), "b": S},
            "is Suspended: job a is Active, job c is Active, job d is Active and 2 more jobs",
        ),
        ({"b": "a"}, {"a": "Active", "b": "Active"}, "is Active, although job a is Active"),
        ({"b": "a"}, {"a": "Failed", "b": "Cancelled"}, "is Cancelled: job a is Failed, 0 of 100 tasks failed"),
        ({"b": "a"}, {"a": "Complete", "b": ("Complete", SOME)}, "is Complete, 3 of 100 tasks failed"),
        ({"b": "a"}, {"a": "Complete", "b": "Odd"}, "has the unknown status 'Odd'"),
    ],
)
def test_the_reason_says_what_decides(links, jobs, reason):
    assert planned(links, jobs)["b"].reason == reason


def test_who_confirmed_too_early():
    assert planned({"b": "a"}, {"a": "Active", "b": "Active"})["b"].early
    assert planned({"b": "a"}, {"a": GONE, "b": "Ready"})["b"].early
    assert not planned({"b": "a"}, {"a": "Complete", "b": "Active"})["b"].early


@pytest.mark.parametrize(
    ("jobs", "outcome", "status", "expected"),
    [
        ({"a": "Complete"}, "changed", "Ready", "b:confirmed/confirm+"),
        ({"a": "Complete"}, "unchanged", "Active", "b:confirmed/confirm+"),
        ({"a": "Complete"}, "would_change", "Ready", "b:ready/confirm+"),
        ({"a": "Complete"}, "failed", "Cancelled", "b:ready/confirm+"),
        ({"a": "Failed"}, "changed", "Cancelling", "b:failed/cancel+"),
    ],
)
def test_after_the_update(jobs, outcome, status, expected):
    plan = planned({"b": "a"}, {**jobs, "b": S}, "cancel")["b"]
    failure = Failure("not_updatable", "no") if outcome == "failed" else None
    done = Outcome("b", outcome, job=Job("b", status), failure=failure)
    assert words({"b": chain_plan.after_update(plan, done)}) == expected
    assert chain_plan.after_update(plan, None) is plan
