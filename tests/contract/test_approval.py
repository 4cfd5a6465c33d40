# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations that match nothing, and plans that are approved in check mode and applied later."""

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
    warned = f"No live job matches {name}: class high. " in json.dumps(result.get("warnings", []))
    assert warned is (unmatched == "warn")
    if unmatched == "fail":
        assert (result["rc"], result["error"]["kind"], result["changed"]) == (1, "not_found", False)
        assert f"No live job matches {name}: class high. No changes were made." in result["msg"]
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


def place(cloud: Cloud) -> str:
    names = (cloud.provider, cloud.account.connection.get("account_id"), cloud.account.connection["region"])
    return " ".join(filter(None, names))


@pytest.mark.parametrize("unmatched", ["ignore", "warn", "fail"])
def test_a_rule_that_an_earlier_one_shadows(cloud: Cloud, unmatched: str) -> None:
    seed(cloud, 2)
    claims = {"name": "claims first", "match": {"description": "restore 1"}, "class": "urgent"}
    result = run(cloud, rules=[*RULES, claims], unmatched=unmatched)
    assert (result["rc"], result["unmatched"]) == (0, [])
    taken = {"entry": "claims first: class urgent", "matches": 1, "taken_by": ["restores: class high"]}
    assert result["shadowed"] == [taken]
    sentence = (
        f"{place(cloud)}: claims first: class urgent has no effect. It matches 1 live job, but another entry or rule"
        " has precedence: restores: class high."
    )
    assert (sentence in json.dumps(result.get("warnings", []))) is (unmatched != "ignore")
    # In front of the other one it takes that job, and both have some.
    assert run(cloud, rules=[claims, *RULES], unmatched=unmatched)["shadowed"] == []


def test_shadows_in_an_order(cloud: Cloud) -> None:
    """Who names a job by its id takes it, wherever that stands; of selectors the first one does."""
    seed(cloud, 3)
    order: list[t.Any] = [{"description": "restore 1"}, {"description": "restore [01]"}, ["restore-1", "restore-0"]]
    order += [{"description": "restore"}, {"operations": ["none"]}, {"description": "restore 2"}, {}]
    result = plan(cloud, rules=None, order=order)
    assert [label.partition(":")[0] for label in result["unmatched"]] == ["order[4]"]
    found = [
        (item["entry"][:8], item["matches"], [name[:8] for name in item["taken_by"]]) for item in result["shadowed"]
    ]
    assert found == [
        ("order[0]", 1, ["order[2]"]),
        ("order[1]", 2, ["order[2]"]),
        ("order[5]", 1, ["order[3]"]),
    ]


def test_what_a_rule_nearly_matches(cloud: Cloud) -> None:
    seed(cloud, 1)
    cloud.seed({"job_id": "over-1", "priority": 1, "status": "Complete", "description": "yesterday"})
    rules = [{"match": {"description": text}, "priority": 5} for text in ("RESTORE", "yesterday", "nothing")]
    result = run(cloud, rules=rules)
    named = json.dumps(result["warnings"])
    start = f"{place(cloud)}: No live job matches rules"
    assert f"{start}[0]: priority 5. 1 live job matches if case is ignored" in named
    assert f"{start}[1]: priority 5. 1 ended job matches: over-1 (Complete)." in named
    assert f"{start}[2]: priority 5. Check the spelling." in named
    assert cloud.operations() == ["ListJobs"]


def test_many_rules_that_match_nothing_are_counted(cloud: Cloud) -> None:
    seed(cloud, 1)
    nothing = [{"match": {"description": f"typo {n}"}, "priority": 5} for n in range(30)]
    shadowed = [{"match": {"description": "restore"}, "priority": n} for n in range(30)]
    result = plan(cloud, rules=[*RULES, *nothing, *shadowed])
    named = json.dumps(result["warnings"])
    assert (named.count("No live job matches rules["), named.count("It matches 1 live job, but another")) == (10, 10)
    assert f"{place(cloud)}: 20 more entries or rules match no live job." in named
    assert f"{place(cloud)}: 20 more entries or rules have no effect." in named
    assert (len(result["unmatched"]), len(result["shadowed"])) == (30, 30)


