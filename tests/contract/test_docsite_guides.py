# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides of the documentation site, their examples as they are printed; two have tests of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.__main__ import greeting
from batch_emulator.accounts import AWS_KEY, HOME, OSS_KEY, OSS_OTHER_KEY, OSS_REGION
from render import rst, troubleshooting

from .clouds import ACCOUNTS, Cloud
from .guides import assert_printed, examples, execute, named, tasks, write_play
from .moments import at_each
from .playbooks import Run, play, run
from .reports import BUCKET
from .test_readmes import environment
from .test_story import OPERATIONS, ROLES, RULES, arn, create, lay_out

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

GUIDES = sorted(path.stem.removeprefix("guide_") for path in rst.GUIDES.glob("*.rst"))
NOT_RUN = {
    "events": ["it requires an SQS queue, but a test runs its playbook with the variables that the rule passes"],
    "emulator": ["tests cannot reach an index that has the package, and its wheel has tests of its own"],
    "first_change": ["tests cannot reach an index that has the collection"],
    "from_cli": [
        "the loop reads the IDs from a file of the reader",
        "the loop waits for a job of the reader",
        "no version of ossutil with this command is available to the tests",
    ],
}
"""What no test runs, and why: a new one is a decision."""
AWS = {"provider": "aws", "region": "eu-central-1", "account_id": AWS_KEY.account}
NOT_RUN |= {
    "install": [
        "the collection is on no index that a test can reach",
        "the collection is on no index that a test can reach",
        "the tests of the release build the artifact and install it",
        "it would change the environment that runs the tests",
        "it needs a container tool and a base image",
    ],
    "upgrade": ["the collection is on no index that a test can reach"],
}
BASE = {"provider": "aws", "region": "eu-central-1", "frozen": True, "status": "Ready"}
RESTORE = {**BASE, "job_id": "restore-1", "operation": "S3InitiateRestoreObject", "description": "urgent restore"}
COPY = {**BASE, "job_id": "copy-1", "operation": "S3PutObjectCopy", "description": "nightly copy", "priority": 100}
WAITING = {**RESTORE, "job_id": "6f1f7ff1-5e6c-4b7a-9f3a-000000000001"}
COPYING = {**COPY, "job_id": "6f1f7ff1-5e6c-4b7a-9f3a-000000000002", "status": "Active"}
"""Two jobs with the IDs that the guides print."""


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
    emulator.seed(WAITING, COPYING)
    restore, copy = WAITING["job_id"], COPYING["job_id"]
    printed, keys = named("first_change"), environment(emulator)
    playbook = tmp_path / "raise.yml"
    playbook.write_text(printed["head"], encoding="utf-8")
    assert_printed("first_change", "list-output", execute(tmp_path, "first_change", "list", keys).output)
    playbook.write_text(printed["head"] + textwrap.indent(printed["change"], "    "), encoding="utf-8")
    dry = execute(tmp_path, "first_change", "preview", keys)
    assert dry.code == 0, dry.output
    assert_printed("first_change", "preview-output", dry.output)
    assert priorities(emulator) == {restore: 10, copy: 100}
    done = execute(tmp_path, "first_change", "apply", keys)
    assert done.code == 0, done.output
    assert_printed("first_change", "apply-output", done.output)
    assert priorities(emulator) == {restore: 900, copy: 100}
    again = execute(tmp_path, "first_change", "apply", keys)
    assert (again.code, again.recap["localhost"]["changed"]) == (0, 0), again.output
    adhoc = execute(tmp_path, "first_change", "adhoc", keys)
    assert adhoc.code == 0, adhoc.output
    assert_printed("first_change", "adhoc-output", adhoc.output)
    emulator.patch(restore, priority=10)
    adhoc = execute(tmp_path, "first_change", "adhoc", keys)
    assert (adhoc.code, priorities(emulator)) == (0, {restore: 900, copy: 100}), adhoc.output


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
    [oss] = tasks("from_cli", "oss")
    job_id = oss["objectstore.batch.batch_job_priority"]["job_id"]
    emulator.seed({"provider": "oss", "region": OSS_REGION, "job_id": job_id, "status": "Ready"})
    keys = {
        "OSS_ENDPOINT_URL": emulator.url,
        "OSS_ACCESS_KEY_ID": OSS_KEY.key_id,
        "OSS_ACCESS_KEY_SECRET": OSS_KEY.secret,
    }
    assert play(tmp_path, [oss], {"localhost": {"connection": {}}}, environment=keys).code == 0
    assert emulator.job(job_id)["priority"] == 900
    assert here(emulator, tmp_path, tasks("from_cli", "wait"), **known).code == 0


