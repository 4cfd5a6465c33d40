# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions of a declaration that no job of a queue is under."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._queue.coverage import Condition, Shadow, find_gaps
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import Selector

MOMENT = (datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc), {})
LIVE = [
    Job("restore-1", "Ready", 1, operation="Restore"),
    Job("restore-2", "Active", 2, operation="Restore"),
    Job("copy-1", "Ready", 3, operation="Copy"),
]
RESTORES = Selector(operations=frozenset({"Restore"}))
COPIES = Selector(operations=frozenset({"Copy"}))
TAGGING = Selector(operations=frozenset({"Tag"}))


def gaps(*selectors, taken=None, ended=()):
    conditions = [Condition(place, f"rule {place}", selector) for place, selector in enumerate(selectors)]
    return find_gaps(conditions, LIVE, ended, taken or {}, MOMENT)


@pytest.mark.parametrize(
    ("selectors", "taken", "unmatched", "shadows"),
    [
        # A condition that has a job is no gap, whatever else it matches.
        ([(RESTORES,)], {"restore-1": (0, "rule 0")}, (), ()),
        # No live job matches.
        ([(TAGGING,)], {}, ("rule 0",), ()),
        ([(Selector(job_ids=frozenset({"gone"})),)], {}, ("rule 0",), ()),
        # All of its jobs are under other conditions, each of which is named once, in the order of the jobs.
        (
            [(RESTORES,), (Selector(job_ids=frozenset({"restore-2", "restore-1"})),)],
            {"restore-1": (0, "rule 0"), "restore-2": (0, "rule 0"), "copy-1": (2, "rule 2")},
            (),
            (Shadow("rule 1", 2, ("rule 0",)),),
        ),
        (
            [(RESTORES,), (COPIES,), (RESTORES, COPIES)],
            {"restore-1": (0, "rule 0"), "restore-2": (0, "rule 0"), "copy-1": (1, "rule 1")},
            (),
            (Shadow("rule 2", 3, ("rule 0", "rule 1")),),
        ),
        # A job of it is under nothing, because its priority is unknown.
        ([(COPIES,), (RESTORES,)], {"copy-1": (0, "rule 0"), "restore-1": (7, "rule 7")}, (), ()),
        # Selectors that overlap count a job once.
        (
            [(COPIES,), (COPIES, Selector(job_ids=frozenset({"copy-1"})))],
            {"copy-1": (0, "rule 0")},
            (),
            (Shadow("rule 1", 1, ("rule 0",)),),
        ),
    ],
)
def test_conditions_without_jobs(selectors, taken, unmatched, shadows):
    found = gaps(*selectors, taken=taken)
    assert (found.unmatched, found.shadows) == (unmatched, shadows)


def test_near_misses_are_searched_for_ten_conditions_only():
    """Each search reads the whole queue."""
    found = gaps(*[(TAGGING,)] * 12)
    assert (len(found.unmatched), len(found.near)) == (12, 10)


def test_a_near_miss_is_reported_by_its_label():
    near = gaps((Selector(operations=frozenset({"restore"})),)).near["rule 0"]
    assert any("restore-1" in clause and "restore-2" in clause for clause in near)
    ended = [Job("tag-1", "Complete", 5, operation="Tag")]
    assert any("Complete" in clause for clause in gaps((TAGGING,), ended=ended).near["rule 0"])
    assert not any("Complete" in clause for clause in gaps((TAGGING,)).near["rule 0"])
