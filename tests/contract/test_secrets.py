# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets, wherever they come from: never shown or sent to somebody else, refused where no header can carry them."""

from __future__ import annotations

import http.server
import json
import signal
import subprocess
import sys
import threading
import types
import typing as t

import pytest
from ansible.module_utils import basic
from ansible_collections.objectstore.batch.plugins.module_utils._requests import sessions
from batch_emulator.accounts import AWS_KEY, AWS_TEMP_KEY, COS_KEY, OSS_KEY

from .clouds import ACCOUNTS, JOB_ID, Cloud

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from batch_emulator.client import Emulator

NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
ROLE = "arn:aws:iam::111122223333:role/batch"


@pytest.fixture
def aws(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[0], emulator, capsys)


@pytest.fixture
def role(aws: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Cloud:
    """AWS, where the profile of the environment assumes a role."""
    (tmp_path / "config").write_text(
        f"[profile batch]\nrole_arn = {ROLE}\nsource_profile = source\nregion = eu-central-1\n"
        f"[profile source]\naws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", aws.emulator.url)
    return aws


def through_files(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path) -> None:
    """Put the keys into the file of the cloud's own tools."""
    if cloud.provider == "aws":
        text = f"[default]\naws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"
        (folder / "credentials").write_text(text, encoding="utf-8")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    elif cloud.provider == "oss":
        keys = {"access_key_id": OSS_KEY.key_id, "access_key_secret": OSS_KEY.secret}
        (folder / ".aliyun").mkdir()
        text = json.dumps({"current": "default", "profiles": [{"name": "default", "mode": "AK", **keys}]})
        (folder / ".aliyun" / "config.json").write_text(text, encoding="utf-8")
    else:
        (folder / ".tencentcloud").mkdir()
        text = f"[default]\nsecret_id = {COS_KEY.key_id}\nsecret_key = {COS_KEY.secret}\n"
        (folder / ".tencentcloud" / "credentials").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("operation", ["DescribeJob", "UpdateJobPriority"])
def test_what_a_server_echoes(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, files: bool, operation: str
) -> None:
    cloud.seed()
    if files:
        through_files(cloud, monkeypatch, tmp_path)
    cloud.fault("echo", operation=operation)
    result = cloud.prioritize(100, **(NO_KEYS if files else cloud.account.temporary))
    assert result["error"]["kind"] == "access_denied"
    text = json.dumps(result)
    assert "authorization: ********" in text
    assert "ignature=" not in text


def test_an_assumed_role(role: Cloud) -> None:
    role.seed()
    role.fault("echo", operation="UpdateJobPriority")
    result = role.prioritize(100, profile="batch", region=None, **NO_KEYS)
    assert result["error"]["kind"] == "access_denied"
    assert role.operations() == ["AssumeRole", "DescribeJob", "UpdateJobPriority"]
    shown = json.dumps(result)
    assert "x-amz-security-token: ********" in shown
    assert AWS_TEMP_KEY.secret not in shown
    assert (
        f"Check that the caller, access key {AWS_TEMP_KEY.key_id}, belongs to account 111122223333, and that the IAM"
        in result["msg"]
    )


@pytest.mark.parametrize(
    ("fault", "args", "kind"),
    [
        ("other_xml", {}, "invalid_response"),
        ("html", {"http_status": 200}, "invalid_response"),
        ("empty_body", {}, "invalid_response"),
        ("huge", {"megabytes": 40}, "invalid_response"),
        ("denied", {}, "access_denied"),
        ("redirect", {}, "invalid"),
        ("throttle", {}, "throttled"),
        ("drop_before", {}, "unreachable"),
    ],
)
@pytest.mark.parametrize("operation", ["AssumeRole", "GetCallerIdentity"])
def test_answers_of_sts(role: Cloud, fault: str, args: dict[str, t.Any], kind: str, operation: str) -> None:
    role.fault(fault, count=None, operation=operation, **args)
    result = role.prioritize(100, account_id=None, profile="batch", region=None, max_attempts=2, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"]) == (1, kind), result
    assert result["error"]["operation"] == operation
    assert operation in result["msg"]
    assert not {"DescribeJob", "UpdateJobPriority"} & set(role.operations())


def test_a_passing_fault_of_sts(role: Cloud) -> None:
    role.seed()
    role.fault("unavailable", operation="AssumeRole")
    assert role.prioritize(100, profile="batch", region=None, **NO_KEYS)["changed"] is True


def test_endpoints_that_are_to_be_ignored(aws: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.seed()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    text = aws.prioritize(100, endpoint_url=None, max_attempts=1)["msg"]
    assert "proxy" in text and "127.0.0.1:9" in text, "AWS itself is asked, which is behind the proxy"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.emulator.url)
    assert aws.prioritize(100, endpoint_url=None)["changed"] is True


def test_an_empty_variable_hides_no_region(aws: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    aws.seed()
    (tmp_path / "config").write_text("[default]\nregion = eu-central-1\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "")
    assert aws.prioritize(100, region=None)["job"]["region"] == "eu-central-1"


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "schlüssel", "\u202ekey", "esc\x1b"])
@pytest.mark.parametrize("name", ["access_key", "secret_key", "session_token"])
def test_keys_that_no_header_carries(cloud: Cloud, name: str, value: str) -> None:
    result = cloud.prioritize(100, **{name: value})
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"].startswith(f"value of {name} must be ")
    shown = json.dumps({key: item for key, item in result.items() if key != "invocation"}, ensure_ascii=False)
    assert value not in shown and "words" not in shown


@pytest.mark.parametrize("value", ["two words", "schlüssel"])
def test_keys_of_files_that_no_header_carries(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, value: str
) -> None:
    through_files(cloud, monkeypatch, tmp_path)
    for place in ("credentials", ".tencentcloud/credentials", ".aliyun/config.json"):
        path = tmp_path / place
        if path.exists():
            path.write_text(path.read_text(encoding="utf-8").replace("-secret-not-real", value), encoding="utf-8")
    result = cloud.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"].startswith("value of secret_key (from a ")
    assert value not in json.dumps(result, ensure_ascii=False)


def test_a_password_in_the_endpoint(cloud: Cloud) -> None:
    result = cloud.prioritize(100, endpoint_url="http://somebody:hush-hush-hush@127.0.0.1")
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid")
    assert "hush-hush-hush" not in json.dumps(result)


@pytest.mark.parametrize(
    ("url", "warned"), [("http://store.invalid", True), ("http://localhost:9", False), ("http://127.9.9.9:9", False)]
)
def test_plain_http_to_another_machine(cloud: Cloud, url: str, warned: bool) -> None:
    result = cloud.prioritize(100, endpoint_url=url, max_attempts=1, request_timeout=2)
    assert result["rc"] == 1
    assert (f"endpoint_url {url} uses unencrypted HTTP." in json.dumps(result.get("warnings", []))) is warned


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that notes what it is asked for, and refuses."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(502)

        do_POST = do_GET

        def log_message(self, *args: t.Any) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.mark.parametrize(("name", "used"), [("127.0.0.1", False), ("localhost", False), ("other.invalid", True)])
def test_no_proxy_is_about_the_host_that_is_connected_to(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, proxy: tuple[str, list[str]], name: str, used: bool
) -> None:
    url, asked = proxy
    cloud.seed()
    monkeypatch.setenv("HTTP_PROXY", url)
    monkeypatch.setenv("NO_PROXY", name)
    host = "127.0.0.1" if used else name
    endpoint = cloud.emulator.url.replace("127.0.0.1", host)
    result = cloud.prioritize(100, endpoint_url=endpoint, max_attempts=1)
    assert (result["rc"], bool(asked)) == ((1, True) if used else (0, False)), (result, asked)
    assert all("invalid" not in path for path in asked), "the proxy is told the real host"


def test_an_interrupted_module(cloud: Cloud) -> None:
    cloud.seed()
    cloud.fault("barrier", operation="DescribeJob", count=None)
    with cloud.started("batch_job_priority", stderr=subprocess.PIPE, job_id=JOB_ID, priority=1) as process:
        cloud.emulator.until_waiting()
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate()
    assert "Traceback" not in printed + errors
    assert json.loads(printed)["failed"] is True
    assert "interrupted" in json.loads(printed)["msg"]


def test_no_warning_shows_a_secret(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """Secrets that were found are known before anything is logged."""
    through_files(cloud, monkeypatch, tmp_path)
    secret = cloud.account.connection["secret_key"]
    logged: list[str] = []
    monkeypatch.setattr(basic, "has_journal", False)
    log = "_log_to_syslog"
    monkeypatch.setattr(basic.AnsibleModule, log, lambda self, text: logged.append(text), raising=False)
    real = sessions.Session.list_jobs

    def list_jobs(self: sessions.Session, *arguments: t.Any) -> t.Any:
        self.provider.warnings.append(f"a warning with {secret}")
        return real(self, *arguments)

    monkeypatch.setattr(sessions.Session, "list_jobs", list_jobs)
    result = cloud.info(**NO_KEYS)
    assert (result["rc"], "a warning with ********" in json.dumps(result["warnings"])) == (0, True)
    # ansible-core logs warnings up to 2.18.
    assert secret not in "".join(logged)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What a task registers to be masked by the controller, as ansible-core 2.22 wants it; older ones lack that."""
    found: set[str] = set()
    try:
        from ansible.module_utils import secrets as library
    except ImportError:
        library = types.ModuleType("ansible.module_utils.secrets")
        monkeypatch.setitem(sys.modules, "ansible.module_utils.secrets", library)
    monkeypatch.setattr(library, "register_secrets", found.update, raising=False)
    return found


@pytest.mark.parametrize("files", [False, True])
def test_secrets_that_are_found_are_registered(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, registered: set[str], files: bool
) -> None:
    cloud.seed()
    keys = cloud.account.connection
    if files:
        through_files(cloud, monkeypatch, tmp_path)
    else:
        names = {
            "aws": "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
            "cos": "TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY",
        }
        names["oss"] = "OSS_ACCESS_KEY_ID OSS_ACCESS_KEY_SECRET"
        for name, option in zip(names[cloud.provider].split(), ("access_key", "secret_key"), strict=True):
            monkeypatch.setenv(name, keys[option])
    assert cloud.prioritize(100, **NO_KEYS)["changed"] is True
    assert keys["secret_key"] in registered
    assert "" not in registered


def test_secrets_of_a_role_are_registered_all_of_them(aws: Cloud, registered: set[str]) -> None:
    aws.seed()
    aws.fault("keys_expire", operation="UpdateJobPriority")
    assert aws.prioritize(100, assume_role_arn=ROLE)["changed"] is True
    first = {str(AWS_TEMP_KEY.secret), str(AWS_TEMP_KEY.token)}
    assert first | {f"{secret}-1" for secret in first} <= registered


def test_secrets_of_a_machine_are_registered_all_of_them(machine: Emulator, registered: set[str], cloud: Cloud) -> None:
    if cloud.provider == "aws":
        return
    cloud.seed()
    cloud.fault("keys_expire", operation="UpdateJobPriority")
    assert cloud.prioritize(100, **NO_KEYS)["changed"] is True
    first = {cloud.account.temporary[name] for name in ("secret_key", "session_token")}
    assert first | {f"{secret}-1" for secret in first} <= registered


def test_a_password_is_registered(cloud: Cloud, registered: set[str]) -> None:
    cloud.prioritize(100, endpoint_url="http://somebody:hush-hush-hush@127.0.0.1")
    assert "hush-hush-hush" in registered
