# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verifies AWS Signature Version 4 the way S3 does: single encoding, path not normalized, payload hash in a header.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from urllib.parse import quote, unquote

from .accounts import CREDENTIALS, EXPIRED, Credential
from .errors import ApiError
from .messages import Request, as_bytes, same

MAX_SKEW = 15 * 60
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=([^/, ]+)/(\d{8})/([^/, ]+)/([^/, ]+)/aws4_request"
    r", *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True)
class Scope:
    """Who signed, and for which region."""

    key: Credential
    region: str


def verify(request: Request, service: str) -> Scope:
    """The caller of a correctly signed request; ApiError for any other."""
    header = request.header("authorization")
    if header is None:
        raise ApiError("AccessDenied", 403, "The request is not signed.")
    match = _AUTHORIZATION.fullmatch(header.strip())
    if match is None:
        raise ApiError("AuthorizationHeaderMalformed", 400, "The authorization header is malformed.")
    key_id, day, region, scope_service, signed, signature = match.groups()
    key = CREDENTIALS.get(("aws", key_id))
    if key is None:
        raise ApiError("InvalidAccessKeyId", 403, "The access key id you provided does not exist in our records.")
    if scope_service != service:
        raise ApiError("AuthorizationHeaderMalformed", 400, f"The service must be {service!r}, not {scope_service!r}.")
    stamp = _check_time(request, day)
    _check_signed_headers(request, signed.split(";"))
    payload = _payload_hash(request, service)
    digest = hashlib.sha256(as_bytes(_canonical(request, signed, payload))).hexdigest()
    message = f"AWS4-HMAC-SHA256\n{stamp}\n{day}/{region}/{service}/aws4_request\n{digest}"
    expected = hmac.new(_signing_key(key.secret, day, region, service), message.encode(), hashlib.sha256).hexdigest()
    if not same(expected, signature):
        raise ApiError(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided. Check your key and "
            "signing method.",
        )
    _check_token(request, key)
    return Scope(key, region)


def _check_time(request: Request, day: str) -> str:
    stamp = request.header("x-amz-date") or ""
    try:
        sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        raise ApiError("AccessDenied", 403, "AWS authentication requires a valid x-amz-date header.") from None
    if not stamp.startswith(day):
        raise ApiError("AuthorizationHeaderMalformed", 400, "The scope is for another day than x-amz-date.")
    if abs(time.time() - sent) > MAX_SKEW:
        raise ApiError(
            "RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."
        )
    return stamp


def _check_signed_headers(request: Request, signed: list[str]) -> None:
    needed = [name for name in request.headers if name.startswith("x-amz-")]
    unsigned = sorted({"host", *needed} - set(signed))
    if unsigned:
        raise ApiError("AccessDenied", 403, f"There were headers which were not signed: {', '.join(unsigned)}")


def _payload_hash(request: Request, service: str) -> str:
    digest = hashlib.sha256(request.body).hexdigest()
    if service != "s3":
        return digest
    claimed = request.header("x-amz-content-sha256")
    if claimed == "UNSIGNED-PAYLOAD":
        return claimed
    if claimed is None:
        raise ApiError("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256")
    if not same(claimed, digest):
        raise ApiError(
            "XAmzContentSHA256Mismatch", 400, "The provided x-amz-content-sha256 header does not match the payload."
        )
    return digest


def _canonical(request: Request, signed: str, payload: str) -> str:
    path = "/".join(_encode(unquote(part)) for part in request.path.split("/"))
    query = "&".join(
        f"{name}={value}" for name, value in sorted((_encode(k), _encode(v)) for k, v in request.pairs(False))
    )
    headers = "".join(f"{name}:{_header_value(request, name)}\n" for name in signed.split(";"))
    return f"{request.method}\n{path}\n{query}\n{headers}\n{signed}\n{payload}"


def _header_value(request: Request, name: str) -> str:
    return ",".join(" ".join(value.split()) for value in request.headers.get(name, []))


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


@lru_cache(maxsize=64)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _check_token(request: Request, key: Credential) -> None:
    token = request.header("x-amz-security-token")
    if token is None and key.token is not None:
        raise ApiError("InvalidAccessKeyId", 403, "This access key id is only valid together with its session token.")
    if token is not None and (key.token is None or not same(token, key.token)):
        raise ApiError("InvalidToken", 400, "The provided token is malformed or otherwise invalid.")
    if ("aws", key.key_id) in EXPIRED:
        raise ApiError("ExpiredToken", 400, "The provided token has expired.")
