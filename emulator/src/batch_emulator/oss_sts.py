# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba Cloud's STS: GetCallerIdentity, which names the account of a key, and two ways to get temporary keys.

Source: Alibaba Cloud documentation, "GetCallerIdentity", "AssumeRole", "AssumeRoleWithOIDC", "Request signatures" (RPC,
HMAC-SHA1).
"""

from __future__ import annotations

import base64
import calendar
import hmac
import json
import re
import time
import uuid
from urllib.parse import quote

from .accounts import CREDENTIALS, EXPIRED, OSS_REGION, OSS_TEMP_KEY, OSS_UID, Credential, of_role
from .clock import iso
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request, decode_pairs, same
from .oss import OssDialect

VERSION = "2015-04-01"
_ROLE = re.compile(r"acs:ram::\d+:role/.{1,512}")
_MAX_SKEW = 15 * 60
_LIFETIME = 3600


def _parameters(request: Request) -> list[tuple[str, str]]:
    return request.pairs(True) + decode_pairs(request.body.decode("utf-8", "replace"), True)


def is_ours(request: Request) -> bool:
    """Whether a request to the path / is one of these; AWS's STS is asked there, too."""
    return ("Version", VERSION) in _parameters(request)


class OssStsDialect(Dialect):
    provider = "oss"
    auxiliary = True
    refusals = OssDialect.refusals | {"throttle": ("Throttling", 400, "Request was denied due to request throttling.")}

    def route(self, request: Request) -> Call:
        form = _parameters(request)
        action = dict(form).get("Action", "")
        if action not in ("AssumeRole", "AssumeRoleWithOIDC", "GetCallerIdentity"):
            raise ApiError("InvalidAction.NotFound", 404, "Specified api is not found.")
        return Call(request, action, query=form)

    def authenticate(self, call: Call) -> QueueKey:
        account = OSS_UID if call.operation == "AssumeRoleWithOIDC" else _verify(call).account
        return QueueKey("oss", account, OSS_REGION)

    def run(self, call: Call) -> Answer:
        if call.operation == "GetCallerIdentity":
            return _json(_identity(_verify(call)))
        return _json(self._assume(call))

    def _assume(self, call: Call) -> dict[str, object]:
        role, name = call.first("RoleArn") or "", call.first("RoleSessionName") or ""
        if not _ROLE.fullmatch(role):
            raise ApiError("InvalidParameter.RoleArn", 400, "The parameter RoleArn is wrongly formed.")
        if not re.fullmatch(r"[A-Za-z0-9.@_-]{2,64}", name):
            raise ApiError("InvalidParameter.RoleSessionName", 400, "The parameter RoleSessionName is wrongly formed.")
        if call.operation == "AssumeRoleWithOIDC" and len(call.first("OIDCToken") or "") < 4:
            raise ApiError("InvalidParameter.OIDCToken", 400, "The parameter OIDCToken is wrongly formed.")
        key = of_role(OSS_TEMP_KEY, self.world.settings.role_generation)
        lifetime = min(_LIFETIME, self.world.settings.role_lifetime)
        return {
            "RequestId": str(uuid.uuid4()).upper(),
            "AssumedRoleUser": {"Arn": f"{role}/{name}", "AssumedRoleId": f"300000000000000000:{name}"},
            "Credentials": {
                "AccessKeyId": key.key_id,
                "AccessKeySecret": key.secret,
                "SecurityToken": key.token,
                "Expiration": iso(time.time() + lifetime),
            },
        }

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        content = {"RequestId": str(uuid.uuid4()).upper(), "HostId": request.host, "Code": error.code}
        body = json.dumps({**content, "Message": error.message}).encode()
        return Answer(error.status, body, "application/json;charset=utf-8", error.headers)


def _json(content: dict[str, object]) -> Answer:
    return Answer(body=json.dumps(content).encode(), content_type="application/json;charset=utf-8")


def _identity(key: Credential) -> dict[str, object]:
    """A pair without a token is taken for the account's own, one with a token for a role's."""
    about = {"RequestId": str(uuid.uuid4()).upper(), "AccountId": key.account, "PrincipalId": key.account}
    if key.token is None:
        arn = f"acs:ram::{key.account}:root"
        return {**about, "IdentityType": "Account", "UserId": key.account, "Arn": arn}
    arn = f"acs:ram::{key.account}:assumed-role/emulator/session"
    return {**about, "IdentityType": "AssumedRoleUser", "RoleId": "300000000000000000", "Arn": arn}


def _verify(call: Call) -> Credential:
    given = dict(call.query)
    key = CREDENTIALS.get(("oss", given.get("AccessKeyId", "")))
    if key is None:
        raise ApiError("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found.")
    try:
        signed = calendar.timegm(time.strptime(given.get("Timestamp", ""), "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        raise ApiError("InvalidTimeStamp.Format", 400, "Specified time stamp is not well formatted.") from None
    if abs(time.time() - signed) > _MAX_SKEW:
        raise ApiError("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired.")
    signature = given.pop("Signature", "")
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(given.items()))
    text = f"{call.request.method}&%2F&{_encode(query)}"
    expected = base64.b64encode(hmac.digest(f"{key.secret}&".encode(), text.encode(), "sha1")).decode()
    if not same(expected, signature):
        raise ApiError("SignatureDoesNotMatch", 400, "Specified signature does not match our calculation.")
    if not same(given.get("SecurityToken", ""), key.token or ""):
        raise ApiError("InvalidSecurityToken.Mismatch", 400, "Specified SecurityToken mismatches the AccessKeyId.")
    if ("oss", key.key_id) in EXPIRED:
        raise ApiError("InvalidSecurityToken.Expired", 400, "Specified SecurityToken is expired.")
    return key


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")
