# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_job_chain: check, read the queue once, plan, read again what an update relies on, apply, render.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, errors, job_outcomes, job_values, plans, priority_classes, providers
from .._requests import parallel, sessions
from .._status import allowed_transitions, status_change
from .._updates import apply, confirm
from . import chain_plan, chain_result, confirmation_limits, job_references, link_order, links, pass_state

_STATUS: t.Final[dict[str, str]] = {"confirm": "ready", "cancel": "cancelled"}
"""The status to request, by action."""


@dataclasses.dataclass(frozen=True)
class TaskOptions:
    """The checked options of a task.

    :param wait: the seconds to wait for the end of the chain; None for one pass.
    :param state: what the action plugin passes between the passes.
    """

    chain: tuple[links.Link, ...]
    on_failure: str
    reason: str
    interval: float
    wait: t.Optional[float]
    state: pass_state.PassState


@dataclasses.dataclass(frozen=True)
class _Chain:
    """The jobs of a chain as they were read."""

    items: tuple[chain_plan.Item, ...]
    order: t.Sequence[int]
    jobs: dict[str, t.Union[batch_jobs.Job, str]]


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> TaskOptions:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    classes = priority_classes.parse_classes(params["classes"], traits)
    return TaskOptions(
        chain=links.parse_links(params["links"], traits, classes),
        on_failure=params["on_failure"],
        reason=traits.check_length("reason", params["reason"] or ""),
        interval=params["interval"],
        wait=params["wait_timeout"] if params["wait"] else None,
        state=pass_state.read_state(params["_watch"]),
    )


