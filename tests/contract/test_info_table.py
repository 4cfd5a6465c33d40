# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_info: the message and the table for people, on every provider."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from .clouds import ACCOUNTS, Cloud
from .playbooks import FQCN, play
from .test_playbooks import connection, seed

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

QUEUE = [
    {"job_id": "low-1", "priority": 1, "status": "Ready", "description": "nightly re-tagging", "operation": "Tag"},
    {"job_id": "top-1", "priority": 2147483647, "status": "Active", "description": "restore", "operation": "Restore"},
    {"job_id": "done-1", "priority": 999, "status": "Complete", "description": "copy", "operation": "Copy"},
]


def place(cloud: Cloud, jobs: list[dict[str, t.Any]]) -> str:
    """Return the words for the queue of a result."""
    # On OSS a task can leave out the account.
    account = f", account {jobs[0]['account_id']}" if jobs[0]["account_id"] else ""
    return f"provider {cloud.provider}{account}, region {jobs[0]['region']}"


def test_how_many_jobs_and_in_which_queue(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    every = cloud.info()
    where = place(cloud, every["jobs"])
    assert every["msg"] == f"Found 3 jobs in the queue of {where}."
    assert cloud.info(statuses=["live"])["msg"] == f"Found 2 of 3 jobs in the queue of {where}."
    assert cloud.info(statuses=["Paused"])["msg"] == f"Found 0 of 3 jobs in the queue of {where}."
    assert cloud.info(job_id="low-1")["msg"] == f"Found 1 job in the queue of {where}."
    lost = cloud.info(job_id=["low-1", "nothing"])
    assert lost["msg"] == f"Found 1 of 2 jobs in the queue of {where}; not found: nothing."


def test_a_table_by_rank(cloud: Cloud) -> None:
    cloud.seed(*QUEUE)
    # The ID of a job has another form on OSS, and the columns are those of the provider's ID.
    table = [line.split() for line in cloud.info()["table"]]
    assert table[:2] == [
        ["rank", "priority", "status", "age", "description"],
        ["job", "ID", "operation", "time", "left"],
    ]
    ages = [line.pop(number) for line, number in zip(table[2::2], (3, 3, 2), strict=True)]
    assert all(age[:-1].isdigit() and age[-1] in "smhd" for age in ages)
    assert table[2:] == [
        ["1", "2147483647", "Active", "restore"],
        ["top-1", "Restore"],
        ["2", "1", "Ready", "nightly", "re-tagging"],
        ["low-1", "Tag"],
        ["999", "Complete", "copy"],
        ["done-1", "Copy"],
    ]
    assert cloud.info(statuses=["Paused"])["table"] == []


def test_a_table_of_untrusted_text_and_many_jobs(cloud: Cloud) -> None:
    hostile = "a\n   1  9  Active\u202e" + "x" * 150
    jobs = [
        {"job_id": f"job-{number:03}", "priority": 5, "status": "Ready", "description": hostile}
        for number in range(103)
    ]
    cloud.seed(*jobs)
    table = cloud.info()["table"]
    assert (len(table), table[-1]) == (203, "and 3 more jobs")
    assert all(len(line) <= 80 and line.isprintable() for line in table)


@pytest.mark.slow
def test_a_loop_that_gives_up_shows_the_message(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for account in ACCOUNTS:
        seed(emulator, account, f"{account.provider}-job", status="Ready")
        hosts[account.provider] = {"connection": connection(account, emulator)}
    task = {
        "name": "Wait for the end of all jobs",
        f"{FQCN}batch_job_info": {},
        "register": "found",
        "until": "found.jobs | selectattr('status', 'eq', 'Complete') | length == 1",
        "retries": 1,
        "delay": 0,
    }
    run = play(tmp_path, [task], hosts)
    assert run.code == 2
    assert run.output.count("Found 1 job in the queue of provider ") >= len(ACCOUNTS)
    assert "Unknown error" not in run.output
