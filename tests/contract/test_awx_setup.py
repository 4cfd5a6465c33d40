# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWX content: created by the real modules of awx.awx in a mock of the API, twice, and deleted again."""

from __future__ import annotations

import json
import os
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from awx import modules, notifications, receivers, rules, stand_in
from render import rst

from .playbooks import COLLECTIONS, ROOT, Run, launch

pytestmark = pytest.mark.slow

CONTENT = ROOT / "roles" / "awx_setup" / "files" / "controller"
SETTINGS = {
    "awx_setup_playbooks_url": "https://git.example.com/batch.git",
    "awx_setup_inventory_url": "https://git.example.com/accounts.git",
    "awx_setup_ee_image": "registry.example.com/batch:1.0.0",
    "awx_setup_nightly": "DTSTART;TZID=Europe/Berlin:20261201T020000 RRULE:FREQ=DAILY;INTERVAL=1",
    "awx_setup_notification_type": "webhook",
    "awx_setup_notification_configuration": {
        "url": "https://chat.example.com/hook",
        "http_method": "POST",
        "headers": {},
    },
    "awx_setup_inventory_sources": [
        {"name": "Batch amazon", "credential": "amazon", "source_path": "amazon.batch_queues.yml"},
        {"name": "Batch tencent", "credential": "tencent", "source_path": "tencent.batch_queues.yml"},
    ],
    "awx_setup_checked_job": {"checked_job_priority": 10, "checked_job_approval": "none"},
    "awx_setup_policy": {"queue_policy_rules": [{"match": {"description": "restore"}, "class": "urgent"}]},
}
NODE = {
    *(
        "identifier",
        "unified_job_template",
        "extra_data",
        "job_type",
        "diff_mode",
        "limit",
        "inventory",
        "related",
        "state",
    ),
    *("all_parents_must_converge", "scm_branch", "job_tags", "skip_tags", "verbosity", "forks", "timeout"),
    *("execution_environment", "job_slice_count"),
}
"""Keys of a node, as the documentation of awx.awx.workflow_job_template has them; misspelt ones pass in silence."""


class Loader(yaml.SafeLoader):
    """Reads what Ansible must not template as it stands."""


Loader.add_constructor("!unsafe", lambda loader, node: node.value)


def load(name: str) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", yaml.load((CONTENT / f"{name}.yml").read_text("utf-8"), Loader))


def setup(folder: Path, url: str, only: bool = False, installed: bool = True, **settings: t.Any) -> Run:
    """Run the playbook as an administrator does; only with these settings, or with more."""
    tools = Path(sys.executable).parent
    (folder / "settings.json").write_text(json.dumps(settings if only else {**SETTINGS, **settings}), encoding="utf-8")
    roots = [str(COLLECTIONS), *([str(modules.fetch())] if installed else [])]
    environment = {
        "PATH": os.pathsep.join([str(tools), os.defpath]),
        "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(roots),
        "CONTROLLER_HOST": url,
        "CONTROLLER_OAUTH_TOKEN": stand_in.TOKEN,
        "CONTROLLER_VERIFY_SSL": "false",
    }
    command = [str(tools / "ansible-playbook"), "objectstore.batch.awx_setup", "-e", "@settings.json"]
    done = launch(folder, command, environment)
    assert stand_in.TOKEN not in done.output
    return done


