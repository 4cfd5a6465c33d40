# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse times that a provider or a task writes as text or as seconds. Private to this collection."""

from __future__ import annotations

import datetime
import re
import typing as t

_TIME: t.Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


def parse_time(text: str) -> t.Optional[datetime.datetime]:
    """Return an ISO 8601 time in UTC (without a zone it is UTC); None if the text is not one."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    # Before Python 3.11, datetime.fromisoformat accepts neither Z nor any number of decimals.
    digits = (fraction or ".0")[1:7].ljust(6, "0")
    offset = "+00:00" if zone in (None, "Z") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    try:
        moment = datetime.datetime.fromisoformat(f"{day}T{clock}.{digits}{offset}")
        return moment.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        # OverflowError: a time in the year 1 or 9999 that is in another year in UTC.
        return None


def from_seconds(seconds: int) -> t.Optional[datetime.datetime]:
    """Return a time in Unix seconds; None if it is out of range."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        # Years after 9999.
        return None
