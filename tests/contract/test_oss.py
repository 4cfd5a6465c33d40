# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only OSS has: ids that a query has to encode, a clock that is learnt, credentials of Alibaba's own tools."""

from __future__ import annotations

import json
import re
import time
import types
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss import provider
from batch_emulator.accounts import INSTANCE_ROLE, OSS_KEY, OSS_TEMP_KEY

from .clouds import ACCOUNTS, JOB_ID, Cloud

if t.TYPE_CHECKING:
    import pathlib

    from batch_emulator.client import Emulator

ID = "MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU="
NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
ROLE = "acs:ram::1000000000000001:role/batch"
PAIR = {"access_key_id": OSS_KEY.key_id, "access_key_secret": OSS_KEY.secret}
TEMPORARY = {"access_key_id": OSS_TEMP_KEY.key_id, "access_key_secret": OSS_TEMP_KEY.secret}


@pytest.fixture
def oss(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[2], emulator, capsys)


@pytest.fixture
def metadata(oss: Cloud, machine: Emulator) -> Cloud:
    """OSS on a virtual machine of Alibaba's."""
    return oss


def sent(cloud: Cloud) -> list[str]:
    return [f"{entry['method']} {entry['path']}" for entry in cloud.emulator.log()]


def test_requests_are_the_documented_ones(oss: Cloud) -> None:
    oss.seed(job_id=ID, status="Suspended")
    oss.prioritize(7, ID)
    oss.run("batch_job_status", job_id=ID, status="ready")
    oss.run("batch_job_status", job_id=ID, status="cancelled", reason="no longer needed")
    oss.info()
    quoted = ID[:-1] + "%3D"
    describe = f"GET /?batchJob&batchJobId={quoted}"
    status = f"POST /?batchJobStatus&batchJobId={quoted}&requestedJobStatus"
    assert sent(oss) == [
        describe,
        f"POST /?batchJobPriority&batchJobId={quoted}&targetPriority=7",
        describe,
        f"{status}=Ready",
        describe,
        f"{status}=Cancelled&statusUpdateReason=no%20longer%20needed",
        "GET /?batchJob&max-keys=1000",
    ]


def test_what_a_task_costs(oss: Cloud) -> None:
    oss.seed(job_id=ID)
    costs = []
    for priority, check_mode in ((10, False), (11, True), (11, False)):
        oss.emulator.clear_log()
        assert oss.prioritize(priority, ID, check_mode=check_mode)["rc"] == 0
        costs.append(len(oss.operations()))
    assert costs == [1, 1, 2]
    oss.emulator.reset()
    oss.seed(*({"job_id": f"page{number:04}=", "priority": 1, "status": "Ready"} for number in range(2500)))
    assert len(oss.info()["jobs"]) == 2500
    assert oss.operations() == ["ListJobs"] * 3
    assert all("max-keys=1000" in path for path in sent(oss))


@pytest.mark.parametrize("job_id", ["", "a-b", "%3D", ID[:-1] + "%3D", "a b", "a\n", "a" * 65])
def test_ids_that_are_none_cost_no_request(oss: Cloud, job_id: str) -> None:
    arguments = {**oss.arguments(), "job_id": job_id, "priority": 1}
    oss.names = type(oss.names)("none")
    result = oss.run("batch_job_priority", **arguments)
    assert (result["rc"], result["error"]["kind"], oss.operations()) == (1, "invalid", [])
    assert (
        "must be an OSS job ID: 1 to 64 letters, digits, plus signs, slashes, or equals signs, got: " in result["msg"]
    )


