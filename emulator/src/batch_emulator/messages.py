# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests and responses, independent of any web framework."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

from .jobs import QueueKey

if TYPE_CHECKING:
    from .waits import Waiting


@dataclass(slots=True)
class Request:
    """A request as received: nothing is decoded, and header names are in lower case."""

    method: str
    target: str
    headers: dict[str, list[str]]
    body: bytes = b""
    # The port of the client, and whether it has disconnected.
    port: int = 0
    gone: Callable[[], bool] = lambda: False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def host(self) -> str:
        return self.header("host") or ""

    def header(self, name: str) -> str | None:
        values = self.headers.get(name)
        return values[0] if values else None

    def pairs(self, plus_is_blank: bool) -> list[tuple[str, str]]:
        return decode_pairs(self.query, plus_is_blank)


NO_QUEUE = QueueKey("", "", "")


@dataclass(slots=True)
class Call:
    """A parsed request: the operation, the job, and, after authentication, the queue."""

    request: Request
    operation: str
    job_id: str | None = None
    write: bool = False
    queue: QueueKey = NO_QUEUE
    query: list[tuple[str, str]] = field(default_factory=list)
    # Effects of faults: return old priorities, store or return another priority than requested, and repeat this number
    # of jobs of the previous page.
    stale: bool = False
    repeated: int = 0
    stored_priority: int | None = None
    shown_priority: int | None = None

    def first(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]


@dataclass(slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/xml"
    headers: dict[str, str] = field(default_factory=dict)
    # Close the connection after this many bytes of the body, although more were announced.
    cut_at: int | None = None
    # Pause between one byte of the body and the next; the length is not announced.
    drip: Waiting | None = None


def as_bytes(text: str) -> bytes:
    """Return the original bytes of a header or path, even if they are not UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def same(left: str, right: str) -> bool:
    """Compare secrets and digests in constant time."""
    return hmac.compare_digest(as_bytes(left), as_bytes(right))


class Dropped(Exception):
    """Reset the connection instead of sending a response."""


def origin_form(target: str) -> str:
    """Path and query of a request line, also of one in the absolute form that proxies receive."""
    if target.startswith("/"):
        return target
    _unused, found, rest = target.partition("://")
    if not found:
        return target
    path = rest[len(rest.split("/", 1)[0].split("?", 1)[0]) :]
    return path if path.startswith("/") else "/" + path


def decode_pairs(query: str, plus_is_blank: bool) -> list[tuple[str, str]]:
    decode = unquote_plus if plus_is_blank else unquote
    pairs = []
    for item in query.split("&"):
        if item:
            name, _unused, value = item.partition("=")
            pairs.append((decode(name), decode(value)))
    return pairs
