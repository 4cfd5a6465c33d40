# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What batch_retry_manifest says of a job goes into batch_job as it is, and makes the same job, on every cloud.

For AWS the service model of botocore is walked, so whatever a newer one brings is covered.
"""

from __future__ import annotations

import datetime
import functools
import json
import typing as t
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import botocore.parsers
import botocore.session
import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds import registry
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared import parse_job_xml
from ansible_collections.objectstore.batch.plugins.module_utils._core import providers as model
from ansible_collections.objectstore.batch.plugins.module_utils._create import operation_parameters

from .clouds import ACCOUNTS, Cloud, on
from .reports import resource
from .test_create import OPTIONS
from .test_same_job import COPY
from .test_story import arn, create, lay_out

if t.TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"
MOMENT = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)


@functools.cache
def service() -> t.Any:
    return botocore.session.Session().get_service_model("s3control")


def shape_of(part: str) -> t.Any:
    return service().operation_model("CreateJob").input_shape.members[part]


class Sampler:
    """Values for every member of a shape.

    :param turn: which of several words is taken, and which member of a union.
    :param items: of each list and map.
    """

    def __init__(self, turn: int, items: int) -> None:
        self._turn = turn
        self._items = items

    def __call__(self, shape: t.Any, name: str = "value") -> t.Any:
        if shape.type_name == "structure":
            names = list(shape.members)
            if shape.is_tagged_union:
                names = [names[self._turn % len(names)]]
            return {member: self(shape.members[member], member) for member in names}
        if shape.type_name == "list":
            # A list of a union has one item at most.
            count = min(self._items, shape.metadata.get("max", self._items))
            return [
                self(shape.member, f"{name}-{number}") for number in range(max(count, shape.metadata.get("min", 0)))
            ]
        if shape.type_name == "map":
            return {f"{name} {number}": self(shape.value, f" {number} <&> ") for number in range(self._items)}
        if shape.type_name == "string":
            words = shape.enum or [name.ljust(shape.metadata.get("min", 1), "x")]
            return words[self._turn % len(words)]
        number = max(shape.metadata.get("min", 0), self._turn)
        return {"boolean": self._turn % 2 == 0, "timestamp": MOMENT}.get(shape.type_name, number)


def words(shape: t.Any) -> int:
    """The longest list of words, or of members of a union, in a shape."""
    if shape.type_name == "structure":
        own = len(shape.members) if shape.is_tagged_union else 1
        return max([own, *map(words, shape.members.values())])
    if shape.type_name == "list":
        return words(shape.member)
    return len(getattr(shape, "enum", ())) or 2


def samples(shape: t.Any) -> Iterator[dict[str, t.Any]]:
    """Requests that hold each member of a structure, each word, and lists of none, of one, and of several."""
    yield from (Sampler(turn, 1)(shape) for turn in range(words(shape)))
    for items in (0, 2, 3):
        yield Sampler(0, items)(shape)
    if not shape.required_members:
        # Structures that hold nothing, and each member by itself.
        yield {name: {} for name, member in shape.members.items() if _may_be_bare(member)}
        for name, member in shape.members.items():
            yield {name: Sampler(1, 2)(member, name)}


def _may_be_bare(shape: t.Any) -> bool:
    return bool(shape.type_name == "structure" and not shape.required_members and not shape.is_tagged_union)


def answer(name: str, value: t.Any, shape: t.Any) -> str:
    """A node as S3 writes it, by the shape of the answer."""
    inner = ""
    if shape.type_name == "structure":
        for member, item in value.items():
            own = shape.members[member]
            inner += answer(own.serialization.get("name", member), item, own)
    elif shape.type_name == "list":
        inner = "".join(answer(shape.member.serialization.get("name", "member"), item, shape.member) for item in value)
    elif shape.type_name == "map":
        inner = "".join(f"<entry><key>{escape(k)}</key><value>{escape(v)}</value></entry>" for k, v in value.items())
    elif shape.type_name == "timestamp":
        inner = value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    else:
        inner = escape(str(value).lower() if isinstance(value, bool) else str(value))
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def described(**parts: t.Any) -> bytes:
    """DescribeJob's answer about a job with these parts; botocore reads them as they are."""
    output = service().operation_model("DescribeJob").output_shape
    shapes = output.members["Job"].members
    inner = "".join(answer(name, value, shapes[name]) for name, value in parts.items())
    body = f'<DescribeJobResult xmlns="{NAMESPACE}"><Job><JobId>job-1</JobId>{inner}</Job></DescribeJobResult>'.encode()
    parser = botocore.parsers.create_parser("rest-xml")
    read = parser.parse({"body": body, "headers": {}, "status_code": 200}, output)["Job"]
    assert {name: read[name] for name in parts} == parts, "this is not how botocore reads S3's answers"
    return body


