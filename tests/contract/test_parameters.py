# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of operations: what becomes the type of the API, and what is refused before it becomes another text."""

from __future__ import annotations

import re
import typing as t
from xml.etree import ElementTree

import pytest

from .clouds import Cloud, on
from .test_create import OPTIONS, create, jobs
from .test_same_job import COPY, of, restore


def operation(cloud: Cloud, created: dict[str, t.Any]) -> ElementTree.Element:
    """What CreateJob got."""
    return ElementTree.fromstring(cloud.emulator.job(created["job"]["job_id"])["documents"]["Operation"])


TAGGING = {"aws": "S3PutObjectTagging", "cos": "COSPutObjectTagging", "oss": "PutObjectTagging"}
COPYING = {"aws": "S3PutObjectCopy", "cos": "COSPutObjectCopy"}
TARGET = {"aws": {"TargetResource": "arn:aws:s3:::b"}, "cos": COPY}
YAML_NOT_TEXT = [True, False, 7, 0, 1.1, None]
"""yes, NO, 7, 0, 1.10, and null."""


def refused(cloud: Cloud, path: str, **options: t.Any) -> str:
    """Run a task that is refused without a request, in check mode, too; return its message."""
    for check_mode in (False, True):
        result = create(cloud, check_mode=check_mode, **options)
        assert (result["rc"], result["changed"]) == (1, False), result
        assert (result["error"]["kind"], cloud.operations(), jobs(cloud)) == ("invalid", [], [])
        assert result["msg"].startswith(f"value of {path} must "), result["msg"]
        assert ", got: " in result["msg"], result["msg"]
    return t.cast(str, result["msg"])


