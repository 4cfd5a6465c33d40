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
"""The prefix of a bucket name: the address of ossutil, or the resource name of RAM."""

_FAMILIES: t.Final = ("OSS_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_")
"""The variables of the OSS tools, then those of Alibaba's other tools, in the order of the aliyun CLI."""
_EXPIRED: t.Final = (
    "Renew the temporary credentials: assume the role again (STS AssumeRole), and set the new temporary keys"
    " (access_key, secret_key, and session_token)."
)


def _report_names(job_id: str) -> frozenset[str]:
    """Return the ID and its Base64-decoded form, which the path of a report can contain instead."""
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
        # The response to a used token is not documented.
        token_used=("InvalidArgument",),
        # EC, the more precise codes of OSS, are checked before Code.
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
            "AccessDenied": "access_denied",
            "UserDisable": "access_denied",
            "InvalidAccessKeyId": "invalid_credentials",
            "SignatureDoesNotMatch": "invalid_credentials",
            "InvalidSecurityToken": "invalid_credentials",
            "SecurityTokenExpired": "invalid_credentials",
            "IncompleteSignature": "invalid_credentials",
            "NoPermission": "access_denied",
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
                f"Check {provider_traits.JOB_PLACE}. Jobs expire some time after they end (OSS does not document when),"
                " and new jobs can take a few seconds to appear."
            ),
            "access_denied": (
                "Allow the operation that failed in the RAM policies of the caller, for example oss:ListJobs for"
                " ListJobs."
            ),
            "invalid_credentials": (
                "Set access_key (access_key_id) and secret_key (access_key_secret), and session_token for temporary"
                " keys, or the variables OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, and OSS_SESSION_TOKEN on the host"
                " that runs the task."
            ),
            "not_updatable": "Check the status of the job, and run the task again when it has changed.",
            "invalid": "Check job_id and region. OSS offers batch operations in some regions only.",
        },
        code_hints={
            "SecurityTokenExpired": _EXPIRED,
            "InvalidSecurityToken": (
                "Renew the temporary credentials, and set session_token to the token of this access_key."
            ),
            "InvalidAccessKeyId": (
                "Check access_key (access_key_id), or OSS_ACCESS_KEY_ID: the key can be deleted or disabled. A"
                " temporary key also requires its session_token."
            ),
            "SignatureDoesNotMatch": (
                "The AccessKey secret does not belong to the AccessKey ID. Check access_key and secret_key."
            ),
        },
        permissions={
            **{name: f"oss:{name}" for name in ("DescribeJob", "ListJobs", "UpdateJobPriority", "UpdateJobStatus")},
            "CreateJob": "oss:CreateJob and ram:PassRole for role_arn",
        },
        denied="Check that the RAM policies of the caller allow {permission}.",
    ),
    jobs=provider_traits.JobTraits(
        # OSS also accepts Ready for a job whose manifest it still reads.
        transitions={"ready": ("Suspended", "Preparing"), "cancelled": statuses.LIVE},
        lengths={"reason": 256, "description": 256, "report.prefix": 256},
        # No document states a limit for these two: the limit of COS applies.
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
        archives=frozenset({"Archive", "ColdArchive", "DeepColdArchive"}),
        # "Object naming conventions".
        longest_key=1023,
        absolute_keys=False,
        versions=False,
        generator="KeyPrefixManifestGenerator",
        formats={"csv": "OSS_BatchOperations_CSV_20250611", "inventory": "OSS_InventoryReport_CSV_20250611"},
    ),
    reports=provider_traits.ReportTraits(
        bucket_name=resource_names.bucket_name,
        split_object=resource_names.split_object,
        names=_report_names,
        always_described=True,
    ),
    rules={
        "account_id": validation.Rule("[0-9]{5,20}", "the UID of an Alibaba Cloud account (5 to 20 digits)"),
        "region": validation.Rule("[a-z]+(-[a-z0-9]+)+", "an OSS region such as cn-hangzhou"),
        "job_id": validation.Rule(
            "[A-Za-z0-9+/=]{1,64}",
            "an OSS job ID: 1 to 64 letters, digits, plus signs, slashes, or equals signs",
            "Write = and not %3D.",
        ),
        "role_arn": validation.Rule(
            "(arn:)?acs:ram::[0-9]+:role/.{1,1000}", "a RAM role of the form acs:ram::UID:role/NAME"
        ),
        "object_arn": validation.Rule(
            RESOURCE + "[a-z0-9][a-z0-9-]*/.+",
            "an object of the form oss://BUCKET/KEY or acs:oss:REGION:UID:BUCKET/KEY",
        ),
        "report_bucket": validation.Rule(
            RESOURCE + "[a-z0-9][a-z0-9-]{1,62}",
            "a bucket name, or a bucket of the form oss://BUCKET or acs:oss:REGION:UID:BUCKET",
        ),
        "bucket": validation.Rule("[a-z0-9][a-z0-9.-]{1,80}[a-z0-9]", "a bucket name such as reports"),
        "client_request_token": validation.Rule(r"[\x21-\x7e]{1,64}", "1 to 64 printable ASCII characters"),
    },
)
