# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues as hosts, through the real ansible-inventory and ansible-playbook."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import sys
import threading
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY, AWS_OTHER_KEY, COS_KEY, COS_OTHER_KEY, OSS_KEY

from . import quick
from .playbooks import COLLECTIONS, FQCN, run

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

PLUGIN = "objectstore.batch.queues"
KEYS = {"AWS_ONE": AWS_KEY, "AWS_TWO": AWS_OTHER_KEY, "COS_ONE": COS_KEY, "COS_TWO": COS_OTHER_KEY, "OSS_ONE": OSS_KEY}
ENVIRONMENT = {
    f"{name}_{part}": value for name, key in KEYS.items() for part, value in (("ID", key.key_id), ("KEY", key.secret))
}
REGIONS = ["eu-central-1", "us-east-1", "ap-south-1"]
DEFAULTS = "{{ queue_connection }}"
"""What a user writes once into module_defaults, for every host."""


def account(name: str, regions: list[str], emulator: Emulator, **options: t.Any) -> dict[str, t.Any]:
    key = KEYS[name]
    own = {"account_id": key.account, "app_id": key.app_id or None}
    keys = {"access_key_variable": f"{name}_ID", "secret_key_variable": f"{name}_KEY"}
    given = {"provider": key.provider, "regions": regions, "endpoint_url": emulator.url, **own, **keys, **options}
    return {option: value for option, value in given.items() if value is not None}


def twelve(emulator: Emulator) -> list[dict[str, t.Any]]:
    """Twelve queues of two clouds and four accounts, three of them unreachable."""
    return [
        account("AWS_ONE", REGIONS, emulator),
        account("AWS_TWO", REGIONS[:2], emulator),
        account("AWS_TWO", REGIONS[2:], emulator, endpoint_url="http://127.0.0.1:9"),
        account("COS_ONE", ["ap-guangzhou"], emulator),
        account("COS_ONE", ["ap-beijing", "ap-chengdu"], emulator, secret_key_variable="AWS_ONE_KEY"),
        account("COS_TWO", ["ap-guangzhou"], emulator),
        account("OSS_ONE", ["cn-hangzhou", "cn-beijing"], emulator),
    ]


def seed(emulator: Emulator) -> None:
    base = {"status": "Ready", "priority": 5, "frozen": True}
    timer = {"active_seconds": 90}
    emulator.seed(
        {**base, "provider": "aws", "region": "eu-central-1", "job_id": "aws-restore", "description": "restore"},
        {**base, "provider": "aws", "region": "us-east-1", "job_id": "aws-other", "description": "copy"},
        {
            **base,
            "provider": "aws",
            "account": AWS_OTHER_KEY.account,
            "region": "us-east-1",
            "job_id": "aws-stalled",
            "status": "Active",
            "created": 7200,
            "description": "restore",
        },
        {**base, "provider": "cos", "job_id": "cos-1", "status": "Suspended", "description": "restore"},
        {**base, "provider": "oss", "job_id": "oss1=", "status": "Active", "tasks_done": 9, "tasks_failed": 3, **timer},
    )


PATIENT = {"request_timeout": 600, "timeout": 600}
"""Limits that nothing comes near, however busy the machine is."""


def write(folder: Path, accounts: list[dict[str, t.Any]], **options: t.Any) -> Path:
    file = folder / "some.batch_queues.yml"
    text = yaml.safe_dump({"plugin": PLUGIN, "accounts": accounts, "max_attempts": 1, **PATIENT, **options})
    file.write_text(text, encoding="utf-8")
    return file


class Output(t.NamedTuple):
    code: int
    text: str
    errors: str

    def says(self, words: str) -> bool:
        """Return whether it warns of this; warnings are wrapped, after hyphens too. Three dots stand for any text."""
        shown = "".join(self.errors.split())
        return all("".join(part.split()) in shown for part in words.split("..."))

    @property
    def hosts(self) -> dict[str, dict[str, t.Any]]:
        # What a server has said is exported as text that nobody may take for a template.
        found = json.loads(self.text, object_hook=lambda item: item.get("__ansible_unsafe", item))
        return t.cast("dict[str, dict[str, t.Any]]", found["_meta"]["hostvars"])


