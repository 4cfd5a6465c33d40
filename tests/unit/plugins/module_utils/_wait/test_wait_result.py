# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of tasks that waited."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress, Report
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._wait.wait_conditions import (
    WaitCondition,
    evaluate,
    missing,
    out_of_time,
)
from ansible_collections.objectstore.batch.plugins.module_utils._wait.wait_result import render_waited

QUEUE = QueueId("aws", "eu-central-1", "123456789012")
NOT_FOUND = missing("job-9", Failure("not_found", "no such job", operation="DescribeJob"))


NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def waited(verdicts, polls=None):
    return render_waited(QUEUE, verdicts, NOW, polls or {})


def verdict(job_id="job-1", status="Complete", **details):
    progress = Progress(10, 10, 0) if status == "Complete" else Progress(10, 4, 0)
    return evaluate(Job(job_id, status, 10, progress=progress, **details), WaitCondition())


def test_a_failure_hides_no_job_that_is_there():
    result = waited([verdict(), verdict("job-2", "Failed"), verdict("job-3", "Active"), NOT_FOUND])
    assert (result["changed"], result["failed"], result["error"]["kind"]) == (False, True, "job_ended")
    found = [(job["job_id"], job["outcome"], job["status"], job["result"]) for job in result["jobs"]]
    assert found == [
        ("job-1", "unchanged", "Complete", "full"),
        ("job-2", "failed", "Failed", "partial"),
        ("job-3", "skipped", "Active", None),
        ("job-9", "failed", "", None),
    ]
    assert [job["error"] and job["error"]["kind"] for job in result["jobs"]] == [None, "job_ended", None, "not_found"]


def test_a_job_has_its_sentence_once():
    suspended = evaluate(Job("job-4", "Suspended", 10), WaitCondition())
    late = out_of_time(verdict("job-5", "Active"), 60)
    for item in (verdict("job-2", "Failed"), NOT_FOUND, suspended, late):
        result = waited([item])
        [job] = result["jobs"]
        assert job["reason"] is None
        message, hint = job["error"]["message"].removeprefix("job "), job["error"]["hint"]
        assert message and message not in hint
        assert str(job).count(message) == 1
        assert (result["msg"].count(message), result["msg"].count(hint) if hint else 1) == (1, 1)
    [job] = waited([verdict()])["jobs"]
    assert (job["reason"], job["error"]) == ("is Complete, 10 of 10 tasks done", None)


def test_a_task_is_no_failure_where_every_job_is_there():
    result = waited([verdict(), verdict("job-2", "Active")])
    assert not {"failed", "error"} & set(result)
    assert result["msg"] == "Job job-1 is Complete, 10 of 10 tasks done. Job job-2 is Active, 4 of 10 tasks done."


def test_time_that_is_over_is_a_failure_of_each_job_that_is_on_its_way():
    late = out_of_time(verdict("job-2", "Active"), 60)
    result = waited([verdict(), late])
    assert result["error"]["kind"] == "timeout"
    assert result["msg"].startswith("Job job-1 is Complete, 10 of 10 tasks done. Job job-2 is Active, 4 of 10 tasks")
    assert "after 60 s (timeout)" in result["msg"]


def test_many_jobs_are_counted_and_each_failure_is_named_or_counted():
    lost = [verdict(f"bad-{number}", "Failed") for number in range(5)]
    text = waited([verdict(), NOT_FOUND, *lost])["msg"]
    assert text.startswith("7 jobs: 5 Failed, 1 Complete, 1 not found. Job job-9: DescribeJob: no such job.")
    assert text.count("Job bad-") == 2
    assert text.endswith(" 3 more jobs failed the task.")


@pytest.mark.parametrize("count", [1, 5])
def test_text_of_others_is_escaped(count):
    hostile = "Odd\n\x1b[2J\u202e"
    result = waited([verdict(f"job-{number}", hostile) for number in range(count)])
    assert result["msg"].isprintable()
    assert all(job["reason"].isprintable() for job in result["jobs"])


def test_the_report_is_named_where_the_job_writes_one():
    report = Report(True, "arn:aws:s3:::reports", "p", "AllTasks")
    jobs = waited([verdict(report=report), verdict(report=Report(False)), NOT_FOUND])["jobs"]
    assert [job["report"] and job["report"]["bucket"] for job in jobs] == ["arn:aws:s3:::reports", None, None]


def test_the_end_is_estimated_from_the_polls_of_the_same_job():
    jobs = waited(
        [verdict("job-1", "Active"), verdict("job-2", "Active"), verdict("job-3")], {"job-1": [[0, 0], [8, 4]]}
    )["jobs"]
    names = ("active_seconds", "rate", "estimated_end", "estimate_basis")
    assert [[job[name] for name in names] for job in jobs] == [
        [None, 0.5, "2026-01-01T00:00:12Z", "polls"],
        [None, None, None, None],
        [None, None, None, None],
    ]
