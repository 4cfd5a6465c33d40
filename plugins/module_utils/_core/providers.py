# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the contract that each provider fulfills.

A verb sends exactly one request and raises BatchError when it fails: counting, retrying and
waiting belong to the callers. Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from . import batch_jobs, connections, errors, provider_traits

T = t.TypeVar("T")

Traits = provider_traits.Traits
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
        """Ask the cloud for the account that the credentials belong to, by ConnectionTraits.identity."""
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
