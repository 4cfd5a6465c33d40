# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read jobs with retries, counts, and all pages. Private to this collection."""

from __future__ import annotations

import functools
import typing as t

from .._core import batch_jobs, errors, providers
from . import principals, senders

_MOST_PAGES: t.Final = 1000
"""A page holds up to 1,000 jobs, and no queue of a million live jobs is known."""
_MOST_EMPTY: t.Final = 50
"""Consecutive pages without jobs, which a filtering service can send."""
_READINGS: t.Final = 3
"""How often a list with repeated jobs is read: a queue that changes during the reading can repeat jobs."""

T = t.TypeVar("T")


Reading = batch_jobs.Reading


class _Repeats(Exception):
    """The pages of a list repeat a job or a token, so other jobs can be missing."""


class Session:
    """One provider, and the counts of its requests.

    :ivar unfinished: returns the result of a task that is interrupted now; None while nothing is known.
    """

    def __init__(self, provider: providers.Provider, sender: senders.Sender) -> None:
        self.provider = provider
        self.sender = sender
        self.unfinished: t.Optional[t.Callable[[], dict[str, t.Any]]] = None

    def open(
        self, accounts: t.Optional[principals.Accounts] = None, budget: t.Optional[senders.RetryBudget] = None
    ) -> None:
        """Find the credentials, and confirm their account.

        :param accounts: the accounts that other sessions have looked up.
        :raises BatchError: there are no credentials, or they belong to another account than that of the task.
        """
        search = self.provider.search()
        if search:
            self.sender.prepare(search, budget)
        principals.confirm_account(self.provider, self.sender, accounts, budget)

    def describe(self, job_id: str, budget: t.Optional[senders.RetryBudget] = None) -> batch_jobs.Job:
        """Return one job as it is now.

        :param budget: the time limit; attempts and deadline are those of this request alone.
        :raises BatchError: kind not_found and all others.
        """
        try:
            request = functools.partial(self._describe, job_id)
            return self.sender.send("DescribeJob", request, self.sender.renewed(budget))
        except errors.BatchError as error:
            if error.failure.kind != "not_found":
                raise
            raise errors.BatchError(self.provider.located(error.failure)) from error

    def list_jobs(self, budget: t.Optional[senders.RetryBudget] = None) -> list[batch_jobs.Job]:
        """Return all jobs that the provider still lists, of all pages, each once.

        The request has no status filter, because jobs in unknown statuses would be missing.

        :param budget: the time limit of all pages; attempts and deadline are those of each page.
        :raises BatchError: kind invalid_response if the list repeats itself, and all others.
        """
        return list(self._read(budget, None).values())

    def queue(self) -> list[batch_jobs.Job]:
        """Return all live jobs.

        A job that is listed without a priority is described once. If the priority is still missing, it stays empty.
        """
        return self.read_queue().queue

    def read_queue(self) -> Reading:
        """Return the queue, and the ended jobs that are still listed."""
        listed = self.list_jobs()
        live = [job for job in listed if job.is_live]
        described = self.describe_all([job.job_id for job in live if job.priority is None])
        better = {job_id: job for job_id, job in described.items() if isinstance(job, batch_jobs.Job)}
        shown = [better.get(job.job_id, job) for job in listed]
        return Reading({}, {}, [job for job in shown if job.is_live], [job for job in shown if not job.is_live])

    def pick(
        self, job_ids: t.Collection[str], budget: t.Optional[senders.RetryBudget] = None
    ) -> dict[str, batch_jobs.Job]:
        """Return those of the jobs that the list shows, live or ended, reading no page more than it takes."""
        return self._read(budget, frozenset(job_ids))

    def describe_all(
        self, job_ids: t.Sequence[str], seconds: t.Optional[float] = None
    ) -> dict[str, t.Union[batch_jobs.Job, errors.Failure]]:
        """Return each job, or why it cannot be found: one request a job, none where there are no ids.

        :param seconds: within which it has to be over; None where only the limits of each request count.
        """
        end = None if seconds is None else self.sender.now() + seconds

        def find(job_id: str) -> t.Union[batch_jobs.Job, errors.Failure]:
            return self._find(job_id, None if end is None else self.sender.budget(end - self.sender.now()))

        return dict(zip(job_ids, self._each(find, job_ids)))

    def _read(
        self, budget: t.Optional[senders.RetryBudget], wanted: t.Optional[frozenset[str]]
    ) -> dict[str, batch_jobs.Job]:
        """Return the wanted jobs of the list by ID, or all of them for None, from one complete reading.

        :raises BatchError: each reading repeats a job or a token: an incomplete queue is not used for decisions.
        """
        for times in range(_READINGS):
            if times:
                self.sender.read_anew(times)
            try:
                return self._walk(budget, wanted)
            except _Repeats:
                continue
        text = (
            f"the response repeats a page, a job, or a token in each of {_READINGS} readings, so the job list can be"
            " incomplete and was not used"
        )
        hint = "The queue can change while it is read. Run the task again in a moment."
        raise errors.BatchError(self.provider.traits.failure("invalid_response", text, operation="ListJobs", hint=hint))

    def _walk(
        self, budget: t.Optional[senders.RetryBudget], wanted: t.Optional[frozenset[str]]
    ) -> dict[str, batch_jobs.Job]:
        """Read the list once, with no more pages than needed.

        COS can return the last job as the token of an empty page.
        """
        jobs: dict[str, batch_jobs.Job] = {}
        known: set[str] = set()
        tokens: set[str] = set()
        token = ""
        empty = 0
        while len(tokens) < _MOST_PAGES and empty < _MOST_EMPTY:
            tokens.add(token)
            request = functools.partial(self.provider.list_page, token)
            page, token = self.sender.send("ListJobs", request, self.sender.renewed(budget))
            new = {job.job_id: job for job in page}
            if len(new) < len(page) or not known.isdisjoint(new):
                raise _Repeats
            known.update(new)
            jobs.update(new if wanted is None else {name: job for name, job in new.items() if name in wanted})
            if not token or (wanted is not None and len(jobs) == len(wanted)):
                return jobs
            if token in tokens:
                raise _Repeats
            empty = 0 if page else empty + 1
        text = f"the job list does not end after {len(tokens)} pages, so it was not used"
        raise errors.BatchError(self.provider.traits.failure("invalid_response", text, operation="ListJobs"))

    def find(self, job_ids: t.Sequence[str], listed: bool = False) -> Reading:
        """Return each job, or why it is missing.

        One job is described. Several jobs are read from the list of live jobs, and only those missing from it are
        described: reading N jobs takes pages, not N requests.

        :param listed: list the queue in any case.
        :raises BatchError: no job can be read, for a reason that does not depend on a job.
        """
        if len(job_ids) == 1 and not listed:
            found = {job_ids[0]: self._find(job_ids[0])}
            return _reading(job_ids, found, Reading({}, {}, []))
        whole = self.read_queue() if listed or job_ids else Reading({}, {}, [])
        live = {job.job_id: job for job in whole.queue}
        others = [job_id for job_id in job_ids if job_id not in live]
        found = {**live, **self.describe_all(others)}
        return _reading(job_ids, found, whole)

    def tags(self, job_ids: t.Sequence[str]) -> dict[str, dict[str, str]]:
        """Return the tags of each job: one request per job."""
        return dict(zip(job_ids, self._each(self._tags, job_ids)))

    def _each(self, work: t.Callable[[str], T], job_ids: t.Sequence[str]) -> list[T]:
        # Imported where it is used: a task about one job does not need threads.
        from .parallel import in_parallel

        return in_parallel(work, job_ids, self.sender.width)

    def _tags(self, job_id: str) -> dict[str, str]:
        return self.sender.send("GetJobTagging", functools.partial(self.provider.tags, job_id))

    def _find(
        self, job_id: str, budget: t.Optional[senders.RetryBudget] = None
    ) -> t.Union[batch_jobs.Job, errors.Failure]:
        try:
            return self.describe(job_id, budget)
        except errors.BatchError as error:
            if error.failure.kind != "not_found":
                raise
            return error.failure

    def _describe(self, job_id: str) -> batch_jobs.Job:
        job = self.provider.describe(job_id)
        if job.job_id != job_id:
            raise errors.BatchError(
                self.provider.traits.failure(
                    "invalid_response",
                    f"the response describes job {job.job_id}, expected job {job_id}",
                    operation="DescribeJob",
                )
            )
        return job


def _reading(
    job_ids: t.Sequence[str], found: t.Mapping[str, t.Union[batch_jobs.Job, errors.Failure]], whole: Reading
) -> Reading:
    jobs: dict[str, batch_jobs.Job] = {}
    missing: dict[str, errors.Failure] = {}
    for job_id in job_ids:
        item = found[job_id]
        if isinstance(item, batch_jobs.Job):
            jobs[job_id] = item
        else:
            missing[job_id] = item
    return Reading(jobs, missing, whole.queue, whole.ended)
