# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe the differences between providers as data. Private to this collection."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import display, errors, validation

_CONTROL: t.Final = re.compile(r"[\x00-\x1f\x7f]")
PAGE_SIZE: t.Final = 1000
"""Jobs that each page of ListJobs requests."""
LARGEST_PRIORITY: t.Final = 2147483647
"""The upper end of the range that starts at 0."""
JOB_PLACE: t.Final = "job_id, region, and account_id"
"""The options that identify a job, as hints name them; Provider.located adds their values."""


class ConnectionTraits(t.NamedTuple):
    """How a provider is reached, and whose credentials are in use.

    :param environment: option to the environment variables that stand in for it, first set one wins.
    :param families: beginnings of the names of variables that may hold one key pair, in order: the keys of one family
        are never mixed with those of another.
    :param ignored: option to the variable that, when true, switches off the variables of that option.
    :param playbook_variables: option to the variable from which the playbooks of the collection set it; modules do
        not read it.
    :param required: options that must be known before a request is sent.
    :param identity: the operation that names the account of the credentials; empty if the provider has none.
    :param account_in_requests: whether requests name the account, so that the provider rejects the credentials of
        another one. Without that, an account that a task names has to be confirmed by the identity.
    :param regions: the operation that names the regions that are enabled for an account; empty if there is none.
    """

    environment: t.Mapping[str, tuple[str, ...]] = {}
    families: tuple[str, ...] = ("",)
    ignored: t.Mapping[str, str] = {}
    playbook_variables: t.Mapping[str, str] = {}
    required: tuple[str, ...] = ()
    identity: str = ""
    account_in_requests: bool = True
    regions: str = ""


class FailureTraits(t.NamedTuple):
    """What the error codes of a provider mean.

    :param codes: the provider's error code to the error kind.
    :param hints: kind to the next step with this provider; they replace those of errors.HINTS.
    :param code_hints: code to the next step, if the kind alone does not determine it.
    :param permissions: operation to the permission that it requires.
    :param denied: the next step if that permission is missing, with {permission}.
    :param token_used: codes by which CreateJob rejects a token that was used before.
    """

    codes: t.Mapping[str, errors.Kind] = {}
    hints: t.Mapping[errors.Kind, str] = {}
    code_hints: t.Mapping[str, str] = {}
    permissions: t.Mapping[str, str] = {}
    denied: str = ""
    token_used: tuple[str, ...] = ()


class JobTraits(t.NamedTuple):
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

    transitions: t.Mapping[str, tuple[str, ...]] = {}
    lengths: t.Mapping[str, int] = {}
    in_bytes: tuple[str, ...] = ()
    parameters: t.Mapping[str, str] = {}
    arn: str = ""
    have_tags: bool = False
    confirmation_days: t.Optional[int] = None
    retention_days: t.Optional[int] = None
    retention_start: str = "end"


class ManifestTraits(t.NamedTuple):
    """What manifests of a provider look like, and the objects that they name.

    :param formats: csv and inventory to the provider's words.
    :param quotes: whether a key in quotes is read as in any CSV file.
    :param encodes: whether keys in a manifest are URL-encoded.
    :param archives: storage classes whose objects must be restored before they can be read.
    :param versions: whether a manifest may name versions.
    :param generator: the API's name for how the provider makes a manifest itself; empty if it makes none.
    :param longest_key: bytes that the key of an object may have.
    :param absolute_keys: whether keys of objects may begin with a slash or a backslash.
    """

    formats: t.Mapping[str, str] = {}
    quotes: bool = True
    encodes: bool = True
    archives: frozenset[str] = frozenset()
    versions: bool = True
    generator: str = ""
    longest_key: int = 1024
    absolute_keys: bool = True


def _only_its_id(job_id: str) -> frozenset[str]:
    return frozenset({job_id})


def _bucket_and_key(resource: str) -> tuple[str, str]:
    bucket, _slash, key = resource.partition("/")
    return bucket, key


class ReportTraits(t.NamedTuple):
    """Where completion reports of a provider are.

    :param format: the provider's word for the format of reports; empty if requests do not name it.
    :param documented_path: whether the provider documents where a report is, so that it is not looked for.
    :param always_described: whether a report that is not wanted has to be described all the same.
    :param bucket_name: returns the name of a bucket from how the provider writes it.
    :param names: returns what may stand for the ID of a job in the path of its report.
    :param split_object: returns the bucket and the key from the resource name of an object; the bucket is empty if the
        name has none.
    :param checksum_operation: the operation whose reports contain checksums; empty if there is none.
    """

    format: str = ""
    documented_path: bool = False
    always_described: bool = False
    bucket_name: t.Callable[[str], str] = str
    names: t.Callable[[str], t.Collection[str]] = _only_its_id
    split_object: t.Callable[[str], tuple[str, str]] = _bucket_and_key
    checksum_operation: str = ""


