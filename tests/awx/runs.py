# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run templates like AWX: surveys, slices, workflows with approvals, and schedules. A test sets what runs a playbook.

Sources: AWX 24.6.1, awx/main/scheduler (dag_workflow.py, task_manager.py), awx/main/models (workflow.py, jobs.py,
mixins.py), docs/workflow.md, docs/job_slicing.md, docs/schedules.md.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dateutil.rrule import rrulestr

from . import rules
from .refusal import Refused

if TYPE_CHECKING:
    from .stand_in import Controller, Item

ENDED = ("successful", "failed")
EDGES = {"successful": ("success_nodes", "always_nodes"), "failed": ("failure_nodes", "always_nodes")}


@dataclasses.dataclass
class Ended:
    """The result of a playbook."""

    code: int
    output: str
    artifacts: dict[str, Any]


@dataclasses.dataclass
class Step:
    """A node of a running workflow."""

    node: Item
    run: Run | None = None
    left_out: bool = False
    inherited: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Run:
    """A job, a workflow job, or a workflow approval."""

    id: int
    kind: str
    template: Item
    user: str
    created: datetime.datetime
    given: dict[str, Any] = dataclasses.field(default_factory=dict)
    limit: str = ""
    status: str = "pending"
    explanation: str = ""
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)
    artifacts: dict[str, Any] = dataclasses.field(default_factory=dict)
    output: str = ""
    timed_out: bool = False
    steps: dict[str, Step] = dataclasses.field(default_factory=dict)
    parts: list[Run] = dataclasses.field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """Return what the API shows about the run."""
        return {
            "id": self.id,
            "type": self.kind,
            "name": self.template["name"],
            "status": self.status,
            "job_explanation": self.explanation,
            "artifacts": self.artifacts,
            "timed_out": self.timed_out,
        }


