# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options: environment, credentials, offline checks."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
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
    with pytest.raises(OptionError, match=r"^value of region must be an AWS region .*, got: 'nowhere'"):
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
        ({"access_key": "id"}, "^secret_key is required if access_key is set. Set secret_key in the task, or remove"),
        ({"secret_key": "key"}, "^access_key is required if secret_key is set"),
        ({"session_token": "token"}, "^access_key is required"),
        (
            {"access_key": "id", "secret_key": "key", "profile": "p"},
            "^options are mutually exclusive: profile and access_key, secret_key",
        ),
        ({"access_key": "id", "secret_key": "swordfish\n"}, "^value of secret_key must be printable ASCII"),
        ({"request_timeout": 0.0}, "^value of request_timeout must be 0.1 or more, got: 0.0$"),
        ({"request_timeout": float("nan")}, "^value of request_timeout must be 0.1 or more, got: nan$"),
        ({"max_attempts": 0}, "^value of max_attempts must be 1 or more, got: 0$"),
        ({"retry_deadline": -1.0}, "^value of retry_deadline must be 0 or more, got: -1.0$"),
        ({"endpoint_url": "localhost"}, "^value of endpoint_url must be a URL"),
        ({"account_id": "12345"}, "^value of account_id must be the 12 digits"),
    ],
    ids=str,
)
def test_refused(params, text):
    with pytest.raises(OptionError, match=text) as caught:
        options(**params)
    assert "swordfish" not in str(caught.value)


@pytest.mark.parametrize("name", ["region", "account_id", "app_id"])
def test_cos_needs_all_three(name):
    with pytest.raises(OptionError, match=rf"^{name} is required for Tencent COS batch processing\. Set {name} "):
        options(COS, **{name: None})


def test_the_message_names_the_variable():
    with pytest.raises(OptionError, match=r"^region is required for .* Set region in the task or in TENCENTCLOUD_REG"):
        options(COS, region=None)


def test_one_message_names_both_numbers_of_cos():
    with pytest.raises(OptionError) as caught:
        options(COS, account_id=None, app_id="")
    assert str(caught.value) == (
        "account_id and app_id are required for Tencent COS batch processing."
        " Set account_id (alias uin) in the task, or in OBJECTSTORE_BATCH_COS_ACCOUNT_ID for the playbooks of this"
        " collection. Set app_id (alias appid) in the task, or in OBJECTSTORE_BATCH_COS_APP_ID for the playbooks of"
        " this collection."
    )


@pytest.mark.parametrize("traits", [AWS, COS, OSS])
def test_the_message_about_a_missing_option_names_its_variables(traits):
    for name in traits.connection.required:
        with pytest.raises(OptionError) as caught:
            options(traits, **{name: None})
        variables = traits.connection.environment.get(name) or [traits.connection.playbook_variables[name]]
        assert all(word in str(caught.value) for word in (f"Set {name} ", traits.title, *variables))


def test_secrets_are_not_in_the_text_of_objects():
    found = options(access_key="id", secret_key="swordfish", session_token="sesame")
    assert "swordfish" not in repr(found)
    assert "sesame" not in repr(found)


@pytest.mark.parametrize("name", ["secret_key", "session_token"])
def test_secrets_are_masked_by_ansible(name):
    assert CONNECTION_SPEC[name]["no_log"] is True
