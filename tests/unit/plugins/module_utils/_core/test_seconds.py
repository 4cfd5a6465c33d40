# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds as numbers, digits and durations."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.validation import parse_duration, parse_seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *[(0, 0.0), (7, 7.0), (0.5, 0.5), ("0", 0.0), ("30", 30.0), ("0.25", 0.25)],
        *[("90s", 90.0), ("45m", 2700.0), ("2h", 7200.0), ("1d12h", 129600.0), ("1d2h3m4s", 93784.0)],
    ],
)
def test_seconds(value, seconds):
    assert parse_seconds("timeout", value) == seconds


@pytest.mark.parametrize(
    "value",
    ["", " ", "1 h", "h", "2H", "1h1d", "-5", "+5", "1e3", "inf", "nan", ".5", "5.", True, None, [], {}, "\u0665"],
)
def test_no_seconds(value):
    with pytest.raises(OptionError, match=r"^value of timeout must be a number of seconds or a duration .*, got: "):
        parse_seconds("timeout", value)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 10**400, -1, -0.5, 86401, "2d", 1e300])
def test_seconds_out_of_range(value):
    with pytest.raises(
        OptionError, match=r"^value of timeout must be 0 or more, and at most 86400 seconds \(1d\), got: "
    ):
        parse_seconds("timeout", value, 0, 86400)
    if not isinstance(value, str) and not 0 <= value < 1e301:
        with pytest.raises(OptionError, match=r"^value of timeout must be 0 or more, and finite, got: "):
            parse_seconds("timeout", value)


@pytest.mark.parametrize("value", ["3650d", "3649d24h", "0s"])
def test_long_durations(value):
    assert parse_duration("min_age", value).total_seconds() in (0, 3650 * 86400)


@pytest.mark.parametrize("value", ["", "5", "1x", 5, None, "3651d", "3650d1s", "9999d", True, float("inf")])
def test_no_durations(value):
    with pytest.raises(OptionError, match=r"^value of min_age must be a duration such as .*, and at most 3650d, got: "):
        parse_duration("min_age", value)
