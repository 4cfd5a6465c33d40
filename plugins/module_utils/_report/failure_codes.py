# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classify the error codes in reports for a retry.

Sources: Amazon S3 User Guide, "Examples: completion reports", "Replication failure events" (failure codes); rows of
real reports. COS and OSS do not document report codes. Their request codes in this list equal S3 codes.
Private to this collection.
"""

from __future__ import annotations

import re
import typing as t

RETRY_CLASSES: t.Final = {
    "retryable": "An unchanged retry can succeed.",
    "after_fix": "A retry can succeed after you fix the cause, for example a permission.",
    "permanent": "A retry fails again.",
    "not_needed": "The object is already in the requested state.",
}
CODES: t.Final[dict[str, str]] = {
    "PermanentFailure": "retryable",
    "TemporaryFailure": "retryable",
    "InternalError": "retryable",
    "SlowDown": "retryable",
    "ServiceUnavailable": "retryable",
    "RequestTimeout": "retryable",
    "Internal server error, please retry": "retryable",
    "AccessDenied": "after_fix",
    "AssumeRoleNotPermitted": "after_fix",
    "DstBucketInvalidRegion": "after_fix",
    "DstBucketNotFound": "after_fix",
    "DstBucketObjectLockConfigMissing": "after_fix",
    "DstBucketUnversioned": "after_fix",
    "DstDelObjNotPermitted": "after_fix",
    "DstKmsKeyInvalidState": "after_fix",
    "DstKmsKeyNotFound": "after_fix",
    "DstMultipartCompleteNotPermitted": "after_fix",
    "DstMultipartInitNotPermitted": "after_fix",
    "DstMultipartPartUploadNotPermitted": "after_fix",
    "DstPutAclNotPermitted": "after_fix",
    "DstPutLegalHoldNotPermitted": "after_fix",
    "DstPutObjectNotPermitted": "after_fix",
    "DstPutTaggingNotPermitted": "after_fix",
    "InitiateReplicationNotPermitted": "after_fix",
    "SrcBucketInvalidRegion": "after_fix",
    "SrcBucketNotFound": "after_fix",
    "SrcBucketReplicationConfigMissing": "after_fix",
    "SrcGetAclNotPermitted": "after_fix",
    "SrcGetObjectNotPermitted": "after_fix",
    "SrcGetTaggingNotPermitted": "after_fix",
    "SrcHeadObjectNotPermitted": "after_fix",
    "SrcKmsKeyInvalidState": "after_fix",
    "DstObjectHardDeleted": "permanent",
    "DstVersionNotFound": "permanent",
    "SrcObjectNotEligible": "permanent",
    "SrcVersionNotFound": "permanent",
    "SrcObjectNotFound": "permanent",
    "InvalidObjectState": "permanent",
    "NoSuchKey": "permanent",
    "Key not found": "permanent",
    "NoSuchVersion": "permanent",
    "RestoreAlreadyInProgress": "not_needed",
}
"""Code to one of RETRY_CLASSES."""
BENIGN: t.Final = {"RestoreAlreadyInProgress": "restore"}
"""Codes that do not count as failures by default, mapped to a part of the operation name."""
_INNER: t.Final = re.compile(r'\\?"errorCode\\?"\s*:\s*\\?"([0-9]{3})')
"""The cause of a PermanentFailure of a checksum job is in its message."""
_TAIL: t.Final = re.compile(r"\(Service: [^()]{0,200}; Status Code: [^()]{0,1000}\)")


def classify(code: str, http_status: t.Optional[int], message: str) -> str:
    """Return the retry class of a failed task, one of RETRY_CLASSES.

    The code decides. The status decides only if the code is unknown, because S3 uses status 500 for permanent failures,
    and 200 for failures of functions.
    """
    if code == "PermanentFailure":
        inner = _INNER.search(message)
        return _by_status(int(inner[1])) if inner else CODES[code]
    return CODES.get(code) or _by_status(http_status)


def _by_status(http_status: t.Optional[int]) -> str:
    if http_status is None:
        return "permanent"
    if http_status >= 500 or http_status in (408, 429):
        return "retryable"
    return "after_fix" if http_status in (401, 403) else "permanent"


def normalize_message(message: str) -> str:
    """Return a message without the tail that SDKs append: status, code, and IDs of one request."""
    # The search starts at the last bracket: a pattern that begins with blanks takes quadratic time.
    text = message.rstrip()
    begin = text.rfind("(")
    return text[:begin].rstrip() if begin >= 0 and _TAIL.fullmatch(text, begin) else message


def request_id(message: str) -> str:
    """Return the request ID in the tail of a message; empty if there is none."""
    found = re.search(r"Request ID: ([A-Za-z0-9+/=-]{1,100})", message)
    return found[1] if found else ""


def benign(operation: str) -> frozenset[str]:
    """Return the codes that do not count as failures of an operation; all such codes if it is unknown."""
    found = operation.lower()
    return frozenset(code for code, word in BENIGN.items() if not found or word in found)
