# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which result of a job is accepted: everything that is unclear is not."""

from __future__ import annotations

import fractions

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain.predecessors import Acceptance, judge
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import ENDED, STATUSES

COMPLETE = Acceptance()
ANY = Acceptance("any")
FULL = Progress(100, 100, 0)


def at_most(limit):
    """Return partial with a number, or with a percentage as text."""
    if isinstance(limit, str):
        return Acceptance("partial", max_share=fractions.Fraction(limit.rstrip("%")) / 100)
    return Acceptance("partial", max_failed=limit)


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating", "complete", "COMPLETE", ""])
@pytest.mark.parametrize("acceptance", [COMPLETE, at_most(0), at_most("100%"), ANY])
def test_only_an_end_is_a_result(status, acceptance):
    verdict = judge(Job("a", status, 10, progress=FULL), acceptance).verdict
    if status not in ENDED:
        assert verdict == "pending"
    elif status == "Complete" or acceptance is ANY:
        assert verdict == "accepted"
    else:
        assert verdict == "rejected"


@pytest.mark.parametrize(
    ("progress", "acceptance", "verdict"),
    [
        (Progress(100, 100, 0), COMPLETE, "accepted"),
        (Progress(100, 100, None), COMPLETE, "accepted"),
        (Progress(None, 100, None), COMPLETE, "accepted"),
        (Progress(0, 0, 0), COMPLETE, "accepted"),
        (Progress(0, None, None), COMPLETE, "accepted"),
        (Progress(100, 99, 1), COMPLETE, "rejected"),
        (Progress(100, 99, 0), COMPLETE, "rejected"),  # a task without a result
        (Progress(100, None, 0), COMPLETE, "rejected"),
        (Progress(None, 0, 1), COMPLETE, "rejected"),
        (Progress(), COMPLETE, "rejected"),
        (Progress(100, None, None), COMPLETE, "rejected"),
        (Progress(-1, -1, 0), COMPLETE, "rejected"),
        (Progress(100, 101, -1), COMPLETE, "rejected"),
        (Progress(), at_most("100%"), "rejected"),
        (Progress(), ANY, "accepted"),
        (Progress(100, 99, 1), at_most(1), "accepted"),
        (Progress(100, 98, 2), at_most(1), "rejected"),
        (Progress(100, 98, 1), at_most(1), "rejected"),  # and a task without a result
        (Progress(100, 100, 0), at_most(0), "accepted"),
        (Progress(100, 99, 1), at_most(0), "rejected"),
        (Progress(100, 99, 1), at_most("1%"), "accepted"),
        (Progress(100, 98, 2), at_most("1%"), "rejected"),
        (Progress(100, 71, 29), at_most("29%"), "accepted"),  # 0.29 * 100 < 29
        (Progress(1000, 995, 5), at_most("0.5%"), "accepted"),
        (Progress(1000, 994, 6), at_most("0.5%"), "rejected"),
        (Progress(100, 0, 100), at_most("99.9%"), "rejected"),
        (Progress(100, 0, 100), at_most("100%"), "accepted"),
        (Progress(0, 0, 0), at_most("0%"), "accepted"),
    ],
)
def test_the_tasks_of_a_complete_job_count(progress, acceptance, verdict):
    found = judge(Job("a", "Complete", 10, progress=progress), acceptance)
    assert found.verdict == verdict
    known = progress.succeeded is not None or progress.failed is not None
    # Only a known result is final.
    assert found.final is (verdict == "rejected" and known and min(x or 0 for x in progress) >= 0)


@pytest.mark.parametrize("status", ["Failed", "Cancelled"])
def test_a_partial_result_is_one_of_a_complete_job(status):
    found = judge(Job("a", status, 10, progress=FULL), at_most("100%"))
    assert found.verdict == "rejected"
    assert found.final


@pytest.mark.parametrize(
    ("job", "acceptance", "text"),
    [
        (Job("a", "Active"), COMPLETE, "job a is Active"),
        (Job("a", "Odd\n"), ANY, "job a has the unknown status 'Odd\\n'"),
        (Job("a", "Complete"), COMPLETE, "job a is Complete, but its task counts are unknown"),
        (
            Job("a", "Complete", progress=Progress(10, 9, 1)),
            COMPLETE,
            "job a is Complete, 1 of 10 tasks failed (accept=complete)",
        ),
        (
            Job("a", "Complete", progress=Progress(1, 0, 1)),
            at_most("0.5%"),
            "job a is Complete, 1 of 1 task failed (max_failed=0.5%)",
        ),
    ],
)
def test_a_reason_names_the_job_and_the_rule(job, acceptance, text):
    assert judge(job, acceptance).reason == text