@pytest.fixture(scope="module")
def aws() -> model.Provider:
    account = next(account for account in ACCOUNTS if account.provider == "aws")
    keys = model.Credentials(account.connection["access_key"], account.connection["secret_key"])
    options = model.Options(region="eu-central-1", account_id="111122223333", credentials=keys)
    return registry.PROVIDERS["aws"]()(options)


def request(**parts: t.Any) -> dict[str, t.Any]:
    """The rest of a request; the source is a manifest unless it is made."""
    manifest = {
        "Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key"]},
        "Location": {"ObjectArn": "arn:aws:s3:::manifests/list.csv", "ETag": "e"},
    }
    source = {} if "ManifestGenerator" in parts else {"Manifest": manifest}
    operation = {"Operation": {"S3ReplicateObject": {}}}
    rest = {"Priority": 1, "RoleArn": "arn:aws:iam::111122223333:role/batch", "ClientRequestToken": "t"}
    return {**source, **operation, "Report": {"Enabled": False}, "ConfirmationRequired": False, **rest, **parts}


@pytest.mark.parametrize("operation", sorted(shape_of("Operation").members))
def test_every_member_of_an_operation_there_and_back(aws: model.Provider, operation: str) -> None:
    shape = shape_of("Operation").members[operation]
    count = 0
    for sample in samples(shape):
        first = aws.as_sent(request(Operation={operation: sample}))
        job = parse_job_xml.parse_described(described(Operation={operation: sample}))
        assert job.operation == operation
        written = aws.as_written("Operation", {operation: job.parameters})
        # A playbook hands it on as JSON, and batch_job reads it again.
        [(name, handed_on)] = json.loads(json.dumps(written)).items()
        again = operation_parameters.read_operation(name, handed_on, aws.traits.jobs.parameters)
        assert aws.as_sent(request(Operation={name: again}))["Operation"] == first["Operation"], sample
        count += 1
    assert count > len(shape.members)


def test_every_member_of_a_generator_there_and_back(aws: model.Provider) -> None:
    shape = shape_of("ManifestGenerator").members["S3JobManifestGenerator"]
    for sample in samples(shape):
        made = {"S3JobManifestGenerator": sample}
        first = aws.as_sent(request(ManifestGenerator=made))
        job = parse_job_xml.parse_described(described(ManifestGenerator=made))
        written = json.loads(json.dumps(aws.as_written("ManifestGenerator", job.extra["ManifestGenerator"])))
        again = operation_parameters.read("manifest_generator", written, aws.traits.jobs.parameters)
        assert aws.as_sent(request(ManifestGenerator=again))["ManifestGenerator"] == first["ManifestGenerator"], sample


def test_the_walk_meets_what_is_renamed_and_maps() -> None:
    """Or it would show nothing."""
    seen: set[str] = set()

    def walk(shape: t.Any) -> None:
        seen.add(shape.type_name)
        for name, member in getattr(shape, "members", {}).items():
            if member.serialization.get("name", name) != name:
                seen.add("renamed")
            walk(member)
        for inner in ("member", "value"):
            if hasattr(shape, inner):
                walk(getattr(shape, inner))

    for part in ("Operation", "ManifestGenerator"):
        walk(shape_of(part))
    assert seen >= {"structure", "list", "map", "string", "integer", "long", "boolean", "timestamp", "renamed"}


