# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a browser may have been made to ask: no page of somebody else's reaches the admin API."""

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
        return "The admin API answers no page of another origin."
    if request.header("sec-fetch-site") not in (None, "none", "same-origin"):
        return "The admin API answers no page of another site."
    # A name of somebody else's may be made to lead here, and a page of that name would be of our origin.
    if not remote and not is_local(urlsplit(f"//{request.host}").hostname or ""):
        return "The admin API is asked by a loopback address or as localhost; --allow-remote lifts that."
    return ""
