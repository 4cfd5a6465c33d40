# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_queue: declared orders and rules, on every cloud."""

from __future__ import annotations

import datetime
import json
import typing as t

import pytest

from .clouds import PATIENT, Cloud

EVERY: dict[str, t.Any] = {}
RESTORE = {"operations": ["Restore"]}


def seed(cloud: Cloud, **priorities: int) -> None:
    """Create live jobs; r-... are restores, c-... copies, t-... re-tagging."""
    operations = {"r": "Restore", "c": "Copy", "t": "Tag"}
    cloud.seed(
        *[
            {
                "job_id": name.replace("_", "-"),
                "priority": priority,
                "status": "Ready",
                "operation": operations[name[0]],
                "description": f"job {name}",
            }
            for name, priority in priorities.items()
        ]
    )


def run(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_queue", **options)


def stored(cloud: Cloud) -> dict[str, int]:
    return {job["job_id"]: job["priority"] for job in cloud.emulator.jobs()}


def order_of(cloud: Cloud) -> list[str]:
    return [job_id for job_id, _priority in sorted(stored(cloud).items(), key=lambda item: -item[1])]


def outcomes(result: dict[str, t.Any]) -> dict[str, str]:
    return {job["job_id"]: job["outcome"] for job in result["jobs"]}


def test_a_job_first_is_one_write(cloud: Cloud) -> None:
    seed(cloud, r_one=10, c_one=500, t_one=50)
    result = run(cloud, order=["r-one"], diff=True)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert stored(cloud) == {"r-one": 501, "c-one": 500, "t-one": 50}
    assert cloud.operations() == ["ListJobs", "UpdateJobPriority"]
    assert [job["job_id"] for job in result["jobs"]] == ["r-one", "c-one", "t-one"]
    first = result["jobs"][0]
    assert (first["previous_rank"], first["rank"], first["previous_priority"]) == (3, 1, 10)
    assert first["reason"] == "order[0]: r-one"
    assert result["jobs"][1]["reason"] == "no entry of order matches the job"
    assert [line.split()[2] for line in result["diff"]["before"].splitlines()] == ["c-one", "t-one", "r-one"]
    assert [line.split()[2] for line in result["diff"]["after"].splitlines()] == ["r-one", "c-one", "t-one"]
    cloud.emulator.clear_log()
    again = run(cloud, order=["r-one"])
    assert (again["changed"], cloud.operations()) == (False, ["ListJobs"])


def test_these_first_then_those_with_the_fewest_writes(cloud: Cloud) -> None:
    seed(cloud, r_one=100, r_two=40, c_one=60, c_two=50, t_one=5)
    result = run(cloud, order=["r-two", RESTORE, {"operations": ["Copy"]}])
    assert result["msg"] == "5 jobs: 1 changed, 3 unchanged, 1 not matched."
    assert order_of(cloud) == ["r-two", "r-one", "c-one", "c-two", "t-one"]
    assert stored(cloud)["r-two"] > 100


def test_tiers_and_what_is_left(cloud: Cloud) -> None:
    seed(cloud, r_one=10, r_two=20, c_one=30, t_one=90)
    result = run(cloud, order=[["r-one", "r-two"], EVERY, "t-one"])
    assert result["rc"] == 0
    numbers = stored(cloud)
    assert numbers["r-one"] == numbers["r-two"] > numbers["c-one"] > numbers["t-one"]


def test_check_mode_says_what_the_run_does(cloud: Cloud) -> None:
    seed(cloud, r_one=1, r_two=2, c_one=3, t_one=4)
    order = ["r-one", "r-two", "c-one"]
    planned = run(cloud, order=order, check_mode=True, diff=True)
    assert cloud.operations() == ["ListJobs"]
    done = run(cloud, order=order, diff=True)
    assert planned["diff"] == done["diff"]
    assert planned["plan_hash"] == done["plan_hash"]
    assert {**outcomes(planned)} == {
        job_id: "would_change" if outcome == "changed" else outcome for job_id, outcome in outcomes(done).items()
    }
    assert order_of(cloud) == ["r-one", "r-two", "c-one", "t-one"]


def test_bounds_direction_and_spacing(cloud: Cloud) -> None:
    seed(cloud, r_one=10, c_one=500, t_one=50)
    low = run(cloud, order=["r-one"], max_priority=500)
    assert (low["rc"], low["error"]["kind"]) == (1, "conflict")
    assert (
        "above job c-one: it is not listed, its priority is 500, and the highest allowed priority is 500" in low["msg"]
    )
    down = run(cloud, order=["r-one", EVERY], direction="lower_only")
    assert (down["rc"], down["changed"]) == (0, True), down
    assert stored(cloud)["r-one"] == 10
    assert order_of(cloud)[0] == "r-one"
    assert len(cloud.writes()) == 2
    spaced = run(cloud, order=["t-one", "c-one", "r-one"], spacing=1000)
    assert spaced["rc"] == 0
    assert stored(cloud) == {"t-one": 2010, "c-one": 1010, "r-one": 10}


def test_protected_jobs_are_arranged_around(cloud: Cloud) -> None:
    seed(cloud, r_one=10, r_two=20, c_one=30)
    result = run(cloud, order=["r-one", "r-two", "c-one"], protect=["r-two", {"description": "job c_"}])
    assert (result["rc"], result["error"]["kind"]) == (1, "conflict")
    assert "r-two" in result["msg"] and "c-one" in result["msg"]
    result = run(cloud, order=["r-one", "r-two", "c-one"], protect=["r-two"])
    assert stored(cloud)["r-two"] == 20
    assert order_of(cloud) == ["r-one", "r-two", "c-one"]


def test_unknown_statuses_are_left_alone(cloud: Cloud) -> None:
    seed(cloud, r_one=10, r_two=20)
    cloud.seed(job_id="odd-1", status="Hibernating", priority=15)
    result = run(cloud, order=[EVERY])
    assert result["rc"] == 0


def test_an_order_that_unknown_statuses_make_impossible(cloud: Cloud) -> None:
    """Nobody protected these jobs, so the message does not say so."""
    odd = {"status": "Hibernating"}
    cloud.seed({"job_id": "odd-1", "priority": 10, **odd}, {"job_id": "odd-2", "priority": 20, **odd})
    result = run(cloud, order=["odd-1", "odd-2"])
    assert (result["rc"], result["error"]["kind"], cloud.writes()) == (1, "conflict", [])
    assert "protected" not in result["msg"]
    assert "job odd-1 has the unknown status 'Hibernating' and keeps priority 10" in result["msg"]
    mixed = run(cloud, order=["odd-1", "odd-2"], protect=["odd-2"])
    assert "job odd-2 has the unknown status 'Hibernating' and keeps priority 20" in mixed["msg"]


def test_max_updates(cloud: Cloud) -> None:
    seed(cloud, r_one=1, r_two=2, r_three=3)
    for check_mode in (True, False):
        result = run(cloud, order=["r-one", "r-two", "r-three"], max_updates=1, check_mode=check_mode)
        assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "conflict")
        assert result["msg"].startswith("The plan has 2 changes, but max_updates allows 1. No changes were made.")
        assert sorted(outcomes(result).values()) == ["skipped", "skipped", "unchanged"]
    assert cloud.writes() == []
    assert run(cloud, order=["r-one", "r-two", "r-three"], max_updates=2)["changed"] is True


