# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where botocore finds credentials, and what can be wrong there: one sentence with the profile and the next step."""

from __future__ import annotations

import dataclasses
import hashlib
import http.server
import json
import pathlib
import sys
import threading
import typing as t

import pytest
from batch_emulator.accounts import AWS_KEY, AWS_TEMP_KEY

from .clouds import ACCOUNTS, PATIENT, Cloud

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_emulator.client import Emulator

NO_KEYS: dict[str, t.Any] = {"access_key": None, "secret_key": None}
ROLE = "arn:aws:iam::111122223333:role/batch"
SECRET = "hush-hush-hush"
START = "https://example.awsapps.com/start"
SSO = f"sso_start_url = {START}\nsso_region = eu-central-1\nsso_account_id = 111122223333\nsso_role_name = r\n"
SESSION = "sso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n"
PYTHON = sys.executable
SOURCE = f"[profile source]\naws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"


@pytest.fixture
def aws(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> Cloud:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    # botocore has expanded ~ when it was imported.
    monkeypatch.setattr("botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR", str(tmp_path / "sso"))
    monkeypatch.setattr("botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR", str(tmp_path / "sso"))
    return Cloud(ACCOUNTS[0], emulator, capsys)


def configure(folder: pathlib.Path, profile: str, more: str = "") -> None:
    (folder / "config").write_text(f"[profile broken]\n{profile}\n{more}", encoding="utf-8")


def program(folder: pathlib.Path, code: str) -> str:
    """Return the credential_process of a Python program."""
    file = folder / "helper.py"
    file.write_text(code, encoding="utf-8")
    return f"credential_process = {PYTHON} {file}"


def cache(folder: pathlib.Path, name: str, text: str) -> None:
    (folder / "sso").mkdir(exist_ok=True)
    (folder / "sso" / f"{hashlib.sha1(name.encode()).hexdigest()}.json").write_text(text, encoding="utf-8")


@dataclasses.dataclass(frozen=True)
class Trouble:
    """A profile that cannot be used.

    :param words: of the sentence.
    :param hint: of the next step.
    """

    profile: str
    words: str
    hint: str
    more: str = ""


def token(name: str) -> str:
    return f"role_arn = {ROLE}\nweb_identity_token_file = {name}"


SOURCES = f"role_arn = {ROLE}\nsource_profile"
LOGIN = "Log in again: run aws sso login --profile broken as the user"
BY_HAND = "Run its command manually"
CHECK = "Renew the token file if its token has expired, and check the role ARN."
FILES = "Check role_arn, source_profile, and credential_source in the AWS configuration files."
TROUBLES = {
    "token file absent": Trouble(token("/nonexistent/token"), "file /nonexistent/token, which cannot be read", CHECK),
    "token file a directory": Trouble(token("{folder}"), "which cannot be read (Is a directory)", CHECK),
    "token file empty": Trouble(token("{folder}/empty"), "which contains no token", CHECK),
    "token file binary": Trouble(token("{folder}/binary"), "which contains no token", CHECK),
    "token file huge": Trouble(token("/dev/zero"), "which contains no token", CHECK),
    "token without role": Trouble("web_identity_token_file = {folder}/binary", "has no role ARN configured", CHECK),
    "no program": Trouble(
        "credential_process = /nonexistent/helper", "No such file or directory: /nonexistent", BY_HAND
    ),
    "no command": Trouble('credential_process = "not closed', "cannot be used: ValueError", BY_HAND),
    "a directory for a program": Trouble("credential_process = {folder}", "Permission denied", BY_HAND),
    "no JSON": Trouble("{helper}print('hush-hush-hush')", "credential_process that does not print valid JSON", BY_HAND),
    "a list": Trouble("{helper}print('[1]')", "credential_process that does not print a JSON object", BY_HAND),
    "binary": Trouble(
        "{helper}import sys; sys.stdout.buffer.write(bytes(range(256)))", "does not print valid JSON", BY_HAND
    ),
    "nothing": Trouble("{helper}pass", "does not print valid JSON", BY_HAND),
    "no version": Trouble("{helper}print('{{}}')", "Unsupported version", BY_HAND),
    "no key": Trouble(
        "{helper}print('{{\"Version\": 1}}')", "Missing required key in response: 'AccessKeyId'", BY_HAND
    ),
    "odd key": Trouble(
        '{helper}print(\'{{"Version": 1, "AccessKeyId": 7, "SecretAccessKey": ["hush-hush-hush"]}}\')', "", BY_HAND
    ),
    "empty key": Trouble(
        '{helper}print(\'{{"Version": 1, "AccessKeyId": "", "SecretAccessKey": ""}}\')',
        "has no valid access_key and no valid secret_key",
        BY_HAND,
    ),
    "odd end": Trouble(
        '{helper}print(\'{{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "B", "Expiration": "soon"}}\')',
        "cannot be used",
        BY_HAND,
    ),
    "long ago": Trouble(
        '{helper}print(\'{{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "B", "SessionToken": "C",'
        ' "Expiration": "2020-01-01T00:00:00Z"}}\')',
        "cannot be used",
        BY_HAND,
    ),
    "exit code": Trouble(
        "{helper}import sys; sys.exit('hush-hush-hush')", "a credential_process that ended with exit code 1", BY_HAND
    ),
    "killed": Trouble("{helper}import os; os.kill(os.getpid(), 9)", "ended with exit code -9", BY_HAND),
    "hangs": Trouble("{helper}import time; time.sleep(600)", "credential_process that did not end within", BY_HAND),
    "hangs in a child": Trouble(
        "{helper}import subprocess; subprocess.Popen(['sleep', '600'])", "did not end within", BY_HAND
    ),
    "floods": Trouble("{helper}while True: print('hush-hush-hush' * 1000)", "prints more than 256 KiB", BY_HAND),
    "MFA": Trouble(
        f"{SOURCES} = source\nmfa_serial = arn:aws:iam::111122223333:mfa/me",
        "requires an MFA code, which a task cannot prompt for",
        "run aws sts assume-role with --serial-number and --token-code. Then set access_key",
        SOURCE,
    ),
    "loop": Trouble(
        f"{SOURCES} = other", "Infinite loop in credential configuration", FILES, f"[profile other]\n{SOURCES} = broken"
    ),
    "loop of one": Trouble(f"{SOURCES} = broken", "Infinite loop in credential configuration", FILES),
    "no source": Trouble(f"{SOURCES} = nowhere", 'source_profile "nowhere" referenced', FILES),
    "source without keys": Trouble(f"{SOURCES} = other", "must have credentials", FILES, "[profile other]\nregion = x"),
    "source with half a pair": Trouble(
        f"{SOURCES} = other", "Partial credentials found", FILES, "[profile other]\naws_access_key_id = A"
    ),
    "source whose program fails": Trouble(
        f"{SOURCES} = other",
        "has the source profile 'other', which has a credential_process that ended with exit code 1",
        FILES,
        "[profile other]\ncredential_process = false",
    ),
    "source whose token file is absent": Trouble(
        f"{SOURCES} = other", "has the source profile 'other', which names", FILES, f"[profile other]\n{token('/none')}"
    ),
    "no such credential source": Trouble(f"role_arn = {ROLE}\ncredential_source = Moon", "is not valid", FILES),
    "half a pair": Trouble("aws_access_key_id = A", "Partial credentials found", ""),
    "SSO never logged in": Trouble(SSO, "does not exist", LOGIN),
    "SSO session never logged in": Trouble(
        SESSION, "does not exist", LOGIN, f"[sso-session s]\nsso_start_url = {START}\nsso_region = x-y-1"
    ),
    "SSO of half": Trouble("sso_account_id = 1\nsso_role_name = r", "missing required configuration", LOGIN),
    "SSO session that is none": Trouble(SESSION, "sso_session configuration does not exist", ""),
}
CACHES = {
    "truncated": '{"accessToken": "hush-hush-hush", "expir',
    "empty": "",
    "a list": "[]",
    "null": "null",
    "a number": "7",
    "without token": "{}",
    "binary": "\x00\x01",
    "expired": '{"accessToken": "hush-hush-hush", "expiresAt": "2020-01-01T00:00:00Z"}',
    "odd end": '{"accessToken": "hush-hush-hush", "expiresAt": "hush-hush-hush"}',
    "end of another type": '{"accessToken": "hush-hush-hush", "expiresAt": 7}',
}


def write(folder: pathlib.Path, trouble: Trouble) -> None:
    (folder / "empty").write_bytes(b"")
    (folder / "binary").write_bytes(bytes(range(256)))
    text = trouble.profile
    if text.startswith("{helper}"):
        configure(folder, program(folder, text.removeprefix("{helper}").replace("{{", "{").replace("}}", "}")))
    else:
        configure(folder, text.replace("{folder}", str(folder)), trouble.more)


def judge(cloud: Cloud, result: dict[str, t.Any], words: str, hint: str) -> None:
    assert (result["rc"], result["error"]["kind"], result["error"]["retryable"]) == (1, "invalid_credentials", False), (
        result
    )
    assert words in result["msg"], result["msg"]
    assert hint in result["msg"], result["msg"]
    assert "Traceback" not in json.dumps(result) and "exception" not in result
    assert result["msg"].isprintable()
    shown = json.dumps(result)
    assert SECRET not in shown and AWS_KEY.secret not in shown
    assert not {"DescribeJob", "ListJobs", "UpdateJobPriority"} & set(cloud.operations())
    assert result["calls"] == {"sent": {}, "retried": 0, "throttled": 0}


LIMITS = {"request_timeout": 2.5, "retry_deadline": 60}
"""For programs that never end; all others have all the time that a busy machine takes to start them."""
ENDLESS = ("hangs", "hangs in a child")


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("variable", ["", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_profiles(
    aws: Cloud, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    trouble = TROUBLES[name]
    if variable and name in (*ENDLESS, "floods"):
        # These take their time once.
        return
    write(tmp_path, trouble)
    if variable:
        monkeypatch.setenv(variable, "broken")
    limits = LIMITS if name in ENDLESS else PATIENT
    result = aws.prioritize(100, **NO_KEYS, **limits, **({} if variable else {"profile": "broken"}))
    judge(aws, result, trouble.words, trouble.hint)
    assert "the profile 'broken'" in result["msg"]
    assert (f"(named by {variable})" in result["msg"]) is bool(variable)


@pytest.fixture
def service() -> Iterator[tuple[str, list[bytes]]]:
    """A credential service, such as that of a container: it answers with the bodies of a list, the last one again."""
    answers: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.pop(0) if len(answers) > 1 else answers[0]
            refused = body[:3] in (b"401", b"500")
            self.send_response(int(body[:3]) if refused else 200)
            self.send_header("x-amzn-ErrorType", "UnauthorizedException" if refused else "")
            body = body[3:] if refused else body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: t.Any) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/keys", answers
        server.shutdown()


@pytest.mark.parametrize("session", [False, True])
@pytest.mark.parametrize("name", CACHES)
def test_cached_sso_tokens(
    aws: Cloud,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    service: tuple[str, list[bytes]],
    name: str,
    session: bool,
) -> None:
    # Older releases of botocore leave it to SSO to tell that a token is over.
    url, answers = service
    answers.append(b'401{"message": "Session token not found or invalid"}')
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", url.removesuffix("/keys"))
    more = f"[sso-session s]\nsso_start_url = {START}\nsso_region = eu-central-1\n"
    configure(tmp_path, SESSION if session else SSO, more if session else "")
    cache(tmp_path, "s" if session else START, CACHES[name])
    result = aws.prioritize(100, **NO_KEYS, profile="broken")
    judge(aws, result, "the profile 'broken'", LOGIN)


def test_a_program_that_hangs_is_ended(aws: Cloud, tmp_path: pathlib.Path) -> None:
    """With what it has started: nothing is left behind by a task that fails."""
    pids = tmp_path / "pids"
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(600)\n"
    )
    configure(tmp_path, program(tmp_path, code))
    # Long enough for it to start on a busy machine.
    result = aws.prioritize(100, **NO_KEYS, profile="broken", request_timeout=25, retry_deadline=60)
    judge(aws, result, "did not end within 20 s", BY_HAND)
    assert all(gone(pathlib.Path(f"/proc/{pid}")) for pid in pids.read_text(encoding="ascii").split())


def gone(process: pathlib.Path) -> bool:
    """Whether a process has ended; the system collects a child whose parent is gone in its own time."""
    try:
        return "State:\tZ" in (process / "status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[profile broken]\nregion", "cannot be used: Unable to parse config file"),
        ("\x00\x01\xff", "cannot be used: Unable to parse config file"),
        ("", "does not exist in the AWS configuration files"),
    ],
)
def test_configuration_files_that_are_none(aws: Cloud, tmp_path: pathlib.Path, text: str, words: str) -> None:
    (tmp_path / "config").write_text(text, encoding="latin-1")
    result = aws.prioritize(100, **NO_KEYS, profile="broken")
    judge(aws, result, words, "")
    assert "the profile 'broken'" in result["msg"]


