# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments in every spelling that providers use."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.times import from_seconds, parse_time

UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-12-19T18:00:30Z", datetime.datetime(2019, 12, 19, 18, 0, 30, 0, UTC)),
        ("2019-12-19T18:00:30", datetime.datetime(2019, 12, 19, 18, 0, 30, 0, UTC)),
        ("2019-12-19T18:00:30.1234567Z", datetime.datetime(2019, 12, 19, 18, 0, 30, 123456, UTC)),
        ("2019-12-20T02:00:30+0800", datetime.datetime(2019, 12, 19, 18, 0, 30, 0, UTC)),
        ("2019-12-20T02:00:30+08:00", datetime.datetime(2019, 12, 19, 18, 0, 30, 0, UTC)),
        ("2019-13-19T18:00:30Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text, expected):
    assert parse_time(text) == expected


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_moments_that_utc_cannot_name(text):
    assert parse_time(text) is None


@pytest.mark.parametrize(("seconds", "expected"), [(0, datetime.datetime(1970, 1, 1, tzinfo=UTC)), (10**12, None)])
def test_seconds(seconds, expected):
    assert from_seconds(seconds) == expected
