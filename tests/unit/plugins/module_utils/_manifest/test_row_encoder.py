# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of manifests in the encoding of each provider, and rows that no manifest can have."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.row_encoder import (
    RowEncoder,
    RowError,
    version_of,
)


@pytest.mark.parametrize(
    ("key", "encoded", "cos"),
    [
        ("a/b-c_d.e~f", b"a/b-c_d.e~f", b"a/b-c_d.e~f"),
        ("a b", b"a%20b", b"a b"),
        ("a+b", b"a%2Bb", b"a+b"),
        ("50%", b"50%25", b"50%"),
        ("a%20b", b"a%2520b", b"a%20b"),
        ("\xe4", b"%C3%A4", "\xe4".encode()),
        ("a\tb\x01", b"a%09b%01", b"a\tb\x01"),
        ("com,ma", b"com%2Cma", None),
        ('"', b"%22", None),
        ("a\nb", b"a%0Ab", None),
        ("a\rb", b"a%0Db", None),
    ],
)
def test_plain_keys(key, encoded, cos):
    for traits in (AWS, OSS):
        assert RowEncoder(traits, "plain").line("bbb", key) == b"bbb," + encoded + b"\n"
    assert RowEncoder(COS, "plain").line("bbb", key) == (cos and b"bbb," + cos + b"\n")


def test_encoded_keys_are_copied():
    for traits in (AWS, OSS, COS):
        encoder = RowEncoder(traits, "encoded")
        assert encoder.line("bbb", "a%20b/%C3%a4!*()", "v1") == b"bbb,a%20b/%C3%a4!*(),v1\n"
    assert RowEncoder(AWS, "encoded").line("bbb", "a,b") == b'bbb,"a,b"\n'
    assert RowEncoder(COS, "encoded").line("bbb", "a,b") is None
    assert RowEncoder(AWS, "copied").line("bbb", "a b\udcff") == b"bbb,a b\xff\n"


@pytest.mark.parametrize("key", ["a b", "%", "a%2", "%zz", "\xe4", "a&b", "a'b", "<a>", "a\nb", "a\udcff", ""])
def test_keys_that_are_not_encoded(key):
    for traits in (AWS, OSS):
        with pytest.raises(RowError):
            RowEncoder(traits, "encoded").line("bbb", key)


@pytest.mark.parametrize(
    ("bucket", "key", "version"),
    [
        ("", "k", ""),
        ("a b", "k", ""),
        ("a/b", "k", ""),
        ("True", "k", ""),
        ("bbb", "", ""),
        ("bbb", "k" * 1025, ""),
        ("bbb", "\xe4" * 513, ""),
        ("bbb", "a\0b", ""),
        ("bbb", "a\udcff", ""),
        ("bbb", "k", "v 1"),
        ("bbb", "k", "v\n"),
        ("bbb", "k", "v" * 1025),
    ],
)
def test_rows_that_no_manifest_can_have(bucket, key, version):
    for traits in (AWS, COS):
        with pytest.raises(RowError) as caught:
            RowEncoder(traits, "plain").line(bucket, key, version)
        assert len(str(caught.value)) < 200 and str(caught.value).isprintable()


def test_the_limit_is_of_the_decoded_key():
    assert RowEncoder(AWS, "encoded").line("bbb", "%C3%A4" * 512)
    with pytest.raises(RowError, match="1026 bytes"):
        RowEncoder(AWS, "encoded").line("bbb", "%C3%A4" * 513)


def test_decoded_keys():
    assert RowEncoder(AWS, "encoded").decode("a%20b+") == "a b+"
    assert RowEncoder(AWS, "plain").decode("a%20b") == "a%20b"
    assert RowEncoder(COS, "encoded").decode("a%20b") == "a%20b"


def test_cells_without_a_version():
    assert [version_of(cell) for cell in ("", "\\N", "null", "v")] == ["", "", "null", "v"]
