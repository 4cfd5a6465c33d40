# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of Tencent's instance metadata that hands out temporary keys. Unsigned, as the real one."""

from __future__ import annotations

import json
import time

from .accounts import COS_REGION, COS_TEMP_KEY, INSTANCE_ROLE
from .clock import iso
from .cos import CosDialect
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request

PREFIX = "/latest/meta-data/cam/security-credentials"
_LIFETIME = 6 * 3600


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
            raise ApiError("NotFound", 404, f"There is no role {role}.")
        expires = int(time.time()) + _LIFETIME
        content = {
            "TmpSecretId": COS_TEMP_KEY.key_id,
            "TmpSecretKey": COS_TEMP_KEY.secret,
            "Token": COS_TEMP_KEY.token,
            "ExpiredTime": expires,
            "Expiration": iso(expires),
            "Code": "Success",
        }
        return Answer(body=json.dumps(content).encode(), content_type="application/json")

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        return Answer(error.status, f"{error.code}: {error.message}\n".encode(), "text/plain", error.headers)
