# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which queues the playbooks of the collection work on, with whose credentials, and how they end if there are none."""

from __future__ import annotations

import hashlib
import json
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import (
    AWS_KEY,
    AWS_OTHER_KEY,
    COS_KEY,
    COS_OTHER_KEY,
    OSS_KEY,
    OSS_OTHER_KEY,
    Credential,
)

from .clouds import own_id
from .playbooks import FQCN, Run, run

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

REGIONS = {"aws": "eu-central-1", "cos": "ap-guangzhou", "oss": "cn-hangzhou"}
OURS = {"aws": AWS_OTHER_KEY, "cos": COS_OTHER_KEY, "oss": OSS_OTHER_KEY}
"""The account that is meant."""
FOREIGN = {"aws": AWS_KEY, "cos": COS_KEY, "oss": OSS_KEY}
"""The account that the usual variables of the environment name."""
USUAL = {
    "aws": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "cos": ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"),
    "oss": ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"),
}
RULES = [{"match": {"description": "restore"}, "priority": 77}]
LIST = b"archive,films/a.mov\n"
"""The manifest that the playbook checked_job reads."""
CHECKED = {
    "checked_job_manifest": {
        "object_arn": "{{ {'aws': 'arn:aws:s3:::', 'cos': 'qcs::cos:ap-guangzhou:uid/1250000000:', 'oss': 'oss://'}"
        "[queue_connection.provider] }}lists-1250000000/all.csv",
        "etag": hashlib.md5(LIST).hexdigest(),
    },
    "checked_job_operation": "{{ {'aws': {'S3DeleteObjectTagging': {}}, 'cos': {'COSDeleteObject': {}},"
    " 'oss': {'DeleteObjectTagging': {}}}[queue_connection.provider] }}",
    "checked_job_report": {
        "bucket": "{{ {'aws': 'arn:aws:s3:::', 'cos': 'qcs::cos:ap-guangzhou:uid/1250000000:', 'oss': ''}"
        "[queue_connection.provider] }}lists-1250000000"
    },
    "checked_job_role_arn": "{{ {'aws': 'arn:aws:iam::111122223333:role/batch',"
    " 'cos': 'qcs::cam::uin/100000000001:roleName/batch', 'oss': 'acs:ram::1000000000000001:role/batch'}"
    "[queue_connection.provider] }}",
    "checked_job_priority": 10,
    "checked_job_manifest_bucket": "lists-1250000000",
    "checked_job_objects": 0,
}
FORMS: dict[str, dict[str, t.Any]] = {
    "raise_priority": {"batch_phrase": "restore", "batch_class": "urgent"},
    "confirm": {"batch_phrase": "restore"},
    "cancel": {"batch_phrase": "restore"},
    "wait_for_jobs": {"batch_phrase": "restore", "batch_timeout": 0},
    "retry_failed": {"batch_job_id": "restore-1", "batch_rounds": 0, "batch_timeout": 1},
    "queue_plan": {"queue_policy_rules": RULES},
    "queue_apply": {"queue_policy_rules": RULES, "objectstore_batch_plan_moves": {}},
    "queue_policy": {"queue_policy_rules": RULES},
    "queue_report": {},
    "find_job": {"batch_phrase": "restore"},
    "checked_job": CHECKED,
}
ONE_JOB = ("raise_priority", "confirm", "cancel", "wait_for_jobs", "retry_failed")


def keys_of(folder_keys: dict[str, dict[str, Credential]]) -> dict[str, str]:
    """The variables of an environment that hold key pairs, by the beginning of their names."""
    return {
        f"{prefix}_{provider.upper()}_{part}": value
        for prefix, keys in folder_keys.items()
        for provider, key in keys.items()
        for part, value in (("ID", key.key_id), ("KEY", key.secret))
    }


ENVIRONMENT = keys_of({"OUR": OURS, "FOREIGN": FOREIGN}) | {
    name: value
    for provider, names in USUAL.items()
    for name, value in zip(names, (FOREIGN[provider].key_id, FOREIGN[provider].secret), strict=True)
}


def looked_up(name: str) -> str:
    """A key as the inventory plugin gives it: looked up when it is used, and an error if it is not set."""
    return f"{{{{ lookup('ansible.builtin.env', '{name}') or undef(hint='{name} is not set.') }}}}"


def account_of(key: Credential) -> dict[str, str]:
    return {"account_id": key.account} | ({"app_id": key.app_id} if key.app_id else {})


