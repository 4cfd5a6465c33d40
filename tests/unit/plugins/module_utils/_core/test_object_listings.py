# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list that continue one another, and those that do not."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core import object_listings
from ansible_collections.objectstore.batch.plugins.module_utils._core.object_listings import Listed, Page, Sequel


def page(*keys, token="", markers=()):
    return Page([Listed(key) for key in keys], token, markers)


def of(*pairs, token="", markers=()):
    return Page([Listed(key, version) for key, version in pairs], token, markers)


def first_fault(pages, prefix="", versions=False):
    sequel = Sequel(prefix, versions)
    return next((text for text in map(sequel.fault, pages) if text), "")


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([page("a", "b", token="1"), page("c")], ""),
        ([page(token="1"), page("a", token="2"), page(token="3"), page("b")], ""),
        # In the order of UTF-8 and not of UTF-16: U+FFFD before U+10000.
        ([page("\ufffd", "\U00010000")], ""),
        ([page("b", "a")], "not in order"),
        ([page("a", "a")], "not in order"),
        ([page("a", "b", token="1"), page("b", "c")], "repeats keys"),
        ([page("a", "b", token="1"), page("a", "b", token="2")], "repeats keys"),
        ([page("b", token="1"), page("a")], "repeats keys"),
        ([page("a", token="1"), page(token="1")], "repeats a page or its token"),
        ([page(token="1"), page(token="2"), page(token="1")], "repeats a page or its token"),
        ([page("a", token="1"), page("b", token="1"), page("c")], ""),
    ],
)
def test_pages_of_keys(pages, words):
    found = first_fault(pages)
    assert words in found and bool(words) is bool(found)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([of(("a", "2"), ("a", "1"), token="x"), of(("a", "0"), ("b", "1"), markers=["a", "b"])], ""),
        ([of(("a", "2"), token="x"), of(markers=["a", "a"], token="y"), of(("a", "1"))], ""),
        ([of(("a", "1"), token="x"), of(("a", "1"))], "repeats a page or its token"),
        ([of(("a", "1"), ("a", "1"))], "repeats a page or its token"),
        ([of(("a", "1"), token="x"), of(("a", "0"), token="x")], "repeats a page or its token"),
        ([of(("b", "1"), token="x"), of(("a", "1"))], "repeats keys"),
        ([of(("b", "1"), token="x"), of(("c", "1"), markers=["a"])], "repeats keys"),
        ([of(("b", "1"), ("a", "1"))], "not in order"),
        ([of(markers=["b", "a"])], "not in order"),
    ],
)
def test_pages_of_versions(pages, words):
    found = first_fault(pages, versions=True)
    assert words in found and bool(words) is bool(found)


@pytest.mark.parametrize("found", [page("x/a", "y"), page(""), of(("x/a", "1"), markers=["y"])])
def test_a_key_of_another_prefix(found):
    assert "does not begin with the requested prefix" in first_fault([found], "x/", versions=bool(found.markers))


def test_pages_without_objects_have_an_end():
    pages = [page(token=str(number)) for number in range(object_listings.MOST_EMPTY + 1)]
    assert first_fault(pages[:-1]) == ""
    assert "empty pages" in first_fault(pages)
