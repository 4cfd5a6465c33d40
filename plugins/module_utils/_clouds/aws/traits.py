# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe AWS S3 Batch Operations as data.

Sources: botocore's s3control service model 2018-08-20; Amazon S3 user guide, "Troubleshooting Batch Operations" (codes
that the model does not know), and "Actions, resources, and condition keys". Private to this collection.
"""

from __future__ import annotations

import typing as t

from ..._core import provider_traits, statuses, validation
from ..shared import resource_names

_ACCOUNT: t.Final = validation.Rule(
    "[0-9]{12}", "the 12 digits of an AWS account ID", "Put the ID in quotes, so that YAML keeps leading zeros."
)
_EXPIRED: t.Final = (
    "Renew the temporary credentials: run aws sso login (SSO profile), assume the role again, or set new temporary"
    " keys (access_key, secret_key, and session_token)."
)
_KEY_ID: t.Final = (
    "Check access_key, or AWS_ACCESS_KEY_ID: the key can be deleted or inactive. A temporary key (ASIA...) also"
    " requires its session_token."
)

TRAITS: t.Final = provider_traits.Traits(
    title="AWS S3 Batch Operations",
    connection=provider_traits.ConnectionTraits(
        identity="GetCallerIdentity",
        regions="DescribeRegions",
        environment={
            "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
            "endpoint_url": ("AWS_ENDPOINT_URL_S3_CONTROL", "AWS_ENDPOINT_URL", "AWS_URL"),
            "ca_bundle": ("AWS_CA_BUNDLE",),
            "access_key": ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"),
            "secret_key": ("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"),
            "session_token": ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
        },
        ignored={"endpoint_url": "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"},
        required=(),
    ),
    failures=provider_traits.FailureTraits(
        token_used=("IdempotencyException",),
        codes={
            "NotFoundException": "not_found",
            "NoSuchJobException": "not_found",
            "NoSuchJob": "not_found",
            "JobStatusException": "not_updatable",
            "IdempotencyException": "conflict",
            "BadRequestException": "invalid",
            "InvalidRequest": "invalid",
            "InvalidRequestException": "invalid",
            "InvalidNextTokenException": "invalid",
            "TooManyTagsException": "invalid",
            "PermanentRedirectControlError": "invalid",
            "AccessDenied": "access_denied",
            "AccessDeniedException": "access_denied",
            "UnauthorizedOperation": "access_denied",
            "AllAccessDisabled": "access_denied",
            "SignatureDoesNotMatch": "invalid_credentials",
            "InvalidAccessKeyId": "invalid_credentials",
            "InvalidClientTokenId": "invalid_credentials",
            "AuthFailure": "invalid_credentials",
            "UnrecognizedClientException": "invalid_credentials",
            "ExpiredToken": "invalid_credentials",
            "ExpiredTokenException": "invalid_credentials",
            "InvalidToken": "invalid_credentials",
            "InvalidIdentityToken": "invalid_credentials",
            "IDPRejectedClaim": "invalid_credentials",
            "RequestTimeTooSkewed": "clock_skew",
            "RequestExpired": "clock_skew",
            "TooManyRequestsException": "throttled",
            "SlowDown": "throttled",
            "SlowDownError": "throttled",
            "Throttling": "throttled",
            "ThrottlingException": "throttled",
            "ThrottledException": "throttled",
            "RequestThrottled": "throttled",
            "RequestLimitExceeded": "throttled",
            "InternalServiceException": "unavailable",
            "InternalError": "unavailable",
            "InternalFailure": "unavailable",
            "ServiceUnavailable": "unavailable",
            "ServiceUnavailableException": "unavailable",
            "RequestTimeout": "unavailable",
            "IDPCommunicationError": "unavailable",
        },
        hints={
            "not_found": (
                f"Check {provider_traits.JOB_PLACE}. Jobs expire 90 days after they end, and new jobs can take a few"
                " seconds to appear."
            ),
            "access_denied": (
                "Allow the operation that failed in the IAM policies of the caller, for example s3:ListJobs for"
                " ListJobs."
            ),
            "invalid_credentials": (
                "Set access_key and secret_key (and session_token for temporary keys), or profile, or the variables"
                " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN on the host that runs the task."
            ),
            "not_updatable": (
                "Check the status of the job. If it is Suspended, confirm it first: run batch_job_status with"
                " status=ready."
            ),
            "invalid": "Check job_id, account_id, and region.",
        },
        code_hints={
            "ExpiredToken": _EXPIRED,
            "ExpiredTokenException": _EXPIRED,
            "InvalidAccessKeyId": _KEY_ID,
            "InvalidClientTokenId": _KEY_ID,
            "UnrecognizedClientException": _KEY_ID,
            "InvalidToken": (
                "Set session_token to the token of this access_key, or remove it if the key is not temporary."
            ),
            "SignatureDoesNotMatch": (
                "The secret key does not belong to the access key. Check access_key and secret_key."
            ),
        },
        permissions={
            **{name: f"s3:{name}" for name in ("DescribeJob", "ListJobs", "UpdateJobStatus")},
            **{name: f"s3:{name}" for name in ("GetJobTagging", "PutJobTagging", "DeleteJobTagging")},
            "UpdateJobPriority": (
                "s3:UpdateJobPriority, also for this priority (condition keys s3:RequestJobPriority and"
                " s3:ExistingJobPriority)"
            ),
            "CreateJob": "s3:CreateJob, iam:PassRole for role_arn, and s3:PutJobTagging if tags are set",
            "DescribeRegions": "ec2:DescribeRegions",
            "AssumeRole": "sts:AssumeRole for the role, and that the trust policy of the role names the caller",
        },
        denied="Check that the IAM policies of the caller allow {permission}.",
    ),
    jobs=provider_traits.JobTraits(
        have_tags=True,
        confirmation_days=30,
        retention_days=90,
        transitions={"ready": ("Suspended",), "cancelled": statuses.LIVE},
        lengths={"reason": 256, "description": 256, "report.prefix": 512},
        arn="arn:aws[a-z-]*:s3:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):job/(?P<job>.+)",
    ),
    manifests=provider_traits.ManifestTraits(
        archives=frozenset({"GLACIER", "DEEP_ARCHIVE"}),
        generator="ManifestGenerator",
        formats={"csv": "S3BatchOperations_CSV_20180820", "inventory": "S3InventoryReport_CSV_20161130"},
    ),
    reports=provider_traits.ReportTraits(
        bucket_name=resource_names.bucket_name,
        split_object=resource_names.split_object,
        documented_path=True,
        format="Report_CSV_20180820",
        checksum_operation="S3ComputeObjectChecksum",
    ),
    rules={
        "assume_role_arn": validation.Rule(
            "arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}",
            "an IAM role ARN such as arn:aws:iam::111122223333:role/example",
        ),
        "assume_role_external_id": validation.Rule(
            "[A-Za-z0-9_+=,.@:/-]{2,1224}", "2 to 1224 letters, digits, or characters of _+=,.@:/-"
        ),
        "assume_role_session_name": validation.Rule(
            "[A-Za-z0-9_+=,.@-]{2,64}", "2 to 64 letters, digits, or characters of _+=,.@-"
        ),
        "account_id": _ACCOUNT,
        "region": validation.Rule("[a-z]{2,}(-[a-z]+)+-[0-9]+", "an AWS region such as eu-central-1"),
        "job_id": validation.Rule(
            "[A-Za-z0-9_-]{5,36}", "an AWS job ID: 5 to 36 letters, digits, hyphens, or underscores"
        ),
        "role_arn": validation.Rule(
            "arn:[^:]+:iam::[0-9]{12}:role/.{1,2000}", "an IAM role ARN such as arn:aws:iam::111122223333:role/example"
        ),
        "object_arn": validation.Rule(
            "arn:[^:]+:s3:.*:.+/.+", "an object ARN such as arn:aws:s3:::bucket/manifest.csv"
        ),
        "report.expected_bucket_owner": _ACCOUNT,
        "report_bucket": validation.Rule("arn:[^:]+:s3:.{1,120}", "a bucket ARN such as arn:aws:s3:::bucket"),
        "bucket": validation.Rule(
            "(?!(True|False|None)$)[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]",
            "a bucket name, or a bucket ARN such as arn:aws:s3:::bucket",
        ),
        "client_request_token": validation.Rule(r"[\x21-\x7e]{1,64}", "1 to 64 printable ASCII characters"),
    },
)
