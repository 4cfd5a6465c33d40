# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options of batch_manifest_info before any request. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import errors, providers, validation
from . import fee_estimates, row_findings

UNWRITTEN: t.Final = "unknown-until-it-is-written"
_FIELDS: t.Final = ("Ignore", "Bucket", "Key", "VersionId")
_MOST: t.Final = 10_000
SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "manifest": {
        "type": "dict",
        "required": True,
        "options": {
            "object_arn": {"type": "str", "required": True},
            "etag": {"type": "str"},
            "version_id": {"type": "str"},
            "format": {"type": "str", "choices": ["csv", "inventory"], "default": "csv"},
            "fields": {"type": "list", "elements": "str", "choices": list(_FIELDS)},
        },
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
    name = traits.rules["object_arn"].check("manifest.object_arn", given["object_arn"])
    bucket, key = traits.reports.split_object(name)
    if not key or not traits.rules["bucket"].fits(bucket):
        raise validation.invalid_value("manifest.object_arn", name, "must have a bucket and a key")
    for option in ("etag", "version_id"):
        if given[option] is not None and not given[option].strip('" '):
            advice = "Remove the option to use the current object."
            raise validation.invalid_value(f"manifest.{option}", given[option], "must not be empty", advice)
    etag = (given["etag"] or "").strip('" ')
    if etag == UNWRITTEN:
        raise errors.OptionError(
            "The manifest does not exist yet: check mode does not create manifests, so a manifest that an earlier task"
            " would create cannot be read. Skip this task in that case. No changes were made."
        )
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
        bucket,
        key,
        etag,
        given["version_id"] or "",
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
    if fields is None:
        return ("Bucket", "Key")
    named = [name for name in fields if name != "Ignore"]
    if not {"Bucket", "Key"} <= set(named) or len(named) > len(set(named)) or len(fields) > 100:
        rule = "must have Bucket and Key once, and VersionId at most once"
        raise validation.invalid_value("manifest.fields", list(fields), rule)
    return tuple(fields)


def _operation(value: t.Optional[t.Mapping[str, t.Any]]) -> str:
    if value is None:
        return ""
    name = next(iter(value), "")
    if len(value) != 1 or not isinstance(name, str) or not name or not isinstance(value[name], dict):
        rule = "must have exactly one key, the operation name, with a dictionary of its parameters"
        raise validation.invalid_value("operation", value, rule)
    return name