@dataclasses.dataclass(frozen=True)
class Traits:
    """What differs between providers and can be said as data.

    :param title: the service's name for a person.
    :param rules: option to the form of its value.
    :param region: the region of a task, if it is known; resource names of another region are rejected.
    :param account_id: the account of a task, also if it is known.
    :param check_mode: whether the task runs in check mode, so that a job that it would create has no ID.
    """

    title: str
    connection: ConnectionTraits = dataclasses.field(default_factory=ConnectionTraits)
    failures: FailureTraits = dataclasses.field(default_factory=FailureTraits)
    jobs: JobTraits = dataclasses.field(default_factory=JobTraits)
    manifests: ManifestTraits = dataclasses.field(default_factory=ManifestTraits)
    reports: ReportTraits = dataclasses.field(default_factory=ReportTraits)
    rules: t.Mapping[str, validation.Rule] = dataclasses.field(default_factory=dict)
    region: str = ""
    account_id: str = ""
    check_mode: bool = False

    def check_length(self, option: str, text: str, taken: int = 0) -> str:
        """Return a text that is not too long for the provider, or raise OptionError.

        :param taken: how much of the length something else needs.
        """
        in_bytes = option in self.jobs.in_bytes
        try:
            size = len(text.encode()) if in_bytes else len(text.encode("utf-32-le")) // 4
        except UnicodeEncodeError as error:
            raise validation.invalid_value(option, text, "must be valid UTF-8 text") from error
        if _CONTROL.search(text) or not validation.is_xml_text(text):
            raise validation.invalid_value(option, text, "must be text that XML allows, without control characters")
        longest = self.jobs.lengths[option] - taken
        if size > longest:
            unit = "bytes of UTF-8" if in_bytes else "characters"
            raise validation.invalid_value(option, text, f"must be at most {longest} {unit} long", f"It has {size}.")
        return text

    def check_job_id(self, option: str, value: str) -> str:
        """Return the ID of a job from an ID or a resource name, or raise OptionError.

        A resource name of another region or account than that of the task is rejected.
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
                rule = f"must be a job in {name} {here}, as set by the task"
                raise validation.invalid_value(option, value, rule)
        return self.rules["job_id"].check(option, found["job"])

    def at(self, region: str, account_id: str, check_mode: bool = False) -> Traits:
        """Return the traits for a task in a region and an account; each is empty if it is not known."""
        return dataclasses.replace(self, region=region, account_id=account_id, check_mode=check_mode)

    def hint(self, kind: errors.Kind, operation: str = "", code: str = "") -> str:
        """Return what to do next about a failure, empty if no general advice helps.

        :param operation: the API operation that failed, empty for any.
        :param code: the provider's error code, empty for any.
        """
        own = self.failures
        if kind == "access_denied" and operation in own.permissions:
            return own.denied.format(permission=own.permissions[operation])
        known = own.code_hints.get(code) if own.codes.get(code) == kind else None
        return known or own.hints.get(kind) or errors.HINTS.get(kind, "")

    def failure(self, kind: errors.Kind, message: str, **details: t.Any) -> errors.Failure:
        """Return a failure with the hint that belongs to it for this provider."""
        hint = details.pop("hint", "") or self.hint(kind, details.get("operation", ""), details.get("code", ""))
        return errors.Failure(kind, message, hint=hint, **details)

    def classify(self, code: str, http_status: int) -> errors.Kind:
        """Return the kind of an error response; the HTTP status decides only if the code is unknown."""
        if code in self.failures.codes:
            return self.failures.codes[code]
        if http_status == 429:
            return "throttled"
        if http_status >= 500:
            return "unavailable"
        if 300 <= http_status < 400:
            return "invalid"
        if not code:
            # The body is not an error of the provider: another server responded.
            return "invalid_response"
        if http_status in (401, 403):
            return "access_denied"
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
        """Return the failure of an error response.

        :param headers: the headers of the response, with names in lower case.
        :param detail: a more precise code, which is checked first; empty if the provider has none.
        """
        # botocore uses the HTTP status as the code if the body is not an error of the provider.
        code = "" if code.isdigit() else code
        decisive = detail if detail in self.failures.codes else code
        kind = self.classify(decisive, http_status)
        hint = self.hint(kind, operation, decisive)
        if 300 <= http_status < 400:
            hint = "The provider redirects to another endpoint. Check region and endpoint_url."
        return self.failure(
            kind,
            display.truncate(message) or "the response has no error message",
            code=code,
            http_status=http_status,
            operation=operation,
            request_id=request_id,
            retry_after=errors.parse_retry_after(headers.get("retry-after", "")),
            hint=hint,
        )
