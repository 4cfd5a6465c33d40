# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS STS: GetCallerIdentity, which returns the account ID, and two operations that return the keys of a role.

Sources: AWS STS API Reference, "AssumeRole", "AssumeRoleWithWebIdentity" (which is not signed), "GetCallerIdentity".
"""

from __future__ import annotations

import re
import time
import uuid

from . import documents, sigv4
from .accounts import AWS_OTHER_TEMP_KEY, AWS_REGION, AWS_TEMP_KEY, Credential, of_role
from .aws import AwsDialect
from .clock import iso
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request, decode_pairs

# AWS General Reference, "Amazon Resource Names": each partition of AWS has resources and credentials of its own.
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}
_ROLE = re.compile(r"arn:(aws(?:-[a-z]+)*):iam::(\d{12}):role/.{1,512}")
WITH_TOKEN = "AssumeRoleWithWebIdentity"
OPERATIONS = ("GetCallerIdentity", "AssumeRole", WITH_TOKEN)
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
        if action not in OPERATIONS:
            raise ApiError("InvalidAction", 400, f"The emulator knows {', '.join(OPERATIONS)} only.")
        return Call(request, action, query=form)

    def authenticate(self, call: Call) -> QueueKey:
        if call.operation == WITH_TOKEN:
            return QueueKey("aws", _role(call)[1], AWS_REGION)
        scope = self._scope(call.request)
        return QueueKey("aws", scope.key.account, scope.region)

    def _scope(self, request: Request) -> sigv4.Scope:
        try:
            return sigv4.verify(request, "sts")
        except ApiError as error:
            code, status = _CODES.get(error.code, (error.code, error.status))
            raise ApiError(code, status, error.message) from None

    def run(self, call: Call) -> Answer:
        if call.operation == "GetCallerIdentity":
            return self._identity(call)
        partition, account, name = _role(call)
        if call.operation == WITH_TOKEN:
            if len(call.first("WebIdentityToken") or "") < 4:
                raise ApiError("InvalidIdentityToken", 400, "No OpenIDConnect provider found in your account.")
        elif partition != _partition(call.queue.region):
            # A partition knows nothing of the credentials of another one.
            raise ApiError("InvalidClientTokenId", 403, "The security token included in the request is invalid.")
        return self._assume(call.operation, partition, account, name)

    def _assume(self, operation: str, partition: str, account: str, name: str) -> Answer:
        base = _ASSUMED.get(account)
        if base is None:
            raise ApiError("AccessDenied", 403, f"The caller is not authorized to perform: sts:{operation}")
        key = of_role(base, self.world.settings.role_generation)
        lifetime = min(_LIFETIME, self.world.settings.role_lifetime)
        content = (
            f"<{operation}Result><AssumedRoleUser><Arn>{_arn(key, partition)}</Arn><AssumedRoleId>{key.key_id}:{name}"
            f"</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{key.key_id}</AccessKeyId>"
            f"<SecretAccessKey>{key.secret}</SecretAccessKey><SessionToken>{key.token}</SessionToken>"
            f"<Expiration>{iso(time.time() + lifetime)}</Expiration></Credentials></{operation}Result>"
            f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        )
        return Answer(body=documents.document(f"{operation}Response", content, _NAMESPACE), content_type="text/xml")

    def _identity(self, call: Call) -> Answer:
        key = self._scope(call.request).key
        arn = _arn(key, _partition(call.queue.region))
        content = (
            f"<GetCallerIdentityResult><Arn>{arn}</Arn><UserId>{key.key_id}</UserId>"
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


def _role(call: Call) -> tuple[str, str, str]:
    """The partition and account of the role that a call is about, and the name of the session."""
    role, name = _ROLE.fullmatch(call.first("RoleArn") or ""), call.first("RoleSessionName") or ""
    if not role or not name:
        raise ApiError("ValidationError", 400, "RoleArn and RoleSessionName are needed.")
    return role[1], role[2], name


def _partition(region: str) -> str:
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def _arn(key: Credential, partition: str) -> str:
    if key.token is None:
        return f"arn:{partition}:iam::{key.account}:user/emulator"
    return f"arn:{partition}:sts::{key.account}:assumed-role/emulator/session"
