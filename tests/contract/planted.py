# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers every request of the inventory with a template in each text that a provider can return.

It checks nothing, and it shares no code with the emulator: what a hostile server sends need not be what a cloud sends.
A port for each way to answer: a status, or what is planted in an answer that is none, and the number of the plant.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import typing as t
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = "Access Denied by policy"
"""What stands before each plant, to show that texts stay readable."""
_HEADERS = ("x-amz-request-id", "x-amz-id-2", "x-cos-request-id", "x-oss-request-id", "x-oss-ec", "x-oss-server-time")


def plants(witness: Path) -> list[str]:
    """Return texts, each of which makes a file when something takes it for a template or an expression."""
    call = f"lookup('ansible.builtin.pipe', 'touch {witness}')"
    return [
        f"{{{{ {call} }}}}",
        f"{{% if {call} %}}yes{{% endif %}}",
        f"{{# a comment #}}{{{{ {call} }}}}",
        f"#jinja2: variable_start_string:'[['\n[[ {call} ]] {{{{ {call} }}}}",
        call,
        f"{{'a': '{{{{ {call} }}}}'}}",
    ]


class Server(http.server.ThreadingHTTPServer):
    """Answers in one way."""

    daemon_threads = True

    def __init__(self, way: str, plant: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.way = way
        self.plant = plant

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = dict(parse_qsl(self.rfile.read(length).decode("utf-8", "replace")))
        text = f"{WORDS} {self.server.plant}"
        if form.get("Format") == "JSON":
            status, kind, body = speak(self.server.way, form["Action"], text)
        else:
            status, kind, body = answer(self.server.way, form.get("Action", ""), text)
        self.send_response_only(status)
        # A header is one line.
        line = " ".join(self.server.plant.split())
        for name in _HEADERS:
            self.send_header(name, line)
        if status == 301:
            self.send_header("Location", f"{self.server.url}/{line}")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_HEAD = do_GET

    def log_message(self, *arguments: t.Any) -> None:
        """Say nothing."""


def answer(way: str, action: str, text: str) -> tuple[int, str, bytes]:
    """Return status, type and body."""
    text = escape(text)
    if way in ("account", "regions", "jobs", "status") and action in ("GetCallerIdentity", "DescribeRegions"):
        return 200, "text/xml", _identity(way, action, text)
    if way in ("account", "regions", "jobs", "status") and not action:
        return 200, "application/xml", _jobs(way, text)
    if way == "junk":
        return 200, "text/html", text.encode()
    fields = "".join(f"<{name}>{text}</{name}>" for name in ("Code", "Message", "Resource", "HostId", "EC", "Region"))
    own = f"<RequestId>{text}</RequestId><RequestID>{text}</RequestID>"
    if action == "DescribeRegions":
        body = f"<Response><Errors><Error>{fields}</Error></Errors>{own}</Response>"
    elif action:
        body = f"<ErrorResponse><Error><Type>{text}</Type>{fields}</Error>{own}</ErrorResponse>"
    else:
        body = f"<Error>{fields}{own}<BucketName>{text}</BucketName></Error>"
    return (int(way) if way.isdigit() else 403), "application/xml", body.encode()


def speak(way: str, action: str, text: str) -> tuple[int, str, bytes]:
    """Return the same of Alibaba's STS, which speaks JSON."""
    said = {"Code": text, "Message": text, "RequestId": text, "HostId": text, "Recommend": text}
    own = {"Arn": text, "UserId": text, "PrincipalId": text, "IdentityType": text, "RoleId": text}
    if action == "GetCallerIdentity" and way in ("account", "jobs", "status"):
        account = text if way == "account" else "1000000000000001"
        return 200, "application/json", json.dumps({**said, **own, "AccountId": account}).encode()
    return (int(way) if way.isdigit() else 403), "application/json", json.dumps({**said, **own}).encode()


def _identity(way: str, action: str, text: str) -> bytes:
    if action == "DescribeRegions":
        name = text if way == "regions" else "eu-central-1"
        names = f"<item><regionName>{name}</regionName><regionEndpoint>{text}</regionEndpoint></item>"
        request = f"<requestId>{text}</requestId>"
        return f"<DescribeRegionsResponse>{request}<regionInfo>{names}</regionInfo></DescribeRegionsResponse>".encode()
    account = text if way == "account" else "111122223333"
    result = f"<Arn>{text}</Arn><UserId>{text}</UserId><Account>{account}</Account>"
    metadata = f"<ResponseMetadata><RequestId>{text}</RequestId></ResponseMetadata>"
    whole = f"<GetCallerIdentityResult>{result}</GetCallerIdentityResult>{metadata}"
    return f"<GetCallerIdentityResponse>{whole}</GetCallerIdentityResponse>".encode()


def _jobs(way: str, text: str) -> bytes:
    status = text if way == "status" else "Active"
    names = ("Operation", "Description", "StatusUpdateReason", "SuspendedCause", "RoleArn", "Tomorrow")
    fields = "".join(f"<{name}>{text}</{name}>" for name in names)
    # botocore reads no list with a time that is none.
    times = "<CreationTime>2026-01-01T00:00:00Z</CreationTime>"
    reasons = f"<FailureCode>{text}</FailureCode><FailureReason>{text}</FailureReason>"
    job = (
        f"<JobId>{text}</JobId><Status>{status}</Status><Priority>5</Priority>{fields}{times}"
        f"<FailureReasons><member>{reasons}</member></FailureReasons>"
    )
    return f"<ListJobsResult><Jobs><member>{job}</member></Jobs></ListJobsResult>".encode()


@contextlib.contextmanager
def servers(ways: t.Iterable[tuple[str, int]], witness: Path) -> Iterator[dict[tuple[str, int], str]]:
    """Run a server for each way to answer and number of a plant; yield their URLs."""
    with contextlib.ExitStack() as stack:
        found = {}
        for way, number in ways:
            server = stack.enter_context(Server(way, plants(witness)[number]))
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(server.shutdown)
            found[way, number] = server.url
        yield found
