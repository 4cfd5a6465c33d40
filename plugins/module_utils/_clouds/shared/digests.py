# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute SHA-1 as the signatures of some providers require it, also where the system allows approved digests only
(FIPS).

Private to this collection.
"""

from __future__ import annotations

import hashlib
import hmac
import typing as t


def sha1(content: bytes = b"") -> t.Any:
    """Return a SHA-1 object: part of a scheme that a provider has chosen, and no protection of ours."""
    return hashlib.sha1(content, usedforsecurity=False)


def hmac_sha1(key: bytes, message: bytes) -> bytes:
    """Return the HMAC of a message. A digest that is given as a function is one that OpenSSL does not judge."""
    return hmac.new(key, message, sha1).digest()
