# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers of objects, as a store may send them."""

from __future__ import annotations

import datetime
from types import MappingProxyType

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared import http_client, http_object_store
from ansible_collections.objectstore.batch.plugins.module_utils._core import object_stores as _object_stores
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Traits
from ansible_collections.objectstore.batch.plugins.module_utils._core.validation import Rule

TEN = datetime.datetime(2026, 2, 2, 10, tzinfo=datetime.timezone.utc)


class Store(http_object_store.HttpStore):
    """A store that answers what it is told."""

    traits = _object_stores.store_traits(Traits("a cloud", rules={"bucket": Rule(".+", "a name")}), "")
    unless_there = MappingProxyType({})
    version_header = "x-version"

    def __init__(self, headers):
        super().__init__()
        self.headers = headers

    def connect(self, bucket):
        return self, ""

    def judge(self, operation, answer, code):
        raise AssertionError

    def resource(self, bucket, key):
        return key

    def fetch(self, request, refused):
        return http_client.Response(200, self.headers, b"")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 02 Feb 2026 10:00:00 GMT", TEN),
        ("Mon, 02 Feb 2026 10:00:00 -0000", TEN),
        ("Mon, 02 Feb 2026 11:00:00 +0100", TEN),
        ("", None),
        ("yesterday", None),
        ("Mon, 99 Feb 2026 10:00:00 GMT", None),
        ("Mon, 02 Feb 99999999 10:00:00 GMT", None),
        ("Mon, 02 Feb 2026 10:00:00 +999999999999", None),
        ("Fri, 31 Dec 9999 23:00:00 -2300", None),
    ],
)
def test_a_date_that_is_none_is_left_out(text, expected):
    store = Store({"content-length": "7", "etag": '"abc"', "x-version": "v1", "last-modified": text})
    assert store.head("bucket", "key") == _object_stores.Found(7, "abc", "v1", expected)
