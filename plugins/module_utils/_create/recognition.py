# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognize a job to be created among the jobs that a provider lists.

No cloud lists the token that CreateJob takes, and COS refuses a used one instead of naming its job. So a digest of the
token is at the end of the description, which every cloud lists. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, providers
from . import comparison, marker, old_marker

_BESIDE: t.Final = ("Operation", "Report", "RoleArn", "Description")
"""What a request says of a job's content beside its objects."""
_SHOWN: t.Final = 5


@dataclasses.dataclass(frozen=True)
class Creation:
    """A job to be created.

    :param content: what the job does, in the words of the API: what makes it this job and no other.
    :param start: what it starts with and what may change later, in the words of the API.
    :param token: the user's, or derived from the content.
    :param given: the content as the task wrote it, of which the marks of old jobs are digests.
    :param sent: the content in the words in which it is sent; empty until it is placed.
    :param mark: by which the job is found.
    :param marks: that one, and those that the job may have from an older release.
    """

    content: t.Mapping[str, t.Any]
    start: t.Mapping[str, t.Any]
    token: str = ""
    given: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    sent: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    mark: marker.Mark = marker.NONE
    marks: frozenset[marker.Mark] = frozenset()

    @property
    def draft(self) -> dict[str, t.Any]:
        """The request as far as it is known before it has a token."""
        return {**self.content, **self.start, "ClientRequestToken": self.token or "not-known-yet"}

    def in_queue(self, sent: t.Mapping[str, t.Any], queue_id: tuple[str, ...], traits: providers.Traits) -> Creation:
        """Return the creation with a token: without the user's own, the same request at the same place has the same.

        :param sent: the draft in the words in which it is sent.
        :param queue_id: provider, region, and account.
        """
        own = {name: sent[name] for name in sent if name in (*_BESIDE, self.source)}
        content = marker.canonical(own)
        # Only what a request is bound to is part of it: the same request is the same job, whoever is said to send it.
        bound = queue_id if traits.connection.account_in_requests else queue_id[:-1]
        token = self.token or marker.digest([*bound, content])
        mark = marker.make(token, content)
        old = old_marker.marks(self.given or self.content, self.token, queue_id, traits)
        return dataclasses.replace(self, sent=own, token=token, mark=mark, marks=old | {mark})

    @property
    def request(self) -> dict[str, t.Any]:
        """The request in the words of the API, which are the same on every cloud."""
        own = self.content.get("Description")
        text = f"{own} {self.mark}" if own else str(self.mark)
        return {**self.content, **self.start, "Description": text, "ClientRequestToken": self.token}

    @property
    def source(self) -> str:
        """What names the objects, in the words of the API: Manifest, or how the cloud makes one."""
        return next(name for name in self.content if name not in _BESIDE)

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return str(next(iter(self.content["Operation"])))

    def job(self, job_id: str) -> batch_jobs.Job:
        """Return the job as it is right after its creation."""
        priority = self.start["Priority"]
        return batch_jobs.Job(job_id, "New", priority, self.request["Description"], self.operation)

    def unchecked(self) -> list[str]:
        """Say what only the cloud can know, for a dry run."""
        listed = self.source == "Manifest"
        source = "the manifest object exists and has this ETag" if listed else "the cloud finds objects"
        report = ["the report bucket exists and takes the report"] if self.content["Report"]["Enabled"] else []
        return [
            "the id that the job will have",
            f"whether {source}",
            f"whether the cloud takes every detail of {self.operation}, now and in this region",
            "whether the role exists, may be handed to the job, and may do what the operation needs",
            "whether these credentials may create jobs, and whether the account has room for one more",
            *(f"whether {item}" for item in report),
        ]


def with_marker(creation: Creation, jobs: t.Iterable[batch_jobs.Job]) -> list[batch_jobs.Job]:
    """Return the jobs whose description has the mark of the token, the oldest first."""
    tokens = {mark.token for mark in creation.marks}
    found = (job for job in jobs if marker.find(job.description).token in tokens)
    return sorted(found, key=lambda job: (batch_jobs.age_order(job), job.job_id))


def is_candidate(creation: Creation, job: batch_jobs.Job) -> bool:
    """Whether a list's words about a marked job leave it possible that it is this one."""
    return job.operation in ("", creation.operation)


def decide(creation: Creation, found: t.Sequence[batch_jobs.Job]) -> plans.Decision:
    """Return what shall happen: update (create it), unchanged (it is there), or failed (the mark is another job's).

    A description is free text, which anybody can copy: a job is this one only if what the cloud says of it is what the
    task wants.

    :param found: the marked jobs, the oldest first; described where they may be this one.
    """
    strange = {job.job_id: first_difference(creation, job) for job in found}
    same = [job for job in found if not strange[job.job_id]]
    if same:
        return plans.Decision(
            plans.DesiredState(same[0].job_id, None), "unchanged", same[0], _difference(creation, same[0])
        )
    if found:
        job = found[0]
        text = (
            f"job {job.job_id} ({job.status}) carries the mark of client_request_token {creation.token},"
            f" but is not the job of this task: {strange[job.job_id]}"
        )
        hint = (
            "Give each job a token of its own, or leave client_request_token out; if nobody did, find out who wrote"
            " that description. Nothing was created."
        )
        return plans.Decision(
            plans.DesiredState(job.job_id, None), "failed", job, text, errors.Failure("conflict", text, hint=hint)
        )
    return plans.Decision(plans.DesiredState("", None), "update")


def first_difference(creation: Creation, job: batch_jobs.Job) -> str:
    """Return the first thing that the cloud says of a job and the task does not want; empty where there is none."""
    if not is_candidate(creation, job):
        return f"its operation is {job.operation} and not {creation.operation}"
    content, sent = creation.content, creation.sent
    report = sent["Report"] if content["Report"]["Enabled"] else {"Enabled": False}
    seen_report = job.extra.get("Report") or {"Enabled": "false"}
    pairs = {
        f"Operation.{creation.operation}": (sent["Operation"][creation.operation], job.parameters),
        creation.source: (sent[creation.source], job.extra.get(creation.source)),
        "Report": (report, seen_report),
        "RoleArn": (sent["RoleArn"], job.extra.get("RoleArn")),
        "Description": (content.get("Description"), strip_marker(job)),
    }
    text = next(filter(None, (comparison.first_difference(name, *pair) for name, pair in pairs.items())), "")
    if not text and marker.find(job.description) not in creation.marks:
        # What the cloud says more than the task does is no proof: clouds add defaults.
        return "its mark says that it was created with other options, such as one that this task leaves out"
    return text


def strip_marker(job: batch_jobs.Job) -> str:
    """Return the description of a job without the mark."""
    return marker.strip(job.description)


def duplicates_warning(found: t.Sequence[batch_jobs.Job], decision: plans.Decision) -> str:
    """Say which other jobs carry the mark of a job that is there; empty where none does."""
    ids = [job.job_id for job in found if job.job_id != decision.desired.job_id]
    if not ids or decision.outcome != "unchanged":
        return ""
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return (
        f"The mark of job {decision.desired.job_id} also stands in the description of {', '.join(ids[:_SHOWN])}{more}."
    )


def _difference(creation: Creation, job: batch_jobs.Job) -> str:
    """Say in which way a job that is there is not what somebody might expect."""
    if job.is_ended:
        return f"the job has ended ({job.status}); another client_request_token creates it again"
    if job.priority != creation.start["Priority"]:
        return f"the job has priority {job.priority} now; batch_job_priority changes it"
    return ""
