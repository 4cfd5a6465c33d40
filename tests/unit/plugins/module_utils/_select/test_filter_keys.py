# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a selector: what AnsibleModule takes is what is read, and nothing is ignored."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes
from ansible_collections.objectstore.batch.plugins.module_utils._select.filter_keys import (
    KEYS,
    SELECTOR_SPEC,
    select_spec,
)
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import Selector, parse_selector

VALUES = {
    "job_ids": ["job-1"],
    "statuses": ["Active"],
    "operations": ["S3PutObjectTagging"],
    "description": "x",
    "min_age": "1h",
    "max_age": "1h",
    "min_priority": 0,
    "max_priority": "high",
    "tags": {"a": ""},
}


def test_every_condition_of_a_selector_has_its_key():
    assert set(KEYS) == {field.name for field in dataclasses.fields(Selector)} - {"any_case"}


@pytest.mark.parametrize("key", KEYS)
def test_no_key_is_ignored(key):
    """A key that is taken and not read would match every job."""
    found = parse_selector("select", {key: VALUES[key]}, TRAITS, parse_classes(None, TRAITS))
    assert getattr(found, key) is not None
    assert dataclasses.replace(found, **{key: None}) == Selector()


@pytest.mark.parametrize("matches", ["one", "some", "any"])
def test_options_of_a_task(matches):
    spec = select_spec(matches)
    assert spec["matches"]["default"] == matches
    assert matches in spec["matches"]["choices"]
    assert spec["select"]["options"] is SELECTOR_SPEC
    assert not [key for key, rule in SELECTOR_SPEC.items() if "default" in rule or rule.get("required")]
