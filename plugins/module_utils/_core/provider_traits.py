# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say as data what differs between providers. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import display, errors, validation

_CONTROL: t.Final = re.compile(r"[\x00-\x1f\x7f]")
PAGE_SIZE: t.Final = 1000
"""Jobs that are asked for with each page of ListJobs."""
LARGEST_PRIORITY: t.Final = 2147483647
"""The upper end of the range that starts at 0."""


@dataclasses.dataclass(frozen=True)
class ConnectionTraits:
    """How a provider is reached, and whose credentials are in use.

    :param environment: option to the environment variables that stand in for it, first set one wins.
    :param families: beginnings of the names of variables that may hold one key pair, in order: the keys of one family
        are never mixed with those of another.
    :param ignored: option to the variable that, when true, switches off the variables of that option.
    :param required: options that must be known before a request is sent.
    :param identity: the operation that names the account of the credentials; empty if the provider has none.
    :param account_in_requests: whether requests name the account, so that the provider rejects the credentials of
        another one. Without that, an account that a task names has to be confirmed by the identity.
    :param regions: the operation that names the regions that are enabled for an account; empty if there is none.
    """

    environment: t.Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    families: tuple[str, ...] = ("",)
    ignored: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    required: tuple[str, ...] = ()
    identity: str = ""
    account_in_requests: bool = True
    regions: str = ""


@dataclasses.dataclass(frozen=True)
class FailureTraits:
    """What the error codes of a provider mean.

    :param codes: the provider's error code to one of our kinds.
    :param hints: kind to what to do next with this provider, over those of errors.HINTS.
    :param token_used: codes by which CreateJob rejects a token that was used before.
    """

    codes: t.Mapping[str, errors.Kind] = dataclasses.field(default_factory=dict)
    hints: t.Mapping[errors.Kind, str] = dataclasses.field(default_factory=dict)
    token_used: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class JobTraits:
    """What jobs of a provider can do and have.

    :param transitions: ready or cancelled to the statuses from which it can be requested.
    :param lengths: option to the length that its text may have.
    :param in_bytes: the options of which those lengths are bytes of UTF-8 and not characters.
    :param parameters: what the provider documents of the parameters of operations and manifests, by name: text, word
        (one of the API's own), integer, boolean, time, or list; empty if the provider's SDK has a model of them.
    :param arn: regular expression of a job's resource name, with the groups region, account and job; empty if jobs
        have none.
    :param have_tags: whether jobs can have tags.
    :param confirmation_days: days after which a Suspended job fails unconfirmed; None if that is not documented.
    :param retention_days: days for which an ended job can still be read; None if that is not documented.
    :param retention_start: end or creation: from when these days count.
    """

    transitions: t.Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    lengths: t.Mapping[str, int] = dataclasses.field(default_factory=dict)
    in_bytes: tuple[str, ...] = ()
    parameters: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    arn: str = ""
    have_tags: bool = False
    confirmation_days: t.Optional[int] = None
    retention_days: t.Optional[int] = None
    retention_start: str = "end"


@dataclasses.dataclass(frozen=True)
class ManifestTraits:
    """What manifests of a provider look like, and the objects that they name.

    :param formats: csv and inventory to the provider's words.
    :param quotes: whether a key in quotes is read as in any CSV file.
    :param versions: whether a manifest may name versions.
    :param generator: the API's name for how the provider makes a manifest itself; empty if it makes none.
    :param longest_key: bytes that the key of an object may have.
    :param absolute_keys: whether keys of objects may begin with a slash or a backslash.
    """

    formats: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    quotes: bool = True
    versions: bool = True
    generator: str = ""
    longest_key: int = 1024
    absolute_keys: bool = True


def _only_its_id(job_id: str) -> frozenset[str]:
    return frozenset({job_id})


@dataclasses.dataclass(frozen=True)
class ReportTraits:
    """Where completion reports of a provider are.

    :param format: the provider's word for the format of reports; empty if requests do not name it.
    :param documented_path: whether the provider documents where a report is, so that it is not looked for.
    :param always_described: whether a report that is not wanted has to be described all the same.
    :param bucket_name: returns the name of a bucket from how the provider writes it.
    :param names: returns what may stand for the ID of a job in the path of its report.
    """

    format: str = ""
    documented_path: bool = False
    always_described: bool = False
    bucket_name: t.Callable[[str], str] = str
    names: t.Callable[[str], t.Collection[str]] = _only_its_id


