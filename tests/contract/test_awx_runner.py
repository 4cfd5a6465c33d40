# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks as AWX runs them: credentials by AWX's own injectors, jobs carried by ansible-runner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import types
import typing as t
from pathlib import Path

import pytest
from batch_emulator.accounts import AWS_KEY, COS_KEY, COS_TEMP_KEY, OSS_KEY

from .clouds import ACCOUNTS, Cloud
from .playbooks import COLLECTIONS, ROOT
from .reports import Report
from .test_awx_setup import load
from .test_inventory import ENVIRONMENT, KEYS, account, inventory, seed, twelve, write
from .test_kit_playbooks import RULES

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytest.importorskip("awx_plugins.interfaces", reason="only the newest lane has what AWX is made of")
pytestmark = pytest.mark.slow

TOOLS = Path(sys.executable).parent
GIVEN = {
    "cos": {"secret_id": COS_KEY.key_id, "secret_key": COS_KEY.secret, "uin": COS_KEY.account, "appid": COS_KEY.app_id},
    "oss": {"access_key_id": OSS_KEY.key_id, "access_key_secret": OSS_KEY.secret},
    "aws": {"region": "eu-central-1", "account_id": AWS_KEY.account},
}
SECRETS = [AWS_KEY.secret, COS_KEY.secret, OSS_KEY.secret, COS_TEMP_KEY.secret, str(COS_TEMP_KEY.token)]