def execute(
    session: sessions.Session, task: TaskOptions, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Confirm the jobs that are ready, and return the module's result."""
    session.sender.resume(task.state.calls)
    now = datetime.datetime.now(datetime.timezone.utc)
    chain = _read(session, task, now)
    planned = chain_plan.make_plan(chain.items, chain.order, chain.jobs, task.on_failure)
    fresh = _read_again(session, chain, planned)
    planned = chain_plan.make_plan(chain.items, chain.order, chain.jobs, task.on_failure)
    work = _Work(session, task, [_settled(link, fresh) for link in planned], check_mode)
    history = chain_result.History(task.state.confirmed, task.state.cancelled)

    def render() -> job_values.Values:
        return chain_result.render(queue_id, work.links(), work.outcomes(), history)

    if not check_mode:
        session.unfinished = lambda: _cut_short(render(), work)
    work.run()
    result = render()
    result["warnings"] = [*result.get("warnings", ()), *_warnings(work.links(), session.provider.traits, now)]
    return result if check_mode else _follow(task, result, session)


def _follow(task: TaskOptions, result: job_values.Values, session: sessions.Session) -> job_values.Values:
    """Return the result, and whether the action plugin starts another pass."""
    if task.wait is None or result["finished"] or not pass_state.continues(result):
        return result
    left = task.wait - task.state.elapsed
    if left <= 0:
        return chain_result.time_out(result, task.wait)
    state = {"confirmed": result["confirmed"], "cancelled": result["cancelled"], "calls": session.sender.counts()}
    return {**result, "next": {**state, "pause": min(task.interval, left), "limit": task.wait}}


def _cut_short(result: job_values.Values, work: _Work) -> job_values.Values:
    return job_outcomes.cut_short(result, list(work.outcomes().values()), work.planned)


def _read(session: sessions.Session, task: TaskOptions, now: datetime.datetime) -> _Chain:
    """Return the jobs of the chain: from one list, and those that it does not show by description.

    :raises OptionError: two references are the same job, so that the order is not possible.
    """
    whole = session.read_queue()
    listed = {job.job_id: job for job in [*whole.queue, *whole.ended]}
    found = job_references.find_jobs(task.chain, list(listed.values()), now)
    named = {node: found.job_ids.get(node, node) for node in [*found.job_ids, *found.problems]}
    edges = [
        link_order.Edges(edge.option, named[edge.job], tuple(named[node] for node in edge.after))
        for edge in (link.edges for link in task.chain)
    ]
    order = link_order.sort_links(edges)
    items = tuple(chain_plan.Item(edge.job, edge.after, link.acceptance) for edge, link in zip(edges, task.chain))
    absent = [job_id for job_id in dict.fromkeys(found.job_ids.values()) if job_id not in listed]
    described = session.describe_all(absent)
    jobs: dict[str, t.Union[batch_jobs.Job, str]] = {**listed, **found.problems}
    jobs.update(_known(described, session.provider.traits))
    return _Chain(items, order, jobs)


def _read_again(session: sessions.Session, chain: _Chain, planned: t.Sequence[chain_plan.LinkPlan]) -> frozenset[str]:
    """Describe the jobs that an update relies on, and return their IDs: a list can lag behind, and omits details."""
    acting = [link.item for link in planned if link.action]
    names = dict.fromkeys(name for item in acting for name in (item.job_id, *item.after))
    job_ids = [name for name in names if isinstance(chain.jobs[name], batch_jobs.Job)]
    chain.jobs.update(_known(session.describe_all(job_ids), session.provider.traits))
    return frozenset(names)


def _settled(link: chain_plan.LinkPlan, fresh: frozenset[str]) -> chain_plan.LinkPlan:
    """Return the plan without an update that relies on a job that was only listed. The next pass decides about it."""
    if not link.action or fresh.issuperset((link.item.job_id, *link.item.after)):
        return link
    return dataclasses.replace(link, action="", pending=True)


def _known(
    described: t.Mapping[str, t.Union[batch_jobs.Job, errors.Failure]], traits: providers.Traits
) -> dict[str, t.Union[batch_jobs.Job, str]]:
    days = traits.jobs.retention_days
    kept = f". The provider keeps jobs for {days} days after they end" if days else ""
    return {
        job_id: found if isinstance(found, batch_jobs.Job) else f"job {job_id} was not found{kept}"
        for job_id, found in described.items()
    }


def _warnings(planned: t.Sequence[chain_plan.LinkPlan], traits: providers.Traits, now: datetime.datetime) -> list[str]:
    waiting = [link.job for link in planned if link.job and link.state in ("waiting", "blocked")]
    early = [f"Job {link.item.job_id} {link.reason}." for link in planned if link.early]
    return [*confirmation_limits.warn(waiting, traits, now), *job_values.few(early)]


class _Work:
    """The updates of a pass, and their outcomes so far."""

    def __init__(
        self,
        session: sessions.Session,
        task: TaskOptions,
        planned: t.Sequence[chain_plan.LinkPlan],
        check_mode: bool,
    ) -> None:
        self._session = session
        self._links = planned
        self._check_mode = check_mode
        self._ledger = confirm.Ledger(session.sender)
        traits = session.provider.traits
        self._changes = [
            _change(allowed_transitions.Request(link.item.job_id, _STATUS[link.action], task.reason), link.job, traits)
            for link in planned
            if link.action and link.job
        ]
        self._previews: list[plans.Outcome] = []
        self.planned = len(self._changes)

    def run(self) -> None:
        """Send the updates. A job that fails does not stop the others."""

        def write(change: status_change.StatusChange) -> plans.Outcome:
            return apply.apply_change(self._session, change, self._check_mode, self._ledger)

        done = parallel.in_parallel(write, self._changes, self._session.sender.width)
        if self._check_mode:
            self._previews = done

    def outcomes(self) -> dict[str, plans.Outcome]:
        """Return the outcome of each update by ID; the result of an update in flight is unknown."""
        found = self._previews or [self._ledger.so_far(change) for change in self._changes]
        return {outcome.job_id: outcome for outcome in found}

    def links(self) -> list[chain_plan.LinkPlan]:
        """Return the links as they are after the updates."""
        outcomes = self.outcomes()
        return [chain_plan.after_update(link, outcomes.get(link.item.job_id)) for link in self._links]


def _change(
    request: allowed_transitions.Request, job: batch_jobs.Job, traits: providers.Traits
) -> status_change.StatusChange:
    return status_change.StatusChange(allowed_transitions.decide(request, job, traits), request)
