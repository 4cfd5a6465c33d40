# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks that older releases wrote: each spelling of one request is found, and no job of another request."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._create import marker
from ansible_collections.objectstore.batch.plugins.module_utils._create.old_marker import marks

QUEUE = ("cos", "ap-guangzhou", "100000000001")


def given(**parameters):
    return {
        "Operation": {"COSInitiateRestoreObject": parameters},
        "Manifest": {"Spec": {"Format": "csv"}, "Location": {"ETag": "abc"}},
        "Report": {"Enabled": True},
        "RoleArn": "acs:ram::1234567890123456:role/batch",
    }


def written(content, token="mine"):
    return marker.make(token, content)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ({"ExpirationInDays": 7}, {"ExpirationInDays": "7"}),
        ({"ExpirationInDays": "7"}, {"ExpirationInDays": 7}),
        ({"PrefixReplace": True}, {"PrefixReplace": "True"}),
        ({"PrefixReplace": "true"}, {"PrefixReplace": True}),
        ({"JobTier": ""}, {"JobTier": None}),
        ({"JobTier": None}, {"JobTier": ""}),
        ({"TagSet": [{"Key": "a", "Value": "1"}]}, {"TagSet": [{"Key": "a", "Value": 1}]}),
        ({"ExpirationInDays": 7, "PrefixReplace": False}, {"ExpirationInDays": "7", "PrefixReplace": "False"}),
    ],
)
def test_a_job_that_was_created_with_another_spelling_is_found(now, then):
    found = marks(given(**now), "mine", QUEUE, COS)
    assert written(given(**now)) in found
    assert written(given(**then)) in found


@pytest.mark.parametrize(
    ("now", "other"),
    [
        ({"ExpirationInDays": 7}, {"ExpirationInDays": 8}),
        ({"Value": "007"}, {"Value": 7}),
        ({"PrefixReplace": True}, {"PrefixReplace": False}),
        ({"PrefixReplace": True}, {"PrefixReplace": 1}),
        ({"Value": "NO"}, {"Value": False}),
        ({"JobTier": ""}, {}),
        ({"JobTier": "Bulk"}, {"JobTier": "bulk"}),
    ],
)
def test_a_job_of_another_request_is_not(now, other):
    assert written(given(**other)) not in marks(given(**now), "mine", QUEUE, COS)


def test_what_ansible_gave_a_type_has_one_spelling():
    content = given(ExpirationInDays="a")
    text = {**content, "Report": {"Enabled": "true"}}
    assert marks(content, "mine", QUEUE, COS) == {written(content)}
    assert written(text) not in marks(content, "mine", QUEUE, COS)


def test_another_token_is_another_job():
    content = given(ExpirationInDays=7)
    ours = {mark.token for mark in marks(content, "mine", QUEUE, COS)}
    assert ours == {written(content).token}
    assert not ours & {mark.token for mark in marks(content, "yours", QUEUE, COS)}


@pytest.mark.parametrize(
    ("traits", "accounts"),
    [(AWS, {"100000000001"}), (COS, {"100000000001"}), (OSS, {"100000000001", "", "1234567890123456"})],
    ids=["aws", "cos", "oss"],
)
def test_a_derived_token_is_of_the_account_that_the_task_may_have_named(traits, accounts):
    if traits is OSS:
        assert not traits.connection.account_in_requests
    content = given(Prefix="logs/")
    tokens = [marker.digest([*QUEUE[:-1], account, content]) for account in sorted(accounts)]
    found = marks(content, "", QUEUE, traits)
    assert {written(content, token) for token in tokens} <= found
    other = marker.digest([*QUEUE[:-1], "999999999999", content])
    assert written(content, other) not in found


def test_the_number_of_spellings_is_bounded():
    many = {f"Days{number}": number for number in range(12)}
    found = marks(given(**many), "mine", QUEUE, COS)
    assert len(found) <= 256
    assert {written(given(**many)), written(given(**{name: str(value) for name, value in many.items()}))} <= found


def test_where_the_sdk_types_parameters_any_flag_may_have_been_a_word():
    traits = dataclasses.replace(COS, jobs=COS.jobs._replace(parameters={}))
    assert written(given(Value=True)) in marks(given(Value="yes"), "mine", QUEUE, traits)
    assert written(given(Value=True)) not in marks(given(Value="yes"), "mine", QUEUE, COS)
