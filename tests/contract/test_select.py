# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that are chosen by what they are like, and names for priorities, on every cloud."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import JOB_ID, Cloud
from .hostile import SELECTOR

QUEUE: list[dict[str, t.Any]] = [
    {"job_id": "tag-all", "priority": 50, "status": "Active", "description": "nightly re-tagging", "operation": "Tag"},
    {"job_id": "old-one", "priority": 20, "status": "Ready", "description": "restore 2023", "created": 3 * 86400},
    {"job_id": "new-one", "priority": 10, "status": "Ready", "description": "urgent restore 2024"},
    {"job_id": "the-end", "priority": 10, "status": "Complete", "description": "urgent restore 2022"},
]
KEYS = {"rank", "job_id", "status", "priority", "description", "operation"}


OPERATION = {"aws": "S3PutObjectCopy", "cos": "COSPutObjectCopy", "oss": "PutObjectTagging"}
"""What jobs do for which a test names no operation."""


def place(cloud: Cloud) -> str:
    names = (cloud.provider, cloud.account.connection.get("account_id"), cloud.account.connection["region"])
    return " ".join(filter(None, names))


def raise_(cloud: Cloud, select: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job_priority", **{"select": select, "priority": 900, **options})


def test_one_task_raises_the_job_with_a_phrase(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    for check_mode, outcome in ((True, "would_change"), (False, "changed"), (False, "unchanged")):
        cloud.emulator.clear_log()
        result = raise_(cloud, {"description": "urgent"}, check_mode=check_mode)
        assert (result["rc"], result["job"]["job_id"], result["job"]["outcome"]) == (0, "new-one", outcome), result
        assert result["jobs"] == [result["job"]]
        writes = ["UpdateJobPriority"] if outcome == "changed" else []
        assert cloud.operations() == ["ListJobs", *writes]
    assert cloud.priority_of("new-one") == 900


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("module", ["batch_job_priority", "batch_job_status", "batch_job_wait", "batch_job_info"])
def test_none_and_several_list_the_candidates(cloud: Cloud, module: str, check_mode: bool) -> None:
    cloud.seed(*QUEUE)
    own = {"batch_job_priority": {"priority": 1}, "batch_job_status": {"status": "cancelled"}}.get(module, {})
    none = cloud.run(module, check_mode=check_mode, select={"description": "urgnet"}, matches="some", **own)
    assert (none["rc"], none["error"]["kind"], none["changed"], none["jobs"]) == (1, "not_found", False, [])
    assert [item["job_id"] for item in none["candidates"]] == ["tag-all", "old-one", "new-one"]
    assert "1. tag-all (Active, Tag, 'nightly re-tagging')" in none["msg"]
    assert f"No live job in {place(cloud)} matches select. " in none["msg"] and "The 3 live jobs: 1. " in none["msg"]
    several = cloud.run(module, check_mode=check_mode, select={"description": "restore"}, matches="one", **own)
    assert (several["rc"], several["error"]["kind"], several["jobs"]) == (1, "conflict", [])
    assert [item["job_id"] for item in several["candidates"]] == ["old-one", "new-one"]
    assert all(set(item) == KEYS for item in several["candidates"])
    assert f"2. old-one (Ready, {OPERATION[cloud.provider]}, 'restore 2023'), 3. new-one" in several["msg"]
    assert f"select matched 2 jobs in {place(cloud)}, but matches=one requires exactly 1: " in several["msg"]
    assert "or use the job ID. In a task, matches=some uses all of them." in several["error"]["hint"]
    assert cloud.operations() == ["ListJobs"] * 2


def test_none_of_an_empty_queue(cloud: Cloud) -> None:
    result = raise_(cloud, {"description": "urgent"})
    assert (result["rc"], result["error"]["kind"], result["candidates"]) == (1, "not_found", [])
    assert (
        f"No live job in {place(cloud)} matches select. This queue has no live jobs. Ended jobs are never selected."
        " Check region and account. No changes were made." in result["msg"]
    )
    result = raise_(cloud, {"description": "urgent"}, matches="any")
    assert (result["rc"], result["changed"], result["jobs"]) == (0, False, [])
    assert result["msg"] == "No job matches. No changes were made."


@pytest.mark.parametrize(
    ("select", "words"),
    [
        ({"description": "URGENT RESTORE"}, "1 live job matches if case is ignored: new-one (Ready)"),
        ({"description": "^Restore|^Nightly"}, "2 live jobs match if case is ignored: "),
        ({"operations": ["tag"]}, "1 live job matches if case is ignored: tag-all (Active)"),
        ({"operations": ["tag"]}, "No live job has the operation 'tag' (did you mean Tag?)"),
        ({"operations": ["RestoreObjects"]}, "No live job has the operation 'RestoreObjects' ("),
        ({"operations": ["Zzz"]}, "No live job has the operation 'Zzz' (operations of live jobs: "),
        ({"description": "2022"}, "1 ended job matches: the-end (Complete)"),
        ({"description": "RESTORE 2022"}, "1 ended job matches if case is ignored: the-end"),
        ({"job_ids": ["the-end"]}, "1 ended job matches: the-end (Complete)"),
        ({"description": "2022", "statuses": ["Ready"]}, "1 ended job matches: the-end (Complete)"),
        ({"description": "nothing at all"}, ". The 3 live jobs: 1. "),
    ],
    ids=str,
)
@pytest.mark.parametrize("module", ["batch_job_priority", "batch_job_wait"])
def test_what_a_selector_nearly_matches(cloud: Cloud, module: str, select: dict[str, t.Any], words: str) -> None:
    cloud.seed(*QUEUE)
    own = {"priority": 1} if module == "batch_job_priority" else {}
    result = cloud.run(module, select=select, matches="some", **own)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "not_found", ["ListJobs"])
    assert words in result["msg"], result["msg"]


def test_near_misses_are_counted_and_short(cloud: Cloud) -> None:
    jobs = [{"job_id": f"end{n:02}", "priority": 1, "status": "Complete", "description": "x" * 250} for n in range(50)]
    cloud.seed(*jobs, {"job_id": "job-1", "priority": 1, "status": "Ready", "operation": "O" * 3000})
    result = raise_(cloud, {"description": "^x", "operations": ["Z" * 3000]}, matches="some")
    assert len(result["msg"]) < 1000
    result = raise_(cloud, {"description": "^x"}, matches="some")
    assert "50 ended jobs match: " in result["msg"] and " and 47 more" in result["msg"]


def test_as_many_as_match(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    result = raise_(cloud, {"description": "restore"}, matches="some", priority="high")
    assert (result["rc"], [job["outcome"] for job in result["jobs"]]) == (0, ["changed"] * 2), result
    assert {job["class"] for job in result["jobs"]} == {"high"}
    assert "job" not in result
    # The last look is one more page.
    assert cloud.operations() == ["ListJobs", "UpdateJobPriority", "UpdateJobPriority", "ListJobs"]


@pytest.mark.parametrize(
    ("select", "found"),
    [
        ({"min_age": "2d"}, ["old-one"]),
        ({"max_age": "2d", "statuses": ["Ready"]}, ["new-one"]),
        ({"operations": ["Tag"]}, ["tag-all"]),
        ({"min_priority": 20}, ["tag-all", "old-one"]),
        ({"max_priority": "low"}, ["tag-all", "old-one", "new-one"]),
        ({"job_ids": ["new-one", "the-end"]}, ["new-one"]),
        ({"description": "^restore|tagging$"}, ["tag-all", "old-one"]),
    ],
    ids=str,
)
def test_the_keys_of_a_selector(cloud: Cloud, select: dict[str, t.Any], found: list[str]) -> None:
    cloud.seed(*QUEUE)
    result = cloud.info(select=select)
    assert {job["job_id"] for job in result["jobs"]} == set(found)
    assert ("job" in result) is (len(found) == 1)
    assert cloud.operations() == ["ListJobs"]


def test_tags_cost_a_request_for_the_jobs_that_are_left(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    select = {"description": "restore", "tags": {"team": "storage"}}
    if cloud.provider != "aws":
        result = raise_(cloud, select)
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
        return
    cloud.emulator.patch("old-one", tags={"team": "storage"})
    assert raise_(cloud, select)["job"]["job_id"] == "old-one"
    assert sorted(cloud.operations()) == ["GetJobTagging", "GetJobTagging", "ListJobs", "UpdateJobPriority"]


def test_several_are_cancelled(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    cloud.fault("denied", operation="UpdateJobStatus", job_id="old-one")
    result = cloud.run("batch_job_status", select={"description": "restore|tagging"}, matches="any", status="cancelled")
    assert (result["rc"], result["error"]["kind"]) == (1, "access_denied")
    assert [job["outcome"] for job in result["jobs"]] == ["changed", "failed", "changed"]
    assert [job["previous_status"] for job in result["jobs"]] == ["Active", "Ready", "Ready"]
    one = cloud.run("batch_job_status", select={"job_ids": ["old-one"]}, status="cancelled")
    assert (one["rc"], one["job"]["status"]) == (0, "Cancelling")


def test_waiting_chooses_once(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    first = cloud.wait(job_id=None, select={"description": "restore"}, _watch={"elapsed": 0})
    assert first["next"]["job_ids"] == ["old-one", "new-one"] or cloud.provider == "oss"
    for job_id in ("old-one", "new-one"):
        cloud.emulator.patch(job_id, status="Complete", tasks_done=1000)
    cloud.seed({"job_id": "late-one", "priority": 1, "status": "Ready", "description": "restore, too"})
    first["next"].pop("pause")
    state = {**first["next"], "elapsed": 1.0}
    last = cloud.wait(job_id=None, select={"description": "restore"}, _watch=state)
    assert (last["rc"], [job["job_id"] for job in last["jobs"]]) == (0, ["old-one", "new-one"]), last
    none = cloud.wait(job_id=None, select={"description": "nothing"}, matches="any")
    assert (none["rc"], none["jobs"], none["waited"]) == (0, [], 0.0)


@pytest.mark.parametrize("module", ["batch_job_priority", "batch_job_status", "batch_job_wait", "batch_job_info"])
def test_selectors_that_are_none_cost_no_request(cloud: Cloud, module: str) -> None:
    own = {"batch_job_priority": {"priority": 1}, "batch_job_status": {"status": "cancelled"}}.get(module, {})
    bad: list[t.Any] = [{}, {"description": None}, "urgent", ["urgent"], {"no_such_key": 1}]
    bad += [{key: value} for key, values in SELECTOR.items() for value in values]
    for select in bad:
        result = cloud.run(module, select=select, **own)
        assert result["rc"] == 1, (select, result)
        assert "Traceback" not in result["msg"]
    assert cloud.run(module, select={}, **own)["msg"].startswith("value of select must have at least one key: ")
    both = cloud.run(module, select={"description": "x"}, job_id=JOB_ID, **own)
    assert (both["rc"], "mutually exclusive" in both["msg"]) == (1, True)
    assert cloud.operations() == []


def test_ten_thousand_jobs_are_pages(cloud: Cloud) -> None:
    jobs = [{"job_id": f"job{n:05}", "priority": n, "status": "Ready", "description": f"run {n}"} for n in range(2500)]
    cloud.seed(*jobs)
    result = raise_(cloud, {"description": "^run 1234$"}, priority=2)
    assert (result["rc"], result["job"]["job_id"]) == (0, "job01234")
    assert cloud.operations() == ["ListJobs"] * 3 + ["UpdateJobPriority"]
    several = raise_(cloud, {"description": "run"})
    assert len(several["candidates"]) == 100 and "and 2490 more" in several["msg"] and len(several["msg"]) < 2000


@pytest.mark.parametrize(
    ("priority", "number"), [("urgent", 4000), ("low", 1000), ("high", 7), ("mine", 5), ("12", 12)]
)
def test_names_for_numbers(cloud: Cloud, priority: str, number: int) -> None:
    cloud.seed()
    result = cloud.prioritize(priority, classes={"mine": 5, "high": "7"})
    assert (result["rc"], result["job"]["priority"]) == (0, number), result
    assert result["job"]["class"] == (None if priority == "12" else priority)
    assert cloud.info(job_id=JOB_ID)["job"]["class"] == {4000: "urgent", 1000: "low"}.get(number)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"priority": "urgnet"}, "2147483647 or a class (urgent, high, normal, low), got: 'urgnet'"),
        ({"priority": "Urgent"}, "2147483647 or a class (urgent, high, normal, low), got: 'Urgent'"),
        (
            {"priority": "urgent", "expect_current": "most"},
            "value of expect_current must be an integer from 0 to 2147483647 or a class ... , got: 'most'",
        ),
        (
            {"priority": "urgent", "classes": {"urgent": 2147483648}},
            "value of classes.urgent must ... , got: 2147483648",
        ),
        (
            {"priority": "urgent", "classes": {"900": 1}},
            "value of classes must have valid names, got: '900'",
        ),
        (
            {"priority": "urgent", "classes": {"": 1}},
            "value of classes must have valid names, got: ''",
        ),
        (
            {"priority": "urgent", "classes": {"a b": 1}},
            "value of classes must have valid names, got: 'a b'",
        ),
        (
            {"priority": "urgent", "classes": {"urgent": True}},
            "value of classes.urgent must be an integer from 0 to 2147483647, got: True",
        ),
        (
            {"priority": "urgent", "classes": {"low": "urgent"}},
            "value of classes.low must be an integer from 0 to 2147483647 (decimal digits only), got: 'urgent'",
        ),
    ],
    ids=str,
)
def test_names_that_are_none(cloud: Cloud, options: dict[str, t.Any], words: str) -> None:
    result = cloud.prioritize(**options)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert all(part in result["msg"] for part in words.split(" ... ")), result["msg"]


def test_resource_names_of_jobs(cloud: Cloud) -> None:
    cloud.seed()
    name = f"arn:aws:s3:eu-central-1:111122223333:job/{JOB_ID}"
    if cloud.provider != "aws":
        assert cloud.prioritize(5, name)["error"]["kind"] == "invalid"
        return
    assert cloud.prioritize(5, name)["job"]["job_id"] == JOB_ID
    assert cloud.info(job_id=[name])["job"]["priority"] == 5
    assert cloud.run("batch_queue", order=[name])["rc"] == 0
    assert cloud.run("batch_job_priority", jobs=[{"job_id": name, "priority": 6}])["changed"] is True
    cloud.emulator.clear_log()
    for wrong in (name.replace("eu-central-1", "eu-west-1"), name.replace("111122223333", "444455556666"), name + "/x"):
        result = cloud.prioritize(5, wrong)
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", []), result
    assert (
        "must be a job in region eu-central-1, as set by the task, got: "
        in cloud.prioritize(5, name.replace("eu-central-1", "eu-west-1"))["msg"]
    )


def test_what_a_candidate_is_called_stays_text(cloud: Cloud) -> None:
    cloud.seed({"job_id": "one", "priority": 1, "status": "Ready", "description": "a\u202eb\nc" + "d" * 200})
    result = raise_(cloud, {"description": "x"})
    assert r"a\u202eb" in result["msg"] and "\n" not in result["msg"] and "d" * 80 not in result["msg"]
    assert json.dumps(result["candidates"]).count("d" * 200) == 1


@pytest.mark.slow
def test_one_of_a_hundred_thousand_jobs(cloud: Cloud) -> None:
    base = {"status": "Ready", "frozen": True}
    cloud.seed(
        *[{**base, "job_id": f"job-{n:06}", "priority": n % 50, "description": f"run {n}"} for n in range(100_000)]
    )
    result, peak = cloud.weighed("batch_job_priority", select={"description": "run 77777"}, priority=900)
    assert (result["changed"], result["job"]["job_id"], result["calls"]["sent"]) == (
        True,
        "job-077777",
        {"ListJobs": 100, "UpdateJobPriority": 1},
    )
    assert 0 < peak < 300 * 2**20, f"{peak >> 20} MiB"
