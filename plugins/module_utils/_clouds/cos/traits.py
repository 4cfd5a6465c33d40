# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe Tencent COS batch processing as data.

Sources: Tencent Cloud COS documentation, "Batch processing APIs" and their error responses. Private to this collection.
"""

from __future__ import annotations

import typing as t

from ..._core import provider_traits, statuses, validation
from ..shared import resource_names

_PARAMETERS: t.Final = {
    **dict.fromkeys(("ResourcesPrefix", "TargetKeyPrefix", "TargetResource"), "text"),
    **dict.fromkeys(("CacheControl", "ContentDisposition", "ContentEncoding", "ContentType"), "text"),
    **dict.fromkeys(("DisplayName", "HttpExpiresDate", "Identifier", "Key", "Value"), "text"),
    **dict.fromkeys(("AccessControlDirective", "MetadataDirective", "TaggingDirective"), "word"),
    **dict.fromkeys(("CannedAccessControlList", "Permission", "TypeIdentifier"), "word"),
    **dict.fromkeys(("JobTier", "SSEAlgorithm", "StorageClass"), "word"),
    **dict.fromkeys(("ModifiedSinceConstraint", "UnModifiedSinceConstraint"), "time"),
    **dict.fromkeys(("AccessControlGrants", "NewObjectTagging", "TagSet", "UserMetadata"), "list"),
    "ExpirationInDays": "integer",
    "PrefixReplace": "boolean",
}
"""Sources: Tencent Cloud COS documentation, "Common Elements" and "CreateJob"; cos-go-sdk-v5 batch.go."""

TRAITS: t.Final = provider_traits.Traits(
    title="Tencent COS batch processing",
    connection=provider_traits.ConnectionTraits(
        environment={
            "region": ("TENCENTCLOUD_REGION",),
            "endpoint_url": ("COS_ENDPOINT_URL",),
            "access_key": ("TENCENTCLOUD_SECRET_ID", "COS_SECRETID"),
            "secret_key": ("TENCENTCLOUD_SECRET_KEY", "COS_SECRETKEY"),
            "session_token": ("TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN", "COS_SECURITY_TOKEN"),
        },
        families=("TENCENTCLOUD_", "COS_"),
        required=("region", "account_id", "app_id"),
    ),
    failures=provider_traits.FailureTraits(
        # A used token has no code of its own.
        token_used=("InvalidRequest",),
        codes={
            "NoSuchJob": "not_found",
            "InvalidArgument": "invalid",
            "InvalidRequest": "invalid",
            "InvalidURI": "invalid",
            "MalformedXML": "invalid",
            "MethodNotAllowed": "invalid",
            "AccessDenied": "denied",
            "PaymentRequired": "denied",
            "UnavailableForLegalReasons": "denied",
            "InvalidAccessKeyId": "credentials",
            "SignatureDoesNotMatch": "credentials",
            "ExpiredToken": "credentials",
            "InvalidToken": "credentials",
            "RequestTimeTooSkewed": "clock_skew",
            "SlowDown": "throttled",
            "RequestLimitExceeded": "throttled",
            "TooManyRequests": "throttled",
            "TooManyJobs": "quota",
            "InternalError": "unavailable",
            "ServiceUnavailable": "unavailable",
            "RequestTimeout": "unavailable",
        },
        hints={
            "not_found": (
                "The job may have expired (COS shows jobs for 90 days after their creation), the id may be wrong, the"
                " job may live in another region or account (UIN), or it was created only seconds ago."
            ),
            "denied": (
                "Check that account_id is the UIN and app_id the APPID of one account, and that CAM allows"
                " cos:DescribeJob, cos:ListJobs, cos:UpdateJobPriority, cos:UpdateJobStatus and cos:CreateJob."
            ),
            "credentials": (
                "Set access_key (secret_id) and secret_key (and session_token for temporary ones), or the variables"
                " TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_TOKEN on the host that runs"
                " the task."
            ),
            "not_updatable": "Look at the job's status and wait until it has changed.",
            "invalid": "Check job_id, and that account_id is the UIN (12 digits) and app_id the APPID (10 digits).",
        },
    ),
    jobs=provider_traits.JobTraits(
        retention_days=90,
        retention_start="creation",
        transitions={"ready": ("Suspended",), "cancelled": statuses.LIVE},
        lengths={"reason": 256, "description": 256, "report.prefix": 256},
        parameters=_PARAMETERS,
        in_bytes=("reason", "description", "report.prefix"),
    ),
    manifests=provider_traits.ManifestTraits(
        # "Object Overview", naming convention.
        longest_key=850,
        # The guide's samples have blanks after commas and no quotes; a key with either is not documented.
        quotes=False,
        formats={"csv": "COSBatchOperations_CSV_V1", "inventory": "COSInventoryReport_CSV_V1"},
    ),
    reports=provider_traits.ReportTraits(
        bucket_name=resource_names.bucket_name,
        always_described=True,
        format="Report_CSV_V1",
    ),
    rules={
        "account_id": validation.Rule("[0-9]{5,20}", "the digits of the main account's UIN, such as 100000000001"),
        "app_id": validation.Rule(
            "[0-9]{5,11}",
            "an APPID, of about 10 digits such as 1250000000; 12 digits are a UIN,"
            " which belongs into account_id (uin): the two are easily swapped",
        ),
        "region": validation.Rule("[a-z]+(-[a-z0-9]+)+", "a COS region such as ap-guangzhou"),
        "job_id": validation.Rule(
            "[A-Za-z0-9_-]{1,64}", "1 to 64 letters, digits, hyphens or underscores, as a job id of COS is"
        ),
        "role_arn": validation.Rule(
            "qcs::cam::uin/[0-9]+:roleName/.{1,1000}", "a role, as qcs::cam::uin/UIN:roleName/NAME"
        ),
        "object_arn": validation.Rule("qcs::cos:.*:.+/.+", "an object, as qcs::cos:REGION:uid/APPID:BUCKET-APPID/KEY"),
        "report_bucket": validation.Rule("qcs::cos:.{1,1000}", "a bucket, as qcs::cos:REGION:uid/APPID:BUCKET-APPID"),
        "bucket": validation.Rule(
            "[a-z0-9][a-z0-9.-]{1,80}[a-z0-9]", "the name of a bucket, such as reports-1250000000, or its resource name"
        ),
        "client_request_token": validation.Rule(r"[\x21-\x7e]{1,64}", "1 to 64 visible ASCII characters"),
    },
)
