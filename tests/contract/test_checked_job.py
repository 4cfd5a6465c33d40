# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role checked_job: the check, the rehearsal, the approval with the figures, the job, and its report."""

from __future__ import annotations

import json
import os
import typing as t

import pytest
from batch_emulator.accounts import OSS_UID

from .clouds import ACCOUNTS, Account
from .moments import at_each
from .playbooks import FQCN, Run, play
from .test_playbooks import CLOUDS, connection
from .test_story import OPERATIONS, ROLES

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

BUCKET = "archive-1250000000"
SAMPLE = 10
OBJECTS = int(os.environ.get("CHECKED_JOB_OBJECTS", "60"))
"""The objects of the story; 20,000 for the figures of a release."""
PRICES = {"currency": "USD", "per_job": "0.25", "per_thousand_requests": "0.05"}
GLACIER = {"aws": "GLACIER", "cos": "ARCHIVE", "oss": "Archive"}


def keys(count: int = OBJECTS) -> list[str]:
    return [f"films/a b {number:05}.mov" for number in range(count)]


def resource(account: Account, key: str = "") -> str:
    name = f"{BUCKET}/{key}" if key else BUCKET
    return {
        "aws": f"arn:aws:s3:::{name}",
        "cos": f"qcs::cos:ap-guangzhou:uid/1250000000:{name}",
        "oss": f"oss://{name}" if key else BUCKET,
    }[account.provider]


def lay_out(emulator: Emulator, account: Account, names: list[str]) -> None:
    place = account.connection
    emulator.make_bucket(account.provider, BUCKET, place.get("account_id", OSS_UID), place["region"])
    for name in names:
        emulator.put_object(account.provider, BUCKET, name, b"x", storage_class=GLACIER[account.provider])


def hosts_of(
    emulator: Emulator, names: list[str] | None = None, clouds: t.Sequence[str] = CLOUDS
) -> dict[str, dict[str, t.Any]]:
    """A host for each of the clouds, with the variables of the role."""
    hosts = {}
    for account in ACCOUNTS:
        if account.provider not in clouds:
            continue
        lay_out(emulator, account, keys() if names is None else names)
        given = {
            "keys": keys() if names is None else names,
            "source_bucket": BUCKET,
            "manifest_bucket": BUCKET,
            "operation": OPERATIONS[account.provider],
            "report": {"bucket": resource(account), "prefix": "reports", "scope": "FailedTasksOnly"},
            "role_arn": ROLES[account.provider],
            "priority": 100,
            "description": "restore of films",
            "sample": SAMPLE,
            "interval": 0.3,
            "wait_for_report": 3600,
            "progress": False,
        }
        own = {f"checked_job_{name}": value for name, value in given.items()}
        hosts[account.provider] = {"connection": connection(account, emulator), **own}
    return hosts


def role(**variables: t.Any) -> list[dict[str, t.Any]]:
    """Run the role, and show its result, whether it fails or not."""
    own = {f"checked_job_{name}": value for name, value in variables.items()}
    task = {"ansible.builtin.include_role": {"name": f"{FQCN}checked_job"}, "vars": own}
    show = {"ansible.builtin.debug": {"msg": "RESULT {{ checked_job_result | default({}) | to_json }}"}}
    return [{"block": [task], "always": [show]}]


def results(run: Run) -> dict[str, dict[str, t.Any]]:
    """What the role left, by host."""
    found, host = {}, ""
    for line in run.output.splitlines():
        if line.startswith("ok: ["):
            host = line.partition("[")[2].partition("]")[0]
        if '"msg": "RESULT ' in line:
            found[host] = json.loads(json.loads("{" + line.strip().rstrip(",") + "}")["msg"].partition(" ")[2])
    return found


def running(emulator: Emulator, folder: Path, *arguments: t.Any) -> Run:
    """Play while the jobs run, in the emulator's own time."""
    with at_each(emulator, ["ListJobs", "GetObject"], lambda turn: emulator.advance(60)):
        return play(folder, *arguments)


def writes(emulator: Emulator, cloud: str) -> list[str]:
    return [entry["operation"] for entry in emulator.log() if entry["write"] and entry["provider"] == cloud]


PLANNED = ["PutObject", "PutObject", "CreateJob"]
RUN = ["CreateJob", "UpdateJobStatus"]


