# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract that a provider fulfils, and its traits as data.

A verb sends exactly one request and raises BatchError when it fails: counting, retrying and
waiting belong to the callers. Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import re
import typing as t

from . import batch_jobs, connections, display, errors, validation

T = t.TypeVar("T")

_CONTROL: t.Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclasses.dataclass(frozen=True)
class Traits:
    """What differs between clouds and can be said as data.

    :param title: the service's name for a person.
    :param environment: option to the environment variables that stand in for it, first set one wins.
    :param families: beginnings of the names of variables that may hold one key pair, in order: the keys of one family
        are never mixed with those of another.
    :param identity: the operation that names the account of the credentials; empty where the cloud has none.
    :param account_in_requests: whether requests name the account, so that the cloud refuses the credentials of another
        one. Without that, an account that a task names has to be confirmed by the identity.
    :param region: the region that a task works in, as far as it is known; resource names of another one are refused.
    :param account_id: the account that a task works in, likewise.
    :param check_mode: whether a task may do nothing, so that a job that it would create has no id.
    :param regions: the operation that names the regions that are enabled for an account; empty where there is none.
    :param ignored: option to the variable that, when true, switches off the variables of that option.
    :param required: options that must be known before a request is sent.
    :param rules: option to the form of its value.
    :param codes: the cloud's error code to one of our kinds.
    :param hints: kind to what to do next on this cloud, over those of errors.HINTS.
    :param largest_priority: upper end of the range that starts at 0.
    :param page_size: jobs a page of ListJobs.
    :param has_tags: whether jobs can have tags.
    :param transitions: ready or cancelled to the statuses from which it can be requested.
    :param lengths: option to the length that its text may have.
    :param generator: the API's name for how the cloud makes a manifest itself; empty where it makes none.
    :param parameters: what the cloud documents of the parameters of operations and manifests, by name: text, word (one
        of the API's own), integer, boolean, time, or list; empty where the cloud's SDK has a model of them.
    :param manifest_formats: csv and inventory to the cloud's words.
    :param manifest_quotes: whether a key in quotes is read as in any CSV file.
    :param manifest_versions: whether a manifest may name versions.
    :param report_format: the cloud's word for the format of reports; empty where requests do not name it.
    :param report_layout: whether the cloud documents where a report is, so that it is not looked for.
    :param full_report: whether a report that is not wanted has to be described all the same.
    :param longest_key: bytes that the key of an object may have.
    :param absolute_keys: whether keys of objects may begin with a slash or a backslash.
    :param job_arn: regular expression of a job's resource name, with the groups region, account and job; empty where
        jobs have none.
    :param token_used: codes by which CreateJob refuses a token that was used before.
    :param in_bytes: the options of which those lengths are bytes of UTF-8 and not characters.
    :param confirmation_days: days after which a Suspended job fails unconfirmed; None where that is not documented.
    :param retention_days: days for which an ended job can still be read; None where that is not documented.
    :param retention_start: end or creation: from when these days count.
    """

    title: str
    environment: t.Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    rules: t.Mapping[str, validation.Rule]
    codes: t.Mapping[str, str]
    hints: t.Mapping[str, str]
    families: tuple[str, ...] = ("",)
    identity: str = ""
    account_in_requests: bool = True
    region: str = ""
    account_id: str = ""
    check_mode: bool = False
    regions: str = ""
    ignored: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    largest_priority: int = 2147483647
    page_size: int = 1000
    has_tags: bool = False
    transitions: t.Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    lengths: t.Mapping[str, int] = dataclasses.field(default_factory=dict)
    in_bytes: tuple[str, ...] = ()
    generator: str = ""
    parameters: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    manifest_formats: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    manifest_quotes: bool = True
    manifest_versions: bool = True
    report_format: str = ""
    report_layout: bool = False
    full_report: bool = False
    longest_key: int = 1024
    absolute_keys: bool = True
    job_arn: str = ""
    token_used: tuple[str, ...] = ()
    confirmation_days: t.Optional[int] = None
    retention_days: t.Optional[int] = None
    retention_start: str = "end"

    def check_length(self, option: str, text: str, taken: int = 0) -> str:
        """Return a text that is not too long for the cloud, or raise OptionError.

        :param taken: how much of the length something else needs.
        """
        in_bytes = option in self.in_bytes
        try:
            size = len(text.encode()) if in_bytes else len(text.encode("utf-32-le")) // 4
        except UnicodeEncodeError as error:
            raise validation.invalid_value(option, text, "must be text that UTF-8 can write") from error
        if _CONTROL.search(text) or not validation.is_xml_text(text):
            raise validation.invalid_value(option, text, "must be text that XML can hold, without control characters")
        longest = self.lengths[option] - taken
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
        found = re.fullmatch(self.job_arn, value, re.ASCII) if self.job_arn else None
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

    def hint(self, kind: str) -> str:
        """Return what to do next about a failure of this kind, empty where nothing general helps."""
        return self.hints.get(kind) or errors.HINTS.get(kind, "")

    def failure(self, kind: str, message: str, **details: t.Any) -> errors.Failure:
        """Return a failure with the hint that belongs to it on this cloud."""
        return errors.Failure(kind, message, hint=details.pop("hint", "") or self.hint(kind), **details)

    def classify(self, code: str, http_status: int) -> str:
        """Return the kind for an error answer; the HTTP status speaks only where the code is unknown."""
        if code in self.codes:
            return self.codes[code]
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
            self.classify(detail if detail in self.codes else code, http_status),
            display.truncate(message) or f"an answer with HTTP status {http_status} and no error message",
            code=code,
            http_status=http_status,
            operation=operation,
            request_id=request_id,
            retry_after=errors.parse_retry_after(headers.get("retry-after", "")),
            hint="The cloud points to another endpoint: check region and endpoint_url." if redirected else "",
        )