def test_queue_order(emulator: Emulator, tmp_path: Path) -> None:
    printed, keys = named("queue_order"), environment(emulator)
    emulator.seed(WAITING, COPYING)
    for name, file in (("order", "order.yml"), ("rules", "rules.yml"), ("guarded", "guarded.yml")):
        write_play(tmp_path, file, printed[name])
    dry = execute(tmp_path, "queue_order", "preview", keys)
    assert_printed("queue_order", "preview-output", dry.output)
    assert priorities(emulator) == {WAITING["job_id"]: 10, COPYING["job_id"]: 100}
    done = execute(tmp_path, "queue_order", "apply", keys)
    assert_printed("queue_order", "apply-output", done.output)
    reached = priorities(emulator)
    assert reached[WAITING["job_id"]] > reached[COPYING["job_id"]] == 100
    assert execute(tmp_path, "queue_order", "apply", keys).recap["localhost"]["changed"] == 0
    ruled = run(tmp_path, None, Path("rules.yml"), environment=keys)
    assert_printed("queue_order", "rules-output", ruled.output)
    assert priorities(emulator) == {WAITING["job_id"]: 3000, COPYING["job_id"]: 1000}
    emulator.patch(COPYING["job_id"], priority=5000)
    for changed in (2, 0):
        guarded = run(tmp_path, None, Path("guarded.yml"), environment=keys)
        assert (guarded.code, guarded.recap["localhost"]["changed"]) == (0, changed), guarded.output
    # Another user changes the queue: the approved plan is not the current one any more.
    emulator.patch(COPYING["job_id"], priority=9000)
    known = {"planned": {"plan_hash": "0" * 64}}
    refused = here(emulator, tmp_path, tasks("queue_order", "guarded")[1:], **known)
    assert (refused.code, '"kind": "conflict"' in refused.output) == (2, True), refused.output
    assert priorities(emulator)[COPYING["job_id"]] == 9000


def test_policy_and_approval(emulator: Emulator, tmp_path: Path) -> None:
    printed, keys = named("policy_approval"), environment(emulator)
    restore, copy = WAITING["job_id"], COPYING["job_id"]
    emulator.seed(WAITING, COPYING)
    for name in ("policy", "plan", "apply"):
        (tmp_path / f"{name}.yml").write_text(printed[name], encoding="utf-8")
    (tmp_path / "production.batch_queues.yml").write_text(named("many_accounts")["inventory"], encoding="utf-8")
    planned = execute(tmp_path, "policy_approval", "plan-command", keys)
    assert planned.code == 0, planned.output
    assert_printed("policy_approval", "plan-output", planned.output)
    assert priorities(emulator) == {restore: 10, copy: 100}
    file = tmp_path / "plan-aws-111122223333-eu-central-1.json"
    changes = json.loads(file.read_text(encoding="utf-8"))
    assert [change["job_id"] for change in changes] == [restore, copy]
    # The reviewer rejects the change of the copy; somebody adds a job that the plan does not have.
    file.write_text(printed["plan-file"], encoding="utf-8")
    assert json.loads(printed["plan-file"]) == changes[:1]
    emulator.seed({**WAITING, "job_id": "late-1"})
    done = execute(tmp_path, "policy_approval", "apply-command", keys)
    assert done.code == 0, done.output
    assert priorities(emulator) == {restore: 3000, copy: 100, "late-1": 10}
    # The same by the module.
    emulator.patch(restore, priority=10)
    done = here(emulator, tmp_path, tasks("policy_approval", "module"))
    assert done.code == 0, done.output
    assert priorities(emulator) == {restore: 3000, copy: 100, "late-1": 3000}


