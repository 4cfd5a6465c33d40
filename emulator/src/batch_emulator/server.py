# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP side: turns aiohttp's requests into ours and our answers into bytes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct

from aiohttp import web

from . import tls
from .admin import PREFIX, Admin
from .clock import Clock
from .exchange import Gate
from .messages import Answer, Dropped, Request, origin_form
from .origins import is_local
from .waits import Waiting
from .world import World

# Clients keep connections open for a long time. If the server closes them first, clients see unexpected resets.
KEEPALIVE_SECONDS = 3600.0


def check_loopback(host: str) -> None:
    """Reject other addresses without --allow-remote, because the keys of the emulator are public."""
    if not is_local(host):
        raise ValueError(
            f"The emulator listens only on loopback addresses, not on {host!r}. Set --allow-remote to change that."
        )


class Server:
    def __init__(self, clock: Clock, remote: bool = False) -> None:
        self.world = World(clock)
        self.gate = Gate(self.world)
        self.world.operations = self.gate.operations
        self.remote = remote
        self.admin = Admin(self.world, remote)
        self._runner: web.ServerRunner | None = None
        self._own = "127.0.0.1"
        self._port = 0
        self._tls_port = 0

    async def start(self, host: str, port: int) -> int:
        """Listen, and say on which port."""
        if not self.remote:
            check_loopback(host)
        listener = _listener(host, port)
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None, keepalive_timeout=KEEPALIVE_SECONDS), shutdown_timeout=0.5
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self._own = "::1" if ":" in host else self._own
        self._port = int(listener.getsockname()[1])
        return self._port

    async def start_tls(self, host: str, port: int, authority: tls.Authority) -> int:
        """Listen for TLS, too, and say on which port; from now on tunnels are answered and end there."""
        if self._runner is None:
            raise ValueError("start() comes first")
        listener = _listener(host, port)
        await web.SockSite(self._runner, listener, ssl_context=authority.context).start()
        self._tls_port = int(listener.getsockname()[1])
        return self._tls_port

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, raw: web.BaseRequest) -> web.StreamResponse:
        if raw.method == "CONNECT":
            return await self._connect(raw)
        request = await _read(raw)
        if request.path == PREFIX or request.path.startswith(PREFIX + "/"):
            return _response(self.admin.serve(request))
        try:
            answer = await self.gate.serve(request)
        except Dropped:
            _reset(raw)
            return web.Response()
        if answer.cut_at is not None:
            return await _cut(raw, answer)
        if answer.drip is not None:
            with self.world.waits.noted(answer.drip):
                return await _drip(raw, answer, answer.drip)
        return _response(answer)

    async def _connect(self, raw: web.BaseRequest) -> web.Response:
        if not self._tls_port:
            text = "The emulator speaks plain HTTP only, also as a proxy, unless it is started with --tls.\n"
            return web.Response(status=405, text=text)
        if raw.transport is not None:
            plain = raw.raw_path.endswith(":80")
            port = self._port if plain else self._tls_port
            await tls.tunnel(raw.transport, self._own, port)
        return web.Response()


def _listener(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)


async def _read(raw: web.BaseRequest) -> Request:
    headers: dict[str, list[str]] = {}
    for name, value in raw.raw_headers:
        headers.setdefault(name.decode().lower(), []).append(value.decode("utf-8", "surrogateescape"))
    # The low level of aiohttp leaves it to its user; botocore waits a second for it before it sends an object.
    if headers.get("expect", [""])[0].lower() == "100-continue" and raw.transport is not None:
        raw.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    # Straight from the stream: BaseRequest.read() stops at 1 MiB, and seeding takes more.
    body = await raw.content.read() if raw.body_exists else b""
    return Request(raw.method, origin_form(raw.raw_path), headers, body, _port(raw), lambda: _has_gone(raw))


def _port(raw: web.BaseRequest) -> int:
    peer = None if raw.transport is None else raw.transport.get_extra_info("peername")
    return int(peer[1]) if peer else 0


def _has_gone(raw: web.BaseRequest) -> bool:
    return raw.transport is None or raw.transport.is_closing()


def _response(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status,
        body=answer.body,
        headers={**answer.headers, "Content-Type": answer.content_type},
    )


def _reset(raw: web.BaseRequest) -> None:
    """Close so that the client sees a reset, not an orderly end."""
    if raw.transport is None:
        return
    connection = raw.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.transport.abort()


async def _cut(raw: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Announce the whole body, send a part of it, and hang up."""
    response = web.StreamResponse(status=answer.status, headers={**answer.headers, "Content-Type": answer.content_type})
    response.content_length = len(answer.body)
    await response.prepare(raw)
    await response.write(answer.body[: answer.cut_at])
    if raw.transport is not None:
        raw.transport.close()
    return response


async def _drip(raw: web.BaseRequest, answer: Answer, drip: Waiting) -> web.StreamResponse:
    """Send one byte at a time while the client is connected."""
    response = web.StreamResponse(status=answer.status, headers={**answer.headers, "Content-Type": answer.content_type})
    await response.prepare(raw)
    with contextlib.suppress(ConnectionError):
        for byte in answer.body:
            await response.write(bytes([byte]))
            await asyncio.wait([drip.over], timeout=drip.pause)
        await response.write_eof()
    return response


async def watch(pid: int, gone: asyncio.Event) -> None:
    """Set the event when a process ends, so that a killed test run leaves no server running."""
    born_by = os.getppid()
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        except PermissionError:
            pass
        # A dead parent may live on as a zombie, but its children get another parent.
        if born_by == pid and os.getppid() != pid:
            break
        await asyncio.sleep(0.5)
    gone.set()
