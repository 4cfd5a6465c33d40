# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates in every text that a provider can return: inventory, plays and playbooks evaluate none of them."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY, COS_KEY, OSS_KEY

from .clouds import ACCOUNTS as CLOUDS, Cloud
from .planted import WORDS, plants, servers
from .playbooks import FQCN, run
from .reports import Report
from .test_inventory import ENVIRONMENT, inventory

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

FILE = "some.batch_queues.yml"
LISTING = [*[("403", number) for number in range(6)], ("200", 0), ("301", 1), ("junk", 2), ("jobs", 4), ("status", 0)]
FEW = [("403", 0), ("403", 4), ("200", 1), ("jobs", 5), ("status", 1)]
ASKING = [("403", 1), ("account", 0), ("regions", 0), ("regions", 4), ("status", 5), ("json", 0)]
"""Ways to answer ListJobs on AWS, and on the others; and what is asked before, on AWS by STS and EC2."""
PLAIN = {"aws": ("AWS_ONE", "eu-central-1"), "cos": ("COS_ONE", "ap-guangzhou"), "oss": ("OSS_ONE", "cn-hangzhou")}
ACCOUNTS = {"aws": AWS_KEY, "cos": COS_KEY, "oss": OSS_KEY}


def account(provider: str, name: str, url: str, **options: t.Any) -> dict[str, t.Any]:
    keys, region = PLAIN[provider]
    app_id = {"app_id": ACCOUNTS[provider].app_id} if provider == "cos" else {}
    given = {"provider": provider, "name": name, "regions": [region], "endpoint_url": url, **app_id}
    variables = {"access_key_variable": f"{keys}_ID", "secret_key_variable": f"{keys}_KEY"}
    return {**given, **variables, "account_id": ACCOUNTS[provider].account, **options}


def accounts(urls: dict[tuple[str, int], str]) -> list[dict[str, t.Any]]:
    """Return an account for each way to answer, and for each operation that an inventory sends."""
    found = [account("aws", f"list-{way}-{number}", urls[way, number]) for way, number in LISTING]
    found += [
        account(name, f"list-{way}-{number}", urls[way, number]) for name in ("cos", "oss") for way, number in FEW
    ]
    # OSS is asked for the account that is named, so one that is not named is another way.
    found += [{**account("oss", f"list-{way}-{number}a", urls[way, number]), "account_id": None} for way, number in FEW]
    for way, number in (("403", 1), ("account", 0), ("status", 5)):
        found.append({**account("aws", f"who-{way}-{number}", urls[way, number]), "account_id": None})
    role = {"assume_role_arn": "arn:aws:iam::111122223333:role/queues"}
    found.append(account("aws", "role-403-1", urls["403", 1], **role))
    for way, number in (("403", 1), ("regions", 0), ("regions", 4), ("status", 5)):
        found.append(account("aws", f"regions-{way}-{number}", urls[way, number], regions="all"))
    chained = account("oss", "role-json", urls["json", 0], profile="chained")
    found.append({key: value for key, value in chained.items() if not key.endswith("_variable")})
    return found


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "PWNED"


@pytest.fixture
def folder(tmp_path: Path, witness: Path) -> Iterator[Path]:
    profile = {"name": "chained", "mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "y"}
    whole = {"profiles": [{**profile, "ram_role_arn": "acs:ram::1:role/x"}]}
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps(whole), encoding="utf-8")
    with servers(dict.fromkeys([*LISTING, *FEW, *ASKING]), witness) as urls:
        write(tmp_path, urls)
        yield tmp_path


def write(folder: Path, urls: dict[tuple[str, int], str], **options: t.Any) -> None:
    content = {
        "plugin": "objectstore.batch.queues",
        "accounts": accounts(urls),
        "max_attempts": 1,
        "compose": {
            "composed": "queue_error.msg",
            "upper": "(queue_error.message | default('')) ~ ' ' ~ (queue_error.code | default(''))",
            "words": "queue_statuses | default({}, true) | list",
            "whole": "queue_error",
            "text": "queue_error | to_json",
        },
        "groups": {"odd": "'x' in (queue_error.msg | default(''))", "bare": "queue_error.message"},
        "keyed_groups": [
            {"key": "queue_error.message", "prefix": "why"},
            {"key": "queue_error.code", "prefix": "code"},
            {"key": "queue_statuses | default({}, true) | list", "prefix": "status"},
            {"key": "queue_account_id", "prefix": "who", "parent_group": "{{ queue_region }}"},
        ],
        **options,
    }
    (folder / FILE).write_text(yaml.safe_dump(content), encoding="utf-8")


