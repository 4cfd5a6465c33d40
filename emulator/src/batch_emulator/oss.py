# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Batch operations of Alibaba Cloud OSS: one path, everything in the query.

Sources: Alibaba Cloud OSS documentation, "CreateJob", "DescribeJob", "ListJobs", "UpdateJobPriority", "UpdateJobStatus"
and its pages of error codes (EC).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
import uuid
from typing import ClassVar

from . import documents, operations, oss_authorization
from .clock import iso
from .create import CreateRules, utf8_length
from .dialect import JobsDialect
from .errors import ApiError
from .jobs import STATUSES, Job, QueueKey
from .messages import Answer, Call, Request
from .settings import OSS_NOT_FOUND
from .store import Queue

# Flag in the query -> {method: operation}; with a job ID, GET describes.
_FLAGS = {
    "batchJob": {"POST": "CreateJob", "GET": "ListJobs"},
    "batchJobPriority": {"POST": "UpdateJobPriority"},
    "batchJobStatus": {"POST": "UpdateJobStatus"},
}
# Parameter -> its name on the clouds that this one was modeled on.
_NAMES = {
    "targetPriority": "priority",
    "max-keys": "maxResults",
    "continuation-token": "nextToken",
    "batchJobStatuses": "jobStatuses",
}
_EC = {
    "AccessDenied": "0003-00000001",
    "InvalidAccessKeyId": "0002-00000902",
    "InvalidSecurityToken": "0002-00000006",
    "QpsLimitExceeded": "0004-00000302",
    "RequestTimeTooSkewed": "0002-00000504",
    "SecurityTokenExpired": "0002-00000007",
    "SignatureDoesNotMatch": "0002-00000201",
}
_BAD_ID = {"x-oss-ec": "0017-00001002"}
_HOST = re.compile(r"oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com(?::[0-9]+)?|([a-z0-9-]+)\.oss\.aliyuncs\.com")
_ID = re.compile(r"[A-Za-z0-9+/=]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9+:/=?#_-]{1,1024}")
_DEFAULTS = {
    "Report": (
        "<Report><Bucket>emulator-reports</Bucket><Enabled>false</Enabled><Prefix>batch-reports/</Prefix>"
        "<ReportScope>AllTasks</ReportScope></Report>"
    ),
    "Manifest": (
        "<Manifest><Location><ETag>d41d8cd98f00b204e9800998ecf8427e</ETag><Bucket>emulator</Bucket>"
        "<Object>manifest.csv</Object></Location><Spec><Fields>Bucket,Key</Fields>"
        "<Format>OSS_BatchOperations_CSV_20250611</Format></Spec></Manifest>"
    ),
}


def is_ours(request: Request) -> bool:
    """Whether a request to the path / is one of these; STS and others are asked there, too."""
    return any(name in _FLAGS for name, _unused in request.pairs(True))