def test_jobs_that_nothing_matches_are_counted_apart(cloud: Cloud) -> None:
    seed(cloud, 3)
    run(cloud)
    again = run(cloud)
    assert again["msg"] == "5 jobs: 4 unchanged, 1 not matched."
    reasons = {job["job_id"]: job["reason"] for job in again["jobs"]}
    assert reasons["other"] == "no rule matches the job"
    cloud.emulator.reset()
    cloud.seed({"job_id": "other", "priority": 1, "status": "Ready", "description": "something else"})
    assert run(cloud)["msg"] == "Job other: no rule matches the job."


def test_the_plan_is_data_and_text(cloud: Cloud) -> None:
    ids = seed(cloud)
    planned = plan(cloud)
    assert planned["plan"] == [
        *({"job_id": job_id, "from": 10 + number, "to": 3000} for number, job_id in enumerate(ids)),
        {"job_id": "retags", "from": 50, "to": 5},
    ]
    lines = planned["plan_text"].splitlines()
    assert lines[0] == f"{place(cloud)}: priority would change for 7 of 8 live jobs"
    assert lines[1] == f"{10:>10} -> {3000:<10} restore-0  Ready  restore 0"
    assert len(lines) == 8
    run(cloud)
    done = plan(cloud)
    assert (done["plan"], done["plan_text"] == f"{place(cloud)}: no changes, 8 live jobs\n") == ([], True)


def test_a_long_plan_is_cut(cloud: Cloud) -> None:
    hostile = "restore \u202e\n" + "x" * 500
    jobs = [{"job_id": f"job{n:03}", "priority": n, "status": "Ready", "description": hostile} for n in range(200)]
    cloud.seed(*jobs)
    lines = plan(cloud)["plan_text"].splitlines()
    assert len(lines) == 40 and all(len(line) <= 100 and line.isprintable() for line in lines)
    assert lines[-1] == "... and 162 more changes, each by 2962 or less"
    assert r"\u202e\n" in lines[1]


@pytest.mark.parametrize("mode", ["exact", "still_valid"])
def test_an_approved_plan_is_carried_out(cloud: Cloud, mode: str) -> None:
    ids = seed(cloud)
    approved = plan(cloud)["plan"]
    real = run(cloud, approved=approved, approval_mode=mode)
    assert (real["rc"], real["changed"]) == (0, True), real
    assert priorities(cloud) == {**dict.fromkeys(ids, 3000), "retags": 5, "other": 1}
    again = run(cloud, approved=approved, approval_mode=mode)
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
    assert "2 changes are not approved: " in refused["msg"]
    assert "3 changes are approved but no longer planned: " in refused["msg"]
    assert priorities(cloud) == before and cloud.writes() == []
    left = run(cloud, approved=approved, approval_mode="still_valid", check_mode=check_mode)
    assert left["rc"] == 0, left
    done = {job_id for job_id, outcome in outcomes(left).items() if outcome in ("changed", "would_change")}
    assert done == {*ids[3:], "retags"}
    reasons = {job["job_id"]: job["reason"] for job in left["jobs"]}
    assert reasons[ids[0]] == "the approved change from 10 to 3000 is not applied: the job has priority 77 now"
    assert (
        reasons[ids[1]]
        == "the approved change from 11 to 3000 is not applied: the job is no longer in the queue (Complete)"
    )
    assert "status 'Hibernating' is unknown" in reasons[ids[2]]
    assert reasons["new-1"] == "restores: class high, but no change of this job was approved"
    if check_mode:
        assert priorities(cloud) == before
        return
    assert priorities(cloud) == {**before, **dict.fromkeys(ids[3:], 3000), "retags": 5}
    assert len(cloud.writes()) == 4


