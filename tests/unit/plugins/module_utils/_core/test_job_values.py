# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as modules return them."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import (
    QueueId,
    few,
    name_classes,
    render_job,
    render_time,
    unknown_job_warnings,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import PriorityClasses

QUEUE = QueueId("aws", "eu-central-1", "123456789012")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, None),
        ("2026-01-02T03:04:05.999999+00:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02T01:04:05+02:00", "2026-01-01T23:04:05Z"),
    ],
)
def test_times_are_in_utc(moment, text):
    assert render_time(moment and datetime.datetime.fromisoformat(moment)) == text


def test_text_of_others_and_nulls_are_passed_through():
    found = render_job(QUEUE, Job("job-1", "Odd", None, "a\n{{ 1 }}\u202e"))
    assert (found["status"], found["priority"], found["description"]) == ("Odd", None, "a\n{{ 1 }}\u202e")
    assert (found["account_id"], found["progress"]["total"], found["created"]) == ("123456789012", None, None)


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (Job("j", "Active", 0), ""),
        (Job("j", "Active", None), "Job j has no priority in the responses. "),
        (Job("j", "Odd\n", 5), r"Job j has the unknown status 'Odd\n'. It keeps its position"),
        (Job("j", "Complete", None), ""),
    ],
)
def test_jobs_that_nothing_can_be_decided_about_are_named(job, text):
    found = unknown_job_warnings([job])
    assert len(found) == bool(text)
    assert "".join(found).startswith(text)


@pytest.mark.parametrize(
    ("count", "shown", "last"), [(0, 0, None), (10, 10, "s9"), (11, 11, "1 more jobs are affected.")]
)
def test_many_sentences_are_counted(count, shown, last):
    found = few([f"s{number}" for number in range(count)])
    assert (len(found), found[-1] if found else None) == (shown, last)


def test_a_class_is_named_where_it_has_exactly_the_priority():
    classes = PriorityClasses({"none": 0, "low": 10}, 100)
    jobs = [{"job_id": str(number), "priority": number} for number in (0, 10, 11, None)]
    found = name_classes({"jobs": jobs, "job": None}, classes)
    assert [job["class"] for job in found["jobs"]] == ["none", "low", None, None]


def test_a_place_leaves_out_what_is_not_known():
    assert str(QUEUE) == "aws 123456789012 eu-central-1"
    assert str(QueueId("oss", "", "1")) == "oss 1"
