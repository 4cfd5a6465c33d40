# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account the role queue_policy works in, wherever its connection comes from, and how it ends if queues fail."""

from __future__ import annotations

import ast
import importlib
import itertools
import json
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.objectstore.batch.plugins.module_utils import _module
from ansible_collections.objectstore.batch.plugins.module_utils._connection import connection_options
from ansible_collections.objectstore.batch.plugins.module_utils._core import priority_classes
from batch_emulator.accounts import (
    AWS_KEY,
    AWS_OTHER_KEY,
    COS_KEY,
    COS_OTHER_KEY,
    OSS_KEY,
    OSS_OTHER_KEY,
    Credential,
)

from .clouds import ACCOUNTS, MODULES, own_id
from .playbooks import FQCN, LOCAL, ROOT, Run, run

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

PROVIDERS = {"aws": "eu-central-1", "cos": "ap-guangzhou", "oss": "cn-hangzhou"}
OURS = {"aws": AWS_OTHER_KEY, "cos": COS_OTHER_KEY, "oss": OSS_OTHER_KEY}
"""The account that each task is meant for."""
FOREIGN = {"aws": AWS_KEY, "cos": COS_KEY, "oss": OSS_KEY}
"""The account that the environment and every weaker source name."""
ENVIRONMENT = {
    name: getattr(FOREIGN[provider], part)
    for provider, names in {
        "aws": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        "cos": ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"),
        "oss": ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"),
    }.items()
    for name, part in zip(names, ("key_id", "secret"), strict=True)
}
SOURCES = ("role", "module", "group", "host")
"""Where a connection comes from, the strongest first; the environment is weaker than all of them."""
ALIASES = {
    "aws": {"region": "aws_region", "access_key": "aws_access_key_id", "secret_key": "aws_secret_access_key"},
    "cos": {"account_id": "uin", "app_id": "appid", "access_key": "secret_id"},
    "oss": {"access_key": "access_key_id", "secret_key": "access_key_secret"},
}


def connection(key: Credential, emulator: Emulator) -> dict[str, str]:
    """Every option of a connection that names an account."""
    own = {"account_id": key.account, "access_key": key.key_id, "secret_key": key.secret}
    own |= {"app_id": key.app_id} if key.app_id else {}
    return {"provider": key.provider, "region": PROVIDERS[key.provider], "endpoint_url": emulator.url, **own}


def host(given: dict[str, dict[str, t.Any]], **more: t.Any) -> dict[str, t.Any]:
    """The variables of a host that has a connection from each of these sources."""
    role = {f"queue_policy_{name}": value for name, value in given.get("role", {}).items()}
    own = {"queue_connection": given["host"]} if "host" in given else {}
    return {**LOCAL, "of_module": given.get("module", {}), "of_group": given.get("group", {}), **role, **own, **more}


def policy(
    folder: Path,
    hosts: dict[str, dict[str, t.Any]],
    *words: str,
    before: t.Sequence[dict[str, t.Any]] = (),
    after: t.Sequence[dict[str, t.Any]] = (),
    **variables: t.Any,
) -> Run:
    """Run the role on each host: its own job, which it is named after, gets 77."""
    defaults = {f"group/{FQCN}all": "{{ of_group }}", f"{FQCN}batch_queue": "{{ of_module }}"}
    rules = [{"match": {"description": "^{{ inventory_hostname }}$"}, "priority": 77}]
    role = [{"ansible.builtin.include_role": {"name": f"{FQCN}queue_policy"}}]
    head = {"hosts": "all", "gather_facts": False, "vars": {"queue_policy_rules": rules, **variables}}
    playbook = [{**head, "module_defaults": defaults, "tasks": [*before, *role, *after]}]
    (folder / "policy.yml").write_text(yaml.safe_dump(playbook, sort_keys=False), encoding="utf-8")
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    # Where a home of the environment is not that of the user, the two halves of async disagree on the folder.
    environment = {**ENVIRONMENT, "ANSIBLE_ASYNC_DIR": str(folder / "async")}
    return run(folder, Path("hosts.yml"), Path("policy.yml"), *words, environment=environment)


