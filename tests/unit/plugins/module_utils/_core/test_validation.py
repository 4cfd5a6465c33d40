# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users may write, and what is refused."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.validation import (
    Rule,
    parse_endpoint,
    parse_priority,
)

LARGEST = 2147483647


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (1, 1), (LARGEST, LARGEST), ("0", 0), ("42", 42), ("2147483647", LARGEST)],
)
def test_priorities(value, expected):
    result = parse_priority("priority", value, LARGEST)
    assert result == expected
    assert isinstance(result, int) and not isinstance(result, bool)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        1.0,
        10.5,
        float("nan"),
        -1,
        LARGEST + 1,
        "2147483648",
        "9" * 5000,
        "-1",
        "+5",
        " 5",
        "5 ",
        "5\n",
        "",
        "0x10",
        "1e3",
        "1_000",
        "1.0",
        "007",
        "true",
        "ten",
        "\uff15",
        "\u0663",
        None,
        [5],
        {"priority": 5},
        b"5",
    ],
    ids=repr,
)
def test_refused_priorities(value):
    with pytest.raises(OptionError) as caught:
        parse_priority("priority", value, LARGEST)
    text = str(caught.value)
    assert text.startswith("value of priority must be an integer from 0 to 2147483647")
    assert f", got: {value!r}"[:80] in text
    assert len(text) < 300


def test_the_refusal_shows_the_value_and_the_rule():
    with pytest.raises(OptionError) as caught:
        parse_priority("expect_current", "2147483648", LARGEST)
    assert str(caught.value) == "value of expect_current must be an integer from 0 to 2147483647, got: '2147483648'"


def test_the_range_is_data():
    assert parse_priority("priority", 1073741824, 1073741824) == 1073741824
    with pytest.raises(OptionError):
        parse_priority("priority", 1073741825, 1073741824)


@pytest.mark.parametrize(
    ("traits", "option", "value"),
    [
        (AWS, "job_id", "abcde"),
        (AWS, "job_id", "00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c"),
        (AWS, "account_id", "000000000001"),
        (AWS, "region", "us-east-1"),
        (AWS, "region", "us-gov-west-1"),
        (AWS, "region", "us-iso-east-1"),
        (AWS, "region", "eusc-de-east-1"),
        (COS, "job_id", "a"),
        (COS, "job_id", "53dc6228-c50b-46f7-8ad7-65e7159f1aae"),
        (COS, "job_id", "x" * 64),
        (COS, "account_id", "100000000001"),
        (COS, "app_id", "1250000000"),
        (COS, "region", "ap-chengdu"),
        (COS, "region", "ap-shenzhen-fsi"),
        (COS, "region", "na-siliconvalley"),
    ],
)
def test_ids(traits, option, value):
    assert traits.rules[option].check(option, value) == value


@pytest.mark.parametrize(
    ("traits", "option", "value"),
    [
        (AWS, "job_id", ""),
        (AWS, "job_id", "abcd"),
        (AWS, "job_id", "x" * 37),
        (AWS, "job_id", "abc/def"),
        (AWS, "job_id", "abc.def"),
        (AWS, "job_id", "abcdef\n"),
        (AWS, "job_id", "äbcdef"),
        (AWS, "account_id", "12345"),
        (AWS, "account_id", "1250000000"),
        (AWS, "account_id", "12345678901a"),
        (AWS, "region", "aws-global"),
        (AWS, "region", "us-east"),
        (AWS, "region", "us-east-1.example.com/"),
        (AWS, "region", "US-EAST-1"),
        (COS, "job_id", ""),
        (COS, "job_id", "."),
        (COS, "job_id", ".."),
        (COS, "job_id", "a/../b"),
        (COS, "job_id", "a.b"),
        (COS, "job_id", "a b"),
        (COS, "job_id", "a\nb"),
        (COS, "job_id", "x" * 65),
        (COS, "job_id", "jöb"),
        (COS, "account_id", "someone"),
        (COS, "account_id", "100000000001.evil"),
        (COS, "app_id", "100000000001"),
        (COS, "app_id", "bucket-1250000000"),
        (COS, "region", "ap-guangzhou.evil.example"),
        (COS, "region", ""),
    ],
)
def test_refused_ids(traits, option, value):
    with pytest.raises(OptionError, match=f"^value of {option} must be (?s:.*), got: "):
        traits.rules[option].check(option, value)


def test_swapping_uin_and_appid_is_named():
    with pytest.raises(
        OptionError,
        match=r"^value of app_id must be an APPID .*, got: '100000000001'\. .* belongs in account_id \(uin\)",
    ):
        COS.rules["app_id"].check("app_id", "100000000001")


def test_rules_match_whole_values():
    with pytest.raises(OptionError):
        Rule("[a-z]+", "letters").check("option", "abc1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("https://control.vpce-1.s3.eu-central-1.vpce.amazonaws.com/", None),
        ("http://[::1]:8080/base/", "http://[::1]:8080/base"),
    ],
)
def test_endpoints(value, expected):
    assert parse_endpoint("endpoint_url", value) == (expected or value.rstrip("/"))


@pytest.mark.parametrize(
    "value",
    [
        "127.0.0.1:4566",
        "ftp://host",
        "http://",
        "http://host:port",
        "http://host/?q=1",
        "http://host/#f",
        "http://a b/",
    ],
)
def test_refused_endpoints(value):
    with pytest.raises(OptionError, match=r"^value of endpoint_url must be a URL of the form"):
        parse_endpoint("endpoint_url", value)


def test_a_password_in_an_endpoint_is_not_shown():
    with pytest.raises(OptionError) as caught:
        parse_endpoint("endpoint_url", "http://user:swordfish@host/")
    assert "swordfish" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    ["http://u:hush@host", "http://u:pa/hush@host", "http://host:hush", "http://h?hush", "http://h/#hush", "u:hush@h"],
)
def test_a_refused_endpoint_that_may_hold_a_secret_is_not_shown(value):
    with pytest.raises(OptionError) as refused:
        parse_endpoint("endpoint_url", value)
    assert str(refused.value).startswith("value of endpoint_url must be a URL of the form") and "hush" not in str(
        refused.value
    )