class OssDialect(JobsDialect):
    provider = "oss"
    timers = True
    item = "JobListDescriptor"
    page = 100
    confirmable = ("Suspended", "Preparing")
    refusals: ClassVar = {
        "throttle": ("QpsLimitExceeded", 503, "Please reduce your request rate."),
        "internal_error": ("InternalError", 500, "Please contact the server administrator."),
        "unavailable": ("ServiceUnavailable", 503, "Please reduce your request rate."),
        "denied": ("AccessDenied", 403, "You have no right to access this object because of bucket acl."),
        "clock_skew": (
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        "expired_token": ("SecurityTokenExpired", 403, "The security token you provided has expired."),
    }
    create_rules = CreateRules(
        invalid="InvalidArgument",
        malformed="MalformedXML",
        operations=frozenset(operations.OSS_OPERATIONS),
        manifest_formats=frozenset({"OSS_BatchOperations_CSV_20250611", "OSS_InventoryReport_CSV_20250611"}),
        report_format="",
        role_arn=re.compile(r"(arn:)?acs:ram::[^:]+:role/.+"),
        operation_fault=operations.oss_fault,
        description=(0, 256),
        report_prefix=(0, 256),
        measure=utf8_length,
        full_report=True,
        generator="KeyPrefixManifestGenerator",
        location=("ETag", "Bucket", "Object"),
        fields_fault=operations.oss_fields_fault,
        confirmed_by_default=True,
    )

    def route(self, request: Request) -> Call:
        query = request.pairs(True)
        flag = next(name for name, _unused in query if name in _FLAGS)
        operation = _FLAGS[flag].get(request.method)
        job_id = next((value for name, value in query if name == "batchJobId"), None)
        if operation is None or request.path != "/":
            raise ApiError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
        if operation == "ListJobs" and job_id:
            operation = "DescribeJob"
        renamed = [(_NAMES.get(name, name), value) for name, value in query]
        named = (job_id or "") if operation.startswith(("Describe", "Update")) else None
        return Call(request=request, operation=operation, job_id=named, write=request.method != "GET", query=renamed)

    def authenticate(self, call: Call) -> QueueKey:
        request = call.request
        host = _HOST.fullmatch(request.host)
        region = (host[1] or host[2]) if host else None
        key, signed_for = oss_authorization.verify(request, region)
        claimed = request.header("content-md5")
        if claimed and claimed != base64.b64encode(hashlib.md5(request.body).digest()).decode():
            raise ApiError("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")
        return QueueKey("oss", key.account, signed_for)

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        request_id = _request_id()
        detail = error.headers.get("x-oss-ec") or _EC.get(error.code, "")
        skewed = ""
        if error.code == "RequestTimeTooSkewed":
            asked = oss_authorization.moment(request)
            skewed = documents.node("RequestTime", None if asked is None else iso(asked)) + documents.node(
                "ServerTime", iso(time.time())
            )
        node = documents.node
        body = documents.document(
            "Error",
            f"{node('Code', error.code)}{node('Message', error.message)}{node('RequestId', request_id)}"
            f"{node('HostId', request.host)}{skewed}{node('EC', detail or None)}",
        )
        headers = {"x-oss-request-id": request_id, **({"x-oss-ec": detail} if detail else {})}
        return Answer(error.status, body, headers=headers | error.headers)

    def result(self, operation: str, content: str) -> Answer:
        answer = super().result(operation, content)
        answer.headers["x-oss-request-id"] = _request_id()
        return answer

    def moment(self, name: str, value: float | None) -> str:
        return documents.node(name, None if value is None else int(value))

    def invalid(self, call: Call, message: str) -> ApiError:
        for ours, theirs in _NAMES.items():
            message = message.replace(theirs, ours)
        return ApiError("InvalidArgument", 400, message + ".")

    def missing_priority(self, call: Call) -> ApiError:
        return ApiError("InvalidArgument", 400, "targetPriority is missing.")

    def bad_token(self, call: Call) -> ApiError:
        return ApiError("InvalidArgument", 400, "The continuation-token is not one that was handed out.")

    def not_found(self) -> ApiError:
        code = self.world.settings.oss_not_found_code
        return ApiError(code, OSS_NOT_FOUND[code], "The specified batchJobId is invalid.", dict(_BAD_ID))

    def not_updatable(self, job: Job) -> ApiError:
        # What OSS says here is not documented.
        return ApiError("InvalidArgument", 400, f"The priority of a job in status {job.status} cannot be changed.")

    def forbidden_status(self, job: Job, wanted: str) -> ApiError:
        return ApiError("InvalidArgument", 400, f"A job in status {job.status} cannot become {wanted}.")

    def check_job_id(self, call: Call) -> None:
        if not _ID.fullmatch(call.job_id or ""):
            raise ApiError("InvalidArgument", 400, "The specified batchJobId is invalid.", dict(_BAD_ID))

    def check_reason(self, call: Call, reason: str | None) -> None:
        if reason is None and call.first("requestedJobStatus") == "Ready":
            return
        if not 1 <= len(reason or "") <= 256:
            raise self.invalid(call, "The length of statusUpdateReason must be 1 to 256")

    def wanted_statuses(self, call: Call) -> list[str]:
        statuses = [status.strip() for text in call.all("jobStatuses") for status in text.split("|")]
        if any(status not in STATUSES for status in statuses):
            raise self.invalid(call, "jobStatuses must be job statuses, joined by |")
        return statuses

    def token_after(self, job: Job) -> str:
        return base64.b64encode(f"{job.created!r}:{job.order}".encode()).decode()

    def place_of(self, call: Call, token: str) -> tuple[float, int]:
        try:
            if not _TOKEN.fullmatch(token):
                raise ValueError
            created, order = base64.b64decode(token, validate=True).decode().split(":")
            return float(created), int(order)
        except (ValueError, binascii.Error):
            raise self.bad_token(call) from None

    def reused_token(self, queue: Queue, same_request: bool, job_id: str) -> str:
        # What OSS does here is not documented; refusing is the harder case for clients.
        raise ApiError("InvalidArgument", 400, "The ClientRequestToken was used already.")

    def description(self, job: Job, now: float, stale: bool) -> str:
        node = documents.node
        kept = {"Operation": f"<Operation><{job.operation}></{job.operation}></Operation>"} | _DEFAULTS | job.documents
        if "KeyPrefixManifestGenerator" in job.documents:
            kept.pop("Manifest")
        role = job.role_arn or f"acs:ram::{job.queue.account}:role/emulator-batch"
        return (
            f"{node('ConfirmationRequired', documents.flag(job.confirmation_required))}"
            f"{self.moment('CreationTime', job.created)}"
            f"{self.reasons(job, 'JobFailure') or '<FailureReasons></FailureReasons>'}{node('JobId', job.job_id)}"
            f"{''.join(kept.values())}{node('Description', job.description)}{documents.priority(job, stale)}"
            f"{node('RoleArn', role)}{node('StatusUpdateReason', job.status_update_reason)}"
            f"{documents.summary(job, now, self.timers)}{node('Status', job.status)}"
            f"{self.moment('TerminationDate', job.ended)}"
        )


def _request_id() -> str:
    """24 hex digits in capitals, as OSS writes them."""
    return uuid.uuid4().hex[:24].upper()
