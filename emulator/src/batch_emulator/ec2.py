# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS EC2, of which only DescribeRegions: the regions that are enabled for an account.

Source: Amazon EC2 API Reference, "DescribeRegions" and "Query requests" (version 2016-11-15).
"""

from __future__ import annotations

import uuid

from . import documents, sigv4
from .aws import AwsDialect
from .dialect import Dialect
from .errors import ApiError
from .jobs import QueueKey
from .messages import Answer, Call, Request, decode_pairs

VERSION = "2016-11-15"
_NAMESPACE = f"http://ec2.amazonaws.com/doc/{VERSION}/"
# EC2 has words of its own for what S3 calls these.
_CODES = {
    "InvalidAccessKeyId": ("AuthFailure", 401),
    "SignatureDoesNotMatch": ("AuthFailure", 401),
    "InvalidToken": ("AuthFailure", 401),
    "RequestTimeTooSkewed": ("RequestExpired", 400),
    "AccessDenied": ("UnauthorizedOperation", 403),
}


def is_ours(request: Request) -> bool:
    """Whether a request to the path / is one of these; AWS's STS is asked there, too."""
    return ("Version", VERSION) in decode_pairs(request.body.decode("utf-8", "replace"), True)


class Ec2Dialect(Dialect):
    provider = "aws"
    auxiliary = True
    refusals = AwsDialect.refusals | {
        "throttle": ("RequestLimitExceeded", 503, "Request limit exceeded."),
        "denied": ("UnauthorizedOperation", 403, "You are not authorized to perform this operation."),
    }

    def route(self, request: Request) -> Call:
        form = decode_pairs(request.body.decode("utf-8", "replace"), True)
        action = dict(form).get("Action", "")
        if action != "DescribeRegions":
            raise ApiError("InvalidAction", 400, f"The action {action} is not valid for this web service.")
        return Call(request, action, query=form)

    def authenticate(self, call: Call) -> QueueKey:
        try:
            scope = sigv4.verify(call.request, "ec2")
        except ApiError as error:
            code, status = _CODES.get(error.code, (error.code, error.status))
            raise ApiError(code, status, error.message) from None
        return QueueKey("aws", scope.key.account, scope.region)

    def run(self, call: Call) -> Answer:
        regions = "".join(
            f"<item>{documents.node('regionName', name)}<regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint>"
            "<optInStatus>opt-in-not-required</optInStatus></item>"
            for name in self.world.settings.regions
        )
        content = f"<requestId>{uuid.uuid4()}</requestId><regionInfo>{regions}</regionInfo>"
        return Answer(body=documents.document("DescribeRegionsResponse", content, _NAMESPACE), content_type="text/xml")

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        content = (
            f"<Errors><Error>{documents.node('Code', error.code)}{documents.node('Message', error.message)}"
            f"</Error></Errors><RequestID>{uuid.uuid4()}</RequestID>"
        )
        return Answer(error.status, documents.document("Response", content), "text/xml", error.headers)
