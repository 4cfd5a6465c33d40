# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of jobs that batch_job_info returns."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._page import text_columns
from ansible_collections.objectstore.batch.plugins.module_utils._page.job_table import MOST_JOBS, WIDTH, render

NOW = datetime.datetime(2026, 11, 26, 3, tzinfo=datetime.timezone.utc)
JOB = {
    "job_id": "6f1f7ff1-5e6c-4b7a-9f3a-000000000001",
    "status": "Active",
    "priority": 2147483647,
    "rank": 1,
    "operation": "S3InitiateRestoreObject",
    "description": "urgent restore of films, case 4711",
    "created": "2026-11-24T01:00:00Z",
}


def test_two_lines_for_each_job_below_two_lines_of_names():
    assert render([JOB], NOW) == [
        "rank    priority  status       age  description",
        "      job ID  operation  time left",
        "   1  2147483647  Active        2d  urgent restore of films, case 4711",
        "      6f1f7ff1-5e6c-4b7a-9f3a-000000000001  S3InitiateRestoreObject",
    ]
    ended = {**JOB, "rank": None, "priority": None, "status": "Complete", "created": None, "description": ""}
    assert render([ended], NOW)[2] == "            none  Complete"
    assert render([], NOW) == []


@pytest.mark.parametrize(
    ("created", "age"),
    [
        ("2026-11-26T02:59:15Z", "45s"),
        ("2026-11-26T02:59:00Z", "1m"),
        ("2026-11-26T02:00:00Z", "1h"),
        ("2026-11-25T03:00:01Z", "23h"),
        ("2026-08-28T03:00:00Z", "90d"),
        # A clock that is behind.
        ("2026-11-26T04:00:00Z", "0s"),
    ],
)
def test_the_age_has_its_largest_unit(created, age):
    assert render([{**JOB, "created": created}], NOW)[2].split()[3] == age


def test_jobs_that_are_not_shown_are_counted():
    assert len(render([JOB] * MOST_JOBS, NOW)) == 2 + 2 * MOST_JOBS
    assert render([JOB] * (MOST_JOBS + 1), NOW)[-1] == "and 1 more job"
    lines = render([JOB] * (MOST_JOBS + 50), NOW)
    assert (len(lines), lines[-1]) == (2 + 2 * MOST_JOBS + 1, "and 50 more jobs")


@pytest.mark.parametrize("hostile", ["a\n   1  9  Active\x1b[2J\u202e" + "x" * 300, "\u5f52\u6863" * 100])
def test_untrusted_text_is_escaped_and_no_line_is_too_wide(hostile):
    names = ("status", "operation", "description", "job_id")
    lines = render([{**JOB, **dict.fromkeys(names, hostile)}, JOB], NOW)
    assert len(lines) == 6
    assert all(line.isprintable() and text_columns.width(line) <= WIDTH for line in lines)
    assert lines[4].endswith("urgent restore of films, case 4711")
    job_id = "0123456789abcdef" * 4
    assert render([{**JOB, "job_id": job_id}], NOW)[3].split()[0] == job_id


def test_the_time_left_is_shown_where_it_fits():
    running = {
        **JOB,
        "estimated_end": "2026-11-26T05:05:00Z",
        "rate": 0.1,
        "progress": {"total": 1000, "succeeded": 250, "failed": 0},
    }
    assert render([running], NOW)[3] == f"      {JOB['job_id']}  S3InitiateRestoreObject  ~2h05m left"
    assert len(render([running], NOW)[3]) == WIDTH
    assert render([{**running, "estimated_end": None}], NOW)[3].endswith("  S3InitiateRestoreObject")
    assert render([{**running, "operation": "S3InitiateRestoreObjects"}], NOW)[3].endswith("RestoreObjects")
