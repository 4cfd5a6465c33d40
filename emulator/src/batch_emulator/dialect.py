# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the wire protocols of the clouds have in common: routes, and the verbs on jobs.

A dialect turns a request into a call, says whose queue it is about, runs it, and words every
refusal in its cloud's way.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import unquote

from . import documents
from .create import CreateReader, CreateRules, priority_number
from .errors import ApiError
from .jobs import ENDED, ENDING, MAX_PRIORITY, Job, QueueKey, new_id
from .messages import Answer, Call, Request
from .store import Queue
from .world import World

MAX_PAGE = 1000


class Dialect(ABC):
    """One protocol at one port."""

    provider: ClassVar[str]
    # Faults that name no operation leave the calls of this protocol alone.
    auxiliary: ClassVar[bool] = False
    # What this cloud says when ...: name -> (code, HTTP status, message)
    refusals: ClassVar[dict[str, tuple[str, int, str]]]

    def __init__(self, world: World) -> None:
        self.world = world

    @abstractmethod
    def route(self, request: Request) -> Call:
        """Return the requested operation."""

    @abstractmethod
    def authenticate(self, call: Call) -> QueueKey:
        """Whose queue it is about, after all checks of identity."""

    @abstractmethod
    def run(self, call: Call) -> Answer:
        """Do it."""

    @abstractmethod
    def refuse(self, error: ApiError, request: Request, bare: bool = False) -> Answer:
        """The error in this cloud's words."""


