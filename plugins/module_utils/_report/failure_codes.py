# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what the error codes in reports mean for a retry.

Sources: Amazon S3 User Guide, "Examples: completion reports", "Replication failure events" (failure codes); rows of
real reports. COS and OSS document no codes of reports; their codes for requests are S3's where they are listed here.
Private to this collection.
"""

from __future__ import annotations

import re
import typing as t

RETRY_CLASSES: t.Final = {
    "yes": "Trying again as it is may succeed.",
    "fixed": "Trying again may succeed once the cause is mended, such as a permission.",
    "no": "Trying again fails again.",
    "done": "The object is as the task wants it already.",
}
CODES: t.Final[dict[str, str]] = {
    "PermanentFailure": "yes",
    "TemporaryFailure": "yes",
    "InternalError": "yes",
    "SlowDown": "yes",
    "ServiceUnavailable": "yes",
    "RequestTimeout": "yes",
    "Internal server error, please retry": "yes",
    "AccessDenied": "fixed",
    "AssumeRoleNotPermitted": "fixed",
    "DstBucketInvalidRegion": "fixed",
    "DstBucketNotFound": "fixed",
    "DstBucketObjectLockConfigMissing": "fixed",
    "DstBucketUnversioned": "fixed",
    "DstDelObjNotPermitted": "fixed",
    "DstKmsKeyInvalidState": "fixed",
    "DstKmsKeyNotFound": "fixed",
    "DstMultipartCompleteNotPermitted": "fixed",
    "DstMultipartInitNotPermitted": "fixed",
    "DstMultipartPartUploadNotPermitted": "fixed",
    "DstPutAclNotPermitted": "fixed",
    "DstPutLegalHoldNotPermitted": "fixed",
    "DstPutObjectNotPermitted": "fixed",
    "DstPutTaggingNotPermitted": "fixed",
    "InitiateReplicationNotPermitted": "fixed",
    "SrcBucketInvalidRegion": "fixed",
    "SrcBucketNotFound": "fixed",
    "SrcBucketReplicationConfigMissing": "fixed",
    "SrcGetAclNotPermitted": "fixed",
    "SrcGetObjectNotPermitted": "fixed",
    "SrcGetTaggingNotPermitted": "fixed",
    "SrcHeadObjectNotPermitted": "fixed",
    "SrcKmsKeyInvalidState": "fixed",
    "DstObjectHardDeleted": "no",
    "DstVersionNotFound": "no",
    "SrcObjectNotEligible": "no",
    "SrcVersionNotFound": "no",
    "SrcObjectNotFound": "no",
    "InvalidObjectState": "no",
    "NoSuchKey": "no",
    "Key not found": "no",
    "NoSuchVersion": "no",
    "RestoreAlreadyInProgress": "done",
}
"""Code to one of AGAIN."""
BENIGN: t.Final = {"RestoreAlreadyInProgress": "restore"}
"""Codes that are no failure by default, to a word that the name of the job's operation holds."""
_INNER: t.Final = re.compile(r'\\?"errorCode\\?"\s*:\s*\\?"([0-9]{3})')
"""The cause of a PermanentFailure of a checksum job stands inside its message."""
_TAIL: t.Final = re.compile(r"\(Service: [^()]{0,200}; Status Code: [^()]{0,1000}\)")


def classify(code: str, http_status: t.Optional[int], message: str) -> str:
    """Return whether a failed task is worth another try, one of AGAIN.

    The code decides; the status only where nobody knows the code, since S3 calls permanent failures 500, and failures
    of functions 200.
    """
    if code == "PermanentFailure":
        inner = _INNER.search(message)
        return _by_status(int(inner[1])) if inner else CODES[code]
    return CODES.get(code) or _by_status(http_status)


def _by_status(http_status: t.Optional[int]) -> str:
    if http_status is None:
        return "no"
    if http_status >= 500 or http_status in (408, 429):
        return "yes"
    return "fixed" if http_status in (401, 403) else "no"


def normalize_message(message: str) -> str:
    """Return a message without the tail that SDKs put behind it: status, code and ids of one request."""
    # The tail begins with the last bracket. It is looked for from there: blanks before a pattern take quadratic time.
    text = message.rstrip()
    begin = text.rfind("(")
    return text[:begin].rstrip() if begin >= 0 and _TAIL.fullmatch(text, begin) else message


def request_id(message: str) -> str:
    """Return the id of the request that the tail of a message names, empty where it names none."""
    found = re.search(r"Request ID: ([A-Za-z0-9+/=-]{1,100})", message)
    return found[1] if found else ""


def benign(operation: str) -> frozenset[str]:
    """Return the codes that are no failure of an operation; of one that is not known, all that may be none."""
    found = operation.lower()
    return frozenset(code for code, word in BENIGN.items() if not found or word in found)
