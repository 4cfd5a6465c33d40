# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe where and how a provider is reached. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import urlsplit

from . import errors

KEYS: t.Final = ("access_key", "secret_key", "session_token")
_KEY: t.Final = re.compile("[\\x21-\\x7e]*")


@dataclasses.dataclass(frozen=True)
class Credentials:
    """A key pair, with a token where it is a temporary one."""

    access_key: str
    secret_key: str = dataclasses.field(repr=False)
    session_token: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True)
class Role:
    """A role that is assumed with the credentials before anything else is asked."""

    arn: str
    external_id: str = ""
    session_name: str = ""


@dataclasses.dataclass(frozen=True)
class Options:
    """Where and how to connect: checked, environment applied.

    :param endpoint_source: the variable that names endpoint_url; empty where the task does.
    :param credentials: None where the cloud's own places (profile, files, role) are to be searched.
    :param request_timeout: seconds without an answer.
    :param connections: how many requests may be under way at once.
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
    """Return credentials that headers can carry, wherever they come from.

    The clouds' libraries quote a key that they cannot send, so the value is judged here, and never shown.

    :param source: the place that they were found in, for messages; empty for the task and its environment.
    :raises OptionError: a value holds what no key holds.
    """
    for name in KEYS:
        if not _KEY.fullmatch(getattr(keys, name)):
            where = f" of {source}" if source else ""
            rule = "it must be visible ASCII characters without blanks and line breaks"
            raise errors.OptionError(f"{name}: the value{where} is refused: {rule}.")
    return keys


def uses_plain_http(url: str) -> bool:
    """Whether requests to a URL can be read on their way to another machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    loopback = host in ("localhost", "::1") or host.endswith(".localhost") or re.fullmatch(r"127(\.[0-9]+){3}", host)
    return parts.scheme == "http" and not loopback
