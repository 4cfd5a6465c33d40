# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What providers differ in: kinds of their answers, lengths, and resource names of jobs."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError

ARN = "arn:aws:s3:eu-central-1:123456789012:job/job-1"


@pytest.mark.parametrize(
    ("code", "http_status", "kind"),
    [
        # A known code decides, whatever the status.
        ("SlowDown", 400, "throttled"),
        ("NoSuchJob", 200, "not_found"),
        ("Odd", 429, "throttled"),
        ("Odd", 503, "unavailable"),
        ("", 500, "unavailable"),
        ("Odd", 307, "invalid"),
        ("Odd", 401, "denied"),
        ("Odd", 403, "denied"),
        ("Odd", 404, "not_found"),
        ("Odd", 409, "invalid"),
        # Without a code something else answered: a 404 of a proxy says nothing about a job.
        ("", 404, "bad_answer"),
        ("", 403, "bad_answer"),
        ("", 200, "bad_answer"),
    ],
)
def test_kinds(code, http_status, kind):
    assert AWS.classify(code, http_status) == kind


@pytest.mark.parametrize(
    ("code", "detail", "kind", "shown"),
    [
        ("404", "", "bad_answer", ""),
        ("AccessDenied", "NoSuchJob", "not_found", "AccessDenied"),
        ("AccessDenied", "Odd", "denied", "AccessDenied"),
    ],
)
def test_a_finer_code_is_judged_and_the_code_is_kept(code, detail, kind, shown):
    failure = AWS.answered("DescribeJob", code, "", 404, {"retry-after": "7"}, "id-1", detail)
    assert (failure.kind, failure.code, failure.retry_after) == (kind, shown, 7.0)
    assert failure.message == "an answer with HTTP status 404 and no error message"


@pytest.mark.parametrize(
    ("traits", "size", "fits"),
    [(AWS, 256, True), (AWS, 257, False), (COS, 128, True), (COS, 129, False)],
    ids=["aws", "aws long", "cos", "cos long"],
)
def test_lengths_are_characters_or_bytes(traits, size, fits):
    text = "\u00e9" * size
    if fits:
        assert traits.check_length("description", text) == text
        with pytest.raises(OptionError, match=r"^description: .* must be at most"):
            traits.check_length("description", text, 1)
    else:
        with pytest.raises(OptionError, match=r"^description: .* must be at most 256"):
            traits.check_length("description", text)


@pytest.mark.parametrize("text", ["a\nb", "a\x00", "a\x7f", "\ud800", "\ufffe"])
def test_text_that_cannot_be_sent(text):
    with pytest.raises(OptionError, match=r"^description: "):
        AWS.check_length("description", text)


@pytest.mark.parametrize(
    ("value", "region", "account", "expected"),
    [
        ("job-1", "eu-west-1", "210987654321", "job-1"),
        (ARN, "", "", "job-1"),
        (ARN, "eu-central-1", "123456789012", "job-1"),
        (ARN, "eu-west-1", "123456789012", "must be of region eu-west-1"),
        (ARN, "eu-central-1", "210987654321", "must be of account_id 210987654321"),
        (ARN.replace("job-1", "a b"), "", "", "is refused"),
        (ARN.replace(":s3:", ":ec2:"), "", "", "is refused"),
        ("", "", "", "is refused"),
        ("job-1\n", "", "", "is refused"),
        ("job/../1", "", "", "is refused"),
    ],
)
def test_a_job_of_another_account_or_region_is_never_meant(value, region, account, expected):
    traits = AWS.at(region, account)
    if expected == "job-1":
        assert traits.check_job_id("job_id", value) == expected
    else:
        with pytest.raises(OptionError, match=rf"^job_id: .*{expected}"):
            traits.check_job_id("job_id", value)


def test_check_mode_says_that_a_job_does_not_exist_yet():
    with pytest.raises(OptionError, match=r"^job_id is empty: check mode creates no job"):
        AWS.at("", "", check_mode=True).check_job_id("job_id", "")


def test_a_hint_of_the_provider_comes_before_the_general_one():
    assert "account_id is the UIN" in COS.failure("denied", "no").hint
    assert "clock" in COS.failure("clock_skew", "no").hint
    assert COS.failure("denied", "no", hint="Ask.").hint == "Ask."