def connection(emulator: Emulator, key: Credential, whose: str = "OUR") -> dict[str, t.Any]:
    """The variable queue_connection of a host of the inventory plugin."""
    place = {"provider": key.provider, "region": REGIONS[key.provider], "endpoint_url": emulator.url}
    variable = f"{whose}_{key.provider.upper()}"
    keys = {"access_key": looked_up(f"{variable}_ID"), "secret_key": looked_up(f"{variable}_KEY")}
    return {**place, **account_of(key), **keys}


def single(emulator: Emulator, key: Credential, whose: str = "OUR") -> dict[str, t.Any]:
    """The same as variables for single options."""
    given = {**connection(emulator, key, whose)}
    variable = f"{whose}_{key.provider.upper()}"
    names = {"access_key_variable": f"{variable}_ID", "secret_key_variable": f"{variable}_KEY"}
    kept = {name: value for name, value in given.items() if not name.endswith("_key")}
    return {f"queue_{name}": value for name, value in {**kept, **names}.items()}


def call(
    folder: Path,
    playbook: str,
    hosts: dict[str, dict[str, t.Any]] | None,
    *words: str,
    unreachable: t.Iterable[str] = (),
    environment: dict[str, str] | None = None,
    form: dict[str, t.Any] | None = None,
    **variables: t.Any,
) -> Run:
    """Run a playbook by its name on hosts of a file; None for no inventory at all."""
    given = {**(FORMS[playbook] if form is None else form), "batch_page": str(folder / "queues.html"), **variables}
    (folder / "vars.json").write_text(json.dumps(given), encoding="utf-8")
    inventory = None
    if hosts is not None:
        local = {name: {"ansible_connection": "local", **values} for name, values in hosts.items()}
        groups = {"unreachable": {"hosts": {name: {} for name in unreachable}}}
        inventory = folder / "hosts.yml"
        text = yaml.safe_dump({"all": {"hosts": local, "children": groups}}, sort_keys=False)
        inventory.write_text(text.replace("'!unsafe ", "!unsafe '"), encoding="utf-8")
    own = {**ENVIRONMENT, "ANSIBLE_SHOW_CUSTOM_STATS": "true", **(environment or {})}
    return run(folder, inventory, Path(FQCN + playbook), "-e", "@vars.json", *words, environment=own)


def queues(emulator: Emulator) -> dict[str, dict[str, t.Any]]:
    return {f"{name}-queue": {"queue_connection": connection(emulator, key)} for name, key in OURS.items()}


def seed(emulator: Emulator, *keys: Credential, **job: t.Any) -> None:
    for key in keys or (*OURS.values(), *FOREIGN.values()):
        own = {"provider": key.provider, "account": key.account, "region": REGIONS[key.provider]}
        base = {"priority": 10, "status": "Suspended", "frozen": True, "description": "restore"}
        emulator.seed({**base, **own, "job_id": job_id(key), **job})


def put_list(emulator: Emulator, key: Credential) -> None:
    """Put the manifest of checked_job into a bucket of an account."""
    emulator.make_bucket(key.provider, "lists-1250000000", key.account, REGIONS[key.provider])
    emulator.put_object(key.provider, "lists-1250000000", "all.csv", LIST, etag=hashlib.md5(LIST).hexdigest())


def job_id(key: Credential) -> str:
    return own_id(key.provider, f"{key.provider}-{key.account[-1]}{key.account[0]}")


def writes(emulator: Emulator) -> list[str]:
    return [entry["operation"] for entry in emulator.log() if entry["write"]]


def in_a_line(done: Run) -> str:
    """What was printed, without the line breaks of long messages."""
    return " ".join(done.output.replace("\\n", " ").split())


# Nothing to work on.

BROKEN: dict[str, t.Any] = {"queue_error": {"msg": "the keys are wrong"}}


@pytest.mark.parametrize("playbook", FORMS)
def test_without_an_inventory(emulator: Emulator, tmp_path: Path, playbook: str) -> None:
    done = call(tmp_path, playbook, None)
    assert done.code != 0
    assert "The inventory has no hosts. Name an inventory with -i, or set batch_hosts=localhost" in in_a_line(done)
    assert emulator.log() == []


