# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process and its port: starting, stopping, request lines, connections, and what it must not import."""

from __future__ import annotations

import ast
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import batch_emulator as package
import psutil
import pytest
import requests
from batch_emulator.accounts import COS_APPID
from batch_emulator.client import Emulator, EmulatorError, Process, start, until
from qcloud_cos.cos_auth import CosS3Auth

from .clients import PLAIN, Cos

FOLDER = Path(package.__file__ or "").parent
COMMAND = [sys.executable, "-m", "batch_emulator"]
ENV = os.environ | {"PYTHONPATH": str(FOLDER.parent)}


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


def exchange(url: str, *lines: str) -> bytes:
    """Send lines as they are, the last ones for this connection; everything that comes back."""
    with socket.create_connection(address(url), timeout=600) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.invalid"])
def test_only_loopback(host: str) -> None:
    done = subprocess.run([*COMMAND, "--host", host], env=ENV, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 2
    assert "only on loopback addresses" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_greeting_ready_file_and_clean_exit(tmp_path: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready.json"
    command = [*COMMAND, "--port", "0", "--ready-file", str(ready)]
    process = subprocess.Popen(command, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert until(ready.exists)
        data = json.loads(ready.read_text())
        assert data["pid"] == process.pid
        assert data["url"] == f"http://127.0.0.1:{data['port']}"
        assert Emulator(data["url"]).health()["status"] == "ok"
        # Neither a connection that is kept open nor a request that waits for ever may hold up the end.
        idle = socket.create_connection(address(data["url"]))
        emulator = Emulator(data["url"])
        emulator.fault("barrier", operation="ListJobs")
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(Cos(data["url"]), "GET", "/jobs")
            emulator.until_waiting()
            process.send_signal(number)
            out, errors = process.communicate(timeout=600)
            assert isinstance(held.exception(), requests.ConnectionError)
        idle.close()
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, errors) == (0, "")
    assert f"export AWS_ENDPOINT_URL={data['url']}" in out
    assert "export TENCENTCLOUD_SECRET_ID=EMULATORCOSID" in out
    assert not ready.exists()


def test_exits_with_its_parent(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    command = [*COMMAND, "--quiet", "--port", "0", "--ready-file", str(ready), "--parent-pid", str(parent.pid)]
    process = subprocess.Popen(command, env=ENV)
    try:
        assert until(ready.exists)
        time.sleep(0.6)  # longer than it takes to look at its parent
        assert process.poll() is None
        parent.kill()
        parent.wait()
        assert process.wait(timeout=600) == 0
    finally:
        for each in (parent, process):
            each.kill()
            each.wait()


def test_exits_when_a_killed_starter_is_still_a_zombie(tmp_path: Path) -> None:
    """The starter dies hard and is not reaped; the server it started must notice all the same."""
    script = "import sys, batch_emulator.client as c; p = c.Process(); print(p.pid, flush=True); input()"
    # It leaves its files behind, too.
    env = ENV | {"TMPDIR": str(tmp_path)}
    starter = subprocess.Popen(
        [sys.executable, "-c", script], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
        assert until(lambda: not _alive(pid))
    finally:
        starter.kill()
        starter.communicate()


def _alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_start_stops_and_reports() -> None:
    with start() as emulator:
        url = emulator.url
        assert emulator.health()["jobs"] == 0
    with pytest.raises(OSError):
        socket.create_connection(address(url), timeout=600)
    process = Process()
    assert process.stop() == 0
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(EmulatorError, match="did not start"):
        Process(port=taken.getsockname()[1])


@pytest.mark.parametrize(
    "target", ["/jobs", "http://1.cos-control.ap-x.myqcloud.com/jobs", "HTTP://host:81/jobs", "http://[::1]:80/jobs"]
)
def test_request_lines(emulator: Emulator, target: str) -> None:
    answer = exchange(emulator.url, f"GET {target} HTTP/1.1", "Host: x")
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert emulator.log()[-1]["path"] == "/jobs"


def test_unknown_paths_and_tunnels(emulator: Emulator) -> None:
    for target in ("/", "/jobsx", "http://host", "http://host?a=b", "/v20180820", "/favicon.ico"):
        answer = exchange(emulator.url, f"GET {target} HTTP/1.1", "Host: x")
        assert answer.startswith(b"HTTP/1.1 404 ")
    tunnel = exchange(emulator.url, "CONNECT host:443 HTTP/1.1", "Host: host:443")
    assert tunnel.startswith(b"HTTP/1.1 405 ")


def test_keep_alive_and_content_length(emulator: Emulator) -> None:
    connection = http.client.HTTPConnection(*address(emulator.url))
    ports = set()
    for path in ("/jobs", "/v20180820/jobs", "/_emulator/health", "/nothing"):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert int(answer.headers["Content-Length"]) == len(body)
        assert not answer.will_close
        ports.add(connection.sock.getsockname()[1])
    assert len(ports) == 1
    connection.close()


def test_cos_post_without_length(emulator: Emulator, cos: Cos) -> None:
    request = SimpleNamespace(method="POST", url=cos.base, headers={"x-cos-appid": COS_APPID})
    path = "/jobs/job-1/priority"
    signed = CosS3Auth(cos.config, path, {"priority": "3"})(request).headers["Authorization"]
    host = cos.base.removeprefix("http://")
    lines = (f"Host: {host}", f"x-cos-appid: {COS_APPID}", f"Authorization: {signed}")
    answer = exchange(emulator.url, f"POST {path}?priority=3 HTTP/1.1", *lines)
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b"<Code>MissingContentLength</Code>" in answer
    answer = exchange(emulator.url, f"POST {path}?priority=3 HTTP/1.1", "Content-Length: 0", *lines)
    assert b"<Code>NoSuchJob</Code>" in answer


def test_speed_of_signed_requests() -> None:
    """By the processor's time for requests that nobody signs: what else the machine does is not counted."""
    process = Process()
    try:
        server, cos = psutil.Process(process.pid), Cos(process.emulator.url)
        process.emulator.seed({"provider": "cos", "region": "ap-chengdu", "job_id": "a", "frozen": True})
        costs = []
        for ask in (lambda: PLAIN.get(f"{process.emulator.url}/_emulator/health"), lambda: cos.priority("a", 1)):
            before = server.cpu_times()
            assert {ask().status_code for _turn in range(400)} == {200}
            costs.append(server.cpu_times().user + server.cpu_times().system - before.user - before.system)
    finally:
        process.stop()
    # The kernel counts in hundredths of a second.
    assert costs[1] < 10 * max(costs[0], 0.05), costs


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_walls() -> None:
    """Nothing of the plugins, and only the HTTP side knows a web framework."""
    for path in FOLDER.glob("*.py"):
        # AWS's own model says what an operation may hold.
        known = {"server.py": {"aiohttp"}, "operations.py": {"botocore"}, "files.py": {"yaml"}, "tls.py": {"trustme"}}
        allowed = {**known, "pytest_plugin.py": {"pytest"}}.get(path.name, set())
        assert imports(path) - set(sys.stdlib_module_names) <= allowed, path.name
    script = "import sys, batch_emulator.client; sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], env=ENV, check=False).returncode == 0