class JobsDialect(Dialect):
    prefix: ClassVar[str]
    plus_is_blank: ClassVar[bool]
    namespace: ClassVar[str] = ""
    millis: ClassVar[str] = ""
    timers: ClassVar[bool] = False
    # The node of one job in a list, and jobs a page where the request names no number.
    item: ClassVar[str] = "member"
    page: ClassVar[int] = MAX_PAGE
    # Statuses from which Ready may be requested.
    confirmable: ClassVar[tuple[str, ...]] = ("Suspended",)
    create_rules: ClassVar[CreateRules]
    # (method, is a job named, rest of the path) -> operation
    routes: ClassVar[dict[tuple[str, bool, str], str]] = {
        ("POST", False, ""): "CreateJob",
        ("GET", False, ""): "ListJobs",
        ("GET", True, ""): "DescribeJob",
        ("POST", True, "priority"): "UpdateJobPriority",
        ("POST", True, "status"): "UpdateJobStatus",
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.verbs: dict[str, Callable[[Call], Answer]] = {
            "CreateJob": self._create,
            "DescribeJob": self._describe,
            "ListJobs": self._list,
            "UpdateJobPriority": self._update_priority,
            "UpdateJobStatus": self._update_status,
        }

    # What differs between the clouds

    @abstractmethod
    def invalid(self, call: Call, message: str) -> ApiError:
        """A parameter is out of bounds."""

    @abstractmethod
    def missing_priority(self, call: Call) -> ApiError:
        """An update names no priority."""

    @abstractmethod
    def bad_token(self, call: Call) -> ApiError:
        """The emulator did not create this page token."""

    @abstractmethod
    def not_found(self) -> ApiError:
        """The job does not exist."""

    @abstractmethod
    def not_updatable(self, job: Job) -> ApiError:
        """The priority of an ended or ending job cannot change."""

    @abstractmethod
    def forbidden_status(self, job: Job, wanted: str) -> ApiError:
        """The job cannot go to the wanted status."""

    @abstractmethod
    def check_job_id(self, call: Call) -> None:
        """Reject a job ID that is not valid for the provider."""

    @abstractmethod
    def check_reason(self, call: Call, reason: str | None) -> None:
        """Refuse a reason that breaks the rule of the cloud."""

    @abstractmethod
    def wanted_statuses(self, call: Call) -> list[str]:
        """The statuses that a list is filtered by."""

    @abstractmethod
    def token_after(self, job: Job) -> str:
        """The page token that continues behind this job."""

    @abstractmethod
    def place_of(self, call: Call, token: str) -> tuple[float, int]:
        """The place in the list at which a page token points."""

    @abstractmethod
    def reused_token(self, queue: Queue, same_request: bool, job_id: str) -> str:
        """Return the response to a second CreateJob with the same token: a job ID, or an error."""

    @abstractmethod
    def description(self, job: Job, now: float, stale: bool) -> str:
        """The children of Job in the response to DescribeJob."""

    # What they share

    def route(self, request: Request) -> Call:
        rest = request.path[len(self.prefix) :]
        named = rest.startswith("/")
        job_id, _unused, suffix = rest[1:].partition("/")
        operation = self.routes.get((request.method, named, suffix))
        if operation is None:
            raise ApiError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
        return Call(
            request=request,
            operation=operation,
            job_id=unquote(job_id) if named else None,
            write=request.method != "GET",
            query=request.pairs(self.plus_is_blank),
        )

    def run(self, call: Call) -> Answer:
        if call.job_id is not None:
            self.check_job_id(call)
        return self.verbs[call.operation](call)

    def queue(self, call: Call) -> Queue:
        return self.world.store.queue(call.queue)

    def job(self, call: Call) -> Job:
        job = self.world.store.find(self.queue(call).key, call.job_id or "")
        if job is None:
            raise self.not_found()
        return job

    def result(self, operation: str, content: str) -> Answer:
        return Answer(body=documents.document(f"{operation}Result", content, self.namespace))

    def _create(self, call: Call) -> Answer:
        queue = self.queue(call)
        now = self.world.clock.now()
        created = CreateReader(self.create_rules).read(call.request.body, queue.key, new_id(self.provider), now)
        digest = hashlib.sha256(call.request.body).hexdigest()
        if created.token in queue.tokens:
            known_digest, known_id = queue.tokens[created.token]
            job_id = self.reused_token(queue, known_digest == digest, known_id)
        else:
            self.world.scheduler.add(created.job)
            job_id = created.job.job_id
            queue.tokens[created.token] = (digest, job_id)
        return self.result("CreateJob", documents.node("JobId", job_id))

    def _describe(self, call: Call) -> Answer:
        job = self.job(call)
        content = self.description(job, self.world.clock.now(), call.stale)
        return self.result("DescribeJob", f"<Job>{content}{job.extra_xml}</Job>")

    def _list(self, call: Call) -> Answer:
        # What a request names is the most that it gets: "the maximum number of jobs that Amazon S3 will include" (AWS,
        # "ListJobs"); COS and OSS say the same.
        limit = min(self._page_size(call), self.world.settings.page_jobs)
        statuses = self.wanted_statuses(call)
        token = call.first("nextToken")
        token = self.world.tokens.get(token, token) if token else token
        place = None if token is None else self.place_of(call, token)
        jobs, more = self.queue(call).page(place, limit, statuses)
        shown = self.queue(call).page(place, len(jobs), statuses, call.repeated)[0] if call.repeated else jobs
        now = self.world.clock.now()
        members = "".join([self._member(job, now, call.stale) for job in shown])
        following = documents.node("NextToken", self.token_after(jobs[-1]) if more else None)
        return self.result("ListJobs", f"<Jobs>{members}</Jobs>{following}")

    def _page_size(self, call: Call) -> int:
        value = call.first("maxResults")
        if value is None:
            return self.page
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= MAX_PAGE:
            raise self.invalid(call, f"maxResults must be 1 to {MAX_PAGE}, not {value!r}")
        return int(value)

    def _member(self, job: Job, now: float, stale: bool) -> str:
        node = documents.node
        return (
            f"<{self.item}>{self.moment('CreationTime', job.created)}{node('Description', job.description)}"
            f"{node('JobId', job.job_id)}<Operation>{job.operation}</Operation>{documents.priority(job, stale)}"
            f"{documents.summary(job, now, self.timers)}{node('Status', job.status)}"
            f"{self.moment('TerminationDate', job.ended)}{job.extra_xml}</{self.item}>"
        )

    def moment(self, name: str, value: float | None) -> str:
        """A time as this cloud writes it; nothing for None."""
        return documents.moment(name, value, self.millis)

    def _update_priority(self, call: Call) -> Answer:
        value = call.first("priority")
        if not value:
            raise self.missing_priority(call)
        wanted = priority_number(value)
        if wanted is None:
            raise self.invalid(call, f"priority must be 0 to {MAX_PRIORITY}, not {value!r}")
        job = self.job(call)
        if job.status in ENDED | ENDING:
            raise self.not_updatable(job)
        stored = wanted if call.stored_priority is None else call.stored_priority
        self.world.scheduler.set_priority(job, stored)
        shown = wanted if call.shown_priority is None else call.shown_priority
        return self.result("UpdateJobPriority", documents.node("JobId", job.job_id) + documents.node("Priority", shown))

    def _update_status(self, call: Call) -> Answer:
        wanted = call.first("requestedJobStatus")
        if wanted not in ("Cancelled", "Ready"):
            raise self.invalid(call, f"requestedJobStatus must be Cancelled or Ready, not {wanted!r}")
        reason = call.first("statusUpdateReason")
        self.check_reason(call, reason)
        job = self.job(call)
        allowed = job.status in self.confirmable if wanted == "Ready" else job.status not in ENDED | ENDING
        if not allowed:
            raise self.forbidden_status(job, wanted)
        job.status_update_reason = reason or None
        # Cancelling takes a while at every provider. The response contains the current status of the job.
        status = "Ready" if wanted == "Ready" else "Cancelling"
        self.world.scheduler.enter(job, status, self.world.clock.now())
        return self.result(
            "UpdateJobStatus",
            documents.node("JobId", job.job_id)
            + documents.node("Status", job.status)
            + documents.node("StatusUpdateReason", job.status_update_reason),
        )

    def reasons(self, job: Job, wrapper: str) -> str:
        """FailureReasons and its members; empty if the job has no reasons."""
        items = "".join(
            f"<{wrapper}>{documents.node('FailureCode', why.get('code', ''))}"
            f"{documents.node('FailureReason', why.get('reason', ''))}</{wrapper}>"
            for why in job.failure_reasons
        )
        return f"<FailureReasons>{items}</FailureReasons>" if items else ""
