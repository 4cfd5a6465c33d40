# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which job a reference of a chain is: exactly one, or none."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain.job_references import find_jobs
from ansible_collections.objectstore.batch.plugins.module_utils._chain.links import parse_links
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes

NOW = datetime.datetime(2026, 1, 10, tzinfo=datetime.timezone.utc)


def job(job_id, days, status="Complete", description="copy films", operation="S3PutObjectCopy"):
    return Job(job_id, status, 10, description, operation, created=NOW - datetime.timedelta(days=days))


def found(selector, *jobs):
    link = {"job": "job-b", "after": [selector], "accept": "complete", "max_failed": None}
    return find_jobs(parse_links([link], AWS, parse_classes(None, AWS)), jobs, NOW)


@pytest.mark.parametrize("status", ["Active", "Suspended", "Complete", "Failed", "Hibernating"])
def test_a_job_is_found_before_and_after_its_end(status):
    result = found({"description": "^copy", "max_age": "2d"}, job("job-a", 1, status), job("other", 1, description="x"))
    assert sorted(result.job_ids.values()) == ["job-a", "job-b"]
    assert not result.problems


def test_an_id_needs_no_job():
    assert found("job-a").job_ids == {"job-a": "job-a", "job-b": "job-b"}


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ({"description": "^Copy", "max_age": "9d"}, "matches no job of this queue"),
        ({"operations": ["S3Other"], "max_age": "9d"}, "matches no job of this queue"),
        # The job of an earlier run.
        ({"description": "copy", "max_age": "12h"}, "matches no job of this queue"),
        # One of them can belong to another user.
        ({"description": "copy", "max_age": "9d"}, "matches 2 jobs instead of 1: job-a (Complete), job-c (Active)"),
    ],
)
def test_none_and_several_are_no_decision(selector, text):
    result = found(selector, job("job-a", 1), job("job-c", 2, "Active"))
    assert list(result.job_ids) == ["job-b"]
    (problem,) = result.problems.values()
    assert problem.startswith("selector {")
    assert problem.endswith(text)


def test_a_job_without_a_time_of_creation_is_never_found():
    result = found({"description": "copy", "max_age": "9d"}, Job("job-a", "Complete", 10, "copy"))
    assert len(result.problems) == 1


def test_many_matches_are_one_short_sentence():
    jobs = [job(f"job-{number}", 1, f"Odd{number}") for number in range(1000)]
    (problem,) = found({"description": "copy", "max_age": "9d"}, *jobs).problems.values()
    assert "matches 1000 jobs" in problem
    assert problem.endswith("and 997 more")