@pytest.mark.parametrize("value", YAML_NOT_TEXT, ids=str)
@pytest.mark.parametrize("member", ["Key", "Value"])
def test_tags_are_text_that_was_written_as_text(cloud: Cloud, member: str, value: t.Any) -> None:
    name = TAGGING[cloud.provider]
    tags = [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d", member: value}]
    text = refused(cloud, f"operation.{name}.TagSet[1].{member}", **of(cloud, name, TagSet=tags))
    assert repr(value) in text and "quotes" in text, text


FREE: dict[str, list[tuple[str, dict[str, t.Any]]]] = {
    "aws": [
        ("TargetKeyPrefix", {"TargetKeyPrefix": ...}),
        ("RedirectLocation", {"RedirectLocation": ...}),
        ("SSEAwsKmsKeyId", {"SSEAwsKmsKeyId": ...}),
        ("NewObjectMetadata.CacheControl", {"NewObjectMetadata": {"CacheControl": ...}}),
        ("NewObjectMetadata.UserMetadata.x", {"NewObjectMetadata": {"UserMetadata": {"x": ...}}}),
        ("NewObjectTagging[0].Value", {"NewObjectTagging": [{"Key": "a", "Value": ...}]}),
        (
            "AccessControlGrants[0].Grantee.Identifier",
            {"AccessControlGrants": [{"Grantee": {"Identifier": ...}, "Permission": "READ"}]},
        ),
    ],
    "cos": [
        ("TargetKeyPrefix", {"TargetKeyPrefix": ...}),
        ("ResourcesPrefix", {"ResourcesPrefix": ...}),
        ("TargetResource", {"TargetResource": ...}),
        ("NewObjectMetadata.ContentType", {"NewObjectMetadata": {"ContentType": ...}}),
        (
            "NewObjectMetadata.UserMetadata[0].Value",
            {"NewObjectMetadata": {"UserMetadata": [{"Key": "a", "Value": ...}]}},
        ),
        ("NewObjectTagging[0].Value", {"NewObjectTagging": [{"Key": "a", "Value": ...}]}),
        ("NewObjectTagging.COSTag[0].Value", {"NewObjectTagging": {"COSTag": [{"Key": "a", "Value": ...}]}}),
        (
            "AccessControlGrants[0].Grantee.Identifier",
            {"AccessControlGrants": [{"Grantee": {"Identifier": ..., "TypeIdentifier": "id"}, "Permission": "READ"}]},
        ),
    ],
}


def filled(value: t.Any, filling: t.Any) -> t.Any:
    if value is ...:
        return filling
    if isinstance(value, dict):
        return {key: filled(item, filling) for key, item in value.items()}
    return [filled(item, filling) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("value", YAML_NOT_TEXT, ids=str)
def test_free_text_of_a_copy_is_text_that_was_written_as_text(cloud: Cloud, value: t.Any) -> None:
    for path, parameters in FREE.get(cloud.provider, []):
        name = COPYING[cloud.provider]
        options = of(cloud, name, **{**TARGET[cloud.provider], **filled(parameters, value)})
        text = refused(cloud, f"operation.{name}.{path}", **options)
        assert repr(value) in text and "quotes" in text, text
    if cloud.provider == "oss":
        for member in ("SourceBucket", "Prefix"):
            generator = {"SourceBucket": "data", "Prefix": "a/", member: value}
            options = {"manifest": None, "manifest_generator": generator}
            assert "quotes" in refused(cloud, f"manifest_generator.{member}", **options)


WORDS = {
    "aws": [("S3PutObjectLegalHold", "LegalHold.Status", {"LegalHold": {"Status": ...}})],
    "cos": [("COSInitiateRestoreObject", "JobTier", {"ExpirationInDays": 1, "JobTier": ...})],
    "oss": [("PutObjectAcl", "ObjectAcl", {"ObjectAcl": ...}), ("RestoreObject", "Tier", {"Days": 1, "Tier": ...})],
}


@pytest.mark.parametrize("value", [True, False, 1, 1.5], ids=str)
def test_a_word_that_yaml_took_for_something_else(cloud: Cloud, value: t.Any) -> None:
    """Status: ON, and the like."""
    for name, path, parameters in WORDS[cloud.provider]:
        options = of(cloud, name, **filled(parameters, value))
        text = refused(cloud, f"operation.{name}.{path}", **options)
        assert repr(value) in text and "quotes" in text and "newer" not in text, text


@pytest.mark.parametrize("value", [[None], [["x"], [None]], [{"A": None}], [{"A": [None]}], {"A": None}], ids=str)
def test_null_inside_of_something_is_refused(cloud: Cloud, value: t.Any) -> None:
    [name] = OPTIONS[cloud.provider]["operation"]
    result = create(cloud, **of(cloud, name, Thing=value))
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert re.match(rf"value of operation\.{name}\.Thing[\[.].* must .*, got: None", result["msg"]), result["msg"]


@pytest.mark.parametrize("name", ["", " ", "a b", "<", "\x00"], ids=repr)
def test_a_name_that_is_none_is_refused(cloud: Cloud, name: str) -> None:
    [operation] = OPTIONS[cloud.provider]["operation"]
    for options in ({"operation": {name: {}}}, of(cloud, operation, **{name: "x"})):
        result = create(cloud, **options)
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
        assert result["msg"].startswith("value of operation"), result["msg"]


@pytest.mark.parametrize("value", [True, 7.0, 7.5, [7], {"a": "b"}], ids=str)
def test_a_count_is_a_whole_number(cloud: Cloud, value: t.Any) -> None:
    [name] = OPTIONS[cloud.provider]["operation"]
    days = "Days" if cloud.provider == "oss" else "ExpirationInDays"
    text = refused(cloud, f"operation.{name}.{days}", **restore(cloud, days=value))
    assert "must be an integer" in text, text


def test_a_time_in_seconds_with_decimals_or_a_flag_for_a_time_is_refused(cloud: Cloud) -> None:
    if cloud.provider in COPYING:
        name = COPYING[cloud.provider]
        for value in (True, 1700000000.5, [1]):
            options = of(cloud, name, **{**TARGET[cloud.provider], "ModifiedSinceConstraint": value})
            refused(cloud, f"operation.{name}.ModifiedSinceConstraint", **options)


BAD_ON_AWS: list[tuple[str, str, t.Any, str]] = [
    ("S3InitiateRestoreObject", "ExpirationInDays", "seven", "an integer"),
    ("S3InitiateRestoreObject", "ExpirationInDays", "7.0", "an integer"),
    ("S3InitiateRestoreObject", "ExpirationInDays", "", "an integer"),
    ("S3InitiateRestoreObject", "ExpirationInDays", " 7", "an integer"),
    ("S3PutObjectCopy", "BucketKeyEnabled", "perhaps", "true or false"),
    ("S3PutObjectCopy", "BucketKeyEnabled", 1, "true or false"),
    ("S3PutObjectCopy", "BucketKeyEnabled", "", "true or false"),
    ("S3PutObjectCopy", "NewObjectMetadata", "text", "dictionary"),
    ("S3PutObjectCopy", "NewObjectMetadata.UserMetadata", ["a"], "dictionary"),
    ("S3PutObjectCopy", "NewObjectTagging", {"Key": "a", "Value": "b"}, "list"),
    ("S3PutObjectTagging", "TagSet", {"Key": "a", "Value": "b"}, "list"),
    ("S3PutObjectTagging", "TagSet", "a=b", "list"),
    ("S3PutObjectTagging", "TagSet", None, "list"),
    ("S3PutObjectTagging", "TagSet[0]", "a", "dictionary"),
    ("S3PutObjectCopy", "ModifiedSinceConstraint", "yesterday", "ISO 8601"),
    ("S3PutObjectCopy", "ModifiedSinceConstraint", "10:00", "ISO 8601"),
    ("S3PutObjectCopy", "ModifiedSinceConstraint", "", "ISO 8601"),
    ("S3PutObjectCopy", "ModifiedSinceConstraint", 10**30, "ISO 8601"),
    ("LambdaInvoke", "UserArguments.a", 7, "quotes"),
    ("LambdaInvoke", "FunctionArn", ["a"], "text"),
]


@on("aws")
@pytest.mark.parametrize(("operation", "path", "value", "rule"), BAD_ON_AWS, ids=str)
def test_what_cannot_be_converted_is_named(cloud: Cloud, operation: str, path: str, value: t.Any, rule: str) -> None:
    parameters: t.Any = value
    for name in reversed(path.split(".")):
        parameters = {name.removesuffix("[0]"): [parameters] if name.endswith("[0]") else parameters}
    text = refused(cloud, f"operation.{operation}.{path}", operation={operation: parameters})
    assert rule in text and "newer" not in text and "class" not in text, text


@on("aws")
def test_a_generator_is_converted_and_refused_likewise(cloud: Cloud) -> None:
    good = {"SourceBucket": "arn:aws:s3:::data", "EnableManifestOutput": "False"}
    name = "S3JobManifestGenerator"
    created = create(
        cloud, manifest=None, manifest_generator={name: {**good, "Filter": {"EligibleForReplication": "TRUE"}}}
    )
    assert created["changed"] is True, created
    seen = cloud.info(job_id=created["job"]["job_id"])["job"]["extra"]["ManifestGenerator"][name]
    assert (seen["EnableManifestOutput"], seen["Filter"]) == ("false", {"EligibleForReplication": "true"})
    cloud.emulator.reset()
    for path, value in (("EnableManifestOutput", "no idea"), ("SourceBucket", 7), ("Filter", "x")):
        refused(
            cloud, f"manifest_generator.{name}.{path}", manifest=None, manifest_generator={name: {**good, path: value}}
        )
    odd = create(cloud, manifest=None, manifest_generator={name: {**good, "Filters": {}}})
    text = f"value of manifest_generator.{name} must have known parameters only, got: 'Filters'. The installed boto"
    assert odd["msg"].startswith(text), odd["msg"]


@on("aws")
def test_a_newer_botocore_is_named_for_unknown_names_only(cloud: Cloud) -> None:
    [name] = OPTIONS["aws"]["operation"]
    for options in ({"operation": {"NewThing": {}}}, of(cloud, name, NewThing=1)):
        result = create(cloud, **options)
        assert "A newer botocore supports newer operations" in result["error"]["hint"], result["error"]
        assert "'NewThing'" in result["msg"]
    for options in (
        of(cloud, name, ExpirationInDays=-1),
        of(cloud, "S3PutObjectCopy", TargetResource=""),
        of(cloud, "S3PutObjectLegalHold"),
        of(cloud, "S3PutObjectTagging", TagSet=[{"Key": "a"}]),
    ):
        result = create(cloud, **options)
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
        assert "newer" not in result["msg"] and "No job was created" in result["msg"], result["msg"]


@on("cos", "oss")
def test_what_no_document_lists_goes_through_as_it_can(cloud: Cloud) -> None:
    """The set of parameters is open: flags and counts may be typed, what ends in Prefix can only be text."""
    [name] = OPTIONS[cloud.provider]["operation"]
    for value in (True, 7, "text", {"A": 1}, ["x", 2]):
        result = create(cloud, **of(cloud, name, NewThing=value))
        assert not result["msg"].startswith("value of operation"), result["msg"]
    cloud.emulator.reset()
    assert "quotes" in refused(cloud, f"operation.{name}.NewThing", **of(cloud, name, NewThing=1.1))
    for member in ("NewPrefix", "SomeArn", "OtherKey"):
        assert "quotes" in refused(cloud, f"operation.{name}.{member}", **of(cloud, name, **{member: 7}))


@on("aws", "cos")
def test_what_was_typed_is_sent_as_the_api_writes_it(cloud: Cloud) -> None:
    flag = {"aws": "BucketKeyEnabled", "cos": "PrefixReplace"}[cloud.provider]
    for value in (True, "TRUE", "True", "yes", "On"):
        cloud.emulator.reset()
        parameters = {**TARGET[cloud.provider], flag: value, "ModifiedSinceConstraint": "1700000000"}
        created = create(cloud, **of(cloud, COPYING[cloud.provider], **parameters))
        assert created["changed"] is True, created
        sent = operation(cloud, created)
        moment = "2023-11-14T22:13:20Z" if cloud.provider == "aws" else "1700000000"
        assert [sent.findtext(f"*/{name}") for name in (flag, "ModifiedSinceConstraint")] == ["true", moment], value


def test_quotes_keep_what_was_written(cloud: Cloud) -> None:
    name = TAGGING[cloud.provider]
    words = ["yes", "NO", "1.10", "null", "", "007"]
    tags = [{"Key": f"k{number}", "Value": word} for number, word in enumerate(words)]
    created = create(cloud, **of(cloud, name, TagSet=tags))
    assert created["changed"] is True, created
    assert [node.text or "" for node in operation(cloud, created).iter("Value")] == words


def test_an_operation_without_end_costs_no_request(cloud: Cloud) -> None:
    name = TAGGING[cloud.provider]
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(20_000)]
    result = create(cloud, **of(cloud, name, TagSet=tags))
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"] == "value of operation must have at most 50000 values."
    most = create(cloud, **of(cloud, name, TagSet=tags[:16_000]))
    assert most["changed"] is True, most["msg"]


@on("aws")
def test_the_largest_map_that_is_read_is_sent(cloud: Cloud) -> None:
    arguments = {f"k{number}": "v" for number in range(49_000)}
    result = create(cloud, **of(cloud, "LambdaInvoke", FunctionArn="arn", UserArguments=arguments))
    assert result["changed"] is True, result["msg"]
