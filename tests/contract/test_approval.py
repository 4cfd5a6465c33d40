# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations that match nothing, and plans that are approved in the evening and carried out at night."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import Cloud

RULES: list[dict[str, t.Any]] = [
    {"name": "restores", "match": {"description": "restore"}, "class": "high"},
    {"name": "tags", "match": {"description": "tagging"}, "priority": 5},
]


def seed(cloud: Cloud, count: int = 6) -> list[str]:
    """Create restores of priority 10 and upwards, and one re-tagging run of 50."""
    ids = [f"restore-{number}" for number in range(count)]
    jobs = [
        {"job_id": job_id, "priority": 10 + n, "status": "Ready", "description": f"restore {n}"}
        for n, job_id in enumerate(ids)
    ]
    tagging = {"job_id": "retags", "priority": 50, "status": "Active", "description": "re-tagging"}
    cloud.seed(*jobs, tagging, {"job_id": "other", "priority": 1, "status": "Ready", "description": "something else"})
    return ids


def run(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_queue", **{"rules": RULES, **options})


def plan(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    result = run(cloud, check_mode=True, **options)
    assert result["rc"] == 0, result
    return result


def priorities(cloud: Cloud) -> dict[str, int]:
    return {job["job_id"]: job["priority"] for job in cloud.emulator.jobs(provider=cloud.provider)}


def outcomes(result: dict[str, t.Any]) -> dict[str, str]:
    return {job["job_id"]: job["outcome"] for job in result["jobs"]}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("unmatched", ["ignore", "warn", "fail"])
def test_a_rule_with_a_typing_error(cloud: Cloud, unmatched: str, check_mode: bool) -> None:
    seed(cloud, 2)
    before = priorities(cloud)
    # Warnings of earlier tasks of this process stay with it.
    name = f"typo {cloud.provider} {unmatched} {check_mode}"
    wrong = {"name": name, "match": {"description": "restroe"}, "class": "high"}
    result = run(cloud, rules=[wrong, *RULES], unmatched=unmatched, check_mode=check_mode)
    assert result["unmatched"] == [f"{name}: class high"]
    warned = f"{name}: class high matches no live job" in json.dumps(result.get("warnings", []))
    assert warned is (unmatched == "warn")
    if unmatched == "fail":
        assert (result["rc"], result["error"]["kind"], result["changed"]) == (1, "not_found", False)
        assert f"{name}: class high: no live job matches; nothing was written" in result["msg"]
        assert set(outcomes(result).values()) == {"skipped", "unchanged"}
    else:
        assert result["rc"] == 0
    assert (priorities(cloud) == before) is (check_mode or unmatched == "fail")


def test_what_matches_is_not_called_unmatched(cloud: Cloud) -> None:
    seed(cloud, 2)
    # The second rule matches jobs that the first one takes; the last one asks for nothing.
    rules = [*RULES, {"match": {"description": "restore 1"}, "priority": 7}, {"priority": 2}]
    assert plan(cloud, rules=rules, unmatched="fail")["unmatched"] == []
    order: list[t.Any] = ["restore-1", {"description": "tagging"}, [{"description": "nothing"}, {"operations": ["X"]}]]
    result = run(cloud, rules=None, order=order, check_mode=True)
    assert [label.partition(":")[0] for label in result["unmatched"]] == ["order[2]"]


def test_jobs_that_nothing_matches_are_counted_apart(cloud: Cloud) -> None:
    seed(cloud, 3)
    run(cloud)
    again = run(cloud)
    assert again["msg"] == "5 jobs: 4 unchanged, 1 not matched."
    reasons = {job["job_id"]: job["reason"] for job in again["jobs"]}
    assert reasons["other"] == "no rule matches it"
    cloud.emulator.reset()
    cloud.seed({"job_id": "other", "priority": 1, "status": "Ready", "description": "something else"})
    assert run(cloud)["msg"] == "Job other: no rule matches it."


def test_the_plan_is_data_and_text(cloud: Cloud) -> None:
    ids = seed(cloud)
    planned = plan(cloud)
    assert planned["plan"] == [
        *({"job_id": job_id, "from": 10 + number, "to": 3000} for number, job_id in enumerate(ids)),
        {"job_id": "retags", "from": 50, "to": 5},
    ]
    lines = planned["plan_text"].splitlines()
    assert lines[0].endswith("7 of 8 jobs would move")
    assert lines[1] == f"{10:>10} -> {3000:<10} restore-0  Ready  restore 0"
    assert len(lines) == 8
    run(cloud)
    done = plan(cloud)
    assert (done["plan"], "nothing to do, 8 jobs" in done["plan_text"]) == ([], True)


def test_a_long_plan_is_cut(cloud: Cloud) -> None:
    hostile = "restore \u202e\n" + "x" * 500
    jobs = [{"job_id": f"job{n:03}", "priority": n, "status": "Ready", "description": hostile} for n in range(200)]
    cloud.seed(*jobs)
    lines = plan(cloud)["plan_text"].splitlines()
    assert len(lines) == 40 and all(len(line) <= 100 and line.isprintable() for line in lines)
    assert lines[-1] == "... and 162 smaller moves, of 2962 at the most"
    assert r"\u202e\n" in lines[1]


@pytest.mark.parametrize("mode", ["all", "still_valid"])
def test_an_approved_plan_is_carried_out(cloud: Cloud, mode: str) -> None:
    ids = seed(cloud)
    approved = plan(cloud)["plan"]
    real = run(cloud, approved=approved, approved_only=mode)
    assert (real["rc"], real["changed"]) == (0, True), real
    assert priorities(cloud) == {**dict.fromkeys(ids, 3000), "retags": 5, "other": 1}
    again = run(cloud, approved=approved, approved_only=mode)
    assert (again["rc"], again["changed"]) == (0, False), again


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_queue_that_changed_overnight(cloud: Cloud, check_mode: bool) -> None:
    ids = seed(cloud)
    approved = plan(cloud)["plan"]
    cloud.emulator.patch(ids[0], priority=77)
    cloud.emulator.patch(ids[1], status="Complete")
    cloud.emulator.patch(ids[2], status="Hibernating")
    cloud.seed({"job_id": "new-1", "priority": 3, "status": "Ready", "description": "restore of the night"})
    before = priorities(cloud)
    cloud.emulator.clear_log()
    refused = run(cloud, approved=approved, check_mode=check_mode)
    assert (refused["rc"], refused["error"]["kind"], refused["changed"]) == (1, "conflict", False)
    assert "not approved, such as" in refused["msg"] and "approved and no longer planned" in refused["msg"]
    assert priorities(cloud) == before and cloud.writes() == []
    left = run(cloud, approved=approved, approved_only="still_valid", check_mode=check_mode)
    assert left["rc"] == 0, left
    done = {job_id for job_id, outcome in outcomes(left).items() if outcome in ("changed", "would_change")}
    assert done == {*ids[3:], "retags"}
    reasons = {job["job_id"]: job["reason"] for job in left["jobs"]}
    assert reasons[ids[0]] == "approved from 10 to 3000, but the job has priority 77 now"
    assert reasons[ids[1]] == "approved from 11 to 3000, but the job is not in the queue"
    assert "status 'Hibernating' is unknown" in reasons[ids[2]]
    assert reasons["new-1"] == "restores: class high, but no move of this job was approved"
    if check_mode:
        assert priorities(cloud) == before
        return
    assert priorities(cloud) == {**before, **dict.fromkeys(ids[3:], 3000), "retags": 5}
    assert len(cloud.writes()) == 4


def test_an_escalation_that_became_due_is_not_approved(cloud: Cloud) -> None:
    cloud.seed({"job_id": "slow-1", "priority": 10, "status": "Ready", "description": "restore", "created": 3500})
    cloud.seed({"job_id": "sure-1", "priority": 10, "status": "Ready", "description": "tagging"})
    rules = [{**RULES[0], "escalate": [{"after": "1h", "to": "urgent"}]}, RULES[1]]
    approved = plan(cloud, rules=rules)["plan"]
    assert {"job_id": "slow-1", "from": 10, "to": 3000} in approved
    cloud.emulator.patch("slow-1", priority=3000)
    cloud.emulator.advance(600)
    rules[0]["escalate"] = [{"after": "1m", "to": "urgent"}]
    assert {"job_id": "slow-1", "from": 3000, "to": 4000} in plan(cloud, rules=rules)["plan"]
    result = run(cloud, rules=rules, approved=approved, approved_only="still_valid")
    assert (result["rc"], priorities(cloud)) == (0, {"slow-1": 3000, "sure-1": 5}), result


def test_what_was_protected_since_is_left(cloud: Cloud) -> None:
    ids = seed(cloud, 2)
    approved = plan(cloud)["plan"]
    options = {"approved": approved, "approved_only": "still_valid", "protect": [ids[0]], "direction": "raise_only"}
    result = run(cloud, **options)
    assert outcomes(result)[ids[0]] == outcomes(result)["retags"] == "skipped"
    assert priorities(cloud) == {ids[0]: 10, ids[1]: 3000, "retags": 50, "other": 1}


def test_nothing_approved_is_nothing_done(cloud: Cloud) -> None:
    seed(cloud, 2)
    before = priorities(cloud)
    assert run(cloud, approved=[])["error"]["kind"] == "conflict"
    result = run(cloud, approved=[], approved_only="still_valid")
    assert (result["rc"], result["changed"], priorities(cloud)) == (0, False, before)


@pytest.mark.parametrize(
    ("approved", "words"),
    [
        ([{"job_id": "a b", "from": 1, "to": 2}], "approved[0].job_id"),
        ([{"job_id": "job-1", "from": -1, "to": 2}], "approved[0].from"),
        ([{"job_id": "job-1", "from": 1, "to": "soon"}], "approved[0].to"),
        ([{"job_id": "job-1", "from": 1, "to": 2}] * 2, "must stand in one move only"),
        ([{"job_id": "job-1", "from": 1}], "to"),
        ([7], "approved"),
    ],
    ids=str,
)
def test_approvals_that_are_none_cost_no_request(cloud: Cloud, approved: t.Any, words: str) -> None:
    result = run(cloud, approved=approved)
    assert (result["rc"], cloud.operations()) == (1, [])
    assert words in result["msg"]
    both = run(cloud, approved=[], expect_plan="0" * 64)
    assert "mutually exclusive" in both["msg"]