def injected(cloud: str, folder: Path, inputs: dict[str, str]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """What AWX puts into the environment of a job, and what it stores of it."""
    from awx_plugins.interfaces._temporary_private_credential_api import Credential
    from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

    kinds = load("controller_credential_types")["awx_setup_credential_types"]
    found = next(kind for kind in kinds if kind["cloud"] == cloud)
    kind = types.SimpleNamespace(
        inputs=found["inputs"], injectors=found["injectors"], managed=False, custom_injectors=None
    )
    env: dict[str, t.Any] = {}
    safe: dict[str, t.Any] = {}
    (folder / "env").mkdir(exist_ok=True)
    inject_credential(kind, Credential(dict(inputs)), env, safe, [], str(folder), container_root="/runner")
    return env, safe


class Job(t.NamedTuple):
    """A job as AWX keeps it."""

    code: int
    output: str
    artifacts: dict[str, t.Any]
    shown: list[str]


def launch(folder: Path, playbook: str, accounts: list[dict[str, t.Any]], *words: str, **variables: t.Any) -> Job:
    """Carry a job through transmit, worker and process, as AWX does with its receptor."""
    return carry(folder, playbook, [unnamed(item) for item in accounts], {}, *words, **variables)


def unnamed(item: dict[str, t.Any]) -> dict[str, t.Any]:
    """An account without the names of variables: its keys are those that a credential injects."""
    return {name: value for name, value in item.items() if not name.endswith("_variable")}


def carry(
    folder: Path,
    playbook: str,
    accounts: list[dict[str, t.Any]],
    more: dict[str, str],
    *words: str,
    **variables: t.Any,
) -> Job:
    """Carry a job whose environment holds more than the credentials of the content."""
    job = folder / "job"
    shutil.rmtree(job, ignore_errors=True)
    shutil.rmtree(folder / "done", ignore_errors=True)
    for name in ("project", "inventory", "env"):
        (job / name).mkdir(parents=True)
    shutil.copytree(ROOT / "playbooks", job / "project" / "playbooks")
    write(job / "inventory", accounts)
    env: dict[str, t.Any] = {"AWS_ACCESS_KEY_ID": AWS_KEY.key_id, "AWS_SECRET_ACCESS_KEY": AWS_KEY.secret}
    for cloud, inputs in GIVEN.items():
        env.update(injected(cloud, job, inputs)[0])
    env.update(more)
    env.update({"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(folder)})
    (job / "env" / "envvars").write_text(json.dumps(env), encoding="utf-8")
    (job / "env" / "extravars").write_text(json.dumps(variables), encoding="utf-8")
    (job / "env" / "cmdline").write_text(" ".join(words), encoding="utf-8")
    runner = str(TOOLS / "ansible-runner")
    clean = {"PATH": os.pathsep.join([str(TOOLS), os.defpath]), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    sent = subprocess.run(
        [runner, "transmit", str(job), "-p", f"playbooks/{playbook}.yml"], env=clean, capture_output=True, check=True
    )
    # It ends with the code of the playbook.
    worked = subprocess.run(
        [runner, "worker"], env=clean, input=sent.stdout, capture_output=True, timeout=1800, check=False
    )
    done = subprocess.run(
        [runner, "process", str(folder / "done")],
        env=clean,
        input=worked.stdout,
        capture_output=True,
        timeout=1800,
        check=False,
    )
    [ended] = (folder / "done").rglob("rc")
    kept = ended.parent
    events = [json.loads(path.read_text("utf-8")) for path in (kept / "job_events").glob("*.json")]
    stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
    code = int((kept / "rc").read_text("utf-8"))
    artifacts = stats[0].get("artifact_data", {}) if stats else {}
    whole = (kept / "stdout").read_text("utf-8") + done.stdout.decode() + json.dumps(events)
    return Job(code, whole, artifacts, [event.get("stdout", "") for event in events])


def some(emulator: Emulator) -> list[dict[str, t.Any]]:
    return [
        account("AWS_ONE", ["eu-central-1"], emulator),
        account("COS_ONE", ["ap-guangzhou"], emulator),
        account("OSS_ONE", ["cn-hangzhou"], emulator),
    ]


@pytest.mark.parametrize("cloud", GIVEN)
def test_injected_variables(cloud: str, tmp_path: Path) -> None:
    env, safe = injected(cloud, tmp_path, GIVEN[cloud])
    secret = {"cos": COS_KEY.secret, "oss": OSS_KEY.secret}.get(cloud)
    if secret:
        assert secret in env.values() and secret not in safe.values()
    # A field that is not filled in arrives empty, and counts as not set.
    assert {"cos": env.get("TENCENTCLOUD_TOKEN"), "oss": env.get("ALIBABA_CLOUD_SECURITY_TOKEN")}.get(cloud, "") == ""


def test_credentials_of_several_providers_set_different_variables(tmp_path: Path) -> None:
    """A job may have all of them at once, and the one that AWX injects last would win."""
    names = [name for cloud, inputs in GIVEN.items() for name in injected(cloud, tmp_path, inputs)[0]]
    assert len(names) == len(set(names)) > len(GIVEN)


def credential(name: str, folder: Path) -> dict[str, str]:
    """The environment that AWX gives a job with the credential of an account."""
    key = KEYS[name]
    if key.provider == "aws":
        return {"AWS_ACCESS_KEY_ID": key.key_id, "AWS_SECRET_ACCESS_KEY": key.secret}
    inputs = {
        "cos": {"secret_id": key.key_id, "secret_key": key.secret, "uin": key.account, "appid": key.app_id},
        "oss": {"access_key_id": key.key_id, "access_key_secret": key.secret},
    }[key.provider]
    return {variable: str(value) for variable, value in injected(key.provider, folder, inputs)[0].items()}


POLICY = {"queue_policy_rules": RULES, "queue_policy_unmatched": "ignore"}


@pytest.mark.parametrize("only", ["exact", "still_valid"])
def test_plan_approve_apply(emulator: Emulator, tmp_path: Path, only: str) -> None:
    seed(emulator)
    plan = launch(tmp_path, "queue_plan", some(emulator), "--check", "--diff", **POLICY)
    assert plan.code == 0, plan.output[-3000:]
    assert plan.artifacts["objectstore_batch_plan_count"] == 2
    assert not [entry for entry in emulator.log() if entry["write"]]
    emulator.patch("cos-1", priority=77)
    # Artifacts of a node are variables of the next one.
    apply = launch(tmp_path, "queue_apply", some(emulator), **POLICY, **plan.artifacts, batch_approval_mode=only)
    assert emulator.job("aws-restore")["priority"] == 4000
    assert (apply.code, emulator.job("cos-1")["priority"]) == (0 if only == "still_valid" else 2, 77), apply.output[
        -3000:
    ]


def test_a_form_of_a_tired_person(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    # Every answer that may be blank is blank.
    form = {"batch_job_id": "", "batch_phrase": "restore", "batch_class": "urgent", "batch_number": ""}
    form |= {"batch_direction": "raise_only", "batch_reason": "", "batch_dry_run": "no"}
    done = launch(tmp_path, "raise_priority", some(emulator), "--limit", "cloud_cos", **form)
    assert (done.code, emulator.job("cos-1")["priority"]) == (0, 4000), done.output[-3000:]
    number = launch(
        tmp_path, "raise_priority", some(emulator), "--limit", "cloud_cos", **{**form, "batch_number": 5000}
    )
    assert (number.code, emulator.job("cos-1")["priority"]) == (0, 5000), number.output[-3000:]


def test_twelve_queues_in_three_slices(emulator: Emulator, tmp_path: Path) -> None:
    """Five accounts have credentials of their own, whose variables the inventory file names."""
    seed(emulator)
    accounts = twelve(emulator)
    names = sorted(inventory(tmp_path, write(tmp_path, accounts)).hosts)
    assert len(names) == 12
    reached: list[str] = []
    moves = 0
    for part in range(3):
        # AWX gives each slice every third host.
        limit = ("--limit", ":".join(names[part::3]))
        job = carry(tmp_path, "queue_policy", accounts, ENVIRONMENT, *limit, **POLICY)
        assert job.code == 0, job.output[-3000:]
        reached += job.artifacts["objectstore_batch_policy_queues"]
        moves += job.artifacts["objectstore_batch_policy_moves"]
    assert len(reached) == len(set(reached)) == 9
    assert moves == 3
    summary = carry(tmp_path, "queue_report", accounts, ENVIRONMENT)
    text = summary.artifacts["objectstore_batch_report_text"]
    assert summary.code == 0 and all(name in text for name in names)


def test_every_other_playbook(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed(emulator)
    done = {"status": "Complete", "tasks_total": 2, "tasks_done": 2}
    emulator.seed({"provider": "cos", "job_id": "over-1", "frozen": True, **done})
    row = b"films,lost,,failed,403,AccessDenied,x\r\n"
    cloud = Cloud(ACCOUNTS[0], emulator, capsys)
    Report({"failed": row}, job={"job_id": "over-2", "tasks_total": 2, "tasks_done": 1, "tasks_failed": 1}).put(cloud)
    tencent, amazon = ("--limit", "cloud_cos"), ("--limit", "cloud_aws")
    for playbook, limit, form in (
        ("confirm", tencent, {"batch_job_id": "cos-1", "batch_phrase": "", "batch_reason": "", "batch_dry_run": "no"}),
        (
            "cancel",
            tencent,
            {"batch_job_id": "", "batch_phrase": "restore", "batch_reason": "x", "batch_dry_run": "yes"},
        ),
        ("find_job", (), {"batch_job_id": "", "batch_phrase": "restore", "batch_ended": "yes"}),
        ("wait_for_jobs", tencent, {"batch_job_id": "over-1", "batch_phrase": "", "batch_timeout": "1d"}),
        ("retry_failed", amazon, {"batch_job_id": "over-2", "batch_rounds": 0, "batch_fail": "no"}),
    ):
        job = launch(tmp_path, playbook, some(emulator), *limit, **form)
        assert job.code == 0, (playbook, job.output[-3000:])
        assert any(name.startswith("objectstore_batch_") for name in job.artifacts), playbook
        if playbook == "wait_for_jobs":
            # The lines about the progress are among the events that AWX shows.
            assert any("over-1  Complete" in text for text in job.shown), job.output[-3000:]
    assert emulator.job("cos-1")["status"] == "Ready"


def test_no_secret_anywhere(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    emulator.fault("denied", operation="ListJobs", provider="cos", skip=1)
    done = launch(tmp_path, "queue_plan", some(emulator), "-vvvv", "--check", "--diff", **POLICY)
    assert "queue_plan" in done.output
    for secret in SECRETS:
        assert secret not in done.output
