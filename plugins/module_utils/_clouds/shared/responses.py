# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read responses within limits, and mask the secrets in them.

A server that intercepts the connection can echo the headers of a request, and responses end up in results and logs.
Private to this collection.
"""

from __future__ import annotations

import re
import threading
import time
import typing as t
from urllib.parse import quote

LARGEST: t.Final = 32 * 2**20
"""Bytes of a body, decompressed; a page of 1,000 jobs has some 2 MB."""
CHUNK: t.Final = 16 * 2**10
"""Bytes that are read at once; gzip can expand them a thousandfold."""
_MASK: t.Final = "********"


class UnreadableResponseError(ValueError):
    """A body is not one that a provider sends."""


class ResponseTooLargeError(UnreadableResponseError):
    """A body is larger than any response of the providers."""


class ResponseTooSlowError(UnreadableResponseError):
    """A body does not arrive in time, because its bytes arrive slowly."""


class Secrets:
    """Secrets that are never shown; the set grows while threads read it."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def add(self, *secrets: str) -> None:
        """Add secrets; empty ones are ignored."""
        new = {secret for secret in secrets if secret} - self._known
        if new:
            with self._lock:
                self._known |= new

    def known(self) -> frozenset[str]:
        """Return all of them."""
        return self._known


class SecretMasker:
    """Removes the secrets of a request from its response.

    :param secrets: keys, tokens, and the Authorization header with its signature; empty ones are ignored.
    """

    def __init__(self, secrets: t.Iterable[str]) -> None:
        whole = {secret for secret in secrets if secret}
        # The longest first, because a header contains the signature.
        written = {form for secret in whole for form in (secret, quote(secret, safe=""), _escaped(secret))}
        self._secrets = sorted(written, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return a text, such as a header, with each secret masked."""
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text

    def body(self, body: bytes) -> bytes:
        """Return a body with each secret masked."""
        for secret in self._secrets:
            body = body.replace(secret.encode(), _MASK.encode())
        return body


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_body(
    chunks: t.Iterable[bytes], announced: t.Optional[str], largest: int = LARGEST, end: t.Optional[float] = None
) -> bytes:
    """Return a body that arrives in chunks.

    :param announced: the header Content-Length, None without one.
    :param largest: the maximum size in bytes.
    :param end: the deadline, by time.monotonic(); None if the caller enforces one.
    :raises ResponseTooLargeError: it is larger, or announces that it is.
    :raises ResponseTooSlowError: it does not arrive in time.
    """
    body = bytearray()
    text = f"the response is larger than {_size(largest)}, the limit for such responses"
    size = re.fullmatch("0*([0-9]{1,15})", announced or "")
    if size and int(size[1]) > largest:
        raise ResponseTooLargeError(text)
    for chunk in chunks:
        body += chunk
        if len(body) > largest:
            raise ResponseTooLargeError(text)
        if end is not None and time.monotonic() > end:
            raise ResponseTooSlowError("the response arrives too slowly")
    return bytes(body)


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 2**20 else f"{count >> 10} KiB"


def signatures(authorization: str) -> tuple[str, str]:
    """Return an Authorization header and the signature at its end."""
    return authorization, authorization.rpartition("ignature=")[2]
