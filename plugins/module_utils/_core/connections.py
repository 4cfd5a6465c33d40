# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe where and how a provider is reached. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import urlsplit

from . import validation

KEYS: t.Final = ("access_key", "secret_key", "session_token")
_KEY: t.Final = re.compile("[\\x21-\\x7e]*")


@dataclasses.dataclass(frozen=True)
class Credentials:
    """A key pair, with a token if it is temporary."""

    access_key: str
    secret_key: str = dataclasses.field(repr=False)
    session_token: str = dataclasses.field(default="", repr=False)


class Role(t.NamedTuple):
    """A role that is assumed with the credentials before any other request."""

    arn: str
    external_id: str = ""
    session_name: str = ""


@dataclasses.dataclass(frozen=True)
class Options:
    """Where and how to connect: checked, environment applied.

    :param endpoint_source: the variable that sets endpoint_url; empty if the task sets it.
    :param credentials: None if the provider's credential locations (profile, files, role) are searched.
    :param request_timeout: seconds without a response.
    :param connections: how many requests can be in flight at once.
    """

    region: str = ""
    account_id: str = ""
    app_id: str = ""
    endpoint_url: str = ""
    endpoint_source: str = ""
    validate_certs: bool = True
    ca_bundle: str = ""
    request_timeout: float = 30.0
    profile: str = ""
    credentials: t.Optional[Credentials] = None
    connections: int = 1
    role: t.Optional[Role] = None


def check_keys(keys: Credentials, source: str = "") -> Credentials:
    """Return credentials that HTTP headers can carry, wherever they come from.

    The SDKs quote a key that they cannot send. So the values are checked here, and errors do not contain them.

    :param source: where they were found, for messages; empty for the task and its environment.
    :raises OptionError: a value has characters that no key has.
    """
    for name in KEYS:
        if not _KEY.fullmatch(getattr(keys, name)):
            where = f"{name} (from {source})" if source else name
            raise validation.hidden_value(where, "must be printable ASCII characters without blanks or line breaks")
    return keys


def uses_plain_http(url: str) -> bool:
    """Whether requests to a URL can be intercepted on the network."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    loopback = host in ("localhost", "::1") or host.endswith(".localhost") or re.fullmatch(r"127(\.[0-9]+){3}", host)
    return parts.scheme == "http" and not loopback


def plain_http_warning(option: str, url: str) -> str:
    """Return the warning about an endpoint that uses_plain_http.

    :param option: where the URL is set, such as endpoint_url.
    """
    return f"{option} {url} uses unencrypted HTTP. Credentials and data can be intercepted and changed. Use HTTPS."
