# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that were found are found again: before they expire, and once after they are refused; keys that are given are
used as they are."""

from __future__ import annotations

import dataclasses
import json
import time
import types
import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared import credential_cache
from batch_emulator.accounts import AWS_KEY, INSTANCE_ROLE, OSS_KEY

from .clouds import ACCOUNTS, JOB_ID, Cloud
from .reports import BUCKET, Report

if t.TYPE_CHECKING:
    import pathlib

    from batch_emulator.client import Emulator

NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
RAM_ROLE = "acs:ram::1000000000000001:role/batch"
IAM_ROLE = "arn:aws:iam::111122223333:role/batch"
ROW = b"archive,a,,failed,500,InternalError,x\r\n"


def aliyun(folder: pathlib.Path, **profile: str) -> None:
    (folder / ".aliyun").mkdir(exist_ok=True)
    content = {"current": "p", "profiles": [{"name": "p", **profile}]}
    (folder / ".aliyun" / "config.json").write_text(json.dumps(content), encoding="utf-8")


def on_machine(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing names keys, so that the metadata of the machine is asked."""


def by_ecs_profile(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aliyun(folder, mode="EcsRamRole", ram_role_name=INSTANCE_ROLE)


def by_ram_role(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = {"access_key_id": OSS_KEY.key_id, "access_key_secret": OSS_KEY.secret}
    aliyun(folder, mode="RamRoleArn", ram_role_arn=RAM_ROLE, **pair)


def by_oidc_profile(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "token").write_text("an-oidc-token\n", encoding="utf-8")
    issuer = "acs:ram::1000000000000001:oidc-provider/idp"
    files = {"oidc_provider_arn": issuer, "oidc_token_file": str(folder / "token")}
    aliyun(folder, mode="OIDC", ram_role_arn=RAM_ROLE, **files)


def by_oidc_variables(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "token").write_text("an-oidc-token\n", encoding="utf-8")
    monkeypatch.setenv("ALIBABA_CLOUD_ROLE_ARN", RAM_ROLE)
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1000000000000001:oidc-provider/idp")
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", str(folder / "token"))


def by_aws_profile(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"[default]\nrole_arn = {IAM_ROLE}\nsource_profile = source\n"
    keys = f"[profile source]\naws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"
    (folder / "config").write_text(text + keys, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "none"))


def by_aws_role(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", AWS_KEY.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", AWS_KEY.secret)


PLACES: dict[str, dict[str, t.Callable[..., None]]] = {
    "aws": {"profile": by_aws_profile, "assume_role_arn": by_aws_role},
    "cos": {"machine": on_machine},
    "oss": {
        "machine": on_machine,
        "EcsRamRole": by_ecs_profile,
        "RamRoleArn": by_ram_role,
        "OIDC": by_oidc_profile,
        "OIDC variables": by_oidc_variables,
    },
}
ASKS = ("AssumeRole", "AssumeRoleWithOIDC", "InstanceRole")


@dataclasses.dataclass
class Case:
    """A cloud, and the options of a task whose keys come from one of its places."""

    cloud: Cloud
    place: str
    options: dict[str, t.Any]


CASES = [(account, place) for account in ACCOUNTS for place in PLACES[account.provider]]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0].provider}-{case[1]}")
def case(
    request: pytest.FixtureRequest,
    machine: Emulator,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
) -> Case:
    account, place = request.param
    PLACES[account.provider][place](tmp_path, monkeypatch)
    options = {**NO_KEYS, **({"assume_role_arn": IAM_ROLE} if place == "assume_role_arn" else {})}
    return Case(Cloud(account, machine, capsys), place, options)


def found(cloud: Cloud) -> int:
    """How often a place was asked for keys: the last request of each time."""
    return sum(
        entry["operation"] in ASKS and not entry["path"].endswith(("token", "security-credentials/"))
        for entry in cloud.emulator.log()
    )


