# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a filter keeps, and which filters are refused."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.object_listings import Listed
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.object_filters import (
    ObjectFilter,
    UnknownPropertyError,
    parse_filter,
)

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
ITEM = Listed("films/a.mov", "", 100, "e", NOW - datetime.timedelta(days=5), "GLACIER")
NONE = dict.fromkeys(["prefix", "suffix", "min_size", "max_size", "older_than", "newer_than", "storage_class"])


def parse(is_list=True, **given):
    return parse_filter({**NONE, **given}, is_list, 1024, NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"prefix": "films/"}, True),
        ({"prefix": "a"}, False),
        ({"suffix": ".mov"}, True),
        ({"suffix": ".MOV"}, False),
        ({"min_size": 100}, True),
        ({"min_size": 101}, False),
        ({"max_size": 100}, True),
        ({"max_size": 99}, False),
        ({"older_than": "4d"}, True),
        ({"older_than": "5d"}, False),
        ({"newer_than": "5d"}, True),
        ({"newer_than": "4d"}, False),
        ({"storage_class": ["Glacier", "X"]}, True),
        ({"storage_class": ["STANDARD"]}, False),
        ({"prefix": "films/", "suffix": "x"}, False),
    ],
)
def test_an_object_is_kept(given, kept):
    assert parse(**given).keeps(ITEM) is kept


def test_no_filter_keeps_everything():
    assert parse_filter(None, False, 1024, NOW).is_empty
    assert ObjectFilter().keeps(Listed("a")) and not parse(prefix="a").is_empty


@pytest.mark.parametrize(
    ("given", "name"),
    [({"min_size": 0}, "size"), ({"newer_than": "1d"}, "time"), ({"storage_class": ["X"]}, "storage class")],
)
def test_what_a_list_lacks_decides_nothing(given, name):
    with pytest.raises(UnknownPropertyError, match=name):
        parse(**given).keeps(Listed("a"))
    # If the key decides, the property does not matter.
    assert not parse(prefix="x", **given).keeps(Listed("a"))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"prefix": ""},
        {"suffix": ""},
        {"prefix": "x" * 1025},
        {"min_size": -1},
        {"max_size": 10**16},
        {"min_size": 2, "max_size": 1},
        {"older_than": ""},
        {"older_than": "1"},
        {"older_than": "2d", "newer_than": "2d"},
        {"storage_class": []},
        {"storage_class": [""]},
        {"storage_class": ["a b"]},
    ],
)
def test_a_filter_that_is_refused(given):
    with pytest.raises(OptionError, match="filter"):
        parse(**given)


@pytest.mark.parametrize("name", ["min_size", "max_size", "older_than", "newer_than", "storage_class"])
def test_a_source_of_keys_knows_only_keys(name):
    with pytest.raises(OptionError, match=f"filter.{name} requires listing"):
        parse(False, **{name: ["X"] if name == "storage_class" else 1})
    assert parse(False, prefix="a").prefix == "a"
