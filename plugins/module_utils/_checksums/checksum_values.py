# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and write the checksum values of objects.

A value is compared as hexadecimal digits, in which equal bytes are equal text. The number of bytes of each known
algorithm decides whether a text is hexadecimal or Base64, so no text has two meanings. The values of an unknown
algorithm are compared as text. Private to this collection.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
import typing as t

SIZES: t.Final = {
    "CRC32": 4,
    "CRC32C": 4,
    "CRC64NVME": 8,
    "MD5": 16,
    "SHA1": 20,
    "SHA256": 32,
    "SHA512": 64,
    "XXHASH3": 8,
    "XXHASH64": 8,
    "XXHASH128": 16,
}
"""Bytes of a checksum, by algorithm."""
_PARTS: t.Final = re.compile("(.+)-([1-9][0-9]{0,4})", re.ASCII)
"""A composite checksum, which ends with the number of parts."""
_ALGORITHM: t.Final = re.compile("[A-Z0-9]{1,40}", re.ASCII)
_TYPE: t.Final = re.compile("[A-Z_]{0,40}", re.ASCII)
_OTHER: t.Final = re.compile("[!-~]{1,300}", re.ASCII)
"""A value of an unknown algorithm."""


class ChecksumError(ValueError):
    """A text is not a checksum; the error states why."""


@functools.lru_cache(maxsize=256)
def algorithm(text: str) -> str:
    """Return the name of an algorithm as the API spells it: SHA-256 and sha256 are SHA256.

    :raises ChecksumError: the text is not a name.
    """
    name = re.sub("[-_/ ]", "", text.strip().upper())
    # Capital letters of other alphabets can be ASCII letters.
    if not text.isascii() or not _ALGORITHM.fullmatch(name):
        raise ChecksumError("the algorithm must be a name such as SHA256")
    return name


@functools.lru_cache(maxsize=256)
def kind(text: str) -> str:
    """Return the type of a checksum, FULL_OBJECT or COMPOSITE; empty if it is unknown.

    :raises ChecksumError: the text is not a type.
    """
    name = text.strip().upper()
    if not text.isascii() or not _TYPE.fullmatch(name):
        raise ChecksumError("the type must be FULL_OBJECT or COMPOSITE")
    return name


def canonical(algorithm_name: str, text: str) -> str:
    """Return a value in the form that is compared.

    :raises ChecksumError: the text is not a value of the algorithm.
    """
    size = SIZES.get(algorithm_name)
    if size is None:
        if not _OTHER.fullmatch(text):
            raise ChecksumError("the value must be 1 to 300 printable ASCII characters without spaces")
        return text
    found = _PARTS.fullmatch(text) if "-" in text else None
    digits, parts = (found[1], f"-{found[2]}") if found else (text, "")
    try:
        hexadecimal = len(digits) == 2 * size and not digits.endswith("=")
        content = binascii.unhexlify(digits) if hexadecimal else base64.b64decode(digits, validate=True)
    except ValueError as error:
        raise ChecksumError(_rule(algorithm_name, size)) from error
    if len(content) != size:
        raise ChecksumError(_rule(algorithm_name, size))
    return content.hex() + parts


def base64_of(algorithm_name: str, value: str) -> str:
    """Return a canonical value as the API writes it, in Base64."""
    if algorithm_name not in SIZES:
        return value
    digits, dash, parts = value.partition("-")
    return binascii.b2a_base64(binascii.unhexlify(digits), newline=False).decode() + dash + parts


def _rule(algorithm_name: str, size: int) -> str:
    return f"a {algorithm_name} value must be {size} bytes, in hexadecimal or Base64"