def hidden(cloud: Cloud, result: dict[str, t.Any]) -> bool:
    text = json.dumps(result)
    return not any(word in text for word in ("temp-secret-not-real", "session-token", "an-oidc-token"))


TASKS: dict[str, tuple[str, dict[str, t.Any], str]] = {
    "describe": ("batch_job_priority", {"job_id": JOB_ID, "priority": 100}, "DescribeJob"),
    "update": ("batch_job_priority", {"job_id": JOB_ID, "priority": 100}, "UpdateJobPriority"),
    "cancel": ("batch_job_status", {"job_id": JOB_ID, "status": "cancelled", "wait": False}, "UpdateJobStatus"),
    "list": ("batch_job_info", {}, "ListJobs"),
    "queue": ("batch_queue", {"order": [JOB_ID], "min_priority": 90}, "UpdateJobPriority"),
    "wait": ("batch_job_wait", {"job_id": [JOB_ID], "status": ["Active"], "timeout": 60}, "ListJobs"),
}


@pytest.mark.parametrize("task", TASKS)
def test_keys_that_end_in_the_middle(case: Case, task: str) -> None:
    cloud, options = case.cloud, case.options
    cloud.seed()
    module, arguments, operation = TASKS[task]
    cloud.fault("keys_expire", operation=operation)
    result = cloud.run(module, **arguments, **options)
    assert result["rc"] == 0, result
    assert found(cloud) == 2
    assert result["calls"]["retried"] == 1
    assert hidden(cloud, result)


def test_keys_are_found_again_as_often_as_they_end(case: Case) -> None:
    """In a wait of hours they end every hour."""
    cloud, options = case.cloud, case.options
    cloud.seed()
    for skip in (1, 3, 5):
        cloud.fault("keys_expire", operation="ListJobs", skip=skip)
    waiting = {"status": ["Complete"], "timeout": 3, "interval": 0.1, "max_interval": 0.2}
    result = cloud.run("batch_job_wait", job_id=[JOB_ID], **waiting, **options)
    assert result["error"]["kind"] == "timeout", result
    assert found(cloud) == 4
    assert hidden(cloud, result)


def test_other_keys_that_are_refused_as_well(case: Case) -> None:
    """Once: a role that has lost its rights is not asked for keys without end."""
    cloud, options = case.cloud, case.options
    cloud.seed()
    cloud.fault("keys_expire", operation="DescribeJob", count=None)
    result = cloud.prioritize(100, **options)
    assert (result["rc"], result["error"]["kind"], result["error"]["retryable"]) == (1, "invalid_credentials", False), (
        result
    )
    assert found(cloud) == 2
    assert cloud.operations().count("DescribeJob") == 2
    assert hidden(cloud, result)


def test_the_same_keys_again_are_no_others(case: Case) -> None:
    cloud, options = case.cloud, case.options
    cloud.seed()
    cloud.fault("expired_token", operation="DescribeJob", count=None)
    result = cloud.prioritize(100, **options)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials"), result
    assert cloud.operations().count("DescribeJob") == 1


def test_no_other_keys(case: Case) -> None:
    cloud, options = case.cloud, case.options
    cloud.seed()
    cloud.fault("keys_expire", operation="DescribeJob")
    for operation in ASKS:
        first = {"aws": 0, "cos": 2, "oss": 3 - (case.place == "EcsRamRole")}[cloud.provider]
        skip = first if operation == "InstanceRole" else 1
        cloud.fault("raw", operation=operation, count=None, skip=skip, http_status=400, code="NoSuchRole")
    result = cloud.prioritize(100, **options)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials"), result
    assert "No new keys were found" in result["msg"]
    assert hidden(cloud, result)


def test_keys_that_are_given_stay(cloud: Cloud, machine: Emulator) -> None:
    cloud.seed()
    for refusal in ("expired_token", "keys_expire"):
        cloud.emulator.clear_log()
        cloud.fault(refusal, operation="DescribeJob")
        result = cloud.prioritize(100, **cloud.account.temporary)
        assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials"), result
        assert cloud.operations() == ["DescribeJob"]


