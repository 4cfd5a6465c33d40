# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request log: every data request and its result. It never contains a secret."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import asdict, dataclass, field

from .messages import Request

# Enough for the longest benchmark, and still bounded.
MAX_ENTRIES = 200_000
_SECRET = re.compile(r"(?i)([?&][^=&]*(?:token|signature|credential|secret)[^=&]*=)[^&]*")


@dataclass(slots=True)
class Entry:
    seq: int
    method: str
    path: str
    user_agent: str | None
    time: float = field(default_factory=time.time)
    provider: str | None = None
    account: str | None = None
    region: str | None = None
    operation: str | None = None
    job_id: str | None = None
    # Both stay None where no answer was sent.
    http_status: int | None = None
    code: str | None = None
    fault: str | None = None
    write: bool = False
    applied: bool = False


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._seq = 0

    def open(self, request: Request) -> Entry:
        """A new entry, to be filled in while the request is served."""
        self._seq += 1
        target = _SECRET.sub(_mask, request.target)
        entry = Entry(self._seq, request.method, target, request.header("user-agent"))
        self._entries.append(entry)
        return entry

    def since(self, seq: int) -> list[dict[str, object]]:
        return [asdict(entry) for entry in self._entries if entry.seq > seq]

    def clear(self) -> None:
        """Forget the entries; numbers go on, so that a reader's place stays valid."""
        self._entries.clear()


def _mask(match: re.Match[str]) -> str:
    # Page tokens are not secret, and tests read them.
    return match[0] if match[1][1:].lower() == "nexttoken=" else match[1] + "***"