TAGS = [{"Key": "a", "Value": "1"}, {"Key": "b b", "Value": ""}]
GRANTS = [
    {"Grantee": {"DisplayName": "x", "Identifier": name, "TypeIdentifier": "ID"}, "Permission": "READ"}
    for name in ("a", "b")
]
METADATA = {
    "CacheControl": "no-cache",
    "ContentDisposition": "inline",
    "ContentEncoding": "gzip",
    "ContentType": "text/plain",
    "HttpExpiresDate": "Wed, 21 Oct 2030 07:28:00 GMT",
    "SSEAlgorithm": "AES256",
}
DOCUMENTED: dict[str, list[tuple[str, dict[str, t.Any]]]] = {
    "cos": [
        ("COSDeleteObject", {}),
        ("COSInitiateRestoreObject", {"ExpirationInDays": 7, "JobTier": "Bulk"}),
        ("COSPutObjectTagging", {"TaggingDirective": "Add", "TagSet": TAGS}),
        ("COSPutObjectTagging", {"TagSet": TAGS[:1]}),
        ("COSPutObjectCopy", {**COPY, "PrefixReplace": False, "UnModifiedSinceConstraint": 1800000000}),
        (
            "COSPutObjectCopy",
            {
                "TargetResource": COPY["TargetResource"],
                "AccessControlDirective": "Replaced",
                "AccessControlGrants": GRANTS,
                "MetadataDirective": "Replaced",
                "NewObjectMetadata": {**METADATA, "UserMetadata": TAGS},
                "TaggingDirective": "Replaced",
                "NewObjectTagging": TAGS,
                "StorageClass": "STANDARD_IA",
            },
        ),
        (
            "COSPutObjectCopy",
            {
                "TargetResource": COPY["TargetResource"],
                "CannedAccessControlList": "private",
                "AccessControlGrants": GRANTS[:1],
                "NewObjectMetadata": {"UserMetadata": TAGS[:1]},
                "NewObjectTagging": TAGS[:1],
            },
        ),
        ("COSPutObjectCopy", {"TargetResource": COPY["TargetResource"], "NewObjectMetadata": {}}),
    ],
    "oss": [
        ("PutObjectTagging", {"TagSet": TAGS}),
        ("AddObjectTagging", {"TagSet": TAGS[:1]}),
        ("DeleteObjectTagging", {}),
        ("PutObjectAcl", {"ObjectAcl": "private"}),
        ("RestoreObject", {"Days": 7, "Tier": "Bulk"}),
        ("RestoreObject", {"Days": 1}),
    ],
}
"""Sources: Tencent Cloud COS documentation, "CreateJob" and "Common Elements"; Alibaba Cloud OSS, "CreateJob"."""
BARE: dict[str, list[tuple[str, dict[str, t.Any]]]] = {
    "cos": [("COSPutObjectTagging", {"TagSet": []}), ("COSPutObjectCopy", {"NewObjectMetadata": {"UserMetadata": []}})],
    "oss": [("PutObjectTagging", {"TagSet": []})],
}
UNHEARD_OF: list[tuple[str, dict[str, t.Any]]] = [
    ("NewThing", {"Things": {"Thing": ["a", "b"]}, "Flag": True, "Count": 7}),
    ("NewThing", {"Things": {"member": ["a", "b"]}, "Deep": {"Inner": {"A": "1", "B": ["x", "y"]}}}),
    ("NewThing", {"Things": {"Thing": ["a"]}, "Empty": {}}),
]
"""Operations that no document names yet: nodes are handed on as they are."""


@pytest.mark.parametrize("name", ["cos", "oss"])
def test_documented_operations_there_and_back(name: str) -> None:
    account = next(account for account in ACCOUNTS if account.provider == name)
    connection = dict(account.connection)
    keys = model.Credentials(connection.pop("access_key"), connection.pop("secret_key"))
    cloud = registry.PROVIDERS[name]()(model.Options(**connection, credentials=keys))
    rest = {"Report": {"Bucket": "reports", "Enabled": True, "ReportScope": "AllTasks"}, "Priority": 1}
    for operation, sample in [*DOCUMENTED[name], *BARE[name], *UNHEARD_OF]:
        read = operation_parameters.read_operation(operation, sample, cloud.traits.jobs.parameters)
        first = cloud.as_sent({**rest, "Operation": {operation: read}})["Operation"]
        seen = parse_job_xml.parse_described(in_answer(cloud, {**rest, "Operation": {operation: read}}))
        written = json.loads(json.dumps(cloud.as_written("Operation", {operation: seen.parameters})))[operation]
        again = operation_parameters.read_operation(operation, written or None, cloud.traits.jobs.parameters)
        assert cloud.as_sent({**rest, "Operation": {operation: again}})["Operation"] == first, (operation, sample)
        assert xml_of(cloud, {**rest, "Operation": {operation: again}}) == xml_of(
            cloud, {**rest, "Operation": {operation: read}}
        ), sample