def test_from_empty_to_full_and_back(tmp_path: Path) -> None:
    controller = stand_in.Controller()
    with stand_in.start(controller) as url:
        held = {name: controller.make("credentials", {"name": name})["id"] for name in ("amazon", "tencent")}
        first = setup(tmp_path, url)
        assert first.code == 0, first.output
        made = controller.names()
        assert made["credential_types"] == [
            "Batch AWS account and region",
            "Batch Alibaba Cloud",
            "Batch Tencent Cloud",
        ]
        assert len(made["job_templates"]) == 13
        assert made["workflow_job_templates"] == [
            "Batch nightly",
            "Batch plan, approve, apply",
            "Batch rehearse, approve, run",
        ]
        assert made["schedules"] == ["Batch nightly"]
        assert made["workflow_approval_templates"] == ["Batch approval", "Batch run approval"]
        assert len(controller.surveys) == 8
        steps = {item["identifier"]: item["id"] for item in controller.items["workflow_job_template_nodes"].values()}
        kind = "workflow_job_template_nodes"
        assert controller.links[kind, steps["plan"], "success_nodes"] == [steps["approval"]]
        assert controller.links[kind, steps["approval"], "success_nodes"] == [steps["apply"]]
        assert controller.links[kind, steps["rehearsal"], "success_nodes"] == [steps["run_approval"]]
        assert controller.links[kind, steps["run_approval"], "success_nodes"] == [steps["run"]]
        checked = [item for item in controller.items["job_templates"].values() if "checked_job" in item["playbook"]]
        wanted = {"checked_job_priority": 10, "checked_job_approval": "digest"}
        assert [json.loads(item["extra_vars"]) for item in checked] == [wanted] * 2
        for step in ("plan", "approval", "apply"):
            assert controller.links[kind, steps[step], "failure_nodes"] == [steps[f"{step}_failed"]]
        plan = next(item for item in controller.items["job_templates"].values() if item["name"] == "Batch plan")
        assert (plan["job_type"], plan["diff_mode"], plan["allow_simultaneous"]) == ("check", True, False)
        assert controller.links["job_templates", plan["id"], "notification_templates_success"]
        failure = next(item for item in controller.items["job_templates"].values() if item["name"] == "Batch failure")
        assert controller.links["job_templates", failure["id"], "notification_templates_error"]
        assert made["notification_templates"] == ["Batch applied", "Batch plan"]
        assert json.loads(plan["extra_vars"]) == SETTINGS["awx_setup_policy"]
        slices = [item.get("job_slice_count") for item in controller.items["job_templates"].values()]
        assert slices.count(3) == 1
        controller.writes.clear()
        second = setup(tmp_path, url)
        assert second.code == 0, second.output
        # The module of a workflow sends an approval's node along with its template, so it sees a difference each time.
        approvals = controller.items["workflow_approval_templates"].values()
        assert set(controller.writes) <= {f"PATCH {item['url']}" for item in approvals}, controller.writes
        stranger = controller.make("projects", {"name": "Somebody else's", "organization": 1, "scm_type": "git"})
        # AWX takes one credential per source; all sources fill one inventory.
        sources = list(controller.items["inventory_sources"].values())
        with pytest.raises(stand_in.Refused, match="Source already has credential assigned"):
            stand_in.answer(controller, "POST", f"{sources[0]['url']}credentials/", {"id": held["tencent"]})
        assert [(item["credential"], item["source_path"]) for item in sources] == [
            (number, f"{name}.batch_queues.yml") for name, number in held.items()
        ]
        assert {(item["inventory"], item["overwrite"]) for item in sources} == {
            (next(iter(controller.items["inventories"])), True)
        }
        notified = {item["name"]: item["messages"] for item in controller.items["notification_templates"].values()}
        assert {name: found["success"] for name, found in notified.items()} == {
            "Batch plan": texts("plan")["webhook"],
            "Batch applied": texts("applied")["webhook"],
        }
        away(tmp_path, url, controller, {"projects": [stranger["name"]]})


def away(folder: Path, url: str, controller: stand_in.Controller, rest: dict[str, list[str]]) -> None:
    """Delete the content while credentials have one of its types, and once more when they are gone."""
    types = {item["name"]: number for number, item in controller.items["credential_types"].items()}
    for name in ("shop", "archive"):
        controller.make("credentials", {"name": name, "credential_type": types["Batch Tencent Cloud"]})
    kept = setup(folder, url, awx_setup_state="absent")
    said = (
        "AWX did not delete the credential types that are in use: Batch Tencent Cloud (shop, archive). Delete the"
        " credentials in parentheses, or change their type, then run the role again as a system administrator."
        " All other objects were deleted."
    )
    assert kept.code == 2 and said in " ".join(kept.output.split()), kept.output
    assert controller.names() == {**rest, "credential_types": ["Batch Tencent Cloud"]}
    controller.items["credentials"].clear()
    gone = setup(folder, url, awx_setup_state="absent")
    assert gone.code == 0, gone.output
    assert controller.names() == rest
    controller.writes.clear()
    again = setup(folder, url, awx_setup_state="absent")
    assert (again.code, controller.writes, controller.names()) == (0, [], rest), again.output


