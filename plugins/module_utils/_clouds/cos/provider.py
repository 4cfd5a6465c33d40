# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call Tencent COS batch processing through requests.

Sources: Tencent Cloud COS documentation, "Batch processing APIs" and their error responses; cos-go-sdk-v5 batch.go.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
import time
import typing as t
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ..._core import batch_jobs, errors, provider_traits, providers
from ..shared import credential_cache, http_client, http_provider, parse_job_xml
from . import signature, traits

T = t.TypeVar("T")

_BACKDATED: t.Final = 60
"""Seconds. COS rejects a signature that starts in the future, so it starts in the past, as in Tencent's SDK."""
_VALID: t.Final = 600
_SIGNED: t.Final = ("host", "content-md5", "range", "if-match")
"""Signed wherever they are sent, like every header of COS's own."""


class CosProvider(http_provider.HttpProvider):
    """COS batch processing of one account (UIN) and region."""

    traits = traits.TRAITS

    def __init__(self, options: providers.Options) -> None:
        super().__init__(options)
        own = f"https://{options.account_id}.cos-control.{options.region}.myqcloud.com"
        self._base = options.endpoint_url or own
        self._client = self.connect(self._base, {"x-cos-appid": options.app_id}, self.traits)

    def connect(self, base: str, headers: dict[str, str], error_traits: providers.Traits) -> http_client.Client:
        """Return connections to an endpoint whose requests are signed with the provider's keys."""
        return self.add_client(base, headers, _Signer(self._keys), error_traits)

    def describe(self, job_id: str) -> batch_jobs.Job:
        job = self._call("DescribeJob", "GET", _job_path(job_id), parse_job_xml.parse_described)
        self._confirm_account(job)
        return job

    def _confirm_account(self, job: batch_jobs.Job) -> None:
        """Reject a job of another account, by the account of its role.

        COS's own hosts contain the UIN and reject the keys of another account. Other endpoints cannot.
        """
        named = self.options.account_id
        role = re.match("qcs::cam::uin/([0-9]+):", job.role)
        if role and role[1] != named and named not in (urlsplit(self._base).hostname or "").split("."):
            text = f"job {job.job_id} has a role of account {role[1]}, but account_id is {named}"
            hint = f"Correct account_id (the UIN), or set the credentials and the app_id of account {named}."
            raise errors.BatchError(self.traits.failure("access_denied", text, operation="DescribeJob", hint=hint))

    def list_page(self, token: str) -> tuple[list[batch_jobs.Job], str]:
        query = {"maxResults": str(provider_traits.PAGE_SIZE)}
        if token:
            query["nextToken"] = token
        return self._call("ListJobs", "GET", "/jobs", parse_job_xml.parse_page, query)

    def update_priority(self, job_id: str, priority: int) -> int:
        operation = "UpdateJobPriority"
        path = _job_path(job_id) + "/priority"
        name, value = self._call(
            operation, "POST", path, parse_job_xml.parse_updated_priority, {"priority": str(priority)}
        )
        return self.named(operation, job_id, name, "priority", value)

    def update_status(self, job_id: str, status: str, reason: str) -> str:
        operation = "UpdateJobStatus"
        query = {"requestedJobStatus": status}
        if reason:
            query["statusUpdateReason"] = reason
        path = _job_path(job_id) + "/status"
        name, value = self._call(operation, "POST", path, parse_job_xml.parse_updated_status, query)
        return self.named(operation, job_id, name, "status", value)

    def create_body(self, request: dict[str, t.Any]) -> bytes:
        # Imported where it is used: only batch_job writes XML.
        from . import create_job_xml

        return create_job_xml.create_body(request)

    def list_items(self) -> t.Mapping[str, str]:
        from . import create_job_xml

        return create_job_xml.ITEMS

    def send_create(self, body: bytes) -> str:
        return self._call("CreateJob", "POST", "/jobs", parse_job_xml.parse_created, body=body)

    def find_credentials(self) -> credential_cache.Found:
        # Imported where it is used: most tasks bring their keys.
        from . import credentials

        return credentials.find_credentials(self.options.profile, http_client.load())

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        parse: t.Callable[[bytes], T],
        query: t.Optional[dict[str, str]] = None,
        body: bytes = b"",
    ) -> T:
        text = "&".join(f"{name}={quote(value, safe='')}" for name, value in (query or {}).items())
        target = f"{path}?{text}" if text else path
        headers = http_client.body_headers(body) if body else {}
        return self._client.call(http_client.Request(operation, method, target, headers, body), parse, refused)


def refused(
    operation: str, answer: http_client.Response, error_traits: providers.Traits = traits.TRAITS, code: str = ""
) -> errors.Failure:
    """Return the failure of an error response.

    :param error_traits: the traits that classify it.
    :param code: the code of a response without a body.
    """
    error = parse_job_xml.parse_error(answer.body) or {"code": "", "message": "", "request_id": ""}
    request_id = error["request_id"] or answer.headers.get("x-cos-request-id", "")
    code, message = error["code"] or code, error["message"]
    failure = error_traits.answered(operation, code, message, answer.status, answer.headers, request_id)
    if code == "AccessDenied" and "expired" in message.lower():
        # COS reports an expired signature by this text alone.
        return dataclasses.replace(failure, kind="clock_skew", hint=traits.TRAITS.hint("clock_skew"))
    return failure


class _Signer:
    """Signs a prepared request, in the form of an authentication object of requests."""

    def __init__(self, keys: credential_cache.Keys) -> None:
        self._keys = keys

    def __call__(self, request: t.Any) -> t.Any:
        keys = self._keys.current()
        if keys.session_token:
            request.headers["x-cos-security-token"] = keys.session_token
        start = int(time.time()) - _BACKDATED
        parts = urlsplit(request.url)
        signed = {
            name: value
            for name, value in request.headers.items()
            if name.lower() in _SIGNED or name.lower().startswith("x-cos-")
        }
        request.headers["Authorization"] = signature.authorization(
            keys.access_key,
            keys.secret_key,
            request.method,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            signed,
            f"{start};{start + _BACKDATED + _VALID}",
        )
        return request


def _job_path(job_id: str) -> str:
    return "/jobs/" + quote(job_id, safe="")
