# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Partitions of AWS, and endpoints that a task, a variable or a profile names: who is asked where."""

from __future__ import annotations

import json
import pathlib
import typing as t

import botocore
import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds import registry
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.provider import AwsProvider
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Credentials, Options, Role
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts, queue_scan
from batch_emulator.accounts import AWS_KEY

from .clouds import ACCOUNTS, Cloud
from .reports import Report

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

DATA = json.loads((pathlib.Path(botocore.__file__).parent / "data" / "partitions.json").read_text(encoding="utf-8"))
PARTITIONS = {item["id"]: item for item in DATA["partitions"]}
REGIONS = {
    region: name for name, item in PARTITIONS.items() for region in item["regions"] if not region.endswith("-global")
}
KEYS = Credentials("EXAMPLEID", "example-secret")
NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
SERVICES = ("sts", "ec2", "s3")


@pytest.fixture
def aws(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> Cloud:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return Cloud(ACCOUNTS[0], emulator, capsys)


def provider(**options: t.Any) -> AwsProvider:
    return AwsProvider(Options(**{"region": "eu-central-1", "account_id": "1" * 12, "credentials": KEYS, **options}))


@pytest.mark.parametrize("region", sorted({*REGIONS, "eusc-de-east-1"}))
def test_the_partition_of_a_region(aws: Cloud, region: str) -> None:
    assert provider(region=region).partition == REGIONS.get(region, "aws-eusc")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-mars-9", "aws"),
        ("cn-mars-9", "aws-cn"),
        ("us-gov-mars-9", "aws-us-gov"),
        ("us-iso-mars-9", "aws-iso"),
        ("us-isob-mars-9", "aws-iso-b"),
        ("xx-mars-9", "aws"),
    ],
)
def test_the_partition_of_a_region_that_is_newer_than_botocore(aws: Cloud, region: str, partition: str) -> None:
    assert provider(region=region).partition == partition


def where(provider: AwsProvider) -> set[str | None]:
    return {provider._endpoints.of(service) for service in SERVICES}


SUFFIXES = sorted(
    {item["outputs"][name] for item in PARTITIONS.values() for name in ("dnsSuffix", "dualStackDnsSuffix")}
    | {"amazonaws.eu", "api.amazonwebservices.eu"}
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "host", ["s3-control.x-y-1", "s3-control-fips.dualstack.x-y-1", "control.vpce-1a.s3.x-y-1.vpce"]
)
def test_an_endpoint_of_amazons_own_serves_one_service(aws: Cloud, host: str, suffix: str) -> None:
    assert where(provider(endpoint_url=f"https://{host}.{suffix}")) == {None}


@pytest.mark.parametrize("host", ["gateway.example.com", "amazonaws.com.example.com", "myamazonaws.com", "127.0.0.1"])
def test_any_other_one_serves_all(aws: Cloud, host: str) -> None:
    assert where(provider(endpoint_url=f"https://{host}")) == {f"https://{host}"}


def test_a_variable_for_the_jobs_alone(aws: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway for S3 Control is asked for nothing else."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3_CONTROL", aws.emulator.url)
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    aws.seed()
    assert aws.prioritize(100, endpoint_url=None)["changed"] is True
    aws.emulator.clear_log()
    result = aws.prioritize(101, endpoint_url=None, account_id=None, max_attempts=1)
    assert (result["error"]["kind"], result["error"]["operation"]) == ("unreachable", "GetCallerIdentity"), result
    assert aws.operations() == []
    Report({"failed": b"archive,a,,failed,500,InternalError,x\r\n"}, job={"job_id": "job-with-report"}).put(aws)
    result = aws.run("batch_job_report_info", job_id="job-with-report", endpoint_url=None, max_attempts=1)
    assert result["error"]["kind"] == "unreachable", result
    assert aws.operations() == ["DescribeJob"]


@pytest.mark.parametrize("both", [False, True])
def test_a_variable_for_every_service(aws: Cloud, monkeypatch: pytest.MonkeyPatch, both: bool) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.emulator.url)
    if both:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3_CONTROL", aws.emulator.url)
    aws.seed()
    result = aws.prioritize(100, endpoint_url=None, account_id=None)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert aws.operations() == ["GetCallerIdentity", "DescribeJob", "UpdateJobPriority"]