def test_an_escalation_that_became_due_is_not_approved(cloud: Cloud) -> None:
    cloud.seed({"job_id": "slow-1", "priority": 10, "status": "Ready", "description": "restore", "created": 1800})
    cloud.seed({"job_id": "sure-1", "priority": 10, "status": "Ready", "description": "tagging"})
    rules = [{**RULES[0], "escalate": [{"after": "1h", "to": "urgent"}]}, RULES[1]]
    approved = plan(cloud, rules=rules)["plan"]
    assert {"job_id": "slow-1", "from": 10, "to": 3000} in approved
    cloud.emulator.patch("slow-1", priority=3000)
    cloud.emulator.advance(600)
    rules[0]["escalate"] = [{"after": "1m", "to": "urgent"}]
    assert {"job_id": "slow-1", "from": 3000, "to": 4000} in plan(cloud, rules=rules)["plan"]
    result = run(cloud, rules=rules, approved=approved, approval_mode="still_valid")
    assert (result["rc"], priorities(cloud)) == (0, {"slow-1": 3000, "sure-1": 5}), result


def test_what_was_protected_since_is_left(cloud: Cloud) -> None:
    ids = seed(cloud, 2)
    approved = plan(cloud)["plan"]
    options = {"approved": approved, "approval_mode": "still_valid", "protect": [ids[0]], "direction": "raise_only"}
    result = run(cloud, **options)
    assert outcomes(result)[ids[0]] == outcomes(result)["retags"] == "skipped"
    assert priorities(cloud) == {ids[0]: 10, ids[1]: 3000, "retags": 50, "other": 1}


ORDER = ["restore-0", {"description": "restore"}]
"""Of the jobs that seed() makes; all of it has to come before the re-tagging run, at 50."""
SINCE: dict[str, dict[str, t.Any]] = {
    "protected": {"protect": [{"description": "restore 0"}]},
    "named as protected": {"protect": ["restore-0"]},
    "raise_only": {"direction": "raise_only"},
    "lower_only": {"direction": "lower_only"},
    "max_priority": {"max_priority": 3},
    "min_priority": {"min_priority": 100},
    "max_updates": {"max_updates": 0},
}
"""What a task may say at night that it did not say in the evening."""


def approve(job_id: str, before: int, after: int) -> dict[str, t.Any]:
    return {"job_id": job_id, "from": before, "to": after}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("mode", ["exact", "still_valid"])
@pytest.mark.parametrize("way", ["order", "rules"])
@pytest.mark.parametrize("since", SINCE)
def test_what_holds_now_holds_for_approved_moves(
    cloud: Cloud, since: str, way: str, mode: str, check_mode: bool
) -> None:
    """An approved raise to 60 and an approved lowering to 5, each with the bound that forbids it."""
    seed(cloud, 1)
    cloud.seed({"job_id": "top-1", "priority": 70, "status": "Ready", "description": "top"})
    up, down = approve("restore-0", 10, 60), approve("top-1", 70, 40)
    forbidden = down if since in ("raise_only", "min_priority", "max_updates") else up
    declared: dict[str, t.Any] = {
        "order": {"rules": None, "order": ["top-1", "restore-0"] if forbidden == down else ["restore-0"]},
        "rules": {"rules": [{"match": {"job_ids": ["restore-0"]}, "priority": 60}, {"priority": 40}]},
    }[way]
    if way == "order" and since == "raise_only":
        declared["order"] = ["top-1", "retags"]
    before = priorities(cloud)
    cloud.emulator.clear_log()
    options = {**declared, **SINCE[since], "approved": [forbidden], "approval_mode": mode, "unmatched": "ignore"}
    result = run(cloud, check_mode=check_mode, **options)
    assert (priorities(cloud), cloud.writes()) == (before, []), result
    assert result["changed"] is False
    refused = mode == "exact" or since == "max_updates" or "error" in result
    assert result["rc"] == int(refused)
    if refused:
        assert result["error"]["kind"] == "conflict", result
    else:
        named = json.dumps(result["warnings"])
        move = f"the approved change from {forbidden['from']} to {forbidden['to']} is not applied: "
        assert f"Job {forbidden['job_id']}: {move}" in named


