# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulator is started with: files, TLS, addresses; and who may ask its admin API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import batch_emulator as package
import boto3
import pytest
import requests
from batch_emulator.accounts import AWS_ACCOUNT, AWS_KEY, COS_KEY, COS_UIN
from batch_emulator.client import Emulator, until
from botocore.config import Config
from qcloud_cos import CosConfig
from qcloud_cos.cos_auth import CosS3Auth

FOLDER = Path(package.__file__ or "").parent
ENV = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
ENV |= {"PYTHONPATH": str(FOLDER.parent)}
COMMAND = [sys.executable, "-m", "batch_emulator"]
ONCE = Config(retries={"max_attempts": 1, "mode": "standard"})


@contextmanager
def started(folder: Path, *words: str, **variables: str) -> Iterator[dict[str, Any]]:
    """An emulator with these words; what its ready file says."""
    ready = folder / "ready.json"
    command = [*COMMAND, "--port", "0", "--ready-file", str(ready), *words]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, env=ENV | variables, text=True, **pipes)  # type: ignore[call-overload]
    try:
        assert until(lambda: ready.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        yield json.loads(ready.read_text())
    finally:
        process.terminate()
        process.communicate()


def refused(*words: str, code: int = 1) -> str:
    done = subprocess.run([*COMMAND, *words], env=ENV, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    return done.stderr


def client(endpoint: str, key_id: str = AWS_KEY.key_id, secret: str = AWS_KEY.secret, **more: Any) -> Any:
    names = {"aws_access_key_id": key_id, "aws_secret_access_key": secret, "region_name": "eu-central-1"}
    return boto3.client("s3control", endpoint_url=endpoint, **names, **more)


def test_a_seed_file_is_there_at_the_start_and_after_a_reset(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yml"
    seed.write_text(
        """
        settings: {capacity: 2}
        buckets:
          - {provider: aws, name: films, objects: {a.txt: hello}}
        jobs:
          - {provider: aws, job_id: restore-1, priority: 10, created: 2026-01-01T00:00:00Z}
          - {provider: cos, job_id: restore-2, priority: 20, status: Suspended}
        faults:
          - {name: throttle, count: 3}
        """
    )
    with started(tmp_path, "--seed", str(seed), "--clock", "manual") as ready:
        emulator = Emulator(ready["url"])
        for _again in range(2):
            assert [job["job_id"] for job in emulator.jobs()] == ["restore-1", "restore-2"]
            assert emulator.settings()["capacity"] == 2
            assert emulator.read_object("aws", "films", "a.txt") == b"hello"
            assert [fault["name"] for fault in emulator.faults()] == ["throttle"]
            emulator.seed({"provider": "aws"})
            emulator.settings(capacity=5)
            emulator.clear_faults()
            emulator.reset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jobs: [{provider: mars}]", "jobs: provider must be one of aws, cos, oss, not 'mars'"),
        ("jobs: 3", "jobs: "),
        ("jbos: []", "contains only settings, buckets, jobs, faults"),
        ("- 1", "the file must be a mapping"),
        ("a: [", "while parsing"),
        ("faults: [{name: nonsense}]", "faults: "),
        ("buckets: [{name: x}]", "a bucket requires provider and name"),
        ("settings: {capacity: -1}", "settings: "),
    ],
)
def test_a_seed_file_that_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    seed = tmp_path / "seed.yml"
    seed.write_text(text)
    said = refused("--port", "0", "--seed", str(seed))
    assert str(seed) in said
    assert words in said
    assert said.count("\n") == 1


def test_accounts_of_a_file(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.yml"
    accounts.write_text("- {provider: aws, account: '555566667777', key_id: MADEUP, secret: made-up}\n")
    with started(tmp_path, "--accounts", str(accounts)) as ready:
        Emulator(ready["url"]).seed({"provider": "aws", "account": "555566667777", "region": "eu-central-1"})
        proxied = Config(proxies={"http": ready["url"]})
        s3control = client("http://s3-control.eu-central-1.amazonaws.com", "MADEUP", "made-up", config=proxied)
        assert len(s3control.list_jobs(AccountId="555566667777")["Jobs"]) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {provider: aws, account: 5, key_id: A, secret: b}", "account must be a text in quotes, not 5"),
        ("- {provider: cos, account: '5', key_id: A, secret: b}", "requires app_id (the APPID)"),
        (f"- {{provider: aws, account: '5', key_id: {AWS_KEY.key_id}, secret: b}}", "already exists"),
        ("- {provider: aws, account: '5', key_id: A, secret: b, password: c}", "contains only provider"),
        ("{}", "a list of accounts"),
    ],
)
def test_accounts_that_are_none(tmp_path: Path, text: str, words: str) -> None:
    accounts = tmp_path / "accounts.yml"
    accounts.write_text(text)
    assert words in refused("--port", "0", "--accounts", str(accounts))


