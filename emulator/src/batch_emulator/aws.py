# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS S3 Control 2018-08-20: the batch operations."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from typing import ClassVar

from . import documents, operations, sigv4
from .create import CreateRules, read_tags
from .dialect import JobsDialect
from .errors import ApiError
from .jobs import STATUSES, Job, QueueKey
from .messages import Answer, Call, Request
from .settings import NOT_FOUND
from .store import Queue
from .world import World

# s3-control[-fips][.dualstack].REGION.amazonaws.com[.cn], .amazonaws.eu, .c2s.ic.gov ...; the region is captured.
_HOST = re.compile(
    r"(?:^|\.)s3-control(?:-fips)?(?:\.dualstack)?\.([a-z0-9-]+)\.(?:amazonaws\.|c2s\.ic\.gov|sc2s\.sgov)"
)
_ACCOUNT_LABEL = re.compile(r"(\d{12})\.")
_JOB_ID = re.compile(r"[a-zA-Z0-9_-]{5,36}")
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{1,1024}")

_DEFAULTS = {
    "Manifest": (
        "<Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format>"
        "<Fields><member>Bucket</member><member>Key</member></Fields></Spec>"
        "<Location><ObjectArn>arn:aws:s3:::emulator-manifests/manifest.csv</ObjectArn>"
        "<ETag>d41d8cd98f00b204e9800998ecf8427e</ETag></Location></Manifest>"
    ),
    "Report": "<Report><Enabled>false</Enabled></Report>",
}


