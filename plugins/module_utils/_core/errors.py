# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the error kinds: one small vocabulary over the codes of all providers. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import display

Kind = t.Literal[
    "not_found",
    "ended",
    "not_updatable",
    "conflict",
    "denied",
    "invalid",
    "throttled",
    "quota",
    "clock_skew",
    "credentials",
    "unreachable",
    "timeout",
    "unavailable",
    "bad_answer",
    "unsupported",
    "no_report",
    "not_ready",
    "not_recognised",
    "missing_dependency",
    "interrupted",
]
KINDS: t.Final[dict[Kind, str]] = {
    "not_found": "The cloud knows no such job.",
    "ended": "The job is Complete, Cancelled or Failed, and nothing about it changes any more.",
    "not_updatable": "The job is in a status that does not take this change.",
    "conflict": "The job is not as the task expects it, or somebody else changed it.",
    "denied": "The credentials are valid but may not do this.",
    "invalid": "An option or a request is not of the form that the cloud takes.",
    "throttled": "Too many requests; tried again until the attempts or the deadline ran out.",
    "quota": "A limit of the account is reached.",
    "clock_skew": "This machine's clock is too far from the cloud's.",
    "credentials": "Credentials are missing, wrong or expired.",
    "unreachable": "No connection, or the connection broke.",
    "timeout": "No answer within request_timeout, or a job that was waited for was not there within timeout.",
    "unavailable": "The cloud answered that it could not serve the request just now (5xx).",
    "bad_answer": "The answer could not be understood, or contradicts the request.",
    "unsupported": "The cloud does not offer this.",
    "no_report": "The job writes no report, or none of its tasks was started.",
    "not_ready": "The report is not written yet, or cannot be written.",
    "not_recognised": "The report, or a manifest, is of no form that is known.",
    "missing_dependency": "A Python library that the provider needs is not installed.",
    "interrupted": "The task was interrupted (Ctrl+C, SIGTERM) before it was done.",
}
"""Every kind with its meaning; stable across clouds and releases."""

RETRYABLE: t.Final[frozenset[Kind]] = frozenset(
    {"throttled", "unreachable", "timeout", "unavailable", "bad_answer", "not_ready"}
)
"""Kinds after which the same request may succeed."""

AMBIGUOUS: t.Final[frozenset[Kind]] = frozenset({"unreachable", "timeout", "unavailable", "bad_answer"})
"""Kinds after which a write may or may not have been applied: only reading again tells."""

REJECTED: t.Final[frozenset[Kind]] = frozenset({"not_found", "ended", "not_updatable", "conflict", "invalid"})
"""Kinds by which a cloud refuses a write because of the job: the job may have ended in between."""

HINTS: t.Final[dict[Kind, str]] = {
    "clock_skew": "Synchronise the clock of the host that runs the task (NTP); 15 minutes are tolerated.",
    "unreachable": "Check endpoint_url, region, proxy settings and the network of the host that runs the task.",
    "timeout": "Raise request_timeout, or check the network between the host that runs the task and the cloud.",
    "throttled": "Raise retry_deadline or max_attempts, or run fewer tasks against this account at once.",
    "unavailable": "The cloud has a problem of its own; run the task again later.",
    "bad_answer": "Something between here and the cloud (a proxy, a captive portal) may answer in its place.",
    "interrupted": "Run the task again: it finds out what was done, and does the rest.",
}
"""What to do next, where that is the same on every cloud."""

TLS_HINT: t.Final = (
    "The endpoint does not speak TLS, or its certificate is not trusted:"
    " check endpoint_url, ca_bundle and validate_certs."
)


@dataclasses.dataclass(frozen=True)
class Failure:
    """What went wrong, as data.

    :param kind: one of KINDS.
    :param message: the cloud's own words, or a sentence of ours; never with a secret in it.
    :param code: the cloud's raw error code, empty where there was none.
    :param http_status: the HTTP status, None where there was no answer.
    :param operation: the API operation, such as UpdateJobPriority; empty for a check of options.
    :param retry_after: seconds that the cloud asked us to wait, None where it did not.
    :param permanent: True where trying again cannot help although the kind allows it.
    :param corrected: True where the request was surely not applied, and the provider has mended what was wrong with it,
        or where it was not even sent and what was in the way may pass.
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
        """Whether the same request may succeed when it is sent again, or the same task when it is run again."""
        return self.corrected or self.kind == "interrupted" or (self.kind in RETRYABLE and not self.permanent)

    @property
    def is_ambiguous(self) -> bool:
        """Whether a write that failed so may be applied all the same; one that was surely not, or not sent, may not."""
        return self.kind in AMBIGUOUS and not self.corrected

    def text(self) -> str:
        """Return the message as people get to see it."""
        return display.escape(self.message)

    def sentence(self) -> str:
        """Return message, code, status and hint as text for a person."""
        answer = ", ".join(part for part in (self.code, f"HTTP {self.http_status}" if self.http_status else "") if part)
        text = self.text().strip().rstrip(".")
        if answer and answer not in text:
            text += f" ({answer})"
        if text.startswith("job "):
            text = display.capitalize(text)
        elif self.operation:
            text = f"{self.operation}: {text}"
        return f"{text}. {self.hint}".strip()

    def as_result(self) -> dict[str, t.Any]:
        """Return the ``error`` value of a module's result."""
        keys = ("kind", "code", "http_status", "message", "request_id", "operation", "retryable", "hint")
        return {**{key: getattr(self, key) for key in keys}, "message": self.text()}


def parse_retry_after(header: str) -> t.Optional[float]:
    """Return a Retry-After header in seconds; its other form, a date, is rare and no cloud here sends it."""
    return float(header) if re.fullmatch("[0-9]{1,9}", header) else None


class BatchError(Exception):
    """A request failed, or an answer cannot be used."""

    def __init__(self, failure: Failure, **details: t.Any) -> None:
        """Fail.

        :param details: further values of a module's result, by key.
        """
        super().__init__(failure.sentence())
        self.failure = failure
        self.details = details


class OptionError(ValueError):
    """An option is wrong; the text names the option, the value and the rule."""


class MissingLibrary(Exception):
    """A library that the provider needs cannot be imported."""

    def __init__(self, library: str, trace: str) -> None:
        super().__init__(library)
        self.library = library
        self.trace = trace