def seed(emulator: Emulator, names: t.Iterable[str]) -> None:
    """Give each host a job in both accounts, which are alike but for their ids."""
    for name in names:
        provider = name.partition("-")[0]
        for key in (OURS[provider], FOREIGN[provider]):
            own = {"account": key.account, "region": PROVIDERS[provider], "job_id": job_id(key, name)}
            base = {"provider": provider, "priority": 10, "status": "Ready", "frozen": True}
            emulator.seed({**base, **own, "description": name})


def job_id(key: Credential, name: str) -> str:
    return own_id(key.provider, f"{name}-{key.account[-1]}{key.account[0]}")


def priorities(emulator: Emulator, keys: dict[str, Credential], names: t.Iterable[str]) -> dict[str, int]:
    return {name: emulator.job(job_id(keys[name.partition("-")[0]], name))["priority"] for name in names}


def test_the_strongest_source_names_the_account(emulator: Emulator, tmp_path: Path) -> None:
    """Each source with our account, alone and over each weaker one with another account; never a request for that.

    A tuning variable of the role takes nothing from the connection.
    """
    hosts: dict[str, dict[str, t.Any]] = {}
    pairs = list(itertools.combinations(SOURCES, 2))
    for turn, provider in enumerate(PROVIDERS):
        ours, foreign = (connection(keys[provider], emulator) for keys in (OURS, FOREIGN))
        place = {name: ours[name] for name in ("provider", "region")}
        for source in SOURCES:
            hosts[f"{provider}-{source}"] = host({source: ours}, queue_policy_concurrency=4)
            hosts[f"{provider}-{source}-placed"] = host({"role": place, source: ours}, queue_policy_max_attempts=2)
        # The providers take turns.
        for stronger, weaker in pairs[turn :: len(PROVIDERS)]:
            hosts[f"{provider}-{stronger}-over-{weaker}"] = host({stronger: ours, weaker: foreign})
        by_aliases = {ALIASES[provider].get(name, name): value for name, value in foreign.items()}
        hosts[f"{provider}-role-over-aliases"] = host({"role": ours, "module": by_aliases})
    seed(emulator, hosts)
    done = policy(tmp_path, hosts, "-vvv")
    assert done.code == 0, done.output
    assert {entry["account"] for entry in emulator.log()} == {key.account for key in OURS.values()}
    assert priorities(emulator, OURS, hosts) == dict.fromkeys(hosts, 77)
    assert priorities(emulator, FOREIGN, hosts) == dict.fromkeys(hosts, 10)
    for key in (*OURS.values(), *FOREIGN.values()):
        assert key.secret not in done.output


def test_every_alias_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    spec: dict[str, dict[str, t.Any]] = {}
    monkeypatch.setattr(_module, "run", lambda options, *rest, **rules: spec.update(options))
    importlib.import_module(f"{MODULES}.batch_queue").main()
    spec |= {**connection_options.CONNECTION_SPEC, **priority_classes.CLASSES_SPEC}
    # Read, not imported: from then on ansible-core would take this process for the controller's.
    tree = ast.parse((ROOT / "plugins" / "action" / "batch_queue.py").read_text(encoding="utf-8"))
    found = {node.target.id: node.value for node in tree.body if isinstance(node, ast.AnnAssign)}
    assert ast.literal_eval(found["ALIASES"]) == {
        name: values["aliases"] for name, values in spec.items() if values.get("aliases")
    }
    names = yaml.safe_load((ROOT / "roles" / "queue_policy" / "vars" / "main.yml").read_text("utf-8"))
    assert sorted(names["queue_policy_names"]) == sorted(["provider", *spec])


