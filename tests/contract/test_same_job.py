# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job: two ways of writing one request are one job, and a job of an older release is found by its mark."""

from __future__ import annotations

import functools
import typing as t

import botocore.session
import pytest

from .clouds import Cloud
from .test_create import OPTIONS, create, jobs

DAYS = {"aws": "ExpirationInDays", "cos": "ExpirationInDays", "oss": "Days"}
TIER = {"aws": "GlacierJobTier", "cos": "JobTier", "oss": "Tier"}
TAGS = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
BUCKET = "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000"
COPY = {
    "TargetResource": BUCKET,
    "PrefixReplace": True,
    "ResourcesPrefix": "a/",
    "TargetKeyPrefix": "b/",
    "ModifiedSinceConstraint": 1700000000,
}
KEY = "arn:aws:kms:eu-central-1:111122223333:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"


def restore(cloud: Cloud, **change: t.Any) -> dict[str, t.Any]:
    """The restore of OPTIONS with other parameters; "absent" takes one away."""
    [(name, parameters)] = OPTIONS[cloud.provider]["operation"].items()
    changed = {**parameters, **{_own(cloud, key): value for key, value in change.items()}}
    return {"operation": {name: {key: value for key, value in changed.items() if value != "absent"}}}


def _own(cloud: Cloud, name: str) -> str:
    return {"days": DAYS[cloud.provider], "tier": TIER[cloud.provider]}.get(name, name)


def part(cloud: Cloud, option: str, **change: t.Any) -> dict[str, t.Any]:
    """An option of OPTIONS with other suboptions."""
    return {option: {**OPTIONS[cloud.provider][option], **change}}


def of(cloud: Cloud, operation: str, **parameters: t.Any) -> dict[str, t.Any]:
    return {"operation": {operation: parameters}}


def everywhere(cloud: Cloud) -> dict[str, list[dict[str, t.Any]]]:
    """Spellings that are one request on every cloud."""
    [(name, parameters)] = OPTIONS[cloud.provider]["operation"].items()
    etag = OPTIONS[cloud.provider]["manifest"]["etag"]
    return {
        "digits": [restore(cloud, days=7), restore(cloud, days="7"), restore(cloud, days="07")],
        "null": [restore(cloud, tier=None), restore(cloud, tier="absent"), restore(cloud, tier="")],
        "order": [{}, {"operation": {name: dict(reversed(parameters.items()))}}],
        "etag": [part(cloud, "manifest", etag=etag), part(cloud, "manifest", etag=f'"{etag}"')],
        "version": [part(cloud, "manifest", version_id=""), part(cloud, "manifest", version_id=None)],
        "prefix": [part(cloud, "report", prefix=""), part(cloud, "report", prefix=None)],
        "enabled": [part(cloud, "report", enabled=flag) for flag in (True, None, "yes", "True")],
        "fields": [part(cloud, "manifest", fields=["Bucket", "Key"]), {}],
        "description": [{"description": ""}, {"description": None}],
    }


@functools.cache
def known_to_botocore() -> frozenset[str]:
    """The operations of the model that the oldest lane has, or the newest."""
    model = botocore.session.Session().get_service_model("s3control")
    return frozenset(model.operation_model("CreateJob").input_shape.members["Operation"].members)