@pytest.mark.parametrize("ignored", ["", "false", "true"])
def test_an_own_variable_of_another_service(aws: Cloud, monkeypatch: pytest.MonkeyPatch, ignored: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", aws.emulator.url)
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", ignored)
    found = provider(endpoint_url="http://127.0.0.1:9")._endpoints.of("sts")
    assert found == ("http://127.0.0.1:9" if ignored == "true" else None)


SECTIONS = {
    "all services": "endpoint_url = {url}\n",
    "services": "services = mine\n[services mine]\n"
    + "".join(f"{name} =\n  endpoint_url = {{url}}\n" for name in ("s3_control", "sts")),
}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("section", SECTIONS)
def test_an_endpoint_of_a_profile_that_cannot_carry_the_account(
    aws: Cloud, tmp_path: pathlib.Path, section: str, host: str
) -> None:
    url = aws.emulator.url.replace("127.0.0.1", host)
    keys = f"aws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"
    (tmp_path / "config").write_text(
        f"[profile there]\nregion = eu-central-1\n{keys}{SECTIONS[section].format(url=url)}", encoding="utf-8"
    )
    aws.seed()
    options = {**NO_KEYS, "profile": "there", "endpoint_url": None, "region": None, "account_id": None}
    result = aws.prioritize(100, **options)
    assert (result["rc"], result["changed"], result["job"]["account_id"]) == (0, True, "111122223333"), result
    assert aws.operations() == ["GetCallerIdentity", "DescribeJob", "UpdateJobPriority"]
    assert "warnings" not in result


def test_an_endpoint_of_a_profile_is_checked_like_any_other(aws: Cloud, tmp_path: pathlib.Path) -> None:
    for url, words in (
        ("http://me:hush-hush-hush@127.0.0.1", "value of endpoint_url of the profile must be a URL of the form"),
        ("ftp://127.0.0.1", "value of endpoint_url of the profile must be a URL of the form"),
    ):
        (tmp_path / "config").write_text(f"[profile there]\nendpoint_url = {url}\n", encoding="utf-8")
        result = aws.prioritize(100, **NO_KEYS, profile="there", endpoint_url=None)
        assert (result["rc"], result["error"]["kind"], aws.operations()) == (1, "invalid", []), result
        assert words in result["msg"] and "hush-hush-hush" not in json.dumps(result)
    (tmp_path / "config").write_text("[profile there]\nendpoint_url = http://store.invalid\n", encoding="utf-8")
    keys = f"[there]\naws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"
    (tmp_path / "credentials").write_text(keys, encoding="utf-8")
    result = aws.prioritize(100, **NO_KEYS, profile="there", endpoint_url=None, max_attempts=1)
    assert "The endpoint_url of the profile http://store.invalid uses unencrypted HTTP." in json.dumps(
        result["warnings"]
    )


@pytest.mark.parametrize(
    ("variable", "value"), [("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true")]
)
def test_fips_and_dual_stack_at_an_own_endpoint(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """botocore has no such endpoints of other hosts, and says so or ignores it; nothing ends in a traceback."""
    monkeypatch.setenv(variable, value)
    aws.seed()
    result = aws.prioritize(100)
    assert result["rc"] in (0, 1) and "exception" not in result
    assert result["rc"] == 0 or result["error"]["kind"] in ("invalid", "invalid_credentials"), result


ROLES = {
    "aws-cn": ("cn-northwest-1", "cn-north-1"),
    "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
    "aws-eusc": ("eusc-de-east-1", "eusc-de-east-1"),
    "aws-iso": ("us-iso-east-1", "us-iso-east-1"),
    "aws-iso-b": ("us-isob-east-1", "us-isob-east-1"),
    "aws": ("us-east-1", "eu-west-1"),
}


@pytest.mark.parametrize("partition", ROLES)
def test_the_region_that_is_asked_for_the_regions(
    aws: Cloud, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, partition: str
) -> None:
    home, other = ROLES[partition]
    role = f"arn:{partition}:iam::111122223333:role/r"
    assert registry.home_region("aws", role, "") == home
    (tmp_path / "config").write_text(
        f"[profile there]\nregion = {other}\n[profile role]\nrole_arn = {role}\n[profile both]\nrole_arn = {role}\n"
        "region = ap-south-1\n[default]\nregion = sa-east-1\n",
        encoding="utf-8",
    )
    assert registry.home_region("aws", "", "there") == other
    assert registry.home_region("aws", role, "there") == other
    assert registry.home_region("aws", "", "role") == home
    assert registry.home_region("aws", "", "both") == ("ap-south-1" if partition == "aws" else home)
    assert registry.home_region("aws", "", "") == "sa-east-1"
    monkeypatch.setenv("AWS_PROFILE", "there")
    assert registry.home_region("aws", "", "") == other
    assert registry.home_region("aws", "", "nosuch") == "us-east-1"
    assert registry.home_region("cos", "", "") == registry.home_region("oss", "", "") == ""


def test_a_partition_that_nobody_knows(aws: Cloud) -> None:
    assert registry.home_region("aws", "arn:aws-mars:iam::111122223333:role/r", "") == "us-east-1"


LIMITS = queue_scan.ScanLimits(request_timeout=30.0, max_attempts=1, timeout=300.0, retries=0, concurrency=4)


def looks(aws: Cloud, **account: t.Any) -> list[queue_scan.QueueScan]:
    names = {"access_key_variable": "A", "secret_key_variable": "B"}
    whole = {"provider": "aws", "regions": "all", "endpoint_url": aws.emulator.url, **names, **account}
    declared = accounts.declare([whole])
    return queue_scan.scan_queues(declared, {"A": AWS_KEY.key_id, "B": AWS_KEY.secret}, LIMITS)


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov", "aws-eusc"])
def test_all_regions_of_a_role_of_another_partition(aws: Cloud, partition: str) -> None:
    home, other = ROLES[partition]
    aws.emulator.settings(regions=[home, other])
    found = looks(aws, assume_role_arn=f"arn:{partition}:iam::111122223333:role/r")
    assert {look.queue.region: look.failure for look in found} == {home: None, other: None}
    asked = [(entry["operation"], entry["region"]) for entry in aws.emulator.log()]
    assert asked[:2] == [("AssumeRole", home), ("DescribeRegions", home)]


def test_keys_of_another_partition_are_told_of_home_region(aws: Cloud) -> None:
    aws.fault("raw", operation="DescribeRegions", code="AuthFailure", http_status=401, count=None)
    [look] = looks(aws, account_id="111122223333")
    assert look.failure is not None and look.failure.kind == "invalid_credentials"
    assert "The request was sent to us-east-1. Set home_region" in look.failure.sentence()
    assert "home_region" in look.reason()
    [look] = looks(aws, account_id="111122223333", home_region="eu-west-1")
    assert look.failure is not None and "home_region" not in look.failure.sentence()


@pytest.mark.parametrize("partition", ROLES)
def test_a_role_of_any_partition_is_assumed(aws: Cloud, partition: str) -> None:
    region = ROLES[partition][0]
    aws.emulator.seed(
        {"provider": "aws", "region": region, "job_id": "job-there", "priority": 1, "status": "Ready", "frozen": True}
    )
    role = f"arn:{partition}:iam::111122223333:role/batch"
    result = aws.prioritize(100, "job-there", region=region, assume_role_arn=role)
    assert (result["rc"], result["changed"]) == (0, True), result


def test_a_role_of_another_partition_than_the_region(aws: Cloud) -> None:
    result = aws.prioritize(100, assume_role_arn="arn:aws-cn:iam::111122223333:role/batch")
    assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (
        1,
        "invalid_credentials",
        "AssumeRole",
    )


EMPTY = {"assume_role_external_id": "", "assume_role_session_name": ""}


@pytest.mark.parametrize("role", [None, "", "arn:aws:iam::111122223333:role/batch"])
def test_an_empty_external_id_and_session_name_are_not_given(aws: Cloud, role: str | None) -> None:
    aws.seed()
    result = aws.prioritize(100, assume_role_arn=role, **EMPTY)
    assert (result["rc"], result["changed"]) == (0, True), result


@pytest.mark.parametrize("value", [" ", "\t", "\n", "x"])
@pytest.mark.parametrize("name", EMPTY)
def test_blanks_are_no_external_id_and_no_session_name(aws: Cloud, name: str, value: str) -> None:
    result = aws.prioritize(100, assume_role_arn="arn:aws:iam::111122223333:role/batch", **{name: value})
    assert (result["rc"], result["error"]["kind"], aws.operations()) == (1, "invalid", []), result
    assert result["msg"].startswith(f"value of {name} must be 2 to ") and f", got: {value!r}" in result["msg"]


def test_no_role_is_left_without_its_account(aws: Cloud) -> None:
    role = Role("arn:aws:iam::111122223333:role/batch")
    assert provider(account_id="", role=role).account_id == "111122223333"