@pytest.mark.parametrize("playbook", FORMS)
def test_where_no_queue_can_be_read(emulator: Emulator, tmp_path: Path, playbook: str) -> None:
    """Here by the limit; what the inventory says of the queue is in the sentence."""
    hosts = queues(emulator)
    hosts["cos-queue"] = {"queue_connection": {**connection(emulator, OURS["cos"]), "region": "nowhere"}, **BROKEN}
    done = call(tmp_path, playbook, hosts, "--limit", "cos-queue", unreachable=["cos-queue"])
    assert done.code == 2, done.output
    assert list(done.recap) == ["cos-queue"]
    if playbook == "queue_report":
        # The page tries by itself, so that it shows the reason of now.
        assert "No queue could be read. cos-queue: value of region must be" in in_a_line(done)
        assert "nowhere" in (tmp_path / "queues.html").read_text(encoding="utf-8")
    elif playbook == "find_job":
        # The search tries by itself, too.
        assert "No queue could be searched." in in_a_line(done)
        assert "value of region must be a COS region such as ap-guangzhou, got: 'nowhere'" in done.output.replace(
            "\\", ""
        )
    else:
        assert "could not read any queue of this run: cos-queue (the keys are wrong)" in in_a_line(done)
        assert emulator.log() == []


@pytest.mark.parametrize(
    ("hosts", "words", "pattern", "sentence"),
    [
        ([], (), None, "The inventory has no hosts."),
        ([], ("--limit", "aws-queue"), None, "The inventory has no hosts."),
        ([], ("--limit", "aws-queue"), "localhost", "The inventory has no hosts."),
        (["aws-queue", "cos-queue"], (), "asw-queue", "No host of this run matches asw-queue."),
        (["aws-queue", "cos-queue"], (), ["asw-queue", "oss*"], "No host of this run matches asw-queue, oss*."),
        (["aws-queue", "cos-queue"], ("--limit", "cos-queue"), "aws-queue", "No host of this run matches aws-queue."),
        (["aws-queue", "cos-queue"], ("--limit", "@limit.txt"), "aws-queue", "No host of this run matches aws-queue."),
        (["aws-queue", "cos-queue"], ("--limit", "cos-queue"), "localhost", "No host of this run matches localhost."),
        (["aws-queue"], ("--limit", "typo"), None, "no hosts to target"),
        (["down-1", "down-2"], (), "", "could not read any queue of this run: down-1 (no {{ 7 * 7 }}); down-2"),
        (["down-1", "aws-queue"], (), "down-1", "could not read any queue of this run: down-1 (no {{ 7 * 7 }})"),
        (["down-1", "aws-queue"], (), "all:!unreachable:!aws-queue", "No host of this run matches"),
    ],
    ids=str,
)
def test_no_host_is_left(
    emulator: Emulator, tmp_path: Path, hosts: list[str], words: tuple[str, ...], pattern: t.Any, sentence: str
) -> None:
    (tmp_path / "limit.txt").write_text("cos-queue\n", encoding="utf-8")
    # A server's text is shown, and never evaluated.
    broken = {"queue_connection": {"provider": "aws"}, "queue_error": {"msg": "!unsafe no {{ 7 * 7 }}"}}
    inventory = {name: queues(emulator).get(name, broken) for name in hosts}
    down = [name for name in hosts if name.startswith("down")]
    done = call(tmp_path, "queue_policy", inventory, *words, unreachable=down, batch_hosts=pattern)
    assert done.code != 0
    assert sentence in in_a_line(done), done.output
    assert emulator.log() == []


