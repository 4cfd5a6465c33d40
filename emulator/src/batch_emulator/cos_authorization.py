# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verifies the COS request signature, strictly by the lists that the request itself names.

Source: https://cloud.tencent.com/document/product/436/7778
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from urllib.parse import quote, unquote

from .accounts import CREDENTIALS, EXPIRED, Credential
from .errors import ApiError
from .messages import Request, as_bytes, same

MAX_SKEW = 15 * 60
_FIELDS = (
    "q-sign-algorithm",
    "q-ak",
    "q-sign-time",
    "q-key-time",
    "q-header-list",
    "q-url-param-list",
    "q-signature",
)
_WINDOW = re.compile(r"([0-9]{1,12});([0-9]{1,12})")


def verify(request: Request) -> Credential:
    """The key of a correctly signed request; ApiError for any other."""
    fields = _fields(request)
    key = CREDENTIALS.get(("cos", fields["q-ak"]))
    if key is None:
        raise ApiError("InvalidAccessKeyId", 403, "The access key id you provided does not exist in our records.")
    _check_token(request, key)
    if ("cos", key.key_id) in EXPIRED:
        raise ApiError("ExpiredToken", 400, "The provided token has expired.")
    for name in ("q-sign-time", "q-key-time"):
        _check_window(fields[name])
    text = "\n".join(
        (
            request.method.lower(),
            unquote(request.path),
            _parameters(request, fields["q-url-param-list"]),
            _headers(request, fields["q-header-list"]),
            "",
        )
    )
    digest = hashlib.sha1(as_bytes(text)).hexdigest()
    sign_key = _hmac(key.secret, fields["q-key-time"])
    expected = _hmac(sign_key, f"sha1\n{fields['q-sign-time']}\n{digest}\n")
    if not same(expected, fields["q-signature"]):
        raise ApiError(
            "SignatureDoesNotMatch",
            403,
            "The Signature you specified is invalid: it is not the one that we calculated from your request.",
        )
    return key


def _fields(request: Request) -> dict[str, str]:
    header = request.header("authorization")
    if not header:
        raise ApiError("AccessDenied", 403, "The request is not signed.")
    fields = dict(part.partition("=")[::2] for part in header.strip().split("&"))
    if any(name not in fields for name in _FIELDS) or fields["q-sign-algorithm"] != "sha1":
        raise ApiError("InvalidArgument", 400, "The authorization header is malformed.")
    return fields


def _check_window(window: str) -> None:
    match = _WINDOW.fullmatch(window)
    if match is None:
        raise ApiError("InvalidArgument", 400, "The time window of the signature is malformed.")
    start, end = int(match[1]), int(match[2])
    now = time.time()
    if start > now + MAX_SKEW:
        raise ApiError(
            "RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."
        )
    if end < now or end < start:
        raise ApiError("AccessDenied", 403, "Request has expired")


def _check_token(request: Request, key: Credential) -> None:
    token = request.header("x-cos-security-token")
    if token is None and key.token is None:
        return
    if token is None:
        raise ApiError("InvalidAccessKeyId", 403, "This access key id is only valid together with its token.")
    if key.token is None or not same(token, key.token):
        raise ApiError("AccessDenied", 403, "The x-cos-security-token is not valid for this access key id.")


def _parameters(request: Request, names: str) -> str:
    values: dict[str, list[str]] = {}
    # requests writes a blank as "+", and COS reads it so; the signature is over the decoded value.
    for name, value in request.pairs(True):
        values.setdefault(_encode(name).lower(), []).append(value)
    return _joined(names, values)


def _headers(request: Request, names: str) -> str:
    return _joined(names, {_encode(name).lower(): values for name, values in request.headers.items()})


def _joined(names: str, values: dict[str, list[str]]) -> str:
    pairs: list[tuple[str, str]] = []
    for name in {name.lower() for name in names.split(";") if name}:
        if name not in values:
            raise ApiError("SignatureDoesNotMatch", 403, f"The signature covers {name!r}, which the request lacks.")
        pairs.extend((name, _encode(value)) for value in values[name])
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encode(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogateescape")


def _hmac(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha1).hexdigest()
