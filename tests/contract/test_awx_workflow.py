# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the AWX content does once it is in a controller: workflows, schedules, forms, and users with few permissions.

The real modules of awx.awx make the objects, the stand-in runs them by the rules of AWX, and ansible-runner runs the
playbooks.
"""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest
from awx import notifications, receivers, runs, stand_in

from .moments import at_each
from .playbooks import play
from .test_awx_runner import POLICY, credential, launch, some, unnamed
from .test_awx_setup import setup
from .test_failed_objects import RULES as TASK_RULES, create, hosts_of
from .test_inventory import KEYS, account, inventory, seed, write

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytest.importorskip("awx_plugins.interfaces", reason="only the newest lane has what AWX is made of")
pytestmark = pytest.mark.slow

WORKFLOW = "plan, approve, apply"
DENIED = (
    "The plan was denied, or it was not approved in time. No changes were made. Number of planned changes: 2. Start the"
    " workflow again to create a new plan."
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> stand_in.Controller:
    """A controller with two sets of content: Batch has the usual settings, and Strict has others."""
    controller = stand_in.Controller()
    with stand_in.start(controller) as url:
        for name in ("amazon", "tencent", *KEYS):
            controller.make("credentials", {"name": name})
        strict = {"awx_setup_prefix": "Strict", "awx_setup_approval_mode": "still_valid", "awx_setup_nightly": ""}
        strict["awx_setup_policy"] = {**POLICY, "batch_fail_if_empty": True}
        sources = [{"name": name, "credential": name, "source_path": f"{name}.batch_queues.yml"} for name in KEYS]
        for more in ({"awx_setup_policy": POLICY, "awx_setup_inventory_sources": sources}, strict):
            done = setup(tmp_path_factory.mktemp("content"), url, **more)
            assert done.code == 0, done.output
    return controller


class Awx:
    """A controller with the content, whose jobs work on three queues of the emulator."""

    def __init__(self, filled: stand_in.Controller, emulator: Emulator, folder: Path) -> None:
        self.controller, self.emulator, self.folder = copy.deepcopy(filled), emulator, folder
        self.hosts = sorted(inventory(folder, write(folder, some(emulator))).hosts)
        self.runs = runs.Runs(self.controller, self.execute, self.hosts)

    def execute(self, template: dict[str, t.Any], variables: dict[str, t.Any], limit: str) -> runs.Ended:
        words = ["--check"] if template["job_type"] == "check" else []
        words += ["--diff"] if template.get("diff_mode") else []
        words += ["--limit", limit] if limit else []
        job = launch(self.folder, Path(template["playbook"]).stem, some(self.emulator), *words, **variables)
        return runs.Ended(job.code, job.output, job.artifacts)

    def template(self, name: str) -> tuple[str, dict[str, t.Any]]:
        kinds = ("job_templates", "workflow_job_templates")
        every = [(kind, item) for kind in kinds for item in self.controller.items[kind].values()]
        return next((kind, item) for kind, item in every if item["name"] == name)

    def start(self, name: str, **answers: t.Any) -> runs.Run:
        kind, item = self.template(name)
        return self.runs.launch(kind, item, "admin", {"extra_vars": answers} if answers else None)

    def told(self, run: runs.Run, event: str) -> list[dict[str, t.Any]]:
        """What the notifications of a job send to a webhook."""
        links = self.controller.links.get(("job_templates", run.template["id"], f"notification_templates_{event}"), [])
        with receivers.start() as received:
            for number in links:
                template = dict(self.controller.items["notification_templates"][number])
                template["notification_configuration"] = {"url": received.url}
                job = {"name": run.template["name"], "artifacts": run.artifacts}
                notifications.send(template, event, job, "https://awx.example.com/#/jobs/7")
        return received.taken()

    def writes(self) -> list[str]:
        return [entry["operation"] for entry in self.emulator.log() if entry["write"]]


@pytest.fixture
def awx(filled: stand_in.Controller, emulator: Emulator, tmp_path: Path) -> Awx:
    seed(emulator)
    made = Awx(filled, emulator, tmp_path)
    emulator.clear_log()
    return made


def happened(workflow: runs.Run) -> dict[str, str]:
    """What came of each step; a step that AWX left out is not named."""
    return {name: step.run.status for name, step in workflow.steps.items() if step.run}


@pytest.mark.parametrize("how", ["denied", "expired"])
def test_a_plan_that_is_not_approved(awx: Awx, how: str) -> None:
    workflow = awx.start(f"Batch {WORKFLOW}")
    assert happened(workflow) == {"plan": "successful", "approval": "pending"}, workflow
    approval = workflow.steps["approval"].run
    assert approval is not None
    if how == "denied":
        # One run at a time: the next one plans only after the end of this one.
        second = awx.start(f"Batch {WORKFLOW}")
        assert (second.status, happened(second)) == ("pending", {})
        awx.runs.decide(approval.id, "admin", approve=False)
        assert happened(second) == {"plan": "successful", "approval": "pending"}
    else:
        awx.runs.wait(3600)
        assert approval.status == "pending"
        awx.runs.wait(1)
        assert approval.timed_out and "has expired after 3600 seconds" in approval.explanation
    assert happened(workflow) == {"plan": "successful", "approval": "failed", "approval_failed": "failed"}
    reason = workflow.steps["approval_failed"].run
    assert reason is not None and reason.artifacts == {"objectstore_batch_failure": DENIED}, reason
    assert DENIED in reason.output
    [told] = awx.told(reason, "error")
    assert told["text"] == DENIED
    # A job that explains and succeeds would make the workflow green.
    assert workflow.status == "failed" and "No error handling path" in workflow.explanation
    assert awx.writes() == []
    with pytest.raises(stand_in.Refused, match="already been approved or denied"):
        awx.runs.decide(approval.id, "admin", approve=True)


@pytest.mark.parametrize("prefix", ["Batch", "Strict"])
def test_a_job_that_moves_before_the_approval(awx: Awx, prefix: str) -> None:
    """The default content rejects the queue and reports it. With still_valid, it leaves the job out."""
    workflow = awx.start(f"{prefix} {WORKFLOW}")
    approval = workflow.steps["approval"].run
    assert approval is not None, workflow
    awx.emulator.patch("cos-1", priority=77)
    awx.runs.decide(approval.id, "admin", approve=True)
    assert [awx.emulator.job(name)["priority"] for name in ("cos-1", "aws-restore")] == [77, 4000]
    done = {"plan": "successful", "approval": "successful"}
    if prefix == "Strict":
        assert (workflow.status, happened(workflow)) == ("successful", {**done, "apply": "successful"}), workflow
        return
    assert (workflow.status, happened(workflow)) == ("failed", {**done, "apply": "failed", "apply_failed": "failed"})
    reason = workflow.steps["apply_failed"].run
    assert reason is not None
    text = reason.artifacts["objectstore_batch_failure"]
    head, queue, other, applied = text.splitlines()
    assert (head, other) == ("The apply failed.", "The other queues:"), text
    assert queue.startswith("cos-100000000001-ap-guangzhou: ") and "cos-1" in queue, text
    assert applied.startswith("aws-111122223333-eu-central-1: Job aws-restore"), text
    assert [told["text"] for told in awx.told(reason, "error")] == [text]
    # One message for one failure.
    apply = workflow.steps["apply"].run
    assert apply is not None and awx.told(apply, "error") == []


@pytest.mark.parametrize("prefix", ["Batch", "Strict"])
def test_a_plan_without_moves(awx: Awx, prefix: str) -> None:
    for name in ("aws-restore", "cos-1"):
        awx.emulator.patch(name, priority=4000)
    workflow = awx.start(f"{prefix} {WORKFLOW}")
    if prefix == "Batch":
        approval = workflow.steps["approval"].run
        assert approval is not None and approval.status == "pending"
        awx.runs.decide(approval.id, "admin", approve=True)
        done = {"plan": "successful", "approval": "successful", "apply": "successful"}
        assert (workflow.status, happened(workflow)) == ("successful", done), workflow
    else:
        assert happened(workflow) == {"plan": "failed", "plan_failed": "failed"}
        reason = workflow.steps["plan_failed"].run
        assert reason is not None and workflow.status == "failed"
        text = reason.artifacts["objectstore_batch_failure"]
        assert text.startswith("The plan failed. No changes were made.\n") and "so there is nothing to approve" in text
        # All queues share the reason.
        assert len(text.splitlines()) == 2
    assert awx.writes() == []


def test_a_schedule_that_fires(awx: Awx) -> None:
    """Two o'clock in Berlin is one o'clock UTC in winter."""
    assert awx.runs.wait(12 * 3600 + 3599) == []
    [nightly] = awx.runs.wait(2)
    assert (nightly.template["name"], nightly.status) == ("Batch nightly", "successful"), nightly
    policy, report = (nightly.steps[name].run for name in ("policy", "report"))
    assert policy is not None and report is not None
    assert sorted(part.limit for part in policy.parts) == awx.hosts and len(awx.hosts) == 3
    assert [awx.emulator.job(name)["priority"] for name in ("aws-restore", "cos-1")] == [4000, 4000]
    page = report.artifacts["objectstore_batch_report_page"]
    assert (
        all(f">{name}</h2>" in page for name in awx.hosts) and report.artifacts["objectstore_batch_report_note"] == ""
    )


def test_the_form_that_retries(awx: Awx, capsys: pytest.CaptureFixture[str]) -> None:
    emulator = awx.emulator
    hosts = hosts_of(emulator, capsys, ["good-1", "films/a", "locked/e"], clouds=["oss"])
    emulator.settings(task_rules=TASK_RULES, capacity=8)
    assert play(awx.folder, create(), hosts).code == 0
    [first] = {job["job_id"] for job in emulator.jobs(provider="oss")} - {"oss1="}
    queue = next(name for name in awx.hosts if name.startswith("oss"))
    form = {"batch_hosts": queue, "batch_all": "no", "batch_job_id": first, "batch_rounds": 1}
    for name, value, said in (
        ("batch_job_id", "", "is too small"),
        ("batch_rounds", "1", "expected to be an integer"),
        ("batch_all", "maybe", "expected to be one of"),
    ):
        with pytest.raises(stand_in.Refused, match=said):
            awx.start("Batch retry", **{**form, name: value})
    with pytest.raises(stand_in.Refused, match="'batch_job_id' value missing"):
        awx.start("Batch retry")
    with at_each(emulator, ["ListJobs", "GetObject"], lambda turn: emulator.advance(30)):
        run = awx.start("Batch retry", **form)
    kept = run.artifacts["objectstore_batch_retry"][queue]
    assert (kept["retried_count"], kept["failed_for_good_count"]) == (1, 1), run.output[-3000:]
    assert f"1 object of job {first} in {queue} failed" in run.output
    assert run.status == "failed" and "failed permanently: archive/locked/e (AccessDenied)." in run.output


def test_a_user_who_may_only_execute(awx: Awx) -> None:
    """The form works without a right to its inventory, its project, or its credentials; nothing else does."""
    controller = awx.controller
    kind, form = awx.template("Batch raise")
    _kind, workflow = awx.template(f"Batch {WORKFLOW}")
    controller.roles |= {("oncall", "execute_role", kind, form["id"])}
    assert not [name for name in form if name.startswith("ask_") and name != "ask_limit_on_launch" and form[name]]
    seen = stand_in.answer(controller, "GET", "/api/v2/unified_job_templates/", None, "oncall")[1]
    assert [item["name"] for item in seen["results"]] == ["Batch raise"]
    queue = next(name for name in awx.hosts if name.startswith("cos"))
    answers = {"batch_phrase": "restore", "batch_class": "urgent", "batch_direction": "raise_only"}
    answers |= {"batch_all": "no", "batch_dry_run": "no", "batch_hosts": queue}
    status, job = stand_in.answer(controller, "POST", f"{form['url']}launch/", {"extra_vars": answers}, "oncall")
    assert (status, job["status"], awx.emulator.job("cos-1")["priority"]) == (201, "successful", 4000), job
    shown = stand_in.answer(controller, "GET", f"/api/v2/jobs/{job['id']}/", None, "oncall")[1]
    assert shown["artifacts"]["objectstore_batch_raise"][queue]["changed"]
    # To start the workflow is not to approve it.
    controller.roles |= {("oncall", "execute_role", "workflow_job_templates", workflow["id"])}
    started = stand_in.answer(controller, "POST", f"{workflow['url']}launch/", {}, "oncall")[1]
    approval = awx.runs.all[started["id"]].steps["approval"].run
    assert approval is not None
    for method, url, body in (
        ("POST", f"/api/v2/workflow_approvals/{approval.id}/approve/", {}),
        ("PATCH", form["url"], {"playbook": "playbooks/cancel.yml"}),
        ("POST", f"{awx.template('Batch cancel')[1]['url']}launch/", {}),
        ("GET", awx.template("Batch plan")[1]["url"], None),
        ("POST", "/api/v2/credentials/", {"name": "mine"}),
    ):
        with pytest.raises(stand_in.Refused, match="You do not have permission"):
            stand_in.answer(controller, method, url, body, "oncall")
    controller.roles |= {("lead", "approval_role", "workflow_job_templates", workflow["id"])}
    approve = f"/api/v2/workflow_approvals/{approval.id}/approve/"
    assert stand_in.answer(controller, "POST", approve, {}, "lead")[0] == 204
    assert awx.emulator.job("aws-restore")["priority"] == 4000


def test_five_accounts_of_three_providers_fill_one_inventory(awx: Awx) -> None:
    """AWX takes one credential per source, so each account has a source of its own."""
    items = awx.controller.items
    [inventory_id] = [number for number, item in items["inventories"].items() if item["name"] == "Batch queues"]
    made = [source for source in items["inventory_sources"].values() if source["inventory"] == inventory_id]
    hosts: dict[str, dict[str, t.Any]] = {}
    for source in made:
        name = items["credentials"][source["credential"]]["name"]
        region = {"aws": "eu-central-1", "cos": "ap-guangzhou", "oss": "cn-hangzhou"}[KEYS[name].provider]
        file = write(awx.folder, [unnamed(account(name, [region], awx.emulator))])
        listed = inventory(
            awx.folder, file.rename(awx.folder / source["source_path"]), "--list", **credential(name, awx.folder)
        )
        assert listed.code == 0 and not set(hosts) & set(listed.hosts), listed.errors
        hosts |= listed.hosts
    accounts = {(key.provider, key.account) for key in KEYS.values()}
    assert {(host["queue_provider"], host["queue_account_id"]) for host in hosts.values()} == accounts
    assert [host["queue_error"] for host in hosts.values()] == [None] * len(KEYS)
    listed_by = {
        (entry["provider"], entry["account"]) for entry in awx.emulator.log() if entry["operation"] == "ListJobs"
    }
    assert listed_by == accounts
