# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select objects by key, size, age, and storage class. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t

from .._core import errors, object_listings, validation

FILTER_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "prefix": {"type": "str"},
    "suffix": {"type": "str"},
    "min_size": {"type": "int"},
    "max_size": {"type": "int"},
    "older_than": {"type": "str"},
    "newer_than": {"type": "str"},
    "storage_class": {"type": "list", "elements": "str"},
}
"""Suboptions of the filter."""
_OF_LISTS: t.Final = ("min_size", "max_size", "older_than", "newer_than", "storage_class")
"""What only the list of a bucket can answer."""
_CLASS: t.Final = re.compile("[A-Za-z][A-Za-z0-9_-]{0,63}")
_LARGEST: t.Final = 10**15


class UnknownPropertyError(ValueError):
    """A list lacks a property that the filter needs; the text names it."""


@dataclasses.dataclass(frozen=True)
class ObjectFilter:
    """The properties that each object must have; None and empty values match any object.

    :param prefix: of the decoded key; so is the suffix.
    :param before: the object must have been written before this moment.
    :param since: the object must have been written at this moment or later.
    :param classes: storage classes in lower case.
    """

    prefix: str = ""
    suffix: str = ""
    min_size: t.Optional[int] = None
    max_size: t.Optional[int] = None
    before: t.Optional[datetime.datetime] = None
    since: t.Optional[datetime.datetime] = None
    classes: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether it matches every object."""
        return self == ObjectFilter()

    def keeps_key(self, key: str) -> bool:
        """Whether an object with this key can match."""
        return key.startswith(self.prefix) and key.endswith(self.suffix)

    def keeps(self, item: object_listings.Listed) -> bool:
        """Whether an object matches.

        :raises UnknownPropertyError: the list does not contain a property that decides.
        """
        return self.keeps_key(item.key) and self._keeps_size(item) and self._keeps_age(item) and self._keeps_class(item)

    def _keeps_size(self, item: object_listings.Listed) -> bool:
        if self.min_size is None and self.max_size is None:
            return True
        if item.size is None:
            raise UnknownPropertyError("size")
        return (self.min_size is None or item.size >= self.min_size) and (
            self.max_size is None or item.size <= self.max_size
        )

    def _keeps_age(self, item: object_listings.Listed) -> bool:
        if self.before is None and self.since is None:
            return True
        if item.modified is None:
            raise UnknownPropertyError("time of the last change")
        return (self.before is None or item.modified < self.before) and (
            self.since is None or item.modified >= self.since
        )

    def _keeps_class(self, item: object_listings.Listed) -> bool:
        if not self.classes:
            return True
        if not item.storage_class:
            raise UnknownPropertyError("storage class")
        return item.storage_class.lower() in self.classes


def parse_filter(
    given: t.Optional[t.Mapping[str, t.Any]], is_list: bool, longest_key: int, now: datetime.datetime
) -> ObjectFilter:
    """Return the filter of a task.

    :param is_list: whether the source is the list of a bucket, which has all properties.
    :raises OptionError: an option breaks its rule, or the source cannot answer it.
    """
    if given is None:
        return ObjectFilter()
    found = {name: value for name, value in given.items() if value is not None}
    if not found:
        raise validation.invalid_value("filter", dict(given), "must have at least one key", "Omit it for no filter.")
    for name in _OF_LISTS:
        if name in found and not is_list:
            raise errors.OptionError(
                f"filter.{name} requires listing, because the other sources contain only the keys of objects."
                f" Remove filter.{name}, or use listing."
            )
    ages = {name: validation.parse_duration(f"filter.{name}", found[name]) for name in _OF_LISTS[2:4] if name in found}
    if len(ages) == 2 and ages["older_than"] >= ages["newer_than"]:
        raise validation.invalid_value("filter.older_than", found["older_than"], "must be less than filter.newer_than")
    sizes = {name: _size(name, found[name]) for name in _OF_LISTS[:2] if name in found}
    if len(sizes) == 2 and sizes["min_size"] > sizes["max_size"]:
        raise validation.invalid_value("filter.min_size", found["min_size"], "must not exceed filter.max_size")
    return ObjectFilter(
        _part("prefix", found, longest_key),
        _part("suffix", found, longest_key),
        sizes.get("min_size"),
        sizes.get("max_size"),
        now - ages["older_than"] if "older_than" in ages else None,
        now - ages["newer_than"] if "newer_than" in ages else None,
        _classes(found.get("storage_class")),
    )


def _part(name: str, found: t.Mapping[str, t.Any], longest: int) -> str:
    if name not in found:
        return ""
    value = str(found[name])
    if not value or len(value.encode()) > longest:
        rule = f"must be 1 to {longest} bytes of text"
        raise validation.invalid_value(f"filter.{name}", value, rule, "Omit it to match any key.")
    return value


def _size(name: str, value: int) -> int:
    if not 0 <= value <= _LARGEST:
        raise validation.invalid_value(f"filter.{name}", value, f"must be a number of bytes from 0 to {_LARGEST}")
    return value


def _classes(words: t.Optional[t.Sequence[str]]) -> frozenset[str]:
    if words is not None and (not words or not all(_CLASS.fullmatch(word) for word in words)):
        rule = "must be a list of storage classes, such as STANDARD"
        raise validation.invalid_value("filter.storage_class", list(words), rule, "Omit it to match any storage class.")
    return frozenset(word.lower() for word in words or ())
