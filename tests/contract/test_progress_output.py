# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lines about the progress go: never between what a callback prints for another program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from .clouds import ACCOUNTS, JOB_ID, Cloud
from .playbooks import COLLECTIONS, FQCN, LOCAL
from .test_playbooks import connection, seed

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

# Callbacks that print JSON for other programs are in collections that are not here; these two do what they do.
CALLBACK = """
from __future__ import annotations
import json
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "{name}"
    def __init__(self):
        super().__init__()
        self.kept = []
    def v2_runner_on_ok(self, result):
        self.say("ok", result)
    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.say("failed", result)
    def say(self, what, result):
        self.kept.append({{"event": what, "task": str(result._task.get_name())}})
        if self.CALLBACK_NAME == "every_event":
            self._display.display(json.dumps(self.kept[-1]))
    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps({{"event": "stats", "tasks": self.kept}}))
"""


def wait(emulator: Emulator, folder: Path, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Wait for a job of each cloud, with both streams apart."""
    hosts = {}
    for account in ACCOUNTS:
        seed(emulator, account, f"{account.provider}-job", status="Complete", tasks_total=5, tasks_done=5)
        seed(emulator, account, f"{account.provider}-long", status="Active", description="long")
        hosts[account.provider] = {**LOCAL, "own": connection(account, emulator)}
    select = {"description": "long"}
    tasks = [
        {"name": "Short", f"{FQCN}batch_job_wait": {"status": ["Active"], "select": select, "timeout": 60}},
        {"name": "Long", f"{FQCN}batch_job_wait": {"select": select, "timeout": 0}},
    ]
    head = {"hosts": "all", "gather_facts": False, "module_defaults": {f"group/{FQCN}all": "{{ own }}"}}
    (folder / "wait.yml").write_text(yaml.safe_dump([{**head, "tasks": tasks}]), encoding="utf-8")
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    (folder / "callbacks").mkdir()
    for name in ("at_the_end", "every_event"):
        (folder / "callbacks" / f"{name}.py").write_text(CALLBACK.format(name=name), encoding="utf-8")
    tools = Path(sys.executable).parent
    done = subprocess.run(
        [str(tools / "ansible-playbook"), "-i", "hosts.yml", "wait.yml"],
        cwd=folder,
        env={
            "PATH": os.pathsep.join([str(tools), os.defpath]),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(folder / "callbacks"),
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("callback", ["at_the_end", "every_event"])
def test_a_callback_that_prints_json(emulator: Emulator, tmp_path: Path, callback: str) -> None:
    done = wait(emulator, tmp_path, 2, ANSIBLE_STDOUT_CALLBACK=callback)
    events = [json.loads(line) for line in done.stdout.splitlines() if line]
    assert [item["event"] for item in events[-1]["tasks"]].count("ok") == len(ACCOUNTS)
    for account in ACCOUNTS:
        assert f"[{account.provider}] " in done.stderr


@pytest.mark.parametrize("callback", ["default", "minimal", "oneline"])
def test_a_callback_for_people(emulator: Emulator, tmp_path: Path, callback: str) -> None:
    done = wait(emulator, tmp_path, 2, ANSIBLE_STDOUT_CALLBACK=callback, ANSIBLE_LOG_PATH=str(tmp_path / "log"))
    kept = (tmp_path / "log").read_text(encoding="utf-8")
    for account in ACCOUNTS:
        for text in (done.stderr, kept):
            assert f"[{account.provider}] " in text and "  Active " in text
        assert f"[{account.provider}] {account.provider}" not in done.stdout


@pytest.mark.parametrize("rare", [False, True])
def test_without_a_terminal_counts_are_no_news(cloud: Cloud, rare: bool) -> None:
    """The action plugin says whether there is one, and the module which lines there are."""
    cloud.seed(status="Active", tasks_total=1000, tasks_done=1)
    options = {"job_id": [JOB_ID], "interval": 30, "timeout": 3600}
    first = cloud.run("batch_job_wait", **options, _watch={"elapsed": 0.0, "label": "[one] ", "rare": rare})
    assert len(first["lines"]) == 4, first
    cloud.emulator.patch(JOB_ID, tasks_done=500)
    state = {**first["next"], "elapsed": 40.0, "label": "[one] ", "rare": rare}
    second = cloud.run("batch_job_wait", **options, _watch=state)
    assert bool(second["lines"]) is not rare, second
    cloud.emulator.patch(JOB_ID, tasks_done=600)
    state = {**second["next"], "elapsed": 400.0, "label": "[one] ", "rare": rare}
    assert cloud.run("batch_job_wait", **options, _watch=state)["lines"]


def test_the_plugin_knows_a_terminal_before_its_workers_lose_it() -> None:
    """The controller loads the plugin, and its workers, which have no terminal, inherit what it found."""
    package = "ansible_collections.objectstore.batch.plugins.action"
    code = f"from {package} import batch_job_wait; print(batch_job_wait.TERMINAL)"
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}
    leader, follower = os.openpty()
    found = [
        subprocess.run([sys.executable, "-c", code], env=environment, stderr=stderr, stdout=subprocess.PIPE, check=True)
        for stderr in (follower, subprocess.DEVNULL)
    ]
    os.close(follower)
    os.close(leader)
    assert [done.stdout.split() for done in found] == [[b"True"], [b"False"]]