SHOWN = [
    *[f"{{{{ queue_{name} }}}}" for name in ("error", "statuses", "account_id", "region", "state", "endpoint_url")],
    "{{ queue_error.msg | default('') }} {{ composed | default('') }} {{ text }} {{ whole | default('') }}",
    "{{ group_names }} {{ inventory_hostname }} {{ words | default([]) }} {{ groups | to_json }}",
    "{{ hostvars[inventory_hostname].queue_error | to_nice_json }}",
]
TASKS: list[dict[str, t.Any]] = [
    {"ansible.builtin.debug": {"msg": SHOWN}},
    {"ansible.builtin.debug": {"var": "queue_error"}},
    # Twice: what a template made of it is no template, either.
    {
        "ansible.builtin.set_fact": {
            "again": "{{ queue_error.msg | default('') }}",
            "joined": "{{ queue_error | default({}, true) | dict2items | map(attribute='value') | join(' ') }}",
            "keys": "{{ queue_statuses | default({}, true) | dict2items | map(attribute='key') | join(' ') }}",
            "dumped": "{{ queue_statuses | to_json }}{{ queue_error | to_json }}",
        }
    },
    {
        "ansible.builtin.copy": {
            "content": "{{ again }} {{ joined }} {{ keys }} {{ dumped }}\n",
            "dest": "{{ playbook_dir }}/{{ inventory_hostname }}.txt",
        }
    },
    # A variable alone is taken for an expression by older releases, and refused by newer ones.
    {"ansible.builtin.debug": {"msg": "seen"}, "when": "composed", "ignore_errors": True},
]


@pytest.mark.parametrize("form", [["--list"], ["--list", "--yaml"], ["--graph", "--vars"]], ids=str)
def test_ansible_inventory(folder: Path, witness: Path, form: list[str]) -> None:
    output = inventory(folder, folder / FILE, *form)
    assert output.code == 0 and not output.says("Failed to parse"), output.errors
    assert not witness.exists()
    assert output.says("Unreachable queue ") and output.says("more unreachable queues in the group unreachable.")
    if form == ["--list"]:
        check_hosts(output.hosts, json.loads(output.text))


def check_hosts(hosts: dict[str, dict[str, t.Any]], groups: dict[str, t.Any]) -> None:
    """The texts are there, and stay readable; names are made of plain letters."""
    lost = {name for name, values in hosts.items() if values["queue_error"]}
    assert len(hosts) == len(LISTING) + 3 * len(FEW) + 3 + 1 + 4 + 1
    read = {tuple(name.split("-")[:3]) for name in set(hosts) - lost}
    assert read >= {(provider, "list", way) for provider in PLAIN for way in ("jobs", "status")}
    assert {way for _provider, _what, way in read} == {"jobs", "status"}
    said = [values["queue_error"]["msg"] for values in hosts.values() if values["queue_error"]]
    assert sum(WORDS in text for text in said) > len(lost) / 2
    assert all(sign.isalnum() or sign in "_-" for name in (*hosts, *groups) for sign in name)


def test_a_play_that_shows_everything(folder: Path, witness: Path) -> None:
    head = {"hosts": "all", "gather_facts": False, "tasks": TASKS}
    (folder / "play.yml").write_text(yaml.safe_dump([head], sort_keys=False), encoding="utf-8")
    done = run(folder, Path(FILE), Path("play.yml"), "--forks", "20", environment=ENVIRONMENT)
    assert not witness.exists()
    assert done.code == 0, done.output[-3000:]
    assert WORDS in (folder / "cos-list-403-0-ap-guangzhou.txt").read_text(encoding="utf-8")


PLAYBOOKS: dict[str, dict[str, t.Any]] = {
    "queue_report": {},
    "queue_plan": {"queue_policy_rules": [{"match": {"description": "urgent"}, "class": "high"}]},
    "queue_policy": {"queue_policy_rules": [{"match": {"description": "urgent"}, "class": "high"}]},
    "raise_priority": {"batch_phrase": "urgent", "batch_class": "urgent", "batch_all": True},
    "retry_failed": {"batch_job_id": "over-1", "batch_retry_class": ""},
}
"""The playbooks that show or keep texts of jobs, with answers that let them go through."""


