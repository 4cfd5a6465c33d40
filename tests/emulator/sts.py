# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS STS: GetCallerIdentity, by which clients learn their account id."""

from __future__ import annotations

import uuid

from . import documents, sigv4
from .accounts import Credential
from .aws import AwsDialect
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request, decode_pairs

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
        if ("Action", "GetCallerIdentity") not in form:
            raise ApiError("InvalidAction", 400, "The emulator knows the action GetCallerIdentity only.")
        return Call(request, "GetCallerIdentity")

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
