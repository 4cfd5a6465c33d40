# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_priority with report_overtaken: the jobs that a raise overtakes, and the requests that this costs."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import JOB_ID, Cloud

OTHERS = {"tagging": 500, "copy-1": 100, "copy-2": 10, "behind": 9, "first": 900}
"""Priorities of the jobs next to the one that is raised from 10 to 900."""
PASSED = ["tagging", "copy-1", "copy-2"]


def seed(cloud: Cloud, **priorities: int) -> None:
    cloud.seed(description="urgent restore", status="Ready")
    cloud.seed(
        *(
            {"job_id": name, "priority": number, "status": "Active", "description": f"run of {name}"}
            for name, number in (priorities or OTHERS).items()
        ),
        {"job_id": "over", "priority": 300, "status": "Complete", "description": "ended"},
    )


def raised(cloud: Cloud, **options: t.Any) -> dict[str, t.Any]:
    arguments = {"job_id": JOB_ID, "priority": 900, "report_overtaken": True, **options}
    return cloud.run("batch_job_priority", **arguments)


@pytest.mark.parametrize("check_mode", [False, True])
def test_one_job_by_its_id(cloud: Cloud, check_mode: bool) -> None:
    seed(cloud)
    result = raised(cloud, check_mode=check_mode)
    assert (result["rc"], result["changed"], cloud.priority_of()) == (0, True, 10 if check_mode else 900)
    assert result["job"]["overtaken"] == [
        {"job_id": name, "description": f"run of {name}", "status": "Active", "priority": OTHERS[name]}
        for name in PASSED
    ]
    assert result["job"]["overtaken_count"] == 3
    names = ", ".join(f"{name} (run of {name})" for name in PASSED)
    verb = "would overtake" if check_mode else "overtakes"
    assert result["msg"].endswith(f"from 10 to 900. It {verb} 3 live jobs: {names}.")
    # The update does not wait for the list.
    written = [] if check_mode else ["UpdateJobPriority"]
    assert cloud.operations() == ["DescribeJob", *written, "ListJobs"]


def test_it_is_null_unless_it_is_requested(cloud: Cloud) -> None:
    seed(cloud)
    result = raised(cloud, report_overtaken=None)
    assert (result["job"]["overtaken"], result["job"]["overtaken_count"]) == (None, None)
    assert "overtake" not in result["msg"] and "ListJobs" not in cloud.operations()


@pytest.mark.parametrize("priority", [10, 5])
def test_without_a_raise_nothing_is_overtaken_or_listed(cloud: Cloud, priority: int) -> None:
    seed(cloud)
    result = raised(cloud, priority=priority)
    assert (result["rc"], result["job"]["overtaken"], result["job"]["overtaken_count"]) == (0, [], 0)
    assert "overtake" not in result["msg"] and "ListJobs" not in cloud.operations()


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_selected_job(cloud: Cloud, check_mode: bool) -> None:
    seed(cloud)
    result = raised(cloud, job_id=None, select={"description": "urgent restore"}, check_mode=check_mode)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert [item["job_id"] for item in result["job"]["overtaken"]] == PASSED
    assert cloud.operations().count("ListJobs") == 1


def test_several_jobs(cloud: Cloud) -> None:
    """The list that the task reads anyway is used, and priorities before and after the task are compared."""
    seed(cloud)
    jobs = [
        {"job_id": JOB_ID, "priority": 900},
        {"job_id": "copy-1", "priority": 600},
        {"job_id": "first", "priority": 1},
    ]
    result = raised(cloud, job_id=None, priority=None, jobs=jobs, verify=False)
    assert result["rc"] == 0, result
    found = {job["job_id"]: [item["job_id"] for item in job["overtaken"]] for job in result["jobs"]}
    assert found == {JOB_ID: ["copy-1", "tagging", "copy-2", "first"], "copy-1": ["tagging", "first"], "first": []}
    assert result["jobs"][0]["overtaken"][0]["priority"] == 600
    assert f"Job {JOB_ID} overtakes 4 live jobs: copy-1 (run of copy-1), " in result["msg"]
    assert result["msg"].endswith("Job copy-1 overtakes 2 live jobs: tagging (run of tagging), first (run of first).")
    assert cloud.operations().count("ListJobs") == 1


def test_a_list_of_one_job(cloud: Cloud) -> None:
    seed(cloud)
    result = raised(cloud, job_id=None, priority=None, jobs=[{"job_id": JOB_ID, "priority": 900}])
    assert [item["job_id"] for item in result["jobs"][0]["overtaken"]] == PASSED
    assert cloud.operations() == ["DescribeJob", "UpdateJobPriority", "ListJobs"]


def test_a_long_queue_is_counted(cloud: Cloud) -> None:
    seed(cloud, **{f"job{number:04}": 10 + number for number in range(130)})
    result = raised(cloud)
    assert (len(result["job"]["overtaken"]), result["job"]["overtaken_count"]) == (100, 130)
    assert result["job"]["overtaken"][0]["job_id"] == "job0129"
    assert "It overtakes 130 live jobs: job0129 (run of job0129), " in result["msg"]
    assert result["msg"].endswith("127 more.")


def test_descriptions_of_other_users_are_cut_and_escaped(cloud: Cloud) -> None:
    seed(cloud, **{"odd-1": 50})
    cloud.emulator.patch("odd-1", description="\u202e" + "x" * 100)
    result = raised(cloud)
    text = "\\u202e" + "x" * 59 + "..."
    assert result["job"]["overtaken"][0]["description"] == text
    assert result["msg"].endswith(f"odd-1 ({text}).")


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("fault", ["denied", "repeated_page"])
def test_a_list_that_fails_does_not_affect_the_update(cloud: Cloud, fault: str, check_mode: bool) -> None:
    seed(cloud)
    cloud.fault(fault, operation="ListJobs", count=None)
    result = raised(cloud, check_mode=check_mode)
    assert (result["rc"], result["changed"], cloud.priority_of()) == (0, True, 10 if check_mode else 900), result
    assert (result["job"]["overtaken"], result["job"]["overtaken_count"]) == (None, None)
    assert "overtake" not in result["msg"]
    warned = json.dumps(result["warnings"])
    assert "Cannot report the overtaken jobs. " in warned and "The priority changes are not affected." in warned


def test_a_job_without_a_priority_makes_the_list_incomplete(cloud: Cloud) -> None:
    seed(cloud, **{"odd-1": 50})
    cloud.fault("no_priority", operation="ListJobs", count=None)
    cloud.fault("no_priority", operation="DescribeJob", job_id="odd-1", count=None)
    result = raised(cloud)
    assert (result["rc"], cloud.priority_of(), result["job"]["overtaken"]) == (0, 900, None), result
    assert "no priority for 1 live job (odd-1)" in json.dumps(result["warnings"])


def test_a_job_that_fails_overtakes_an_unknown_number(cloud: Cloud) -> None:
    seed(cloud)
    cloud.fault("denied", operation="UpdateJobPriority")
    result = raised(cloud)
    assert (result["rc"], result["job"]["overtaken"], result["job"]["overtaken_count"]) == (1, None, None)
    assert "ListJobs" not in cloud.operations()
