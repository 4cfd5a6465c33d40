# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rejects requests that pages of other origins send through a browser to the admin API."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from .messages import Request


def is_local(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def complaint(request: Request, remote: bool) -> str:
    """Why the request is refused, in a sentence; nothing where it is not.

    :param remote: whether the emulator may be reached from other machines, and so by any name.
    """
    origin = request.header("origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return "The admin API rejects requests from pages of another origin."
    if request.header("sec-fetch-site") not in (None, "none", "same-origin"):
        return "The admin API rejects requests from pages of another site."
    # A foreign name can resolve to this address, and a page of that name would have the same origin.
    if not remote and not is_local(urlsplit(f"//{request.host}").hostname or ""):
        return "The admin API requires a loopback address or localhost as the host. --allow-remote allows other hosts."
    return ""
