# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as data and as text, for the person who approves it."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Move
from ansible_collections.objectstore.batch.plugins.module_utils._queue import plan_text
from ansible_collections.objectstore.batch.plugins.module_utils._queue.coverage import Gaps, Shadow

QUEUE = QueueId("aws", "eu-central-1", "111122223333")


def lines(count, **job):
    jobs = [Job(f"job-{number:03}", "Ready", number, **job) for number in range(count)]
    moves = [Move(job.job_id, job.priority, 1000 + 2 * job.priority) for job in jobs]
    return plan_text.render_text(QUEUE, moves, [*jobs, Job("over", "Complete", 1)]).splitlines()


@pytest.mark.parametrize(("moves", "shown", "rest"), [(1, 1, 0), (39, 39, 0), (40, 38, 2), (41, 38, 3), (500, 38, 462)])
def test_a_text_has_at_most_forty_lines_and_counts_the_rest(moves, shown, rest):
    found = lines(moves)
    assert len(found) == 1 + shown + bool(rest) <= plan_text.LINES
    assert f"{moves} of {moves}" in found[0] and str(QUEUE) in found[0]
    # The largest change comes first.
    assert f"job-{moves - 1:03}" in found[1]
    if rest:
        assert str(rest) in found[-1] and str(1000 + rest - 1) in found[-1]


def test_a_plan_without_changes_counts_the_live_jobs():
    [line] = plan_text.render_text(QUEUE, [], [Job("a", "Ready", 1), Job("b", "Failed", 1)]).splitlines()
    assert line.startswith(str(QUEUE)) and " 1 live job" in line and " 2 " not in line


def test_text_of_other_users_stays_in_its_line():
    found = lines(2, description="x\n   999 -> 1\x1b[2J" + "\u6f22" * 200)
    assert len(found) == 3 and all(line.isprintable() and len(line) <= plan_text.COLUMNS for line in found)


def test_a_job_that_is_not_in_the_list_is_named():
    [_head, line] = plan_text.render_text(QUEUE, [Move("gone", 1, 2)], []).splitlines()
    assert "gone" in line


def test_changes_are_data_that_can_be_approved():
    found = plan_text.render_moves([Move("b", 0, 5), Move("a", 7, 0)])
    assert found == [{"job_id": "a", "from": 7, "to": 0}, {"job_id": "b", "from": 0, "to": 5}]


GAPS = Gaps(
    ("first", "second"), (Shadow("third", 1, ("r0",)), Shadow("fourth", 2, tuple("abcde"))), {"second": ["close"]}
)


def test_gaps_are_data():
    assert plan_text.render_gaps(GAPS) == {
        "unmatched": ["first", "second"],
        "shadowed": [
            {"entry": "third", "matches": 1, "taken_by": ["r0"]},
            {"entry": "fourth", "matches": 2, "taken_by": list("abcde")},
        ],
    }


def test_each_gap_has_a_sentence():
    found = plan_text.gap_warnings(GAPS, True)
    assert [next(name for name in ("first", "second", "third", "fourth") if name in text) for text in found] == [
        "first",
        "second",
        "third",
        "fourth",
    ]
    assert "Close." in found[1] and "1 live job" in found[2] and "2 more" in found[3]


def test_unmatched_conditions_are_left_out_on_request():
    assert [text for text in plan_text.gap_warnings(GAPS, False) if "first" in text or "second" in text] == []
    assert len(plan_text.gap_warnings(GAPS, False)) == 2


def test_many_gaps_are_cut_and_counted():
    many = Gaps(tuple(f"rule {number}" for number in range(60)), (), {})
    found = plan_text.gap_warnings(many, True)
    assert len(found) == 11 and found[-1].startswith("50 more ")
