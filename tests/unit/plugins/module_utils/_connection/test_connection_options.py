# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options: environment, credentials, offline checks."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._connection.connection_options import (
    CONNECTION_SPEC,
    resolve,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Credentials

COS_PARAMS = {"region": "ap-guangzhou", "account_id": "100000000001", "app_id": "1250000000"}


def options(traits=AWS, environment=None, **params):
    given = {name: spec.get("default") for name, spec in CONNECTION_SPEC.items()}
    given.update(COS_PARAMS if traits is COS else {}, **params)
    return resolve(given, environment or {}, traits)


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_region_of_the_environment(name):
    assert options(environment={name: "eu-west-1"}).region == "eu-west-1"
    assert options(environment={name: "eu-west-1"}, region="us-east-1").region == "us-east-1"


def test_the_first_variable_wins():
    found = options(environment={"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-2"})
    assert found.region == "eu-west-2"


def test_empty_variables_are_none():
    assert options(environment={"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-1"}).region == "eu-west-1"


def test_values_of_the_environment_are_checked_as_well():
    with pytest.raises(OptionError, match=r"^region: 'nowhere' is refused"):
        options(environment={"AWS_REGION": "nowhere"})


@pytest.mark.parametrize(
    ("traits", "environment", "expected"),
    [
        (
            AWS,
            {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SECURITY_TOKEN": "token"},
            Credentials("id", "key", "token"),
        ),
        (AWS, {"AWS_ACCESS_KEY": "id", "AWS_SECRET_KEY": "key"}, Credentials("id", "key")),
        (
            COS,
            {"TENCENTCLOUD_SECRET_ID": "id", "TENCENTCLOUD_SECRET_KEY": "key", "TENCENTCLOUD_TOKEN": "token"},
            Credentials("id", "key", "token"),
        ),
        (
            COS,
            {"TENCENTCLOUD_SECRET_ID": "id", "TENCENTCLOUD_SECRET_KEY": "key", "TENCENTCLOUD_SECURITY_TOKEN": "token"},
            Credentials("id", "key", "token"),
        ),
        (COS, {"COS_SECRETID": "id", "COS_SECRETKEY": "key"}, Credentials("id", "key")),
        (AWS, {"AWS_ACCESS_KEY_ID": "id"}, None),
        (AWS, {"AWS_SESSION_TOKEN": "token"}, None),
        (COS, {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}, None),
    ],
)
def test_keys_of_the_environment(traits, environment, expected):
    assert options(traits, environment).credentials == expected


def test_keys_of_task_and_environment_are_never_mixed():
    environment = {"AWS_ACCESS_KEY_ID": "e1", "AWS_SECRET_ACCESS_KEY": "e2", "AWS_SESSION_TOKEN": "e3"}
    assert options(environment=environment, access_key="id", secret_key="key").credentials == Credentials("id", "key")
    assert options(environment=environment, profile="other").credentials is None


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"access_key": "id"}, "^secret_key is required when access_key is given"),
        ({"secret_key": "key"}, "^access_key is required when secret_key is given"),
        ({"session_token": "token"}, "^access_key is required"),
        ({"access_key": "id", "secret_key": "key", "profile": "p"}, "^profile: it cannot be combined"),
        ({"access_key": "id", "secret_key": "swordfish\n"}, "^secret_key: the value is refused"),
        ({"request_timeout": 0.0}, "^request_timeout: 0.0 is refused: it must be 0.1 or more"),
        ({"request_timeout": float("nan")}, "^request_timeout"),
        ({"max_attempts": 0}, "^max_attempts"),
        ({"retry_deadline": -1.0}, "^retry_deadline"),
        ({"endpoint_url": "localhost"}, "^endpoint_url"),
        ({"account_id": "12345"}, "^account_id"),
    ],
    ids=str,
)
def test_refused(params, text):
    with pytest.raises(OptionError, match=text) as caught:
        options(**params)
    assert "swordfish" not in str(caught.value)


@pytest.mark.parametrize("name", ["region", "account_id", "app_id"])
def test_cos_needs_all_three(name):
    with pytest.raises(OptionError, match=f"^{name} is required for Tencent COS"):
        options(COS, **{name: None})


def test_the_message_names_the_variable():
    with pytest.raises(OptionError, match="set the option or TENCENTCLOUD_REGION"):
        options(COS, region=None)


def test_secrets_are_not_in_the_text_of_objects():
    found = options(access_key="id", secret_key="swordfish", session_token="sesame")
    assert "swordfish" not in repr(found)
    assert "sesame" not in repr(found)


@pytest.mark.parametrize("name", ["secret_key", "session_token"])
def test_secrets_are_masked_by_ansible(name):
    assert CONNECTION_SPEC[name]["no_log"] is True
