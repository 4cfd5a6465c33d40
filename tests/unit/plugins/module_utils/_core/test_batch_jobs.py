# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs and their ranks in the queue."""

from __future__ import annotations

import datetime
import itertools

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import (
    Job,
    age_order,
    queue_order,
    ranks,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import ENDED, ENDING, LIVE

OLD = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
NEW = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
QUEUE = [
    Job("h", "Active", 9, created=NEW),
    Job("g", "Ready", 5, created=OLD),
    Job("a", "Ready", 5, created=NEW),
    Job("f", "Hibernating", 5, created=NEW),
    # A job without a time of creation comes after those of its priority.
    Job("b", "Suspended", 5),
    Job("e", "Ready", 0, created=OLD),
    # No number is not 0.
    Job("c", "Ready", None, created=OLD),
]
OVER = [Job("d", "Completing", 99), Job("i", "Failed", 99)]


def test_a_queue_has_one_order_however_it_was_read():
    for jobs in itertools.islice(itertools.permutations([*QUEUE, *OVER]), 0, 362880, 997):
        found = [job.job_id for job in sorted(jobs, key=queue_order)]
        assert found == ["h", "g", "a", "f", "b", "e", "c", "d", "i"]


def test_only_jobs_in_the_queue_have_a_rank():
    assert ranks([*OVER, *reversed(QUEUE)]) == {"h": 1, "g": 2, "a": 3, "f": 4, "b": 5, "e": 6, "c": 7}
    assert ranks([]) == {}


def test_jobs_without_a_time_of_creation_are_the_youngest():
    assert [job.job_id for job in sorted([Job("x"), QUEUE[0], QUEUE[1]], key=age_order)] == ["g", "h", "x"]


@pytest.mark.parametrize(
    ("statuses", "live", "ending", "ended", "known"),
    [
        (LIVE, True, False, False, True),
        (ENDING, False, True, False, True),
        (ENDED, False, False, True, True),
        # An unknown status is kept, and its job is taken for live.
        (("Hibernating", "", "complete"), True, False, False, False),
    ],
)
def test_what_a_status_means(statuses, live, ending, ended, known):
    for status in statuses:
        job = Job("job-1", status)
        assert (job.is_live, job.is_ending, job.is_ended, job.is_known) == (live, ending, ended, known)
