# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe AWS S3 Batch Operations as data.

Sources: botocore's s3control service model 2018-08-20; Amazon S3 user guide, "Troubleshooting Batch Operations" (codes
that the model does not know). Private to this collection.
"""

from __future__ import annotations

import typing as t

from ..._core import provider_traits, statuses, validation
from ..shared import resource_names

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
            "AccessDenied": "denied",
            "AccessDeniedException": "denied",
            "UnauthorizedOperation": "denied",
            "AllAccessDisabled": "denied",
            "SignatureDoesNotMatch": "credentials",
            "InvalidAccessKeyId": "credentials",
            "InvalidClientTokenId": "credentials",
            "AuthFailure": "credentials",
            "UnrecognizedClientException": "credentials",
            "ExpiredToken": "credentials",
            "ExpiredTokenException": "credentials",
            "InvalidToken": "credentials",
            "InvalidIdentityToken": "credentials",
            "IDPRejectedClaim": "credentials",
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
                "The job may have expired (90 days after its end), the id may be wrong, the job may live in another"
                " region or account, or it was created only seconds ago."
            ),
            "denied": (
                "Check the IAM permissions s3:DescribeJob, s3:ListJobs, s3:UpdateJobPriority, s3:UpdateJobStatus and"
                " s3:CreateJob (with iam:PassRole for the job's role). A policy may also cap the number itself, through"
                " the condition keys s3:RequestJobPriority and s3:ExistingJobPriority. An inventory of all regions"
                " needs ec2:DescribeRegions."
            ),
            "credentials": (
                "Set access_key and secret_key (and session_token for temporary ones), or profile, or the variables"
                " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN on the host that runs the task."
            ),
            "not_updatable": (
                "Look at the job's status. A Suspended job that refuses a new priority has to be confirmed first:"
                " batch_job_status with status=ready."
            ),
            "invalid": "Check job_id, account_id and region.",
        },
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
        generator="ManifestGenerator",
        formats={"csv": "S3BatchOperations_CSV_20180820", "inventory": "S3InventoryReport_CSV_20161130"},
    ),
    reports=provider_traits.ReportTraits(
        bucket_name=resource_names.bucket_name,
        documented_path=True,
        format="Report_CSV_20180820",
    ),
    rules={
        "assume_role_arn": validation.Rule(
            "arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}", "a role, as arn:aws:iam::ACCOUNT:role/NAME"
        ),
        "assume_role_external_id": validation.Rule(
            "[A-Za-z0-9_+=,.@:/-]{2,1224}", "2 to 1224 letters, digits and signs of _+=,.@:/-"
        ),
        "assume_role_session_name": validation.Rule(
            "[A-Za-z0-9_+=,.@-]{2,64}", "2 to 64 letters, digits and signs of _+=,.@-"
        ),
        "account_id": validation.Rule(
            "[0-9]{12}", "the 12 digits of an AWS account, in quotes so that YAML keeps leading zeros"
        ),
        "region": validation.Rule("[a-z]{2,}(-[a-z]+)+-[0-9]+", "an AWS region such as eu-central-1"),
        "job_id": validation.Rule(
            "[A-Za-z0-9_-]{5,36}", "5 to 36 letters, digits, hyphens or underscores, as a job id of AWS is"
        ),
        "role_arn": validation.Rule("arn:[^:]+:iam::[0-9]{12}:role/.{1,2000}", "the ARN of an IAM role"),
        "object_arn": validation.Rule(
            "arn:[^:]+:s3:.*:.+/.+", "the ARN of an object, such as arn:aws:s3:::bucket/manifest.csv"
        ),
        "report.expected_bucket_owner": validation.Rule(
            "[0-9]{12}", "the 12 digits of an AWS account, in quotes so that YAML keeps leading zeros"
        ),
        "report_bucket": validation.Rule("arn:[^:]+:s3:.{1,120}", "the ARN of a bucket, such as arn:aws:s3:::bucket"),
        "bucket": validation.Rule(
            "(?!(True|False|None)$)[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]",
            "the name of a bucket, or its ARN, such as arn:aws:s3:::bucket",
        ),
        "client_request_token": validation.Rule(r"[\x21-\x7e]{1,64}", "1 to 64 visible ASCII characters"),
    },
)