PLAN = 'aws-queue: 1 move\n  "films" <1> -> 7, \u00fc {{ no template }}\ncos-queue: none'
APPLIED = {"aws-queue": {"changed": True, "applied": 1}}
REASON = 'The apply failed.\ncos-queue: the job "films" has moved since the plan'
RUNS = [
    ("Batch plan", "success", {"objectstore_batch_plan_text": PLAN}),
    ("Batch applied", "success", {"objectstore_batch_applied": APPLIED}),
    ("Batch failure", "error", {"objectstore_batch_failure": REASON}),
]


def texts(name: str) -> dict[str, dict[str, str]]:
    return t.cast("dict[str, dict[str, str]]", load("controller_notifications")[f"awx_setup_texts_{name}"])


@pytest.mark.parametrize("kind", ["email", "webhook", "mattermost"])
def test_what_is_told_arrives(kind: str) -> None:
    with receivers.start() as received:
        configuration = {
            "email": {
                "host": "127.0.0.1",
                "port": received.mail_port,
                "sender": "awx@example.com",
                "recipients": ["approver@example.com"],
            },
            "webhook": {"url": received.url},
            "mattermost": {"mattermost_url": received.url},
        }[kind]
        for name, event, artifacts in RUNS:
            own = texts({"Batch plan": "plan"}.get(name, "applied" if event == "success" else "failed"))
            found = {event: own.get(kind, own["chat"])}
            assert notifications.messages(found) == []
            template = {"notification_type": kind, "notification_configuration": configuration, "messages": found}
            job = {"name": f"{name} of the night", "artifacts": artifacts}
            notifications.send(template, event, job, "https://awx.example.com/#/jobs/7")
        told = received.taken()
    assert len(told) == len(RUNS)
    plan, applied, failed = told
    for (name, _event, _artifacts), text in zip(RUNS, told, strict=True):
        assert f"{name} of the night" in str(text) or kind == "mattermost", text
        assert "https://awx.example.com/#/jobs/7" in str(text)
    if kind == "webhook":
        assert (plan["text"], applied["applied"], failed["text"]) == (PLAN, APPLIED, REASON)
    elif kind == "email":
        assert plan["subject"] == "Batch plan of the night: a plan" and PLAN in plan["body"]
        assert json.loads(applied["body"].partition("\n\n")[0]) == APPLIED
        assert REASON in failed["body"]
    else:
        assert PLAN in plan["text"] and json.dumps(APPLIED, sort_keys=True) in applied["text"]
        assert REASON in failed["text"]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"message": "{{ job.artifacts.nothing }}"}, "Field 'nothing' unavailable"),
        ({"body": '{"a": {{ job.artifacts.nothing.more }}}'}, "Field 'nothing' unavailable"),
        ({"message": "a\nb"}, "Messages cannot contain newlines"),
        ({"message": "{{"}, "Unable to render message"),
        ({"subject": "a"}, "Message type 'subject' invalid"),
    ],
)
def test_messages_that_awx_refuses(texts: dict[str, str], said: str) -> None:
    [wrong] = notifications.messages({"success": texts})
    assert wrong.startswith(said), wrong


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    controller = stand_in.Controller()
    with stand_in.start(controller) as url:
        done = setup(tmp_path, url, awx_setup_playbooks_url="")
        assert done.code == 2 and "awx_setup_playbooks_url and awx_setup_inventory_url are required." in done.output
        one = {"name": "Batch amazon", "credential": "amazon", "source_path": "amazon.batch_queues.yml"}
        done = setup(tmp_path, url, awx_setup_inventory_sources=[one, {**one, "credential": "tencent"}])
        assert done.code == 2 and "Two entries of awx_setup_inventory_sources have the same name." in done.output
        done = setup(tmp_path, url, installed=False)
        assert done.code == 2 and "The collection awx.awx is not installed" in done.output
    assert controller.writes == []


