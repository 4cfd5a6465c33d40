# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of checksums: which texts mean the same bytes, and which are none."""

from __future__ import annotations

import base64
import hashlib

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_values import (
    SIZES,
    ChecksumError,
    algorithm,
    base64_of,
    canonical,
    kind,
)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("parts", ["", "-1", "-10000"])
def test_hexadecimal_and_base64_of_equal_bytes_are_equal(name, parts):
    # Bytes whose Base64 has only hexadecimal digits besides the padding, and others.
    for pattern in (bytes(range(64)), b"\xff" * 64, b"i\xb7\x1d" * 22):
        content = pattern[: SIZES[name]]
        value = canonical(name, content.hex() + parts)
        in_base64 = base64.b64encode(content).decode() + parts
        assert canonical(name, in_base64) == canonical(name, content.hex().upper() + parts) == value
        assert base64_of(name, value) == in_base64


def test_values_of_the_documents():
    assert canonical("CRC32", "bS9TOQ==") == canonical("CRC32", "6D2F5339") == "6d2f5339"
    digest = hashlib.sha256(b"").hexdigest()
    assert canonical("SHA256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") == digest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[
            ("CRC32", text)
            for text in ("", "-", "6D2F533", "6D2F53390", "zzzzzzzz", "bS9TOQ", "bS9TO===", "=", "6D2F5339-0")
        ],
        *[
            ("CRC32", text)
            for text in ("6D2F5339-", "6D2F5339-1-2", "6D2F5339-x", "6d2f 5339", "\u0661" * 8, "bS9TOQ==\n")
        ],
        *[("SHA256", text) for text in ("6D2F5339", "A" * 44, "0" * 63, "0" * 128, "é" * 64)],
        *[("NEW1", text) for text in ("", " ", "a b", "é", "x" * 301, "a\nb", "a\tb")],
    ],
)
def test_texts_that_are_no_values(name, text):
    with pytest.raises(ChecksumError):
        canonical(name, text)


def test_an_unknown_algorithm_is_compared_as_text():
    assert canonical("NEW1", "00FF") != canonical("NEW1", "00ff")
    assert base64_of("NEW1", "00FF-2") == "00FF-2"


@pytest.mark.parametrize("text", ["SHA256", "sha256", "SHA-256", "sha_256", " Sha256 "])
def test_names_of_algorithms(text):
    assert algorithm(text) == "SHA256"
    assert algorithm("CRC-64/NVME") == "CRC64NVME"


@pytest.mark.parametrize("text", ["", " ", "-", "SHA\t256", "\u017fha256", "SHA\u0661", "x" * 41, "a,b"])
def test_texts_that_are_no_algorithms(text):
    with pytest.raises(ChecksumError):
        algorithm(text)


def test_types():
    assert [kind(text) for text in ("", "full_object", "COMPOSITE")] == ["", "FULL_OBJECT", "COMPOSITE"]
    for text in ("FULL OBJECT", "\t1", "é"):
        with pytest.raises(ChecksumError):
            kind(text)
