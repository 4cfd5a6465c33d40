# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan one pass over a chain: for each link, whether its job is confirmed now, and why not.

The state of the queue is the only memory, so a second run continues where the first one stopped.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import batch_jobs, plans, statuses
from . import link_order, predecessors

LinkState = t.Literal["missing", "blocked", "waiting", "ready", "confirmed", "ended", "failed"]
"""What is known about a link, which the documentation of the module explains."""
Action = t.Literal["", "confirm", "cancel"]
BAD: t.Final[tuple[LinkState, ...]] = ("missing", "blocked", "failed")
"""The states of links that need the attention of a person."""
Jobs = t.Mapping[str, t.Union[batch_jobs.Job, str]]
"""Each job of a chain by ID, or why there is none."""


class Item(t.NamedTuple):
    """One link whose jobs are identified.

    :param after: the jobs that it waits for, by ID.
    """

    job_id: str
    after: tuple[str, ...]
    acceptance: predecessors.Acceptance


@dataclasses.dataclass(frozen=True)
class LinkPlan:
    """The decision about one link.

    :param job: None if it was not found.
    :param action: confirm or cancel; empty if this pass does not change the job.
    :param pending: whether a later pass can find another state without the help of a person.
    :param hopeless: whether a job before it has ended with a result that is not accepted.
    :param early: whether the job was confirmed although a job before it has no accepted result.
    :param judgments: about the jobs before it, in the order of the link.
    """

    item: Item
    job: t.Optional[batch_jobs.Job]
    state: LinkState
    reason: str
    action: Action = ""
    pending: bool = False
    hopeless: bool = False
    early: bool = False
    judgments: tuple[predecessors.Judgment, ...] = ()


def make_plan(items: t.Sequence[Item], order: t.Sequence[int], jobs: Jobs, on_failure: str) -> list[LinkPlan]:
    """Return the plan of each link.

    :param order: the positions of the links, each after the links of the jobs before it.
    :param on_failure: keep or cancel the jobs that can never be confirmed.
    """
    done: dict[str, LinkPlan] = {}
    for number in order:
        item = items[number]
        done[item.job_id] = _plan(item, jobs, done, on_failure)
    return [done[item.job_id] for item in items]


def after_update(link: LinkPlan, outcome: t.Optional[plans.Outcome]) -> LinkPlan:
    """Return the plan of a link after the update of its job; without a change, it stays as it was."""
    if outcome is None or outcome.job is None or outcome.outcome not in ("changed", "unchanged"):
        return link
    state: LinkState = "confirmed" if link.action == "confirm" else "failed"
    return dataclasses.replace(link, job=outcome.job, state=state, pending=True)


def _plan(item: Item, jobs: Jobs, earlier: t.Mapping[str, LinkPlan], on_failure: str) -> LinkPlan:
    job = jobs[item.job_id]
    judgments = tuple(_judge(job_id, item.acceptance, jobs, earlier, on_failure) for job_id in item.after)
    if not isinstance(job, batch_jobs.Job):
        return LinkPlan(item, None, "missing", job, judgments=judgments)
    plan = LinkPlan(item, job, "waiting", f"is {job.status}", pending=True, judgments=judgments)
    reasons = _reasons(judgments)
    if job.status in ("Cancelled", "Cancelling", "Failed", "Failing"):
        text = f"is {job.status}" + (f": {reasons}" if _has(judgments, "rejected") else "")
        return dataclasses.replace(plan, state="failed", reason=text, pending=not job.is_ended)
    if job.is_ended:
        return dataclasses.replace(plan, state="ended", reason=_end(job), pending=False)
    if job.status in statuses.fulfilled("ready"):
        early = any(found.verdict != "accepted" for found in judgments)
        text = f"is {job.status}" + (f", although {reasons}" if early else "")
        return dataclasses.replace(plan, state="confirmed", reason=text, early=early)
    if not job.is_known:
        return dataclasses.replace(plan, reason=f"has the unknown status {job.status!r}")
    return _unconfirmed(plan, job, on_failure)


def _unconfirmed(plan: LinkPlan, job: batch_jobs.Job, on_failure: str) -> LinkPlan:
    """Return the plan for a job that does not run yet: New, Preparing, or Suspended."""
    reasons = _reasons(plan.judgments)
    text = f"is {job.status}: {reasons}"
    held = job.status == "Suspended"
    if held and job.confirmation_required is False:
        text = f"is {job.status}, but the provider reports that it needs no confirmation"
        return dataclasses.replace(plan, state="blocked", reason=text, pending=False)
    if _has(plan.judgments, "rejected"):
        hopeless = any(found.final for found in plan.judgments)
        cancels = hopeless and on_failure == "cancel"
        action: Action = "cancel" if cancels and held else ""
        return dataclasses.replace(
            plan, state="blocked", reason=text, action=action, pending=cancels, hopeless=hopeless
        )
    if _has(plan.judgments, "pending"):
        return dataclasses.replace(plan, reason=text)
    if held:
        return dataclasses.replace(plan, state="ready", reason=text, action="confirm")
    text = f"is {job.status}, and is not confirmed before it is Suspended: {reasons}"
    return dataclasses.replace(plan, reason=text)


def _judge(
    job_id: str,
    acceptance: predecessors.Acceptance,
    jobs: Jobs,
    earlier: t.Mapping[str, LinkPlan],
    on_failure: str,
) -> predecessors.Judgment:
    """Return the judgment about a job before a link. A job that is blocked itself never ends, or is canceled."""
    job = jobs[job_id]
    if not isinstance(job, batch_jobs.Job):
        return predecessors.Judgment("rejected", job)
    found = predecessors.judge(job, acceptance)
    above = earlier.get(job_id)
    if found.verdict != "pending" or above is None or above.state != "blocked":
        return found
    if above.hopeless and on_failure == "cancel" and acceptance.accept == "any":
        return found  # its cancellation is an end that the link accepts
    return predecessors.Judgment("rejected", f"job {job_id} is blocked", final=above.hopeless)


def _has(judgments: t.Iterable[predecessors.Judgment], verdict: predecessors.Verdict) -> bool:
    return any(found.verdict == verdict for found in judgments)


def _reasons(judgments: t.Sequence[predecessors.Judgment]) -> str:
    """Return the reasons that decide: those of the worst verdict."""
    for verdict in ("rejected", "pending", "accepted"):
        texts = [found.reason for found in judgments if found.verdict == verdict]
        if texts:
            return link_order.first_of(texts)
    return ""


def _end(job: batch_jobs.Job) -> str:
    return predecessors.judge(job, predecessors.Acceptance("any")).reason.partition(f"job {job.job_id} ")[2]
