# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a pass: one row, one line, and at most one sentence for each link."""

from __future__ import annotations

import dataclasses

from ansible_collections.objectstore.batch.plugins.module_utils._chain import chain_plan, chain_result
from ansible_collections.objectstore.batch.plugins.module_utils._chain.predecessors import Acceptance, judge
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import Outcome

QUEUE = QueueId("aws", "eu-central-1", "111122223333")
HOSTILE = "{{ lookup('pipe', 'id') }}\n\u202eb"
A = Job("job-a", "Complete", 10, progress=Progress(10, 10, 0))
B = Job("job-b", "Suspended", 10, HOSTILE)
NOBODY = chain_result.History()


def plan(job=B, state="ready", action="confirm", **fields):
    item = chain_plan.Item(job.job_id, ("job-a",), Acceptance())
    judgments = (judge(A, Acceptance()),)
    return chain_plan.LinkPlan(item, job, state, f"is {job.status}", action, True, judgments=judgments, **fields)


def rendered(*plans, outcomes=(), history=NOBODY):
    return chain_result.render(QUEUE, plans, {item.job_id: item for item in outcomes}, history)


def test_a_confirmed_job():
    ready = dataclasses.replace(B, status="Ready")
    result = rendered(plan(ready, "confirmed"), outcomes=[Outcome("job-b", "changed", True, ready, B)])
    assert result["changed"] is True
    assert result["confirmed"] == ["job-b"]
    assert (result["cancelled"], result["blocked"], result["pending"]) == ([], [], ["job-b"])
    assert result["msg"] == "Chain of 1 link: 1 confirmed. Confirmed: job-b."
    (job,) = result["jobs"]
    assert (job["outcome"], job["state"], job["previous_status"]) == ("changed", "confirmed", "Suspended")
    assert job["after"] == [
        {"job_id": "job-a", "verdict": "accepted", "reason": "job job-a is Complete, 0 of 10 tasks failed"}
    ]


def test_check_mode_changes_nothing():
    ready = dataclasses.replace(B, status="Ready")
    result = rendered(plan(), outcomes=[Outcome("job-b", "would_change", True, ready, B)])
    assert result["msg"] == "Chain of 1 link: 1 ready. Would confirm: job-b."
    assert result["confirmed"] == []
    assert "Suspended" in result["diff"]["before"]
    assert "Ready" in result["diff"]["after"]


def test_an_earlier_pass_of_the_same_task_counts():
    active = plan(dataclasses.replace(B, status="Active"), "confirmed", "")
    result = rendered(active, history=chain_result.History(("job-b",), ("job-z",)))
    assert result["changed"] is True
    assert (result["confirmed"], result["cancelled"]) == (["job-b"], ["job-z"])
    assert result["jobs"][0]["outcome"] == "changed"
    assert "Suspended" in result["diff"]["before"]


def test_text_of_others_stays_text():
    result = rendered(plan(state="waiting", action=""))
    assert result["plan"] == ["waiting: job job-b (\"{{ lookup('pipe', 'id') }}\\n\\u202eb\") is Suspended"]
    assert result["jobs"][0]["description"] == HOSTILE
    assert result["msg"] == "Chain of 1 link: 1 waiting. No changes were made."


def test_each_link_that_cannot_continue_is_named():
    gone = chain_plan.Item('{"description": "x"}', ("job-a",), Acceptance())
    missing = chain_plan.LinkPlan(gone, None, "missing", "selector matches no job of this queue")
    result = rendered(plan(state="blocked", action=""), missing)
    assert result["blocked"] == ["job-b", ""]
    assert [job["job_id"] for job in result["jobs"]] == ["job-b", ""]
    assert "failed" not in result
    assert result["msg"].startswith("Chain of 2 links: 1 blocked, 1 missing. No changes were made. Job job-b (")
    assert result["msg"].endswith("Selector matches no job of this queue.")
    many = [plan(dataclasses.replace(B, job_id=f"job-{number}"), "blocked", "") for number in range(30)]
    assert rendered(*many)["msg"].endswith("10 more links of the chain cannot continue.")


def test_a_failed_update_fails_the_task_and_loses_nothing():
    other = dataclasses.replace(B, job_id="job-c", status="Ready")
    failure = Failure("access_denied", "access is denied", hint="Check the policy.")
    outcomes = [
        Outcome("job-b", "failed", job=B, before=B, reason="access is denied", failure=failure),
        Outcome("job-c", "changed", True, other, dataclasses.replace(other, status="Suspended")),
    ]
    result = rendered(plan(), plan(other, "confirmed"), outcomes=outcomes)
    assert result["failed"] is True
    assert result["changed"] is True
    assert result["error"]["kind"] == "access_denied"
    assert result["confirmed"] == ["job-c"]
    assert "Job job-b: access is denied. Check the policy." in result["msg"]


def test_the_end_of_the_time():
    result = chain_result.time_out(rendered(plan(state="waiting", action="")), 60.0)
    assert result["failed"] is True
    assert result["error"]["kind"] == "timeout"
    assert "has not ended after 60 s (timeout). Not ended: job-b" in result["msg"]