def test_a_port_that_is_taken(emulator: Emulator) -> None:
    port = emulator.url.rpartition(":")[2]
    said = refused("--port", port)
    assert f"port {port} of 127.0.0.1" in said
    assert "--port" in said


def test_https_through_the_proxy_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = tmp_path / "ca.pem"
    with started(tmp_path, "--tls", "--ca-file", str(authority)) as ready:
        Emulator(ready["url"]).seed({"provider": "aws"}, {"provider": "cos", "region": "ap-chengdu"})
        proxied = Config(proxies={"https": ready["url"]})
        # botocore puts the account before the host, and the certificate is for that name.
        s3control = client("https://s3-control.eu-central-1.amazonaws.com", config=proxied, verify=str(authority))
        assert len(s3control.list_jobs(AccountId=AWS_ACCOUNT)["Jobs"]) == 1
        assert requests.get(f"{ready['tls_url']}/_emulator/health", verify=str(authority), timeout=600).ok
        host = f"https://{COS_UIN}.cos-control.ap-chengdu.myqcloud.com/jobs"
        proxies = {"https": ready["url"]}
        answer = requests.get(host, proxies=proxies, verify=str(authority), timeout=600)
        assert (answer.status_code, COS_KEY.secret in answer.text) == (403, False)
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(host, proxies=proxies, timeout=600)


def test_the_clouds_own_clients_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = tmp_path / "ca.pem"
    with started(tmp_path, "--tls", "--ca-file", str(authority)) as ready:
        Emulator(ready["url"]).seed({"provider": "aws"}, {"provider": "cos", "region": "ap-chengdu"})
        for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            monkeypatch.setenv(name, str(authority))
        monkeypatch.setenv("HTTPS_PROXY", ready["url"])
        monkeypatch.delenv("NO_PROXY", raising=False)
        keys = {"AWS_ACCESS_KEY_ID": AWS_KEY.key_id, "AWS_SECRET_ACCESS_KEY": AWS_KEY.secret}
        command = [str(Path(sys.executable).parent / "aws"), "s3control", "list-jobs", "--account-id", AWS_ACCOUNT]
        env = os.environ | {**keys, "AWS_DEFAULT_REGION": "eu-central-1", "HOME": str(tmp_path)}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        assert len(json.loads(done.stdout)["Jobs"]) == 1
        # Its answer comes from another cloud's signature, through a tunnel to another name.
        config = CosConfig(Region="ap-chengdu", SecretId=COS_KEY.key_id, SecretKey=COS_KEY.secret)
        answer = requests.get(
            f"https://{COS_UIN}.cos-control.ap-chengdu.myqcloud.com/jobs",
            headers={"x-cos-appid": COS_KEY.app_id},
            auth=CosS3Auth(config, "/jobs"),
            timeout=600,
        )
        assert (answer.status_code, answer.text.count("<JobId>")) == (200, 1)


def test_a_tunnel_without_tls_says_what_to_do(emulator: Emulator) -> None:
    with pytest.raises(requests.exceptions.ProxyError, match="405"):
        requests.get("https://example.com", proxies={"https": emulator.url}, timeout=600)


def asked(url: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{url}/_emulator/jobs", headers=named)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=600) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_no_page_of_somebody_else_reaches_the_admin_api(emulator: Emulator) -> None:
    port = emulator.url.rpartition(":")[2]
    assert asked(emulator.url) == 200
    assert asked(emulator.url, Origin=emulator.url) == 200
    assert asked(emulator.url, Host=f"localhost:{port}") == 200
    assert asked(emulator.url, Origin="https://evil.example") == 403
    assert asked(emulator.url, Origin="null") == 403
    assert asked(emulator.url, Sec_Fetch_Site="cross-site") == 403
    assert asked(emulator.url, Host=f"evil.example:{port}", Origin=f"http://evil.example:{port}") == 403


def test_from_other_machines_only_when_somebody_says_so(tmp_path: Path) -> None:
    assert "--allow-remote" in refused("--host", "0.0.0.0", code=2)
    variables = {"BATCH_EMULATOR_HOST": "0.0.0.0", "BATCH_EMULATOR_ALLOW_REMOTE": "1"}
    with started(tmp_path, **variables) as ready:
        assert asked(ready["url"], Host="emulator:14570") == 200
        assert asked(ready["url"], Host="emulator:14570", Origin="https://evil.example") == 403
