# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The situations, in their order: what is done, which question it settles, and where the emulator decides the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.objectstore.batch.plugins.module_utils._core import errors

from .cloud import Cloud

Answer = dict[str, Any]
UNKNOWN = {
    "aws": "00000000-0000-4000-8000-00000000dead",
    "cos": "00000000-0000-4000-8000-00000000dead",
    "oss": "MDAwMDAwMDAwMDAwNDAwMDgwMDAwMDAwMDAwMGRlYWQ=",
}


@dataclass
class State:
    """What situations leave to those after them."""

    jobs: list[str] = field(default_factory=list)
    patience: float = 600.0
    raised: bool = False
    confirm: bool = False


@dataclass(frozen=True)
class Situation:
    """One thing that is done, and what it tells.

    :param question: the question of docs/provider-gaps.md that it answers, in its words; empty if none.
    :param decided: where the emulator decides the same.
    """

    name: str
    act: Callable[[Cloud, State], Answer]
    decided: str
    question: str = ""


def answered(act: Callable[[], Any]) -> Answer:
    """What a request brought: a value, or the error as the cloud gave it."""
    try:
        return {"answer": act()}
    except errors.BatchError as error:
        failure = error.failure
        return {"kind": failure.kind, "code": failure.code, "http_status": failure.http_status}


def describe_unknown(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.provider.describe(UNKNOWN[cloud.place.provider]).status)


def update_unknown(cloud: Cloud, state: State) -> Answer:
    # The only update that bypasses the guard: a job with this ID does not exist.
    return answered(lambda: cloud.provider.update_priority(UNKNOWN[cloud.place.provider], 1))


def create(cloud: Cloud, state: State) -> Answer:
    def make() -> str:
        state.jobs.append(cloud.create(1))
        state.jobs.append(cloud.create(2))
        return "created"

    return answered(make)


def same_token(cloud: Cloud, state: State) -> Answer:
    def again() -> str:
        job_id = cloud.create(1)
        if job_id in state.jobs:
            return "the same job"
        state.jobs.append(job_id)
        return "a second job"

    return answered(again)


def listed(cloud: Cloud, state: State) -> Answer:
    def look() -> Any:
        ids = [job.job_id for job in cloud.jobs() if job.job_id in state.jobs[:2]]
        order = "in order of creation" if ids == state.jobs[:2] else "the newest first"
        return order if len(ids) == 2 else f"{len(ids)} of 2 are listed"

    return answered(look)


def suspended(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.wait(state.jobs[0], {"Suspended", "Failed", "Complete"}, state.patience).status)


def raise_suspended(cloud: Cloud, state: State) -> Answer:
    answer = answered(lambda: cloud.write(state.jobs[0], priority=500))
    state.raised = "answer" in answer
    return answer


def visible(cloud: Cloud, state: State) -> Answer:
    if not state.raised:
        return {"skipped": "no new priority was taken"}
    return answered(lambda: cloud.provider.describe(state.jobs[0]).priority)


def too_high(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.write(state.jobs[0], priority=2**31))


def cancel(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.write(state.jobs[0], status="Cancelled"))


def cancelled(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.wait(state.jobs[0], {"Cancelled", "Failed"}, state.patience).status)


def raise_ended(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.write(state.jobs[0], priority=600))


def cancel_ended(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.write(state.jobs[0], status="Cancelled"))


def confirm_ended(cloud: Cloud, state: State) -> Answer:
    return answered(lambda: cloud.write(state.jobs[0], status="Ready"))


def run_it(cloud: Cloud, state: State) -> Answer:
    if not state.confirm:
        return {"skipped": "nothing is confirmed without --confirm-and-run"}

    def run() -> Any:
        cloud.wait(state.jobs[1], {"Suspended"}, state.patience)
        cloud.write(state.jobs[1], status="Ready")
        return cloud.wait(state.jobs[1], {"Complete", "Failed"}, state.patience).status

    return answered(run)


STATUS = "settings status_error_code and ended_code"
NOT_FOUND = "settings not_found_code and oss_not_found_code, and the table of errors of each dialect"
SITUATIONS = (
    Situation("DescribeJob of an unknown job", describe_unknown, NOT_FOUND,
              "Which error code does an unknown job cause?"),
    Situation("UpdateJobPriority of an unknown job", update_unknown, NOT_FOUND,
              "Which error code does an unknown job cause?"),
    Situation("CreateJob twice, with a token each", create, "create.py"),
    Situation("CreateJob with a used token and the same request", same_token, "create.py",
              "What does CreateJob return for a used token"),
    Situation("the order of ListJobs", listed, "store.py"),
    Situation("a job that requires a confirmation, after its manifest was read", suspended, "scheduler.py"),
    Situation("UpdateJobPriority of a Suspended job", raise_suspended, "the dialects",
              "Does a Suspended job accept a new priority?"),
    Situation("the priority in DescribeJob right after the update", visible, "the dialects",
              "Is a new priority visible at once in DescribeJob and ListJobs?"),
    Situation("a priority above the highest", too_high, "the dialects"),
    Situation("UpdateJobStatus to Cancelled of a Suspended job", cancel, "the dialects"),
    Situation("the canceled job after some time", cancelled, "scheduler.py"),
    Situation("UpdateJobPriority of a Cancelled job", raise_ended, "setting ended_code, and the dialects",
              "What happens to a new priority for an ended"),
    Situation("UpdateJobStatus to Cancelled of a Cancelled job", cancel_ended, STATUS),
    Situation("UpdateJobStatus to Ready of a Cancelled job", confirm_ended, STATUS),
    Situation("a confirmed job", run_it, "scheduler.py and tasks.py"),
)  # fmt: skip
WITHOUT_JOBS = (describe_unknown, update_unknown, create)
# Questions that a run of minutes with idle jobs cannot answer.
NOT_SETTLED = {
    "equal priorities": "it requires jobs that compete",
    "request limits": "a test would disturb other users of the account",
    "removal after 90 days": "it takes 90 days",
    "reports": "no job of a run has one; confirm a job with a report manually",
    "quotas": "a test would fill the account",
}


def play(cloud: Cloud, state: State) -> dict[str, Answer]:
    """Every situation's answer, by its name."""
    found: dict[str, Answer] = {}
    for situation in SITUATIONS:
        if situation.act not in WITHOUT_JOBS and len(state.jobs) < 2:
            found[situation.name] = {"skipped": "the jobs that it needs could not be created"}
        else:
            found[situation.name] = situation.act(cloud, state)
    return found