def test_an_approved_plan_is_applied_as_it_was_or_not_at_all(cloud: Cloud) -> None:
    seed(cloud, r_one=1, r_two=20, c_one=30, c_two=25)
    order = ["r-one", RESTORE, EVERY]
    approved = run(cloud, order=order, check_mode=True)["plan_hash"]
    cloud.emulator.patch("c-two", priority=24)
    refused = run(cloud, order=order, expect_plan=approved)
    assert (refused["rc"], refused["changed"], refused["error"]["kind"]) == (1, False, "conflict")
    assert "No changes were made." in refused["msg"]
    assert cloud.writes() == []
    cloud.emulator.patch("c-two", priority=25)
    done = run(cloud, order=order, expect_plan=approved)
    assert (done["rc"], done["changed"], done["plan_hash"]) == (0, True, approved)
    again = run(cloud, order=order, expect_plan=approved)
    assert (again["rc"], again["changed"]) == (0, False)


def test_ended_and_missing_names(cloud: Cloud) -> None:
    seed(cloud, r_one=1, r_two=2)
    cloud.seed(job_id="done-1", status="Complete", priority=7)
    result = run(cloud, order=["r-one", "done-1"])
    assert (result["rc"], result["error"]["kind"], result["changed"]) == (1, "job_ended", False)
    assert outcomes(result)["r-one"] == "skipped"
    result = run(cloud, order=["r-one", "done-1"], when_ended="ignore")
    assert (result["rc"], outcomes(result)) == (0, {"r-one": "changed", "r-two": "unchanged", "done-1": "skipped"})
    result = run(cloud, order=["r-two", "gone-1"])
    assert (result["rc"], result["error"]["kind"]) == (1, "not_found")


