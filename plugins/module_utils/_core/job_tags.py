# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the tags of a job. Private to this collection."""

from __future__ import annotations

import typing as t
import unicodedata

from . import errors, provider_traits, validation

MOST: t.Final = 50
"""Tags of one job."""
_LENGTHS: t.Final = {"key": 128, "value": 256}
_SIGNS: t.Final = frozenset("_.:/=+-@")
SYSTEM: t.Final = "aws:"
"""The prefix of tags that only the provider sets, in any case."""


def check(tags: t.Mapping[str, t.Any], traits: provider_traits.Traits) -> dict[str, str]:
    """Return the tags of an option.

    :raises OptionError: the provider's jobs have no tags, or a tag breaks a rule.
    """
    if tags and not traits.jobs.have_tags:
        raise errors.OptionError(f"Tags are not supported for jobs of {traits.title}. Remove the tags option.")
    if len(tags) > MOST:
        raise validation.invalid_value(
            "tags", sorted(tags), f"must have at most {MOST} tags", f"It has {len(tags)} tags."
        )
    for key, value in tags.items():
        if not isinstance(value, str):
            raise validation.invalid_value(
                f"tags.{key}", value, "must be text", "Put numbers, and words such as yes, in quotes."
            )
        if not validation.is_xml_text(key + value):
            raise validation.invalid_value("tags", {key: value}, "must be text without control characters")
        if not 1 <= len(key) <= _LENGTHS["key"] or len(value) > _LENGTHS["value"]:
            rule = (
                f"must have keys of 1 to {_LENGTHS['key']} characters, and values of at most {_LENGTHS['value']}"
                " characters"
            )
            raise validation.invalid_value("tags", key, rule)
    return dict(tags)


def check_strictly(tags: t.Mapping[str, t.Any], traits: provider_traits.Traits) -> dict[str, str]:
    """Return the tags of an option, also checked for the characters that the provider allows.

    :raises OptionError: a tag breaks a rule.
    """
    # A key that is not text has no characters to check. YAML reads the key 1 as a number.
    checked = check({str(key): value for key, value in tags.items()}, traits)
    if len(checked) < len(tags):
        raise validation.invalid_value("tags", sorted(map(str, tags)), "must have unique keys")
    for key, value in checked.items():
        if is_system(key):
            rule = f"must not have keys that begin with {SYSTEM}"
            raise validation.invalid_value("tags", key, rule, "Only the provider sets these tags.")
        if not all(sign in _SIGNS or unicodedata.category(sign)[0] in "LZN" for sign in key + value):
            rule = "must only have letters, digits, spaces, and the characters _ . : / = + - @"
            raise validation.invalid_value("tags", {key: value}, rule)
    return checked


def as_list(tags: t.Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags in the words of the API, sorted by key."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def is_system(key: str) -> bool:
    """Whether only the provider can set a tag with this key."""
    return key.lower().startswith(SYSTEM)
