# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What time does to a job by itself."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import STATUSES, Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.deadlines import (
    Outlook,
    days_left,
    outlook,
    report,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Facts

CREATED, SUSPENDED, ENDED = (datetime.datetime(2026, month, 1, tzinfo=datetime.timezone.utc) for month in (1, 2, 3))
DAY = datetime.timedelta(days=1)


def facts(**days):
    return Facts("a cloud", {}, (), {}, {}, {}, **days)


def job(status):
    return Job("job-1", status, created=CREATED, suspended=SUSPENDED, ended=ENDED)


def test_a_moment_that_no_calendar_holds():
    last = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
    assert outlook(Job("job-1", "Complete", ended=last), facts(shown_days=90)) == Outlook()


@pytest.mark.parametrize("status", [*STATUSES, "Hibernating"])
def test_every_status(status):
    found = outlook(job(status), facts(confirmation_days=30, shown_days=90))
    if status == "Suspended":
        assert found == Outlook(waiting_since=SUSPENDED, confirm_until=SUSPENDED + 30 * DAY)
    elif status in ("New", "Preparing", "Ready"):
        assert found == Outlook(waiting_since=CREATED)
    elif status in ("Complete", "Cancelled", "Failed"):
        assert found == Outlook(shown_until=ENDED + 90 * DAY)
    else:
        assert found == Outlook()


def test_what_is_not_documented_or_not_said_is_not_made_up():
    assert outlook(job("Suspended"), facts()) == Outlook(waiting_since=SUSPENDED)
    assert outlook(job("Complete"), facts()) == Outlook()
    assert outlook(job("Complete"), facts(shown_days=90, shown_from="creation")).shown_until == CREATED + 90 * DAY
    assert outlook(Job("job-1", "Suspended"), facts(confirmation_days=30)) == Outlook()
    assert outlook(Job("job-1", "Complete"), facts(shown_days=90)) == Outlook()


def test_days_left():
    assert days_left(None, ENDED) is None
    assert days_left(ENDED + 1.25 * DAY, ENDED) == 1.2
    assert days_left(ENDED - DAY, ENDED) == 0.0


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, None),
        ({"Report": ""}, None),
        ({"Report": {"Enabled": "false", "Bucket": "b"}}, None),
        ({"Report": {"Enabled": "true", "Bucket": "b"}}, {"bucket": "b", "prefix": "", "scope": "", "format": ""}),
    ],
)
def test_the_report(extra, expected):
    assert report(Job("job-1", extra=extra)) == expected
