# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each recipe of the guide, run as it is printed for the providers that support it."""

from __future__ import annotations

import hashlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY, COS_KEY, OSS_KEY, OSS_UID
from render import rst

from .clouds import ACCOUNTS, Cloud, own_id
from .guides import assert_printed, examples, execute, named
from .moments import at_each
from .playbooks import Run, play, run
from .reports import BUCKET
from .test_guide import variables
from .test_playbooks import connection
from .test_readmes import environment
from .test_story import OPERATIONS, RULES, arn, create, lay_out

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

PROVIDERS = tuple(account.provider for account in ACCOUNTS)
RESTORE, COPY, TAGGING = "S3InitiateRestoreObject", "S3PutObjectCopy", "S3PutObjectTagging"
COPIES = {"aws": COPY, "cos": "COSPutObjectCopy", "oss": "PutObjectAcl"}
"""OSS has no operation that copies."""
UUID = "6f1f7ff1-5e6c-4b7a-9f3a-00000000000{}"
COMPUTE = {"S3ComputeObjectChecksum": {"ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"}}
EXPECTED = {"a": b"a", "b": b"b", "c": b"another content"}
MOMENT = 3
"""The request before which a job ends that is waited for: by then, each provider was asked at least once."""


def operations() -> dict[str, dict[str, str]]:
    """Return the names of operations by provider and by AWS's name, as the table of the guide has them."""
    text = (rst.GUIDES / "guide_recipes.rst").read_text(encoding="utf-8")
    rows = re.findall(r"^   \* - ``(S3\w+)``\n     - ``(\w+)``\n     - ``(\w+)``$", text, re.MULTILINE)
    return {provider: {row[0]: row[column] for row in rows} for column, provider in enumerate(PROVIDERS)}


OWN = operations()


def for_each_provider(value: t.Any) -> t.Any:
    """Replace AWS's names of operations by those of the host's provider, as the guide tells readers to do."""
    if isinstance(value, dict):
        return {name: for_each_provider(item) for name, item in value.items()}
    if isinstance(value, list):
        return [for_each_provider(item) for item in value]
    return f"{{{{ own['{value}'] }}}}" if value in OWN["aws"] else value


def job_id(provider: str, number: int) -> str:
    """Return the ID of a job: on AWS, as the guide prints it."""
    return UUID.format(number) if provider == "aws" else own_id(provider, f"{provider}-{number}")


class Queues:
    """A queue of each provider, with the jobs that the recipes name."""

    def __init__(self, emulator: Emulator, folder: Path, providers: t.Sequence[str] = PROVIDERS) -> None:
        self.emulator, self.folder = emulator, folder
        self.accounts = [account for account in ACCOUNTS if account.provider in providers]
        self.ids = {
            account.provider: {f"{name}_id": job_id(account.provider, number) for number, name in enumerate(JOBS, 1)}
            for account in self.accounts
        }

    def seed(self, **changes: dict[str, t.Any]) -> Queues:
        """Seed the three jobs, each with these changes."""
        for account in self.accounts:
            place = {"provider": account.provider, "region": account.connection["region"], "frozen": True}
            for name, job in JOBS.items():
                values = {**place, **job, **changes.get(name, {}), "job_id": self.ids[account.provider][f"{name}_id"]}
                values["operation"] = {**OWN[account.provider], COPY: COPIES[account.provider]}[values["operation"]]
                self.emulator.seed(values)
        return self

    def run(self, *recipes: str, **more: t.Any) -> Run:
        """Run the tasks of recipes, on a host for each provider."""
        tasks = for_each_provider([task for name in recipes for task in yaml.safe_load(named("recipes")[name])])
        for task in tasks:
            task.get("objectstore.batch.batch_job_wait", {}).setdefault("interval", 1)
        hosts = {
            account.provider: {
                "connection": connection(account, self.emulator),
                "own": OWN[account.provider],
                **self.ids[account.provider],
                **more.get(account.provider, {}),
            }
            for account in self.accounts
        }
        return play(self.folder, tasks, hosts)

    def succeed(self, *recipes: str, changed: int = 0, **more: t.Any) -> Run:
        """Run recipes that succeed with so many changes on each host."""
        done = self.run(*recipes, **more)
        assert done.code == 0, done.output
        assert {host: counts["changed"] for host, counts in done.recap.items()} == {
            account.provider: changed for account in self.accounts
        }, done.output
        return done

    def fail(self, *recipes: str, words: t.Sequence[str] = ()) -> None:
        """Run recipes that fail on each host, and say these words for each of them."""
        done = self.run(*recipes)
        assert {host: counts["failed"] for host, counts in done.recap.items()} == {
            account.provider: 1 for account in self.accounts
        }, done.output
        for word in words:
            assert done.output.count(word) >= len(self.accounts), done.output

    def patch(self, name: str, **changes: t.Any) -> None:
        for ids in self.ids.values():
            self.emulator.patch(ids[f"{name}_id"], **changes)

    def values(self, key: str) -> list[tuple[t.Any, ...]]:
        """Return what the three jobs have, for each provider."""
        return [tuple(self.emulator.job(found)[key] for found in ids.values()) for ids in self.ids.values()]


