# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set the tags of a job, and confirm the result. Private to this collection."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._core import batch_jobs, errors, providers
from .._requests import senders, sessions
from .._updates import confirm
from . import desired_tags


def read(
    session: sessions.Session, desired: desired_tags.DesiredTags, budget: t.Optional[senders.RetryBudget] = None
) -> desired_tags.TagsDecision:
    """Read the tags of the job, and decide: one request.

    :raises BatchError: the tags cannot be read, for another reason than a missing job.
    """
    provider = session.provider
    request = functools.partial(provider.tags, desired.job_id)
    try:
        current = session.sender.send("GetJobTagging", request, session.sender.renewed(budget))
    except errors.BatchError as error:
        if error.failure.kind != "not_found":
            raise
        return desired_tags.missing(desired, provider.located(error.failure))
    return desired_tags.decide(desired, current, provider.traits)


class TagsChange(confirm.Change[desired_tags.DesiredTags]):
    """Other tags for a job.

    The request replaces all tags, so each attempt sends the tags that follow from the last read.
    """

    operation = "PutJobTagging"
    race_text = "The job was found when the task read its tags, and the provider then rejected the update"

    def __init__(self, planned: desired_tags.TagsDecision, desired: desired_tags.DesiredTags) -> None:
        super().__init__(planned, desired)
        self._last = planned

    def target(self) -> dict[str, str]:
        """Return all tags of the job after the update."""
        return desired_tags.target(self.desired, desired_tags.of(self._last.before))

    def send(self, provider: providers.Provider) -> str:
        return provider.set_tags(self.job_id, desired_tags.own(self.target()))

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return answered == ""

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[batch_jobs.Job]:
        return desired_tags.tagged(self.job_id, self.target())

    def decide(self, session: sessions.Session, budget: senders.RetryBudget) -> desired_tags.TagsDecision:
        self._last = read(session, self.desired, budget)
        return self._last

    def mismatch_text(self, answered: t.Union[int, str]) -> str:
        return f"the response to {self.operation} contains {answered!r}, expected no content"

    def state_text(self, job: batch_jobs.Job) -> str:
        return f"the job has {len(desired_tags.of(job))} tags"

    def rejection(self, failure: errors.Failure, now: desired_tags.TagsDecision) -> errors.Failure:
        """Return the rejection as it is: the request depends on the tags only, so another read does not explain it."""
        if 300 <= (failure.http_status or 0) < 400:
            return failure  # the request needs another endpoint; the job is not the cause
        text = f"{self.operation} was rejected: {failure.message.rstrip('.')}. The tags were not changed"
        hint = "Compare the tags with the provider's rules for tags, then run the task again."
        return dataclasses.replace(failure, kind="invalid", message=text, hint=hint)

    def unknown_result_text(self) -> str:
        return f"The tags of job {self.job_id} are the old or the new ones, and the request can still take effect"


class TagsRemoval(TagsChange):
    """No tags for a job."""

    operation = "DeleteJobTagging"
