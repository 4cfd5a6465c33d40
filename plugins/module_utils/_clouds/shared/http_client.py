# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send one signed HTTP request through requests, and read its response within limits.

Each failure becomes a BatchError. Private to this collection.
"""

from __future__ import annotations

import base64
import datetime
import email.utils
import hashlib
import traceback
import typing as t
from urllib.parse import urlsplit

from ..._core import errors, providers
from . import credential_cache, parse_job_xml, responses

T = t.TypeVar("T")
Headers = t.Mapping[str, str]


class Request(t.NamedTuple):
    """The request of a verb.

    :param operation: the API operation, for messages.
    :param target: path and query, encoded.
    :param body: the content, or a file at its beginning.
    """

    operation: str
    method: str
    target: str
    headers: t.Mapping[str, str] = {}
    body: t.Union[bytes, t.BinaryIO] = b""


class Response(t.NamedTuple):
    """A response without secrets; names of headers in lower case."""

    status: int
    headers: Headers
    body: bytes


def load() -> t.Any:
    """Return requests.

    :raises MissingLibrary: it is not installed.
    """
    try:
        import requests
        import requests.adapters
    except ImportError as error:
        raise errors.MissingLibrary("requests", traceback.format_exc()) from error
    return requests


class Client:
    """Connections to one endpoint.

    :param base: the endpoint's URL.
    :param headers: headers of each request.
    :param sign: adds the Authorization header to a prepared request.
    :param keys: the keys of the signatures. Their secrets are masked in responses. If the provider rejects the keys,
        new keys are searched.
    :param secrets: further secrets to mask in responses.

    Afterwards, seen has the signatures whose responses were not searched for secrets.
    """

    def __init__(
        self,
        requests: t.Any,
        traits: providers.Traits,
        options: providers.Options,
        base: str,
        headers: Headers,
        sign: t.Callable[[t.Any], t.Any],
        keys: credential_cache.Keys,
        secrets: t.Collection[str] = (),
    ) -> None:
        self._errors = requests.exceptions
        # Errors of a raw body, which requests does not translate.
        self._stalled = requests.packages.urllib3.exceptions.ReadTimeoutError
        self._broken = requests.packages.urllib3.exceptions.HTTPError
        self._traits = traits
        self._options = options
        self._base = base
        self._keys = keys
        self._secrets = secrets
        self.seen = responses.Secrets()
        self._session = requests.Session()
        host = urlsplit(base).netloc
        self._session.headers.update({"Host": host, "User-Agent": "ansible-objectstore.batch", **headers})
        # As auth, because a .netrc entry for the host would otherwise replace the header.
        self._session.auth = sign
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=options.connections)
        self._session.mount(f"{urlsplit(base).scheme}://", adapter)

    def call(
        self,
        request: Request,
        parse: t.Callable[[bytes], T],
        refused: t.Callable[[str, Response], errors.Failure],
    ) -> T:
        """Send one request and parse its response.

        :param refused: returns the failure of an error response.
        :raises BatchError: no response, an error, or a response that cannot be parsed.
        """
        answer = self.fetch(request, refused)
        try:
            return parse(answer.body)
        except parse_job_xml.ResponseError as error:
            if parse_job_xml.parse_error(answer.body):
                # S3 and its clones can fail after the status line.
                raise errors.BatchError(self._keys.refused(refused(request.operation, answer))) from error
            raise errors.BatchError(
                self._traits.failure("invalid_response", str(error), operation=request.operation)
            ) from error

    def fetch(self, request: Request, refused: t.Callable[[str, Response], errors.Failure]) -> Response:
        """Send one request and return its response.

        :raises BatchError: no response, or an error.
        """
        answer = self._answer(request)
        if answer.status >= 300:
            raise errors.BatchError(self._keys.refused(refused(request.operation, answer)))
        self._keys.answered()
        return answer

    def _answer(self, request: Request) -> Response:
        raised = self._errors
        kind: errors.Kind
        details: dict[str, t.Any] = {}
        try:
            return self._send(request)
        except responses.ResponseTooLargeError as error:
            kind, text = "invalid_response", str(error)
        except raised.Timeout as error:
            kind, text = "timeout", _reason(error)
        except raised.SSLError as error:
            kind, text = "unreachable", _reason(error)
            details = {"permanent": True, "hint": errors.TLS_HINT}
        except (raised.ConnectionError, raised.ChunkedEncodingError, raised.ContentDecodingError) as error:
            kind, text = "unreachable", _reason(error)
        except self._stalled as error:
            kind, text = "timeout", _reason(error)
        except self._broken as error:
            kind, text = "unreachable", _reason(error)
        except (raised.RequestException, OSError) as error:
            kind, text = "invalid", _reason(error)
        raise errors.BatchError(self._traits.failure(kind, text, operation=request.operation, **details))

    def _send(self, request: Request) -> Response:
        """Send one request; return the response, with its body read within limits and without secrets."""
        options = self._options
        answer = self._session.request(
            request.method,
            f"{self._base}{request.target}",
            data=request.body or None,
            headers=dict(request.headers),
            timeout=options.request_timeout,
            verify=(options.ca_bundle or True) if options.validate_certs else False,
            # A redirect would send the signature to another host, where it is not valid.
            allow_redirects=False,
            stream=True,
        )
        try:
            sent = responses.signatures(str(answer.request.headers.get("Authorization", "")))
            mask = responses.SecretMasker([*sent, *self._keys.secrets.known(), *self._secrets])
            headers = {name.lower(): mask.text(value) for name, value in answer.headers.items()}
            if "Range" in request.headers and answer.status_code < 300:
                # A part of a report is raw, and is not searched for secrets, because that takes longer than reading it.
                # Shown parts are searched.
                self.seen.add(*sent)
                chunks = answer.raw.stream(responses.CHUNK, decode_content=False)
                return Response(answer.status_code, headers, responses.read_body(chunks, headers.get("content-length")))
            body = b"" if request.method == "HEAD" else self._read(answer, headers.get("content-length"))
            return Response(answer.status_code, headers, mask.body(body))
        finally:
            answer.close()

    def _read(self, answer: t.Any, announced: t.Optional[str]) -> bytes:
        return responses.read_body(answer.iter_content(responses.CHUNK), announced)


def body_headers(body: bytes) -> dict[str, str]:
    """Return the headers of an XML body. MD5 is for integrity only: the providers check it."""
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    return {"Content-Type": "application/xml", "Content-MD5": base64.b64encode(digest).decode()}


def parse_date(text: str) -> t.Optional[datetime.datetime]:
    """Return the moment of an HTTP date, in UTC; None if it is not one."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
        return aware.astimezone(datetime.timezone.utc)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    """Return the cause without the wrapping of requests and urllib3, which prints object addresses."""
    inner: t.Any = error
    while getattr(inner, "args", None):
        nested = getattr(inner, "reason", None) or inner.args[-1]
        if not isinstance(nested, BaseException):
            break
        inner = nested
    text = str(inner)
    return text.split(">: ", 1)[-1] if ">: " in text else text or type(inner).__name__