def hostile(plant: str, provider: str, name: str, **more: t.Any) -> dict[str, t.Any]:
    """Return a job with a plant in each text that the emulator takes."""
    texts = dict.fromkeys(("description", "status_update_reason", "suspended_cause", "role_arn"), f"urgent {plant}")
    job = {"provider": provider, "region": PLAIN[provider][1], "job_id": name, "status": "Ready", "frozen": True}
    reasons = [{"code": plant, "reason": plant}]
    return {
        **job,
        **texts,
        "failure_reasons": reasons,
        "tags": {"a": plant},
        "extra_xml": f"<Odd>{plant}</Odd>",
        **more,
    }


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_playbooks_of_the_collection(
    emulator: Emulator, tmp_path: Path, witness: Path, capsys: pytest.CaptureFixture[str], playbook: str
) -> None:
    first, second, third = plants(witness)[:3]
    for number, provider in enumerate(PLAIN):
        end = "=" if provider == "oss" else "-1"
        odd = {"status": third[:60], "description": f"odd {second}"}
        emulator.seed(
            hostile(first, provider, f"job{number}{end}"), hostile(second, provider, f"odd{number}{end}", **odd)
        )
    row = f'films,"{first}",,failed,403,"{second}","{third}"\r\n'
    over = {
        "job_id": "over-1",
        "tasks_done": 1,
        "tasks_failed": 1,
        "description": f"over {first}",
        "tags": {"a": first},
    }
    Report({"failed": row.encode()}, job=over).put(Cloud(CLOUDS[0], emulator, capsys))
    entries = [account(provider, provider, emulator.url) for provider in PLAIN]
    content = {"plugin": "objectstore.batch.queues", "accounts": entries, "compose": {"words": "queue_statuses | list"}}
    (tmp_path / FILE).write_text(yaml.safe_dump(content), encoding="utf-8")
    # A path that is not whole would be one next to the playbook.
    paths = {"batch_page": str(tmp_path / "q.html"), "batch_text": str(tmp_path / "q.txt")}
    (tmp_path / "vars.json").write_text(json.dumps({**PLAYBOOKS[playbook], **paths}), encoding="utf-8")
    where = ("--limit", "cloud_aws") if playbook == "retry_failed" else ()
    variables = {**ENVIRONMENT, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    done = run(tmp_path, Path(FILE), Path(FQCN + playbook), "-e", "@vars.json", *where, "-v", environment=variables)
    assert not witness.exists()
    # Whether objects that failed for good are a failure of the playbook is not the question here.
    assert done.code == 0 or (playbook == "retry_failed" and "failed permanently" in done.output), done.output[-3000:]
    assert "lookup('ansible.builtin.pipe'" in done.output


def test_why_a_plan_failed(tmp_path: Path, witness: Path) -> None:
    """The error of a provider is kept for the next node of a workflow and shown there; AWX marks artifacts unsafe."""
    ways = [("403", number) for number in range(6)]
    connection = {"region": PLAIN["aws"][1], "access_key": AWS_KEY.key_id, "secret_key": AWS_KEY.secret}
    with servers(ways, witness) as urls:
        hosts = {
            f"queue-{number}": {
                "ansible_connection": "local",
                "queue_connection": {
                    **connection,
                    "provider": "aws",
                    "account_id": AWS_KEY.account,
                    "endpoint_url": urls[way, number],
                    "max_attempts": 1,
                },
            }
            for way, number in ways
        }
        (tmp_path / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        (tmp_path / "vars.json").write_text(json.dumps(PLAYBOOKS["queue_plan"]), encoding="utf-8")
        shown = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
        words = ("-e", "@vars.json", "-v")
        failed = run(tmp_path, Path("hosts.json"), Path(FQCN + "queue_plan"), *words, environment=shown)
    kept = json.loads(failed.output.partition("CUSTOM STATS:")[2].partition("RUN: ")[2])
    reasons = kept["objectstore_batch_plan_failed"]
    assert failed.code == 2 and set(reasons) == set(hosts), failed.output[-3000:]
    assert all(WORDS in reason for reason in reasons.values())
    lines = [f"  {name}: !unsafe {json.dumps(reason)}\n" for name, reason in reasons.items()]
    text = f"batch_step: plan\nobjectstore_batch_plan_failed:\n{''.join(lines)}"
    (tmp_path / "vars.yml").write_text(text, encoding="utf-8")
    told = run(tmp_path, Path("hosts.json"), Path(f"{FQCN}awx_failure"), "-e", "@vars.yml", environment=shown)
    assert told.code == 2 and told.output.count(WORDS) >= len(hosts), told.output[-3000:]
    assert not witness.exists()


def test_what_is_cached(tmp_path: Path, witness: Path) -> None:
    """What the servers said is kept, and is no template when it comes back and the servers are gone."""
    ways = [("jobs", 0), ("status", 0), ("status", 1), ("status", 5)]
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    show = [
        {
            "ansible.builtin.set_fact": {
                "words": "{{ queue_statuses | list | join(' ') }}",
                "whole": "{{ queue_statuses }}",
            }
        },
        {"ansible.builtin.debug": {"msg": "STATUSES {{ words }} {{ whole | to_json }} {{ queue_account_id }}"}},
    ]
    head = {"hosts": "all", "gather_facts": False, "tasks": show}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([head], sort_keys=False), encoding="utf-8")
    with servers(ways, witness) as urls:
        found = [account(name, f"{way}-{number}", urls[way, number]) for name in PLAIN for way, number in ways]
        content = {"plugin": "objectstore.batch.queues", "accounts": found, "max_attempts": 1, **cache}
        (tmp_path / FILE).write_text(yaml.safe_dump(content), encoding="utf-8")
        first = inventory(tmp_path, tmp_path / FILE)
    done = run(tmp_path, Path(FILE), Path("play.yml"), environment=ENVIRONMENT)
    assert not witness.exists()
    assert (done.code, done.output.count("STATUSES ")) == (0, len(found)), done.output
    assert inventory(tmp_path, tmp_path / FILE).hosts == first.hosts
    assert {host["queue_state"] for host in first.hosts.values()} == {"stalled", "idle"}