def xml_of(cloud: model.Provider, parts: dict[str, t.Any]) -> str:
    """The node Operation of a request, its children in the order of their names."""
    from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos import create_job_xml as cos
    from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss import create_job_xml as oss

    body = (oss if "OSS" in cloud.traits.title else cos).create_body(parts)
    node = ElementTree.fromstring(body).find("Operation")
    assert node is not None
    return canonical(node)


def canonical(node: ElementTree.Element) -> str:
    inner = sorted((child.tag, canonical(child)) for child in node) if len({c.tag for c in node}) > 1 else None
    text = "".join(text for _tag, text in inner) if inner else "".join(canonical(child) for child in node)
    return f"<{node.tag}>{text or (node.text or '').strip()}</{node.tag}>"


def in_answer(cloud: model.Provider, parts: dict[str, t.Any]) -> bytes:
    return f"<DescribeJobResult><Job><JobId>j</JobId>{xml_of(cloud, parts)}</Job></DescribeJobResult>".encode()


def all_operations(cloud: Cloud) -> list[tuple[str, dict[str, t.Any]]]:
    if cloud.provider != "aws":
        return DOCUMENTED[cloud.provider]
    shape = shape_of("Operation")
    found = []
    for name, member in shape.members.items():
        found += [(name, json.loads(json.dumps(Sampler(0, items)(member), default=str))) for items in (2, 0)]
    return found


def failed(cloud: Cloud, **options: t.Any) -> str:
    """Create a job whose every object fails, and wait for its end."""
    etag = lay_out(cloud, ["a", "b"])
    cloud.emulator.settings(task_rules=[{"key": ".", "code": "InternalError", "http_status": 500}])
    first = create(cloud, manifest={"object_arn": arn(cloud, "lists/all.csv"), "etag": etag}, **options)
    assert (first["rc"], first["changed"]) == (0, True), first["msg"]
    job_id = t.cast(str, first["job"]["job_id"])
    cloud.emulator.advance(10)
    if options.get("confirmation_required"):
        assert cloud.run("batch_job_status", job_id=job_id, status="ready")["rc"] == 0
    cloud.emulator.advance(60)
    return job_id


