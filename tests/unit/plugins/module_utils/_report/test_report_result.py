# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of reading a report: every row counts once, and what is missing is said."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._report.locations import Location
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_manifest import File, Manifest
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_result import (
    Summary,
    render_report,
    render_task,
)
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_rows import (
    Batch,
    ObjectOperation,
    ResultCounter,
    layout,
)

QUEUE = QueueId("aws", "eu-central-1", "123456789012")
NAMES = ("Bucket", "Key", "VersionId", "TaskStatus", "HTTPStatusCode", "ErrorCode", "ResultMessage")
GOOD = ["b", "k", "", "succeeded", "200", "", ""]
DENIED = ["b", "k", "", "failed", "403", "AccessDenied", "no"]
SLOW = ["b", "k", "", "failed", "503", "SlowDown", "later"]
RESTORING = ["b", "k", "", "failed", "409", "RestoreAlreadyInProgress", "already"]
SHORT = ["b", "k"]


def tallied(*rows):
    found, _header = layout(NAMES, GOOD)
    tally = ResultCounter(found, 10)
    tally.add(Batch(list(rows), False))
    return tally


FILES = (File("k", "0" * 32),)


def rendered(*rows, progress=None, scope="AllTasks", benign=("RestoreAlreadyInProgress",), files=FILES):
    job = Job("job-1", "Complete", 10, progress=progress) if progress else None
    summary = Summary(Location("b", "p", scope), "p/job-1/manifest.json", Manifest(files), None, job, "job-1")
    return render_report(QUEUE, summary, tallied(*rows) if rows else None, benign)


def test_every_task_counts_once():
    result = rendered(GOOD, GOOD, DENIED, SLOW, SLOW, RESTORING)
    counts = [result[name] for name in ("succeeded", "failed_tasks", "benign", "never_attempted")]
    assert counts == [2, 4, 1, None]
    assert result["report"]["rows"] == 6
    assert sum(item["count"] for item in result["codes"]) == 4
    assert {(item["code"], item["retry_class"], item["benign"]) for item in result["codes"]} == {
        ("AccessDenied", "after_fix", False),
        ("SlowDown", "retryable", False),
        ("RestoreAlreadyInProgress", "not_needed", True),
    }
    assert len(result["failures"]) == 4


def test_failed_tasks_do_not_fail_the_task_that_reads_them():
    """Ansible takes the key failed for the outcome of a task."""
    assert "failed" not in rendered(DENIED)


@pytest.mark.parametrize(
    ("rows", "progress", "scope", "complete"),
    [
        ([GOOD, DENIED], Progress(2, 1, 1), "AllTasks", True),
        ([GOOD], Progress(2, 1, 1), "AllTasks", False),
        ([GOOD, GOOD, DENIED], Progress(2, 1, 1), "AllTasks", False),
        ([DENIED], Progress(2, 1, 1), "FailedTasksOnly", True),
        ([], Progress(2, 2, 0), "FailedTasksOnly", True),
        ([], Progress(2, 1, 1), "FailedTasksOnly", False),
        ([GOOD, SHORT], Progress(2, 1, 1), "AllTasks", False),
        ([GOOD, SHORT], Progress(1, 1, 0), "AllTasks", False),
        ([GOOD], None, "AllTasks", None),
        ([GOOD], Progress(1, 1, 0), "", None),
        ([GOOD], Progress(1), "AllTasks", None),
    ],
)
def test_a_report_is_complete_only_if_every_row_is_there(rows, progress, scope, complete):
    result = rendered(*rows, progress=progress, scope=scope)
    assert result["report"]["complete"] is complete
    assert ("warnings" in result) is (complete is False)
    assert all(text in result["msg"] for text in result.get("warnings", ()))


@pytest.mark.parametrize(
    ("progress", "never"),
    [
        (Progress(10, 3, 2), 5),
        (Progress(10, 3, None), 7),
        (Progress(5, 3, 2), 0),
        (Progress(5, 6, 2), 0),
        (Progress(None, 3, 2), None),
        (Progress(10), None),
    ],
)
def test_tasks_that_never_started_are_said(progress, never):
    result = rendered(GOOD, progress=progress)
    assert result["never_attempted"] == never
    assert (f"{never} tasks never started" in result["msg"]) is bool(never)


def test_a_message_counts_what_can_be_tried_again_without_what_is_benign():
    assert rendered(GOOD, SLOW, DENIED, RESTORING)["msg"].startswith("Job job-1: 1 successful task, 3 failed: ")
    assert " Retryable without changes: 1." in rendered(SLOW, DENIED)["msg"]
    assert "Retryable" not in rendered(SLOW, benign=("SlowDown",))["msg"]
    assert rendered(DENIED, scope="FailedTasksOnly")["msg"].startswith("Job job-1: 1 failed task: 1 AccessDenied.")


@pytest.mark.parametrize(
    ("files", "checksums"),
    [((File("a", "0" * 32), File("b", "1" * 32)), True), ((File("a", "0" * 32), File("b")), False)],
)
def test_checksums_are_there_only_if_every_file_has_one(files, checksums):
    assert rendered(GOOD, files=files)["report"]["checksums"] is checksums


def test_text_of_others_is_escaped_cut_and_decoded_for_people():
    hostile = "a%0Ab%E9\n\x1b[2J\u202e" + "x" * 5000
    task = ObjectOperation(hostile, hostile, hostile, False, hostile, 500, hostile)
    found = render_task(task)
    texts = [value for value in found.values() if isinstance(value, str)]
    assert len(texts) == 6
    assert all(text.isprintable() and len(text) < 3300 for text in texts)
    assert found["key"].startswith("a%0Ab%E9\\n")
    assert found["decoded_key"].startswith("a\\nb\ufffd")
