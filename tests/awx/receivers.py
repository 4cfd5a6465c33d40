# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receivers of notifications: a web server and a mail server on loopback that store each message."""

from __future__ import annotations

import email
import email.policy
import json
import queue
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Told = dict[str, Any]


class Received:
    """The received messages, in order."""

    def __init__(self) -> None:
        self.inbox: queue.Queue[Told] = queue.Queue()
        self.url = ""
        self.mail_port = 0

    def taken(self) -> list[Told]:
        """Return all messages. Each sender has waited for its response."""
        return [self.inbox.get_nowait() for _number in range(self.inbox.qsize())]


class _Web(BaseHTTPRequestHandler):
    received: Received

    def do_POST(self) -> None:
        self.received.inbox.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing."""


class _Mail(socketserver.StreamRequestHandler):
    """Implements the part of SMTP (RFC 5321) that one message needs."""

    received: Received

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self._keep(b"".join(iter(self.rfile.readline, b".\r\n")))
            self._say("221 bye" if verb == "QUIT" else "250 fine")
            if verb == "QUIT":
                return

    def _keep(self, text: bytes) -> None:
        mail = email.message_from_bytes(text, policy=email.policy.default)
        body = mail.get_content().replace("\r\n", "\n")
        self.received.inbox.put({"subject": mail["Subject"], "to": mail["To"], "body": body})

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def start() -> Iterator[Received]:
    """Receive on two ports of loopback."""
    received = Received()
    web = ThreadingHTTPServer(("127.0.0.1", 0), type("Web", (_Web,), {"received": received}))
    mail = _MailServer(("127.0.0.1", 0), type("Mail", (_Mail,), {"received": received}))
    received.url, received.mail_port = f"http://127.0.0.1:{web.server_address[1]}/hook", mail.server_address[1]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in (web, mail)]
    for thread in threads:
        thread.start()
    try:
        yield received
    finally:
        for server in (web, mail):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