def test_many_accounts(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed(RESTORE)
    printed = named("many_accounts")
    (tmp_path / "production.batch_queues.yml").write_text(printed["inventory"], encoding="utf-8")
    (tmp_path / "count.yml").write_text(printed["play"], encoding="utf-8")
    # The environment of a user who calls the commands by their paths.
    variables = environment(emulator) | {"COS_ENDPOINT_URL": emulator.url, "PATH": "/usr/bin:/bin"}
    graph = execute(tmp_path, "many_accounts", "graph", variables)
    assert_printed("many_accounts", "graph-output", graph.output)
    done = execute(tmp_path, "many_accounts", "run", variables)
    assert done.code == 0, done.output
    # The keys of COS are not set: that queue is unreachable, and the others are not affected.
    for line in named("many_accounts")["run-output"].splitlines():
        assert line in done.output
    assert "cos-100000000001-ap-guangzhou: " not in done.output
    limited = execute(tmp_path, "many_accounts", "limit", variables)
    assert sorted(limited.recap) == ["aws-111122223333-eu-central-1"]


def test_two_accounts_of_one_provider(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "production.batch_queues.yml").write_text(named("many_accounts")["keys"], encoding="utf-8")
    variables = {"OSS_ENDPOINT_URL": emulator.url}
    for name, key in (("ARCHIVE", OSS_KEY), ("RESEARCH", OSS_OTHER_KEY)):
        variables |= {f"{name}_KEY_ID": key.key_id, f"{name}_KEY_SECRET": key.secret}
        emulator.seed({"provider": "oss", "account": key.account, "region": "cn-hangzhou", "status": "Ready"})
    graph = execute(tmp_path, "many_accounts", "graph", variables)
    assert (graph.code, "@unreachable" in graph.output) == (0, False), graph.output
    for key in (OSS_KEY, OSS_OTHER_KEY):
        assert f"oss-{key.account}-cn-hangzhou" in graph.output.partition("@state_waiting:")[2]


def test_failed_objects(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = Cloud(ACCOUNTS[0], emulator, capsys)
    etag = lay_out(cloud)
    emulator.settings(task_rules=RULES)
    made = create(
        cloud, operation=OPERATIONS["aws"], manifest={"object_arn": arn(cloud, "lists/all.csv"), "etag": etag}
    )
    emulator.advance(60)
    known = {"job_id": made["job"]["job_id"], "bucket": BUCKET}
    for changed in (2, 0):
        done = here(emulator, tmp_path, tasks("failed_objects"), **known)
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
        for name in ("report-output", "retry-output"):
            assert_printed("failed_objects", name, done.output)
    assert len(emulator.jobs()) == 2
    (tmp_path / "retry.yml").write_text(named("failed_objects")["role"], encoding="utf-8")
    variables = ("-e", f"job_id={known['job_id']}", "-e", "failed_objects_interval=1")
    with at_each(emulator, ["ListJobs", "DescribeJob"], lambda _turn: emulator.advance(60)):
        done = run(tmp_path, None, Path("retry.yml"), *variables, environment=environment(emulator))
    assert (done.code, done.recap["localhost"]["failed"]) == (2, 1), done.output
    assert_printed("failed_objects", "role-output", done.output)


def test_checked_job(emulator: Emulator, tmp_path: Path) -> None:
    emulator.make_bucket("aws", BUCKET, "111122223333", "eu-central-1")
    for number in range(12):
        emulator.put_object("aws", BUCKET, f"films/{number}.mov", b"x")
        emulator.put_object("aws", BUCKET, f"films/{number}.txt", b"x")
    known = {"bucket": BUCKET, "reports": f"arn:aws:s3:::{BUCKET}", "role_arn": ROLES["aws"]}
    done = here(emulator, tmp_path, tasks("checked_job"), **known)
    assert (done.code, done.recap["localhost"]["changed"]) == (0, 1), done.output
    for name in ("create-output", "check-output"):
        assert_printed("checked_job", name, done.output)
    (tmp_path / "job.yml").write_text(named("checked_job")["role"], encoding="utf-8")
    words = ("-e", json.dumps({**known, "checked_job_interval": 1, "checked_job_wait_for_report": 3600}))
    with at_each(emulator, ["ListJobs", "DescribeJob"], lambda _turn: emulator.advance(60)):
        done = run(tmp_path, None, Path("job.yml"), *words, environment=environment(emulator))
    # The manifest exists. The manifest of the sample and its job are new.
    assert (done.code, done.recap["localhost"]["changed"]) == (0, 2), done.output
    assert_printed("checked_job", "role-output", done.output)
    assert len(emulator.jobs()) == 1


def test_events(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed({**WAITING, "status": "Suspended"}, COPYING)
    done = here(emulator, tmp_path, tasks("events", "schedule"))
    assert done.code == 0, done.output
    assert_printed("events", "schedule-output", done.output)
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
    assert WAITING["job_id"] in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_emulator(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed(*yaml.safe_load(named("emulator")["seed"])["jobs"])
    steps = tasks("emulator", "fault", "task", "clock")
    assert len(steps) == 3
    # In the guide, the task comes first; here, it meets the fault.
    steps = [steps[2], steps[0], steps[1]]
    start = emulator.clock()["now"]
    done = here(emulator, tmp_path, steps, emulator_url=emulator.url)
    assert (done.code, done.recap["localhost"]["changed"]) == (0, 1), done.output
    assert_printed("emulator", "task-output", done.output)
    assert priorities(emulator)["restore-1"] == 900
    assert [entry["fault"] for entry in emulator.log() if entry["write"]] == ["drop_after"]
    assert emulator.clock()["now"] >= start + 60


def test_the_emulator_prints_the_regions_of_the_guides() -> None:
    printed = greeting("http://127.0.0.1:14570", "").splitlines()
    assert set(named("emulator")["settings"].splitlines()) <= set(printed)
    homes = {provider: region for provider, (_account, region) in HOME.items()}
    for name, provider in (("AWS_REGION", "aws"), ("TENCENTCLOUD_REGION", "cos"), ("OSS_REGION", "oss")):
        assert f"export {name}={homes[provider]}" in printed
    # The pages that set up a provider name other regions, too.
    guides = [guide for guide in GUIDES if not guide.startswith("setup_")]
    texts = [item.text for guide in guides for item in examples(guide) if item.language == "yaml"]
    found = [place for text in texts for place in places(yaml.safe_load(text))]
    assert {provider for provider, _regions in found} == set(homes)
    for provider, regions in found:
        assert homes[provider] in regions


def places(value: t.Any) -> list[tuple[str, list[str]]]:
    """Return each provider that the data of an example names together with regions."""
    if isinstance(value, list):
        return [place for item in value for place in places(item)]
    if not isinstance(value, dict):
        return []
    regions = value.get("regions", [value["region"]] if "region" in value else [])
    own = [(value["provider"], regions)] if regions and "provider" in value else []
    return own + places(list(value.values()))


def test_troubleshooting(emulator: Emulator, tmp_path: Path) -> None:
    done = here(emulator, tmp_path, tasks("troubleshooting"))
    assert (done.code, done.recap["localhost"]["rescued"]) == (0, 1), done.output
    said = done.output.partition("Show the message")[2]
    assert " ".join(named("troubleshooting")["said"].split()) in said