def test_from_keys_to_an_approved_job(emulator: Emulator, tmp_path: Path) -> None:
    """Rehearsed, stopped, approved, run, and run again without a change."""
    hosts = hosts_of(emulator)
    emulator.settings(capacity=8)
    emulator.clear_log()
    first = running(emulator, tmp_path, role(prices=PRICES), hosts)
    assert first.code == 0, first.output
    planned = results(first)
    assert set(planned) == set(CLOUDS)
    for cloud, result in planned.items():
        assert (result["state"], result["job_id"]) == ("awaiting_approval", ""), first.output
        assert (result["count"], result["rehearsal"]["tasks"]) == (OBJECTS, SAMPLE)
        text = "\n".join(result["text"])
        assert f"Objects: {OBJECTS}, with a version: 0" in text and f"Bucket: {BUCKET} ({OBJECTS})" in text
        assert f"Rehearsal: {SAMPLE} objects, " in text and f"Digest: {result['digest']}" in text
        assert f"Fee: {result['estimate']['fee']} USD" in text and result["estimate"]["fee"] > 0
        assert writes(emulator, cloud) == PLANNED
        [job] = emulator.jobs(provider=cloud)
        assert job["description"].startswith("rehearsal of restore of films")
        hosts[cloud]["checked_job_approved"] = result["digest"]

    emulator.clear_log()
    second = running(emulator, tmp_path, role(prices=PRICES), hosts)
    assert second.code == 0, second.output
    for cloud, result in results(second).items():
        assert (result["state"], result["failed_for_good_count"]) == ("complete", 0), second.output
        assert result["digest"] == planned[cloud]["digest"]
        # The provider has counted the objects before the role confirmed the job.
        assert writes(emulator, cloud) == RUN
        job = emulator.job(result["job_id"])
        assert (job["status"], job["tasks_done"]) == ("Complete", OBJECTS)

    emulator.clear_log()
    third = running(emulator, tmp_path, role(), hosts)
    assert third.code == 0, third.output
    assert {cloud: result["state"] for cloud, result in results(third).items()} == dict.fromkeys(CLOUDS, "complete")
    assert [entry for entry in emulator.log() if entry["write"]] == []
    assert [counts["changed"] for counts in third.recap.values()] == [0] * len(CLOUDS)


def test_check_mode_sends_no_update(emulator: Emulator, tmp_path: Path) -> None:
    """The manifest, the sample, and the jobs do not exist yet; without a manifest, there is nothing to read."""
    hosts = hosts_of(emulator, clouds=["cos"])
    manifest = f"{BUCKET},films/a.mov\n{BUCKET},films/b.mov\n".encode()
    [account] = [account for account in ACCOUNTS if account.provider == "oss"]
    other = hosts_of(emulator, ["films/a.mov", "films/b.mov"], clouds=["oss"])["oss"]
    emulator.put_object("oss", BUCKET, "lists/all.csv", manifest)
    etag = emulator.objects("oss", BUCKET)["lists/all.csv"]
    other |= {"checked_job_keys": "", "checked_job_sample": 1}
    other["checked_job_manifest"] = {"object_arn": resource(account, "lists/all.csv"), "etag": etag}
    done = play(tmp_path, role(), {**hosts, "oss": other}, "--check", "--diff")
    assert done.code == 0, done.output
    assert [entry for entry in emulator.log() if entry["write"]] == [] == emulator.jobs()
    assert {result["state"] for result in results(done).values()} == {"planned"}
    assert f"+{BUCKET},films/a" in done.output
    assert "Rehearsal: would run with 1 objects" in results(done)["oss"]["text"]


def test_what_stops_the_job(emulator: Emulator, tmp_path: Path) -> None:
    """Each host has another reason; no host gets the job, and each message states its reason."""
    few = keys(20)
    every = hosts_of(emulator, few)
    header = f"bucket,key\n{BUCKET},films/a.mov\n{BUCKET},films/a.mov\n".encode()
    emulator.put_object("oss", BUCKET, "lists/athena.csv", header)
    etag = emulator.objects("oss", BUCKET)["lists/athena.csv"]
    emulator.settings(capacity=8, task_rules=[{"key": "^films/", "code": "AccessDenied", "http_status": 403}])
    cases: dict[str, tuple[str, dict[str, t.Any], str]] = {
        "two": ("aws", {"listing": {"bucket": BUCKET}}, "got: checked_job_keys, checked_job_listing. No changes"),
        "none": ("cos", {"keys": None}, "got: none of them. No changes were made."),
        "many": ("cos", {"max_objects": 19}, "The manifest has 20 objects, and checked_job_max_objects is 19."),
        "fee": (
            "oss",
            {"max_fee": 5},
            "The estimated fee is unknown, because no price is set",
        ),
        "rehearsal": ("aws", {}, f"{SAMPLE} of {SAMPLE} objects of the rehearsal"),
        "digest": (
            "cos",
            {"sample": 0, "approved": "plan-00"},
            "The approved plan plan-00 is not the current plan",
        ),
        "faults": (
            "oss",
            {"keys": None, "manifest": {"object_arn": f"oss://{BUCKET}/lists/athena.csv", "etag": etag}},
            "header_row",
        ),
    }
    hosts = {}
    for name, (cloud, given, _reason) in cases.items():
        hosts[name] = {**every[cloud], **{f"checked_job_{option}": value for option, value in given.items()}}
    emulator.clear_log()
    done = running(emulator, tmp_path, role(), hosts)
    assert done.code == 2, done.output
    assert {host: counts["failed"] for host, counts in done.recap.items()} == dict.fromkeys(cases, 1)
    for name, (_cloud, _given, reason) in cases.items():
        fatal = [line for line in done.output.splitlines() if line.startswith(f"fatal: [{name}]")]
        assert any(reason in line for line in fatal), (name, fatal)
    assert "duplicate" in done.output
    assert {name: result.get("state") for name, result in results(done).items() if result} == dict.fromkeys(
        set(cases) - {"two", "none"}, "failed"
    )
    # Only the rehearsal ran.
    assert [job["description"].partition(" [")[0] for job in emulator.jobs()] == ["rehearsal of restore of films"]
