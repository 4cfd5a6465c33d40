# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the option manifest of the modules that read a manifest. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import errors, providers, validation

COLUMNS: t.Final = ("Ignore", "Bucket", "Key", "VersionId")
UNWRITTEN: t.Final = "unknown-until-it-is-written"
"""The ETag of a manifest that check mode would create."""
MANIFEST_SPEC: t.Final[dict[str, t.Any]] = {
    "object_arn": {"type": "str", "required": True},
    "etag": {"type": "str"},
    "version_id": {"type": "str"},
    "format": {"type": "str", "choices": ["csv", "inventory"], "default": "csv"},
    "fields": {"type": "list", "elements": "str", "choices": list(COLUMNS)},
}
"""Suboptions, as AnsibleModule takes them."""


class ManifestPlace(t.NamedTuple):
    """Where a manifest is.

    :param etag: without quotes; empty for any.
    :param version: empty for any.
    """

    bucket: str
    key: str
    etag: str
    version: str


def parse_place(given: t.Mapping[str, t.Any], traits: providers.Traits) -> ManifestPlace:
    """Return where the manifest of a task is.

    :raises OptionError: a suboption breaks its rule, or an earlier task in check mode would have created the manifest.
    """
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
    return ManifestPlace(bucket, key, etag, given["version_id"] or "")


def parse_columns(option: str, given: t.Optional[t.Sequence[str]]) -> tuple[str, ...]:
    """Return the names of the columns of a CSV file; Bucket and Key if the task does not name them."""
    if given is None:
        return ("Bucket", "Key")
    named = [name for name in given if name != "Ignore"]
    if not {"Bucket", "Key"} <= set(named) or len(named) > len(set(named)) or len(given) > 100:
        rule = "must have Bucket and Key once, and VersionId at most once"
        raise validation.invalid_value(option, list(given), rule)
    return tuple(given)
