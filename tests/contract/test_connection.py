# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where credentials, accounts and endpoints come from, as users of each cloud's own tools expect."""

from __future__ import annotations

import builtins
import json
import re
import typing as t

import pytest

from .clouds import ACCOUNTS, JOB_ID, Cloud

if t.TYPE_CHECKING:
    import pathlib

    from batch_emulator.client import Emulator

NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
ENVIRONMENT = {
    "aws": {"AWS_ACCESS_KEY_ID": "access_key", "AWS_SECRET_ACCESS_KEY": "secret_key"},
    "cos": {"TENCENTCLOUD_SECRET_ID": "access_key", "TENCENTCLOUD_SECRET_KEY": "secret_key"},
    "oss": {"OSS_ACCESS_KEY_ID": "access_key", "OSS_ACCESS_KEY_SECRET": "secret_key"},
}
TOKEN = {"aws": "AWS_SESSION_TOKEN", "cos": "TENCENTCLOUD_TOKEN", "oss": "OSS_SESSION_TOKEN"}
REGION = {"aws": "AWS_REGION", "cos": "TENCENTCLOUD_REGION", "oss": "OSS_REGION"}


@pytest.fixture
def aws(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[0], emulator, capsys)


@pytest.fixture
def cos(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[1], emulator, capsys)


