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

_EXPIRED: t.Final = (
    "Renew the temporary credentials: request new temporary keys (GetFederationToken or AssumeRole), and set"
    " access_key, secret_key, and session_token."
)

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
        playbook_variables={
            "account_id": "OBJECTSTORE_BATCH_COS_ACCOUNT_ID",
            "app_id": "OBJECTSTORE_BATCH_COS_APP_ID",
        },
        required=("region", "account_id", "app_id"),
    ),
    failures=provider_traits.FailureTraits(
        # COS has no separate code for a used token.
        token_used=("InvalidRequest",),
        codes={
            "NoSuchJob": "not_found",
            "InvalidArgument": "invalid",
            "InvalidRequest": "invalid",
            "InvalidURI": "invalid",
            "MalformedXML": "invalid",
            "MethodNotAllowed": "invalid",
            "AccessDenied": "access_denied",
            "PaymentRequired": "access_denied",
            "UnavailableForLegalReasons": "access_denied",
            "InvalidAccessKeyId": "invalid_credentials",
            "SignatureDoesNotMatch": "invalid_credentials",
            "ExpiredToken": "invalid_credentials",
            "InvalidToken": "invalid_credentials",
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
                f"Check {provider_traits.JOB_PLACE}. Jobs expire 90 days after their creation, and new jobs can take a"
                " few seconds to appear."
            ),
            "access_denied": (
                "Check that account_id (the UIN) and app_id (the APPID) belong to one account, and that CAM policies"
                " allow the operation that failed, for example cos:ListJobs for ListJobs."
            ),
            "invalid_credentials": (
                "Set access_key (secret_id) and secret_key (and session_token for temporary keys), or the variables"
                " TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, and TENCENTCLOUD_TOKEN on the host that runs"
                " the task."
            ),
            "not_updatable": "Check the status of the job, and run the task again when it has changed.",
            "invalid": (
                "Check job_id. Check that account_id is the UIN (12 digits), and that app_id is the APPID (10 digits)."
            ),
        },
        code_hints={
            "ExpiredToken": _EXPIRED,
            "InvalidToken": (
                "Set session_token to the token of this access_key, or remove it if the key is not temporary."
            ),
            "InvalidAccessKeyId": (
                "Check access_key (secret_id), or TENCENTCLOUD_SECRET_ID: the key can be deleted or disabled. A"
                " temporary key also requires its session_token."
            ),
            "SignatureDoesNotMatch": "The SecretKey does not belong to the SecretId. Check access_key and secret_key.",
        },
        permissions={
            **{name: f"cos:{name}" for name in ("DescribeJob", "ListJobs", "UpdateJobPriority", "UpdateJobStatus")},
            "CreateJob": "cos:CreateJob and cam:PassRole for role_arn",
        },
        denied="Check that the CAM policies of the caller allow {permission}.",
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
        archives=frozenset({"ARCHIVE", "DEEP_ARCHIVE"}),
        # "Object Overview", naming convention.
        longest_key=850,
        # The samples of the guide have blanks after commas, and no quotes. A key with either is not documented.
        quotes=False,
        # "Batch processing": an encoded key must be decoded to its normal form before it is written to a manifest.
        encodes=False,
        formats={"csv": "COSBatchOperations_CSV_V1", "inventory": "COSInventoryReport_CSV_V1"},
    ),
    reports=provider_traits.ReportTraits(
        bucket_name=resource_names.bucket_name,
        split_object=resource_names.split_object,
        always_described=True,
        format="Report_CSV_V1",
    ),
    rules={
        "account_id": validation.Rule("[0-9]{5,20}", "a UIN of 5 to 20 digits such as 100000000001"),
        "app_id": validation.Rule(
            "[0-9]{5,11}",
            "an APPID of 5 to 11 digits such as 1250000000",
            "A number of 12 digits is a UIN, which belongs in account_id (uin). The two are easy to swap.",
        ),
        "region": validation.Rule("[a-z]+(-[a-z0-9]+)+", "a COS region such as ap-guangzhou"),
        "job_id": validation.Rule(
            "[A-Za-z0-9_-]{1,64}", "a COS job ID: 1 to 64 letters, digits, hyphens, or underscores"
        ),
        "role_arn": validation.Rule(
            "qcs::cam::uin/[0-9]+:roleName/.{1,1000}", "a CAM role of the form qcs::cam::uin/UIN:roleName/NAME"
        ),
        "object_arn": validation.Rule(
            "qcs::cos:.*:.+/.+", "an object of the form qcs::cos:REGION:uid/APPID:BUCKET-APPID/KEY"
        ),
        "report_bucket": validation.Rule(
            "qcs::cos:.{1,1000}", "a bucket of the form qcs::cos:REGION:uid/APPID:BUCKET-APPID"
        ),
        "bucket": validation.Rule(
            "[a-z0-9][a-z0-9.-]{1,80}[a-z0-9]",
            "a bucket name such as reports-1250000000, or the resource name of a bucket",
        ),
        "client_request_token": validation.Rule(r"[\x21-\x7e]{1,64}", "1 to 64 printable ASCII characters"),
    },
)
