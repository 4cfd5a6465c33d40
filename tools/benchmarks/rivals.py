# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programs to compare: the title of each, and the command that sets the requested priorities of a queue."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from batch_emulator import accounts
from harness import COLLECTION, ROOT

from .stopwatch import Command
from .world import Layout, save_wanted

MODULE = "objectstore.batch.batch_job_priority"
MODULE_PATH = "ansible_collections.objectstore.batch.plugins.modules.batch_job_priority"
# The SDK and the CLI put the account before the host, so they reach the emulator as a proxy, unmodified.
AWS_ENDPOINT = f"http://s3-control.{accounts.AWS_REGION}.amazonaws.com"
SCRIPTS = Path(__file__).resolve().parent / "scripts"
TOOLS = Path(sys.executable).parent
PLAYBOOK = (str(TOOLS / "ansible-playbook"), "-e", "@jobs.json", "playbook.yml")

Task = dict[str, Any]


class Stage(NamedTuple):
    """The environment of the programs: a directory, the collection, the emulator's URL, and the common limits."""

    folder: Path
    collections: Path
    url: str
    concurrency: int
    limit: float

    def environment(self, provider: str) -> dict[str, str]:
        """Return an environment with the path of the tools and with keys for every program."""
        values = {
            "PATH": os.pathsep.join([str(TOOLS), os.defpath]),
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
        }
        if provider == "aws":
            return values | {
                "HTTP_PROXY": self.url,
                "AWS_DEFAULT_REGION": accounts.AWS_REGION,
                "AWS_ACCESS_KEY_ID": accounts.AWS_KEY.key_id,
                "AWS_SECRET_ACCESS_KEY": accounts.AWS_KEY.secret,
                "AWS_EC2_METADATA_DISABLED": "true",
            }
        if provider == "oss":
            return values | {
                "OSS_REGION": accounts.OSS_REGION,
                "OSS_ACCESS_KEY_ID": accounts.OSS_KEY.key_id,
                "OSS_ACCESS_KEY_SECRET": accounts.OSS_KEY.secret,
            }
        return values | {
            "TENCENTCLOUD_SECRET_ID": accounts.COS_KEY.key_id,
            "TENCENTCLOUD_SECRET_KEY": accounts.COS_KEY.secret,
            "COS_APPID": accounts.COS_APPID,
        }

    def place(self, provider: str) -> Task:
        """Return the connection options of the modules."""
        if provider == "aws":
            place = {"region": accounts.AWS_REGION, "account_id": accounts.AWS_ACCOUNT, "endpoint_url": AWS_ENDPOINT}
        elif provider == "oss":
            place = {"region": accounts.OSS_REGION, "endpoint_url": self.url}
        else:
            place = {"region": accounts.COS_REGION, "account_id": accounts.COS_UIN, "endpoint_url": self.url}
            place["app_id"] = accounts.COS_APPID
        return {"provider": provider, **place, "concurrency": self.concurrency}

    def command(self, provider: str, words: tuple[str, ...], **others: Any) -> Command:
        return Command(words, self.environment(provider), self.folder, limit=self.limit, **others)


def play(stage: Stage, provider: str, *tasks: Task) -> Command:
    """A playbook with these tasks, and the requested jobs as extra variables."""
    text = json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}])
    # JSON is YAML, but a person writes YAML and pays for its parser.
    (stage.folder / "playbook.yml").write_text(yaml.safe_dump(json.loads(text), sort_keys=False), encoding="utf-8")
    return stage.command(provider, PLAYBOOK)


def ping(stage: Stage, layout: Layout) -> Command:
    return play(stage, layout.provider, {"ansible.builtin.ping": {}})._replace(
        words=tuple(word for word in PLAYBOOK if word not in ("-e", "@jobs.json"))
    )


def one_task(stage: Stage, layout: Layout) -> Command:
    return play(stage, layout.provider, {MODULE: {**stage.place(layout.provider), "jobs": "{{ jobs }}"}})


def one_job(stage: Stage, layout: Layout) -> Command:
    job_id, priority = next(iter(layout.desired.items()))
    options = {**stage.place(layout.provider), "job_id": job_id, "priority": priority}
    command = play(stage, layout.provider, {MODULE: options})
    return command._replace(words=tuple(word for word in PLAYBOOK if word not in ("-e", "@jobs.json")))