class Runs:
    """All runs of one controller. Only a test moves its time."""

    def __init__(
        self,
        controller: Controller,
        execute: Callable[[Item, dict[str, Any], str], Ended],
        hosts: list[str],
        now: datetime.datetime = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.timezone.utc),
    ) -> None:
        self.controller, self.execute, self.hosts, self.now = controller, execute, hosts, now
        self.all: dict[int, Run] = {}
        controller.runs = self

    def launch(self, kind: str, template: Item, user: str, body: dict[str, Any] | None = None) -> Run:
        """Start a template with survey answers.

        :raises Refused: the user or the answers do not fit.
        """
        self.controller.require(user, "start", kind, template)
        body = dict(body or {})
        given, limit = body.pop("extra_vars", {}), body.pop("limit", "")
        if body:
            raise Refused(400, detail=f"nobody has thought of {', '.join(body)}")
        wrong, refused = self.controller.answers(template, given)
        if wrong:
            raise Refused(400, variables_needed_to_start=wrong)
        # What a template does not ask for is left aside, and does not stop a start by hand.
        accepted = {name: value for name, value in given.items() if name not in refused}
        run = self._make(template, user, accepted, limit if template.get("ask_limit_on_launch") else "")
        self._start(run)
        return run

    def decide(self, number: int, user: str, approve: bool) -> Run:
        """Approve or deny.

        :raises Refused: the user may not, or it is too late.
        """
        approval = self.all[number]
        workflow = next(run for run in self.all.values() if any(step.run is approval for step in run.steps.values()))
        self.controller.require(user, "approve", "workflow_job_templates", workflow.template)
        if approval.status != "pending":
            raise Refused(400, error="This workflow step has already been approved or denied.")
        approval.status = "successful" if approve else "failed"
        self._advance(workflow)
        return workflow

    def wait(self, seconds: float) -> list[Run]:
        """Move the time: approvals expire, and schedules fire. Return the runs that schedules have started."""
        start, self.now = self.now, self.now + datetime.timedelta(seconds=seconds)
        for run in list(self.all.values()):
            limit = run.template.get("timeout", 0)
            late = limit and self.now - run.created > datetime.timedelta(seconds=limit)
            if run.kind == "workflow_approval" and run.status == "pending" and late:
                name, number = run.template["name"], run.id
                run.status, run.timed_out = "failed", True
                run.explanation = f"The approval node {name} ({number}) has expired after {limit} seconds."
        for run in [run for run in self.all.values() if run.steps and run.status == "running"]:
            self._advance(run)
        started = []
        for schedule in self.controller.items["schedules"].values():
            for _moment in rrulestr(schedule["rrule"]).between(start, self.now):
                _kind, template = self.controller.unified(schedule["unified_job_template"])
                run = self._make(template, "schedule", dict(schedule.get("extra_data") or {}), "")
                self._start(run)
                started.append(run)
        return started

    def _make(self, template: Item, user: str, given: dict[str, Any], limit: str) -> Run:
        kinds = {"workflow_job_template": "workflow_job", "workflow_approval_template": "workflow_approval"}
        number = len(self.all) + 1
        kind = kinds.get(template["type"], "job")
        run = self.all[number] = Run(number, kind, template, user, self.now, given, limit)
        return run

    def _start(self, run: Run) -> None:
        template = run.template
        others = [one for one in self.all.values() if one.template is template and one is not run]
        busy = any(one.status not in ENDED for one in others)
        if run.kind == "workflow_approval" or (busy and not template.get("allow_simultaneous")):
            return
        run.status = "running"
        if run.kind == "workflow_job":
            nodes = self.controller.items["workflow_job_template_nodes"].values()
            own = [node for node in nodes if node["workflow_job_template"] == template["id"]]
            run.steps = {node["identifier"]: Step(node) for node in own}
            self._advance(run)
        else:
            self._play(run)
            self._next(template)

    def _next(self, template: Item) -> None:
        """Start the oldest run that waited for another run of its template."""
        waiting = [one for one in self.all.values() if one.template is template and one.status == "pending"]
        if waiting and template["type"] != "workflow_approval_template":
            self._start(waiting[0])

    def _play(self, run: Run) -> None:
        template = run.template
        run.variables = {
            **json.loads(template.get("extra_vars") or "{}"),
            **rules.defaults(self.controller.survey(template)),
            **run.given,
        }
        slices = min(int(template.get("job_slice_count") or 1), len(self.hosts))
        limits = [run.limit] if slices < 2 else [":".join(self.hosts[part::slices]) for part in range(slices)]
        if slices > 1 and run.limit:
            limits = [f"{limit}:&{run.limit}" for limit in limits]
        for number, limit in enumerate(limits):
            ended = self.execute(template, run.variables, limit)
            part = dataclasses.replace(run, id=run.id * 1000 + number, limit=limit, artifacts=ended.artifacts)
            part.status, part.output = "failed" if ended.code else "successful", ended.output
            run.parts.append(part)
            run.artifacts = {**run.artifacts, **ended.artifacts}
            run.output += ended.output
        run.status = "failed" if any(part.status == "failed" for part in run.parts) else "successful"

    def _advance(self, workflow: Run) -> None:
        """Run the nodes of a workflow that can run, until it ends or waits for an approval."""
        while found := self._ready(workflow):
            for step in found:
                self._spawn(workflow, step)
        steps = workflow.steps.values()
        if any(step.run and step.run.status not in ENDED for step in steps):
            return
        unhandled = [
            f"({step.run.id},{step.run.status})"
            for step in steps
            if step.run and step.run.status == "failed" and not self._children(step, "failed")
        ]
        workflow.status = "failed" if unhandled else "successful"
        if unhandled:
            workflow.explanation = f"No error handling path for workflow job node(s) [{','.join(unhandled)}]."
        self._next(workflow.template)

    def _children(self, step: Step, status: str) -> list[int]:
        links = self.controller.links
        kind = "workflow_job_template_nodes"
        return [number for edge in EDGES[status] for number in links.get((kind, step.node["id"], edge), [])]

    def _parents(self, workflow: Run, step: Step) -> list[Step]:
        number = step.node["id"]
        return [
            other
            for other in workflow.steps.values()
            if any(number in self._children(other, status) for status in ENDED)
        ]

    def _ready(self, workflow: Run) -> list[Step]:
        found = []
        for step in workflow.steps.values():
            if step.run or step.left_out:
                continue
            parents = [parent for parent in self._parents(workflow, step) if not parent.left_out]
            roots = not self._parents(workflow, step)
            if not roots and any(parent.run is None or parent.run.status not in ENDED for parent in parents):
                continue
            number = step.node["id"]
            fired = [one for one in parents if one.run and number in self._children(one, one.run.status)]
            if roots or fired:
                found.append(step)
            else:
                step.left_out = True
        return found

    def _spawn(self, workflow: Run, step: Step) -> None:
        for parent in self._parents(workflow, step):
            step.inherited.update(parent.inherited)
            if parent.run:
                step.inherited.update(parent.run.artifacts)
        _kind, template = self.controller.unified(step.node["unified_job_template"])
        own = dict(step.node.get("extra_data") or {})
        # Artifacts need no prompt. The variables of the workflow override them.
        given = {**own, **step.inherited, **workflow.given}
        limit = workflow.limit if template.get("ask_limit_on_launch") else ""
        step.run = self._make(template, workflow.user, given, limit)
        self._start(step.run)
