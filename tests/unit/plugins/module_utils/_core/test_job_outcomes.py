# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of tasks that write: nothing that was done is lost, and text of others forges nothing."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_outcomes import (
    SENTENCES,
    STATUS,
    cut_short,
    named,
    render_diff,
    render_message,
    render_result,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Outcome

QUEUE = QueueId("aws", "eu-central-1", "123456789012")


def written(job_id="job-1", old=10, new=900, status="Active", outcome="changed", **details):
    before, after = Job(job_id, status, old), Job(job_id, status, new)
    return Outcome(job_id, outcome, outcome in ("changed", "would_change"), after, before, **details)


def failed(job_id="job-2", kind="access_denied"):
    text = f"job {job_id} may not be written to"
    return Outcome(job_id, "failed", False, Job(job_id, "Active", 5), None, text, Failure(kind, text))


def test_a_failure_hides_no_write():
    done, broken = written(), failed()
    queue = [Job("job-2", "Active", 5), Job("job-1", "Active", 10), Job("job-3", "Ready", 7)]
    result = render_result(QUEUE, queue, [done, broken])
    assert (result["changed"], result["failed"], result["error"]["kind"]) == (True, True, "access_denied")
    assert [(job["job_id"], job["outcome"], job["priority"]) for job in result["jobs"]] == [
        ("job-1", "changed", 900),
        ("job-2", "failed", 5),
    ]
    assert result["msg"] == ("Job job-1: priority changed from 10 to 900. Job job-2 may not be written to.")


def test_trouble_after_the_writes_is_said_beside_them():
    trouble = Failure("timeout", "no answer", operation="ListJobs")
    result = render_result(QUEUE, [], [written()], trouble=trouble)
    assert (result["changed"], result["failed"], result["error"]["operation"]) == (True, True, "ListJobs")
    assert result["msg"] == "Job job-1: priority changed from 10 to 900. ListJobs: no answer."


def test_ranks_are_those_before_and_after_and_null_where_the_job_has_none():
    queue = [Job("job-1", "Active", 10), Job("job-2", "Ready", 20), Job("job-3", "Complete", 30)]
    jobs = render_result(QUEUE, queue, [written(), Outcome("job-9", "failed", failure=Failure("not_found", "x"))])[
        "jobs"
    ]
    assert [(job["previous_rank"], job["rank"]) for job in jobs] == [(2, 1), (None, None)]
    assert [(job["previous_priority"], job["priority"]) for job in jobs] == [(10, 900), (None, None)]


@pytest.mark.parametrize(
    ("outcome", "warned"),
    [
        (written(status="Suspended"), True),
        (written(status="Suspended", outcome="would_change"), True),
        (written(status="Suspended", old=900, outcome="unchanged"), True),
        (written(status="Suspended", old=None, new=0), True),
        (written(status="Suspended", old=900, new=10), False),
        (written(status="Suspended", listed=False), False),
        (written(status="Suspended", outcome="skipped"), False),
        (written(status="Active"), False),
    ],
)
def test_a_raised_job_that_waits_for_its_confirmation_is_warned_of(outcome, warned):
    result = render_result(QUEUE, [], [outcome])
    assert ("warnings" in result) is warned
    assert ("batch_job_status" in result["msg"]) is warned
    assert "warnings" not in render_result(QUEUE, [], [outcome], aspect=STATUS)


def test_notes_become_warnings_and_the_rest_is_counted():
    outcomes = [written(f"job-{number}", note=f"job job-{number} was odd") for number in range(12)]
    warnings = render_result(QUEUE, [], outcomes)["warnings"]
    assert (warnings[0], warnings[-1]) == ("Job job-0 was odd.", "2 more jobs are affected.")


def test_many_jobs_are_counted_and_the_first_failure_is_named():
    others = [written(f"job-{number}", listed=False, outcome="skipped") for number in range(5, 5 + SENTENCES)]
    text = render_message([written(), failed("job-7"), failed("job-8"), *others])
    assert text.startswith("6 jobs: 1 changed, 2 failed, 3 not matched.")
    assert text.endswith("Job job-7 may not be written to.")
    assert render_message([]) == "No job matches. No changes were made."


@pytest.mark.parametrize(
    ("job_id", "sentence", "text"),
    [
        ("job-1", "job job-1 has ended.", "Job job-1 has ended."),
        ("job-1", "job job-10 has ended.", "Job job-1: Job job-10 has ended."),
        ("job-1", "no answer.", "Job job-1: no answer."),
        ("", "no answer.", "no answer."),
    ],
)
def test_a_sentence_names_its_job_once(job_id, sentence, text):
    assert named(job_id, sentence) == text


def test_a_diff_is_sorted_by_rank_and_a_description_forges_no_row():
    forged = "x\n" + " " * 7 + "999  Active      job-0  Put\u202e"
    jobs = [Job("b", "Failed", 99), Job("c", "Ready", None), Job("a", "Ready", 5, forged), Job("", "New", 7)]
    rows = render_diff(QUEUE, [], jobs)["after"].splitlines()
    assert [row.split()[:3] for row in rows] == [
        ["7", "New", "(new)"],
        ["5", "Ready", "a"],
        ["unknown", "Ready", "c"],
        ["99", "Failed", "b"],
    ]
    assert "\\n" in rows[1]
    assert "\\u202e" in rows[1]
    assert render_diff(QUEUE, [], jobs)["before"] == ""


@pytest.mark.parametrize(
    ("outcomes", "planned", "text"),
    [
        ([written()], 3, "1 of 3 jobs were changed, the result is unknown for 0, and 2 were not changed"),
        (
            [written(), failed(kind="interrupted"), failed("job-4"), written("job-5", listed=False)],
            4,
            "1 of 4 jobs were changed, the result is unknown for 1, 1 failed, and 1 were not changed",
        ),
        ([failed(kind="interrupted")], 1, "job job-2 may not be written to"),
    ],
)
def test_an_interrupted_task_accounts_for_every_job(outcomes, planned, text):
    result = cut_short(render_result(QUEUE, [], outcomes), outcomes, planned)
    assert result["failed"] is True
    assert result["error"]["kind"] == "interrupted"
    assert f"The task was interrupted: {text}" in result["msg"]
    assert [job["job_id"] for job in result["jobs"]] == [outcome.job_id for outcome in outcomes]
