# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides of the documentation site, their examples as they are printed; two have tests of their own."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY, COS_KEY, OSS_KEY
from render import rst, troubleshooting

from .clouds import ACCOUNTS, JOB_ID, Cloud
from .playbooks import LOCAL, Run, play, run
from .reports import BUCKET, Report
from .test_readmes import environment

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

GUIDES = sorted(path.stem.removeprefix("guide_") for path in rst.GUIDES.glob("*.rst"))
NOT_RUN = {
    "events": ["it needs a queue of SQS; the playbook that it starts is run with what the rule passes"],
    "emulator": ["the package is on no index that a test can reach; its wheel is tested by itself"],
    "first_change": ["the collection is on no index that a test can reach"],
    "from_cli": [
        "the loop takes ids from a file of the reader's",
        "it would wait for a job of the reader's",
        "no version of ossutil that has it is at hand",
    ],
}
"""What no test runs, and why: a new one is a decision."""
AWS = {"provider": "aws", "region": "eu-central-1", "account_id": AWS_KEY.account}
BASE = {"provider": "aws", "region": "eu-central-1", "frozen": True, "status": "Ready"}
RESTORE = {**BASE, "job_id": "restore-1", "operation": "S3InitiateRestoreObject", "description": "urgent restore"}
COPY = {**BASE, "job_id": "copy-1", "operation": "S3PutObjectCopy", "description": "nightly copy", "priority": 100}


def named(guide: str) -> dict[str, str]:
    """The examples of a guide that have a name."""
    return {item.name: item.text for item in rst.examples(rst.GUIDES / f"guide_{guide}.rst") if item.name}


def tasks(guide: str, *names: str) -> list[dict[str, t.Any]]:
    """The tasks of a guide; of those with these names only, where there are some."""
    found = []
    for item in rst.examples(rst.GUIDES / f"guide_{guide}.rst"):
        if item.language == "yaml" and not item.not_run and (item.name in names or not names):
            content = yaml.safe_load(item.text)
            found += content if isinstance(content, list) and "hosts" not in content[0] else []
    return found


def here(emulator: Emulator, folder: Path, steps: list[dict[str, t.Any]], *words: str, **variables: t.Any) -> Run:
    """Run tasks on this machine, as a user of AWS whose environment holds the keys."""
    hosts = {"localhost": {"connection": AWS, **variables}}
    return play(folder, steps, hosts, *words, environment=environment(emulator))


def priorities(emulator: Emulator) -> dict[str, int]:
    return {job["job_id"]: job["priority"] for job in emulator.jobs()}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_example_can_be_read(guide: str) -> None:
    found = rst.examples(rst.GUIDES / f"guide_{guide}.rst")
    assert [item.not_run for item in found if item.not_run] == NOT_RUN.get(guide, [])
    for item in found:
        if item.language == "yaml":
            assert yaml.safe_load(item.text), item


def test_the_guide_on_errors_is_up_to_date() -> None:
    assert troubleshooting.TARGET.read_text(encoding="utf-8") == troubleshooting.render(), "run: make render"


def test_first_change(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed(RESTORE, COPY)
    head = yaml.safe_load(named("first_change")["head"])[0]
    head.pop("name")
    steps = tasks("first_change")
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{**head, "tasks": steps}]), encoding="utf-8")
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"localhost": LOCAL}}}), encoding="utf-8")
    words = (tmp_path, Path("hosts.yml"), Path("play.yml"))
    dry = run(*words, "--check", "--diff", environment=environment(emulator))
    assert "+       900  Ready       restore-1" in dry.output
    assert priorities(emulator) == {"restore-1": 10, "copy-1": 100}
    for changed in (1, 0):
        done = run(*words, environment=environment(emulator))
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
        assert priorities(emulator) == {"restore-1": 900, "copy-1": 100}
    assert "1. 100 Ready copy-1 nightly copy" in dry.output


