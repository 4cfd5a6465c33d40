# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS STS: GetCallerIdentity, by which clients learn their account id, and AssumeRole, which hands out other keys."""

from __future__ import annotations

import re
import time
import uuid

from . import documents, sigv4
from .accounts import AWS_OTHER_TEMP_KEY, AWS_TEMP_KEY, Credential
from .aws import AwsDialect
from .clock import iso
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request, decode_pairs

_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/.{1,512}")
_ASSUMED = {key.account: key for key in (AWS_TEMP_KEY, AWS_OTHER_TEMP_KEY)}
_LIFETIME = 3600
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"

# STS has words of its own for what S3 calls these.
_CODES = {
    "InvalidAccessKeyId": ("InvalidClientTokenId", 403),
    "InvalidToken": ("InvalidClientTokenId", 403),
    "RequestTimeTooSkewed": ("SignatureDoesNotMatch", 403),
    "AuthorizationHeaderMalformed": ("IncompleteSignature", 400),
    "AccessDenied": ("MissingAuthenticationToken", 403),
}


class StsDialect(Dialect):
    provider = "aws"
    auxiliary = True
    refusals = AwsDialect.refusals | {"throttle": ("Throttling", 400, "Rate exceeded")}

    def route(self, request: Request) -> Call:
        form = request.pairs(True) + decode_pairs(request.body.decode("utf-8", "replace"), True)
        action = dict(form).get("Action", "")
        if action not in ("GetCallerIdentity", "AssumeRole"):
            raise ApiError("InvalidAction", 400, "The emulator knows GetCallerIdentity and AssumeRole only.")
        return Call(request, action, query=form)

    def authenticate(self, call: Call) -> QueueKey:
        scope = self._scope(call.request)
        return QueueKey("aws", scope.key.account, scope.region)

    def _scope(self, request: Request) -> sigv4.Scope:
        try:
            return sigv4.verify(request, "sts")
        except ApiError as error:
            code, status = _CODES.get(error.code, (error.code, error.status))
            raise ApiError(code, status, error.message) from None

    def run(self, call: Call) -> Answer:
        return self._assume(call) if call.operation == "AssumeRole" else self._identity(call)

    def _assume(self, call: Call) -> Answer:
        arn, name = call.first("RoleArn") or "", call.first("RoleSessionName") or ""
        role = _ROLE.fullmatch(arn)
        if not role or not name:
            raise ApiError("ValidationError", 400, "RoleArn and RoleSessionName are needed.")
        key = _ASSUMED.get(role[1])
        if key is None:
            raise ApiError("AccessDenied", 403, f"The caller is not authorized to perform: sts:AssumeRole on {arn}")
        content = (
            f"<AssumeRoleResult><AssumedRoleUser><Arn>{_arn(key)}</Arn><AssumedRoleId>{key.key_id}:{name}"
            f"</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{key.key_id}</AccessKeyId>"
            f"<SecretAccessKey>{key.secret}</SecretAccessKey><SessionToken>{key.token}</SessionToken>"
            f"<Expiration>{iso(time.time() + _LIFETIME)}</Expiration></Credentials></AssumeRoleResult>"
            f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        )
        return Answer(body=documents.document("AssumeRoleResponse", content, _NAMESPACE), content_type="text/xml")

    def _identity(self, call: Call) -> Answer:
        key = self._scope(call.request).key
        content = (
            f"<GetCallerIdentityResult><Arn>{_arn(key)}</Arn><UserId>{key.key_id}</UserId>"
            f"<Account>{key.account}</Account></GetCallerIdentityResult>"
            f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        )
        return Answer(
            body=documents.document("GetCallerIdentityResponse", content, _NAMESPACE), content_type="text/xml"
        )

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        kind = "Receiver" if error.status >= 500 else "Sender"
        content = (
            f"<Error><Type>{kind}</Type>{documents.node('Code', error.code)}"
            f"{documents.node('Message', error.message)}</Error><RequestId>{uuid.uuid4()}</RequestId>"
        )
        body = documents.document("ErrorResponse", content, _NAMESPACE)
        return Answer(error.status, body, "text/xml", error.headers)


def _arn(key: Credential) -> str:
    if key.token is None:
        return f"arn:aws:iam::{key.account}:user/emulator"
    return f"arn:aws:sts::{key.account}:assumed-role/emulator/session"