@pytest.mark.parametrize("way", ["order", "rules"])
def test_what_may_still_be_done_is_done(cloud: Cloud, way: str) -> None:
    """One approved job has been protected since; the others keep their approved numbers, and no others."""
    ids = seed(cloud, 3)
    declared = {"rules": None, "order": ORDER} if way == "order" else {"rules": RULES[:1]}
    approved = plan(cloud, **declared)["plan"]
    assert {move["job_id"] for move in approved} == set(ids)
    result = run(cloud, **declared, approved=approved, approval_mode="still_valid", protect=[ids[1]])
    assert result["rc"] == 0, result
    wanted = {move["job_id"]: move["to"] for move in approved}
    assert priorities(cloud) == {**wanted, ids[1]: 11, "retags": 50, "other": 1}
    text = f"Job {ids[1]}: the approved change from 11 to {wanted[ids[1]]} is not applied: "
    assert text in json.dumps(result["warnings"])
    again = run(cloud, **declared, approved=approved, approval_mode="still_valid", protect=ids)
    assert (again["rc"], again["changed"]) == (0, False), again
    assert json.dumps(again["warnings"]).count(" is not applied: ") == 1, "moves made already are fine"


@pytest.mark.parametrize("way", ["order", "rules"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "Complete"}, "the job is no longer in the queue (Complete)"),
        ({"status": "Cancelling"}, "the job is no longer in the queue (Cancelling)"),
        ({"status": "Hibernating"}, "'Hibernating'"),
        ({"description": "something else"}, "no entry or rule matches the job now"),
        ({"priority": 11}, "has priority 11 now"),
        ({}, "the job is not in the queue"),
    ],
    ids=["ended", "ending", "unknown", "unmatched", "moved", "gone"],
)
@pytest.mark.parametrize("lost", ["one", "all"])
def test_what_cannot_be_done_any_more(cloud: Cloud, lost: str, change: dict[str, t.Any], words: str, way: str) -> None:
    """All of it is carried out or the task fails, also where nothing at all is left of it."""
    ids = ["restore-a", "restore-b"]
    known = ids if change else []
    cloud.seed(
        *[
            {"job_id": job_id, "priority": 10 - number, "status": "Ready", "description": "restore"}
            for number, job_id in enumerate(known)
        ],
        {"job_id": "retags", "priority": 50, "status": "Active", "description": "re-tagging"},
    )
    for job_id in known if lost == "all" else known[:1]:
        cloud.emulator.patch(job_id, **change)
    before = priorities(cloud)
    order = [{"description": "restore"}, {"description": "tagging"}]
    declared, to = ({"rules": None, "order": order}, [61, 60]) if way == "order" else ({"rules": RULES[:1]}, [3000] * 2)
    approved = [approve(job_id, 10 - number, to[number]) for number, job_id in enumerate(ids)]
    options = {**declared, "approved": approved, "unmatched": "ignore"}
    for check_mode in (True, False):
        result = run(cloud, check_mode=check_mode, **options)
        assert (result["rc"], result["error"]["kind"], result["changed"]) == (1, "conflict", False), result
        assert "approved but no longer planned: " in result["msg"] and words in result["msg"]
        assert "restore-a from 10 to" in result["msg"]
        assert {"restore-a", "restore-b"} <= {job["job_id"] for job in result["jobs"]}
    assert priorities(cloud) == before
    left = run(cloud, **options, approval_mode="still_valid")
    done = ids[1:] if change and lost == "one" else []
    assert (left["rc"], priorities(cloud)) == (0, {**before, **dict.fromkeys(done, to[1])}), left
    assert json.dumps(left["warnings"]).count(" is not applied: ") == len(ids) - len(done)