def inventory(folder: Path, file: Path, *words: str, **environment: str) -> Output:
    tools = Path(sys.executable).parent
    done = quick.run(
        [str(tools / "ansible-inventory"), "-i", str(file), *(words or ("--list",))],
        cwd=folder,
        env={
            "PATH": os.pathsep.join([str(tools), os.defpath]),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "AWS_EC2_METADATA_DISABLED": "true",
            **ENVIRONMENT,
            **environment,
        },
    )
    for key in KEYS.values():
        assert key.secret not in done.stdout + done.stderr
    return Output(done.returncode, done.stdout, done.stderr)


def test_twelve_queues_of_four_accounts(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    file = write(
        tmp_path, twelve(emulator), groups={"crowded": "queue_live > 0"}, keyed_groups=[{"key": "queue_state"}]
    )
    graph = inventory(tmp_path, file, "--graph")
    assert graph.code == 0, graph.errors
    assert graph.text.count("|--aws-") >= 6
    for group in ("cloud_aws", "cloud_cos", "cloud_oss", "unreachable", "account_111122223333", "region_eu_central_1"):
        assert f"@{group}:" in graph.text, graph.text
    listed = inventory(tmp_path, file)
    hosts = listed.hosts
    assert len(hosts) == 12
    groups = json.loads(listed.text)
    lost = {"aws-444455556666-ap-south-1", "cos-100000000001-ap-beijing", "cos-100000000001-ap-chengdu"}
    assert set(groups["unreachable"]["hosts"]) == lost
    kinds = {name: hosts[name]["queue_error"]["kind"] for name in lost}
    assert sorted(kinds.values()) == ["invalid_credentials", "invalid_credentials", "unreachable"]
    states = {name: values["queue_state"] for name, values in hosts.items()}
    assert states["aws-111122223333-eu-central-1"] == "waiting"
    assert states["aws-444455556666-us-east-1"] == "stalled"
    assert states["cos-100000000001-ap-guangzhou"] == "awaiting_confirmation"
    assert states["oss-1000000000000001-cn-hangzhou"] == "running"
    assert states["oss-1000000000000001-cn-beijing"] == "idle"
    running = hosts["oss-1000000000000001-cn-hangzhou"]
    assert (running["queue_failed_tasks"], running["queue_statuses"], running["queue_live"]) == (3, {"Active": 1}, 1)
    raw = json.loads(listed.text)["_meta"]["hostvars"]["oss-1000000000000001-cn-hangzhou"]
    assert (raw["ansible_connection"], raw["queue_state"], "queue_access_key" in raw) == ("local", "running", False)
    assert set(groups["crowded"]["hosts"]) == {name for name, values in hosts.items() if values["queue_live"]}
    assert all(listed.says(f"Unreachable queue {name} ({kind}): ") for name, kind in kinds.items())


def test_strict_fails_and_names_the_queue(emulator: Emulator, tmp_path: Path) -> None:
    output = inventory(
        tmp_path, write(tmp_path, twelve(emulator), strict=True), ANSIBLE_INVENTORY_UNPARSED_FAILED="true"
    )
    assert output.code != 0
    assert output.says("aws-444455556666-ap-south-1") and output.says("2 more queues cannot be read.")


def test_only_with_jobs(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    hosts = inventory(tmp_path, write(tmp_path, twelve(emulator), only_with_jobs=True)).hosts
    assert len(hosts) == 5 + 3 and all(values["queue_live"] or values["queue_error"] for values in hosts.values())


def test_a_policy_over_all_queues(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    write(tmp_path, twelve(emulator))
    playbook = {
        "hosts": "all:!unreachable",
        "gather_facts": False,
        "module_defaults": {f"group/{FQCN}all": DEFAULTS},
        "tasks": [
            {
                f"{FQCN}batch_queue": {
                    "rules": [{"match": {"description": "restore"}, "class": "urgent"}],
                    "unmatched": "ignore",
                }
            }
        ],
    }
    (tmp_path / "playbook.yml").write_text(yaml.safe_dump([playbook]), encoding="utf-8")
    changes = []
    for _turn in range(2):
        done = run(tmp_path, Path("some.batch_queues.yml"), Path("playbook.yml"), environment=ENVIRONMENT)
        assert done.code == 0, done.output
        changes.append({host for host, counts in done.recap.items() if counts["changed"]})
        assert len(done.recap) == 9
    first = {"aws-111122223333-eu-central-1", "aws-444455556666-us-east-1", "cos-100000000001-ap-guangzhou"}
    assert changes == [first, set()]
    restores = [job["priority"] for job in emulator.jobs() if job["description"] == "restore"]
    assert restores == [4000] * 3


def test_what_was_seen_is_kept(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    file = write(tmp_path, [account("AWS_ONE", REGIONS, emulator)], **cache)
    first = inventory(tmp_path, file)
    assert first.code == 0, first.errors
    asked = len(emulator.log())
    assert asked == 3
    assert inventory(tmp_path, file).hosts == first.hosts and len(emulator.log()) == asked
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert "aws-111122223333-eu-central-1" in kept and AWS_KEY.secret not in kept and AWS_KEY.key_id not in kept
    # Another set of queues is another question.
    write(tmp_path, [account("AWS_ONE", REGIONS[:2], emulator)], **cache)
    assert len(inventory(tmp_path, file).hosts) == 2


@pytest.mark.parametrize(
    ("accounts", "words"),
    [
        ([{"regions": ["eu-central-1"]}], "missing required arguments: provider"),
        ([{"provider": "gcs", "regions": ["x"]}], "value of provider must be one of"),
        ([{"provider": "aws"}], "missing required arguments: regions"),
        (
            [{"provider": "aws", "regions": []}],
            "value of accounts[0].regions must contain at least one region, got: []",
        ),
        ([{"provider": "aws", "regions": ["eu-central-1"], "secret_key": "x"}], "secret_key"),
        (
            [{"provider": "aws", "regions": ["eu-central-1", "eu-central-1"]}],
            "queue aws-eu-central-1 is listed more than once",
        ),
        (
            [{"provider": "aws", "regions": ["all", "eu-central-1"]}],
            "must not combine all with other regions, got: ['all', 'eu-central-1']",
        ),
        (
            [{"provider": "cos", "regions": "all"}],
            "value of accounts[0].regions must list the regions, because Tencent COS",
        ),
        ([], "value of accounts must contain at least one account, got: []"),
        (
            [{"provider": "cos", "regions": ["{{ '../' }}x"]}],
            "value of accounts[0].regions must be a COS...got: '../x'",
        ),
        (
            [{"provider": "aws", "regions": "{{ nobody_set_it }}"}],
            "accounts[0]: template error: 'nobody_set_it' is und",
        ),
    ],
    ids=str,
)
def test_accounts_that_are_none(tmp_path: Path, accounts: list[t.Any], words: str) -> None:
    output = inventory(tmp_path, write(tmp_path, accounts), ANSIBLE_INVENTORY_UNPARSED_FAILED="true")
    assert (output.code != 0, output.says(words)) == (True, True), output.errors


@pytest.mark.parametrize("value", [None, ""], ids=["not_set", "empty"])
def test_a_variable_that_is_not_set(emulator: Emulator, tmp_path: Path, value: str | None) -> None:
    variables = {} if value is None else {"NOBODY_SET_IT": value}
    file = write(tmp_path, [account("AWS_ONE", ["eu-central-1"], emulator, secret_key_variable="NOBODY_SET_IT")])
    hosts = inventory(tmp_path, file, **variables).hosts
    texts = " ".join(values["queue_error"]["msg"] for values in hosts.values())
    assert "the environment variable NOBODY_SET_IT is not set" in texts
    assert emulator.log() == []


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"timeout": "soon"}, "value of timeout must be ...got: 'soon'"),
        ({"timeout": 0}, "value of timeout must be from 0.1 to 86400, got: 0"),
        ({"request_timeout": float("nan")}, "value of request_timeout must be 0 or more...got: nan"),
        ({"max_attempts": 0}, "value of max_attempts must be from 1 to 100, got: 0"),
        ({"retries": -1}, "value of retries must be from 0 to 1000000, got: -1"),
        ({"concurrency": 0}, "value of concurrency must be from 1 to 1000, got: 0"),
    ],
    ids=str,
)
def test_limits_that_are_none(emulator: Emulator, tmp_path: Path, option: dict[str, t.Any], words: str) -> None:
    file = write(tmp_path, [account("AWS_ONE", REGIONS, emulator)], **option)
    output = inventory(tmp_path, file, ANSIBLE_INVENTORY_UNPARSED_FAILED="true")
    assert (output.code != 0, output.says(words), emulator.log()) == (True, True, []), output.errors


