# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent Cloud COS batch processing."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from typing import ClassVar

from . import cos_authorization, documents, operations
from .accounts import COS_REGION
from .create import CreateRules, utf8_length
from .dialect import JobsDialect
from .errors import ApiError
from .jobs import ENDED, STATUSES, Job, QueueKey
from .messages import Answer, Call, Request
from .settings import ENDED as ENDED_CODES
from .store import Queue
from .world import World

# UIN.cos-control.REGION.myqcloud.com, or another suffix
_HOST = re.compile(r"([0-9]+)\.cos-control\.([a-z0-9-]+)\.[^:]+(?::[0-9]+)?")

# The Go SDK's own tests show that a healthy job still carries an empty JobFailure.
_HEALTHY = (
    "<FailureReasons><JobFailure><FailureCode></FailureCode><FailureReason></FailureReason></JobFailure>"
    "</FailureReasons>"
)
_DEFAULTS = {
    "Manifest": (
        "<Manifest><Location><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>"
        "<ObjectArn>qcs::cos:ap-guangzhou::emulator-1250000000/manifest.csv</ObjectArn></Location>"
        "<Spec><Fields><member>Bucket</member><member>Key</member></Fields>"
        "<Format>COSBatchOperations_CSV_V1</Format></Spec></Manifest>"
    ),
    "Report": (
        "<Report><Bucket>qcs::cos:ap-guangzhou::emulator-1250000000</Bucket><Enabled>false</Enabled>"
        "<Format>Report_CSV_V1</Format><ReportScope>AllTasks</ReportScope></Report>"
    ),
}