def test_surveys_are_such_as_awx_takes() -> None:
    found = {name: spec for name, spec in load("surveys").items() if name.startswith("awx_setup_survey_")}
    assert len(found) == 8
    assert {name: rules.survey(spec) for name, spec in found.items()} == {name: [] for name in found}
    number = next(item for item in found["awx_setup_survey_raise"]["spec"] if item["variable"] == "batch_number")
    assert (number["type"], number["min"], number["max"]) == ("integer", 0, 2147483647)


def test_surveys_that_awx_refuses() -> None:
    good = {"type": "text", "question_name": "q", "variable": "v", "required": True}
    for change in (
        {"type": "number"},
        {"required": "yes"},
        {"min": "0"},
        {"type": "integer", "default": "5"},
        {"type": "multiplechoice", "choices": ["a"], "default": "b"},
        {"variable": ""},
    ):
        assert rules.survey({"name": "n", "description": "", "spec": [{**good, **change}]}), change
    assert rules.survey({"name": "n", "description": "", "spec": [good, good]})
    assert rules.survey({"name": "n", "description": "", "spec": []})


def test_credential_types_are_such_as_awx_takes() -> None:
    types = load("controller_credential_types")["awx_setup_credential_types"]
    for found in types:
        fields = {field["id"] for field in found["inputs"]["fields"]}
        assert rules.inputs(found["inputs"]) == [] and rules.injectors(found["injectors"], fields) == []
        secrets = {field["id"] for field in found["inputs"]["fields"] if field.get("secret")}
        hidden = {name for name in fields if any(word in name for word in ("secret_key", "access_key_secret", "token"))}
        assert secrets == hidden
    assert rules.inputs({"fields": [{"id": "a b", "label": "x"}]})
    assert rules.injectors({"env": {"ANSIBLE_X": "{{ a }}", "PATH": "{{ a }}", "X": "{{ b }}"}}, {"a"})


def test_rules_of_schedules() -> None:
    assert rules.rrule(SETTINGS["awx_setup_nightly"]) == []
    for text in (
        "RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20261201T020000Z RRULE:FREQ=DAILY",
        "DTSTART;TZID=X:2026 RRULE:",
    ):
        assert rules.rrule(text)


def test_nodes_have_no_misspelt_keys() -> None:
    templates = {item["name"].partition("}} ")[2] for item in load("controller_templates")["awx_setup_templates"]}
    for workflow in load("controller_workflows")["controller_workflows"]:
        names = [node["identifier"] for node in workflow["workflow_nodes"]]
        assert "ask_variables_on_launch" not in workflow and "survey_spec" not in workflow
        for node in workflow["workflow_nodes"]:
            assert set(node) <= NODE
            unified = node["unified_job_template"]
            assert set(unified) <= {"name", "type", "organization", "description", "timeout"}
            for ends in node.get("related", {}).values():
                assert {end["identifier"] for end in ends} <= set(names)
            if unified["type"] == "job_template":
                assert unified["name"].partition("}} ")[2] in templates


def test_templates_name_playbooks_that_are_there() -> None:
    for item in load("controller_templates")["awx_setup_templates"]:
        assert (ROOT / item["playbook"]).is_file()


def test_the_settings_of_the_guide(tmp_path: Path) -> None:
    """As printed, and nothing more."""
    guide = rst.examples(rst.GUIDES / "guide_awx.rst")
    blocks = [example.text for example in guide if example.language == "yaml"]
    assert len(blocks) == 2
    settings = yaml.safe_load(blocks[1])
    controller = stand_in.Controller()
    with stand_in.start(controller) as url:
        done = setup(tmp_path, url, only=True, **settings)
        assert done.code == 0, done.output
    assert controller.names()["credential_types"] == ["Batch AWS account and region", "Batch Tencent Cloud"]
    assert len(controller.names()["job_templates"]) == 13
    assert "notification_templates" not in controller.names()