def test_all_regions_of_an_account(emulator: Emulator, tmp_path: Path) -> None:
    emulator.settings(regions=["eu-central-1", "ap-south-1", "me-central-1"])
    accounts = [account("AWS_ONE", ["all"], emulator), account("AWS_TWO", ["us-east-1"], emulator)]
    output = inventory(tmp_path, write(tmp_path, accounts, timeout="1m"))
    mine = [f"aws-111122223333-{region}" for region in ("ap-south-1", "eu-central-1", "me-central-1")]
    assert sorted(output.hosts) == [*mine, "aws-444455556666-us-east-1"]
    assert [output.hosts[name]["queue_error"] for name in mine] == [None] * 3
    asked = [(entry["operation"], entry["region"]) for entry in emulator.log()]
    assert asked[0] == ("DescribeRegions", "us-east-1") and len(asked) == 1 + 4


def test_regions_that_nobody_may_ask_for(emulator: Emulator, tmp_path: Path) -> None:
    emulator.fault("denied", operation="DescribeRegions")
    accounts = [account("AWS_ONE", ["all"], emulator), account("AWS_TWO", ["us-east-1"], emulator)]
    output = inventory(tmp_path, write(tmp_path, accounts))
    lost = output.hosts["aws-111122223333-all"]
    assert (lost["queue_state"], lost["queue_error"]["kind"]) == ("unreachable", "access_denied")
    assert "ec2:DescribeRegions" in lost["queue_error"]["msg"]
    assert output.hosts["aws-444455556666-us-east-1"]["queue_error"] is None
    file = write(tmp_path, [account("AWS_ONE", ["all"], emulator), account("AWS_ONE", ["us-east-1"], emulator)])
    twice = inventory(tmp_path, file, ANSIBLE_INVENTORY_UNPARSED_FAILED="true")
    assert twice.code != 0 and twice.says("queue aws-111122223333-us-east-1 is listed more than once")


