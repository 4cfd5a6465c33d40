# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes of reports, judged as their sources say."""

from __future__ import annotations

import time

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._report.failure_codes import (
    CODES,
    RETRY_CLASSES,
    benign,
    classify,
    normalize_message,
    request_id,
)

TAIL = "(Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: ABC+/=; Proxy: null)"


@pytest.mark.parametrize(
    ("code", "http_status", "message", "retry_class"),
    [
        ("PermanentFailure", 200, "Lambda returned function error: Task timed out after 3.00 seconds", "retryable"),
        ("PermanentFailure", 200, '{"failureMessage": "Task failed", "errorCode": "404"}', "permanent"),
        ("PermanentFailure", 200, '"{\\"errorCode\\": \\"500\\"}"', "retryable"),
        ("PermanentFailure", 200, '{"errorCode": "400"}', "permanent"),
        ("TemporaryFailure", None, "", "retryable"),
        ("AccessDenied", 403, "User: arn:aws:sts::1:assumed-role/x is not authorized", "after_fix"),
        ("InvalidObjectState", 403, "Restore is not allowed for the object's current storage class", "permanent"),
        ("RestoreAlreadyInProgress", 409, "", "not_needed"),
        ("NoSuchKey", 404, "", "permanent"),
        ("Key not found", None, "", "permanent"),
        ("SrcObjectNotFound", 500, "Object versionID is invalid", "permanent"),
        ("InternalError", 500, "", "retryable"),
        ("SlowDown", 503, "", "retryable"),
        ("ServiceUnavailable", 503, "", "retryable"),
        ("RequestTimeout", 400, "", "retryable"),
        ("Internal server error, please retry", None, "", "retryable"),
        ("DstBucketUnversioned", 400, "", "after_fix"),
        ("SrcObjectNotEligible", 400, "", "permanent"),
        ("NobodyKnows", 500, "", "retryable"),
        ("NobodyKnows", 429, "", "retryable"),
        ("NobodyKnows", 403, "", "after_fix"),
        ("NobodyKnows", 404, "", "permanent"),
        ("", None, "", "permanent"),
    ],
)
def test_another_try(code, http_status, message, retry_class):
    assert classify(code, http_status, message) == retry_class


def test_every_word_is_known():
    assert set(CODES.values()) <= set(RETRY_CLASSES)


def test_messages_lose_their_tail_and_keep_the_id_of_the_request():
    assert normalize_message(f"Access Denied {TAIL}") == "Access Denied"
    assert normalize_message("a (b) c") == "a (b) c"
    assert request_id(f"Access Denied {TAIL}") == "ABC+/="
    assert request_id("nothing") == ""


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"Access Denied   {TAIL}   ", "Access Denied"),
        (TAIL, ""),
        ("   ", "   "),
        ("a (b)  ", "a (b)  "),
        (f"a ( {TAIL}", "a ("),
        (f"{TAIL} and more", f"{TAIL} and more"),
        ("(Service: x; Status Code: " + "y" * 1001 + ")",) * 2,
        ("(Service: x (y); Status Code: 1)",) * 2,
    ],
)
def test_only_a_tail_is_taken_off(message, expected):
    assert normalize_message(message) == expected


@pytest.mark.parametrize(
    "function", [normalize_message, request_id, lambda text: classify("PermanentFailure", 200, text)]
)
@pytest.mark.parametrize(
    "part",
    [" ", "(", "\n", "(Service: ", "(Service: ; Status Code: ", 'errorCode" ', '"errorCode" :', "Request ID: ", "a "],
)
def test_what_takes_long_takes_as_long_as_the_text(function, part):
    """A cell may have 131,072 characters, and 10,000 are shown: eight times the text may not cost 64 times as much.

    Two costs are compared, in time of the processor, which other processes do not count in.
    """

    def cost(count):
        text = part * count
        runs = []
        for _run in range(5):
            began = time.process_time_ns()
            function(text)
            runs.append(time.process_time_ns() - began)
        return min(runs)

    small, large = cost(12_000 // len(part)), cost(96_000 // len(part))
    # What takes less than a millisecond cannot be measured, and is taken for one.
    assert large < 24 * max(small, 1_000_000), (small, large)


def test_benign_codes_belong_to_operations():
    assert benign("S3InitiateRestoreObject") == {"RestoreAlreadyInProgress"}
    assert benign("S3PutObjectCopy") == frozenset()
    assert benign("") == {"RestoreAlreadyInProgress"}