class AwsDialect(JobsDialect):
    provider = "aws"
    prefix = "/v20180820/jobs"
    plus_is_blank = False
    namespace = "http://awss3control.amazonaws.com/doc/2018-08-20/"
    millis = ".000"
    timers = True
    routes = JobsDialect.routes | {
        ("PUT", True, "tagging"): "PutJobTagging",
        ("GET", True, "tagging"): "GetJobTagging",
        ("DELETE", True, "tagging"): "DeleteJobTagging",
    }
    refusals: ClassVar = {
        "throttle": ("TooManyRequestsException", 400, "Too many requests, please slow down."),
        "internal_error": ("InternalServiceException", 500, "We encountered an internal error. Please try again."),
        "unavailable": ("ServiceUnavailable", 503, "The service is temporarily unavailable."),
        "denied": ("AccessDenied", 403, "Access Denied"),
        "clock_skew": (
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        "expired_token": ("ExpiredToken", 400, "The provided token has expired."),
    }
    create_rules = CreateRules(
        invalid="BadRequestException",
        malformed="BadRequestException",
        operations=frozenset(
            {
                "LambdaInvoke",
                "S3ComputeObjectChecksum",
                "S3DeleteObjectTagging",
                "S3InitiateRestoreObject",
                "S3PutObjectAcl",
                "S3PutObjectCopy",
                "S3PutObjectLegalHold",
                "S3PutObjectRetention",
                "S3PutObjectTagging",
                "S3ReplicateObject",
                "S3UpdateObjectEncryption",
            }
        ),
        manifest_formats=frozenset({"S3BatchOperations_CSV_20180820", "S3InventoryReport_CSV_20161130"}),
        report_format="Report_CSV_20180820",
        role_arn=re.compile(r"arn:[^:]+:iam::\d{12}:role/.{1,2000}"),
        operation_fault=operations.aws_fault,
        confirmed_by_default=False,
        description=(1, 256),
        report_prefix=(1, 512),
        generator="ManifestGenerator",
        tags=True,
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.verbs |= {
            "PutJobTagging": self._put_tags,
            "GetJobTagging": self._get_tags,
            "DeleteJobTagging": self._delete_tags,
        }

    def authenticate(self, call: Call) -> QueueKey:
        request = call.request
        scope = sigv4.verify(request, "s3")
        region = _HOST.search(request.host)
        if region is not None and region[1] != scope.region:
            raise ApiError(
                "AuthorizationHeaderMalformed",
                400,
                f"The authorization header is malformed; the region {scope.region!r} is wrong; expecting {region[1]!r}",
            )
        account = request.header("x-amz-account-id")
        if not account:
            raise ApiError("InvalidRequest", 400, "Missing required header for this request: x-amz-account-id")
        label = _ACCOUNT_LABEL.match(request.host)
        if label is not None and label[1] != account:
            raise ApiError("InvalidRequest", 400, "The account id in the host and in x-amz-account-id differ.")
        if account != scope.key.account:
            raise ApiError("AccessDenied", 403, "Access Denied")
        return QueueKey("aws", account, scope.region)

    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        content = documents.node("Code", error.code) + documents.node("Message", error.message)
        request_id, host_id = uuid.uuid4().hex[:16].upper(), base64.b64encode(uuid.uuid4().bytes).decode()
        if bare:
            body = documents.document("Error", f"{content}<RequestId>{request_id}</RequestId>")
        else:
            # As on the wire log of aws-sdk-java-v2#3085.
            ids = f"<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId>"
            body = documents.document("ErrorResponse", f"<Error>{content}</Error>{ids}")
        headers = {"x-amz-request-id": request_id, "x-amz-id-2": host_id}
        return Answer(error.status, body, headers=headers | error.headers)

    def result(self, operation: str, content: str) -> Answer:
        answer = super().result(operation, content)
        answer.headers["x-amz-request-id"] = uuid.uuid4().hex[:16].upper()
        return answer

    def invalid(self, call: Call, message: str) -> ApiError:
        code = "InvalidRequestException" if call.operation == "ListJobs" else "BadRequestException"
        return ApiError(code, 400, message + ".")

    def missing_priority(self, call: Call) -> ApiError:
        return self.invalid(call, "priority is missing")

    def bad_token(self, call: Call) -> ApiError:
        return ApiError("InvalidNextTokenException", 400, "The nextToken is not valid.")

    def not_found(self) -> ApiError:
        code = self.world.settings.not_found_code
        return ApiError(code, NOT_FOUND[code], "The specified job does not exist")

    def not_updatable(self, job: Job) -> ApiError:
        return ApiError("InvalidRequest", 400, f"The priority of a job in status {job.status} cannot be changed.")

    def forbidden_status(self, job: Job, wanted: str) -> ApiError:
        return ApiError(self.world.settings.status_error_code, 400, "Requested job status forbidden")

    def check_job_id(self, call: Call) -> None:
        # The user guide lists a malformed ID as a cause of "no such job".
        if not _JOB_ID.fullmatch(call.job_id or ""):
            raise self.not_found()

    def check_reason(self, call: Call, reason: str | None) -> None:
        if reason is not None and not 1 <= len(reason) <= 256:
            raise self.invalid(call, "The length of statusUpdateReason must be 1 to 256")

    def wanted_statuses(self, call: Call) -> list[str]:
        statuses = call.all("jobStatuses")
        for status in statuses:
            if status not in STATUSES:
                raise self.invalid(call, f"{status!r} is not a job status")
        return statuses

    def token_after(self, job: Job) -> str:
        return base64.urlsafe_b64encode(f"{job.created!r}:{job.order}".encode()).decode()

    def place_of(self, call: Call, token: str) -> tuple[float, int]:
        try:
            if not _TOKEN.fullmatch(token):
                raise ValueError
            created, order = base64.b64decode(token, altchars=b"-_", validate=True).decode().split(":")
            return float(created), int(order)
        except (ValueError, binascii.Error):
            raise self.bad_token(call) from None

    def reused_token(self, queue: Queue, same_request: bool, job_id: str) -> str:
        if not same_request:
            raise ApiError(
                "IdempotencyException", 400, "The ClientRequestToken was used already with other parameters."
            )
        return job_id

    def description(self, job: Job, now: float, stale: bool) -> str:
        node, moment = documents.node, self.moment
        kept = _DEFAULTS | {"Operation": f"<Operation><{job.operation}/></Operation>"} | job.documents
        if "ManifestGenerator" in job.documents:
            kept.pop("Manifest")
        _unused, account, region = job.queue
        partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
        return (
            f"{node('JobId', job.job_id)}{node('ConfirmationRequired', documents.flag(job.confirmation_required))}"
            f"{node('Description', job.description)}"
            f"{node('JobArn', f'arn:{partition}:s3:{region}:{account}:job/{job.job_id}')}"
            f"{node('Status', job.status)}{''.join(kept.values())}{documents.priority(job, stale)}"
            f"{documents.summary(job, now, self.timers)}{node('StatusUpdateReason', job.status_update_reason)}"
            f"{self.reasons(job, 'member')}{moment('CreationTime', job.created)}"
            f"{moment('TerminationDate', job.ended)}"
            f"{node('RoleArn', job.role_arn or f'arn:{partition}:iam::{account}:role/emulator-batch')}"
            f"{moment('SuspendedDate', job.suspended)}{node('SuspendedCause', job.suspended_cause)}"
        )

    def _put_tags(self, call: Call) -> Answer:
        tags = read_tags(documents.parse(call.request.body, "PutJobTaggingRequest"), "InvalidTag")
        self.job(call).tags = tags
        return self._empty()

    def _get_tags(self, call: Call) -> Answer:
        members = "".join(
            f"<member>{documents.node('Key', key)}{documents.node('Value', value)}</member>"
            for key, value in self.job(call).tags.items()
        )
        return self.result("GetJobTagging", f"<Tags>{members}</Tags>")

    def _delete_tags(self, call: Call) -> Answer:
        self.job(call).tags = {}
        return self._empty()

    def _empty(self) -> Answer:
        return Answer(headers={"x-amz-request-id": uuid.uuid4().hex[:16].upper()})