@pytest.mark.parametrize("keys", [{}, NO_KEYS], ids=["with keys", "without"])
@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_profile_of_the_environment_that_is_none(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, variable: str, keys: dict[str, t.Any]
) -> None:
    monkeypatch.setenv(variable, "nosuch")
    result = aws.prioritize(100, **keys)
    judge(
        aws,
        result,
        f"the profile 'nosuch' (named by {variable}) does not exist",
        f"Correct the name, or unset {variable}.",
    )
    assert "Set access_key" not in result["msg"]


WEB = {"AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token"}


@pytest.mark.parametrize("role", [None, ROLE])
def test_a_web_identity_of_the_environment(aws: Cloud, monkeypatch: pytest.MonkeyPatch, role: str | None) -> None:
    for name, value in WEB.items():
        monkeypatch.setenv(name, value)
    result = aws.prioritize(100, **NO_KEYS, assume_role_arn=role)
    judge(aws, result, "the environment (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN) names", CHECK)
    assert "profile" not in result["msg"]


def test_a_web_identity_that_works(aws: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """STS is asked at the endpoint of the task, as it is for a role that the task names."""
    (tmp_path / "token").write_text("a-web-identity\n", encoding="ascii")
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
    aws.seed()
    result = aws.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["changed"]) == (0, True), result
    assert aws.operations() == ["AssumeRoleWithWebIdentity", "DescribeJob", "UpdateJobPriority"]
    assert AWS_TEMP_KEY.secret not in json.dumps(result)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("InvalidIdentityToken", 400, "invalid_credentials"),
        ("ExpiredTokenException", 400, "invalid_credentials"),
        ("IDPRejectedClaim", 403, "invalid_credentials"),
        ("AccessDenied", 403, "access_denied"),
        ("IDPCommunicationError", 400, "unavailable"),
    ],
)
def test_a_web_identity_that_sts_refuses(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, code: str, status: int, kind: str
) -> None:
    (tmp_path / "token").write_text("a-web-identity\n", encoding="ascii")
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
    operation = "AssumeRoleWithWebIdentity"
    text = "What was sent is a-web-identity"
    aws.fault("raw", operation=operation, count=None, code=code, http_status=status, message=text)
    result = aws.prioritize(100, **NO_KEYS, max_attempts=2)
    assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (1, kind, operation), result
    assert "a-web-identity" not in json.dumps(result)
    if kind == "invalid_credentials":
        assert "the environment (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN)" in result["msg"]