JOBS: dict[str, dict[str, t.Any]] = {
    "restore": {"operation": RESTORE, "description": "urgent restore", "priority": 10, "status": "Ready"},
    "copy": {"operation": COPY, "description": "nightly copy", "priority": 2000, "status": "Ready"},
    "tagging": {"operation": TAGGING, "description": "cost tags", "priority": 3000, "status": "Ready"},
}


@pytest.fixture
def queues(emulator: Emulator, tmp_path: Path) -> Queues:
    return Queues(emulator, tmp_path)


def test_each_recipe_has_a_name_and_is_run() -> None:
    printed = [item for item in examples("recipes") if "-" not in item.name and item.name != "head"]
    assert len(printed) == len({item.name for item in printed}) > 20
    text = Path(__file__).read_text(encoding="utf-8")
    assert [item.name for item in printed if f'"{item.name}"' not in text] == []
    assert {names[RESTORE] for names in OWN.values()} == {RESTORE, "COSInitiateRestoreObject", "RestoreObject"}


def test_the_head_of_the_play(emulator: Emulator, tmp_path: Path) -> None:
    Queues(emulator, tmp_path, ["aws"]).seed()
    head, recipe = named("recipes")["head"], named("recipes")["raise_description"]
    [content] = yaml.safe_load(head)
    assert content["vars"] == {f"{name}_id": UUID.format(number) for number, name in enumerate(JOBS, 1)}
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump([{**content, "tasks": yaml.safe_load(recipe)}]), encoding="utf-8")
    done = run(tmp_path, None, playbook, environment=environment(emulator))
    assert (done.code, emulator.job(UUID.format(1))["priority"]) == (0, 4000), done.output


def test_raise_by_description(queues: Queues) -> None:
    queues.seed().succeed("raise_description", changed=1)
    assert queues.values("priority") == [(4000, 2000, 3000)] * 3
    queues.succeed("raise_description")


def test_raise_by_tag(emulator: Emulator, tmp_path: Path) -> None:
    """Only AWS has tags of jobs; for the others, the module says so."""
    queues = Queues(emulator, tmp_path, ["aws"]).seed(copy={"tags": {"team": "storage"}})
    queues.succeed("raise_tag", changed=1)
    assert queues.values("priority") == [(10, 3000, 3000)]
    Queues(emulator, tmp_path, ["cos", "oss"]).seed().fail("raise_tag", words=('"kind": "invalid"', "tags"))


def test_lower_all_tagging_jobs(queues: Queues) -> None:
    queues.seed(restore={"operation": TAGGING}).succeed("lower_tagging", changed=1)
    # The first one was lower already.
    assert queues.values("priority") == [(10, 2000, 1000)] * 3


def test_set_a_priority_only_if_the_current_one_is_known(queues: Queues) -> None:
    queues.seed().succeed("set_if_known", changed=1)
    assert queues.values("priority") == [(50, 2000, 3000)] * 3
    queues.patch("restore", priority=77)
    queues.fail("set_if_known", words=['"kind": "conflict"'])
    assert queues.values("priority") == [(77, 2000, 3000)] * 3


def test_preview(queues: Queues) -> None:
    done = queues.seed().succeed("preview", changed=1)
    assert_printed("recipes", "preview-output", done.output)
    assert queues.values("priority") == [(10, 2000, 3000)] * 3


def test_ad_hoc(emulator: Emulator, tmp_path: Path) -> None:
    queues = Queues(emulator, tmp_path, ["aws"]).seed()
    done = execute(tmp_path, "recipes", "adhoc", environment(emulator))
    assert (done.code, queues.values("priority")) == (0, [(900, 2000, 3000)]), done.output