@pytest.mark.parametrize("source", SOURCES)
def test_an_account_without_keys_is_checked_as_by_a_plain_task(emulator: Emulator, tmp_path: Path, source: str) -> None:
    """The keys of the environment are those of another account, and only one source names ours."""
    hosts: dict[str, dict[str, t.Any]] = {}
    for provider in PROVIDERS:
        named = {name: value for name, value in connection(OURS[provider], emulator).items() if "_key" not in name}
        place = {name: named[name] for name in ("provider", "region", "endpoint_url")}
        given = {"host": named} if source == "host" else {"role": place, source: named}
        hosts[f"{provider}-checked"] = host(given, plain=named)
    seed(emulator, hosts)
    plain = {f"{FQCN}batch_queue": {"rules": "{{ queue_policy_rules }}"}, "ignore_errors": True, "check_mode": True}
    plain["module_defaults"] = {f"group/{FQCN}all": "{{ plain }}"}
    done = policy(tmp_path, hosts, before=[plain])
    assert {name: counts["failed"] for name, counts in done.recap.items()} == {
        name: counts["ignored"] for name, counts in done.recap.items()
    }, done.output
    assert done.recap["aws-checked"]["failed"] == done.recap["cos-checked"]["failed"] == 1
    assert [priorities(emulator, FOREIGN, hosts)[f"{name}-checked"] for name in ("aws", "cos")] == [10, 10]


def test_options_of_module_defaults_stay(emulator: Emulator, tmp_path: Path) -> None:
    """Also those that protect jobs: a variable of the role replaces its own option and no other one."""
    hosts = {}
    for provider in PROVIDERS:
        ours = connection(OURS[provider], emulator)
        for name, more in {
            "group": {"group": {**ours, "protect": [{"min_priority": 5}]}},
            "module": {"group": ours, "module": {"direction": "lower_only", "unmatched": "fail", "max_updates": 0}},
        }.items():
            hosts[f"{provider}-{name}"] = host(more, queue_policy_concurrency=2)
    seed(emulator, hosts)
    done = policy(tmp_path, hosts)
    assert done.code == 0, done.output
    assert priorities(emulator, OURS, hosts) == dict.fromkeys(hosts, 10)
    asked = policy(tmp_path, hosts, queue_policy_direction="any", queue_policy_protect=[])
    moved = {name: 77 if name.endswith("group") else 10 for name in hosts}
    assert priorities(emulator, OURS, hosts) == moved, asked.output
    assert {name for name, counts in asked.recap.items() if counts["failed"]} == {
        f"{name}-module" for name in PROVIDERS
    }
    assert "max_updates allows 0" in asked.output


def test_a_connection_of_another_provider_is_refused(emulator: Emulator, tmp_path: Path) -> None:
    given = {"host": connection(OURS["cos"], emulator), "role": {"provider": "aws", "region": "eu-central-1"}}
    done = policy(tmp_path, {"cos-one": host(given)})
    assert done.code == 2
    assert "No changes were made." in done.output and "queue_connection" in done.output
    assert emulator.log() == []


@pytest.mark.parametrize("value", ["aws", ["aws"], 5], ids=str)
def test_a_connection_that_is_no_dictionary_is_refused(emulator: Emulator, tmp_path: Path, value: t.Any) -> None:
    done = policy(tmp_path, {"aws-one": {**host({}), "queue_connection": value}})
    assert done.code == 2
    assert "queue_connection must be a dictionary" in done.output and "Traceback" not in done.output
    assert emulator.log() == []


@pytest.mark.parametrize("placed", [False, True])
def test_a_key_that_is_not_set_is_not_replaced(emulator: Emulator, tmp_path: Path, placed: bool) -> None:
    """The connection of the inventory plugin looks its keys up; the environment holds those of another account."""
    hosts = {}
    for name in PROVIDERS:
        own = {
            **connection(OURS[name], emulator),
            "secret_key": "{{ lookup('env', 'NONE') or undef(hint='none set') }}",
        }
        given = {option: own.pop(option) for option in ("provider", "region", "endpoint_url")} if placed else {}
        hosts[f"{name}-one"] = host({"host": own, "role": given})
    seed(emulator, hosts)
    done = policy(tmp_path, hosts)
    assert (done.code, emulator.log()) == (2, []), done.output
    assert done.output.count("none set") >= len(hosts)