def test_rules(cloud: Cloud) -> None:
    seed(cloud, r_one=10, r_two=3000, c_one=40, c_two=41, t_one=7, t_two=0)
    result = run(
        cloud,
        rules=[
            {"name": "restores", "match": RESTORE, "class": "high"},
            {"match": {"description": "c_one"}, "priority": "45"},
            {"match": {"operations": "Copy"}, "priority": 42},
            {"match": {"max_priority": 0}, "delta": -1},
            {"match": {"operations": ["Tag"]}, "class": "nightly"},
        ],
        classes={"nightly": 77},
        min_delta=5,
        out_of_bounds="clamp",
    )
    assert (result["rc"], result["changed"]) == (0, True), result
    assert stored(cloud) == {"r-one": 3000, "r-two": 3000, "c-one": 45, "c-two": 41, "t-one": 77, "t-two": 0}
    reasons = {job["job_id"]: job["reason"] for job in result["jobs"]}
    assert reasons["r-one"] == "restores: class high"
    assert reasons["c-one"] == "rules[1]: priority 45"
    assert reasons["c-two"] == "rules[2]: priority 42, but the change from 41 to 42 is smaller than min_delta (5)"
    assert reasons["t-two"] == "rules[3]: delta -1, clamped from -1"
    assert outcomes(result)["c-two"] == "skipped"


def test_rules_out_of_bounds_and_direction(cloud: Cloud) -> None:
    seed(cloud, r_one=10, c_one=900)
    result = run(cloud, rules=[{"match": RESTORE, "priority": 700}], max_priority=600)
    assert (result["rc"], result["error"]["kind"]) == (1, "conflict")
    assert (
        "Cannot set priority 700 for job r-one: it must be from 0 to 600 (min_priority, max_priority)." in result["msg"]
    )
    result = run(cloud, rules=[{"priority": 500}], direction="raise_only")
    assert stored(cloud) == {"r-one": 500, "c-one": 900}
    assert outcomes(result) == {"c-one": "skipped", "r-one": "changed"}


