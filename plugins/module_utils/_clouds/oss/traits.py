# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe batch operations of Alibaba Cloud OSS as data.

Sources: Alibaba Cloud OSS documentation, "Batch Operations", its API pages and its pages of error codes (EC).
Private to this collection.
"""

from __future__ import annotations

import base64
import typing as t

from ..._core import provider_traits, statuses, validation
from ..shared import resource_names

RESOURCE: t.Final = "(oss://|acs:oss:[^:]*:[^:]*:)?"
"""What may stand before a bucket's name: ossutil's spelling of an address, or RAM's of a resource."""

_FAMILIES: t.Final = ("OSS_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_")
"""The variables of OSS's own tools, then those of Alibaba's other tools, in the order of the aliyun CLI."""


def _report_names(job_id: str) -> frozenset[str]:
    """Return the ID and what it is Base64 of, which may stand in the path of a report instead."""
    try:
        return frozenset({job_id, base64.b64decode(job_id, validate=True).decode("ascii")})
    except ValueError:
        return frozenset({job_id})


TRAITS: t.Final = provider_traits.Traits(
    title="Alibaba Cloud OSS batch operations",
    connection=provider_traits.ConnectionTraits(
        environment={
            "region": (
                "ALIBABA_CLOUD_REGION_ID",
                "ALIBABACLOUD_REGION_ID",
                "ALICLOUD_REGION_ID",
                "OSS_REGION",
            ),
            "endpoint_url": ("OSS_ENDPOINT_URL",),
            "access_key": tuple(f"{family}ACCESS_KEY_ID" for family in _FAMILIES),
            "secret_key": tuple(f"{family}ACCESS_KEY_SECRET" for family in _FAMILIES),
            "session_token": ("OSS_SESSION_TOKEN", *(f"{family}SECURITY_TOKEN" for family in _FAMILIES[1:])),
        },
        families=_FAMILIES,
        required=("region",),
        identity="GetCallerIdentity",
        account_in_requests=False,
    ),
    failures=provider_traits.FailureTraits(
        # What a token that was used before is answered with is not documented.
        token_used=("InvalidArgument",),
        # EC, OSS's finer codes, are judged before Code.
        codes={
            "0017-00001002": "not_found",
            "0017-00001003": "quota",
            "0017-00001006": "invalid",
            "0017-00001009": "invalid",
            "0002-00000226": "invalid",
            "NoSuchJob": "not_found",
            "InvalidArgument": "invalid",
            "InvalidRequest": "invalid",
            "InvalidDigest": "invalid",
            "MalformedXML": "invalid",
            "MethodNotAllowed": "invalid",
            "NotImplemented": "unsupported",
            "AccessDenied": "denied",
            "UserDisable": "denied",
            "InvalidAccessKeyId": "credentials",
            "SignatureDoesNotMatch": "credentials",
            "InvalidSecurityToken": "credentials",
            "SecurityTokenExpired": "credentials",
            "IncompleteSignature": "credentials",
            "NoPermission": "denied",
            "RequestTimeTooSkewed": "clock_skew",
            "InvalidTimeStamp": "clock_skew",
            "QpsLimitExceeded": "throttled",
            "SlowDown": "throttled",
            "Throttling": "throttled",
            "TooManyRequests": "throttled",
            "InternalError": "unavailable",
            "ServiceUnavailable": "unavailable",
            "RequestTimeout": "unavailable",
        },
        hints={
            "not_found": (
                "The job may have expired (OSS does not say for how long it shows jobs that ended), the id may"
                " be wrong,"
                " the job may live in another region or account, or it was created only seconds ago."
            ),
            "denied": (
                "Check that RAM allows oss:DescribeJob, oss:ListJobs, oss:UpdateJobPriority, oss:UpdateJobStatus and"
                " oss:CreateJob."
            ),
            "credentials": (
                "Set access_key (access_key_id) and secret_key (access_key_secret), and session_token for"
                " temporary ones,"
                " or the variables OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN on the host that runs"
                " the task."
            ),
            "not_updatable": "Look at the job's status and wait until it has changed.",
            "invalid": "Check job_id and region; OSS has batch operations in some regions only.",
        },
    ),
    jobs=provider_traits.JobTraits(
        # Ready is also taken of a job whose manifest is still being read.
        transitions={"ready": ("Suspended", "Preparing"), "cancelled": statuses.LIVE},
        lengths={"reason": 256, "description": 256, "report.prefix": 256},
        # No document gives a limit for these two: the one that COS has is kept to.
        in_bytes=("description", "report.prefix"),
        # Source: Alibaba Cloud OSS documentation, "CreateJob".
        parameters={
            **dict.fromkeys(("Key", "Prefix", "SourceBucket", "Value"), "text"),
            **dict.fromkeys(("ObjectAcl", "Tier"), "word"),
            "Days": "integer",
            "TagSet": "list",
        },
        confirmation_days=14,
    ),
    manifests=provider_traits.ManifestTraits(
        # "Object naming conventions".
        longest_key=1023,
        absolute_keys=False,
        versions=False,
        generator="KeyPrefixManifestGenerator",
        formats={"csv": "OSS_BatchOperations_CSV_20250611", "inventory": "OSS_InventoryReport_CSV_20250611"},
    ),
    reports=provider_traits.ReportTraits(
        bucket_name=resource_names.bucket_name,
        names=_report_names,
        always_described=True,
    ),
    rules={
        "account_id": validation.Rule("[0-9]{5,20}", "the digits of the Alibaba Cloud account's UID"),
        "region": validation.Rule("[a-z]+(-[a-z0-9]+)+", "an OSS region such as cn-hangzhou"),
        "job_id": validation.Rule(
            "[A-Za-z0-9+/=]{1,64}",
            "1 to 64 letters, digits, plus signs, slashes or equals signs, as a job id of OSS is; write = and not %3D",
        ),
        "role_arn": validation.Rule("(arn:)?acs:ram::[0-9]+:role/.{1,1000}", "a role, as acs:ram::UID:role/NAME"),
        "object_arn": validation.Rule(
            RESOURCE + "[a-z0-9][a-z0-9-]*/.+", "an object, as oss://BUCKET/KEY or acs:oss:REGION:UID:BUCKET/KEY"
        ),
        "report_bucket": validation.Rule(
            RESOURCE + "[a-z0-9][a-z0-9-]{1,62}", "a bucket, as its name, oss://BUCKET or acs:oss:REGION:UID:BUCKET"
        ),
        "bucket": validation.Rule("[a-z0-9][a-z0-9.-]{1,80}[a-z0-9]", "the name of a bucket, such as reports"),
        "client_request_token": validation.Rule(r"[\x21-\x7e]{1,64}", "1 to 64 visible ASCII characters"),
    },
)