@pytest.mark.parametrize("empty", ["", None], ids=["text", "null"])
def test_an_answer_that_is_empty_is_not_given(emulator: Emulator, tmp_path: Path, empty: t.Any) -> None:
    names = yaml.safe_load((ROOT / "roles" / "queue_policy" / "vars" / "main.yml").read_text("utf-8"))
    blank = {f"queue_policy_{name}": empty for name in names["queue_policy_names"] if name != "rules"}
    hosts = {f"{name}-one": {**host({"group": connection(OURS[name], emulator)}), **blank} for name in PROVIDERS}
    seed(emulator, hosts)
    done = policy(tmp_path, hosts)
    assert done.code == 0, done.output
    assert priorities(emulator, OURS, hosts) == dict.fromkeys(hosts, 77)


@pytest.mark.parametrize("broken", [0, 1, 3], ids=["all", "some", "none"])
def test_how_it_ends(emulator: Emulator, tmp_path: Path, broken: int) -> None:
    """If every queue can be worked on, if some can, and if none can."""
    hosts = {}
    lost = list(PROVIDERS)[:broken]
    for provider in PROVIDERS:
        own = {**connection(OURS[provider], emulator), "max_attempts": 1}
        own |= {"endpoint_url": "http://127.0.0.1:9"} if provider in lost else {}
        hosts[f"{provider}-one"] = host({"group": own})
    seed(emulator, hosts)
    shown = {"ansible.builtin.debug": {"msg": "SUMMARY {{ queue_policy_summary | to_json }}"}, "run_once": True}
    done = policy(tmp_path, hosts, after=[shown])
    assert done.code == (2 if broken else 0), done.output
    assert {name for name, counts in done.recap.items() if counts["failed"]} == {f"{name}-one" for name in lost}
    wanted = {name: 10 if name.partition("-")[0] in lost else 77 for name in hosts}
    assert priorities(emulator, OURS, hosts) == wanted
    found = done.output.partition("SUMMARY ")[2].partition('}"')[0].replace('\\"', '"')
    if broken == len(PROVIDERS):
        assert not found
    else:
        left = json.loads(found + "}")
        assert left["missing"] == [f"{name}-one" for name in lost]
        assert int(left["queues"]) == int(left["moves"]) == len(PROVIDERS) - broken
        assert sorted(left["changed"]) == sorted(place for name, place in PLACES.items() if name not in lost)


PLACES = {name: f"{name} {OURS[name].account} {region}" for name, region in PROVIDERS.items()}


def test_secrets_stay_hidden_where_a_variable_is_refused(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for account in ACCOUNTS:
        own = connection(OURS[account.provider], emulator)
        hosts[account.provider] = host({"role": {**own, "session_token": f"token-{account.provider}-not-real"}})
    done = policy(tmp_path, hosts, "-vvvv", queue_policy_order="no list", queue_policy_account_id={"a": 1})
    assert done.code == 2
    for account in ACCOUNTS:
        assert OURS[account.provider].secret not in done.output
        assert f"token-{account.provider}-not-real" not in done.output


@pytest.mark.parametrize(
    "keywords", [{"async": 60, "poll": 1}, {"loop": [1, 2]}, {"delegate_to": "localhost"}, {"no_log": True}], ids=str
)
def test_keywords_of_tasks(emulator: Emulator, tmp_path: Path, keywords: dict[str, t.Any]) -> None:
    """batch_queue has an action plugin, which the keywords of a task do not notice."""
    hosts = {f"{name}-one": host({"group": connection(OURS[name], emulator)}) for name in PROVIDERS}
    seed(emulator, hosts)
    task = {f"{FQCN}batch_queue": {"rules": "{{ queue_policy_rules }}"}, "register": "done", "diff": True, **keywords}
    kept = {"ansible.builtin.assert": {"that": "(done.results | default([done]) | first) is changed"}}
    done = policy(tmp_path, hosts, "-vvv", before=[task, kept], queue_policy_max_updates=0)
    assert done.code == 0, done.output
    assert priorities(emulator, OURS, hosts) == dict.fromkeys(hosts, 77)
    assert "_given" not in done.output.replace("{{ queue_policy_options }}", "")
