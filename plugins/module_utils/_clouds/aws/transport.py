# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send what botocore has signed to the host that it names, and read the response within limits.

By itself, botocore reads bodies of any size, shows secrets that a server echoes, and chooses the proxy for the
host of the request before the host is changed. Private to this collection.
"""

from __future__ import annotations

import os
import threading
import typing as t
from urllib.parse import urlsplit

from ..._core import providers
from ..shared import responses, xml_bounds
from . import credential_chain

_TOKENS: t.Final = ("X-Amz-Security-Token", "x-amz-sso_bearer_token")
"""Headers with tokens, including those of the credentials that assume a role."""
_HAND_OUT: t.Final = (".AssumeRole", ".AssumeRoleWithWebIdentity", ".GetRoleCredentials", "Token")
"""Operations whose responses are secrets, including secrets that are already known."""
_NO_WORDS: t.Final = b"<Unreadable/>"
"""Replaces an error that must not be parsed: botocore finds no code and no message, so the status decides."""


class Transport:
    """The connections of one task."""

    def __init__(self, session: t.Any, options: providers.Options, secrets: responses.Secrets) -> None:
        """Send for all clients of a session, including those by which botocore finds credentials.

        :param session: botocore.session.Session.
        :param secrets: never shown; grows if the SDK finds further keys.
        """
        self._secrets = secrets
        self._answered = threading.local()
        self._session = session
        self._options = options
        self._lock = threading.Lock()
        self._hosts: dict[str, t.Any] = {}
        # Of every service: S3 Control, S3, STS and EC2, and those that log in (SSO).
        session.register("before-send", self._send)

    def answered(self) -> int:
        """Return how many responses this thread has received."""
        return getattr(self._answered, "count", 0)

    def _send(self, request: t.Any, event_name: str = "", **kwargs: t.Any) -> t.Any:
        """Send a request for botocore (its event before-send) and return the complete response.

        :param event_name: with the operation at its end.
        """
        import botocore.exceptions
        import urllib3.exceptions

        with self._lock:
            host = urlsplit(request.url).netloc
            if host not in self._hosts:
                self._hosts[host] = self._connections(request.url)
        sent = responses.signatures(_text(request.headers.get("Authorization") or ""))
        self._secrets.add(*(_text(request.headers.get(name) or "") for name in _TOKENS))
        if request.headers.get("Range"):
            # A part of a report is not searched for secrets, because that is slow. Shown parts are searched.
            self._secrets.add(*sent)
            mask = responses.SecretMasker([])
        else:
            mask = responses.SecretMasker([*sent, *self._secrets.known()])
        request.stream_output = True
        answer = self._hosts[host].send(request)
        self._answered.count = self.answered() + 1
        for name, value in list(answer.headers.items()):
            answer.headers[name] = mask.text(value)
        whole = False
        try:
            body = responses.read_body(answer.raw.stream(responses.CHUNK), answer.headers.get("Content-Length"))
            whole = True
        except urllib3.exceptions.ReadTimeoutError as error:
            raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except urllib3.exceptions.HTTPError as error:
            raise botocore.exceptions.ConnectionClosedError(endpoint_url=request.url, error=error) from error
        finally:
            if not whole:
                # The rest of the body would be read as the next response.
                answer.raw.close()
        fine = answer.status_code < 300
        if not (fine and event_name.endswith(_HAND_OUT)):
            body = mask.body(body)
        part = fine and request.headers.get("Range")
        answer.raw = credential_chain.Whole(body if part else _checked(body, answer.status_code))
        return answer

    def _connections(self, url: str) -> t.Any:
        import botocore.httpsession
        import botocore.utils

        options = self._options
        verify = options.ca_bundle or self._session.get_config_variable("ca_bundle")
        verify = verify or os.environ.get("REQUESTS_CA_BUNDLE") or True
        return botocore.httpsession.URLLib3Session(
            verify=verify if options.validate_certs else False,
            proxies=botocore.utils.get_environ_proxies(url),
            timeout=(options.request_timeout, options.request_timeout),
            max_pool_connections=options.connections,
        )


def _text(header: t.Union[str, bytes]) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header


def _checked(body: bytes, status: int) -> bytes:
    """Return a body that botocore can parse safely.

    :raises UnreadableResponseError: it is not one that a provider sends.
    """
    fault = xml_bounds.find_fault(body, long_texts=status >= 300)
    if fault and status < 300:
        raise responses.UnreadableResponseError(fault)
    return _NO_WORDS if fault else body
