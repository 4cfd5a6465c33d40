# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a record keeps from one reading to the next."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._events.queue_records import record_of


def job(status="Active", succeeded=5, failed=1, operation="Restore"):
    return Job("a", status, 10, operation=operation, progress=Progress(9, succeeded, failed))


def test_a_new_job():
    record = record_of(job(), 1, "2026-06-01T00:00:00Z", None, 100.0)
    assert (record.first, record.since, record.moved, record.number) == (100.0, 100.0, 100.0, 0)
    assert (record.done, record.rank, record.created) == (6, 1, "2026-06-01T00:00:00Z")


@pytest.mark.parametrize(
    ("after", "since", "moved", "reported"),
    [
        (job(), 100.0, 100.0, ("stalled",)),
        (job(succeeded=6), 100.0, 200.0, ("stalled",)),
        (job(status="Paused"), 200.0, 200.0, ()),
        # Counts that the provider does not know yet are 0.
        (job(succeeded=None, failed=None), 100.0, 200.0, ("stalled",)),
    ],
)
def test_what_is_kept(after, since, moved, reported):
    old = record_of(job(), 1, None, None, 100.0)._replace(reported=("stalled",), number=3, age_step=1)
    new = record_of(after, 2, None, old, 200.0)
    assert (new.first, new.since, new.moved, new.reported, new.number) == (100.0, since, moved, reported, 3)


def test_an_operation_that_a_list_omits_is_kept():
    old = record_of(job(), 1, None, None, 100.0)
    assert record_of(job(operation=""), 1, None, old, 200.0).operation == "Restore"