def test_moves_made_already_are_fine_whatever_became_of_their_jobs(cloud: Cloud) -> None:
    ids = seed(cloud, 3)
    approved = plan(cloud)["plan"]
    changes = ({"status": "Complete"}, {"status": "Hibernating"}, {"description": "x"})
    for job_id, change in zip(ids, changes, strict=True):
        cloud.emulator.patch(job_id, priority=3000, **change)
    result = run(cloud, approved=approved)
    assert (result["rc"], priorities(cloud)["retags"]) == (0, 5), result
    again = run(cloud, approved=approved, approval_mode="still_valid")
    assert (again["rc"], again["changed"]) == (0, False)
    assert " is not applied: " not in json.dumps(again.get("warnings", []))


def test_many_moves_that_are_left_are_counted(cloud: Cloud) -> None:
    ids = seed(cloud, 30)
    approved = plan(cloud)["plan"]
    result = run(cloud, approved=approved, approval_mode="still_valid", protect=[{"description": "restore"}])
    assert result["rc"] == 0, result
    named = json.dumps(result["warnings"])
    assert named.count(" is not applied: ") == 10 and f"{len(ids) - 10} more approved changes are not applied" in named


@pytest.mark.parametrize("due", [True, False])
def test_an_escalation_is_not_undone(cloud: Cloud, due: bool) -> None:
    """In the evening the class asks for less; by night the job has waited so long that it keeps its number."""
    cloud.seed({"job_id": "slow-1", "priority": 4000, "status": "Ready", "description": "restore", "created": 7200})
    rules = [{**RULES[0], "escalate": [{"after": "1h" if due else "9h", "to": "urgent"}]}]
    result = run(cloud, rules=rules, approved=[approve("slow-1", 4000, 3000)], approval_mode="still_valid")
    assert (result["rc"], priorities(cloud)) == (0, {"slow-1": 4000 if due else 3000}), result
    assert ("the rules set priority 4000 now" in json.dumps(result.get("warnings", []))) is due


def test_an_escalation_that_is_over_is_not_carried_out(cloud: Cloud) -> None:
    """A job that has started does not wait any more, so nothing would escalate it now."""
    cloud.seed({"job_id": "slow-1", "priority": 10, "status": "Ready", "description": "restore", "created": 7200})
    rules = [{**RULES[0], "escalate": [{"after": "1h", "to": "urgent"}]}]
    approved = plan(cloud, rules=rules)["plan"]
    assert approved == [approve("slow-1", 10, 4000)]
    cloud.emulator.patch("slow-1", status="Active")
    result = run(cloud, rules=rules, approved=approved, approval_mode="still_valid")
    assert (result["rc"], priorities(cloud)) == (0, {"slow-1": 10}), result


def test_nothing_approved_is_nothing_done(cloud: Cloud) -> None:
    seed(cloud, 2)
    before = priorities(cloud)
    assert run(cloud, approved=[])["error"]["kind"] == "conflict"
    result = run(cloud, approved=[], approval_mode="still_valid")
    assert (result["rc"], result["changed"], priorities(cloud)) == (0, False, before)


@pytest.mark.parametrize(
    ("approved", "words"),
    [
        ([{"job_id": "a b", "from": 1, "to": 2}], "approved[0].job_id"),
        ([{"job_id": "job-1", "from": -1, "to": 2}], "approved[0].from"),
        ([{"job_id": "job-1", "from": 1, "to": "soon"}], "approved[0].to"),
        (
            [{"job_id": "job-1", "from": 1, "to": 2}] * 2,
            "value of approved[1].job_id must be listed only once, got: 'job-1'",
        ),
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
