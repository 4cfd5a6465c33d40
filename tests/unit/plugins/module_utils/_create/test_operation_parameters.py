# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of operations: the types that are sent, and the values that are rejected."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._create.operation_parameters import read, read_operation

KINDS = {
    "Value": "text",
    "Tier": "word",
    "Days": "integer",
    "Replace": "boolean",
    "Since": "time",
    "TagSet": "list",
}


def sent(parameters, kinds=None):
    return read_operation("Restore", parameters, KINDS if kinds is None else kinds)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Days": "7", "Replace": "yes"}, {"Days": 7, "Replace": True}),
        ({"Days": 0, "Replace": False}, {"Days": 0, "Replace": False}),
        # The cloud's to judge.
        ({"Days": "seven", "Replace": "maybe"}, {"Days": "seven", "Replace": "maybe"}),
        ({"Value": "7", "Tier": "NO"}, {"Value": "7", "Tier": "NO"}),
        ({"Value": ""}, {"Value": ""}),
        # A template without a value leaves a parameter out; text and lists are never left out silently.
        ({"Days": None, "Tier": None, "Replace": None, "Since": None}, {}),
        ({"Tier": ""}, {}),
        ({"Since": 1767225600}, {"Since": 1767225600}),
        ({"TagSet": [{"Key": "a", "Value": "b"}]}, {"TagSet": [{"Key": "a", "Value": "b"}]}),
        ({"Unlisted": {"Days": "7"}}, {"Unlisted": {"Days": 7}}),
        ({}, {}),
        (None, {}),
    ],
)
def test_parameters_in_the_type_that_is_sent(given, expected):
    found = sent(given)
    assert found == expected
    assert [type(value) for value in found.values()] == [type(value) for value in expected.values()]


@pytest.mark.parametrize(
    ("given", "rule", "value"),
    [
        ({"Value": 7}, "value of operation.Restore.Value must ", "got: 7"),
        ({"Value": True}, "value of operation.Restore.Value must ", "got: True"),
        ({"Value": None}, "value of operation.Restore.Value must ", "got: None"),
        ({"TargetResource": 7}, "value of operation.Restore.TargetResource must ", "got: 7"),
        ({"Days": 7.0}, "value of operation.Restore.Days must ", "got: 7.0"),
        ({"Days": True}, "value of operation.Restore.Days must ", "got: True"),
        ({"Days": []}, "value of operation.Restore.Days must ", "got: []"),
        ({"Replace": 1}, "value of operation.Restore.Replace must ", "got: 1"),
        ({"Since": True}, "value of operation.Restore.Since must ", "got: True"),
        ({"TagSet": "a,b"}, "value of operation.Restore.TagSet must ", "got: 'a,b'"),
        ({"TagSet": None}, "value of operation.Restore.TagSet must ", "got: None"),
        ({"Version": 1.10}, "value of operation.Restore.Version must ", "got: 1.1"),
        ({"TagSet": [{"Key": None}]}, "value of operation.Restore.TagSet[0].Key must ", "got: None"),
        ({"TagSet": [None]}, "value of operation.Restore.TagSet[0] must ", "got: None"),
        ({"Outer": {"Days": None}}, "value of operation.Restore.Outer.Days must ", "got: None"),
        ({"Value": "a\x00b"}, "value of operation.Restore.Value must ", "got: 'a\\x00b'"),
        ({"Value": "\ud800"}, "value of operation.Restore.Value must ", "got: "),
        ({"a b": 1}, "value of operation.Restore must ", "got: 'a b'"),
        ({"x><evil": 1}, "value of operation.Restore must ", "got: 'x><evil'"),
        ({"": 1}, "value of operation.Restore must ", "got: ''"),
    ],
)
def test_a_refusal_names_the_parameter(given, rule, value):
    with pytest.raises(OptionError) as error:
        sent(given)
    assert str(error.value).startswith(rule)
    assert f", {value}" in str(error.value)


@pytest.mark.parametrize("name", ["", "a b", "Restore>", "1Restore", "Rest\u00f6re", "Restore\n"])
def test_a_name_that_is_none_of_an_api(name):
    with pytest.raises(OptionError, match=r"^value of operation must be a name in the provider's API, got: "):
        read_operation(name, {}, KINDS)


def test_where_the_sdk_has_a_model_it_judges_types_and_names_of_maps():
    given = {"UserMetadata": {"x amz": "1"}, "Days": "7", "Value": 7, "Rate": 1.5}
    assert sent(given, {}) == given
    with pytest.raises(OptionError, match=r"^value of operation.Restore must be a name .*, got: "):
        sent({"a\x00": 1}, {})


@pytest.mark.parametrize("wrap", [lambda value: {"Outer": value}, lambda value: [value]], ids=["dict", "list"])
def test_depth_is_bounded(wrap):
    value = "x"
    for _level in range(38):
        value = wrap(value)
    assert read("manifest_generator", {"Filter": value}, {})
    for _level in range(5_000):
        value = wrap(value)
    with pytest.raises(OptionError, match=r"^value of manifest_generator must have at most 40 nested levels$"):
        read("manifest_generator", {"Filter": value}, {})


def test_the_number_of_values_is_bounded():
    assert read("manifest_generator", {"Keys": ["x"] * 49_998}, {})
    with pytest.raises(OptionError, match=r"^value of manifest_generator must have at most 50000 values$"):
        read("manifest_generator", {"Keys": ["x"] * 49_999}, {})