def test_the_finer_code_is_judged_first_and_shown(oss: Cloud) -> None:
    oss.seed()
    result = oss.prioritize(100, "nobody=")
    assert (result["error"]["kind"], result["error"]["code"]) == ("not_found", "InvalidArgument")
    assert result["error"]["message"] == "The specified batchJobId is invalid (EC 0017-00001002)"
    oss.fault("raw", code="NoSuchBatchOperationJob", http_status=404, message="gone")
    assert oss.prioritize(100)["error"]["kind"] == "not_found"
    oss.fault("raw", code="NoSuchBucket", http_status=404, message="other")
    assert oss.prioritize(100)["error"]["kind"] == "not_found"
    oss.fault("raw", code="Odd", http_status=403, message="other")
    assert oss.prioritize(100)["error"]["kind"] == "access_denied"


@pytest.mark.parametrize("hours", [-2, 2])
def test_the_clock_is_learnt_once(oss: Cloud, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr(provider, "time", types.SimpleNamespace(time=lambda: time.time() + hours * 3600))
    oss.seed()
    result = oss.prioritize(100)
    assert (result["rc"], result["changed"]) == (0, True), result
    warnings = json.dumps(result["warnings"])
    assert re.search(
        rf"of this host is 7[12][0-9][0-9] s {'later' if hours > 0 else 'earlier'} than the clock of the provider",
        warnings,
    )
    assert [entry["http_status"] for entry in oss.emulator.log()] == [403, 200, 200]
    assert result["calls"] == {"sent": {"DescribeJob": 2, "UpdateJobPriority": 1}, "retried": 1, "throttled": 0}


def test_what_is_refused_with_the_clouds_own_time_stays_refused(oss: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"job{number}=" for number in range(20)]
    oss.seed(*({"job_id": job_id, "priority": 1, "status": "Ready"} for job_id in ids))
    monkeypatch.setattr(provider, "time", types.SimpleNamespace(time=lambda: time.time() + 7200))
    jobs = [{"job_id": job_id, "priority": 5} for job_id in ids]
    oss.fault("clock_skew", operation="UpdateJobPriority", count=4)
    result = oss.run("batch_job_priority", jobs=jobs, concurrency=8, on_error="continue")
    assert result["calls"]["sent"] == {"ListJobs": 3, "UpdateJobPriority": 20}
    assert [job["outcome"] for job in result["jobs"]].count("failed") == 4, result["msg"]


def test_a_clock_that_cannot_be_mended(oss: Cloud) -> None:
    oss.seed()
    oss.fault("clock_skew", count=None)
    result = oss.prioritize(100)
    assert (result["rc"], result["error"]["kind"], result["error"]["retryable"]) == (1, "clock_skew", False)
    assert oss.operations() == ["DescribeJob"] * 2


@pytest.mark.parametrize("hours", [24 * 366 * 30, 24 * 366 * 7000])
def test_a_clock_that_no_cloud_has(oss: Cloud, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr(provider, "time", types.SimpleNamespace(time=lambda: time.time() + hours * 3600))
    oss.seed()
    result = oss.prioritize(100)
    assert (result["rc"], result["error"]["kind"], oss.operations()) == (1, "clock_skew", ["DescribeJob"]), result


@pytest.mark.parametrize("region", ["cn-hangzhou", "oss-cn-hangzhou"])
def test_regions_with_and_without_their_prefix(oss: Cloud, monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    oss.seed()
    monkeypatch.setenv("OSS_REGION", region)
    monkeypatch.setenv("HTTP_PROXY", oss.emulator.url)
    result = oss.prioritize(100, region=None, endpoint_url="http://oss-cn-hangzhou.aliyuncs.com")
    assert (result["changed"], result["job"]["region"]) == (True, "cn-hangzhou"), result


def test_a_region_that_the_endpoint_has_not(oss: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", oss.emulator.url)
    result = oss.prioritize(1, region="cn-shanghai", endpoint_url="http://oss-cn-hangzhou.aliyuncs.com")
    assert (result["error"]["kind"], result["error"]["code"]) == ("invalid", "InvalidArgument")
    assert "0002-00000226" in result["msg"]


@pytest.mark.parametrize(
    "object_arn", ["oss://b1/dir/a b.csv", "acs:oss:cn-hangzhou:123:b1/dir/a b.csv", "b1/dir/a b.csv"]
)
@pytest.mark.parametrize("bucket", ["b2", "oss://b2", "acs:oss:*:*:b2"])
def test_names_of_objects_and_buckets(oss: Cloud, object_arn: str, bucket: str) -> None:
    task = {
        "operation": {"DeleteObjectTagging": None},
        "manifest": {"object_arn": object_arn, "etag": '"495B279A"', "version_id": "v1"},
        "report": {"bucket": bucket, "prefix": "batch-reports/"},
        "role_arn": ROLE,
        "priority": 1,
    }
    created = oss.run("batch_job", **task)
    assert created["changed"] is True, created
    assert oss.run("batch_job", **task)["changed"] is False
    job = oss.info(job_id=created["job"]["job_id"])["job"]
    assert job["extra"]["Manifest"]["Location"] == {
        "ETag": "495B279A",
        "Bucket": "b1",
        "Object": "dir/a b.csv",
        "VersionId": "v1",
    }
    assert (job["extra"]["Report"]["Bucket"], "Format" in job["extra"]["Report"]) == ("b2", False)


FAMILIES = ("OSS_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_")


@pytest.mark.parametrize("family", FAMILIES)
def test_variables_of_every_tool(oss: Cloud, monkeypatch: pytest.MonkeyPatch, family: str) -> None:
    oss.seed()
    keys = oss.account.temporary
    token = "SESSION_TOKEN" if family == "OSS_" else "SECURITY_TOKEN"
    for name, value in (("ACCESS_KEY_ID", "access_key"), ("ACCESS_KEY_SECRET", "secret_key"), (token, "session_token")):
        monkeypatch.setenv(family + name, keys[value])
    assert oss.prioritize(100, **NO_KEYS)["changed"] is True


def test_keys_of_two_tools_are_never_mixed(oss: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    oss.seed()
    monkeypatch.setenv("OSS_ACCESS_KEY_ID", OSS_KEY.key_id)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", OSS_KEY.secret)
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    result = oss.prioritize(100, **NO_KEYS)
    assert (result["error"]["kind"], oss.operations()) == ("invalid_credentials", [])
    # A token of one tool does not go with a pair of another.
    monkeypatch.setenv("OSS_ACCESS_KEY_SECRET", OSS_KEY.secret)
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "of-somebody-else")
    assert oss.prioritize(100, **NO_KEYS)["changed"] is True


def test_options_as_alibaba_spells_them(oss: Cloud) -> None:
    oss.seed()
    keys = oss.account.temporary
    spelt = {"access_key_id": keys["access_key"], "access_key_secret": keys["secret_key"]}
    assert oss.prioritize(100, **NO_KEYS, **spelt, security_token=keys["session_token"])["changed"] is True


def configure(folder: pathlib.Path, *profiles: dict[str, t.Any], current: str = "") -> None:
    (folder / ".aliyun").mkdir(exist_ok=True)
    content = {"current": current or profiles[0]["name"], "profiles": profiles}
    (folder / ".aliyun" / "config.json").write_text(json.dumps(content), encoding="utf-8")


MODES: dict[str, list[dict[str, t.Any]]] = {
    "AK": [{"name": "p", "mode": "AK", **PAIR, "sts_token": "left over"}],
    "StsToken": [{"name": "p", "mode": "StsToken", **TEMPORARY, "sts_token": OSS_TEMP_KEY.token}],
    "RamRoleArn": [{"name": "p", "mode": "RamRoleArn", **PAIR, "ram_role_arn": ROLE, "ram_session_name": "night"}],
    "RamRoleArn of a token": [
        {"name": "p", "mode": "RamRoleArn", **TEMPORARY, "sts_token": OSS_TEMP_KEY.token, "ram_role_arn": ROLE}
    ],
    "ChainableRamRoleArn": [
        {"name": "p", "mode": "ChainableRamRoleArn", "source_profile": "q", "ram_role_arn": ROLE, "external_id": "x"},
        {"name": "q", "mode": "AK", **PAIR},
    ],
    "EcsRamRole": [{"name": "p", "mode": "EcsRamRole", "ram_role_name": INSTANCE_ROLE}],
}


@pytest.mark.parametrize("mode", MODES)
def test_profiles(metadata: Cloud, tmp_path: pathlib.Path, mode: str) -> None:
    metadata.seed()
    configure(tmp_path, {"name": "other", "mode": "AK"}, *MODES[mode], current="p")
    for profile in ({}, {"profile": "p"}):
        result = metadata.prioritize(100, **NO_KEYS, **profile)
        assert result["rc"] == 0, result
        for secret in metadata.account.secrets:
            assert secret not in json.dumps(result)


@pytest.mark.parametrize("variable", ["ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"])
def test_a_variable_names_the_profile(
    oss: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, variable: str
) -> None:
    oss.seed()
    configure(tmp_path, {"name": "default", "mode": "AK"}, {"name": "night", "mode": "AK", **PAIR})
    monkeypatch.setenv(variable, "night")
    assert oss.prioritize(100, **NO_KEYS)["changed"] is True


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ({"mode": "CloudSSO"}, "has the unsupported mode 'CloudSSO'; supported modes are "),
        ({"mode": "External", "process_command": "rm -rf /"}, "'External'"),
        ({"mode": "AK"}, "has no access_key_id and no access_key_secret"),
        ({"mode": 7, "access_key_id": "x"}, "has no access_key_secret"),
        ({"mode": "RamRoleArn", **PAIR}, "AssumeRole of no role: InvalidParameter.RoleArn"),
        ({"mode": "RamRoleArn", **PAIR, "access_key_secret": "wrong", "ram_role_arn": ROLE}, "SignatureDoesNotMatch"),
        (
            {"mode": "ChainableRamRoleArn", "source_profile": "p", "ram_role_arn": ROLE},
            "has a circular source_profile, or more than 5 nested ones",
        ),
        ({"mode": "ChainableRamRoleArn", "source_profile": "nobody", "ram_role_arn": ROLE}, "no profile 'nobody'"),
        ({"mode": "EcsRamRole", "ram_role_name": "another"}, "the metadata service returns no keys"),
        ({"mode": "OIDC", "ram_role_arn": ROLE, "oidc_token_file": "/nowhere"}, "/nowhere cannot be read"),
    ],
    ids=str,
)
def test_profiles_that_cannot_be_used(
    metadata: Cloud, tmp_path: pathlib.Path, profile: dict[str, t.Any], words: str
) -> None:
    configure(tmp_path, {"name": "p", **profile})
    result = metadata.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials"), result
    assert words in result["msg"]
    assert "DescribeJob" not in metadata.operations()
    assert OSS_KEY.secret not in json.dumps(result)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"profiles": 7}', '{"profiles": [7]}', "\x00", '{"a": ' + "[" * 100_000]
)
def test_broken_configurations(oss: Cloud, tmp_path: pathlib.Path, text: str) -> None:
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(text, encoding="utf-8")
    result = oss.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"], oss.operations()) == (1, "invalid_credentials", [])
    assert ".aliyun/config.json" in result["msg"] and "Traceback" not in result["msg"]


def test_the_role_of_the_machine(metadata: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata.seed()
    assert metadata.prioritize(100, **NO_KEYS)["changed"] is True
    asked = sent(metadata)
    assert asked[0] == "PUT /latest/api/token"
    assert asked[1].startswith("GET /latest/meta-data/ram/security-credentials/")
    metadata.emulator.settings(hardened_metadata=True)
    monkeypatch.setenv("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA", INSTANCE_ROLE)
    metadata.emulator.clear_log()
    assert metadata.prioritize(101, **NO_KEYS)["changed"] is True
    assert sent(metadata)[:2] == [
        "PUT /latest/api/token",
        f"GET /latest/meta-data/ram/security-credentials/{INSTANCE_ROLE}",
    ]


def test_a_machine_without_tokens(metadata: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata.seed()
    metadata.fault("raw", operation="InstanceRole", http_status=404, code="NotFound")
    assert metadata.prioritize(100, **NO_KEYS)["changed"] is True
    monkeypatch.setenv("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")
    metadata.fault("raw", operation="InstanceRole", http_status=404, code="NotFound")
    metadata.emulator.clear_log()
    assert metadata.prioritize(101, **NO_KEYS)["error"]["kind"] == "invalid_credentials"
    assert sent(metadata) == ["PUT /latest/api/token"]


@pytest.mark.parametrize("fault", ["html", "empty_body", "huge", "gzip_bomb", "drop_before", "other_xml", "redirect"])
def test_metadata_that_is_none(metadata: Cloud, fault: str) -> None:
    metadata.fault(fault, operation="InstanceRole", count=None)
    result = metadata.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials"), result
    assert "no role of this host" in result["msg"]


def test_nobody_asks_the_metadata_where_there_are_keys(
    metadata: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    metadata.seed()
    metadata.prioritize(100)
    configure(tmp_path, {"name": "p", "mode": "AK", **PAIR})
    metadata.prioritize(101, **NO_KEYS)
    monkeypatch.setenv("OSS_ACCESS_KEY_ID", OSS_KEY.key_id)
    monkeypatch.setenv("OSS_ACCESS_KEY_SECRET", OSS_KEY.secret)
    metadata.prioritize(102, **NO_KEYS)
    for variable in ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    assert metadata.prioritize(103, **NO_KEYS)["error"]["kind"] == "invalid_credentials"
    assert metadata.operations() == ["DescribeJob", "UpdateJobPriority"] * 3


def test_a_role_by_a_token_of_the_environment(
    oss: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    oss.seed()
    (tmp_path / "token").write_text("an-oidc-token\n", encoding="utf-8")
    monkeypatch.setenv("ALIBABA_CLOUD_ROLE_ARN", ROLE)
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1000000000000001:oidc-provider/idp")
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", str(tmp_path / "token"))
    assert oss.prioritize(100, **NO_KEYS)["changed"] is True
    assert oss.operations() == ["AssumeRoleWithOIDC", "DescribeJob", "UpdateJobPriority"]


@pytest.mark.parametrize(
    "fault", ["html", "empty_body", "huge", "gzip_bomb", "drop_before", "other_xml", "redirect", "raw"]
)
def test_answers_of_sts(oss: Cloud, tmp_path: pathlib.Path, fault: str) -> None:
    configure(tmp_path, *MODES["RamRoleArn"])
    oss.fault(fault, operation="AssumeRole", count=None)
    result = oss.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials"), result
    assert f"AssumeRole of {ROLE}" in result["msg"]
    # What may pass by itself is tried again, and nothing else is asked.
    passing = fault not in ("redirect", "raw")
    assert oss.operations() == ["AssumeRole"] * (6 if passing else 1)
    assert result["error"]["retryable"] is passing
    oss.emulator.clear_faults()
    oss.fault(fault, operation="AssumeRole")
    oss.seed()
    assert oss.prioritize(100, **NO_KEYS)["rc"] == (0 if passing else 1)


def test_what_sts_echoes_is_masked(oss: Cloud, tmp_path: pathlib.Path) -> None:
    configure(tmp_path, *MODES["RamRoleArn of a token"])
    text = f"{OSS_TEMP_KEY.secret} and {OSS_TEMP_KEY.token}"
    oss.fault("raw", operation="AssumeRole", http_status=403, code="NoPermission", message=text)
    result = oss.prioritize(100, **NO_KEYS)
    assert "NoPermission: ******** and ********" in result["msg"]
    assert JOB_ID not in json.dumps(result["error"])