def test_jobs_that_wait_too_long_are_escalated(cloud: Cloud) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    jobs = [("young-1", 1, "Ready"), ("old-1", 7, "Ready"), ("older-1", 30, "Paused"), ("busy-1", 30, "Active")]
    cloud.seed(
        *[
            {
                "job_id": job_id,
                "priority": 5,
                "status": status,
                "created": (now - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for job_id, hours, status in jobs
        ]
    )
    rules = [{"class": "low", "escalate": [{"after": "1d", "to": "urgent"}, {"after": "6h", "to": 1500}]}]
    result = run(cloud, rules=rules)
    assert stored(cloud) == {"young-1": 1000, "old-1": 1500, "older-1": 4000, "busy-1": 1000}
    assert "escalated to urgent after 1d" in result["jobs"][0]["reason"]
    assert (
        outcomes(run(cloud, rules=[{"match": {"min_age": "2h", "max_age": "8h"}, "priority": 9}]))["old-1"] == "changed"
    )
    assert stored(cloud)["young-1"] == 1000


def test_tags(cloud: Cloud) -> None:
    team = {"tags": {"team": "restore"}, "operations": ["Restore"]}
    if cloud.provider != "aws":
        result = run(cloud, order=[team])
        assert (result["rc"], cloud.operations()) == (1, [])
        assert "order[0].tags" in result["msg"] and "have no tags" in result["msg"]
        return
    seed(cloud, r_one=1, r_two=2, c_one=3)
    cloud.emulator.patch("r-one", tags={"team": "restore", "cost": "7"})
    cloud.emulator.patch("r-two", tags={"team": "other"})
    cloud.emulator.patch("c-one", tags={"team": "restore"})
    result = run(cloud, order=[team])
    assert outcomes(result) == {"r-one": "changed", "c-one": "unchanged", "r-two": "unchanged"}
    # Only jobs that the other keys leave are asked for their tags.
    assert cloud.operations().count("GetJobTagging") == 2


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({"order": ["r-one", "r-one"]}, "value of order must list each job ID only once, got: 'r-one'. Keep one"),
        ({"order": [""]}, ("value of order[0] must ", "got: ''")),
        ({"order": [["r-one", 5]]}, ("value of order[0][1] must be a job ", " or a dictionary", "got: 5")),
        ({"order": [{"color": "red"}]}, "value of order[0] must have known keys only, got: color."),
        ({"order": [{"statuses": ["Complete"]}]}, ("value of order[0].statuses must ", "got: 'Complete'")),
        ({"order": [{"min_age": "soon"}]}, ("value of order[0].min_age must be a duration such as 90s", "got: 'soon'")),
        ({"order": [{"description": "("}]}, ("value of order[0].description must ", "got: '('")),
        ({"order": ["r-one"], "min_delta": 5}, "min_delta requires rules"),
        ({"order": ["r-one"], "min_priority": 9, "max_priority": 8}, ("value of min_priority must ", "got: 9")),
        ({"order": ["r-one"], "spacing": 0}, ("value of spacing must ", "got: 0")),
        ({"order": ["r-one"], "expect_plan": "yes"}, ("value of expect_plan must ", "got: 'yes'")),
        ({"order": ["r-one"], "max_updates": -1}, ("value of max_updates must ", "got: -1")),
        ({"order": ["r-one"], "protect": [True]}, ("value of protect[0] must ", "got: True")),
        (
            {"rules": [{"priority": 1, "delta": 1}]},
            "must have exactly one of priority, class, and delta, got: priority and delta",
        ),
        (
            {"rules": [{"match": RESTORE}]},
            "value of rules[0] must have exactly one of priority, class, and delta, got: none",
        ),
        (
            {"rules": [{"class": "top"}]},
            "value of rules[0].class must be one of: high, low, normal, urgent, got: 'top'",
        ),
        ({"rules": [{"priority": True}]}, ("value of rules[0].priority must ", "got: True")),
        (
            {"rules": [{"priority": 1, "escalate": [{"after": "6h", "to": "top"}]}]},
            ("value of rules[0].escalate[0].to must ", "got: 'top'"),
        ),
        ({"rules": [{"priority": 1}], "classes": {"x": -1}}, ("value of classes.x must ", "got: -1")),
        ({"rules": [], "order": []}, "parameters are mutually exclusive: order|rules"),
        ({}, "one of the following is required: order, rules"),
        ({"order": []}, "value of order must have at least one entry, got: []"),
        ({"rules": []}, "value of rules must have at least one entry, got: []"),
        ({"order": [[]]}, ("value of order[0] must ", "got: []")),
        (
            {"rules": [{"match": {"description": ""}, "priority": 1}]},
            ("value of rules[0].match.description must ", "got: ''"),
        ),
        ({"rules": [{"match": {"job_ids": []}, "priority": 1}]}, ("value of rules[0].match.job_ids must ", "got: []")),
        (
            {"rules": [{"match": {"statuses": []}, "priority": 1}]},
            ("value of rules[0].match.statuses must ", "got: []"),
        ),
        (
            {"rules": [{"match": {"operations": [""]}, "priority": 1}]},
            ("value of rules[0].match.operations must ", "got: ['']"),
        ),
        (
            {"order": [{"description": "a{99999999999}"}]},
            ("value of order[0].description must ", "got: 'a{99999999999}'"),
        ),
        ({"order": [{"description": "(" * 900 + ")" * 900}]}, "must have at most 1000 characters"),
    ],
    ids=str,
)
def test_bad_declarations_cost_no_request(
    cloud: Cloud, options: dict[str, t.Any], texts: str | tuple[str, ...]
) -> None:
    result = run(cloud, **options)
    assert (result["rc"], cloud.operations()) == (1, [])
    for text in (texts,) if isinstance(texts, str) else texts:
        assert text in result["msg"]


