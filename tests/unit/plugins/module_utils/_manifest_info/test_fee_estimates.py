# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fees are exact, and every price has a name."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info.fee_estimates import (
    PRICE_SPEC,
    TABLES,
    estimate,
    parse_prices,
)

EMPTY = dict.fromkeys(PRICE_SPEC)


def prices(**given):
    return parse_prices(None, {**EMPTY, "currency": "USD", **given})


@pytest.mark.parametrize(
    ("given", "objects", "requests", "fee"),
    [
        ({"per_job": "0.25"}, 0, 0, "0.25 USD"),
        ({"per_job": "0.1", "per_million_objects": "0.2"}, 1_000_000, None, "0.3 USD"),
        ({"per_million_objects": 1}, 1, None, "0 USD"),
        ({"per_million_objects": 1.5}, 2_000_000, None, "3 USD"),
        ({"per_thousand_requests": "0.005"}, 5, 20_000, "0.1 USD"),
        ({"per_thousand_requests": "0.005", "per_job": "1"}, 5, None, "1 USD"),
        ({"per_job": "100"}, 0, 0, "100 USD"),
    ],
)
def test_fees(given, objects, requests, fee):
    found = estimate(objects, requests, prices(**given))
    assert found["fee_text"] == fee
    assert found["fee"] == float(fee.split()[0])
    assert found["currency"] == "USD"


def test_a_table_names_its_date_and_source():
    found = estimate(2_000_000, 2_000_000, parse_prices("aws-2025-09", None))
    assert (found["fee_text"], found["price_table"]) == ("2.25 USD", "aws-2025-09")
    assert "aws-2025-09 of 2025-09-26: 0.25 per job, 1.00 per million objects (USD)" in found["basis"]
    assert "Source: https://" in found["basis"]
    assert all(table.date and table.source for table in TABLES.values())


def test_without_prices_there_is_no_fee():
    found = estimate(5, None, parse_prices(None, None))
    assert (found["fee"], found["currency"], found["price_table"]) == (None, None, None)
    assert found["basis"].endswith("Set price_table or prices.")


@pytest.mark.parametrize(
    "given",
    [
        {},
        *({"per_job": value} for value in ("", "-1", "1e3", "NaN", "1,5", True, [], {}, float("inf"), -0.5, "9" * 11)),
        {"per_job": 1, "currency": "usd"},
        {"per_job": 1, "currency": ""},
        {"per_job": 1, "name": ""},
        {"per_job": 1, "date": "a\nb"},
    ],
)
def test_what_is_refused(given):
    with pytest.raises(OptionError):
        prices(**given)
