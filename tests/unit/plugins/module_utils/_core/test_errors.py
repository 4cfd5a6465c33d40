# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures as data and as sentences."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import (
    AMBIGUOUS,
    HINTS,
    KINDS,
    REJECTED,
    RETRYABLE,
    BatchError,
    Failure,
    parse_retry_after,
)


def test_every_set_holds_kinds_and_a_refusal_is_neither_in_doubt_nor_sent_again():
    assert set(KINDS) >= RETRYABLE | AMBIGUOUS | REJECTED | set(HINTS)
    assert not REJECTED & (RETRYABLE | AMBIGUOUS)


@pytest.mark.parametrize(
    ("failure", "retryable", "ambiguous"),
    [
        (Failure("timeout", "x"), True, True),
        (Failure("throttled", "x"), True, False),
        (Failure("timeout", "x", permanent=True), False, True),
        # What was surely not applied is sent again, whatever its kind.
        (Failure("timeout", "x", corrected=True), True, False),
        (Failure("clock_skew", "x", corrected=True), True, False),
        (Failure("interrupted", "x"), True, False),
        (Failure("access_denied", "x"), False, False),
        (Failure("conflict", "x"), False, False),
    ],
)
def test_what_may_be_sent_again_and_what_may_have_been_applied(failure, retryable, ambiguous):
    assert (failure.retryable, failure.is_ambiguous) == (retryable, ambiguous)
    assert failure.as_result()["retryable"] is retryable


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (Failure("access_denied", "no"), "no."),
        (Failure("access_denied", "no.", hint="Ask."), "no. Ask."),
        (
            Failure("access_denied", "no", "AccessDenied", 403, operation="ListJobs"),
            "ListJobs: no (AccessDenied, HTTP 403).",
        ),
        (Failure("access_denied", "no", "AccessDenied"), "no (AccessDenied)."),
        (Failure("job_ended", "job job-1 has ended", operation="DescribeJob"), "Job job-1 has ended."),
    ],
)
def test_sentences(failure, sentence):
    assert failure.sentence() == sentence
    assert str(BatchError(failure)) == sentence


def test_a_message_of_others_is_escaped_and_its_code_is_kept():
    failure = Failure("invalid_response", "a\n\x1b[2Jb\u202e", "Odd", 200, "id-1", "ListJobs")
    assert failure.sentence().isprintable()
    found = failure.as_result()
    assert found["message"].isprintable()
    assert {name: found[name] for name in ("kind", "code", "http_status", "request_id", "operation")} == {
        "kind": "invalid_response",
        "code": "Odd",
        "http_status": 200,
        "request_id": "id-1",
        "operation": "ListJobs",
    }


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *[("0", 0.0), ("30", 30.0), ("999999999", 999999999.0)],
        *[(text, None) for text in ("", "-1", "1.5", "1e9", " 1", "1\n", "9999999999", "inf", "nan", "\u0661")],
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_retry_after(header, seconds):
    assert parse_retry_after(header) == seconds