@pytest.mark.slow
def test_a_pattern_that_would_never_end(cloud: Cloud) -> None:
    cloud.seed(job_id="r-one", description="a" * 200 + "!")
    result = run(cloud, rules=[{"match": {"description": "(a+)+$"}, "priority": 1}])
    assert (result["rc"], result["error"]["kind"], cloud.writes()) == (1, "invalid", [])
    for text in ("value of rules[0].match.description ", "takes more than 5 s of processor time", "got: '(a+)+$'"):
        assert text in result["msg"]


def test_a_rule_without_match_is_about_every_job(cloud: Cloud) -> None:
    cloud.seed(job_id="r-one", priority=10)
    assert outcomes(run(cloud, rules=[{"priority": 1}])) == {"r-one": "changed"}


def test_a_thousand_jobs(cloud: Cloud) -> None:
    count = 1000
    cloud.seed(
        *[{"job_id": f"job-{number:04}", "priority": number * 7 % 1000, "status": "Ready"} for number in range(count)]
    )
    order = [f"job-{number:04}" for number in range(count)]
    planned = run(cloud, order=order, check_mode=True)
    updates = sum(outcome == "would_change" for outcome in outcomes(planned).values())
    cloud.emulator.clear_log()
    result = run(cloud, order=order, concurrency=16)
    assert result["rc"] == 0
    assert cloud.operations().count("UpdateJobPriority") == updates
    assert cloud.operations().count("ListJobs") == 2  # the last look
    assert order_of(cloud) == order
    cloud.emulator.clear_log()
    assert run(cloud, order=order[::-1], concurrency=16, verify=False)["rc"] == 0
    assert cloud.operations().count("ListJobs") == 1


@pytest.mark.parametrize("verify", [True, False])
def test_somebody_else_writes_before_the_last_look(cloud: Cloud, verify: bool) -> None:
    """Another run moves a job right after it was written here; without the last look both runs succeed."""
    cloud.seed(*[{"job_id": name, "priority": 10, "status": "Ready"} for name in ("r-one", "r-two", "r-three")])
    jobs = [{"job_id": name, "priority": number} for number, name in enumerate(("r-one", "r-two", "r-three"), 50)]
    # The third update is applied, and its answer comes after what somebody else does.
    cloud.fault("barrier", operation="UpdateJobPriority", skip=2, applied=True)
    options = {"jobs": jobs, "verify": verify, "concurrency": 1, **PATIENT}
    with cloud.started("batch_job_priority", **options) as process:
        cloud.emulator.until_waiting()
        assert (len(cloud.writes()), cloud.prioritize(7, "r-one")["changed"]) == (3, True)
        cloud.emulator.release()
        result = json.loads(cloud.names.decode(process.communicate()[0]))
    assert result["changed"] is True
    if verify:
        assert (result["failed"], result["error"]["kind"]) == (True, "conflict")
        assert [job["outcome"] for job in result["jobs"]] == ["conflict", "changed", "changed"]
        assert "job r-one has priority 7 after this task, expected " in result["jobs"][0]["reason"]
    else:
        assert "failed" not in result


def test_interim_states_are_never_worse(cloud: Cloud) -> None:
    """Replay the applied writes from the log: no pair that is right before and after is wrong in between."""
    count = 40
    before = {f"job-{number:02}": number * 17 % 41 + 1 for number in range(count)}
    cloud.seed(*[{"job_id": name, "priority": number, "status": "Ready"} for name, number in before.items()])
    order = sorted(before, key=lambda name: (before[name] % 5, name))
    assert run(cloud, order=order, concurrency=16)["rc"] == 0
    after = stored(cloud)
    steady = [
        (upper, lower)
        for upper in before
        for lower in before
        if before[upper] > before[lower] and after[upper] > after[lower]
    ]
    assert len(steady) > 100
    state = dict(before)
    for entry in cloud.writes():
        state[entry["job_id"]] = int(entry["path"].rpartition("=")[2])
        assert all(state[upper] > state[lower] for upper, lower in steady)