def test_directly_before(queues: Queues) -> None:
    queues.seed().succeed("before", changed=1)
    assert queues.values("priority") == [(2001, 2000, 3000)] * 3


def test_order_three(queues: Queues) -> None:
    queues.seed().succeed("order_three", changed=1)
    for restore, copy, tagging in queues.values("priority"):
        assert restore > copy > tagging
    queues.succeed("order_three")


def test_protect(queues: Queues) -> None:
    queues.seed().succeed("protect", changed=1)
    assert queues.values("priority") == [(1000, 2000, 1000)] * 3


def test_await_and_confirm(queues: Queues) -> None:
    day = 24 * 60 * 60
    waiting = {"status": "Suspended", "suspended": day}
    queues.seed(restore=waiting, copy=waiting)
    done = queues.succeed("awaiting")
    assert_printed("recipes", "awaiting-output", done.output)
    assert done.output.count("urgent restore: unknown days left") == 2
    queues.succeed("confirm", changed=1)
    assert queues.values("status") == [("Ready", "Suspended", "Ready")] * 3
    queues.succeed("confirm")


def test_confirm_after_another_job(queues: Queues) -> None:
    queues.seed(restore={"status": "Active"}, tagging={"status": "Suspended", "confirmation_required": True})
    queues.succeed("chain")
    queues.patch("restore", status="Complete", tasks_total=10, tasks_done=10)
    queues.succeed("chain", changed=1)
    assert queues.values("status") == [("Complete", "Ready", "Ready")] * 3


def test_cancel_old_jobs(queues: Queues) -> None:
    week = 7 * 24 * 60 * 60
    queues.seed(tagging={"created": week + 60}, restore={"operation": TAGGING, "created": week - 3600})
    queues.succeed("cancel_old", changed=1)
    for restore, copy, tagging in queues.values("status"):
        assert (restore, copy, tagging in ("Cancelling", "Cancelled")) == ("Ready", "Ready", True)


@pytest.mark.parametrize(("recipe", "failed"), [("wait_end", 0), ("wait_share", 10)])
def test_wait(queues: Queues, recipe: str, failed: int) -> None:
    queues.seed(restore={"status": "Active"})

    def end(turn: int) -> None:
        if turn == MOMENT:
            queues.patch("restore", status="Complete", tasks_done=1000, tasks_failed=failed)

    with at_each(queues.emulator, ["ListJobs"], end):
        queues.succeed(recipe)
    queues.patch("restore", tasks_failed=failed + 1)
    queues.fail(recipe, words=['"kind": "conflict"'])


def test_when_a_job_ends(queues: Queues) -> None:
    queues.seed(restore={"status": "Active", "tasks_total": 1000, "tasks_done": 250, "active_seconds": 100})
    done = queues.succeed("estimated_end")
    assert len(re.findall(r"2\.5 objects/s, end \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", done.output)) == 2, done.output
    # COS has no timer.
    assert done.output.count("unknown objects/s, end unknown") == 1


def test_fail_if_a_job_is_stalled(queues: Queues) -> None:
    hours = {"created": 2 * 60 * 60}
    queues.seed(restore={"status": "Active", **hours, "tasks_done": 1}, copy={"status": "Ready", **hours})
    queues.succeed("stalled")
    queues.patch("restore", tasks_done=0)
    queues.fail("stalled")


