# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of batch_job_status: check, read, decide, apply, render.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils import (
    _apply,
    _errors,
    _job,
    _plan,
    _provider,
    _render,
    _retry,
    _session,
    _settle,
    _transition,
)


def prepare(params: t.Mapping[str, t.Any], facts: _provider.Facts) -> _transition.Request:
    """Return the request that the options describe.

    :raises InputError: an option breaks its rule.
    """
    job_id = facts.rules["job_id"].check("job_id", params["job_id"])
    return _transition.Request(job_id, params["status"], facts.check_length("reason", params["reason"] or ""))


def execute(
    session: _session.Session, request: _transition.Request, check_mode: bool, place: _render.Place
) -> _render.Values:
    """Bring the job where the request leads; return the module's result."""
    reading = session.find([request.job_id])
    if request.job_id in reading.missing:
        failure = reading.missing[request.job_id]
        planned = _plan.Decision(_plan.Wanted(request.job_id, None), "failed", None, failure.message, failure)
    else:
        planned = _transition.decide(request, reading.jobs[request.job_id], session.provider.facts)
    outcome = _apply.apply_change(session, StatusChange(planned, request), check_mode)
    result = _render.render_result(place, reading.queue, [outcome], "status")
    [job] = result["jobs"]
    job["previous_status"] = outcome.before.status if outcome.before else None
    result["job"] = job
    return result


class StatusChange(_settle.Change):
    """Another status for a job."""

    operation = "UpdateJobStatus"

    def __init__(self, planned: _plan.Decision, request: _transition.Request) -> None:
        super().__init__(planned)
        self._request = request

    def send(self, provider: _provider.Provider) -> str:
        return provider.update_status(self.job_id, _transition.REQUESTS[self._request.status], self._request.reason)

    def accepts(self, answered: t.Union[int, str]) -> bool:
        return answered in _transition.REACHED[self._request.status]

    def after(self, answered: t.Union[int, str, None] = None) -> t.Optional[_job.Job]:
        before = self.planned.before
        status = str(answered or _transition.FIRST[self._request.status])
        return before and dataclasses.replace(before, status=status, status_reason=self._request.reason)

    def decide(self, session: _session.Session, budget: _retry.Budget) -> _plan.Decision:
        return _transition.decide(self._request, session.describe(self.job_id, budget), session.provider.facts)

    def unexpected(self, answered: t.Union[int, str]) -> str:
        return f"the answer names status {answered!r} for job {self.job_id} after {self._asked()}"

    def shown(self, job: _job.Job) -> str:
        return f"the job shows {job.status}"

    def refused(self, failure: _errors.Failure, now: _plan.Decision) -> _errors.Failure:
        """A refusal that the rules do not explain: the job is on its way, or the cloud's rules are others."""
        if 300 <= (failure.http_status or 0) < 400:
            return failure  # another endpoint; the job has nothing to do with it
        status = now.before.status if now.before else ""
        text = f"{failure.message.rstrip('.')}; job {self.job_id} is {status} and was not changed"
        hint = "The job may be on its way to another status; look at it, then run the task again."
        return dataclasses.replace(failure, kind="not_updatable", message=text, hint=hint)

    def doubt(self) -> str:
        old = self.planned.before.status if self.planned.before else None
        return (
            f"the answer to {self._asked()} was lost and the job could not be read again,"
            f" so its status is {old} or {_transition.FIRST[self._request.status]}"
        )

    def _asked(self) -> str:
        return f"a request for {_transition.REQUESTS[self._request.status]}"
