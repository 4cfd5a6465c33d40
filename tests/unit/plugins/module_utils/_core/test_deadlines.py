# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What time does to a job by itself."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Report
from ansible_collections.objectstore.batch.plugins.module_utils._core.deadlines import (
    Deadlines,
    days_left,
    find_deadlines,
    report,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.provider_traits import JobTraits, Traits
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES

CREATED, SUSPENDED, ENDED = (datetime.datetime(2026, month, 1, tzinfo=datetime.timezone.utc) for month in (1, 2, 3))
DAY = datetime.timedelta(days=1)


def traits(**days):
    return Traits("a cloud", jobs=JobTraits(**days))


def job(status):
    return Job("job-1", status, created=CREATED, suspended=SUSPENDED, ended=ENDED)


def test_a_moment_that_no_calendar_holds():
    last = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
    assert find_deadlines(Job("job-1", "Complete", ended=last), traits(retention_days=90)) == Deadlines()


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating"])
def test_every_status(status):
    found = find_deadlines(job(status), traits(confirmation_days=30, retention_days=90))
    if status == "Suspended":
        assert found == Deadlines(waiting_since=SUSPENDED, confirmation_deadline=SUSPENDED + 30 * DAY)
    elif status in ("New", "Preparing", "Ready"):
        assert found == Deadlines(waiting_since=CREATED)
    elif status in ("Complete", "Cancelled", "Failed"):
        assert found == Deadlines(expires_at=ENDED + 90 * DAY)
    else:
        assert found == Deadlines()


def test_what_is_not_documented_or_not_said_is_not_made_up():
    assert find_deadlines(job("Suspended"), traits()) == Deadlines(waiting_since=SUSPENDED)
    assert find_deadlines(job("Complete"), traits()) == Deadlines()
    assert (
        find_deadlines(job("Complete"), traits(retention_days=90, retention_start="creation")).expires_at
        == CREATED + 90 * DAY
    )
    assert find_deadlines(Job("job-1", "Suspended"), traits(confirmation_days=30)) == Deadlines()
    assert find_deadlines(Job("job-1", "Complete"), traits(retention_days=90)) == Deadlines()


def test_days_left():
    assert days_left(None, ENDED) is None
    assert days_left(ENDED + 1.25 * DAY, ENDED) == 1.2
    assert days_left(ENDED - DAY, ENDED) == 0.0


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (None, None),
        (Report(False, "b"), None),
        (Report(True, "b"), {"bucket": "b", "prefix": "", "scope": "", "format": ""}),
    ],
)
def test_the_report(target, expected):
    assert report(Job("job-1", report=target)) == expected