def test_read_retry_and_create(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    emulator.settings(task_rules=RULES)
    queues, own = Queues(emulator, tmp_path), {}
    for account in ACCOUNTS:
        cloud = Cloud(account, emulator, capsys)
        manifest = {"object_arn": arn(cloud, "lists/all.csv"), "etag": lay_out(cloud)}
        made = create(cloud, operation=OPERATIONS[account.provider], manifest=manifest)
        own[account.provider] = {"restore_id": made["job"]["job_id"]}
    emulator.advance(60)
    done = queues.succeed("failed", "retry", "create_retry", changed=2, **own)
    assert_printed("recipes", "failed-output", done.output)
    assert [job["tasks_total"] for job in emulator.jobs()][:3] == [4] * 3
    emulator.advance(60)
    assert [(job["tasks_total"], job["tasks_failed"]) for job in emulator.jobs()][3:] == [(2, 0)] * 3
    queues.succeed("failed", "retry", "create_retry", **own)


def test_compare_checksums(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only AWS computes checksums; for the others, the module says so."""
    queues = Queues(emulator, tmp_path, ["aws"])
    cloud = Cloud(ACCOUNTS[0], emulator, capsys)
    manifest = {"object_arn": arn(cloud, "lists/all.csv"), "etag": lay_out(cloud, ("a", "b", "c"))}
    place = cloud.account.connection
    emulator.make_bucket("aws", "archive", place["account_id"], place["region"])
    for key in ("a", "b", "c"):
        emulator.put_object("aws", "archive", key, key.encode())
    sums = [f"archive,{key},SHA256,{hashlib.sha256(content).hexdigest()}" for key, content in EXPECTED.items()]
    (tmp_path / "expected.csv").write_text("\n".join(["bucket,key,algorithm,value", *sums]), encoding="utf-8")
    report = {"bucket": f"arn:aws:s3:::{BUCKET}", "prefix": "some/where", "scope": "AllTasks"}
    made = create(cloud, operation=COMPUTE, manifest=manifest, report=report)
    assert made["rc"] == 0, made
    emulator.advance(60)
    own = {"aws": {"restore_id": made["job"]["job_id"]}}
    done = queues.succeed("checksums", changed=1, **own)
    assert_printed("recipes", "checksums-output", done.output)
    queues.succeed("checksums", **own)


def test_create_and_check_a_manifest(queues: Queues) -> None:
    for account in queues.accounts:
        place = account.connection
        owner = place.get("account_id", OSS_UID)
        queues.emulator.make_bucket(account.provider, "archive", owner, place["region"])
    queues.succeed("create_manifest", "check_manifest", changed=1)
    for account in queues.accounts:
        [key] = queues.emulator.objects(account.provider, "archive")
        body = queues.emulator.read_object(account.provider, "archive", key)
        assert body == b"archive,films/a.mov\narchive,films/b.mov\n"


def test_create_once(queues: Queues) -> None:
    [task] = yaml.safe_load(named("recipes")["create_once"])
    printed = task["objectstore.batch.batch_job"]
    hosts = {}
    for account in ACCOUNTS:
        # On AWS, as it is printed; for the others, as the guide to restores prints it.
        own = {} if account.provider == "aws" else variables(account.provider)
        options = {**connection(account, queues.emulator), **printed, **own}
        hosts[account.provider] = {"connection": {}, "options": options}
    for changed in (1, 0):
        done = play(queues.folder, [{"objectstore.batch.batch_job": "{{ options }}"}], hosts)
        assert done.code == 0, done.output
        assert {host: counts["changed"] for host, counts in done.recap.items()} == dict.fromkeys(PROVIDERS, changed)
    assert len(queues.emulator.jobs()) == 3


def test_one_task_for_all_accounts(queues: Queues) -> None:
    queues.seed()
    keys = {
        "COS_ENDPOINT_URL": queues.emulator.url,
        "TENCENTCLOUD_SECRET_ID": COS_KEY.key_id,
        "TENCENTCLOUD_SECRET_KEY": COS_KEY.secret,
        "OSS_ENDPOINT_URL": queues.emulator.url,
        "OSS_ACCESS_KEY_ID": OSS_KEY.key_id,
        "OSS_ACCESS_KEY_SECRET": OSS_KEY.secret,
    }
    accounts = [
        {"provider": "aws", "account_id": AWS_KEY.account, "regions": ["eu-central-1", "us-east-1"]},
        {"provider": "cos", "account_id": COS_KEY.account, "app_id": COS_KEY.app_id, "regions": ["ap-guangzhou"]},
        {"provider": "oss", "account_id": OSS_KEY.account, "regions": ["cn-hangzhou"]},
    ]
    inventory = {"plugin": "objectstore.batch.queues", "accounts": accounts}
    (queues.folder / "production.batch_queues.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    (queues.folder / "all_accounts.yml").write_text(named("recipes")["all_accounts"], encoding="utf-8")
    done = execute(queues.folder, "recipes", "all_accounts-command", environment(queues.emulator) | keys)
    assert done.code == 0, done.output
    assert sorted(counts["changed"] for counts in done.recap.values()) == [0, 1, 1, 1]
    assert queues.values("priority") == [(4000, 2000, 3000)] * 3
