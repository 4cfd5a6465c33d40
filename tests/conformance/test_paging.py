# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of 2,500 jobs, page by page."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from batch_emulator.accounts import AWS_ACCOUNT, AWS_REGION
from batch_emulator.client import Emulator

from .clients import COS_REGION, Cos, code_of

COUNT = 2500


def seed(emulator: Emulator, provider: str, region: str) -> list[str]:
    """Jobs with random priorities and ages; their ids from the oldest to the youngest."""
    dice = random.Random(1)
    ages = dice.sample(range(86400), COUNT)
    jobs = [
        {
            "provider": provider,
            "region": region,
            "job_id": f"job-{age:05}",
            "priority": dice.randrange(5),
            "status": dice.choice(["Ready", "Active", "Complete"]),
            "created": age,
            "frozen": True,
        }
        for age in ages
    ]
    emulator.seed(*jobs)
    return [f"job-{age:05}" for age in sorted(ages, reverse=True)]


def aws_pages(aws: Any, **arguments: Any) -> list[list[Any]]:
    pages = []
    while True:
        answer = aws.list_jobs(AccountId=AWS_ACCOUNT, **arguments)
        pages.append(answer["Jobs"])
        if "NextToken" not in answer:
            return pages
        arguments["NextToken"] = answer["NextToken"]


def cos_pages(cos: Cos, **params: str) -> list[list[dict[str, str | None]]]:
    pages = []
    while True:
        root = ET.fromstring(cos("GET", "/jobs", params).content)
        pages.append([{child.tag: child.text for child in member} for member in root.iterfind("Jobs/member")])
        token = root.findtext("NextToken")
        if token is None:
            return pages
        assert token == pages[-1][-1]["JobId"]
        params["nextToken"] = token


def ids(pages: list[list[Any]]) -> list[str]:
    return [job["JobId"] for page in pages for job in page]


def test_aws_pages(aws: Any, emulator: Emulator) -> None:
    expected = seed(emulator, "aws", AWS_REGION)
    pages = aws_pages(aws)
    assert [len(page) for page in pages] == [1000, 1000, 500]
    assert ids(pages) == expected
    assert [job["Priority"] for page in pages for job in page] == [job["priority"] for job in emulator.jobs()]
    assert ids(aws_pages(aws, MaxResults=999)) == expected


def test_aws_status_filter(aws: Any, emulator: Emulator) -> None:
    seed(emulator, "aws", AWS_REGION)
    pages = aws_pages(aws, JobStatuses=["Ready", "Active"], MaxResults=400)
    expected = [job["job_id"] for job in emulator.jobs() if job["status"] in ("Ready", "Active")]
    assert ids(pages) == expected
    assert {job["Status"] for page in pages for job in page} == {"Ready", "Active"}
    assert all(len(page) == 400 for page in pages[:-1])


def test_cos_pages(cos: Cos, emulator: Emulator) -> None:
    expected = seed(emulator, "cos", COS_REGION)
    pages = cos_pages(cos)
    assert [len(page) for page in pages] == [1000, 1000, 500]
    assert ids(pages) == expected
    assert ids(cos_pages(cos, maxResults="700")) == expected


def test_cos_status_filter(cos: Cos, emulator: Emulator) -> None:
    seed(emulator, "cos", COS_REGION)
    pages = cos_pages(cos, jobStatuses="Complete", maxResults="100")
    assert ids(pages) == [job["job_id"] for job in emulator.jobs(status="Complete")]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_no_token_on_the_last_page(aws: Any, cos: Cos, emulator: Emulator, count: int) -> None:
    for number in range(count):
        emulator.seed({"provider": "aws"}, {"provider": "cos", "region": COS_REGION, "job_id": f"job-{number}"})
    assert [len(page) for page in cos_pages(cos, maxResults="2")] == [count]
    answer = aws.list_jobs(AccountId=AWS_ACCOUNT, MaxResults=2)
    assert len(answer.get("Jobs", [])) == count
    assert "NextToken" not in answer


def test_jobs_that_come_and_go_between_pages(aws: Any, cos: Cos, emulator: Emulator) -> None:
    expected = seed(emulator, "aws", AWS_REGION)
    first = aws.list_jobs(AccountId=AWS_ACCOUNT, MaxResults=1000)
    emulator.seed({"provider": "aws", "job_id": "an-older-one", "created": 90_000})
    emulator.seed({"provider": "aws", "job_id": "a-younger-one"})
    rest = ids(aws_pages(aws, NextToken=first["NextToken"]))
    assert rest == [*expected[1000:], "a-younger-one"]

    emulator.seed(*[{"provider": "cos", "region": COS_REGION, "job_id": f"cos-{number}"} for number in range(3)])
    assert cos("DELETE", "/jobs/cos-0").status_code == 204
    # Where COS's token is the id of a job that is gone, nothing says what would come next.
    assert code_of(cos("GET", "/jobs", {"nextToken": "cos-0"})) == ("InvalidArgument", 400)