def own(cloud: Cloud) -> dict[str, list[dict[str, t.Any]]]:
    """Spellings that are one request on this cloud."""
    found: dict[str, list[dict[str, t.Any]]] = {
        "aws": {
            "flag": [
                of(cloud, "S3PutObjectCopy", TargetResource="arn:aws:s3:::b", BucketKeyEnabled=flag)
                for flag in (True, "true", "True", "yes")
            ],
            "time": [
                of(cloud, "S3PutObjectRetention", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": moment})
                for moment in (
                    "2030-01-01",
                    "2030-01-01T00:00:00Z",
                    1893456000,
                    "1893456000",
                    "2030-01-01T01:00:00+0100",
                )
            ],
            "wire": [
                of(cloud, "S3UpdateObjectEncryption", ObjectEncryption={name: {"KMSKeyArn": KEY}})
                for name in ("SSEKMS", "SSE-KMS")
                if "S3UpdateObjectEncryption" in known_to_botocore()
            ],
            "generator": [
                {
                    "manifest": None,
                    "manifest_generator": {
                        "S3JobManifestGenerator": {
                            "SourceBucket": "arn:aws:s3:::data",
                            "EnableManifestOutput": flag,
                            "Filter": {"ObjectSizeGreaterThanBytes": size},
                        }
                    },
                }
                for flag, size in ((False, 5), ("false", "5"), ("False", 5))
            ],
        },
        "cos": {
            "flag": [
                of(cloud, "COSPutObjectCopy", **{**COPY, "PrefixReplace": flag})
                for flag in (True, "true", "True", "yes")
            ],
            "time": [
                of(cloud, "COSPutObjectCopy", **{**COPY, "ModifiedSinceConstraint": moment})
                for moment in (1700000000, "1700000000")
            ],
            "list": [of(cloud, "COSPutObjectTagging", TagSet=tags) for tags in (TAGS, {"COSTag": TAGS})],
        },
        "oss": {
            "bucket": [
                part(cloud, "report", bucket=name) for name in ("bbb", "oss://bbb", "acs:oss:oss-cn-hangzhou:1000:bbb")
            ],
            "object": [
                part(cloud, "manifest", object_arn=f"{start}manifests/list.csv") for start in ("oss://", "acs:oss:*:*:")
            ],
            "source": [
                {"manifest": None, "manifest_generator": {"SourceBucket": name, "Prefix": "logs/"}}
                for name in ("data", "oss://data")
            ],
            "account": [{}, {"account_id": "1000000000000001"}],
            "region": [{}, {"region": "oss-cn-hangzhou"}],
            "list": [of(cloud, "PutObjectTagging", TagSet=tags) for tags in (TAGS, {"Tag": TAGS})],
        },
    }[cloud.provider]
    return found


@pytest.mark.parametrize("turned", [False, True])
def test_two_spellings_of_one_request_are_one_job(cloud: Cloud, turned: bool) -> None:
    for name, spellings in {**everywhere(cloud), **own(cloud)}.items():
        if not spellings:
            continue
        cloud.emulator.reset()
        first, *others = reversed(spellings) if turned else spellings
        created = create(cloud, **first)
        assert (created["rc"], created.get("changed")) == (0, True), (name, created["msg"])
        for other in others:
            again = create(cloud, **other)
            assert (again["rc"], again.get("changed")) == (0, False), (name, other, again["msg"])
            assert again["client_request_token"] == created["client_request_token"], name
            assert again["job"]["job_id"] == created["job"]["job_id"], name
        assert len(jobs(cloud)) == 1, name


def test_two_spellings_are_one_job_for_the_cloud_too(cloud: Cloud) -> None:
    """Somebody has removed the mark: the token is all that is left, and the cloud knows it."""
    job_id = create(cloud, **restore(cloud, days="7"))["job"]["job_id"]
    cloud.emulator.patch(job_id, description="no mark")
    result = create(cloud, **restore(cloud, days=7), max_attempts=2)
    assert len(jobs(cloud)) == 1
    assert result["rc"] == (0 if cloud.provider == "aws" else 1), result


def test_another_spelling_with_the_users_own_token_is_no_conflict(cloud: Cloud) -> None:
    job_id = create(cloud, client_request_token="mine", **restore(cloud, days="7"))["job"]["job_id"]
    again = create(cloud, client_request_token="mine", **restore(cloud, days=7))
    assert (again["rc"], again["changed"], again["job"]["job_id"]) == (0, False, job_id)
    other = create(cloud, client_request_token="mine", **restore(cloud, days=8))
    assert (other["rc"], other["error"]["kind"], len(jobs(cloud))) == (1, "conflict", 1)


def test_what_a_request_is_bound_to_makes_another_job(cloud: Cloud) -> None:
    """Another region is another queue; only where a request names its account, the account counts."""
    tokens = {create(cloud, check_mode=True)["client_request_token"]}
    elsewhere = {"aws": "eu-west-1", "cos": "ap-beijing", "oss": "cn-shanghai"}[cloud.provider]
    tokens.add(create(cloud, check_mode=True, region=elsewhere)["client_request_token"])
    assert len(tokens) == 2


PINNED = {
    "aws": "[token aebe9a2b9af4-9844b892]",
    "cos": "[token 8d5428bba4d1-f02ab560]",
    "oss": "[token 73a31885979d-2cb67601]",
}
"""What this release writes. Another one that writes something else finds no job of this one: it needs a second way."""


def test_marks_stay_as_they_are(cloud: Cloud) -> None:
    assert create(cloud)["job"]["description"] == f"a restore {PINNED[cloud.provider]}"


COPIED = {"operation": {"COSPutObjectCopy": COPY}}
TEXTS = {"operation": {"COSPutObjectCopy": {**COPY, "PrefixReplace": "True", "ModifiedSinceConstraint": "1700000000"}}}
GENERATED: dict[str, t.Any] = {
    "aws": {"S3JobManifestGenerator": {"SourceBucket": "arn:aws:s3:::data", "EnableManifestOutput": False}},
    "oss": {"SourceBucket": "data", "Prefix": "logs/"},
}
OLD: list[tuple[str, str, str, list[dict[str, t.Any]]]] = [
    ("aws", "number", "59e8167208ef-19d7c7f0", [{"days": 7}, {"days": "7"}]),
    ("cos", "number", "ad4faf94b311-694d3564", [{"days": 7}, {"days": "7"}]),
    ("cos", "digits", "1860cb1b2cd6-ee32c407", [{"days": 7}, {"days": "7"}]),
    ("cos", "null", "b0c06c6940a3-7478160b", [{"tier": None}, {"tier": ""}]),
    ("oss", "number", "a2da15a1b0e1-c8c154b1", [{"days": 7}, {"days": "7"}]),
    ("oss", "digits", "c1095b19c5ab-28af0e42", [{"days": 7}, {"days": "7"}]),
    ("oss", "null", "1c4eff58a5de-4f58009e", [{"tier": None}, {"tier": ""}]),
    ("oss", "account", "bdd023df3eaf-c8c154b1", [{"days": 7}, {"days": "7"}]),
    ("oss", "account, digits", "a3570b28e416-28af0e42", [{"days": 7}, {"days": "7"}]),
]
"""Marks that commit 257283b wrote, for restores with the parameters that the name says."""
OTHERS: list[tuple[str, str, str, list[dict[str, t.Any]]]] = [
    ("cos", "copy", "47c2898adff4-63a8275c", [COPIED, TEXTS]),
    ("cos", "copy, texts", "59dcc93ea266-e70b5d36", [COPIED, TEXTS]),
    ("cos", "copy, one text", "d2c92123b851-7ccd5eb1", [COPIED, TEXTS]),
    ("aws", "generator", "7143af0f65fe-99529abd", [{"manifest": None, "manifest_generator": GENERATED["aws"]}]),
    ("oss", "generator", "bcbbf3f92073-fad393ab", [{"manifest": None, "manifest_generator": GENERATED["oss"]}]),
]
OWN_TOKEN = [
    ("aws", "72911bf6f150-19d7c7f0"),
    ("cos", "72911bf6f150-694d3564"),
    ("cos", "72911bf6f150-ee32c407"),
    ("oss", "72911bf6f150-c8c154b1"),
    ("oss", "72911bf6f150-28af0e42"),
]
"""The same with the token november, written as a number and as digits."""


def grown_old(cloud: Cloud, mark: str, options: dict[str, t.Any]) -> str:
    """Create a job and give it the mark that the old release gave it."""
    job_id = create(cloud, **options)["job"]["job_id"]
    cloud.emulator.patch(job_id, description=f"a restore [token {mark}]")
    return t.cast(str, job_id)


def assert_found(cloud: Cloud, job_id: str, options: dict[str, t.Any]) -> None:
    again = create(cloud, **options)
    assert (again["rc"], again["changed"], again["job"]["job_id"]) == (0, False, job_id), (options, again["msg"])
    assert len(jobs(cloud)) == 1


@pytest.mark.parametrize("named", [False, True])
def test_a_job_of_the_old_release_is_found(cloud: Cloud, named: bool) -> None:
    """However the task is written now: the account of OSS is named later, or no longer."""
    account = {"account_id": "1000000000000001"} if named and cloud.provider == "oss" else {}
    for provider, _name, mark, changes in OLD:
        if provider == cloud.provider:
            cloud.emulator.reset()
            spellings = [{**restore(cloud, **change), **account} for change in changes]
            job_id = grown_old(cloud, mark, spellings[0])
            for options in spellings:
                assert_found(cloud, job_id, options)


def test_other_jobs_of_the_old_release_are_found(cloud: Cloud) -> None:
    for provider, _name, mark, spellings in OTHERS:
        if provider == cloud.provider:
            cloud.emulator.reset()
            job_id = grown_old(cloud, mark, spellings[0])
            for options in spellings:
                assert_found(cloud, job_id, options)


def test_an_old_mark_with_the_users_own_token(cloud: Cloud) -> None:
    for provider, mark in OWN_TOKEN:
        if provider == cloud.provider:
            cloud.emulator.reset()
            token = {"client_request_token": "november"}
            job_id = grown_old(cloud, mark, token)
            for days in (7, "7"):
                assert_found(cloud, job_id, {**token, **restore(cloud, days=days)})
            other = create(cloud, **token, **restore(cloud, days=8))
            assert (other["rc"], other["error"]["kind"], len(jobs(cloud))) == (1, "conflict", 1)


def test_an_old_mark_is_no_proof_either(cloud: Cloud) -> None:
    """It stands in a description, which anybody can copy."""
    mark = next(mark for provider, name, mark, _changes in OLD if (provider, name) == (cloud.provider, "number"))
    job_id = create(cloud, **restore(cloud, days=70))["job"]["job_id"]
    cloud.emulator.patch(job_id, description=f"a restore [token {mark}]")
    result = create(cloud)
    assert (result["rc"], result["error"]["kind"], len(jobs(cloud))) == (1, "conflict", 1)


def test_many_values_cost_no_time_without_end(cloud: Cloud) -> None:
    """Fifty tags whose values are digits have more spellings than can be tried."""
    name = {"aws": "S3PutObjectTagging", "cos": "COSPutObjectTagging", "oss": "PutObjectTagging"}[cloud.provider]
    options = of(cloud, name, TagSet=[{"Key": f"k{number}", "Value": str(number)} for number in range(50)])
    assert create(cloud, **options)["changed"] is True
    assert create(cloud, **options)["changed"] is False