def test_keys_and_region_of_the_environment(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.seed()
    for variable, name in ENVIRONMENT[cloud.provider].items():
        monkeypatch.setenv(variable, cloud.account.temporary[name])
    monkeypatch.setenv(TOKEN[cloud.provider], cloud.account.temporary["session_token"])
    monkeypatch.setenv(REGION[cloud.provider], cloud.account.connection["region"])
    result = cloud.prioritize(100, region=None, **NO_KEYS)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert result["job"]["region"] == cloud.account.connection["region"]


def test_keys_of_the_task_win(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.seed()
    for variable in (*ENVIRONMENT[cloud.provider], TOKEN[cloud.provider]):
        monkeypatch.setenv(variable, "of-somebody-else")
    assert cloud.prioritize(100)["changed"] is True


def test_a_secret_of_the_environment_is_masked(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = cloud.account.connection
    for variable, name in ENVIRONMENT[cloud.provider].items():
        monkeypatch.setenv(variable, keys[name])
    # An error message that holds the secret: the cloud's own words are passed on otherwise.
    cloud.fault("raw", operation="DescribeJob", http_status=400, code="Odd", message=f"key {keys['secret_key']}")
    result = cloud.prioritize(100, **NO_KEYS)
    assert result["rc"] == 1
    assert keys["secret_key"] not in json.dumps(result)
    assert "********" in result["error"]["message"]


def test_no_credentials_anywhere(cloud: Cloud) -> None:
    result = cloud.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials")
    for variable in ENVIRONMENT[cloud.provider]:
        assert variable in result["msg"]
    assert cloud.operations() == []
    assert result["calls"]["sent"] == {}


def test_an_endpoint_that_does_not_speak_tls(cloud: Cloud) -> None:
    result = cloud.prioritize(100, endpoint_url=cloud.emulator.url.replace("http:", "https:"))
    assert (result["rc"], result["error"]["kind"], result["error"]["retryable"]) == (1, "unreachable", False)
    assert result["calls"]["sent"] == {"DescribeJob": 1}
    assert "validate_certs" in result["msg"]


@pytest.mark.parametrize("section", ["default", "other"])
def test_credential_files(cloud: Cloud, tmp_path: pathlib.Path, section: str) -> None:
    values = cloud.account.connection
    place, text = {
        "aws": (".aws/credentials", "[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\n"),
        "cos": (".tencentcloud/credentials", "[{}]\nsecret_id = {}\nsecret_key = {}\n"),
        "oss": (
            ".aliyun/config.json",
            '{{"profiles": [{{"name": "{}", "mode": "AK", "access_key_id": "{}", "access_key_secret": "{}"}}]}}',
        ),
    }[cloud.provider]
    file = tmp_path / place
    file.parent.mkdir()
    file.write_text(text.format(section, values["access_key"], values["secret_key"]), encoding="utf-8")
    cloud.seed()
    profile = {} if section == "default" else {"profile": section}
    assert cloud.prioritize(100, **NO_KEYS, **profile)["changed"] is True
    result = cloud.prioritize(100, **NO_KEYS, profile="missing")
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials")
    assert "missing" in result["msg"]


def test_a_broken_credentials_file_is_not_quoted(cos: Cloud, tmp_path: pathlib.Path) -> None:
    (tmp_path / ".tencentcloud").mkdir()
    (tmp_path / ".tencentcloud" / "credentials").write_text("secret_key swordfish\n", encoding="utf-8")
    result = cos.prioritize(100, **NO_KEYS)
    assert result["error"]["kind"] == "invalid_credentials"
    assert "cannot be read as an INI file" in result["msg"]
    assert "swordfish" not in json.dumps(result)


def test_the_role_of_the_machine(cos: Cloud, machine: Emulator) -> None:
    cos.seed()
    assert cos.prioritize(100, **NO_KEYS)["changed"] is True


def test_account_of_the_credentials(aws: Cloud) -> None:
    aws.seed()
    result = aws.prioritize(100, account_id=None)
    assert (result["rc"], result["changed"], result["job"]["account_id"]) == (0, True, "111122223333")
    assert result["calls"]["sent"] == {"DescribeJob": 1, "GetCallerIdentity": 1, "UpdateJobPriority": 1}


def test_endpoint_and_region_as_the_aws_tools_know_them(aws: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ENDPOINT_URL_S3_CONTROL", "AWS_ENDPOINT_URL", "AWS_URL"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, aws.emulator.url)
            patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
            assert aws.info(endpoint_url=None, region=None)["rc"] == 0


def test_region_of_a_profile(aws: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    assert "region is required for AWS" in aws.info(region=None)["msg"]
    (tmp_path / "config").write_text("[default]\nregion = eu-central-1\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    aws.seed()
    assert aws.prioritize(100, region=None)["job"]["region"] == "eu-central-1"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_endpoints_that_cannot_carry_the_account(cloud: Cloud, host: str) -> None:
    cloud.seed()
    url = cloud.emulator.url.replace("127.0.0.1", host)
    assert cloud.prioritize(100, endpoint_url=url)["changed"] is True


def test_the_clouds_own_host_names(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a proxy the requests keep the names that they have in the clouds."""
    monkeypatch.setenv("HTTP_PROXY", cloud.emulator.url)
    names = {
        "aws": "http://s3-control.eu-central-1.amazonaws.com",
        "cos": "http://100000000001.cos-control.ap-guangzhou.myqcloud.com",
        "oss": "http://oss-cn-hangzhou.aliyuncs.com",
    }
    cloud.seed()
    result = cloud.prioritize(100, endpoint_url=names[cloud.provider])
    assert (result["rc"], result["changed"]) == (0, True), result


def test_swapped_numbers(cos: Cloud) -> None:
    result = cos.prioritize(100, account_id="1250000000", app_id="100000000001")
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid")
    assert "A number of 12 digits is a UIN" in result["msg"]
    assert cos.operations() == []


def test_both_numbers_of_cos_are_requested_at_once(cos: Cloud) -> None:
    result = cos.prioritize(100, account_id=None, app_id=None)
    assert (result["rc"], result["error"]["kind"], cos.operations()) == (1, "invalid", [])
    assert result["msg"].startswith(
        "account_id and app_id are required for Tencent COS batch processing. Set account_id"
    )
    for words in ("(alias uin)", "OBJECTSTORE_BATCH_COS_ACCOUNT_ID", "(alias appid)", "OBJECTSTORE_BATCH_COS_APP_ID"):
        assert words in result["msg"], result["msg"]


def test_an_expired_token_is_to_be_renewed(cloud: Cloud) -> None:
    cloud.fault("expired_token", count=None)
    result = cloud.prioritize(100, **cloud.account.temporary)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_credentials")
    assert (
        "(" + result["error"]["code"] + ", HTTP " in result["msg"]
        and " Renew the temporary credentials: " in result["msg"]
    ), result["msg"]
    assert {"aws": "aws sso login", "cos": "AssumeRole", "oss": "assume the role again"}[cloud.provider] in result[
        "msg"
    ]
    assert "Set access_key" not in result["msg"], result["msg"]


@pytest.mark.parametrize("operation", ["ListJobs", "UpdateJobStatus"])
def test_a_denied_request_names_its_permission_after_the_likeliest_cause(cloud: Cloud, operation: str) -> None:
    cloud.seed(status="Suspended")
    cloud.fault("denied", operation=operation)
    if operation == "ListJobs":
        result = cloud.info()
    else:
        result = cloud.run("batch_job_status", job_id=JOB_ID, status="cancelled")
    prefix = {"aws": "s3", "cos": "cos", "oss": "oss"}[cloud.provider]
    assert (result["error"]["kind"], result["error"]["operation"]) == ("access_denied", operation)
    found = re.findall(r"\b(?:s3|cos|oss|iam|ec2):\w+", result["msg"])
    assert found == [f"{prefix}:{operation}"], result["msg"]
    if cloud.provider != "oss":
        assert result["msg"].index("belongs to account") < result["msg"].index(found[0])
    assert result["msg"].count("policies") == 1


@pytest.mark.parametrize(("alias", "option"), [("uin", "account_id"), ("appid", "app_id"), ("secret_id", "access_key")])
def test_names_that_cos_users_know(cos: Cloud, alias: str, option: str) -> None:
    cos.seed()
    value = cos.account.connection[option]
    assert cos.run("batch_job_priority", job_id=JOB_ID, priority=1, **{option: None, alias: value})["changed"] is True


def test_names_that_amazon_aws_users_know(aws: Cloud) -> None:
    aws.seed()
    values = aws.account.connection
    result = aws.prioritize(
        100,
        aws_region=values["region"],
        aws_access_key=values["access_key"],
        aws_secret_key=values["secret_key"],
        aws_endpoint_url=aws.emulator.url,
        region=None,
        endpoint_url=None,
        **NO_KEYS,
    )
    assert (result["rc"], result["changed"]) == (0, True), result


def test_a_missing_library_is_named(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    library, package = ("botocore", "boto3") if cloud.provider == "aws" else ("requests", "requests")
    real = builtins.__import__

    def refuse(name: str, *args: t.Any, **kwargs: t.Any) -> t.Any:
        if name.split(".")[0] == library:
            raise ImportError(f"No module named {library!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    result = cloud.prioritize(100)
    assert (result["rc"], result["error"]["kind"]) == (1, "missing_dependency")
    assert f"Failed to import the required Python library ({package})" in result["msg"]


@pytest.mark.parametrize("library", ["botocore", "requests"])
def test_the_other_clouds_library_is_not_needed(cloud: Cloud, library: str) -> None:
    """In a process of its own, with a real import system that does not have the library."""
    import os
    import subprocess
    import sys

    own = "botocore" if cloud.provider == "aws" else "requests"
    cloud.seed()
    arguments = cloud.arguments(job_id=JOB_ID, priority=100)
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from ansible_collections.objectstore.batch.plugins.modules.batch_job_priority import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
        capture_output=True,
        text=True,
        timeout=1800,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    result = json.loads(done.stdout)
    assert done.returncode == (1 if own == library else 0), done
    assert result.get("error", {}).get("kind") == ("missing_dependency" if own == library else None)
