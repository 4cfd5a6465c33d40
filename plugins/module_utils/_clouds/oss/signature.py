# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign requests to Alibaba Cloud OSS with signature V4 (header form, OSS4-HMAC-SHA256).

Source: Alibaba Cloud OSS documentation, "Include a V4 signature in the Authorization header"; checked against its
published vectors and against the signer of Alibaba's SDK. Private to this collection.
"""

from __future__ import annotations

import hashlib
import hmac
import typing as t
from urllib.parse import quote

UNSIGNED: t.Final = "UNSIGNED-PAYLOAD"
_ALGORITHM: t.Final = "OSS4-HMAC-SHA256"
_SIGNED: t.Final = ("content-type", "content-md5")
"""Signed wherever they are sent, like every header of OSS's own."""


def authorization(
    access_key: str,
    secret_key: str,
    region: str,
    method: str,
    path: str,
    parameters: t.Mapping[str, str],
    headers: t.Mapping[str, str],
    additional: t.Collection[str] = (),
) -> str:
    """Return the Authorization header.

    :param region: without the prefix "oss-", such as cn-hangzhou.
    :param path: decoded; "/" for a request about no bucket, else "/bucket/key".
    :param parameters: query parameters, decoded; an empty value stands for a parameter without one.
    :param headers: the headers that are sent, x-oss-date and x-oss-content-sha256 among them.
    :param additional: names of further headers to sign; those that are not sent are left out.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    always = {name for name in sent if name in _SIGNED or name.startswith("x-oss-")}
    extra = sorted({name.lower() for name in additional} & set(sent) - always)
    date = sent["x-oss-date"]
    request = "\n".join(
        [
            method.upper(),
            quote(path),
            canonical_query(parameters),
            *(f"{name}:{sent[name]}" for name in sorted(always.union(extra))),
            "",
            ";".join(extra),
            sent["x-oss-content-sha256"],
        ]
    )
    scope = f"{date[:8]}/{region}/oss/aliyun_v4_request"
    string_to_sign = f"{_ALGORITHM}\n{date}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"aliyun_v4{secret_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    names = f",AdditionalHeaders={';'.join(extra)}" if extra else ""
    return f"{_ALGORITHM} Credential={access_key}/{scope}{names},Signature={_hmac(key, string_to_sign).hex()}"


def encoded(parameters: t.Mapping[str, str]) -> list[str]:
    """Return the parts of a query as they are sent: encoded, no "=" behind a name without a value."""
    pairs = ((quote(name, safe=""), quote(value, safe="")) for name, value in parameters.items())
    return [f"{name}={value}" if value else name for name, value in pairs]


def canonical_query(parameters: t.Mapping[str, str]) -> str:
    """Return the query as it is signed: in the order of the encoded names."""
    return "&".join(sorted(encoded(parameters), key=lambda part: part.partition("=")))


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
