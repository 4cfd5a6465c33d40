# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tencent COS batch processing, through requests.

Sources: Tencent Cloud COS documentation, "Batch processing APIs" and their error responses;
cos-go-sdk-v5 batch.go. Private to this collection.
"""

from __future__ import annotations

import base64
import hashlib
import time
import traceback
import typing as t
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    job as _job,
    job_xml as _job_xml,
    options as _options,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import reading as _reading
from ansible_collections.objectstore.batch.plugins.module_utils._providers.cos import (
    facts as _facts,
    signature as _signature,
)

T = t.TypeVar("T")

_BACKDATED: t.Final = 60
"""Seconds: a signature that starts in the future is refused, so it starts in the past, as Tencent's SDK does."""
_VALID: t.Final = 600


class CosProvider(_provider.Provider):
    """COS batch processing of one account (UIN) and region."""

    facts = _facts.FACTS

    def __init__(self, options: _provider.Options) -> None:
        super().__init__(options)
        try:
            import requests
            import requests.adapters
        except ImportError as error:
            raise _errors.MissingLibrary("requests", traceback.format_exc()) from error
        self._requests = requests
        self._base = options.endpoint_url or f"https://{options.account_id}.cos-control.{options.region}.myqcloud.com"
        keys = self._keys = options.credentials or self._found_credentials()
        self.caller = f"access key {keys.access_key}"
        self._session = requests.Session()
        self._session.headers.update(self._headers(keys))
        # As auth, since a .netrc entry for the host would otherwise replace the header.
        self._session.auth = _Signer(keys)
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=options.connections)
        self._session.mount(f"{urlsplit(self._base).scheme}://", adapter)

    def identify(self) -> str:
        return self.options.account_id

    def secrets(self) -> t.Collection[str]:
        return {self._keys.secret_key, self._keys.session_token}

    def describe(self, job_id: str) -> _job.Job:
        return self._call("DescribeJob", "GET", _job_path(job_id), _job_xml.parse_described)

    def list_page(self, token: str) -> tuple[list[_job.Job], str]:
        query = {"maxResults": str(_facts.FACTS.page_size)}
        if token:
            query["nextToken"] = token
        return self._call("ListJobs", "GET", "/jobs", _job_xml.parse_page, query)

    def update_priority(self, job_id: str, priority: int) -> int:
        operation = "UpdateJobPriority"
        path = _job_path(job_id) + "/priority"
        named, value = self._call(operation, "POST", path, _job_xml.parse_updated_priority, {"priority": str(priority)})
        if named != job_id or value is None:
            raise _errors.BatchError(
                self._bad_answer(operation, f"the answer names job {named!r} and priority {value}")
            )
        return value

    def _found_credentials(self) -> _provider.Credentials:
        # Imported where it is used: most tasks bring their keys.
        from ansible_collections.objectstore.batch.plugins.module_utils._providers.cos.credentials import (
            NoCredentials,
            find_credentials,
        )

        try:
            return _options.check_keys(find_credentials(self.options.profile, self._requests.get), "a file or role")
        except NoCredentials as error:
            raise _errors.BatchError(_facts.FACTS.failure("credentials", str(error))) from error

    def update_status(self, job_id: str, status: str, reason: str) -> str:
        operation = "UpdateJobStatus"
        query = {"requestedJobStatus": status}
        if reason:
            query["statusUpdateReason"] = reason
        named, value = self._call(
            operation, "POST", _job_path(job_id) + "/status", _job_xml.parse_updated_status, query
        )
        if named != job_id or not value:
            raise _errors.BatchError(
                self._bad_answer(operation, f"the answer names job {named!r} and status {value!r}")
            )
        return value

    def as_sent(self, request: dict[str, t.Any]) -> t.Mapping[str, t.Any]:
        from ansible_collections.objectstore.batch.plugins.module_utils._providers.cos import body as _body

        return _job_xml.parse_request(_body.create_body(request))

    def create(self, request: dict[str, t.Any]) -> str:
        # Imported where it is used: only batch_job writes XML.
        from ansible_collections.objectstore.batch.plugins.module_utils._providers.cos import body as _body

        job_id = self._call("CreateJob", "POST", "/jobs", _job_xml.parse_created, body=_body.create_body(request))
        if not job_id:
            raise _errors.BatchError(self._bad_answer("CreateJob", "the answer names no job"))
        return job_id

    def _headers(self, keys: _provider.Credentials) -> dict[str, str]:
        headers = {
            "Host": urlsplit(self._base).netloc,
            "User-Agent": "ansible-objectstore.batch",
            "x-cos-appid": self.options.app_id,
        }
        if keys.session_token:
            headers["x-cos-security-token"] = keys.session_token
        return headers

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        parse: t.Callable[[bytes], T],
        query: t.Optional[dict[str, str]] = None,
        body: bytes = b"",
    ) -> T:
        """Send one request and parse its answer; everything that goes wrong becomes a BatchError."""
        options = self.options
        errors = self._requests.exceptions
        text = "&".join(f"{name}={quote(value, safe='')}" for name, value in (query or {}).items())
        try:
            answer, content = self._send(
                method,
                f"{self._base}{path}" + (f"?{text}" if text else ""),
                data=body or None,
                headers=_body_headers(body) if body else None,
                timeout=options.request_timeout,
                verify=(options.ca_bundle or True) if options.validate_certs else False,
                # A redirect would carry the signature to another host, where it is not valid.
                allow_redirects=False,
                stream=True,
            )
        except _reading.TooLarge as error:
            raise _errors.BatchError(self._bad_answer(operation, str(error))) from error
        except errors.Timeout as error:
            raise _errors.BatchError(_facts.FACTS.failure("timeout", _reason(error), operation=operation)) from error
        except errors.SSLError as error:
            details = {"operation": operation, "permanent": True, "hint": _errors.TLS_HINT}
            raise _errors.BatchError(_facts.FACTS.failure("unreachable", _reason(error), **details)) from error
        except (errors.ConnectionError, errors.ChunkedEncodingError, errors.ContentDecodingError) as error:
            raise _errors.BatchError(
                _facts.FACTS.failure("unreachable", _reason(error), operation=operation)
            ) from error
        except (errors.RequestException, OSError) as error:
            raise _errors.BatchError(_facts.FACTS.failure("invalid", _reason(error), operation=operation)) from error
        if answer.status_code >= 300:
            raise _errors.BatchError(self._refused(operation, answer, content))
        try:
            return parse(content)
        except _job_xml.AnswerError as error:
            if _job_xml.parse_error(content):
                # S3 and its clones may find out after the status line that they fail.
                raise _errors.BatchError(self._refused(operation, answer, content)) from error
            raise _errors.BatchError(self._bad_answer(operation, str(error))) from error

    def _send(self, method: str, url: str, **options: t.Any) -> tuple[t.Any, bytes]:
        """Send one request; return the answer, and its body read within bounds and without our secrets."""
        answer = self._session.request(method, url, **options)
        try:
            sent = _reading.signatures(str(answer.request.headers.get("Authorization", "")))
            mask = _reading.Mask([*sent, self._keys.secret_key, self._keys.session_token])
            for name, value in answer.headers.items():
                answer.headers[name] = mask.text(value)
            chunks = answer.iter_content(_reading.CHUNK)
            return answer, mask.body(_reading.read_body(chunks, answer.headers.get("Content-Length")))
        finally:
            answer.close()

    def _bad_answer(self, operation: str, text: str) -> _errors.Failure:
        return _facts.FACTS.failure("bad_answer", text, operation=operation)

    def _refused(self, operation: str, answer: t.Any, content: bytes) -> _errors.Failure:
        error = _job_xml.parse_error(content) or {"code": "", "message": "", "request_id": ""}
        headers = {name.lower(): value for name, value in answer.headers.items()}
        request_id = error["request_id"] or headers.get("x-cos-request-id", "")
        code, message = error["code"], error["message"]
        failure = _facts.FACTS.answered(operation, code, message, answer.status_code, headers, request_id)
        if code == "AccessDenied" and "expired" in message.lower():
            # COS refuses a signature whose time is over by this text alone.
            hint = _facts.FACTS.hint("clock_skew")
            return _errors.Failure("clock_skew", message, code, answer.status_code, request_id, operation, hint)
        return failure


