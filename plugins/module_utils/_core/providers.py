# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the contract that each provider fulfills.

A verb sends exactly one request and raises BatchError if it fails. The callers count, retry, and wait.
Private to this collection.
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
    """One provider, one account, and one region."""

    traits: t.ClassVar[Traits]

    def __init__(self, options: Options) -> None:
        """Connect without sending a request.

        Afterwards, principal names the owner of the credentials, without a secret. The list of warnings is for users,
        even if nothing fails. Each verb can add to it.

        :raises MissingLibrary: the provider's library is not installed.
        :raises BatchError: the provider's library rejects the options.
        """
        self.options = options
        self.region = options.region
        self.account_id = options.account_id
        self.principal = "unknown"
        self.warnings: list[str] = []

    def search(self) -> t.Optional[t.Callable[[], object]]:
        """Return the search for credentials, which can take requests, a program, or files; None if none is needed.

        The search runs before the first verb, within the limits of a request. Its result is kept.
        """
        return None

    def credential_key(self) -> t.Hashable:
        """Return a key of the credentials in use, so that their account is requested once for all regions."""
        return self.traits.title, dataclasses.replace(self.options, region="", account_id="")

    def identify(self) -> str:
        """Request the account of the credentials, by ConnectionTraits.identity."""
        text = f"{self.traits.title} does not return the account of credentials"
        raise errors.BatchError(self.traits.failure("unsupported", text, hint="Set account_id."))

    def regions(self) -> list[str]:
        """Request the regions that are enabled for the account, if the provider supports that."""
        text = f"{self.traits.title} does not return the regions of an account"
        raise errors.BatchError(
            self.traits.failure("unsupported", text, hint="List the regions in the regions option.")
        )

    def account_text(self) -> str:
        """Return the account of the requests as text for users."""
        number = f" with APPID {self.options.app_id}" if self.options.app_id else ""
        return f"account {self.account_id}{number}" if self.account_id else "the account of the jobs"

    def may_be_foreign(self) -> bool:
        """Whether the credentials can belong to another account than the one that the requests name."""
        return bool(self.traits.connection.account_in_requests and self.options.account_id and not self.options.role)

    def located(self, failure: errors.Failure) -> errors.Failure:
        """Return a failure whose hint names the region and the account in which a job was not found."""
        account = f" ({self.account_id})" if self.account_id else ""
        place = f"job_id, region ({self.region}), and account_id{account}"
        return dataclasses.replace(failure, hint=failure.hint.replace(provider_traits.JOB_PLACE, place))

    @abc.abstractmethod
    def secrets(self) -> t.Collection[str]:
        """Return the secrets of the credentials in use, wherever they came from, without a request."""

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
        """UpdateJobPriority: return the priority in the response."""

    @abc.abstractmethod
    def update_status(self, job_id: str, status: str, reason: str) -> str:
        """UpdateJobStatus: return the status in the response.

        :param status: Ready or Cancelled.
        :param reason: empty for none.
        """

    @abc.abstractmethod
    def create(self, request: dict[str, t.Any]) -> str:
        """CreateJob: return the ID of the job.

        :param request: the request in the words of the API.
        """

    def as_sent(self, request: dict[str, t.Any]) -> t.Mapping[str, t.Any]:
        """Return a request as it would be sent, to compare it with a response; it is not sent.

        SDKs rewrite times, and XML rewrites the ends of lines.

        :raises BatchError: the provider's SDK rejects it.
        """
        return request

    def as_written(self, part: str, value: t.Any) -> t.Any:
        """Return a part of a job in a response, such as Operation, in the words of CreateJob."""
        return value

    def named(self, operation: str, job_id: str, name: str, what: str, value: t.Optional[T]) -> T:
        """Return the value in the response to an update.

        :param name: the job in the response.
        :param what: priority or status, for the message.
        :raises BatchError: the response is about another job, or has no value.
        """
        if name != job_id or value is None or value == "":
            text = f"the response contains job {name[:100]!r} and {what} {repr(value)[:100]}, expected job {job_id!r}"
            raise errors.BatchError(self.traits.failure("invalid_response", text, operation=operation))
        return value

    def created(self, job_id: str) -> str:
        """Return the job ID in a response to CreateJob.

        :raises BatchError: the response has none.
        """
        if not job_id:
            text = "the response does not contain a job ID"
            raise errors.BatchError(self.traits.failure("invalid_response", text, operation="CreateJob"))
        return job_id

    def tags(self, job_id: str) -> dict[str, str]:
        """GetJobTagging, for providers whose jobs have tags."""
        raise self._no_tags()

    def set_tags(self, job_id: str, tags: t.Mapping[str, str]) -> str:
        """PutJobTagging, or DeleteJobTagging if the tags are empty: replace all tags of a job that users can set.

        Return an empty text, because the response has no value.
        """
        raise self._no_tags()

    def _no_tags(self) -> errors.BatchError:
        text = f"tags are not supported for {self.traits.title}"
        hint = "Remove the tags option, and select by description."
        return errors.BatchError(self.traits.failure("unsupported", text, hint=hint))
