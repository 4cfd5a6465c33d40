# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of an inventory file: what is refused, with the account's number, and which queues the others are."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts

GOOD = {"provider": "aws", "regions": ["eu-central-1"]}
KEYS = {"access_key_variable": "SOME_ID", "secret_key_variable": "SOME_KEY"}
INJECTED = "A') }}{{ lookup('ansible.builtin.pipe', 'id') }}"


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("aws", "value of accounts[1] must be a dictionary"),
        (["aws"], "value of accounts[1] must be a dictionary"),
        ({"regions": ["eu-central-1"]}, "accounts[1]: missing required arguments: provider"),
        ({**GOOD, "provider": "gcs"}, "accounts[1]: value of provider must be one of"),
        ({**GOOD, "provider": True}, "value of accounts[1].provider must be text, got: True."),
        ({"provider": "aws"}, "accounts[1]: missing required arguments: regions"),
        ({**GOOD, "regions": []}, "value of accounts[1].regions must contain at least one region, got: []"),
        ({**GOOD, "regions": ""}, "value of accounts[1].regions must be an AWS region..., got: ''"),
        ({**GOOD, "regions": ["../x"]}, "value of accounts[1].regions must be an AWS region..., got: '../x'"),
        (
            {**GOOD, "regions": ["eu-central-1", "{{ x }}"]},
            "value of accounts[1].regions must be an AWS region..., got: '{{ x }}'",
        ),
        ({**GOOD, "regions": [False]}, "value of accounts[1].regions must be an AWS region..., got: 'False'"),
        (
            {**GOOD, "regions": "all", "home_region": "mars"},
            "value of accounts[1].home_region must be an AWS region..., got: 'mars'",
        ),
        ({**GOOD, "endpoint": "x"}, "accounts[1]: unsupported option 'endpoint'. Did you mean endpoint_url?"),
        ({**GOOD, "acount_id": "1"}, "accounts[1]: unsupported option 'acount_id'. Did you mean account_id?"),
        ({**GOOD, 5: "1"}, "accounts[1]: unsupported option 5. Supported options: access_key_variable"),
        ({**GOOD, "x" * 5000: "1"}, "accounts[1]: unsupported option (a long name). "),
        (
            {**GOOD, "secret_key": "x"},
            "value of accounts[1].secret_key must not be in an inventory file. Set secret_key_variable to the name",
        ),
        ({**GOOD, "access_key": None}, "Set access_key_variable to the name of an environment variable"),
        (
            {**GOOD, "account_id": 11122223333},
            "value of accounts[1].account_id must be text, got: 11122223333. Put the value in quotes, because",
        ),
        (
            {**GOOD, "account_id": ["111122223333"]},
            "value of accounts[1].account_id must be text, got: ['111122223333']. Set a single value.",
        ),
        ({**GOOD, "profile": False}, "value of accounts[1].profile must be text, got: False. Put the value in quotes"),
        ({**GOOD, "account_id": "1111"}, "value of accounts[1].account_id must be the 12 digits..., got: '1111'"),
        ({**GOOD, "provider": "cos", "regions": "ap-guangzhou", "app_id": "x"}, "value of accounts[1].app_id must be "),
        ({**GOOD, "profile": "my own"}, "value of accounts[1].profile must be 1 to 128 letters, digits, or _.@+- "),
        ({**GOOD, "profile": "my own"}, ", got: 'my own'. It is a part of the hostname unless name is set."),
        ({**GOOD, "name": "{{ x }}"}, ", got: '{{ x }}'. It is a part of the hostname."),
        ({**GOOD, **KEYS, "access_key_variable": INJECTED}, "must be the name of an environment variable"),
        (
            {**GOOD, **KEYS, "secret_key_variable": "1A"},
            "value of accounts[1].secret_key_variable must be the name of an environment variable..., got: '1A'",
        ),
        (
            {**GOOD, **KEYS, "secret_key_variable": "A\n"},
            "value of accounts[1].secret_key_variable must be the name of an environment variable..., got: 'A\\n'",
        ),
        (
            {**GOOD, **KEYS, "session_token_variable": ""},
            "value of accounts[1].session_token_variable must be the name of an environment variable..., got: ''",
        ),
        (
            {**GOOD, **KEYS, "session_token_variable": "Ä"},
            "value of accounts[1].session_token_variable must be the name of an environment variable..., got: 'Ä'",
        ),
        (
            {**GOOD, **KEYS, "session_token_variable": "A" * 257},
            "value of accounts[1].session_token_variable must be the name of an environment variable..., got: 'AAA",
        ),
        ({**GOOD, "access_key_variable": "A"}, "secret_key_variable is required with access_key_variable"),
        ({**GOOD, "session_token_variable": "A"}, "access_key_variable is required with session_token_variable"),
        (
            {**GOOD, **KEYS, "profile": "x"},
            "parameters are mutually exclusive: profile|access_key_variable and secret_key_variable",
        ),
        ({**GOOD, "validate_certs": "maybe"}, "accounts[1]: argument 'validate_certs'"),
    ],
    ids=str,
)
def test_refused_with_the_number_of_the_account(account: object, words: str) -> None:
    good = {"provider": "cos", "regions": ["ap-guangzhou"]}
    with pytest.raises(errors.OptionError) as refused:
        accounts.declare([good, account])
    text = str(refused.value)
    assert all(part in text for part in words.split("..."))
    assert text.startswith(("accounts[1]", "value of accounts[1]")) and len(text) < 500


