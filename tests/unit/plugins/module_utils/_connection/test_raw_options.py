# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a task wrote, before AnsibleModule makes something else of them."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._connection.raw_options import check
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError

SPEC = {
    "job_id": {"type": "str"},
    "description": {"type": "str"},
    "provider": {"type": "str", "choices": ["aws", "cos", "oss"]},
    "secret_key": {"type": "str", "no_log": True, "aliases": ["aws_secret_key"]},
    "retries": {"type": "int"},
    "factor": {"type": "float"},
    "job_ids": {"type": "list", "elements": "str"},
    "order": {"type": "list", "elements": "raw"},
    "rules": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {}, "delta": {"type": "int"}, "to": {"type": "raw", "required": True}},
    },
    "select": {"type": "dict", "options": {"job_ids": {"type": "list", "elements": "str"}}},
}


@pytest.mark.parametrize(
    "params",
    [
        *[{}, {"unknown": True}, {"job_id": None}, {"job_id": "0123456"}, {"job_id": ""}, {"description": 7}],
        *[{"retries": value} for value in (0, -1, "-1", "12", 10**18 - 1, -(10**18) + 1)],
        *[{"factor": value} for value in (0, 1.5, "1.5")],
        *[{"job_ids": value} for value in ([], ["a"], "a,b", "")],
        *[{"order": value} for value in ([1, True, {}], "a,b")],
        *[{"rules": value} for value in ([{"to": 1}], [{"to": 1, "name": None}], "")],
        *[{"select": value} for value in ({}, {"job_ids": ["a"]}, "job_ids=a", '{"job_ids": ["a"]}')],
    ],
    ids=str,
)
def test_what_is_what_it_is_taken_for(params):
    check(SPEC, params)


@pytest.mark.parametrize("value", [True, 1.0, "1e1", "+1", " 1", "1\n", "0x1", "", "\u0661", 10**18, "1" * 19, [], {}])
def test_no_whole_number(value):
    with pytest.raises(OptionError, match=r"^value of retries must be an integer of at most 18 decimal digits, got: "):
        check(SPEC, {"retries": value})


@pytest.mark.parametrize("value", [False, float("nan"), float("inf"), [1], {}])
def test_no_finite_number(value):
    with pytest.raises(OptionError, match=r"^value of factor must be a finite number, got: "):
        check(SPEC, {"factor": value})


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"job_id": True}, "job_id: True"),
        ({"job_id": 123456}, "job_id: 123456"),
        ({"description": 1.10}, "description: 1.1"),
        ({"description": ["a"]}, "description: ['a']"),
        ({"job_ids": 123456}, "job_ids: 123456"),
        ({"job_ids": ["a", 123456]}, "job_ids[1]: 123456"),
        ({"job_ids": ["a", False]}, "job_ids[1]: False"),
        ({"job_ids": [None]}, "job_ids[0]: None"),
        ({"job_ids": {"a": 1}}, "job_ids: {'a': 1}"),
        ({"order": 5}, "order: 5"),
        ({"order": ["a", None]}, "order[1]: None"),
        ({"rules": [{"to": 1}, {"to": None}]}, "rules[1].to: None"),
        ({"rules": [{"to": 1, "delta": True}]}, "rules[0].delta: True"),
        ({"rules": "name=a"}, "rules: 'name=a'"),
        ({"rules": ["abc"]}, "rules[0]: 'abc'"),
        ({"select": {"job_ids": [7]}}, "select.job_ids[0]: 7"),
        ({"select": '{"job_ids": [7]}'}, "select.job_ids[0]: 7"),
        ({"select": "{'job_ids': [True]}"}, "select.job_ids[0]: True"),
        ({"select": ["a"]}, "select: ['a']"),
        ({"select": "abc"}, "select: 'abc'"),
        ({"select": '{"a":' * 100_000}, "select: "),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_refusal_names_the_place_and_the_value(params, place):
    with pytest.raises(OptionError) as error:
        check(SPEC, params)
    option, _colon, value = place.partition(": ")
    assert str(error.value).startswith(f"value of {option} must ")
    assert f", got: {value}" in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("name", ["secret_key", "aws_secret_key"])
@pytest.mark.parametrize("value", [12345.678, ["hunter2"], True])
def test_a_secret_is_refused_and_not_shown(name, value):
    with pytest.raises(OptionError, match=f"^value of {name} must be text") as error:
        check(SPEC, {name: value})
    assert not [word for word in ("12345", "hunter2", "True") if word in str(error.value)]
