# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures with SHA-1 on a system that admits approved digests only (FIPS)."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos import signature
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss import sts
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared import digests, http_client

COS = ("id", "key", "GET", "/a b", {"prefix": "x"}, {"host": "h"}, "1;2")
OSS = ("POST", {"Action": "AssumeRole"}, "secret")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 1000])
def test_an_hmac_is_that_of_the_library(length):
    key, message = b"k" * length, b"m" * length
    assert digests.hmac_sha1(key, message) == hmac.digest(key, message, "sha1")


def test_nothing_asks_for_digests_that_are_for_security(monkeypatch):
    before = (signature.authorization(*COS), sts.sign(*OSS), http_client.body_headers(b"body"))
    asked = []

    def strict(name):
        real = getattr(hashlib, name)

        def make(content=b"", *, usedforsecurity=True):
            asked.append(name)
            if usedforsecurity:
                raise ValueError(f"[digital envelope routines] {name} is disabled for FIPS")
            return real(content, usedforsecurity=False)

        return make

    for name in ("md5", "sha1"):
        monkeypatch.setattr(hashlib, name, strict(name))

    def refuse(*arguments, **options):
        raise ValueError("[digital envelope routines] disabled for FIPS")

    # By this name hmac asks OpenSSL for a whole HMAC of a digest that it knows.
    for library in ("_hashopenssl", "_hmac"):
        if getattr(hmac, library, None) is not None:
            monkeypatch.setattr(getattr(hmac, library), "hmac_new" if library == "_hashopenssl" else "new", refuse)
    assert (signature.authorization(*COS), sts.sign(*OSS), http_client.body_headers(b"body")) == before
    assert {"md5", "sha1"} <= set(asked)
