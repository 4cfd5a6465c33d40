# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tags a job gets, and how the difference is described."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws import traits
from ansible_collections.objectstore.batch.plugins.module_utils._tags import desired_tags

SYSTEM = {"aws:stack": "s"}


def decide(tags, current, purge=True):
    return desired_tags.decide(desired_tags.DesiredTags("job-1", tags, purge), current, traits.TRAITS)


@pytest.mark.parametrize(
    ("tags", "current", "purge", "after"),
    [
        ({"a": "1"}, {"b": "2"}, True, {"a": "1"}),
        ({"a": "1"}, {"b": "2"}, False, {"a": "1", "b": "2"}),
        ({}, {"b": "2", **SYSTEM}, True, SYSTEM),
    ],
)
def test_updates(tags, current, purge, after):
    decision = decide(tags, current, purge)
    assert decision.outcome == "update"
    assert desired_tags.target(decision.desired, current) == after


@pytest.mark.parametrize(
    ("tags", "current", "purge"), [({}, {}, True), ({}, {"b": ""}, False), ({"a": "1"}, {"a": "1", **SYSTEM}, True)]
)
def test_no_change(tags, current, purge):
    assert decide(tags, current, purge).outcome == "unchanged"


def test_too_many_tags_together():
    current = {f"k{number}": "" for number in range(50)}
    decision = decide({"more": ""}, current, purge=False)
    assert (decision.outcome, decision.failure.kind) == ("failed", "quota")
    assert "would have 51 tags" in decision.failure.message


def test_texts_are_escaped():
    hostile = {"a\u202eb": "x\ny"}
    assert desired_tags.summary(hostile, {"k": "v"}) == "1 added (k), 1 removed (a\\u202eb)"
    assert desired_tags.lines(hostile).count("\n") == 1