def handed(**changes: t.Any) -> bytes:
    whole = {
        "AccessKeyId": AWS_TEMP_KEY.key_id,
        "SecretAccessKey": AWS_TEMP_KEY.secret,
        "Token": AWS_TEMP_KEY.token,
        "Expiration": "2099-01-01T00:00:00Z",
    }
    return json.dumps({name: value for name, value in {**whole, **changes}.items() if value != "-"}).encode()


ODD = {
    "500": b"500 hush-hush-hush",
    "no JSON": b"hush-hush-hush",
    "a list": b"[]",
    "empty": b"",
    "huge": b"x" * 2**20,
    "no key": handed(AccessKeyId="-"),
    "null": handed(SecretAccessKey=None),
    "a number": handed(AccessKeyId=7),
    "no end": handed(Expiration="-"),
    "odd end": handed(Expiration="soon"),
    "empty key": handed(AccessKeyId=""),
}


@pytest.mark.parametrize("name", ODD)
def test_a_container_that_has_no_keys(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, service: tuple[str, list[bytes]], name: str
) -> None:
    url, answers = service
    answers.append(ODD[name])
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", SECRET)
    result = aws.prioritize(100, **NO_KEYS)
    judge(aws, result, "the credential service of this container", "AWS_CONTAINER_CREDENTIALS_*")


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/keys"},
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/keys"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nonexistent/token"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN": f"{SECRET}\nX: y"},
    ],
    ids=str,
)
def test_a_container_that_cannot_be_asked(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)
    for name, value in {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/keys", **variables}.items():
        monkeypatch.setenv(name, value)
    judge(
        aws, aws.prioritize(100, **NO_KEYS), "the credential service of this container", "AWS_CONTAINER_CREDENTIALS_*"
    )


@pytest.mark.parametrize("excluded", [False, True])
def test_a_proxy_of_the_environment_is_asked_unless_the_metadata_are_excluded(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, service: tuple[str, list[bytes]], excluded: bool
) -> None:
    """As botocore does it."""
    url, answers = service
    answers += [b"role", handed(Code="Success", Type="AWS-HMAC", LastUpdated="2020-01-01T00:00:00Z")]
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url.removesuffix("keys"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    hosts = [aws.emulator.url, url.removesuffix("/keys")] if excluded else [aws.emulator.url]
    monkeypatch.setenv("NO_PROXY", ",".join(host.removeprefix("http://") for host in hosts))
    monkeypatch.setattr("botocore.utils.IMDSFetcher._fetch_metadata_token", lambda self: None)
    aws.seed()
    result = aws.prioritize(100, **NO_KEYS)
    assert (result["rc"], result["changed"]) == ((0, True) if excluded else (1, False)), result


def test_nobody_is_asked_for_a_code(aws: Cloud, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt="": asked.append(prompt) or "123456")
    write(tmp_path, TROUBLES["MFA"])
    judge(aws, aws.prioritize(100, **NO_KEYS, profile="broken"), "requires an MFA code", "")
    assert asked == []


def test_a_good_program(aws: Cloud, tmp_path: pathlib.Path) -> None:
    keys = {
        "AccessKeyId": AWS_TEMP_KEY.key_id,
        "SecretAccessKey": AWS_TEMP_KEY.secret,
        "SessionToken": AWS_TEMP_KEY.token,
    }
    configure(
        tmp_path,
        program(
            tmp_path,
            f"import sys; print('a warning', file=sys.stderr)\nprint({json.dumps(json.dumps({'Version': 1, **keys}))})",
        ),
    )
    aws.seed()
    result = aws.prioritize(100, **NO_KEYS, profile="broken")
    assert (result["rc"], result["changed"]) == (0, True), result
    assert AWS_TEMP_KEY.secret not in json.dumps(result)


def test_an_sso_session_is_asked_as_the_task_says(
    aws: Cloud, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, service: tuple[str, list[bytes]]
) -> None:
    """The bounds of bodies and the certificates of the task hold for SSO, too."""
    url, answers = service
    keys = {"accessKeyId": AWS_TEMP_KEY.key_id, "secretAccessKey": AWS_TEMP_KEY.secret}
    whole = {**keys, "sessionToken": AWS_TEMP_KEY.token, "expiration": 4102444800000}
    answers.append(json.dumps({"roleCredentials": whole}).encode())
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", url.removesuffix("/keys"))
    configure(tmp_path, SSO)
    cache(tmp_path, START, '{"accessToken": "hush-hush-hush", "expiresAt": "2099-01-01T00:00:00Z"}')
    aws.seed()
    result = aws.prioritize(100, **NO_KEYS, profile="broken")
    assert (result["rc"], result["changed"]) == (0, True), result
    answers[:] = [b'{"a": "' + b"x" * (33 * 2**20) + b'"}']
    result = aws.prioritize(101, **NO_KEYS, profile="broken", max_attempts=1)
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid_response"), result
    assert "larger than 32 MiB" in result["msg"]


def test_a_write_that_no_keys_are_found_for_is_in_no_doubt(aws: Cloud) -> None:
    """A role that cannot be assumed in the middle of a task: the write was never sent, and cannot be applied later."""
    aws.seed()
    # botocore asks for such keys again before each request.
    aws.emulator.settings(role_lifetime=60)
    aws.fault("unavailable", operation="AssumeRole", count=None, skip=3)
    result = aws.prioritize(100, assume_role_arn=ROLE, max_attempts=2)
    assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (1, "unavailable", "AssumeRole")
    assert "lost" not in result["msg"] and "may still" not in result["msg"], result["msg"]
    assert "UpdateJobPriority" not in aws.operations()
    assert aws.operations().count("DescribeJob") == 1
