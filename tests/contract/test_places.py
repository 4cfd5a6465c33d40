# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of COS and OSS: files, metadata services and STS that hold something else than keys."""

from __future__ import annotations

import http.server
import json
import threading
import typing as t

import pytest
from batch_emulator.accounts import COS_KEY, INSTANCE_ROLE, OSS_KEY, OSS_TEMP_KEY

from .clouds import ACCOUNTS, Cloud

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from batch_emulator.client import Emulator

NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
ROLE = "acs:ram::1000000000000001:role/batch"
SECRET = "hush-hush-hush"
ISSUER = "acs:ram::1000000000000001:oidc-provider/idp"


@pytest.fixture
def cos(machine: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[1], machine, capsys)


@pytest.fixture
def oss(machine: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[2], machine, capsys)


def judge(cloud: Cloud, result: dict[str, t.Any], *words: str, kind: str = "invalid_credentials") -> None:
    assert (result["rc"], result["error"]["kind"]) == (1, kind), result
    for word in words:
        assert word in result["msg"], result["msg"]
    shown = json.dumps(result)
    assert "Traceback" not in shown and "exception" not in result
    assert result["msg"].isprintable() and len(result["msg"]) < 2000
    assert SECRET not in shown and COS_KEY.secret not in shown and OSS_KEY.secret not in shown
    assert not {"DescribeJob", "UpdateJobPriority"} & set(cloud.operations())


def ini(folder: pathlib.Path) -> pathlib.Path:
    (folder / ".tencentcloud").mkdir(exist_ok=True)
    return folder / ".tencentcloud" / "credentials"


INI: dict[str, tuple[bytes, str]] = {
    "no section": (b"secret_key hush-hush-hush\n", "cannot be read as an INI file (MissingSectionHeaderError)"),
    "no value": (b"[default]\nsecret_id\nsecret_key\n", "cannot be read as an INI file (ParsingError)"),
    "binary": (bytes(range(256)), "cannot be read as an INI file (UnicodeDecodeError)"),
    "huge": (b"[default]\n" + b"#" * 2**21, "cannot be read as an INI file (ValueError)"),
    "empty key": (
        b"[default]\nsecret_id =\nsecret_key = hush-hush-hush\n",
        "section [default] of",
    ),
    "both empty": (b"[default]\nsecret_id =\nsecret_key =\n", "has no secret_id and no secret_key"),
    "half a pair": (b"[default]\nsecret_id = hush-hush-hush\n", "has no secret_key"),
    "the other half": (b"[default]\nsecret_key = hush-hush-hush\n", "has no secret_id"),
}


@pytest.mark.parametrize("name", INI)
def test_files_of_tencent(cos: Cloud, tmp_path: pathlib.Path, name: str) -> None:
    """What is there and wrong is said, and the role of the machine does not take its place."""
    content, words = INI[name]
    ini(tmp_path).write_bytes(content)
    judge(cos, cos.prioritize(100, **NO_KEYS), ".tencentcloud/credentials", words)
    assert cos.operations() == []


def test_a_directory_for_a_file(cos: Cloud, oss: Cloud, tmp_path: pathlib.Path) -> None:
    ini(tmp_path).mkdir()
    judge(cos, cos.prioritize(100, **NO_KEYS), "cannot be read as an INI file (IsADirectoryError)")
    (tmp_path / ".aliyun" / "config.json").mkdir(parents=True)
    judge(oss, oss.prioritize(100, **NO_KEYS), "config.json cannot be read (IsADirectoryError)")


def test_a_section_without_keys_is_none(cos: Cloud, tmp_path: pathlib.Path) -> None:
    cos.seed()
    ini(tmp_path).write_bytes(b"[default]\nregion = ap-guangzhou\n")
    assert cos.prioritize(100, **NO_KEYS)["changed"] is True, "of the machine"
    cos.emulator.clear_log()
    judge(
        cos,
        cos.prioritize(101, **NO_KEYS, profile="default"),
        "no credentials found for Tencent COS in section [default]",
    )