Credentials = connections.Credentials
Role = connections.Role
Options = connections.Options


class Provider(abc.ABC):
    """One cloud, one account, one region."""

    traits: t.ClassVar[Traits]

    def __init__(self, options: Options) -> None:
        """Connect without sending a request.

        Afterwards principal says whose credentials are in use, without a secret. The list of warnings holds what a
        person should know even where nothing fails; each verb may add to it.

        :raises MissingLibrary: the cloud's library is not installed.
        :raises BatchError: the cloud's library refuses the options.
        """
        self.options = options
        self.region = options.region
        self.account_id = options.account_id
        self.principal = "unknown"
        self.warnings: list[str] = []

    def search(self) -> t.Optional[t.Callable[[], object]]:
        """Return the search for credentials, which may take requests, a program, or files; None where there is none.

        It is made before the first verb, within the limits of a request. What it finds is kept.
        """
        return None

    def credential_key(self) -> t.Hashable:
        """Return what stands for the credentials in use, so that their account is asked for once for all regions."""
        return self.traits.title, dataclasses.replace(self.options, region="", account_id="")

    def identify(self) -> str:
        """Ask the cloud for the account that the credentials belong to, by the operation of Traits.identity."""
        raise errors.BatchError(self.traits.failure("unsupported", f"{self.traits.title} does not name the account"))

    def regions(self) -> list[str]:
        """Ask the cloud which regions are enabled for the account, on clouds that say so."""
        text = f"{self.traits.title} does not say which regions an account uses; name them"
        raise errors.BatchError(self.traits.failure("unsupported", text))

    @abc.abstractmethod
    def secrets(self) -> t.Collection[str]:
        """Return the secrets of the credentials in use, wherever they came from; nothing is asked for them."""

    @abc.abstractmethod
    def describe(self, job_id: str) -> batch_jobs.Job:
        """DescribeJob."""

    @abc.abstractmethod
    def list_page(self, token: str) -> tuple[list[batch_jobs.Job], str]:
        """ListJobs: one page, and the token of the next one (empty on the last).

        :param token: empty for the first page.
        """

    @abc.abstractmethod
    def update_priority(self, job_id: str, priority: int) -> int:
        """UpdateJobPriority: return the priority that the answer names."""

    @abc.abstractmethod
    def update_status(self, job_id: str, status: str, reason: str) -> str:
        """UpdateJobStatus: return the status that the answer names.

        :param status: Ready or Cancelled.
        :param reason: empty for none.
        """

    @abc.abstractmethod
    def create(self, request: dict[str, t.Any]) -> str:
        """CreateJob: return the id of the job.

        :param request: the request in the words of the API.
        """

    def as_sent(self, request: dict[str, t.Any]) -> t.Mapping[str, t.Any]:
        """Return a request in the words in which it is sent, to be compared with those of an answer; it is not sent.

        SDKs rewrite times, and XML rewrites the ends of lines.

        :raises BatchError: it is wrong, as far as the cloud's SDK can tell.
        """
        return request

    def as_written(self, part: str, value: t.Any) -> t.Any:
        """Return a part of what an answer shows of a job, such as Operation, in the words that CreateJob takes."""
        return value

    def named(self, operation: str, job_id: str, name: str, what: str, value: t.Optional[T]) -> T:
        """Return what an answer to an update says of a job.

        :param name: the job that the answer names.
        :param what: priority or status, for the message.
        :raises BatchError: it is about another job, or says nothing.
        """
        if name != job_id or value is None or value == "":
            text = f"the answer names job {name[:100]!r} and {what} {repr(value)[:100]}"
            raise errors.BatchError(self.traits.failure("bad_answer", text, operation=operation))
        return value

    def created(self, job_id: str) -> str:
        """Return the id that an answer to CreateJob names.

        :raises BatchError: it names none.
        """
        if not job_id:
            raise errors.BatchError(self.traits.failure("bad_answer", "the answer names no job", operation="CreateJob"))
        return job_id

    def tags(self, job_id: str) -> dict[str, str]:
        """GetJobTagging, on clouds whose jobs have tags."""
        raise errors.BatchError(self.traits.failure("unsupported", f"jobs of {self.traits.title} have no tags"))
