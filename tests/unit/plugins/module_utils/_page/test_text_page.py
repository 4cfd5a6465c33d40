# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on queues as plain text."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._page import page_model, text_columns
from ansible_collections.objectstore.batch.plugins.module_utils._page.text_page import WIDTH, text


def shown(*items, most=page_model.MOST_JOBS):
    return text(page_model.queues(items, most), "Queues", "now").splitlines()


def jobs(count):
    return [{"job_id": f"job-{number}", "status": "Ready", "rank": number, "priority": 0} for number in range(count)]


def test_no_line_is_wider_than_a_terminal_and_none_is_forged():
    hostile = "x\n   1             999  Active\x1b[2J" + "y" * 300
    job = {"job_id": "j", "status": "Ready", "rank": 1, "priority": 0, "description": hostile}
    lines = shown({"name": hostile, "error": hostile}, {"name": "q", "jobs": [job]})
    assert max(map(len, lines)) == WIDTH
    assert all(line.isprintable() for line in lines)
    assert len([line for line in lines if line.strip().startswith("1 ")]) == 2


def test_a_queue_that_could_not_be_read_says_why_and_nothing_else():
    lines = shown({"name": "q", "region": "r", "error": "denied", "jobs": jobs(1)})
    assert lines[3:] == ["q (r)", "  could not be read: denied"]


def test_jobs_that_are_not_shown_are_counted():
    assert "  and 3 more jobs" in shown({"name": "q", "jobs": jobs(13)})
    assert "  and 1 more job" in shown({"name": "q", "jobs": jobs(11)})
    assert "  and 8 more jobs" in shown({"name": "q", "jobs": jobs(18)}, most=12)
    assert not [line for line in shown({"name": "q", "jobs": jobs(10)}) if "more jobs" in line]


def test_wide_characters_fill_two_columns_and_combining_characters_none():
    job = {**jobs(1)[0], "description": "\u5f52\u6863" * 60}
    lines = shown({"name": "q", "jobs": [job]}, {"name": "e\u0301" * 120, "error": "\u7801" * 80})
    assert max(map(text_columns.width, lines)) == WIDTH
    assert all(text_columns.width(line) <= WIDTH for line in lines)
    assert "e\u0301" * 100 in lines
    assert max(map(len, lines)) == 200


@pytest.mark.parametrize("most", [0, 5])
def test_jobs_are_counted_also_where_fewer_are_shown_than_there_is_room_for(most):
    assert f"  and {13 - most} more jobs" in shown({"name": "q", "jobs": jobs(13)}, most=most)


def test_shares_reasons_plans_and_failures():
    job = {**jobs(1)[0], "progress": {"total": 3, "succeeded": 1, "failed": 1}, "blocked_by_count": 1}
    failures = [{"job_id": "old", "codes": [{"code": "AccessDenied", "count": 7}]}]
    lines = shown({"name": "q", "jobs": [job], "plan": [{"job_id": "job-0", "to": 5}], "failures": failures})
    assert any(" 67 %" in line for line in lines)
    assert any(line.strip() == "waiting for 1 job with a higher priority" for line in lines)
    assert "  planned changes: 1 job" in lines
    assert "  failed: 7 tasks of old with AccessDenied" in lines


def test_a_share_that_is_not_known_is_left_out():
    assert not [line for line in shown({"name": "q", "jobs": jobs(1)}) if "%" in line]
    assert "  no jobs" in shown({"name": "q"})
