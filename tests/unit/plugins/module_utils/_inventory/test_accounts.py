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
        ("aws", "accounts[1] must be a dictionary"),
        (["aws"], "accounts[1] must be a dictionary"),
        ({"regions": ["eu-central-1"]}, "accounts[1]: missing required arguments: provider"),
        ({**GOOD, "provider": "gcs"}, "accounts[1]: value of provider must be one of"),
        ({**GOOD, "provider": True}, "accounts[1].provider: True is refused"),
        ({"provider": "aws"}, "accounts[1]: missing required arguments: regions"),
        ({**GOOD, "regions": []}, "accounts[1].regions: the list is empty"),
        ({**GOOD, "regions": ""}, "accounts[1].regions: '' is refused"),
        ({**GOOD, "regions": ["../x"]}, "accounts[1].regions: '../x' is refused: it must be an AWS region"),
        ({**GOOD, "regions": ["eu-central-1", "{{ x }}"]}, "accounts[1].regions: '{{ x }}' is refused"),
        ({**GOOD, "regions": [False]}, "accounts[1].regions: 'False' is refused"),
        ({**GOOD, "regions": "all", "home_region": "mars"}, "accounts[1].home_region: 'mars' is refused"),
        ({**GOOD, "endpoint": "x"}, "'endpoint' is not an option of an account; did you mean endpoint_url?"),
        ({**GOOD, "acount_id": "1"}, "'acount_id' is not an option of an account; did you mean account_id?"),
        ({**GOOD, 5: "1"}, "accounts[1]: 5 is not an option of an account; the options are access_key_variable"),
        ({**GOOD, "x" * 5000: "1"}, "accounts[1]: a long name is not an option of an account"),
        (
            {**GOOD, "secret_key": "x"},
            "accounts[1].secret_key: the file must not hold keys; name the environment variable",
        ),
        ({**GOOD, "access_key": None}, "name the environment variable in access_key_variable"),
        (
            {**GOOD, "account_id": 11122223333},
            "accounts[1].account_id: 11122223333 is refused: it must be text; put it in",
        ),
        (
            {**GOOD, "account_id": ["111122223333"]},
            "accounts[1].account_id: ['111122223333'] is refused: it must be text;",
        ),
        ({**GOOD, "profile": False}, "accounts[1].profile: False is refused: it must be text; put it in quotes"),
        ({**GOOD, "account_id": "1111"}, "accounts[1].account_id: '1111' is refused: it must be the 12 digits"),
        ({**GOOD, "provider": "cos", "regions": "ap-guangzhou", "app_id": "x"}, "accounts[1].app_id: 'x' is refused"),
        ({**GOOD, "profile": "my own"}, "accounts[1]: 'my own' is refused: it must be 1 to 128 letters"),
        ({**GOOD, "name": "{{ x }}"}, "to be part of a host's name; set the option name"),
        ({**GOOD, **KEYS, "access_key_variable": INJECTED}, "it must be the name of an environment variable"),
        ({**GOOD, **KEYS, "secret_key_variable": "1A"}, "accounts[1].secret_key_variable: '1A' is refused"),
        ({**GOOD, **KEYS, "secret_key_variable": "A\n"}, "accounts[1].secret_key_variable: 'A\\n' is refused"),
        ({**GOOD, **KEYS, "session_token_variable": ""}, "accounts[1].session_token_variable: '' is refused"),
        ({**GOOD, **KEYS, "session_token_variable": "Ä"}, "accounts[1].session_token_variable: 'Ä' is refused"),
        ({**GOOD, **KEYS, "session_token_variable": "A" * 257}, "accounts[1].session_token_variable: 'AAA"),
        ({**GOOD, "access_key_variable": "A"}, "secret_key_variable is required if access_key_variable is given"),
        ({**GOOD, "session_token_variable": "A"}, "access_key_variable is required if session_token_variable is given"),
        ({**GOOD, **KEYS, "profile": "x"}, "accounts[1].profile: it cannot be combined with variables of keys"),
        ({**GOOD, "validate_certs": "maybe"}, "accounts[1]: argument 'validate_certs'"),
    ],
    ids=str,
)
def test_refused_with_the_number_of_the_account(account: object, words: str) -> None:
    good = {"provider": "cos", "regions": ["ap-guangzhou"]}
    with pytest.raises(errors.OptionError) as refused:
        accounts.declare([good, account])
    text = str(refused.value)
    assert words in text and text.startswith("accounts[1]") and len(text) < 500


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
    assert str(refused.value).startswith("accounts[0].endpoint_url: the value is refused: it must be a URL")
    assert SECRET not in str(refused.value)


def test_an_empty_list_is_not_every_account() -> None:
    with pytest.raises(errors.OptionError, match="accounts: the list is empty; name at least one account"):
        accounts.declare([])


def test_one_queue_stands_in_the_file_once() -> None:
    with pytest.raises(errors.OptionError, match=r"accounts\[1\]: the queue aws-eu-central-1 stands in the file twice"):
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
