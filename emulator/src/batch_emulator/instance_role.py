# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of Tencent's and Alibaba's instance metadata that hand out temporary keys. Unsigned, as the real ones."""

from __future__ import annotations

import json
import time

from .accounts import COS_REGION, COS_TEMP_KEY, INSTANCE_ROLE, OSS_REGION, OSS_TEMP_KEY, of_role
from .clock import iso
from .cos import CosDialect
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request, same
from .oss import OssDialect

PREFIX = "/latest/meta-data/cam/security-credentials"
OSS_PREFIX = "/latest/meta-data/ram/security-credentials"
OSS_TOKEN_PATH = "/latest/api/token"
_OSS_TOKEN = "emulator-metadata-token"


class InstanceRoleDialect(Dialect):
    provider = "cos"
    auxiliary = True
    refusals = CosDialect.refusals

    def route(self, request: Request) -> Call:
        if request.method != "GET":
            raise ApiError("MethodNotAllowed", 405, "Metadata can only be read.")
        return Call(request, "InstanceRole")

    def authenticate(self, call: Call) -> QueueKey:
        return QueueKey("cos", COS_TEMP_KEY.account, COS_REGION)

    def run(self, call: Call) -> Answer:
        role = call.request.path[len(PREFIX) :].strip("/")
        if not role:
            return Answer(body=INSTANCE_ROLE.encode(), content_type="text/plain")
        if role != INSTANCE_ROLE:
            raise ApiError("NotFound", 404, f"Role {role} not found.")
        settings = self.world.settings
        key = of_role(COS_TEMP_KEY, settings.role_generation)
        expires = int(time.time() + settings.role_lifetime)
        content = {
            "TmpSecretId": key.key_id,
            "TmpSecretKey": key.secret,
            "Token": key.token,
            "ExpiredTime": expires,
            "Expiration": iso(expires),
            "Code": "Success",
        }
        return Answer(body=json.dumps(content).encode(), content_type="application/json")

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        return Answer(error.status, f"{error.code}: {error.message}\n".encode(), "text/plain", error.headers)


class OssRoleDialect(Dialect):
    """The metadata service of Alibaba Cloud. In hardened mode, it requires a token from a PUT request."""

    provider = "oss"
    auxiliary = True
    refusals = OssDialect.refusals

    def route(self, request: Request) -> Call:
        wanted = "PUT" if request.path == OSS_TOKEN_PATH else "GET"
        if request.method != wanted:
            raise ApiError("MethodNotAllowed", 405, "Metadata can only be read.")
        return Call(request, "InstanceRole")

    def authenticate(self, call: Call) -> QueueKey:
        return QueueKey("oss", OSS_TEMP_KEY.account, OSS_REGION)

    def run(self, call: Call) -> Answer:
        request = call.request
        if request.path == OSS_TOKEN_PATH:
            if not request.header("x-aliyun-ecs-metadata-token-ttl-seconds"):
                raise ApiError("BadRequest", 400, "A token needs a lifetime.")
            return Answer(body=_OSS_TOKEN.encode(), content_type="text/plain")
        token = request.header("x-aliyun-ecs-metadata-token")
        if not (token is None or same(token, _OSS_TOKEN)) or (token is None and self.world.settings.hardened_metadata):
            raise ApiError("Forbidden", 403, "The token is missing or wrong.")
        role = request.path[len(OSS_PREFIX) :].strip("/")
        if not role:
            return Answer(body=INSTANCE_ROLE.encode(), content_type="text/plain")
        if role != INSTANCE_ROLE:
            raise ApiError("NotFound", 404, f"Role {role} not found.")
        settings = self.world.settings
        key = of_role(OSS_TEMP_KEY, settings.role_generation)
        content = {
            "AccessKeyId": key.key_id,
            "AccessKeySecret": key.secret,
            "SecurityToken": key.token,
            "Expiration": iso(time.time() + settings.role_lifetime),
            "LastUpdated": iso(time.time()),
            "Code": "Success",
        }
        return Answer(body=json.dumps(content).encode(), content_type="application/json")

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        return Answer(error.status, f"{error.code}: {error.message}\n".encode(), "text/plain", error.headers)