def test_queues_that_cannot_be_read_are_named_at_the_end(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    hosts = {**queues(emulator), "down-1": BROKEN, "down-2": {}}
    for playbook, code in (("queue_policy", 0), ("queue_plan", 0), ("raise_priority", 2)):
        form = (
            {"batch_hosts": "aws-queue:unreachable", "batch_phrase": "nothing like it"}
            if playbook == "raise_priority"
            else {}
        )
        done = call(tmp_path, playbook, hosts, unreachable=["down-1", "down-2"], **form)
        assert done.code == code, done.output
        last = in_a_line(done).rpartition("TASK [")[2]
        assert "Skipped, because the inventory could not read them: down-1 (the keys are wrong); down-2 (" in last
    assert {entry["account"] for entry in emulator.log()} == {key.account for key in OURS.values()}


def test_approved_moves_of_a_queue_that_cannot_be_read(emulator: Emulator, tmp_path: Path) -> None:
    """They are missed, whether or not another queue has moves of its own."""
    seed(emulator)
    hosts = {**queues(emulator), "down-1": BROKEN}
    lost = {"down-1": [{"job_id": "x", "from": 1, "to": 2}]}
    moves = {"aws-queue": [{"job_id": job_id(OURS["aws"]), "from": 10, "to": 77}]}
    for approved, priority in ((lost, 10), ({**moves, **lost}, 77)):
        done = call(tmp_path, "queue_apply", hosts, unreachable=["down-1"], objectstore_batch_plan_moves=approved)
        assert done.code == 2 and "Approved changes were not applied" in in_a_line(done), done.output
        assert emulator.job(job_id(OURS["aws"]))["priority"] == priority
    done = call(tmp_path, "queue_apply", hosts, unreachable=["down-1"], objectstore_batch_plan_moves={"down-1": []})
    assert done.code == 0, done.output


# More than one queue for one job.


@pytest.mark.parametrize("playbook", ONE_JOB)
@pytest.mark.parametrize("form", ["phrase", "job_id"])
def test_one_job_in_several_queues(emulator: Emulator, tmp_path: Path, playbook: str, form: str) -> None:
    if playbook == "retry_failed" and form == "phrase":
        done = call(tmp_path, playbook, queues(emulator), batch_job_id="", batch_phrase="restore")
        assert (done.code, emulator.log()) == (2, []) and "Set batch_job_id." in in_a_line(done)
        return
    seed(emulator)
    given = {"batch_job_id": "", "batch_phrase": "", f"batch_{form}": "restore-1"}
    done = call(tmp_path, playbook, queues(emulator), batch_all="", **given)
    assert done.code == 2
    assert "this run has 3 queues: aws-queue, cos-queue, oss-queue." in in_a_line(done), done.output
    assert "batch_all" in done.output and "No changes were made." in in_a_line(done)
    assert emulator.log() == []


@pytest.mark.parametrize("playbook", ["raise_priority", "confirm", "cancel", "wait_for_jobs"])
def test_all_queues_if_they_are_meant(emulator: Emulator, tmp_path: Path, playbook: str) -> None:
    seed(emulator, *OURS.values())
    form = {"batch_timeout": 0} if playbook == "wait_for_jobs" else {}
    done = call(tmp_path, playbook, queues(emulator), batch_all="yes", **form)
    jobs = [emulator.job(job_id(key)) for key in OURS.values()]
    if playbook == "wait_for_jobs":
        assert done.code == 2 and done.output.count("is Suspended and awaiting confirmation") >= len(OURS), done.output
    else:
        assert done.code == 0, done.output
        wanted = {"raise_priority": ("Suspended", 4000), "confirm": ("Ready", 10), "cancel": ("Cancelling", 10)}[
            playbook
        ]
        assert {(job["status"], job["priority"]) for job in jobs} == {wanted}


# One queue without an inventory.


@pytest.mark.parametrize("playbook", ["raise_priority", "queue_policy"])
@pytest.mark.parametrize("hosts", [None, "queues"])
def test_localhost(emulator: Emulator, tmp_path: Path, playbook: str, hosts: str | None) -> None:
    seed(emulator)
    inventory = queues(emulator) if hosts else None
    given = {"batch_hosts": "localhost", **single(emulator, OURS["cos"])}
    done = call(tmp_path, playbook, inventory, **given)
    assert done.code == 0, done.output
    assert list(done.recap) == ["localhost"]
    assert emulator.job(job_id(OURS["cos"]))["priority"] != 10
    assert {entry["account"] for entry in emulator.log()} == {OURS["cos"].account}


@pytest.mark.parametrize("playbook", FORMS)
def test_localhost_without_a_provider(emulator: Emulator, tmp_path: Path, playbook: str) -> None:
    done = call(tmp_path, playbook, None, batch_hosts="localhost")
    assert done.code == 2
    assert "localhost is not a queue" in in_a_line(done) and "queue_provider and queue_region" in in_a_line(done)
    assert emulator.log() == []


# Whose credentials.

SOURCES: dict[str, t.Callable[[Emulator, str], dict[str, t.Any]]] = {
    "connection": lambda emulator, name: {"queue_connection": connection(emulator, OURS[name])},
    "single": lambda emulator, name: single(emulator, OURS[name]),
    # The inventory plugin gives both.
    "both": lambda emulator, name: {
        "queue_connection": connection(emulator, OURS[name]),
        **single(emulator, OURS[name]),
        **dict.fromkeys(("queue_profile", "queue_ca_bundle", "queue_assume_role_arn"), None),
    },
    "no-account": lambda emulator, name: {
        "queue_connection": {
            option: value
            for option, value in connection(emulator, OURS[name]).items()
            if option not in ("account_id", "app_id") or name == "cos"
        }
    },
}


@pytest.mark.parametrize("playbook", ["queue_policy", "queue_plan", "queue_apply", "raise_priority", "queue_report"])
def test_nothing_is_sent_with_the_keys_of_the_environment(emulator: Emulator, tmp_path: Path, playbook: str) -> None:
    """A tuning variable of the role takes nothing from the connection."""
    seed(emulator)
    every = [(name, source) for source in SOURCES for name in OURS]
    # Each source on each cloud for one playbook; all of them find their connection by the same tasks.
    pairs = every if playbook == "queue_policy" else every[:: len(OURS) + 1]
    hosts = {f"{name}-{source}": SOURCES[source](emulator, name) for name, source in pairs}
    more: dict[str, t.Any] = {"queue_policy_concurrency": 4, "queue_policy_unmatched": "ignore", "batch_all": True}
    if playbook == "queue_apply":
        move = {name: [{"job_id": job_id(key), "from": 10, "to": 77}] for name, key in OURS.items()}
        more["objectstore_batch_plan_moves"] = {host: move[host.partition("-")[0]] for host in hosts}
    done = call(tmp_path, playbook, hosts, "-vvv", **more)
    assert done.code == 0, done.output
    assert {entry["account"] for entry in emulator.log()} == {key.account for key in OURS.values()}
    moved = {"queue_policy": 77, "queue_apply": 77, "raise_priority": 4000}.get(playbook, 10)
    assert {emulator.job(job_id(key))["priority"] for key in OURS.values()} == {moved}
    assert {emulator.job(job_id(key))["priority"] for key in FOREIGN.values()} == {10}
    for key in (*OURS.values(), *FOREIGN.values()):
        assert key.secret not in done.output


@pytest.mark.parametrize("source", ["connection", "single"])
def test_a_key_that_is_not_set_is_not_replaced(emulator: Emulator, tmp_path: Path, source: str) -> None:
    seed(emulator)
    hosts = {f"{name}-queue": SOURCES[source](emulator, name) for name in OURS}
    unset = {f"OUR_{name.upper()}_KEY": "" for name in OURS}
    for playbook in ("queue_policy", "raise_priority"):
        done = call(tmp_path, playbook, hosts, environment=unset, batch_all=True)
        assert done.code == 2
        assert {counts["failed"] for counts in done.recap.values()} == {1}
        for name in unset:
            assert f"{name} is not set" in in_a_line(done), done.output
    assert emulator.log() == []


@pytest.mark.parametrize(
    "given",
    [
        {"queue_region": "us-east-1"},
        {"queue_account_id": FOREIGN["aws"].account},
        {"queue_access_key_variable": "FOREIGN_AWS_ID"},
        {"queue_validate_certs": False},
        {"queue_provider": "oss", "queue_region": "cn-hangzhou"},
    ],
    ids=str,
)
def test_a_variable_that_contradicts_the_connection(
    emulator: Emulator, tmp_path: Path, given: dict[str, t.Any]
) -> None:
    seed(emulator)
    own = {"queue_connection": {**connection(emulator, OURS["aws"]), "validate_certs": True}}
    done = call(tmp_path, "queue_policy", {"aws-queue": {**own, **single(emulator, OURS["aws"])}}, **given)
    assert done.code == 2
    said = in_a_line(done)
    assert "The variables of aws-queue contradict its queue_connection: queue_" in said, done.output
    assert next(iter(given)).removesuffix("_variable") in said
    assert emulator.log() == []


def test_a_variable_that_repeats_the_connection_or_adds_to_it(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    own = {"queue_connection": {**connection(emulator, OURS["aws"]), "validate_certs": False}}
    given = {
        "queue_region": "eu-central-1",
        "queue_validate_certs": "no",
        "queue_ca_bundle": str(tmp_path / "none.pem"),
    }
    done = call(tmp_path, "queue_policy", {"aws-queue": own}, **given)
    assert done.code == 2 and "value of ca_bundle must be the path of a certificate file" in in_a_line(done), (
        done.output
    )
    assert call(tmp_path, "queue_policy", {"aws-queue": own}, **{**given, "queue_ca_bundle": ""}).code == 0


@pytest.mark.parametrize("playbook", ["raise_priority", "queue_policy", "queue_plan", "queue_apply", "wait_for_jobs"])
def test_the_account_of_the_environment(emulator: Emulator, tmp_path: Path, playbook: str) -> None:
    """For a host that names no account, and on AWS and COS only: a controller's credential types set it."""
    seed(
        emulator,
        status="Suspended" if playbook == "confirm" else "Ready" if playbook != "wait_for_jobs" else "Complete",
    )
    nameless = {
        name: {option: value for option, value in connection(emulator, key, whose).items() if option[-3:] != "_id"}
        for name, (key, whose) in {
            "cos-ours": (OURS["cos"], "OUR"),
            "oss-other": (FOREIGN["oss"], "FOREIGN"),
        }.items()
    }
    # This one has an account of its own, which is another one.
    named = {"cos-other": connection(emulator, FOREIGN["cos"], "FOREIGN")}
    hosts = {name: {"queue_connection": own} for name, own in {**nameless, **named}.items()}
    environment = {"OBJECTSTORE_BATCH_ACCOUNT_ID": OURS["cos"].account, "OBJECTSTORE_BATCH_APP_ID": OURS["cos"].app_id}
    more: dict[str, t.Any] = {"batch_all": True, "queue_policy_unmatched": "ignore"}
    if playbook == "wait_for_jobs":
        more |= {"batch_phrase": "", "batch_job_id": "anything"}
    done = call(tmp_path, playbook, hosts, environment=environment, **more)
    if playbook == "wait_for_jobs":
        # Asked of each account, and known in none.
        assert in_a_line(done).count("does not exist") >= len(hosts), done.output
    else:
        assert done.code == 0, done.output
    assert "AccessDenied" not in done.output and "account_id is required" not in done.output
    asked = {entry["account"] for entry in emulator.log()}
    assert asked <= {OURS["cos"].account, FOREIGN["cos"].account, FOREIGN["oss"].account}
    if playbook != "queue_apply":
        assert len(asked) == len(hosts)


def test_the_account_of_each_provider_in_one_environment(emulator: Emulator, tmp_path: Path) -> None:
    """As the credentials of a job in AWX name them; what is said for all providers counts last."""
    seed(emulator)
    nameless = {
        f"{name}-queue": {
            "queue_connection": {
                option: value for option, value in connection(emulator, OURS[name]).items() if option[-3:] != "_id"
            }
        }
        for name in ("aws", "cos")
    }
    environment = {
        "OBJECTSTORE_BATCH_AWS_ACCOUNT_ID": OURS["aws"].account,
        "OBJECTSTORE_BATCH_COS_ACCOUNT_ID": OURS["cos"].account,
        "OBJECTSTORE_BATCH_COS_APP_ID": OURS["cos"].app_id,
        "OBJECTSTORE_BATCH_ACCOUNT_ID": FOREIGN["cos"].account,
        "OBJECTSTORE_BATCH_APP_ID": FOREIGN["cos"].app_id,
    }
    done = call(tmp_path, "queue_plan", nameless, environment=environment, queue_policy_unmatched="ignore")
    assert done.code == 0, done.output
    assert {entry["account"] for entry in emulator.log()} == {OURS["aws"].account, OURS["cos"].account}


def test_an_account_of_another_cloud_is_not_mixed_in(emulator: Emulator, tmp_path: Path) -> None:
    """On COS the APPID belongs to the account beside it."""
    seed(emulator)
    own = {option: value for option, value in connection(emulator, OURS["cos"]).items() if option != "app_id"}
    environment = {
        "OBJECTSTORE_BATCH_APP_ID": FOREIGN["cos"].app_id,
        "OBJECTSTORE_BATCH_ACCOUNT_ID": FOREIGN["cos"].account,
    }
    done = call(tmp_path, "queue_policy", {"cos-queue": {"queue_connection": own}}, environment=environment)
    assert done.code == 2 and "app_id is required" in done.output, done.output
    assert emulator.log() == []
    ours = {"OBJECTSTORE_BATCH_APP_ID": OURS["cos"].app_id, "OBJECTSTORE_BATCH_ACCOUNT_ID": OURS["cos"].account}
    done = call(tmp_path, "queue_policy", {"cos-queue": {"queue_connection": own}}, environment=ours)
    assert done.code == 0, done.output