def test_authentication(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    keys = f"aws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"
    (tmp_path / ".aws" / "credentials").write_text(f"[archive]\n{keys}", encoding="utf-8")
    variables = environment(emulator)
    variables |= {"COS_ENDPOINT_URL": emulator.url, "OSS_ENDPOINT_URL": emulator.url}
    variables |= {"OSS_ACCESS_KEY_ID": OSS_KEY.key_id, "OSS_ACCESS_KEY_SECRET": OSS_KEY.secret}
    vault = {"vault_secret_id": COS_KEY.key_id, "vault_secret_key": COS_KEY.secret}
    steps = tasks("authentication")
    assert len(steps) == 4
    done = play(tmp_path, steps, {"localhost": {"connection": {}, **vault}}, "-vvv", environment=variables)
    assert (done.code, done.recap["localhost"]["ok"]) == (0, 4), done.output
    assert COS_KEY.secret not in done.output
    assert "AssumeRole" in [entry["operation"] for entry in emulator.log()]


def test_from_cli(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed({**RESTORE, "region": "us-east-1"}, RESTORE | {"job_id": "restore-2"}, COPY)
    program = Path(sys.executable).parent / "aws"
    command = named("from_cli")["cli"].replace("aws s3control", f"{program} s3control")
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "JOB_ID": "restore-1", "HTTP_PROXY": emulator.url}
    env |= {**environment(emulator), "AWS_DEFAULT_REGION": "us-east-1"}
    del env["AWS_ENDPOINT_URL"]
    plain = command.strip() + " --endpoint-url http://s3-control.us-east-1.amazonaws.com"
    for _blindly in range(2):
        subprocess.run(["sh", "-c", plain], env=env, check=True, capture_output=True)
    assert [entry["applied"] for entry in emulator.log() if entry["write"]] == [True, True]
    emulator.clear_log()
    known = {"job_id": "restore-2", "other_id": "copy-1"}
    for changed in (2, 0):
        done = here(emulator, tmp_path, tasks("from_cli", "task", "many"), **known)
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
    assert len([entry for entry in emulator.log() if entry["write"]]) == 2
    emulator.patch("restore-2", status="Complete", tasks_done=1000)
    assert here(emulator, tmp_path, tasks("from_cli", "wait"), **known).code == 0


def test_queue_order(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed({**RESTORE, "priority": 10}, COPY)
    done = here(emulator, tmp_path, tasks("queue_order"))
    assert (done.code, done.recap["localhost"]["failed"]) == (0, 0), done.output
    assert priorities(emulator) == {"restore-1": 3000, "copy-1": 1000}
    # Somebody else has changed the queue: the plan that was approved is not the one that it would take now.
    emulator.patch("copy-1", priority=5000)
    [guarded] = tasks("queue_order", "guarded")
    refused = here(emulator, tmp_path, [guarded], ordered={"plan_hash": "0" * 64})
    assert (refused.code, '"kind": "conflict"' in refused.output) == (2, True), refused.output
    assert priorities(emulator)["copy-1"] == 5000


def test_policy_and_approval(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed({**RESTORE, "priority": 10}, COPY)
    done = here(emulator, tmp_path, tasks("policy_approval", "dry"))
    assert done.code == 0, done.output
    assert priorities(emulator) == {"restore-1": 3000, "copy-1": 100}
    (tmp_path / "policy.yml").write_text(named("policy_approval")["policy"], encoding="utf-8")
    (tmp_path / "production.batch_queues.yml").write_text(named("many_accounts")["inventory"], encoding="utf-8")
    words = (tmp_path, Path("production.batch_queues.yml"), Path("policy.yml"))
    assert run(*words, "--check", environment=environment(emulator)).code == 0
    assert priorities(emulator)["copy-1"] == 100
    assert run(*words, environment=environment(emulator)).code == 0
    assert priorities(emulator) == {"restore-1": 3000, "copy-1": 1000}


def test_many_accounts(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed(RESTORE)
    printed = named("many_accounts")
    (tmp_path / "production.batch_queues.yml").write_text(printed["inventory"], encoding="utf-8")
    (tmp_path / "play.yml").write_text(printed["play"], encoding="utf-8")
    # As those find it who call the command by its path, and have no environment in PATH.
    variables = environment(emulator) | {"COS_ENDPOINT_URL": emulator.url, "PATH": "/usr/bin:/bin"}
    words = (tmp_path, Path("production.batch_queues.yml"), Path("play.yml"))
    done = run(*words, environment=variables)
    assert done.code == 0, done.output
    # Nobody has set the keys of COS: that queue is unreachable, and spoils no other.
    assert "aws-111122223333-eu-central-1: 1 jobs" in done.output
    assert "aws-111122223333-us-east-1: 0 jobs" in done.output
    assert "cos-100000000001-ap-guangzhou: " not in done.output
    limited = run(*words, "--limit", "region_eu_central_1", environment=variables)
    assert sorted(limited.recap) == ["aws-111122223333-eu-central-1"]


def test_failed_objects(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = b"films,b,,failed,InternalError,500,again\nfilms,c,,failed,AccessDenied,403,no\n"
    job = {"operation": "S3InitiateRestoreObject", "tasks_total": 2, "tasks_done": 2, "tasks_failed": 2}
    Report({"failed": rows}, job=job).put(Cloud(ACCOUNTS[0], emulator, capsys))
    known = {"job_id": JOB_ID, "bucket": BUCKET}
    for changed in (1, 0):
        done = here(emulator, tmp_path, tasks("failed_objects"), **known)
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
    assert "1 x AccessDenied, another try: fixed" in done.output
    assert f"1 objects in arn:aws:s3:::{BUCKET}/" in done.output.replace("aws-cn", "aws")
    role = yaml.safe_load(named("failed_objects")["role"])[0]["roles"][0]
    assert role["role"] == "objectstore.batch.failed_objects"


def test_events(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed({**RESTORE, "status": "Suspended"}, COPY)
    done = here(emulator, tmp_path, tasks("events"))
    assert done.code == 0, done.output
    assert '"msg": [\n        "restore-1"\n    ]' in done.output
    [rulebook] = yaml.safe_load(named("events")["rulebook"])
    playbook = rulebook["rules"][0]["action"]["run_playbook"]["name"]
    started = run(
        tmp_path,
        Path("inventory.yml"),
        Path(playbook),
        *("-e", '{"ansible_eda": {"event": {}}}', "-e", f"batch_page={tmp_path}/page.html"),
        *("-e", '{"queue_provider": "aws", "queue_region": "eu-central-1"}'),
        environment=environment(emulator),
    )
    assert started.code == 0, started.output
    assert "restore-1" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_emulator(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed(*yaml.safe_load(named("emulator")["seed"])["jobs"])
    task, fault = named("emulator")["task"], named("emulator")["fault"]
    steps = [*yaml.safe_load(fault), *yaml.safe_load(task)]
    done = here(emulator, tmp_path, steps, emulator_url=emulator.url)
    assert (done.code, done.recap["localhost"]["changed"]) == (0, 1), done.output
    assert priorities(emulator)["restore-1"] == 900
    assert [entry["fault"] for entry in emulator.log() if entry["write"]] == ["drop_after"]


def test_troubleshooting(emulator: Emulator, tmp_path: Path) -> None:
    done = here(emulator, tmp_path, tasks("troubleshooting"))
    assert (done.code, done.recap["localhost"]["rescued"]) == (0, 1), done.output
    said = done.output.partition("Show what was said")[2]
    assert " ".join(named("troubleshooting")["said"].split()) in said
