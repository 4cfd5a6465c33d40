# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends what botocore has signed: to the host that it goes to, and reads what comes back within bounds.

By itself botocore reads a body of any size, shows what a server echoes of the request, and chooses the proxy for the
host that it believes to talk to. Private to this collection.
"""

from __future__ import annotations

import io
import os
import threading
import typing as t
from urllib.parse import urlsplit

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    provider as _provider,
    xml_bounds as _xml_bounds,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import reading as _reading

_NO_WORDS: t.Final = b"<Unreadable/>"
"""Stands for an error that is not to be parsed: botocore finds neither code nor message in it, so the status speaks."""


class Transport:
    """The connections of one task.

    :param secrets: what is never shown; grows when the SDK finds further keys.
    """

    def __init__(self, session: t.Any, options: _provider.Options) -> None:
        """Send for all clients of a session, those included by which botocore assumes roles.

        :param session: botocore.session.Session.
        """
        self.secrets: frozenset[str] = frozenset()
        self._session = session
        self._options = options
        self._lock = threading.Lock()
        self._hosts: dict[str, t.Any] = {}
        for service in ("s3-control", "sts", "ec2", "s3"):
            session.register(f"before-send.{service}", self._send)

    def hide(self, *secrets: str) -> None:
        """Add secrets. Requests are sent from several threads, and none of theirs may get lost."""
        with self._lock:
            self.secrets = self.secrets | set(secrets)

    def _send(self, request: t.Any, **kwargs: t.Any) -> t.Any:
        """Send a request in botocore's place (its event before-send) and return the answer, which is whole."""
        import botocore.exceptions
        import urllib3.exceptions

        with self._lock:
            host = urlsplit(request.url).netloc
            if host not in self._hosts:
                self._hosts[host] = self._connections(request.url)
        header = request.headers.get("Authorization") or ""
        sent = _reading.signatures(header.decode("latin-1") if isinstance(header, bytes) else header)
        if request.headers.get("Range"):
            # A part of a report is not searched for secrets, which takes longer than to read it; what is shown is.
            self.hide(*sent)
            mask = _reading.Mask([])
        else:
            mask = _reading.Mask([*sent, *self.secrets])
        request.stream_output = True
        answer = self._hosts[host].send(request)
        for name, value in list(answer.headers.items()):
            answer.headers[name] = mask.text(value)
        whole = False
        try:
            body = _reading.read_body(answer.raw.stream(_reading.CHUNK), answer.headers.get("Content-Length"))
            whole = True
        except urllib3.exceptions.ReadTimeoutError as error:
            raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except urllib3.exceptions.HTTPError as error:
            raise botocore.exceptions.ConnectionClosedError(endpoint_url=request.url, error=error) from error
        finally:
            if not whole:
                # What is left of the body would be read as the next answer.
                answer.raw.close()
        part = request.headers.get("Range") and answer.status_code < 300
        answer.raw = _Whole(body if part else _checked(mask.body(body), answer.status_code))
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


def _checked(body: bytes, status: int) -> bytes:
    """Return a body that botocore may parse.

    :raises Unreadable: it is none that a provider sends.
    """
    fault = _xml_bounds.find_fault(body, long_texts=status >= 300)
    if fault and status < 300:
        raise _reading.Unreadable(fault)
    return _NO_WORDS if fault else body


class _Whole:
    """A body that has been read, in the form in which botocore reads one."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def stream(self, *arguments: t.Any, **options: t.Any) -> t.Iterator[bytes]:
        yield self._body.read()

    def read(self, amt: t.Optional[int] = None, **options: t.Any) -> bytes:
        return self._body.read(amt)
