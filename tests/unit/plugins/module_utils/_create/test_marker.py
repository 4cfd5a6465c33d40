# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks in descriptions, which other users can copy or write by chance."""

from __future__ import annotations

import re

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._create.marker import (
    LENGTH,
    NONE,
    Mark,
    canonical,
    digest,
    find,
    make,
    strip,
)

MARK = Mark("0123456789ab", "01234567")
TEXT = "[token 0123456789ab-01234567]"


def test_marks_of_earlier_releases_stay_as_they_are():
    """Another digest would create every job a second time."""
    assert digest({"b": 1, "a": "\u00e9"}) == digest({"a": "\u00e9", "b": 1})
    assert str(make("token-1", {"b": 1, "a": "\u00e9"})) == "[token a6d75cb65182-d73913ef]"


def test_a_mark_takes_the_length_that_is_kept_for_it():
    description = f"restore {make('t', {})}"
    assert len(description) == len("restore") + LENGTH
    assert find(description) == make("t", {})
    assert strip(description) == "restore"


@pytest.mark.parametrize("value", ["7", 7.5, None, True, [7], {"a": 7}])
def test_another_type_is_another_content(value):
    assert digest(7) != digest(value)
    assert make("t", 7).token == make("t", value).token


@pytest.mark.parametrize(
    ("description", "mark", "own"),
    [
        (TEXT, MARK, ""),
        (f"restore {TEXT}", MARK, "restore"),
        (f"a\nb {TEXT}", MARK, "a\nb"),
        (f"{TEXT} {TEXT}", MARK, TEXT),
        ("", NONE, ""),
        ("restore", NONE, "restore"),
        (f"{TEXT} restore", NONE, f"{TEXT} restore"),
        (f"{TEXT}\n", NONE, TEXT),
        (f"restore {TEXT.upper()}", NONE, f"restore {TEXT.upper()}"),
        ("restore [token 0123456789ab-0123456]", NONE, "restore [token 0123456789ab-0123456]"),
        ("restore [token 0123456789ab-012345678]", NONE, "restore [token 0123456789ab-012345678]"),
        ("restore [token 0123456789a\u0661-01234567]", NONE, "restore [token 0123456789a\u0661-01234567]"),
    ],
)
def test_only_a_whole_mark_at_the_end_is_one(description, mark, own):
    assert find(description) == mark
    assert strip(description) == own


@pytest.mark.parametrize("etag", ["abc", '"abc"', ' "abc" '])
def test_an_etag_with_and_without_quotes_is_one(etag):
    sent = {"Manifest": {"Spec": {"Format": "f"}, "Location": {"ETag": etag, "ObjectArn": "arn"}}, "RoleArn": "role"}
    plain = {"Manifest": {"Spec": {"Format": "f"}, "Location": {"ETag": "abc", "ObjectArn": "arn"}}, "RoleArn": "role"}
    assert canonical(sent) == plain
    assert sent["Manifest"]["Location"]["ETag"] == etag


@pytest.mark.parametrize("sent", [{}, {"Manifest": None}, {"Manifest": {"Spec": {}}}, {"KeyPrefix": {"ETag": '"a"'}}])
def test_what_has_no_etag_of_a_manifest_is_left_as_it_is(sent):
    assert canonical(sent) == sent


def test_mark_has_only_signs_that_every_cloud_lists():
    assert re.fullmatch(r"\[token [0-9a-f]{12}-[0-9a-f]{8}\]", str(make("\u202e", object())))
