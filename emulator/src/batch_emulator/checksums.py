# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checksums of objects, and how a compute-checksum job reports them.

Sources: Amazon S3 User Guide, "Examples: completion reports" (Compute checksum task report), "Compute checksums", and
"Checking object integrity"; RFC 3720 for CRC32C, the NVM Express specification for CRC64NVME, and the specification of
xxHash for XXHASH64. No public page shows the report of a composite checksum: here it is the checksum of the checksums
of the parts, with the number of parts. Objects of the emulator have one part. XXHASH3 and XXHASH128 are not computed.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import uuid
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable

OPERATION = "S3ComputeObjectChecksum"
_M64 = 2**64 - 1
_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


@functools.cache
def _table(polynomial: int) -> list[int]:
    """The table of a reflected CRC."""
    table = list(range(256))
    for _bit in range(8):
        table = [(value >> 1) ^ (polynomial if value & 1 else 0) for value in table]
    return table


def _crc(polynomial: int, width: int, body: bytes) -> bytes:
    table = _table(polynomial)
    ones: int = (1 << width) - 1
    state = ones
    for byte in body:
        state = table[(state ^ byte) & 0xFF] ^ (state >> 8)
    return (state ^ ones).to_bytes(width // 8, "big")


def _turned(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _M64


def _mixed(state: int, lane: int) -> int:
    return _turned((state + lane * _P2) & _M64, 31) * _P1 & _M64


def _stripes(body: bytes) -> int:
    """The state after the blocks of 32 bytes, as XXHASH64 accumulates them."""
    if len(body) < 32:
        return _P5
    states = [(_P1 + _P2) & _M64, _P2, 0, -_P1 & _M64]
    for at in range(0, len(body) // 32 * 32, 8):
        number = at // 8 % 4
        states[number] = _mixed(states[number], int.from_bytes(body[at : at + 8], "little"))
    total = sum(_turned(state, bits) for state, bits in zip(states, (1, 7, 12, 18), strict=True)) & _M64
    for state in states:
        total = ((total ^ _mixed(0, state)) * _P1 + _P4) & _M64
    return total


def _xxhash64(body: bytes) -> bytes:
    total = (_stripes(body) + len(body)) & _M64
    at = len(body) // 32 * 32
    while at + 8 <= len(body):
        total = (_turned(total ^ _mixed(0, int.from_bytes(body[at : at + 8], "little")), 27) * _P1 + _P4) & _M64
        at += 8
    if at + 4 <= len(body):
        lane = int.from_bytes(body[at : at + 4], "little") * _P1 & _M64
        total = (_turned(total ^ lane, 23) * _P2 + _P3) & _M64
        at += 4
    for byte in body[at:]:
        total = _turned(total ^ byte * _P5 & _M64, 11) * _P1 & _M64
    for bits, prime in ((33, _P2), (29, _P3)):
        total = (total ^ total >> bits) * prime & _M64
    return (total ^ total >> 32).to_bytes(8, "big")


def _hashed(name: str) -> Callable[[bytes], bytes]:
    return lambda body: hashlib.new(name, body).digest()


ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "CRC32C": functools.partial(_crc, 0x82F63B78, 32),
    "CRC64NVME": functools.partial(_crc, 0x9A6C9329AC4BC9B5, 64),
    "MD5": _hashed("md5"),
    "SHA1": _hashed("sha1"),
    "SHA256": _hashed("sha256"),
    "SHA512": _hashed("sha512"),
    "XXHASH64": _xxhash64,
}


def knows(operation: str) -> bool:
    """Whether the emulator computes the algorithm of an operation."""
    return _asked(operation)[0] in ALGORITHMS


def success(operation: str, body: bytes, etag: str) -> str:
    """The message of a task that has computed a checksum."""
    algorithm, kind = _asked(operation)
    compute = ALGORITHMS[algorithm]
    value, parts = compute(body), ""
    if kind == "COMPOSITE":
        value, parts = compute(value), "-1"
    content = {
        "checksum_base64": base64.b64encode(value).decode() + parts,
        "etag": etag,
        "checksumAlgorithm": algorithm,
        "checksumType": kind,
        "checksum_hex": value.hex().upper() + parts,
    }
    # An equals sign is an escape in the sample.
    return json.dumps(content, separators=(",", ":")).replace("=", "\\u003d")


def _asked(operation: str) -> tuple[str, str]:
    """The algorithm and the type that an operation requires."""
    tree = ET.fromstring(operation)
    algorithm = tree.findtext(f".//{OPERATION}/ChecksumAlgorithm") or "CRC64NVME"
    return algorithm, tree.findtext(f".//{OPERATION}/ChecksumType") or "FULL_OBJECT"


def failure(message: str, code: int) -> str:
    """The message of a task that failed."""
    content = {"failureMessage": f"Task {uuid.uuid4()} {message}", "errorCode": str(code)}
    return f"error details: {json.dumps(content)}"
