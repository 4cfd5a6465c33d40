# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the error kinds: one small vocabulary for the error codes of all providers. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import display

Kind = t.Literal[
    "not_found",
    "job_ended",
    "not_updatable",
    "conflict",
    "access_denied",
    "invalid",
    "throttled",
    "quota",
    "clock_skew",
    "invalid_credentials",
    "unreachable",
    "timeout",
    "unavailable",
    "invalid_response",
    "unsupported",
    "report_not_found",
    "not_ready",
    "unrecognized_format",
    "missing_dependency",
    "interrupted",
]
KINDS: t.Final[dict[Kind, str]] = {
    "not_found": "The job, the object, or the bucket does not exist, or no job matches select.",
    "job_ended": "The job is Complete, Cancelled, or Failed, and can no longer be changed.",
    "not_updatable": "The status of the job does not allow this change.",
    "conflict": "The job or object is not in the expected state, or another user or process changed it.",
    "access_denied": "The credentials are valid, but do not allow this operation.",
    "invalid": "An option or a request is not valid.",
    "throttled": "Too many requests. The retries reached max_attempts or retry_deadline.",
    "quota": "A limit of the account is reached.",
    "clock_skew": "The clock of the host differs too much from the clock of the provider.",
    "invalid_credentials": "Credentials are missing, incorrect, or expired.",
    "unreachable": "The connection failed or was lost.",
    "timeout": "No response within request_timeout, or a job did not reach the awaited status within timeout.",
    "unavailable": "The provider cannot serve the request at the moment (HTTP 5xx).",
    "invalid_response": "The response cannot be parsed, is incomplete, or contradicts the request.",
    "unsupported": "The provider does not support this operation.",
    "report_not_found": "The job does not write a report, or it ended before it processed any objects.",
    "not_ready": "The report does not exist yet, or the job cannot write it.",
    "unrecognized_format": "The format of the report or of a manifest is not recognized.",
    "missing_dependency": "A Python library that the provider requires is not installed.",
    "interrupted": "The task was interrupted (Ctrl+C or SIGTERM) before it finished.",
}
"""Each kind with its meaning; stable across providers and releases."""

RETRYABLE: t.Final[frozenset[Kind]] = frozenset(
    {"throttled", "unreachable", "timeout", "unavailable", "invalid_response", "not_ready"}
)
"""Kinds after which the same request can succeed."""

AMBIGUOUS: t.Final[frozenset[Kind]] = frozenset({"unreachable", "timeout", "unavailable", "invalid_response"})
"""Kinds after which the result of an update is unknown: only reading the job again confirms it."""

REJECTED: t.Final[frozenset[Kind]] = frozenset({"not_found", "job_ended", "not_updatable", "conflict", "invalid"})
"""Kinds by which a provider rejects an update because of the job: the job can have ended in the meantime."""

HINTS: t.Final[dict[Kind, str]] = {
    "clock_skew": "Synchronize the clock of the host that runs the task (NTP). Providers tolerate 15 minutes.",
    "unreachable": "Check endpoint_url, region, the proxy settings, and the network of the host that runs the task.",
    "timeout": "Check the network of the host that runs the task, or increase request_timeout.",
    "throttled": "Increase retry_deadline or max_attempts, or run fewer tasks for this account at the same time.",
    "unavailable": "The provider has a temporary problem. Run the task again later.",
    "invalid_response": "Check endpoint_url, and check whether a proxy or captive portal intercepts the connection.",
    "interrupted": "Run the task again: it checks what was done, and completes the rest.",
}
"""What to do next, if that is the same for all providers."""

TLS_HINT: t.Final = (
    "The endpoint does not use TLS, or its certificate is not trusted."
    " Check endpoint_url, ca_bundle, and validate_certs."
)


@dataclasses.dataclass(frozen=True)
class Failure:
    """A failure as data.

    :param kind: one of KINDS.
    :param message: the provider's message, or a sentence of this collection; never contains a secret.
    :param code: the provider's error code, empty if there is none.
    :param http_status: the HTTP status, None without a response.
    :param operation: the API operation, such as UpdateJobPriority; empty for a check of options.
    :param retry_after: the delay in seconds that the provider requests, None if it does not.
    :param permanent: True if a retry cannot succeed although the kind allows it.
    :param corrected: True if the request was certainly not applied, and its cause is fixed now or can pass.
    """

    kind: Kind
    message: str
    code: str = ""
    http_status: t.Optional[int] = None
    request_id: str = ""
    operation: str = ""
    hint: str = ""
    retry_after: t.Optional[float] = None
    permanent: bool = False
    corrected: bool = False

    @property
    def retryable(self) -> bool:
        """Whether a retry of the request, or another run of the task, can succeed."""
        return self.corrected or self.kind == "interrupted" or (self.kind in RETRYABLE and not self.permanent)

    @property
    def is_ambiguous(self) -> bool:
        """Whether an update that failed like this can be applied nevertheless."""
        return self.kind in AMBIGUOUS and not self.corrected

    def text(self) -> str:
        """Return the message as users see it."""
        return display.escape(self.message)

    def reply(self) -> str:
        """Return code and status of the response as text, empty without one."""
        return ", ".join(part for part in (self.code, f"HTTP {self.http_status}" if self.http_status else "") if part)

    def sentence(self) -> str:
        """Return message, code, status, and hint as text for users."""
        reply = self.reply()
        text = self.text().strip().rstrip(".")
        if reply and reply not in text:
            text += f" ({reply})"
        if text.startswith("job "):
            text = display.capitalize(text)
        elif self.operation and not re.search(rf"\b{re.escape(self.operation)}\b", text):
            text = f"{self.operation}: {text}"
        return f"{text}. {self.hint}".strip()

    def as_result(self) -> dict[str, t.Any]:
        """Return the ``error`` value of a module's result."""
        keys = ("kind", "code", "http_status", "message", "request_id", "operation", "retryable", "hint")
        return {**{key: getattr(self, key) for key in keys}, "message": self.text()}


def parse_retry_after(header: str) -> t.Optional[float]:
    """Return a Retry-After header in seconds. No provider sends its other form, a date."""
    return float(header) if re.fullmatch("[0-9]{1,9}", header) else None


class BatchError(Exception):
    """A request failed, or a response cannot be used."""

    def __init__(self, failure: Failure, **details: t.Any) -> None:
        """Fail.

        :param details: further values of a module's result, by key.
        """
        super().__init__(failure.sentence())
        self.failure = failure
        self.details = details


class OptionError(ValueError):
    """An option is not valid; the text names the option, the value, and the rule."""


class MissingLibrary(Exception):
    """A library that the provider requires cannot be imported."""

    def __init__(self, library: str, trace: str) -> None:
        super().__init__(library)
        self.library = library
        self.trace = trace
