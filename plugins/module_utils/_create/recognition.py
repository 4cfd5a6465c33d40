# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the job of a task among the jobs that a provider lists.

No provider returns the token of a job, and COS rejects a used token instead of returning its job. So the description,
which every provider returns, ends with a digest of the token. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, errors, plans, providers
from . import comparison, marker, old_marker

_BESIDE: t.Final = ("Operation", "Report", "RoleArn", "Description")
"""The parts of a request that define the job, except for its objects."""
_SHOWN: t.Final = 5
UNKNOWN_ETAG: t.Final = "not-known-yet"
"""Stands for the ETag of a manifest object until it is looked up."""


@dataclasses.dataclass(frozen=True)
class Creation:
    """A job that the task creates unless it exists.

    :param content: what the job does, in the words of the API; it identifies the job.
    :param start: values at the start that can change later, in the words of the API.
    :param token: the user's, or derived from the content.
    :param given: the content as the task wrote it, of which the markers of old jobs are digests.
    :param sent: the content in the words of the provider's API; empty until the queue is known.
    :param mark: the marker of the job.
    :param marks: that marker, and the markers that older releases used for the job.
    :param looked_up: whether the task does not set the ETag of the manifest object, so that it is looked up.
    :param alias: the marker of the same job from a task that sets the ETag, or that looks it up: the other way.
    """

    content: t.Mapping[str, t.Any]
    start: t.Mapping[str, t.Any]
    token: str = ""
    given: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    sent: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    mark: marker.Mark = marker.NONE
    marks: frozenset[marker.Mark] = frozenset()
    looked_up: bool = False
    alias: marker.Mark = marker.NONE

    @property
    def draft(self) -> dict[str, t.Any]:
        """The request before it has a token."""
        return {**self.content, **self.start, "ClientRequestToken": self.token or "not-known-yet"}

    def with_etag(self, etag: str) -> Creation:
        """Return the creation with the ETag of its manifest object."""

        def put(content: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
            manifest = content["Manifest"]
            return {**content, "Manifest": {**manifest, "Location": {**manifest["Location"], "ETag": etag}}}

        return dataclasses.replace(self, content=put(self.content), given=put(self.given))

    @property
    def location(self) -> t.Mapping[str, str]:
        """The location of the manifest object, in the words of the API; empty if there is none."""
        found: t.Mapping[str, str] = self.content.get("Manifest", {}).get("Location", {})
        return found

    def in_queue(self, sent: t.Mapping[str, t.Any], queue_id: tuple[str, ...], traits: providers.Traits) -> Creation:
        """Return the creation with a token: unless the user sets one, equal requests in one queue have equal tokens.

        :param sent: the draft in the words of the provider's API.
        :param queue_id: provider, region, and account.
        """
        own = {name: sent[name] for name in sent if name in (*_BESIDE, self.source)}
        content = marker.canonical(own)
        # An account that is not part of the request is not part of the token: equal requests are one job.
        bound = queue_id if traits.connection.account_in_requests else queue_id[:-1]
        exact = marker.digest([*bound, content])
        # Without the ETag, so that a task that looks it up finds the job that it created for an earlier manifest.
        loose = marker.digest([*bound, marker.without_etag(content)])
        tokens = (loose, exact) if self.looked_up else (exact, loose)
        token = self.token or tokens[0]
        mark = marker.make(token, content)
        alias = marker.NONE if self.token or loose == exact else marker.make(tokens[1], content)
        old = old_marker.marks(self.given or self.content, self.token, queue_id, traits)
        return dataclasses.replace(self, sent=own, token=token, mark=mark, marks=old | {mark}, alias=alias)

    @property
    def request(self) -> dict[str, t.Any]:
        """The request in the words of the API, which are the same for all providers."""
        own = self.content.get("Description")
        text = f"{own} {self.mark}" if own else str(self.mark)
        return {**self.content, **self.start, "Description": text, "ClientRequestToken": self.token}

    @property
    def source(self) -> str:
        """The key of the object source, in the words of the API: Manifest, or the provider's generator."""
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
        """Return what check mode cannot verify, because only the provider knows it."""
        listed = self.source == "Manifest"
        source = "the manifest object exists and has this ETag" if listed else "the manifest generator finds objects"
        source = "the manifest object still has this ETag when the job starts" if self.looked_up else source
        report = ["the report bucket exists and the job role can write to it"]
        return [
            "the ID of the new job",
            f"whether {source}",
            f"whether the provider supports all parameters of {self.operation} in this region",
            "whether the role exists, can be passed to the job, and has the permissions for the operation",
            "whether the credentials are allowed to create jobs, and whether the job limit of the account is reached",
            *(f"whether {item}" for item in (report if self.content["Report"]["Enabled"] else [])),
        ]


CreationDecision = plans.Decision[Creation]


def with_marker(creation: Creation, jobs: t.Iterable[batch_jobs.Job]) -> list[batch_jobs.Job]:
    """Return the jobs whose description has the marker of the token, the oldest first."""
    tokens = {mark.token for mark in creation.marks}
    marks = ((job, marker.find(job.description)) for job in jobs)
    found = (job for job, mark in marks if mark != marker.NONE and (mark.token in tokens or mark == creation.alias))
    return sorted(found, key=lambda job: (batch_jobs.age_order(job), job.job_id))


def is_candidate(creation: Creation, job: batch_jobs.Job) -> bool:
    """Whether a listed job with the marker can be the job of the task."""
    return job.operation in ("", creation.operation)


def decide(creation: Creation, found: t.Sequence[batch_jobs.Job]) -> CreationDecision:
    """Return the decision: update (create it), unchanged (it exists), or failed (another job has the marker).

    A description is free text, which any user can copy: a job is the job of the task only if its description by the
    provider matches the options of the task.

    :param found: the jobs with the marker, the oldest first; candidates are described.
    """
    strange = {job.job_id: first_difference(creation, job) for job in found}
    same = [job for job in found if not strange[job.job_id]]
    if same:
        reason = _difference(creation, same[0])
        return CreationDecision(same[0].job_id, "unchanged", same[0], reason, desired=creation)
    if found and creation.looked_up and all(_is_earlier(creation, job) for job in found):
        return _changed_manifest(creation, found)
    if found:
        job = found[0]
        text = (
            f"job {job.job_id} ({job.status}) already uses client_request_token {creation.token}, but has different"
            f" options: {strange[job.job_id]}. No job was created"
        )
        hint = (
            "Set a unique client_request_token for each job, or remove the option. If the token is unique, another user"
            " or process copied the description of the job."
        )
        failure = errors.Failure("conflict", text, hint=hint)
        return CreationDecision(job.job_id, "failed", job, text, failure, desired=creation)
    return CreationDecision("", "update", desired=creation)


def _is_earlier(creation: Creation, job: batch_jobs.Job) -> bool:
    """Whether a job differs from the task only in the ETag of its manifest object."""
    seen = str((job.manifest.etag if job.manifest else "") or "").strip('" ')
    if not seen or not is_candidate(creation, job):
        return False
    sent = creation.sent["Manifest"]
    same = {**creation.sent, "Manifest": {**sent, "Location": {**sent["Location"], "ETag": seen}}}
    mark = marker.make(creation.token, marker.canonical(same))
    earlier = dataclasses.replace(creation, sent=same, marks=frozenset({mark}), alias=marker.NONE)
    return not first_difference(earlier, job)


def _changed_manifest(creation: Creation, found: t.Sequence[batch_jobs.Job]) -> CreationDecision:
    """Return the failure of a task whose manifest object was changed after the job was created."""
    job = found[-1]
    etag = job.manifest.etag if job.manifest else ""
    text = (
        f"the manifest object was changed after job {job.job_id} ({job.status}) was created: the job has the ETag"
        f" {etag!r}, and the object has the ETag {creation.location['ETag']!r}. No job was created"
    )
    hint = (
        "To create another job for the new content, set manifest.etag to the new ETag or set another"
        " client_request_token."
    )
    failure = errors.Failure("conflict", text, hint=hint)
    return CreationDecision(job.job_id, "failed", job, text, failure, desired=creation)


def first_difference(creation: Creation, job: batch_jobs.Job) -> str:
    """Return the first difference between a job and the task; empty if they match."""
    if not is_candidate(creation, job):
        return f"operation is {job.operation}, expected {creation.operation}"
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
    if not text and marker.find(job.description) not in {*creation.marks, creation.alias}:
        # Additional values in the response prove nothing: providers add defaults.
        return "its marker shows that it was created with other options, for example an option that this task omits"
    return text


def strip_marker(job: batch_jobs.Job) -> str:
    """Return the description of a job without the marker."""
    return marker.strip(job.description)


def duplicates_warning(found: t.Sequence[batch_jobs.Job], decision: CreationDecision) -> str:
    """Return a warning that lists other jobs with the marker of an existing job; empty without such jobs."""
    ids = [job.job_id for job in found if job.job_id != decision.job_id]
    if not ids or decision.outcome != "unchanged":
        return ""
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    others = f"{', '.join(ids[:_SHOWN])}{more}"
    return f"Other jobs have the token marker of job {decision.job_id} in their descriptions: {others}."


def _difference(creation: Creation, job: batch_jobs.Job) -> str:
    """Return what differs between an existing job and the task; empty if nothing does."""
    if job.is_ended:
        return f"the job has ended ({job.status}). To create it again, set another client_request_token"
    if job.priority != creation.start["Priority"]:
        return (
            f"the job has priority {job.priority}, not {creation.start['Priority']}. To change it, use"
            " batch_job_priority"
        )
    return ""
