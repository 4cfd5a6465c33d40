# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the result of one pass over a chain. Private to this collection."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .._core import display, errors, job_outcomes, job_values, plans
from . import chain_plan

_NAMED: t.Final = 20
"""Links that a message names for each group."""
_DESCRIPTION: t.Final = 60
_STATES: t.Final[tuple[chain_plan.LinkState, ...]] = (
    "ready",
    "waiting",
    "confirmed",
    "ended",
    "blocked",
    "failed",
    "missing",
)


class History(t.NamedTuple):
    """The jobs that earlier passes of the same task have confirmed and canceled, by ID."""

    confirmed: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()


def render(
    queue_id: job_values.QueueId,
    links: t.Sequence[chain_plan.LinkPlan],
    outcomes: t.Mapping[str, plans.Outcome],
    history: History,
) -> job_values.Values:
    """Return the result of a pass, with ``failed`` if an update failed.

    :param links: the state of each link after the pass.
    :param outcomes: those of the updates of this pass, by ID.
    """
    shown = [_outcome(link, outcomes, history) for link in links]
    result = job_outcomes.render_result(queue_id, [], shown, job_outcomes.STATUS)
    for job, link, outcome in zip(result["jobs"], links, shown):
        job["previous_status"] = outcome.before.status if outcome.before else None
        job["state"] = link.state
        job["reason"] = display.escape(outcome.reason or link.reason)
        job["after"] = [
            {"job_id": _known_id(name), "verdict": found.verdict, "reason": display.escape(found.reason)}
            for name, found in zip(link.item.after, link.judgments)
        ]
    done = {item.job_id for item in shown if item.outcome == "changed"}
    would = {item.job_id for item in shown if item.outcome == "would_change"}
    confirmed, cancelled = _acted(links, done, history, "confirm"), _acted(links, done, history, "cancel")
    pending = [link for link in links if link.pending]
    values = {
        "plan": [line(link) for link in links],
        "confirmed": confirmed,
        "cancelled": cancelled,
        "blocked": [_known_id(link.item.job_id) for link in links if link.state in chain_plan.BAD],
        "pending": [link.item.job_id for link in pending],
        "finished": not pending,
        "msg": _message(links, shown, would, confirmed, cancelled),
    }
    return {**result, **values}


def line(link: chain_plan.LinkPlan) -> str:
    """Return one link as a line of the plan."""
    return display.escape(f"{link.action or link.state}: {sentence(link)}")


def sentence(link: chain_plan.LinkPlan) -> str:
    """Return one link as a sentence without a period."""
    if link.job is None:
        return link.reason
    about = display.truncate(link.job.description, _DESCRIPTION)
    return f"job {link.job.job_id}{f' ({about!r})' if about else ''} {link.reason}"


def time_out(result: job_values.Values, seconds: float) -> job_values.Values:
    """Return the result of a task whose jobs have not ended within its time."""
    names = display.and_more(result["pending"], _NAMED)
    text = f"the chain has not ended after {seconds:g} s (timeout). Not ended: {names}"
    hint = "The jobs keep their states. Run the task again to continue, or raise wait_timeout."
    failure = errors.Failure("timeout", text, hint=hint)
    msg = f"{failure.sentence()} {result['msg']}"
    return {**result, "failed": True, "error": result.get("error") or failure.as_result(), "msg": msg}


def _known_id(name: str) -> str:
    """Return an ID; empty for a selector that names no job."""
    return "" if name.startswith("{") else name


def _outcome(link: chain_plan.LinkPlan, outcomes: t.Mapping[str, plans.Outcome], history: History) -> plans.Outcome:
    name = link.item.job_id
    if name in outcomes:
        return outcomes[name]
    if link.job and name in (*history.confirmed, *history.cancelled):
        before = dataclasses.replace(link.job, status="Suspended")
        return plans.Outcome(name, "changed", True, link.job, before, link.reason)
    kind: plans.FinalOutcome = "unchanged" if link.state in ("confirmed", "ended") else "skipped"
    return plans.Outcome(_known_id(name), kind, False, link.job, link.job, link.reason)


def _acted(
    links: t.Sequence[chain_plan.LinkPlan], done: t.Collection[str], history: History, action: chain_plan.Action
) -> list[str]:
    before = history.confirmed if action == "confirm" else history.cancelled
    now = [link.item.job_id for link in links if link.action == action and link.item.job_id in done]
    return list(dict.fromkeys([*before, *now]))


def _message(
    links: t.Sequence[chain_plan.LinkPlan],
    shown: t.Sequence[plans.Outcome],
    would: t.Collection[str],
    confirmed: t.Sequence[str],
    cancelled: t.Sequence[str],
) -> str:
    """Return what happened, and a sentence for each link that needs the attention of a person."""
    counts = collections.Counter(link.state for link in links)
    states = ", ".join(f"{counts[state]} {state}" for state in _STATES if counts[state])
    parts = [f"Chain of {display.count(len(links), 'link')}: {states}."]
    for action, past, names in (("confirm", "Confirmed", confirmed), ("cancel", "Canceled", cancelled)):
        planned = [link.item.job_id for link in links if link.action == action and link.item.job_id in would]
        if names:
            parts.append(f"{past}: {display.and_more(names, _NAMED)}.")
        if planned:
            parts.append(f"Would {action}: {display.and_more(planned, _NAMED)}.")
    if not (confirmed or cancelled or would):
        parts.append("No changes were made.")
    failed = [job_outcomes.render_sentence(item) for item in shown if item.failure]
    bad = [f"{display.capitalize(display.escape(sentence(link)))}." for link in links if link.state in chain_plan.BAD]
    left = len(failed) + len(bad) - _NAMED
    more = [f"{display.count(left, 'more link')} of the chain cannot continue."] if left > 0 else []
    return " ".join([*parts, *[*failed, *bad][:_NAMED], *more])