class CosDialect(JobsDialect):
    provider = "cos"
    prefix = "/jobs"
    plus_is_blank = True
    routes = JobsDialect.routes | {("DELETE", True, ""): "DeleteJob"}
    refusals: ClassVar = {
        "throttle": ("SlowDown", 503, "Please reduce your request rate."),
        "internal_error": ("InternalError", 500, "We encountered an internal error. Please try again."),
        "unavailable": ("ServiceUnavailable", 503, "Please reduce your request rate."),
        "denied": ("AccessDenied", 403, "Access Denied."),
        "clock_skew": (
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        "expired_token": ("ExpiredToken", 400, "The provided token has expired."),
    }
    create_rules = CreateRules(
        invalid="InvalidArgument",
        malformed="MalformedXML",
        operations=frozenset(
            {"COSPutObjectCopy", "COSInitiateRestoreObject", "COSPutObjectTagging", "COSDeleteObject"}
        ),
        manifest_formats=frozenset({"COSBatchOperations_CSV_V1", "COSInventoryReport_CSV_V1"}),
        report_format="Report_CSV_V1",
        role_arn=re.compile(r"qcs::cam::uin/\d+:roleName/.{1,1000}"),
        operation_fault=operations.cos_fault,
        description=(0, 256),
        report_prefix=(0, 256),
        measure=utf8_length,
        full_report=True,
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.verbs |= {"DeleteJob": self._delete}

    def authenticate(self, call: Call) -> QueueKey:
        request = call.request
        key = cos_authorization.verify(request)
        _check_body(request)
        app_id = request.header("x-cos-appid")
        if not app_id:
            raise ApiError("InvalidArgument", 400, "The x-cos-appid header is missing.")
        if app_id != key.app_id:
            raise ApiError("AccessDenied", 403, "Access Denied.")
        host = _HOST.fullmatch(request.host)
        if host is None:
            return QueueKey("cos", key.account, COS_REGION)
        if host[1] != key.account:
            raise ApiError("AccessDenied", 403, "Access Denied.")
        return QueueKey("cos", key.account, host[2])

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        request_id, trace_id = _request_id(), uuid.uuid4().hex
        body = documents.document(
            "Error",
            documents.node("Code", error.code)
            + documents.node("Message", error.message)
            + documents.node("Resource", request.host + request.path)
            + documents.node("RequestId", request_id)
            + documents.node("TraceId", trace_id),
        )
        return Answer(
            error.status, body, headers={"x-cos-request-id": request_id, "x-cos-trace-id": trace_id} | error.headers
        )

    def result(self, operation: str, content: str) -> Answer:
        answer = super().result(operation, content)
        answer.headers["x-cos-request-id"] = _request_id()
        return answer

    def invalid(self, call: Call, message: str) -> ApiError:
        return ApiError("InvalidArgument", 400, message + ".")

    def missing_priority(self, call: Call) -> ApiError:
        return ApiError("InvalidRequest", 400, "priority is missing.")

    def bad_token(self, call: Call) -> ApiError:
        return self.invalid(call, "nextToken is not the id of a job")

    def not_found(self) -> ApiError:
        return ApiError("NoSuchJob", 404, "The specified job does not exist.")

    def not_updatable(self, job: Job) -> ApiError:
        if job.status in ENDED:
            return self._ended()
        return ApiError("InvalidRequest", 400, f"The priority of a job in status {job.status} cannot be changed.")

    def forbidden_status(self, job: Job, wanted: str) -> ApiError:
        if job.status in ENDED:
            return self._ended()
        return ApiError("InvalidRequest", 400, f"A job in status {job.status} cannot become {wanted}.")

    def _ended(self) -> ApiError:
        code = self.world.settings.ended_code
        return ApiError(code, ENDED_CODES[code], "The specified job does not exist or has ended.")

    def check_job_id(self, call: Call) -> None:
        if not call.job_id:
            raise ApiError("InvalidRequest", 400, "The job id is missing.")
        if utf8_length(call.job_id) > 64:
            raise self.invalid(call, "The job id must be 1 to 64 bytes long")

    def check_reason(self, call: Call, reason: str | None) -> None:
        if utf8_length(reason or "") > 256:
            raise self.invalid(call, "statusUpdateReason must be at most 256 bytes long")

    def wanted_statuses(self, call: Call) -> list[str]:
        statuses = call.all("jobStatuses")
        # How several statuses would be written is not documented, so only one is understood.
        if len(statuses) > 1 or any(status not in STATUSES for status in statuses):
            raise self.invalid(call, "jobStatuses must be one job status")
        return statuses

    def token_after(self, job: Job) -> str:
        return job.job_id

    def place_of(self, call: Call, token: str) -> tuple[float, int]:
        job = self.world.store.find(self.queue(call).key, token)
        if job is None:
            raise self.bad_token(call)
        return job.place

    def reused_token(self, queue: Queue, same_request: bool, job_id: str) -> str:
        raise ApiError("InvalidRequest", 400, "The ClientRequestToken was used already.")

    def description(self, job: Job, now: float, stale: bool) -> str:
        node, moment = documents.node, self.moment
        kept = _DEFAULTS | {"Operation": f"<Operation><{job.operation}></{job.operation}></Operation>"} | job.documents
        role = job.role_arn or f"qcs::cam::uin/{job.queue.account}:roleName/emulator-batch"
        return (
            f"{node('ConfirmationRequired', documents.flag(job.confirmation_required))}"
            f"{moment('CreationTime', job.created)}{node('Description', job.description)}"
            f"{self.reasons(job, 'JobFailure') or _HEALTHY}{node('JobId', job.job_id)}{''.join(kept.values())}"
            f"{documents.priority(job, stale)}{documents.summary(job, now, self.timers)}{node('RoleArn', role)}"
            f"{node('Status', job.status)}{node('StatusUpdateReason', job.status_update_reason)}"
            f"{node('SuspendedCause', job.suspended_cause)}{moment('SuspendedDate', job.suspended)}"
            f"{moment('TerminationDate', job.ended)}"
        )

    def _delete(self, call: Call) -> Answer:
        # Which statuses allow it is not documented; here all do.
        self.world.scheduler.remove(self.job(call))
        return Answer(204, headers={"x-cos-request-id": _request_id()})


def _request_id() -> str:
    """NWQ..., base64 of something, as COS writes them."""
    return base64.b64encode(uuid.uuid4().bytes).decode()


def _check_body(request: Request) -> None:
    if request.method == "POST" and "content-length" not in request.headers:
        raise ApiError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
    claimed = request.header("content-md5")
    if claimed and claimed != base64.b64encode(hashlib.md5(request.body).digest()).decode():
        raise ApiError("BadDigest", 400, "The Content-MD5 you specified did not match what we received.")