@dataclasses.dataclass(frozen=True)
class Traits:
    """What differs between providers and can be said as data.

    :param title: the service's name for a person.
    :param rules: option to the form of its value.
    :param region: the region that a task works in, as far as it is known; resource names of another one are rejected.
    :param account_id: the account that a task works in, likewise.
    :param check_mode: whether a task may do nothing, so that a job that it would create has no ID.
    """

    title: str
    connection: ConnectionTraits = ConnectionTraits()
    failures: FailureTraits = FailureTraits()
    jobs: JobTraits = JobTraits()
    manifests: ManifestTraits = ManifestTraits()
    reports: ReportTraits = ReportTraits()
    rules: t.Mapping[str, validation.Rule] = dataclasses.field(default_factory=dict)
    region: str = ""
    account_id: str = ""
    check_mode: bool = False

    def check_length(self, option: str, text: str, taken: int = 0) -> str:
        """Return a text that is not too long for the cloud, or raise OptionError.

        :param taken: how much of the length something else needs.
        """
        in_bytes = option in self.jobs.in_bytes
        try:
            size = len(text.encode()) if in_bytes else len(text.encode("utf-32-le")) // 4
        except UnicodeEncodeError as error:
            raise validation.invalid_value(option, text, "must be text that UTF-8 can write") from error
        if _CONTROL.search(text) or not validation.is_xml_text(text):
            raise validation.invalid_value(option, text, "must be text that XML can hold, without control characters")
        longest = self.jobs.lengths[option] - taken
        if size > longest:
            unit = "bytes of UTF-8" if in_bytes else "characters"
            raise validation.invalid_value(option, text, f"must be at most {longest} {unit} long, and has {size}")
        return text

    def check_job_id(self, option: str, value: str) -> str:
        """Return the id of a job from an id or a resource name, or raise OptionError.

        A resource name of another region or account than the task works in is refused.
        """
        if self.check_mode:
            validation.check_created(option, value)
        found = re.fullmatch(self.jobs.arn, value, re.ASCII) if self.jobs.arn else None
        if not found:
            return self.rules["job_id"].check(option, value)
        for name, here, there in (
            ("region", self.region, found["region"]),
            ("account_id", self.account_id, found["account"]),
        ):
            if here and here != there:
                raise validation.invalid_value(option, value, f"must be of {name} {here}, which the task works in")
        return self.rules["job_id"].check(option, found["job"])

    def at(self, region: str, account_id: str, check_mode: bool = False) -> Traits:
        """Return the traits as they are for a task that works in a region and an account; empty where not known."""
        return dataclasses.replace(self, region=region, account_id=account_id, check_mode=check_mode)

    def hint(self, kind: errors.Kind) -> str:
        """Return what to do next about a failure of this kind, empty where nothing general helps."""
        return self.failures.hints.get(kind) or errors.HINTS.get(kind, "")

    def failure(self, kind: errors.Kind, message: str, **details: t.Any) -> errors.Failure:
        """Return a failure with the hint that belongs to it on this cloud."""
        return errors.Failure(kind, message, hint=details.pop("hint", "") or self.hint(kind), **details)

    def classify(self, code: str, http_status: int) -> errors.Kind:
        """Return the kind for an error answer; the HTTP status speaks only where the code is unknown."""
        if code in self.failures.codes:
            return self.failures.codes[code]
        if http_status == 429:
            return "throttled"
        if http_status >= 500:
            return "unavailable"
        if 300 <= http_status < 400:
            return "invalid"
        if not code:
            # No error body of the cloud's: something else answered.
            return "bad_answer"
        if http_status in (401, 403):
            return "denied"
        return "not_found" if http_status == 404 else "invalid"

    def answered(
        self,
        operation: str,
        code: str,
        message: str,
        http_status: int,
        headers: t.Mapping[str, str],
        request_id: str,
        detail: str = "",
    ) -> errors.Failure:
        """Return the failure that an error answer stands for.

        :param headers: the answer's headers, names in lower case.
        :param detail: a finer code beside the code, which is judged first; empty where the cloud has none.
        """
        # botocore takes the HTTP status for the code where the body is no error of the cloud's.
        code = "" if code.isdigit() else code
        redirected = 300 <= http_status < 400
        return self.failure(
            self.classify(detail if detail in self.failures.codes else code, http_status),
            display.truncate(message) or f"an answer with HTTP status {http_status} and no error message",
            code=code,
            http_status=http_status,
            operation=operation,
            request_id=request_id,
            retry_after=errors.parse_retry_after(headers.get("retry-after", "")),
            hint="The cloud points to another endpoint: check region and endpoint_url." if redirected else "",
        )
