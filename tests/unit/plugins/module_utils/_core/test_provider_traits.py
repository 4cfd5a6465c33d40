# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What providers differ in: kinds of their answers, lengths, and resource names of jobs."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.provider_traits import JOB_PLACE

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
        ("Odd", 401, "access_denied"),
        ("Odd", 403, "access_denied"),
        ("Odd", 404, "not_found"),
        ("Odd", 409, "invalid"),
        # Without a code something else answered: a 404 of a proxy says nothing about a job.
        ("", 404, "invalid_response"),
        ("", 403, "invalid_response"),
        ("", 200, "invalid_response"),
    ],
)
def test_kinds(code, http_status, kind):
    assert AWS.classify(code, http_status) == kind


@pytest.mark.parametrize(
    ("code", "detail", "kind", "shown"),
    [
        ("404", "", "invalid_response", ""),
        ("AccessDenied", "NoSuchJob", "not_found", "AccessDenied"),
        ("AccessDenied", "Odd", "access_denied", "AccessDenied"),
    ],
)
def test_a_finer_code_is_judged_and_the_code_is_kept(code, detail, kind, shown):
    failure = AWS.answered("DescribeJob", code, "", 404, {"retry-after": "7"}, "id-1", detail)
    assert (failure.kind, failure.code, failure.retry_after) == (kind, shown, 7.0)
    assert failure.message == "the response has no error message"
    shown = f"{shown}, HTTP 404" if shown else "HTTP 404"
    assert failure.sentence().startswith(f"DescribeJob: the response has no error message ({shown}). ")


@pytest.mark.parametrize(
    ("traits", "size", "fits"),
    [(AWS, 256, True), (AWS, 257, False), (COS, 128, True), (COS, 129, False)],
    ids=["aws", "aws long", "cos", "cos long"],
)
def test_lengths_are_characters_or_bytes(traits, size, fits):
    text = "\u00e9" * size
    if fits:
        assert traits.check_length("description", text) == text
        with pytest.raises(OptionError, match=r"^value of description must be at most"):
            traits.check_length("description", text, 1)
    else:
        with pytest.raises(OptionError, match=r"^value of description must be at most 256"):
            traits.check_length("description", text)


@pytest.mark.parametrize("text", ["a\nb", "a\x00", "a\x7f", "\ud800", "\ufffe"])
def test_text_that_cannot_be_sent(text):
    with pytest.raises(OptionError, match=r"^value of description must .*, got: '"):
        AWS.check_length("description", text)


@pytest.mark.parametrize(
    ("value", "region", "account", "expected"),
    [
        ("job-1", "eu-west-1", "210987654321", "job-1"),
        (ARN, "", "", "job-1"),
        (ARN, "eu-central-1", "123456789012", "job-1"),
        (ARN, "eu-west-1", "123456789012", "must be a job in region eu-west-1, as set by the task, got: 'ar"),
        (ARN, "eu-central-1", "210987654321", "must be a job in account_id 210987654321, as set by the task, got: 'ar"),
        (ARN.replace("job-1", "a b"), "", "", "must be an AWS job ID: .*, got: 'a b'"),
        (ARN.replace(":s3:", ":ec2:"), "", "", "must be an AWS job ID: .*, got: 'arn:"),
        ("", "", "", "must be an AWS job ID: .*, got: ''"),
        ("job-1\n", "", "", "must be an AWS job ID: .*, got: 'job-1"),
        ("job/../1", "", "", "must be an AWS job ID: .*, got: 'job/../1'"),
    ],
)
def test_a_job_of_another_account_or_region_is_never_meant(value, region, account, expected):
    traits = AWS.at(region, account)
    if expected == "job-1":
        assert traits.check_job_id("job_id", value) == expected
    else:
        with pytest.raises(OptionError, match=rf"^value of job_id {expected}"):
            traits.check_job_id("job_id", value)


def test_check_mode_says_that_a_job_does_not_exist_yet():
    with pytest.raises(OptionError, match=r"^job_id is empty: check mode does not create jobs"):
        AWS.at("", "", check_mode=True).check_job_id("job_id", "")


def test_a_hint_of_the_provider_comes_before_the_general_one():
    assert "account_id (the UIN)" in COS.failure("access_denied", "no").hint
    assert "clock" in COS.failure("clock_skew", "no").hint
    assert COS.failure("access_denied", "no", hint="Ask.").hint == "Ask."


@pytest.mark.parametrize(
    ("traits", "prefix"),
    [(AWS, "s3"), (COS, "cos"), (OSS, "oss")],
    ids=["aws", "cos", "oss"],
)
@pytest.mark.parametrize("operation", ["DescribeJob", "ListJobs", "UpdateJobPriority", "UpdateJobStatus", "CreateJob"])
def test_a_hint_names_the_permission_of_the_operation_that_failed_and_no_other(traits, prefix, operation):
    hint = traits.answered(operation, "AccessDenied", "no", 403, {}, "").hint
    named = {word.strip(".,()") for word in hint.split() if word.startswith(f"{prefix}:")}
    assert named - {"s3:RequestJobPriority", "s3:ExistingJobPriority", "s3:PutJobTagging"} == {f"{prefix}:{operation}"}
    assert ("PassRole" in hint) is (operation == "CreateJob")
    assert ("ec2:" in hint) is False


def test_a_denied_inventory_of_regions_names_that_permission():
    hint = AWS.answered("DescribeRegions", "UnauthorizedOperation", "no", 403, {}, "").hint
    assert "ec2:DescribeRegions" in hint and "s3:" not in hint


@pytest.mark.parametrize(
    ("traits", "code", "words"),
    [
        (AWS, "ExpiredToken", ("aws sso login", "assume the role again", "new temporary keys")),
        (AWS, "ExpiredTokenException", ("aws sso login", "assume the role again", "new temporary keys")),
        (COS, "ExpiredToken", ("new temporary keys", "session_token")),
        (OSS, "SecurityTokenExpired", ("assume the role again", "new temporary keys")),
    ],
)
def test_an_expired_token_is_to_be_renewed(traits, code, words):
    failure = traits.answered("ListJobs", code, "The token has expired", 403, {}, "")
    assert failure.kind == "invalid_credentials"
    assert failure.hint.startswith("Renew the temporary credentials: ")
    assert all(word in failure.hint for word in words)


@pytest.mark.parametrize("traits", [AWS, COS, OSS])
def test_each_rejection_of_keys_has_a_hint_of_its_own(traits):
    assert set(traits.failures.code_hints) <= set(traits.failures.codes)
    for code, hint in traits.failures.code_hints.items():
        assert traits.failures.codes[code] == "invalid_credentials"
        assert traits.answered("ListJobs", code, "no", 403, {}, "").hint == hint != traits.hint("invalid_credentials")
    assert "access_key" in traits.hint("invalid_credentials", code="InvalidAccessKeyId")
    assert "secret_key" in traits.hint("invalid_credentials", code="SignatureDoesNotMatch")


@pytest.mark.parametrize("traits", [AWS, COS, OSS])
def test_the_hint_about_a_missing_job_names_the_options_that_locate_it(traits):
    assert traits.hint("not_found").startswith(f"Check {JOB_PLACE}. ")
