# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS with a certificate authority of the emulator's own, and tunnels that all end here."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

OWN_NAMES = ("localhost", "127.0.0.1", "::1")


class Authority:
    """Creates a certificate for every name that a client requests.

    :raises ImportError: the library trustme is not installed.
    """

    def __init__(self) -> None:
        import trustme

        self._authority = trustme.CA(organization_name="objectstore.batch emulator, for tests only")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.context = self._context(*OWN_NAMES)
        self.context.sni_callback = self._choose

    def write(self, path: Path) -> None:
        """Write the authority's certificate, for AWS_CA_BUNDLE and the like."""
        self._authority.cert_pem.write_to_path(path)

    def _context(self, *names: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(*names).configure_cert(context)
        return context

    def _choose(self, connection: Any, name: str | None, context: ssl.SSLContext) -> None:
        if not name or name in OWN_NAMES:
            return
        if name not in self._contexts:
            self._contexts[name] = self._context(name)
        connection.context = self._contexts[name]


class _End(asyncio.Protocol):
    """One end of a tunnel: what comes in goes out at the other."""

    def __init__(self) -> None:
        self.other: asyncio.Transport | None = None
        self.closed = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        if self.other is not None:
            self.other.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None:
            self.other.close()
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.resume_reading()


async def tunnel(client: asyncio.Transport, host: str, port: int) -> None:
    """Answer a CONNECT and pass bytes to a port of this machine until either side hangs up."""
    near, far = _End(), _End()
    upstream, _unused = await asyncio.get_running_loop().create_connection(lambda: far, host, port)
    near.other, far.other = upstream, client
    client.set_protocol(near)
    client.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    try:
        await near.closed
    finally:
        upstream.close()
