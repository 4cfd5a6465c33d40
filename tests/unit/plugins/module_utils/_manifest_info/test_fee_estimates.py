# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimates: exact decimals, and nothing that is not known."""

from __future__ import annotations

import decimal

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info import fee_estimates

EMPTY = {"name": None, "date": None, "currency": "USD"}
EMPTY.update(per_job=None, per_million_objects=None, per_thousand_requests=None)


def parse(**given):
    return fee_estimates.parse_prices(None, {**EMPTY, **given})


def test_no_prices():
    assert fee_estimates.parse_prices(None, None) is None
    found = fee_estimates.estimate(5, None, None)
    assert (found["objects"], found["requests"], found["fee"], found["price_table"]) == (5, None, None, None)


@pytest.mark.parametrize(
    ("prices", "objects", "requests", "text"),
    [
        ({"per_job": "0.1", "per_thousand_requests": "0.2"}, 1, 1, "0.1002 USD"),
        ({"per_job": 0.1, "per_million_objects": 1}, 10**7, None, "10.1 USD"),
        ({"per_million_objects": "1"}, 1, None, "0.000001 USD"),
        ({"per_job": "0"}, 1, None, "0 USD"),
        ({"per_job": "100"}, 1, None, "100 USD"),
        ({"per_thousand_requests": "5"}, 1000, None, "0 USD"),
    ],
)
def test_fees_are_exact(prices, objects, requests, text):
    found = fee_estimates.estimate(objects, requests, parse(**prices))
    assert found["fee_text"] == text
    assert found["fee"] == float(text.split()[0])


def test_the_shipped_table():
    prices = fee_estimates.parse_prices("aws-2025-09", None)
    assert prices.per_job == decimal.Decimal("0.25")
    found = fee_estimates.estimate(2_000_000, 2_000_000, prices)
    assert (found["fee"], found["currency"]) == (2.25, "USD")
    assert "2025-09-26" in found["basis"] and prices.source in found["basis"]


def test_what_is_not_included_is_told():
    found = fee_estimates.estimate(1, None, parse(per_job="1", per_thousand_requests="1", name="c", date="2026"))
    assert "not known" in found["basis"] and found["basis"].startswith("c of 2026: ")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"per_job": ""},
        {"per_job": "-1"},
        {"per_job": "1e3"},
        {"per_job": "nan"},
        {"per_job": "٣"},
        {"per_job": "1\n"},
        {"per_job": True},
        {"per_job": []},
        {"per_job": "1000000001"},
        {"per_job": "1", "currency": "usd"},
        {"per_job": "1", "currency": ""},
        {"per_job": "1", "name": ""},
        {"per_job": "1", "date": "a\nb"},
        {"per_job": "1", "name": "x" * 101},
    ],
)
def test_prices_that_are_refused(given):
    with pytest.raises(OptionError, match="prices"):
        parse(**given)