def test_what_is_down_everywhere_is_not_asked_again_everywhere(emulator: Emulator, tmp_path: Path) -> None:
    emulator.fault("unavailable", operation="ListJobs", count=None)
    accounts = [account("AWS_ONE", [f"eu-west-{number}" for number in range(30)], emulator)]
    output = inventory(tmp_path, write(tmp_path, accounts, max_attempts=3, retries=7))
    assert len(emulator.log()) == 30 + 7
    texts = [values["queue_error"]["msg"] for values in output.hosts.values()]
    assert sum("Gave up because all shared retries are used up (option retries)" in text for text in texts) >= 23


class Silence:
    """A server that takes connections and never says a word."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.taken: list[socket.socket] = []
        self.at_once = 0
        self._thread = threading.Thread(target=self._take)

    def __enter__(self) -> Silence:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for one in (self._listener, *self.taken):
            one.close()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.taken.append(self._listener.accept()[0])
                self.at_once = max(self.at_once, sum(map(waits, self.taken)))


def waits(connection: socket.socket) -> bool:
    """Whether the client has not hung up."""
    seen = select.poll()
    seen.register(connection, select.POLLRDHUP)
    return not seen.poll(0)


def test_two_hundred_queues_of_which_twenty_are_silent(emulator: Emulator, tmp_path: Path) -> None:
    """They cost one time-out, not twenty and not three times as many: each is asked once, and all of them at once."""
    with Silence() as silence:
        accounts = [
            account("COS_TWO", [f"ap-{number}x" for number in range(20)], emulator, endpoint_url=silence.url),
            account("COS_ONE", [f"ap-{number}x" for number in range(180)], emulator),
        ]
        # Far more time than a queue that answers takes on a busy machine.
        limits = {"timeout": 30, "request_timeout": 30, "max_attempts": 3, "concurrency": 32}
        output = inventory(tmp_path, write(tmp_path, accounts, **limits))
    assert output.code == 0, output.errors
    lost = [name for name, values in output.hosts.items() if values["queue_error"]]
    assert (len(output.hosts), len(lost)) == (200, 20)
    assert {output.hosts[name]["queue_error"]["kind"] for name in lost} == {"timeout"}
    assert (len(silence.taken), silence.at_once) == (20, 20)


def test_as_awx_reads_a_project(emulator: Emulator, tmp_path: Path) -> None:
    """The command of AWX for a source of kind scm; the collection lies in the project, as it may there."""
    seed(emulator)
    (tmp_path / "inventories").mkdir()
    place = tmp_path / "collections" / "ansible_collections" / "objectstore"
    place.mkdir(parents=True)
    (place / "batch").symlink_to(COLLECTIONS / "ansible_collections" / "objectstore" / "batch")
    # A credential's variables that are not filled in are empty there.
    empty = dict.fromkeys(("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "TENCENTCLOUD_TOKEN", "AWS_REGION"), "")
    output = inventory(
        tmp_path,
        write(tmp_path / "inventories", twelve(emulator)),
        *("--list", "--export", "--playbook-dir", str(tmp_path)),
        ANSIBLE_COLLECTIONS_PATH=str(tmp_path / "nothing"),
        ANSIBLE_INVENTORY_UNPARSED_FAILED="true",
        **empty,
    )
    assert output.code == 0, output.errors
    assert len(output.hosts) == 12
    assert len(json.loads(output.text)["unreachable"]["hosts"]) == 3


BROKEN = {
    "no-token-file": {
        "role_arn": "arn:aws:iam::111122223333:role/web",
        "web_identity_token_file": "/nonexistent/token",
    },
    "folder-as-token": {"role_arn": "arn:aws:iam::111122223333:role/web", "web_identity_token_file": "/"},
    "no-program": {"credential_process": "/nonexistent/helper"},
    "no-json": {"credential_process": "echo hush-hush-hush"},
    "mfa": {
        "role_arn": "arn:aws:iam::111122223333:role/web",
        "source_profile": "keys",
        "mfa_serial": "arn:aws:iam::111122223333:mfa/me",
    },
    "nobody": {},
}
"""Profiles that fail in a way of their own."""


def test_credentials_that_fail_are_the_trouble_of_their_own_queue(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    keys = {"aws_access_key_id": AWS_KEY.key_id, "aws_secret_access_key": AWS_KEY.secret}
    profiles = {**{name: values for name, values in BROKEN.items() if values}, "keys": keys}
    lines = [
        f"[profile {name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
        for name, values in profiles.items()
    ]
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("\n".join(lines), encoding="utf-8")
    entry = {"provider": "aws", "regions": ["eu-central-1"], "endpoint_url": emulator.url}
    broken = [{**entry, "profile": name} for name in BROKEN]
    accounts = [*broken, {**entry, "profile": "no-program", "name": "all-of-it", "regions": ["all"]}]
    regions = {"AWS_ONE": "eu-central-1", "COS_ONE": "ap-guangzhou", "OSS_ONE": "cn-hangzhou"}
    accounts += [account(name, [region], emulator) for name, region in regions.items()]
    output = inventory(tmp_path, write(tmp_path, accounts))
    assert output.code == 0, output.errors
    states = {name: host["queue_state"] for name, host in output.hosts.items()}
    good = {
        "aws-111122223333-eu-central-1": "waiting",
        "cos-100000000001-ap-guangzhou": "awaiting_confirmation",
        "oss-1000000000000001-cn-hangzhou": "running",
    }
    lost = [*(f"aws-{name}-eu-central-1" for name in BROKEN), "aws-all-of-it-all"]
    assert states == {**good, **dict.fromkeys(lost, "unreachable")}
    assert all(output.says(f"Unreachable queue {name} (") for name in lost)
    assert "Traceback" not in output.errors and "hush-hush-hush" not in output.text + output.errors


def test_what_is_not_known_is_null(emulator: Emulator, tmp_path: Path) -> None:
    host = inventory(
        tmp_path, write(tmp_path, [account("AWS_TWO", REGIONS[:1], emulator, endpoint_url="http://127.0.0.1:9")])
    )
    (values,) = host.hosts.values()
    names = (
        "live",
        "statuses",
        "awaiting_confirmation",
        "failed_tasks",
        "stalled",
        "oldest_waiting",
        "highest_priority",
    )
    assert {name: values[f"queue_{name}"] for name in names} == dict.fromkeys(names)
    assert (values["queue_state"], values["queue_error"]["kind"]) == ("unreachable", "unreachable")


def test_many_queues_that_cannot_be_read_are_not_named_one_by_one(emulator: Emulator, tmp_path: Path) -> None:
    regions = [f"eu-west-{number}" for number in range(13)]
    accounts = [account("AWS_ONE", regions, emulator, endpoint_url="http://127.0.0.1:9")]
    output = inventory(tmp_path, write(tmp_path, accounts))
    assert output.code == 0 and len(output.hosts) == 13
    assert output.says("Unreachable queue aws-111122223333-eu-west-9 (unreachable): ")
    assert not output.says("Unreachable queue aws-111122223333-eu-west-10")
    assert output.says("3 more unreachable queues in the group unreachable.")


def test_the_warning_of_a_denial_is_short(emulator: Emulator, tmp_path: Path) -> None:
    emulator.fault("denied", operation="ListJobs")
    output = inventory(tmp_path, write(tmp_path, [account("AWS_TWO", REGIONS[:1], emulator)]))
    (values,) = output.hosts.values()
    [name] = output.hosts
    assert output.says(f"Unreachable queue {name} (access_denied): ListJobs: ")
    assert not output.says("First check") and not output.says("s3:UpdateJobPriority")
    words = "First check that the credentials belong to account 444455556666, then that they allow ListJobs."
    assert values["queue_error"]["hint"].startswith(words) and words in values["queue_error"]["msg"]
    assert "s3:ListJobs" in values["queue_error"]["hint"]


@pytest.mark.parametrize("where", ["file", "environment"])
@pytest.mark.parametrize(
    "url", ["http://user:hush-hush-hush@{}", "http://user:pa/hush-hush-hush@{}", "http://{}/?token=hush-hush-hush"]
)
def test_a_password_in_an_endpoint_is_stored_and_shown_nowhere(
    emulator: Emulator, tmp_path: Path, url: str, where: str
) -> None:
    url = url.format(emulator.url.removeprefix("http://"))
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    entry = account("AWS_ONE", REGIONS[:1], emulator, endpoint_url=url if where == "file" else None)
    variables = {} if where == "file" else {"AWS_ENDPOINT_URL": url}
    output = inventory(tmp_path, write(tmp_path, [entry], **cache), "--list", "-vvv", **variables)
    assert "hush-hush-hush" not in output.text + output.errors
    assert (output.says("endpoint_url must be a URL"), emulator.log()) == (True, [])
    kept = [path.read_text(encoding="utf-8") for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert "hush" not in "".join(kept)
    # A mistake in the file is one of the file; the environment is that of a queue.
    assert ('"aws-111122223333-eu-central-1": {' in output.text) == (where == "environment")


def test_warnings_name_their_queues_once(emulator: Emulator, tmp_path: Path) -> None:
    """Every address of this machine is no loopback address by its name, and reaches the emulator."""
    url = emulator.url.replace("127.0.0.1", "0.0.0.0")
    entry = account("AWS_ONE", REGIONS[:2], emulator, endpoint_url=url)
    output = inventory(tmp_path, write(tmp_path, [entry]), "--list")
    names = ", ".join(f"aws-111122223333-{region}" for region in REGIONS[:2])
    assert output.says(f"{names}: endpoint_url {url} uses unencrypted HTTP.")
    assert (output.text + output.errors).count("uses unencrypted HTTP") == 1


def test_a_file_of_certificates_that_is_not_there(emulator: Emulator, tmp_path: Path) -> None:
    entry = account("AWS_ONE", REGIONS[:1], emulator, ca_bundle=str(tmp_path / "none.pem"))
    output = inventory(tmp_path, write(tmp_path, [entry]), "--list")
    assert output.says("value of ca_bundle must be the path of a certificate file")
    assert output.says(f"got: '{str(tmp_path)[:40]}")
    assert emulator.log() == []


def test_the_lines_of_the_file_are_not_shown_with_a_mistake(tmp_path: Path) -> None:
    entry = '{provider: aws, endpoint_url: "http://user:hush-hush-hush@host", profile: "{{ nobody_set_it }}"}'
    (tmp_path / "some.batch_queues.yml").write_text(f"plugin: {PLUGIN}\naccounts:\n  - {entry}\n", encoding="utf-8")
    output = inventory(tmp_path, tmp_path / "some.batch_queues.yml", "--list", "-vvv")
    assert output.says("accounts[0]: template error: 'nobody_set_it' is undefined")
    assert "hush-hush-hush" not in output.text + output.errors