def test_several_threads_find_them_once(case: Case) -> None:
    cloud, options = case.cloud, case.options
    ids = [f"job-{number}" for number in range(24)]
    cloud.seed(*({"job_id": job_id, "priority": 5, "status": "Ready"} for job_id in ids))
    cloud.fault("keys_expire", operation="UpdateJobPriority", skip=8)
    jobs = [{"job_id": job_id, "priority": 7} for job_id in ids]
    result = cloud.run("batch_job_priority", jobs=jobs, concurrency=8, **options)
    assert (result["rc"], [job["outcome"] for job in result["jobs"]]) == (0, ["changed"] * 24), result
    assert found(cloud) == 2


@pytest.mark.parametrize("module", ["batch_job_report_info", "batch_retry_manifest"])
@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DescribeJob"])
def test_objects_are_read_with_the_keys_of_the_provider(case: Case, module: str, operation: str) -> None:
    cloud, options = case.cloud, case.options
    Report({"failed": ROW}, job={"tasks_done": 1, "tasks_failed": 1}).put(cloud)
    writes = module == "batch_retry_manifest"
    if operation == "PutObject" and not writes:
        return
    cloud.fault("keys_expire", operation=operation)
    if operation == "GetObject":
        cloud.fault("keys_expire", operation=operation, skip=1)
    result = cloud.run(module, job_id=JOB_ID, **({"manifest_bucket": BUCKET} if writes else {}), **options)
    assert result["rc"] == 0, result
    assert hidden(cloud, result)
    assert found(cloud) == 3 if operation == "GetObject" else 2


def test_what_a_server_echoes_of_any_keys_is_masked(case: Case) -> None:
    cloud, options = case.cloud, case.options
    cloud.seed()
    cloud.fault("keys_expire", operation="DescribeJob")
    secrets = f"{cloud.account.temporary['secret_key']} and {cloud.account.temporary['secret_key']}-1"
    cloud.fault("raw", operation="UpdateJobPriority", http_status=403, code="AccessDenied", message=secrets)
    result = cloud.prioritize(100, **options)
    assert result["error"]["kind"] == "access_denied", result
    assert hidden(cloud, result)
    assert "********" in result["error"]["message"]


MARGINS = {"cos": 600, "oss": 900}


@pytest.mark.parametrize("beyond", [-60.0, 60.0])
def test_keys_are_found_again_before_they_end(case: Case, beyond: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first read the clock jumps to a minute before the margin of the vendor's SDK, or into it."""
    cloud, options = case.cloud, case.options
    if cloud.provider == "aws":
        # botocore looks after that, by a clock of its own.
        return
    cloud.seed()
    lifetime = 3600.0
    cloud.emulator.settings(role_lifetime=lifetime)
    jump = lifetime - MARGINS[cloud.provider] + beyond

    def now() -> float:
        return time.time() + (jump if "DescribeJob" in cloud.operations() else 0.0)

    monkeypatch.setattr(credential_cache, "time", types.SimpleNamespace(time=now))
    result = cloud.prioritize(100, **options)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert found(cloud) == (2 if beyond > 0 else 1)


def test_keys_that_are_good_for_a_while_are_used_while_no_others_are_found(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, options = case.cloud, case.options
    if cloud.provider == "aws":
        return
    cloud.seed()
    cloud.emulator.settings(role_lifetime=3600.0)

    def now() -> float:
        return time.time() + (3500.0 if "DescribeJob" in cloud.operations() else 0.0)

    monkeypatch.setattr(credential_cache, "time", types.SimpleNamespace(time=now))
    for operation in ASKS:
        first = {"cos": 2, "oss": 3 - (case.place == "EcsRamRole")}[cloud.provider]
        skip = first if operation == "InstanceRole" else 1
        cloud.fault("raw", operation=operation, count=None, skip=skip, http_status=400, code="NoSuchRole")
    result = cloud.prioritize(100, **options)
    assert (result["rc"], result["changed"]) == (0, True), result