SECRET = "hush-hush-hush"


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{SECRET}@host",
        f"http://{SECRET}@host",
        f"http://user:pa/{SECRET}@host",
        f"http://user:pa?{SECRET}@host",
        f"http://user:pa#{SECRET}@host",
        f"http:\\\\user:{SECRET}@host",
        f"http:/user:{SECRET}@host",
        f"//user:{SECRET}@host",
        f"user:{SECRET}@host",
        f"http://[user:{SECRET}@host",
        f"http://user:{SECRET}@host:99999",
        f"http://host/?token={SECRET}",
        f"http://host?{SECRET}",
        f"http://host/#{SECRET}",
        f"http://user:{SECRET}%40host@host",
        f"http://host:{SECRET}",
    ],
)
def test_an_endpoint_that_may_hold_a_secret_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(errors.OptionError) as refused:
        accounts.declare([{**GOOD, "endpoint_url": url}])
    assert str(refused.value).startswith("value of accounts[0].endpoint_url must be a URL")
    assert SECRET not in str(refused.value)


def test_an_empty_list_is_not_every_account() -> None:
    with pytest.raises(errors.OptionError, match=r"^value of accounts must contain at least one account, got: \[\]$"):
        accounts.declare([])


def test_one_queue_stands_in_the_file_once() -> None:
    with pytest.raises(errors.OptionError, match=r"accounts\[1\]: queue aws-eu-central-1 is listed more than once"):
        accounts.declare([GOOD, GOOD])


def test_a_queue_for_each_region() -> None:
    account = {**GOOD, "account_id": "011122223333", "regions": ["eu-central-1", "us-east-1"], "validate_certs": "no"}
    one, two = accounts.declare([{**account, **KEYS, "endpoint_url": "http://host:1/a/"}])
    assert (one.name, two.name) == ("aws-011122223333-eu-central-1", "aws-011122223333-us-east-1")
    assert one.given == {"account_id": "011122223333", "validate_certs": False, "endpoint_url": "http://host:1/a"}
    assert one.variables == {"access_key": "SOME_ID", "secret_key": "SOME_KEY"}


@pytest.mark.parametrize("name", ["account_id", "profile", "assume_role_external_id", "endpoint_url", "name"])
@pytest.mark.parametrize("nothing", ["", None])
def test_what_is_empty_is_not_set(name: str, nothing: str | None) -> None:
    (queue,) = accounts.declare([{**GOOD, name: nothing}])
    assert (queue.name, queue.given) == ("aws-eu-central-1", {})
