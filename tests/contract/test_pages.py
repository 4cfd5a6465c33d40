# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of several pages: attempts are those of one request, and what repeats jobs is no list."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts, queue_scan

from .clouds import Cloud
from .test_create import OPTIONS

PAGES = 7
IDS = [f"job-{number:05}" for number in range(PAGES)]
TASKS: dict[str, dict[str, t.Any]] = {
    "batch_job_info": {},
    "batch_job_wait": {"job_id": [IDS[-1]], "status": ["Active"], "interval": 0.1, "timeout": 20},
    "batch_queue": {"rules": [{"priority": 9}]},
    "batch_job_priority": {"jobs": [{"job_id": job_id, "priority": 9} for job_id in IDS]},
    "batch_job_status": {"select": {"job_ids": [IDS[-1]]}, "status": "ready"},
    "batch_job": {"priority": 9, "description": "one more"},
}


def seed(cloud: Cloud, jobs_a_page: int = 1, **job: t.Any) -> None:
    cloud.seed(*[{"job_id": job_id, "priority": 9, "status": "Active", **job} for job_id in IDS])
    cloud.emulator.settings(page_jobs=jobs_a_page)


def run(cloud: Cloud, module: str, **options: t.Any) -> dict[str, t.Any]:
    own = OPTIONS[cloud.provider] if module == "batch_job" else {}
    return cloud.run(module, **{**TASKS[module], **own, **options})


def stumble(cloud: Cloud) -> None:
    """Let each page but the first fail once: a fault does not see the requests that another one hits."""
    for number in range(1, PAGES):
        cloud.fault("internal_error", operation="ListJobs", skip=number)


def listed(cloud: Cloud) -> int:
    return cloud.operations().count("ListJobs")


@pytest.mark.parametrize("module", TASKS)
def test_each_page_has_attempts_of_its_own(cloud: Cloud, module: str) -> None:
    seed(cloud)
    stumble(cloud)
    result = run(cloud, module, max_attempts=3)
    assert result["rc"] == 0, result
    assert result["calls"]["retried"] == PAGES - 1
    assert listed(cloud) == 2 * PAGES - 1
    assert cloud.emulator.faults() == []


def test_a_look_after_a_lost_answer_has_attempts_for_each_page(cloud: Cloud) -> None:
    seed(cloud)
    # The first list is whole; the one after the lost answer stumbles, page by page.
    for number in range(1, PAGES):
        cloud.fault("internal_error", operation="ListJobs", skip=PAGES + number)
    cloud.fault("drop_after", operation="CreateJob")
    result = run(cloud, "batch_job", max_attempts=3)
    assert (result["rc"], result["changed"], len(cloud.emulator.jobs())) == (0, True, PAGES + 1), result


def test_an_inventory_has_attempts_for_each_page(cloud: Cloud) -> None:
    seed(cloud)
    stumble(cloud)
    connection = {**cloud.account.connection, "endpoint_url": cloud.emulator.url}
    given = {name: value for name, value in connection.items() if name not in ("region", *accounts.KEYS)}
    environment = {name: connection[name] for name in ("access_key", "secret_key")}
    region = connection["region"]
    queue = accounts.Queue(cloud.provider, "", region, region, given, {name: name for name in environment})
    [look] = queue_scan.scan_queues([queue], environment, queue_scan.ScanLimits(30.0, 3, 60.0, 100, 1))
    assert (look.values["live"], look.error()) == (PAGES, None)


@pytest.mark.parametrize("module", TASKS)
def test_pages_that_repeat_jobs_are_read_again(cloud: Cloud, module: str) -> None:
    """An order that changed between two pages shows jobs twice and hides others: the list begins anew."""
    seed(cloud, 2)
    cloud.fault("shifted_page", skip=2)
    result = run(cloud, module)
    assert result["rc"] == 0, result
    assert listed(cloud) == 3 + 4
    names = [job["job_id"] for job in result["jobs"]]
    assert len(names) == len(set(names))
    if module in ("batch_job_info", "batch_queue", "batch_job_priority"):
        assert sorted(names) == IDS


@pytest.mark.parametrize("fault", ["shifted_page", "repeated_page", "repeated_token"])
@pytest.mark.parametrize("module", TASKS)
def test_pages_that_repeat_jobs_without_end_decide_nothing(cloud: Cloud, module: str, fault: str) -> None:
    seed(cloud, 2, status="Suspended" if module == "batch_job_status" else "Ready", priority=5)
    # Every page but the first one of each reading.
    cloud.fault(fault, skip=1, count=None)
    result = run(cloud, module, **({"timeout": 0} if module == "batch_job_wait" else {}))
    assert (result["rc"], result["changed"], result["error"]["kind"]) == (1, False, "invalid_response"), result
    assert "the job list can be incomplete and was not used" in result["error"]["message"]
    assert result["error"]["operation"] == "ListJobs"
    assert cloud.writes() == []
    assert listed(cloud) <= 3 * 4


def test_a_last_page_that_repeats_is_no_end(cloud: Cloud) -> None:
    """Seven jobs in pages of four: the last page shows four of them again and hides none, so it looks whole."""
    seed(cloud, 4)
    cloud.fault("shifted_page", skip=1, jobs=3)
    result = cloud.info()
    assert (result["rc"], [job["job_id"] for job in result["jobs"]]) == (0, IDS)
    assert listed(cloud) == 4


def test_two_attempts_are_enough_for_a_list_that_stumbled(cloud: Cloud) -> None:
    """To begin a list anew is no further try of a request that failed."""
    seed(cloud, 2)
    cloud.fault("shifted_page", skip=1)
    assert cloud.info(max_attempts=1)["rc"] == 0
