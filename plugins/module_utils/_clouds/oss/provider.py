# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call batch operations of Alibaba Cloud OSS through requests.

Each request is about the account of the key, so path and host contain neither bucket nor account. The query contains
all parameters. Source: Alibaba Cloud OSS documentation, "Batch Operations". Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import threading
import time
import typing as t
from urllib.parse import parse_qsl, unquote, urlsplit

from ..._core import batch_jobs, errors, provider_traits, providers, times
from ..shared import credential_cache, http_client, http_provider, parse_job_xml
from . import signature, traits

T = t.TypeVar("T")

_FARTHEST: t.Final = 20 * 366 * 86400.0
"""Seconds that a clock can be wrong. A reset clock shows the year of its production; a server can send any time."""
_UNEXPLAINED: t.Final = "no reason given"
"""OSS documents the reason of a cancellation as required."""


class OssProvider(http_provider.HttpProvider):
    """Batch operations of the account that the key belongs to, in one region."""

    traits = traits.TRAITS

    def __init__(self, options: providers.Options) -> None:
        super().__init__(options)
        # Endpoints have the prefix, signatures do not, and OSS_REGION is used with and without it.
        self.region = options.region[4:] if options.region.startswith("oss-") else options.region
        base = options.endpoint_url or f"https://oss-{self.region}.aliyuncs.com"
        self._signer = _Signer(self._keys, self.region)
        self._client = self.connect(f"{base}/", self.traits)

    def connect(self, base: str, error_traits: providers.Traits, path: str = "") -> http_client.Client:
        """Return connections to an endpoint whose requests are signed with the provider's keys.

        :param path: the signed prefix of the path, because a host with the bucket is not signed.
        """
        headers = {"x-oss-content-sha256": signature.UNSIGNED}
        return self.add_client(base, headers, functools.partial(self._signer, path=path), error_traits)

    def identify(self) -> str:
        # Imported where it is used: few tasks name an account.
        from . import identity

        return identity.find_account(self.options, self._keys, self._signer.now(), self._learnt)

    def describe(self, job_id: str) -> batch_jobs.Job:
        return self._call("DescribeJob", "GET", {"batchJob": "", **_named(job_id)}, parse_job_xml.parse_described)

    def list_page(self, token: str) -> tuple[list[batch_jobs.Job], str]:
        query = {"batchJob": "", "max-keys": str(provider_traits.PAGE_SIZE)}
        if token:
            query["continuation-token"] = token
        return self._call("ListJobs", "GET", query, parse_job_xml.parse_page)

    def update_priority(self, job_id: str, priority: int) -> int:
        operation = "UpdateJobPriority"
        query = {"batchJobPriority": "", **_named(job_id), "targetPriority": str(priority)}
        name, value = self._call(operation, "POST", query, parse_job_xml.parse_updated_priority)
        return self.named(operation, job_id, name, "priority", value)

    def update_status(self, job_id: str, status: str, reason: str) -> str:
        operation = "UpdateJobStatus"
        query = {"batchJobStatus": "", **_named(job_id), "requestedJobStatus": status}
        if reason or status == "Cancelled":
            query["statusUpdateReason"] = reason or _UNEXPLAINED
        name, value = self._call(operation, "POST", query, parse_job_xml.parse_updated_status)
        return self.named(operation, job_id, name, "status", value)

    def create_body(self, request: dict[str, t.Any]) -> bytes:
        # Imported where it is used: only batch_job writes XML.
        from . import create_job_xml

        return create_job_xml.create_body(request)

    def list_items(self) -> t.Mapping[str, str]:
        from . import create_job_xml

        return create_job_xml.ITEMS

    def send_create(self, body: bytes) -> str:
        return self._call("CreateJob", "POST", {"batchJob": ""}, parse_job_xml.parse_created, body)

    def find_credentials(self) -> credential_cache.Found:
        # Imported where it is used: most tasks bring their keys.
        from . import credentials

        return credentials.find_credentials(self.options, http_client.load(), self._keys.secrets)

    def _call(
        self, operation: str, method: str, query: dict[str, str], parse: t.Callable[[bytes], T], body: bytes = b""
    ) -> T:
        # OSS's own clients also send type and digest of an empty body.
        headers = http_client.body_headers(body) if method == "POST" else {}
        target = "?" + "&".join(signature.encoded(query))
        return self._client.call(http_client.Request(operation, method, target, headers, body), parse, self.refused)

    def refused(
        self,
        operation: str,
        answer: http_client.Response,
        error_traits: t.Optional[providers.Traits] = None,
        code: str = "",
    ) -> errors.Failure:
        """Return the failure of an error response.

        :param error_traits: the traits that classify it.
        :param code: the code of a response without a body.
        """
        error = parse_job_xml.parse_error(answer.body) or {}
        code, message = error.get("code", "") or code, error.get("message", "")
        detail = error.get("detail") or answer.headers.get("x-oss-ec", "")
        request_id = error.get("request_id") or answer.headers.get("x-oss-request-id", "")
        text = f"{message.rstrip('.')} (EC {detail})" if message and detail else message
        judged_by = error_traits or self.traits
        failure = judged_by.answered(operation, code, text, answer.status, answer.headers, request_id, detail)
        return self._learnt(failure, answer, error.get("server_time", ""))

    def _learnt(self, failure: errors.Failure, answer: http_client.Response, server_time: str = "") -> errors.Failure:
        """Use the provider's time in a clock skew error; return the failure, marked as corrected if that is new.

        :param server_time: ISO 8601; if it is empty, the header Date is used.
        """
        moment = times.parse_time(server_time) or http_client.parse_date(answer.headers.get("date", ""))
        learnt = failure.kind == "clock_skew" and self._signer.learn(moment)
        if learnt and not self.warnings:
            self.warnings.append(
                f"The clock of this host is {learnt} than the clock of the provider. Requests are signed with the time"
                " of the provider. Synchronize the clock (NTP)."
            )
        return dataclasses.replace(failure, corrected=bool(learnt))


