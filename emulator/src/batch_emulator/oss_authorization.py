# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verifies the OSS request signature V4, by the headers that arrived and the ones that the request names besides.

Source: Alibaba Cloud OSS documentation, "Include a V4 signature in the Authorization header".
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
import re
import time
from urllib.parse import quote

from .accounts import CREDENTIALS, EXPIRED, Credential
from .errors import ApiError
from .messages import Request, as_bytes, same

MAX_SKEW = 15 * 60
_HEADER = re.compile(
    r"OSS4-HMAC-SHA256 Credential=(?P<key>[^/,]+)/(?P<day>[0-9]{8})/(?P<region>[a-z0-9-]+)/oss/aliyun_v4_request,"
    r"\s*(?:AdditionalHeaders=(?P<more>[^,]*),\s*)?Signature=(?P<signature>[0-9a-f]{64})"
)
_PAYLOAD = "UNSIGNED-PAYLOAD"


def moment(request: Request) -> float | None:
    """Return the signing time of the request; None if it is missing or has another form."""
    try:
        return float(calendar.timegm(time.strptime(request.header("x-oss-date") or "", "%Y%m%dT%H%M%SZ")))
    except ValueError:
        return None


def verify(request: Request, region: str | None, path: str | None = None) -> tuple[Credential, str]:
    """The key of a correctly signed request, and the region that it was signed for; ApiError for any other.

    region is the region of the hostname, or None. path is the signed and encoded path, if it differs from the path of
    the request.
    """
    header = request.header("authorization")
    if not header:
        raise ApiError("AccessDenied", 403, "Anonymous access is forbidden for this operation.")
    fields = _HEADER.fullmatch(header.strip())
    if fields is None:
        raise ApiError("InvalidArgument", 400, "The Authorization header is invalid.", {"x-oss-ec": "0002-00000213"})
    key = CREDENTIALS.get(("oss", fields["key"]))
    if key is None:
        raise ApiError("InvalidAccessKeyId", 403, "The OSS Access Key Id you provided does not exist in our records.")
    if region is not None and fields["region"] != region:
        raise ApiError(
            "InvalidArgument", 400, "Invalid signing region in Authorization header.", {"x-oss-ec": "0002-00000226"}
        )
    _check_time(request, fields["day"])
    if request.header("x-oss-content-sha256") != _PAYLOAD:
        raise ApiError("InvalidArgument", 400, f"x-oss-content-sha256 must be {_PAYLOAD}.")
    scope = f"{fields['day']}/{fields['region']}/oss/aliyun_v4_request"
    digest = hashlib.sha256(
        as_bytes(_canonical(request, request.path if path is None else path, fields["more"] or ""))
    ).hexdigest()
    text = f"OSS4-HMAC-SHA256\n{request.header('x-oss-date')}\n{scope}\n{digest}"
    secret = b"aliyun_v4" + key.secret.encode()
    for part in scope.split("/"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    if not same(hmac.digest(secret, text.encode(), "sha256").hex(), fields["signature"]):
        raise ApiError(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided."
            " Check your key and signing method.",
        )
    _check_token(request, key)
    return key, fields["region"]


def _check_time(request: Request, day: str) -> None:
    signed = moment(request)
    if signed is None:
        raise ApiError("InvalidArgument", 400, "The x-oss-date header is invalid.", {"x-oss-ec": "0002-00000505"})
    if not (request.header("x-oss-date") or "").startswith(day):
        raise ApiError("InvalidArgument", 400, "The date of Credential is not the one of x-oss-date.")
    if abs(time.time() - signed) > MAX_SKEW:
        raise ApiError(
            "RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."
        )


def _check_token(request: Request, key: Credential) -> None:
    token = request.header("x-oss-security-token")
    if key.token is None and token is None:
        return
    if token is None:
        raise ApiError("InvalidAccessKeyId", 403, "The OSS Access Key Id you provided does not exist in our records.")
    if key.token is None or not same(token, key.token):
        raise ApiError("InvalidSecurityToken", 403, "The security token you provided is invalid.")
    if ("oss", key.key_id) in EXPIRED:
        raise ApiError("SecurityTokenExpired", 403, "The security token you provided has expired.")


def _canonical(request: Request, path: str, more: str) -> str:
    pairs = sorted((_encode(name), _encode(value)) for name, value in request.pairs(True))
    query = "&".join(f"{name}={value}" if value else name for name, value in pairs)
    named = {name for name in more.split(";") if name}
    missing = sorted(name for name in named if name not in request.headers)
    if missing:
        raise ApiError("SignatureDoesNotMatch", 403, f"The header {missing[0]} is signed, but was not sent.")
    always = {name for name in request.headers if name.startswith("x-oss-") or name in ("content-type", "content-md5")}
    headers = "".join(f"{name}:{','.join(request.headers[name]).strip()}\n" for name in sorted(always | named))
    return "\n".join([request.method, path, query, headers, ";".join(sorted(named - always)), _PAYLOAD])


def _encode(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogateescape")
