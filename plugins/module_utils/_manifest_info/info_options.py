# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options of batch_manifest_info before any request. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import errors, providers, validation
from .._manifest import manifest_place
from . import fee_estimates, row_findings

_MOST: t.Final = 10_000
SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "manifest": {
        "type": "dict",
        "required": True,
        "options": manifest_place.MANIFEST_SPEC,
    },
    "objects": {"type": "int", "default": 0},
    "operation": {"type": "dict"},
    "expected_bucket": {"type": "list", "elements": "str"},
    "price_table": {"type": "str", "choices": list(fee_estimates.TABLES)},
    "prices": {"type": "dict", "options": fee_estimates.PRICE_SPEC},
    "fail_on": {"type": "list", "elements": "str", "choices": list(row_findings.FINDINGS)},
}
"""The options, as AnsibleModule takes them."""


class InfoTask(t.NamedTuple):
    """The checked options.

    :param given: the option manifest, for the result.
    :param etag: empty if the task does not name it.
    :param objects: size of the sample; 0 for none.
    :param operation: name of the operation; empty if the task does not name it.
    :param expected: expected buckets; empty for the bucket of the first row.
    """

    given: t.Mapping[str, t.Any]
    bucket: str
    key: str
    etag: str
    version: str
    form: str
    fields: tuple[str, ...]
    objects: int
    operation: str
    expected: tuple[str, ...]
    prices: t.Optional[fee_estimates.Prices]
    fail_on: frozenset[str]


def parse_task(params: t.Mapping[str, t.Any], traits: providers.Traits) -> InfoTask:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    given = params["manifest"]
    place = manifest_place.parse_place(given, traits)
    if not 0 <= params["objects"] <= _MOST:
        raise validation.invalid_value("objects", params["objects"], f"must be an integer from 0 to {_MOST}")
    for option in ("expected_bucket", "fail_on"):
        if params[option] is not None and not params[option]:
            raise validation.invalid_value(option, params[option], "must have at least one element")
    expected = tuple(traits.reports.bucket_name(item) for item in params["expected_bucket"] or ())
    for item, text in zip(expected, params["expected_bucket"] or ()):
        if not traits.rules["bucket"].fits(item):
            raise validation.invalid_value("expected_bucket", text, "must be the names of buckets")
    return InfoTask(
        given,
        *place,
        given["format"],
        _fields(given),
        params["objects"],
        _operation(params["operation"]),
        expected,
        fee_estimates.parse_prices(params["price_table"], params["prices"]),
        frozenset(params["fail_on"] or ()),
    )


def _fields(given: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    fields = given["fields"]
    if given["format"] != "csv":
        if fields:
            raise errors.OptionError(
                "manifest.fields is not supported for manifest.format=inventory, because an inventory lists its own"
                " fields. Remove manifest.fields."
            )
        return ()
    return manifest_place.parse_columns("manifest.fields", fields)


def _operation(value: t.Optional[t.Mapping[str, t.Any]]) -> str:
    if value is None:
        return ""
    name = next(iter(value), "")
    if len(value) != 1 or not isinstance(name, str) or not name or not isinstance(value[name], dict):
        rule = "must have exactly one key, the operation name, with a dictionary of its parameters"
        raise validation.invalid_value("operation", value, rule)
    return name