class _Signer:
    """Signs a prepared request, in the form of an authentication object of requests.

    Like OSS's own clients, it uses the provider's time in an error, but only once per request. A request that was
    signed with the provider's time and is rejected nevertheless stays rejected.
    """

    def __init__(self, keys: credential_cache.Keys, region: str) -> None:
        self._keys = keys
        self._region = region
        self._offset: t.Optional[float] = None
        self._signed = threading.local()

    def now(self) -> float:
        """Return Unix seconds by the provider's clock if it is known, for a request that is signed with them."""
        self._signed.offset = self._offset
        return time.time() + (self._offset or 0.0)

    def __call__(self, request: t.Any, path: str = "") -> t.Any:
        keys = self._keys.current()
        if keys.session_token:
            request.headers["x-oss-security-token"] = keys.session_token
        moment = datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc)
        request.headers["x-oss-date"] = moment.strftime("%Y%m%dT%H%M%SZ")
        parts = urlsplit(request.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request.headers["Authorization"] = signature.authorization(
            keys.access_key,
            keys.secret_key,
            self._region,
            request.method,
            path + unquote(parts.path),
            query,
            request.headers,
        )
        return request

    def learn(self, moment: t.Optional[datetime.datetime]) -> str:
        """Use the provider's time; return the error of this host's clock, empty if nothing is new.

        The thread that sent the request calls it.

        :param moment: None if the error does not contain the time.
        """
        offset = moment.timestamp() - time.time() if moment else 0.0
        if moment is None or self._signed.offset is not None or abs(offset) > _FARTHEST:
            return ""
        self._offset = offset
        return f"{abs(offset):.0f} s {'later' if offset < 0 else 'earlier'}"


def _named(job_id: str) -> dict[str, str]:
    """Return the parameter that names a job.

    :raises BatchError: the ID is empty, and DescribeJob would be a ListJobs.
    """
    if not job_id:
        raise errors.BatchError(traits.TRAITS.failure("invalid", "the job ID is empty"))
    return {"batchJobId": job_id}
