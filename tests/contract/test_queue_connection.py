# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What connects a task to the queue of its host: queue_connection, wherever it is used, and the interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_TEMP_KEY
from render import rst

from .playbooks import COLLECTIONS, FQCN, Run, run
from .test_inventory import inventory
from .test_two_accounts import FILE, HOSTS, KEYS, asked, environment, requests, seed, write

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

ALL = {f"group/{FQCN}all": "{{ queue_connection }}"}
READ: dict[str, t.Any] = {f"{FQCN}batch_job_info": {}}
PIPX = {"PATH": "/usr/bin:/bin"}
"""What a command finds that is called by its path, as those that pipx makes are."""


def play(folder: Path, head: dict[str, t.Any], variables: dict[str, str], *words: str) -> Run:
    whole = {"hosts": "all:!unreachable", "gather_facts": False, **head}
    (folder / "play.yml").write_text(yaml.safe_dump([whole], sort_keys=False), encoding="utf-8")
    return run(folder, Path(FILE), Path("play.yml"), *words, environment=variables)


def adhoc(folder: Path, variables: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    tools = Path(sys.executable).parent
    own = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), **PIPX}
    return subprocess.run(
        [str(tools / "ansible"), "-i", FILE, *words],
        cwd=folder,
        env={**own, "AWS_EC2_METADATA_DISABLED": "true", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )


def test_the_dictionary_of_each_host(emulator: Emulator, tmp_path: Path) -> None:
    """It holds what is set, by the names of the modules' options, and no key."""
    seed(emulator, "urgent restore")
    write(tmp_path, validate_certs=False, ca_bundle="/etc/hosts")
    hosts = inventory(tmp_path, tmp_path / FILE, **environment(emulator, "ONE")).hosts
    for host, key in HOSTS.items():
        connection = hosts[host]["queue_connection"]
        expected = {"provider": key.provider, "account_id": key.account, "region": hosts[host]["queue_region"]}
        expected |= {
            "validate_certs": False,
            "ca_bundle": "/etc/hosts",
            **({"app_id": key.app_id} if key.app_id else {}),
        }
        assert {name: value for name, value in connection.items() if not name.endswith("_key")} == expected
        for option, variable in (("access_key", "ID"), ("secret_key", "KEY")):
            assert "lookup('ansible.builtin.env', " in connection[option] and f"_{variable}'" in connection[option]


def test_without_keys_in_the_file_the_dictionary_has_none(emulator: Emulator, tmp_path: Path) -> None:
    entry = {"provider": "aws", "regions": ["eu-central-1"], "profile": "archive"}
    content = {"plugin": "objectstore.batch.queues", "max_attempts": 1}
    (tmp_path / FILE).write_text(yaml.safe_dump({**content, "accounts": [entry, {**entry, "profile": None}]}))
    hosts = inventory(tmp_path, tmp_path / FILE, **environment(emulator, "ONE")).hosts
    assert hosts["aws-archive-eu-central-1"]["queue_connection"] == {
        "provider": "aws",
        "region": "eu-central-1",
        "profile": "archive",
    }
    # The account is the one that STS named when the queue was read.
    assert hosts["aws-eu-central-1"]["queue_connection"] == {
        "provider": "aws",
        "region": "eu-central-1",
        "account_id": "111122223333",
    }


def test_a_session_token_by_its_variable(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "urgent restore")
    names = {f"{part}_variable": f"TEMPORARY_{part}".upper() for part in ("access_key", "secret_key", "session_token")}
    entry = {"provider": "aws", "regions": ["eu-central-1"], **names}
    content = {"plugin": "objectstore.batch.queues", "accounts": [entry], "prefix": "q_"}
    (tmp_path / FILE).write_text(yaml.safe_dump(content), encoding="utf-8")
    key = AWS_TEMP_KEY
    given = dict(zip(names.values(), (key.key_id, key.secret, str(key.token)), strict=True))
    head = {"module_defaults": {f"group/{FQCN}all": "{{ q_connection }}"}, "tasks": [READ]}
    done = play(tmp_path, head, environment(emulator, "TWO") | given, "-vvv")
    assert done.code == 0, done.output
    assert key.secret not in done.output and str(key.token) not in done.output
    assert requests(emulator)[key.account] == {"GetCallerIdentity": 1, "ListJobs": 2}


def test_wherever_a_task_stands(emulator: Emulator, tmp_path: Path) -> None:
    """Plays, blocks, roles, includes, loops over hosts, delegated tasks, single tasks, and tasks that run once."""
    seed(emulator, "urgent restore")
    write(tmp_path)
    tasks = tmp_path / "roles" / "reader" / "tasks"
    tasks.mkdir(parents=True)
    shown = {"ansible.builtin.debug": {"msg": "{{ inventory_hostname }} SEES {{ seen.jobs[0].account_id }}"}}
    body = [{**READ, "register": "seen"}, shown]
    (tasks / "main.yml").write_text(yaml.safe_dump(body), encoding="utf-8")
    (tmp_path / "included.yml").write_text(yaml.safe_dump(body), encoding="utf-8")
    single = {f"{FQCN}batch_job_info": "{{ queue_connection }}", "register": "seen"}
    over = {f"{FQCN}batch_job_info": "{{ hostvars[item].queue_connection }}", "loop": "{{ groups.batch_queues }}"}
    pairs = "{{ looped.results | map(attribute='item') | zip(looped.results | map(attribute='jobs') | map('first')"
    looped = {
        "ansible.builtin.debug": {"msg": pairs + " | map(attribute='account_id')) | map('join', ' SEES ') | list }}"}
    }
    delegated = {**READ, "delegate_to": "localhost", "register": "seen"}
    head = {
        "module_defaults": ALL,
        "roles": ["reader"],
        "tasks": [
            {"ansible.builtin.include_tasks": "included.yml"},
            {"ansible.builtin.include_role": {"name": "reader"}},
            {"block": [delegated, shown]},
            {"block": [single, shown], "module_defaults": {f"group/{FQCN}all": {}}},
            {**over, "run_once": True, "register": "looped", "loop_control": {"label": "{{ item }}"}},
            {**looped, "run_once": True},
        ],
    }
    done = play(tmp_path, head, environment(emulator, "ONE") | {"ANSIBLE_FORKS": "6"})
    assert done.code == 0, done.output
    for host, key in HOSTS.items():
        assert done.output.count(f"{host} SEES {key.account}") == 6
    assert requests(emulator) == {key.account: asked(key, 7) for key in KEYS.values()}


def test_a_single_command(emulator: Emulator, tmp_path: Path) -> None:
    """As the guide prints it."""
    seed(emulator, "urgent restore")
    write(tmp_path)
    guide = rst.examples(rst.GUIDES / "guide_many_accounts.rst")
    [printed] = [item.text for item in guide if item.name == "command"]
    pattern, arguments = "all:!unreachable", '{"_raw_params": "{{ queue_connection }}"}'
    assert printed == (
        f"$ ansible '{pattern}' -i production.batch_queues.yml -m {FQCN}batch_job_info -a '{arguments}'\n"
    )
    variables = environment(emulator, "ONE")
    done = adhoc(tmp_path, variables, pattern, "-m", f"{FQCN}batch_job_info", "-a", arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert requests(emulator) == {key.account: asked(key, 2) for key in KEYS.values()}
    # With options of its own, for one host.
    emulator.clear_log()
    host = "oss-1000000000000002-cn-hangzhou"
    more = json.dumps(
        {"_raw_params": "{{ queue_connection }}", "select": {"description": "urgent"}, "priority": "high"}
    )
    done = adhoc(tmp_path, variables, host, "-m", f"{FQCN}batch_job_priority", "-a", more)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {job["account"]: job["priority"] for job in emulator.jobs() if job["priority"] != 10} == {
        "1000000000000002": 3000
    }


@pytest.mark.parametrize("value", [None, ""], ids=["not_set", "empty"])
@pytest.mark.parametrize(
    "line",
    [
        "{{ queue_connection }}",
        "{{ queue_connection | default({}) }}",
        "{{ queue_connection | default({}, true) | dict2items | rejectattr('value', 'in', ['', none]) | items2dict }}",
        "{{ {'provider': 'oss', 'region': 'cn-hangzhou', 'secret_key': queue_connection.secret_key | default(omit)} }}",
    ],
    ids=["plain", "default", "filtered", "single"],
)
def test_a_variable_that_is_gone_when_it_is_used(
    emulator: Emulator, tmp_path: Path, line: str, value: str | None
) -> None:
    """Nothing falls back to the keys of the environment, which are those of the other account."""
    if value == "" and "default(omit)" in line:
        pytest.skip("the same lookup")
    seed(emulator, "urgent restore")
    write(tmp_path)
    variables = environment(emulator, "ONE")
    cached = {"ANSIBLE_INVENTORY_CACHE": "true", "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile"}
    cached["ANSIBLE_INVENTORY_CACHE_CONNECTION"] = str(tmp_path / "cache")
    raising = {f"{FQCN}batch_job_priority": {"select": {"description": "urgent"}, "priority": 7777}}
    head = {
        "hosts": "oss-1000000000000002-cn-hangzhou",
        "module_defaults": {f"group/{FQCN}all": line},
        "tasks": [raising],
    }
    assert inventory(tmp_path, tmp_path / FILE, **variables, **cached).code == 0
    variables.pop("OSS_TWO_KEY")
    emulator.clear_log()
    done = play(tmp_path, head, variables | cached | ({} if value is None else {"OSS_TWO_KEY": value}))
    assert done.code == 2 and "OSS_TWO_KEY is not set or empty on the controller" in " ".join(done.output.split())
    assert emulator.log() == [] and {job["priority"] for job in emulator.jobs()} == {10}


def test_regions_that_could_not_be_read_are_not_those_of_the_environment(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "urgent restore")
    emulator.fault("denied", operation="DescribeRegions", count=None)
    entry = {"provider": "aws", "account_id": KEYS["AWS_ONE"].account, "regions": "all"}
    entry |= {"access_key_variable": "AWS_ONE_ID", "secret_key_variable": "AWS_ONE_KEY"}
    content = {"plugin": "objectstore.batch.queues", "accounts": [entry]}
    (tmp_path / FILE).write_text(yaml.safe_dump(content), encoding="utf-8")
    variables = environment(emulator, "ONE") | {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}
    done = play(tmp_path, {"hosts": "all", "module_defaults": ALL, "tasks": [READ]}, variables)
    assert done.code == 2 and "value of region must be an AWS region such as eu-central-1, got: 'all'" in " ".join(
        done.output.split()
    )
    assert {entry["operation"] for entry in emulator.log()} == {"DescribeRegions"}


def test_the_interpreter_is_the_one_that_runs_ansible(emulator: Emulator, tmp_path: Path) -> None:
    """Also where nothing of the environment is in PATH; variables of groups come before it."""
    seed(emulator, "urgent restore")
    write(tmp_path)
    variables = environment(emulator, "ONE") | PIPX
    shown = {"ansible.builtin.debug": {"msg": "PYTHON {{ ansible_python_interpreter }}"}, "run_once": True}
    done = play(tmp_path, {"module_defaults": ALL, "tasks": [READ, shown]}, variables)
    assert done.code == 0 and f"PYTHON {sys.executable}" in done.output, done.output
    assert "discovered" not in done.output
    listed = inventory(tmp_path, tmp_path / FILE, "--list", "--export", **variables)
    group = json.loads(listed.text)["batch_queues"]
    assert group["vars"] == {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    assert sorted(group["hosts"]) == sorted(HOSTS)
    (tmp_path / "group_vars").mkdir()
    for name, python in (("all", "/all/python"), ("cloud_aws", "/aws/python")):
        content = {"ansible_python_interpreter": python}
        (tmp_path / "group_vars" / f"{name}.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        shown.pop("run_once", None)
        over = play(tmp_path, {"tasks": [shown]}, variables)
        assert over.output.count(f"PYTHON {python}") == {"all": 6, "cloud_aws": 2}[name], over.output


def test_hosts_of_other_inventories_keep_their_interpreter(emulator: Emulator, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"machine": {}}}}), encoding="utf-8")
    file = os.fspath(tmp_path / "hosts.yml")
    listed = inventory(tmp_path, tmp_path / FILE, "-i", file, "--list", **environment(emulator, "ONE"))
    assert listed.hosts.get("machine", {}) == {}