def loop(stage: Stage, layout: Layout) -> Command:
    options = {"job_id": "{{ item.job_id }}", "priority": "{{ item.priority }}"}
    return play(stage, layout.provider, {MODULE: {**stage.place(layout.provider), **options}, "loop": "{{ jobs }}"})


def command_line(stage: Stage, layout: Layout) -> Command:
    """Describe, compare, and update, as careful users do with the AWS CLI."""
    aws = ["aws", "s3control", "--endpoint-url", AWS_ENDPOINT]
    account = ["--account-id", accounts.AWS_ACCOUNT, "--job-id"]
    read = [*aws, "describe-job", *account, "{{ item.job_id }}", "--query", "Job.Priority", "--output", "text"]
    write = [*aws, "update-job-priority", *account, "{{ item.item.job_id }}", "--priority", "{{ item.item.priority }}"]
    return play(
        stage,
        layout.provider,
        {
            "ansible.builtin.command": {"argv": read},
            "loop": "{{ jobs }}",
            "register": "found",
            "changed_when": False,
        },
        {
            "ansible.builtin.command": {"argv": write},
            "loop": "{{ found.results }}",
            "loop_control": {"label": "{{ item.item.job_id }}"},
            "when": "item.stdout | int != item.item.priority | int",
        },
    )


def module(stage: Stage, layout: Layout) -> Command:
    """The module as a separate process, without Ansible."""
    jobs = [{"job_id": job_id, "priority": priority} for job_id, priority in layout.desired.items()]
    return module_with(stage, layout.provider, {"jobs": jobs}, (sys.executable, "-m", MODULE_PATH))


def module_with(stage: Stage, provider: str, options: Task, words: tuple[str, ...]) -> Command:
    options = {"ANSIBLE_MODULE_ARGS": {**stage.place(provider), **options}}
    path = stage.folder / "options.json"
    path.write_text(json.dumps(options), encoding="utf-8")
    command = stage.command(provider, words, standard_input=path)
    command.environment["PYTHONPATH"] = str(stage.collections)
    return command


def script(name: str, threaded: bool = False) -> Callable[[Stage, Layout], Command]:
    def build(stage: Stage, layout: Layout) -> Command:
        aws = layout.provider == "aws"
        words = [sys.executable, str(SCRIPTS / f"{layout.provider}_{name}.py")]
        words += [accounts.AWS_ACCOUNT, AWS_ENDPOINT] if aws else [stage.url]
        words += ["jobs.json", *([str(stage.concurrency)] if threaded else [])]
        return stage.command(layout.provider, tuple(words))

    return build


def copy_collection(target: Path) -> Path:
    """Copy the collection, so that an edit in the checkout does not affect a run; return a collections root."""
    for name in ("plugins", "meta"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, target / COLLECTION / name, ignore=ignored)
    shutil.copy(ROOT / "galaxy.yml", target / COLLECTION)
    return target


class Rival(NamedTuple):
    """One way to the wanted state.

    slow: it works on one job after another, is run once where that takes long, and stops where it takes too long.
    spawns: it even starts a process for each job.
    """

    name: str
    title: str
    build: Callable[[Stage, Layout], Command]
    slow: bool = False
    spawns: bool = False
    providers: tuple[str, ...] = ("aws", "cos")

    def prepare(self, stage: Stage, layout: Layout) -> Command:
        save_wanted(layout, stage.folder / "jobs.json")
        return self.build(stage, layout)


RIVALS = (
    Rival("ping", "a `ping` task (Ansible itself)", ping),
    Rival("task", "one task of the collection, `jobs`", one_task),
    Rival("module", "the same, only the module process", module),
    Rival("threaded", "threaded script", script("threaded", threaded=True)),
    Rival("sequential", "sequential script", script("sequential"), slow=True),
    Rival("loop", "one module call per job in a `loop`", loop, slow=True, spawns=True, providers=("aws",)),
    Rival("cli", "`aws s3control` in a `loop`", command_line, slow=True, spawns=True, providers=("aws",)),
)
