# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimate the requests and the fee of a job, from prices that the task names. Private to this collection."""

from __future__ import annotations

import decimal
import re
import typing as t

from .._core import errors, job_values, validation

PRICE_SPEC: t.Final[dict[str, t.Any]] = {
    "name": {"type": "str"},
    "date": {"type": "str"},
    "currency": {"type": "str", "required": True},
    "per_job": {"type": "raw"},
    "per_million_objects": {"type": "raw"},
    "per_thousand_requests": {"type": "raw"},
}
"""Suboptions of prices, as AnsibleModule takes them."""
_AMOUNTS: t.Final = ("per_job", "per_million_objects", "per_thousand_requests")
_LARGEST: t.Final = decimal.Decimal(10) ** 9
_TIMES: t.Final = {
    "per_job": "job",
    "per_million_objects": "million objects",
    "per_thousand_requests": "1,000 requests",
}


class Prices(t.NamedTuple):
    """The prices of one provider and region.

    :param date: the day on which they were valid, ISO 8601; empty if the task does not say.
    :param source: where they come from; empty for prices of the task.
    """

    name: str
    date: str
    currency: str
    per_job: t.Optional[decimal.Decimal]
    per_million_objects: t.Optional[decimal.Decimal]
    per_thousand_requests: t.Optional[decimal.Decimal]
    source: str = ""


TABLES: t.Final[dict[str, Prices]] = {
    "aws-2025-09": Prices(
        "aws-2025-09",
        "2025-09-26",
        "USD",
        decimal.Decimal("0.25"),
        decimal.Decimal("1.00"),
        None,
        "https://aws.amazon.com/s3/pricing/ (Batch Operations)",
    )
}
"""Shipped price tables. COS and OSS publish no prices of batch operations that could be cited."""


def parse_prices(table: t.Optional[str], given: t.Optional[t.Mapping[str, t.Any]]) -> t.Optional[Prices]:
    """Return the prices of a task; None if it names none.

    :raises OptionError: an amount is not valid, or no amount is set.
    """
    if table is not None:
        return TABLES[table]
    if given is None:
        return None
    per_job, per_million_objects, per_thousand_requests = (_amount(name, given[name]) for name in _AMOUNTS)
    if per_job is None and per_million_objects is None and per_thousand_requests is None:
        raise errors.OptionError(f"prices must have at least one of {', '.join(_AMOUNTS)}.")
    if not re.fullmatch("[A-Z]{3}", given["currency"]):
        rule = "must be a currency code of three capital letters"
        raise validation.invalid_value("prices.currency", given["currency"], rule)
    for name in ("name", "date"):
        if given[name] is not None and not (given[name].isprintable() and 0 < len(given[name]) <= 100):
            raise validation.invalid_value(f"prices.{name}", given[name], "must be 1 to 100 printable characters")
    return Prices(
        given["name"] or "prices of the task",
        given["date"] or "",
        given["currency"],
        per_job,
        per_million_objects,
        per_thousand_requests,
    )


def _amount(name: str, value: t.Any) -> t.Optional[decimal.Decimal]:
    """Return an amount of money; text keeps all digits, so that 0.1 is exact."""
    if value is None:
        return None
    text = str(value)
    valid = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    number = decimal.Decimal(text) if valid and re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,12})?", text) else None
    if number is None or number > _LARGEST:
        raise validation.invalid_value(f"prices.{name}", value, f"must be a decimal number from 0 to {_LARGEST}")
    return number


def estimate(objects: int, requests: t.Optional[int], prices: t.Optional[Prices]) -> job_values.Values:
    """Return the estimate of a job.

    :param requests: requests of the operation; None if unknown.
    """
    result: job_values.Values = {"objects": objects, "requests": requests, "fee": None, "currency": None}
    if prices is None:
        basis = "No prices are set, so the fee is not known. Set price_table or prices."
        return {**result, "price_table": None, "basis": basis}
    parts = [
        (prices.per_job, decimal.Decimal(1), "per_job"),
        (prices.per_million_objects, decimal.Decimal(objects) / 1_000_000, "per_million_objects"),
        (prices.per_thousand_requests, decimal.Decimal(requests or 0) / 1000, "per_thousand_requests"),
    ]
    known = [(price, count, name) for price, count, name in parts if price is not None]
    fee = sum((price * count for price, count, _name in known), decimal.Decimal(0))
    texts = ", ".join(f"{price} per {_TIMES[name]}" for price, _count, name in known)
    dated = f" of {prices.date}" if prices.date else ""
    basis = f"{prices.name}{dated}: {texts} ({prices.currency}). Not included: storage, data retrieval, and transfer."
    if requests is None and prices.per_thousand_requests is not None:
        basis += " The requests of the operation are not known, so their fee is not included."
    if prices.source:
        basis += f" Source: {prices.source}."
    shown = fee.normalize()
    return {
        **result,
        "fee": float(shown),
        "fee_text": f"{shown:f} {prices.currency}",
        "currency": prices.currency,
        "price_table": prices.name,
        "basis": basis,
    }