CONFIGS: dict[str, tuple[t.Any, str]] = {
    "not JSON": ("{hush-hush-hush", "is not valid JSON (JSONDecodeError)"),
    "binary": (bytes(range(256)), "is not valid JSON"),
    "utf-16": ("{}".encode("utf-16"), "has no profile 'default'"),
    "huge": ("[" + "1," * 2**20 + "1]", "cannot be read (ValueError)"),
    "a list": ([], "is not a JSON object"),
    "a number of many digits": ("9" * 100_000, "is not valid JSON"),
    "current of another type": (
        {"current": 7, "profiles": []},
        "the current profile in ~/.aliyun/config.json is not a text",
    ),
    "current is a list": (
        {"current": ["p"], "profiles": []},
        "the current profile in ~/.aliyun/config.json is not a text",
    ),
    "no profiles": ({"current": "p"}, "has no profile 'p'"),
    "profiles of another type": ({"current": "p", "profiles": {"p": {}}}, "has no profile 'p'"),
    "profiles null": ({"current": "p", "profiles": None}, "has no profile 'p'"),
    "odd profiles": ({"current": "p", "profiles": [7, None, [], "p", {"name": 7}]}, "has no profile 'p'"),
    "numbers": (
        {"current": "p", "profiles": [{"name": "p", "mode": "AK", "access_key_id": 1, "access_key_secret": [SECRET]}]},
        "has no access_key_id and no access_key_secret",
    ),
    "empty keys": (
        {"current": "p", "profiles": [{"name": "p", "mode": "AK", "access_key_id": "", "access_key_secret": ""}]},
        "has no access_key_id and no access_key_secret",
    ),
    "null keys": (
        {"current": "p", "profiles": [{"name": "p", "access_key_id": None, "access_key_secret": SECRET}]},
        "has no access_key_id",
    ),
    "a role of another type": (
        {
            "current": "p",
            "profiles": [
                {
                    "name": "p",
                    "mode": "RamRoleArn",
                    "access_key_id": OSS_KEY.key_id,
                    "access_key_secret": OSS_KEY.secret,
                }
                | {"ram_role_arn": [ROLE]}
            ],
        },
        "AssumeRole of no role: InvalidParameter.RoleArn",
    ),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_configurations_of_alibaba(oss: Cloud, tmp_path: pathlib.Path, name: str) -> None:
    content, words = CONFIGS[name]
    text = content if isinstance(content, bytes) else content if isinstance(content, str) else json.dumps(content)
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    judge(oss, oss.prioritize(100, **NO_KEYS), words)


TOKENS: dict[str, tuple[bytes | None, str]] = {
    "absent": (None, "cannot be read (FileNotFoundError)"),
    "empty": (b"", "contains no token"),
    "blanks": (b" \n", "contains no token"),
    "binary": (bytes(range(256)), "cannot be read (UnicodeDecodeError)"),
    "two lines": (b"a\nb", "contains no token"),
    "huge": (b"x" * (2**20 + 1), "cannot be read (ValueError)"),
}


@pytest.mark.parametrize("by", ["variables", "profile"])
@pytest.mark.parametrize("name", [*TOKENS, "directory", "endless"])
def test_token_files(oss: Cloud, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, name: str, by: str) -> None:
    file = tmp_path / "token"
    content, words = TOKENS.get(name, (None, "cannot be read"))
    if content is not None:
        file.write_bytes(content)
    if name == "directory":
        file.mkdir()
    path = "/dev/zero" if name == "endless" else str(file)
    if by == "variables":
        monkeypatch.setenv("ALIBABA_CLOUD_ROLE_ARN", ROLE)
        monkeypatch.setenv("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", ISSUER)
        monkeypatch.setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", path)
    else:
        (tmp_path / ".aliyun").mkdir()
        whole = {
            "name": "p",
            "mode": "OIDC",
            "ram_role_arn": ROLE,
            "oidc_provider_arn": ISSUER,
            "oidc_token_file": path,
        }
        text = json.dumps({"current": "p", "profiles": [whole]})
        (tmp_path / ".aliyun" / "config.json").write_text(text, encoding="utf-8")
    judge(oss, oss.prioritize(100, **NO_KEYS), f"the OIDC token file {path}", words)
    assert oss.operations() == []


ODD: tuple[t.Any, ...] = (None, 7, 1.5, True, [], ["x"], {}, {"a": 1}, "")


@pytest.mark.parametrize("value", ODD, ids=str)
@pytest.mark.parametrize("name", ["TmpSecretId", "TmpSecretKey", "Token"])
def test_odd_keys_of_tencents_metadata(cos: Cloud, name: str, value: t.Any) -> None:
    cos.fault("odd_keys", operation="InstanceRole", count=None, changes={name: value})
    judge(cos, cos.prioritize(100, **NO_KEYS), f"the role {INSTANCE_ROLE} of this host has no valid {name}")


@pytest.mark.parametrize("value", ODD, ids=str)
@pytest.mark.parametrize("name", ["AccessKeyId", "AccessKeySecret", "SecurityToken"])
def test_odd_keys_of_alibabas_metadata(oss: Cloud, name: str, value: t.Any) -> None:
    oss.fault("odd_keys", operation="InstanceRole", count=None, changes={name: value})
    judge(oss, oss.prioritize(100, **NO_KEYS), f"the role {INSTANCE_ROLE} of this host has no valid {name}")


def configure(folder: pathlib.Path) -> None:
    (folder / ".aliyun").mkdir()
    pair = {"access_key_id": OSS_KEY.key_id, "access_key_secret": OSS_KEY.secret}
    profile = {"name": "p", "mode": "RamRoleArn", "ram_role_arn": ROLE, **pair}
    text = json.dumps({"current": "p", "profiles": [profile]})
    (folder / ".aliyun" / "config.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("value", ODD, ids=str)
@pytest.mark.parametrize("name", ["AccessKeyId", "AccessKeySecret", "SecurityToken"])
def test_odd_keys_of_alibabas_sts(oss: Cloud, tmp_path: pathlib.Path, name: str, value: t.Any) -> None:
    configure(tmp_path)
    oss.fault("odd_keys", operation="AssumeRole", count=None, changes={f"Credentials.{name}": value})
    judge(oss, oss.prioritize(100, **NO_KEYS), f"AssumeRole of {ROLE}: the response has no valid {name}")


@pytest.mark.parametrize("value", ODD, ids=str)
def test_odd_answers_of_alibabas_sts(oss: Cloud, tmp_path: pathlib.Path, value: t.Any) -> None:
    configure(tmp_path)
    oss.fault("odd_keys", operation="AssumeRole", count=None, changes={"Credentials": value})
    judge(oss, oss.prioritize(100, **NO_KEYS), f"AssumeRole of {ROLE}: the response has no valid AccessKeyId")


@pytest.mark.parametrize("value", ["two words", "schlüssel", "line\nbreak"])
def test_keys_that_no_header_carries(cos: Cloud, oss: Cloud, value: str) -> None:
    cos.fault("odd_keys", operation="InstanceRole", count=None, changes={"TmpSecretKey": value, "Token": value})
    oss.fault("odd_keys", operation="InstanceRole", count=None, changes={"AccessKeySecret": value})
    for cloud in (cos, oss):
        judge(cloud, cloud.prioritize(100, **NO_KEYS), "value of secret_key (from a file or role)", kind="invalid")


@pytest.mark.parametrize("code", ["Failed", "", None, 7, ["Success"]], ids=str)
def test_metadata_that_says_that_it_failed(cos: Cloud, oss: Cloud, code: t.Any) -> None:
    for cloud in (cos, oss):
        cloud.fault("odd_keys", operation="InstanceRole", count=None, changes={"Code": code})
        judge(cloud, cloud.prioritize(100, **NO_KEYS), "has the code")


@pytest.mark.parametrize(
    "value",
    [*ODD, "soon", "1700000000", -1, 10**30, 1e400, "9999-99-99T00:00:00Z", "x" * 10_000],
    ids=lambda v: str(v)[:20],
)
def test_an_end_that_nobody_can_read_is_none(cos: Cloud, oss: Cloud, value: t.Any) -> None:
    """The keys are good; when they end, a refusal tells."""
    for cloud, changes in ((cos, {"ExpiredTime": value, "Expiration": value}), (oss, {"Expiration": value})):
        cloud.seed()
        cloud.fault("odd_keys", operation="InstanceRole", count=None, changes=changes)
        result = cloud.prioritize(100, **NO_KEYS)
        assert (result["rc"], result["changed"]) == (0, True), result


class Service(http.server.ThreadingHTTPServer):
    """A metadata service that answers by path."""

    answers: dict[str, tuple[int, bytes]]
    asked: list[str]


@pytest.fixture
def service() -> Iterator[Service]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            t.cast(Service, self.server).asked.append(self.path)
            status, body = t.cast(Service, self.server).answers.get(self.path.rpartition("/")[2], (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", "/latest/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_GET

        def log_message(self, *args: t.Any) -> None:
            """Nothing."""

    with Service(("127.0.0.1", 0), Handler) as server:
        server.answers, server.asked = {}, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


PAGE = b"<html><body>Sign in, please</body></html>"
MACHINES: dict[str, tuple[dict[str, tuple[int, bytes]], str]] = {
    "no role": ({"": (200, b"")}, "no role of this host"),
    "a page for the role": ({"": (200, PAGE)}, "no role of this host"),
    "a long role": ({"": (200, b"x" * 5000)}, "no role of this host"),
    "a role that leads elsewhere": ({"": (200, b"../../user-data")}, "no role of this host"),
    "refused": ({"": (403, b"hush-hush-hush")}, "no role of this host"),
    "redirected": ({"": (302, b""), "elsewhere": (200, b"role")}, "no role of this host"),
    "no keys": ({"": (200, b"role"), "role": (404, b"hush-hush-hush")}, "no role of this host"),
    "a page for keys": ({"": (200, b"role"), "role": (200, PAGE)}, "is not valid JSON (JSONDecodeError)"),
    "a list for keys": ({"": (200, b"role"), "role": (200, b"[]")}, "is not a JSON object"),
    "nesting": ({"": (200, b"role"), "role": (200, b"[" * 200_000)}, "is not valid JSON"),
    "huge keys": ({"": (200, b"role"), "role": (200, b" " * 2**20)}, "no role of this host"),
    "binary": ({"": (200, b"role"), "role": (200, bytes(range(256)))}, "is not valid JSON"),
}


@pytest.mark.parametrize("name", MACHINES)
def test_machines(cos: Cloud, oss: Cloud, service: Service, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    answers, words = MACHINES[name]
    service.answers = answers
    url = f"http://127.0.0.1:{service.server_port}/latest/"
    for cloud in (cos, oss):
        module = f"ansible_collections.objectstore.batch.plugins.module_utils._clouds.{cloud.provider}.credentials"
        monkeypatch.setattr(f"{module}.METADATA_URL", url + "meta-data/cam/security-credentials/" * (cloud is cos))
        judge(cloud, cloud.prioritize(100, **NO_KEYS), words)
        assert cloud.operations() == []


HOSTS = {"cos": "metadata.tencentyun.com", "oss": "100.100.100.200"}


@pytest.mark.parametrize("excluded", [False, True])
def test_a_proxy_of_the_environment_is_asked_unless_the_metadata_are_excluded(
    cos: Cloud, oss: Cloud, service: Service, monkeypatch: pytest.MonkeyPatch, excluded: bool
) -> None:
    """As the providers' own libraries do it. The keys come in the clear: the documentation says how to exclude it."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{service.server_port}")
    for cloud in (cos, oss):
        host = HOSTS[cloud.provider]
        monkeypatch.setenv("NO_PROXY", f"127.0.0.1,{host}" if excluded else "127.0.0.1")
        judge(cloud, cloud.prioritize(100, **NO_KEYS), "no role of this host")
        assert any(url.startswith(f"http://{host}/") for url in service.asked) is not excluded
        service.asked.clear()


def test_a_netrc_file_has_no_word(oss: Cloud, tmp_path: pathlib.Path) -> None:
    """It would put its own Authorization into requests whose signature stands elsewhere."""
    (tmp_path / ".netrc").write_text("default login me password hush-hush-hush\n", encoding="ascii")
    (tmp_path / ".netrc").chmod(0o600)
    configure(tmp_path)
    oss.fault("echo", operation="AssumeRole", code="NoPermission")
    result = oss.prioritize(100, **NO_KEYS)
    judge(oss, result, "NoPermission")
    assert "authorization" not in result["msg"].lower()
    assert OSS_TEMP_KEY.secret not in json.dumps(result)


@pytest.mark.parametrize("skip", [0, 1])
def test_metadata_that_drips(cos: Cloud, oss: Cloud, monkeypatch: pytest.MonkeyPatch, skip: int) -> None:
    """A byte now and then: the time of one answer is over before its bytes are there."""
    monkeypatch.setattr(
        "ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.credential_locations._WHOLE", 0.3
    )
    for cloud in (cos, oss):
        cloud.fault("drip", operation="InstanceRole", count=None, skip=skip, seconds=0.1)
        judge(cloud, cloud.prioritize(100, **NO_KEYS), "no role of this host")


def test_sts_that_drips(oss: Cloud, tmp_path: pathlib.Path) -> None:
    configure(tmp_path)
    oss.fault("drip", operation="AssumeRole", count=None, seconds=0.2)
    result = oss.prioritize(100, **NO_KEYS, request_timeout=0.5, retry_deadline=1, max_attempts=2)
    assert (result["rc"], result["error"]["kind"] in ("invalid_credentials", "timeout")) == (1, True), result
    assert set(oss.operations()) == {"AssumeRole"}
    assert "DescribeJob" not in oss.operations()