def retried(cloud: Cloud, job_id: str) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Both jobs as the cloud has them."""
    retry = cloud.run("batch_retry_manifest", job_id=job_id)
    assert (retry["rc"], retry["count"]) == (0, 2), retry["msg"]
    second = cloud.run("batch_job", **retry["job"], manifest=retry["manifest"])
    assert (second["rc"], second["changed"]) == (0, True), second["msg"]
    again = cloud.run("batch_job", **retry["job"], manifest=retry["manifest"])
    assert (again["rc"], again["changed"]) == (0, False), again["msg"]
    return cloud.emulator.job(job_id), cloud.emulator.job(second["job"]["job_id"])


def test_the_retry_of_every_operation_is_created_as_it_is(cloud: Cloud) -> None:
    for name, sample in all_operations(cloud):
        cloud.emulator.reset()
        first, second = retried(cloud, failed(cloud, operation={name: sample}))
        for part in ("Operation", "Report"):
            old, new = (canonical(ElementTree.fromstring(job["documents"][part])) for job in (first, second))
            assert old == new, (name, part)
        assert (first["role_arn"], first["priority"]) == (second["role_arn"], second["priority"])


def test_the_retry_keeps_what_the_job_was_created_with(cloud: Cloud) -> None:
    on_aws: dict[str, t.Any] = {}
    report = {"bucket": resource(cloud).replace("aws-cn", "aws"), "prefix": " some/where/", "scope": "FailedTasksOnly"}
    if cloud.provider == "aws":
        on_aws = {"tags": {"team": "storage", "cost": ""}}
        if "ExpectedBucketOwner" in shape_of("Report").members:
            report["expected_bucket_owner"] = "000022223333"
    options = {"operation": OPTIONS[cloud.provider]["operation"], "report": report, "confirmation_required": True}
    job_id = failed(cloud, **options, **on_aws)
    cloud.emulator.clear_log()
    retry = cloud.run("batch_retry_manifest", job_id=job_id)
    assert (retry["rc"], job_id in json.dumps(retry.get("warnings", []))) == (0, False), retry["msg"]
    assert retry["job"]["confirmation_required"] is True
    assert retry["job"]["tags"] == on_aws.get("tags", {})
    assert retry["job"]["report"] == {"enabled": True, **report}
    assert retry["calls"]["sent"].get("GetJobTagging", 0) == (1 if cloud.provider == "aws" else 0)
    first, second = retried(cloud, job_id)
    for name in ("tags", "confirmation_required", "role_arn", "priority"):
        assert first[name] == second[name], name


def test_tags_of_the_cloud_itself_are_not_handed_on(cloud: Cloud) -> None:
    job_id = failed(cloud, operation=OPTIONS[cloud.provider]["operation"])
    cloud.emulator.patch(job_id, tags={"aws:cloudformation:stack-name": "x", "team": "storage"})
    retry = cloud.run("batch_retry_manifest", job_id=job_id)
    assert retry["job"]["tags"] == ({"team": "storage"} if cloud.provider == "aws" else {})


def test_tags_that_may_not_be_read_are_a_warning(cloud: Cloud) -> None:
    job_id = failed(cloud, operation=OPTIONS[cloud.provider]["operation"])
    cloud.fault("denied", operation="GetJobTagging", count=None)
    retry = cloud.run("batch_retry_manifest", job_id=job_id)
    assert (retry["rc"], retry["changed"], retry["count"]) == (0, True, 2), retry["msg"]
    assert retry["job"]["tags"] == {}
    # ansible-core keeps the warnings of a process, and all modules here are run in one.
    warned = f"Cannot read the tags of job {job_id}" in json.dumps(retry.get("warnings", []))
    assert warned is (cloud.provider == "aws")
    assert retry["calls"]["sent"].get("GetJobTagging", 0) == (1 if warned else 0)


@on("aws")
def test_tags_that_cannot_be_read_for_another_reason_stop_the_task_before_it_writes(cloud: Cloud) -> None:
    job_id = failed(cloud, operation=OPTIONS[cloud.provider]["operation"])
    cloud.fault("unavailable", operation="GetJobTagging", count=None)
    cloud.emulator.clear_log()
    retry = cloud.run("batch_retry_manifest", job_id=job_id, max_attempts=2)
    assert (retry["rc"], retry["changed"], retry["error"]["kind"]) == (1, False, "unavailable")
    assert not cloud.writes()


def test_the_owner_of_the_reports_bucket(cloud: Cloud) -> None:
    """A guard that is part of what the job is, where the cloud has one."""
    report = OPTIONS[cloud.provider]["report"]
    base = {**OPTIONS[cloud.provider], "priority": 1}

    def run(owner: t.Any) -> dict[str, t.Any]:
        return cloud.run("batch_job", **{**base, "report": {**report, "expected_bucket_owner": owner}})

    for owner in ("", "1", "12345678901a", "1234567890123"):
        result = run(owner)
        kind = "invalid" if cloud.provider == "aws" else "unsupported"
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, kind, [])
        names = ("value of report.expected_bucket_owner must ", "report.expected_bucket_owner is not supported for ")
        assert result["msg"].startswith(names[cloud.provider != "aws"]), result["msg"]
        assert f"got: {owner!r}" in result["msg"] or cloud.provider != "aws", result["msg"]
    result = run("000022223333")
    if cloud.provider != "aws":
        assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "unsupported", [])
        assert result["msg"].startswith("report.expected_bucket_owner is not supported for "), result["msg"]
        return
    if "ExpectedBucketOwner" not in shape_of("Report").members:
        assert (result["rc"], cloud.operations()) == (1, [])
        assert "requires botocore 1.40.12 or newer" in result["msg"], result["msg"]
        return
    assert result["changed"] is True, result
    assert run("000022223333")["changed"] is False
    assert run("000022224444")["changed"] is True, "another owner is another job"
    assert cloud.run("batch_job", **base)["changed"] is True, "no owner is another job"
    extra = cloud.info(job_id=result["job"]["job_id"])["job"]["extra"]["Report"]
    assert extra["ExpectedBucketOwner"] == "000022223333"
