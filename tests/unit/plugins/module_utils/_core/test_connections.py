# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that headers can carry, and which requests other machines can read."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.connections import (
    KEYS,
    Credentials,
    Options,
    check_keys,
    uses_plain_http,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError

GOOD = {"access_key": "AKIAEXAMPLE", "secret_key": "a/b+c=~!", "session_token": ""}


def test_keys_of_visible_signs_are_returned():
    keys = Credentials(**GOOD)
    assert check_keys(keys) is keys


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("ending", ["\n", "\r\nX-Header: 1", " ", "\t", "\x7f", "\x00", "\u00e9", "\u202e"])
def test_keys_that_no_header_can_carry_are_refused_and_not_shown(name, ending):
    keys = Credentials(**{**GOOD, name: f"hunter2{ending}"})
    with pytest.raises(OptionError, match=rf"^value of {name} \(from profile ops\) must be printable") as error:
        check_keys(keys, "profile ops")
    assert "hunter2" not in str(error.value)


def test_secrets_are_in_no_representation():
    keys = Credentials("AKIAEXAMPLE", "hunter2", "hunter3")
    assert "AKIAEXAMPLE" in repr(Options(credentials=keys))
    assert "hunter" not in repr(Options(credentials=keys))


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://s3.example.com", True),
        ("HTTP://S3.EXAMPLE.COM", True),
        ("http://10.0.0.1:9000", True),
        ("http://localhost.example.com", True),
        ("http://notlocalhost", True),
        ("http://127.0.0.1.example.com", True),
        ("http://127.0.0.1@example.com", True),
        ("http://example.com/?localhost", True),
        ("http://localhost:9000", False),
        ("http://LOCALHOST", False),
        ("http://123456789012.localhost", False),
        ("http://127.0.0.2", False),
        ("http://[::1]:9000", False),
        ("https://s3.example.com", False),
        ("", False),
    ],
)
def test_plain_http_is_what_leaves_this_machine_unencrypted(url, plain):
    assert bool(uses_plain_http(url)) is plain