class _Signer:
    """Signs a prepared request, in the form in which requests takes authentication."""

    def __init__(self, keys: _provider.Credentials) -> None:
        self._keys = keys

    def __call__(self, request: t.Any) -> t.Any:
        start = int(time.time()) - _BACKDATED
        parts = urlsplit(request.url)
        signed = {
            name: value
            for name, value in request.headers.items()
            if name.lower() == "host" or name.lower().startswith("x-cos-")
        }
        request.headers["Authorization"] = _signature.authorization(
            self._keys.access_key,
            self._keys.secret_key,
            request.method,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            signed,
            f"{start};{start + _BACKDATED + _VALID}",
        )
        return request


def _body_headers(body: bytes) -> dict[str, str]:
    # Not for secrecy: COS wants to see that the body arrived whole.
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    return {"Content-Type": "application/xml", "Content-MD5": base64.b64encode(digest).decode()}


def _job_path(job_id: str) -> str:
    return "/jobs/" + quote(job_id, safe="")


def _reason(error: Exception) -> str:
    """Return what went wrong without the wrapping of requests and urllib3, which prints object addresses."""
    inner: t.Any = error
    while getattr(inner, "args", None):
        nested = getattr(inner, "reason", None) or inner.args[-1]
        if not isinstance(nested, BaseException):
            break
        inner = nested
    text = str(inner)
    return text.split(">: ", 1)[-1] if ">: " in text else text or type(inner).__name__
