# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute SHA-1, which the signatures of some providers require, even if the system allows only approved digests
(FIPS).

Private to this collection.
"""

from __future__ import annotations

import hashlib
import hmac
import typing as t


def sha1(content: bytes = b"") -> t.Any:
    """Return a SHA-1 object. It is part of the signature scheme of a provider, and does not protect data here."""
    return hashlib.sha1(content, usedforsecurity=False)


def hmac_sha1(key: bytes, message: bytes) -> bytes:
    """Return the HMAC of a message. OpenSSL does not restrict a digest that is passed as a function."""
    return hmac.new(key, message, sha1).digest()
